"""What structures lend each other, and which skills nobody has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from diapason.desk.contracts import LoanState, Need, ReferralState, Stage
from diapason.desk.models import Case, HoursUsed, Loan, Referral
from diapason.desk.queries.cases import own_organisations
from diapason.desk.queries.support import running
from diapason.kernel.permissions import allowed

_HOURS = DecimalField(max_digits=8, decimal_places=2)
NOTHING = Decimal(0)


def with_used(rows: QuerySet[Loan]) -> QuerySet[Loan]:
    """The loans, with the hours `used` of each."""
    used = (
        HoursUsed.objects.filter(loan=OuterRef("pk"))
        .order_by()
        .values("loan")
        .annotate(all=Sum("hours"))
        .values("all")
    )
    total = Coalesce(Subquery(used), Value(NOTHING), output_field=_HOURS)
    return rows.select_related("lender", "borrower", "offer", "case").annotate(used=total)


def loans_of(case: Case) -> list[Loan]:
    return list(with_used(Loan.objects.filter(case=case)).order_by("-asked_on", "-pk"))


def hours_of(case: Case) -> dict[int, list[HoursUsed]]:
    """The hours used on a case, by loan."""
    found: dict[int, list[HoursUsed]] = defaultdict(list)
    rows = HoursUsed.objects.filter(loan__case=case).select_related("recorded_by")
    for one in rows.order_by("on", "pk"):
        found[one.loan_id].append(one)
    return found


def visible_loans(user: Any) -> QuerySet[Loan]:
    """Managers see every loan; a structure those that it gives or takes."""
    rows = with_used(Loan.objects.all())
    if not allowed(user, "desk.follow_cases"):
        return rows.none()
    if allowed(user, "desk.see_every_case"):
        return rows
    mine = own_organisations(user)
    return rows.filter(Q(lender__in=mine) | Q(borrower__in=mine))


def to_answer(user: Any, limit: int = 8) -> list[Loan]:
    """The loans that the person's structure was asked for and has not answered."""
    mine = own_organisations(user)
    if not mine or not allowed(user, "desk.follow_cases"):
        return []
    rows = Loan.objects.filter(lender__in=mine, state=LoanState.ASKED)
    return list(rows.select_related("case", "borrower").order_by("asked_on", "pk")[:limit])


@dataclass(frozen=True)
class Balance:
    """Two partners, the one that gave more first."""

    giver: str
    taker: str
    given: Decimal
    returned: Decimal
    promised: Decimal

    @property
    def difference(self) -> Decimal:
        return self.given - self.returned


def balances() -> list[Balance]:
    """Hours used between each two partners, the largest difference first. `promised`: hours lent
    and not used yet, both ways. One query."""
    rows = with_used(Loan.objects.filter(state__in=[LoanState.AGREED, LoanState.ENDED]))
    used: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    promised: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    names: dict[int, str] = {}
    for loan in rows.order_by("pk"):
        pair = loan.lender_id, loan.borrower_id
        names |= {loan.lender_id: str(loan.lender), loan.borrower_id: str(loan.borrower)}
        used[pair] += loan.used  # type: ignore[attr-defined]
        if loan.state == LoanState.AGREED:
            promised[pair] += loan.hours - loan.used  # type: ignore[attr-defined]
    found = []
    for first, second in {(min(pair), max(pair)) for pair in used}:
        given, returned = used[first, second], used[second, first]
        # Of two who gave as much, who still promises more stands first.
        forth = (given, promised[first, second]) >= (returned, promised[second, first])
        giver, taker = (first, second) if forth else (second, first)
        found.append(
            Balance(
                giver=names[giver],
                taker=names[taker],
                given=max(given, returned),
                returned=min(given, returned),
                promised=promised[first, second] + promised[second, first],
            )
        )
    return sorted(found, key=lambda one: (-one.difference, one.giver, one.taker))


@dataclass(frozen=True)
class Skill:
    """A need at stages where nobody offers it: projects that ask for it, and since when."""

    need: Need
    stages: Sequence[Any]
    projects: int
    since: date
    nowhere: bool
    lent: bool


def skills_to_hire(at: date) -> list[Skill]:
    """The needs of unsupported projects that no structure covers at their stage, the most asked
    first. `nowhere`: at no stage at all; `lent`: a partner lends hours for it somewhere."""
    helped = Referral.objects.filter(case=OuterRef("pk"), state=ReferralState.ACCEPTED)
    asking = Case.objects.filter(~Exists(helped), closed_on__isnull=True).values_list(
        "stage", "needs", "opened_on"
    )
    offers = list(running(at))
    covered = {(stage, need) for one in offers for stage in one.stages for need in one.needs}
    somewhere = {need for _stage, need in covered}
    lent = set(Loan.objects.filter(state=LoanState.AGREED).values_list("need", flat=True))
    found: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for stage, needs, opened in asking:
        for need in needs:
            if (stage, need) not in covered:
                found[need].append((stage, opened))
    skills = [
        Skill(
            need=Need(need),
            stages=[one.label for one in Stage if any(stage == one for stage, _on in asked)],
            projects=len(asked),
            since=min(opened for _stage, opened in asked),
            nowhere=need not in somewhere,
            lent=need in lent,
        )
        for need, asked in found.items()
    ]
    return sorted(skills, key=lambda one: (-one.projects, one.need))

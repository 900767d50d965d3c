"""Cases as each person may see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from diapason.desk.contracts import LoanState, ReferralState
from diapason.desk.models import Case, CaseNote, CaseStage, FrontDoor, Loan, Outcome, Referral
from diapason.desk.models.cases import OPEN_REFERRALS
from diapason.directory.api import STAFF, cards, same_organisations, survivors
from diapason.kernel.links import digest
from diapason.kernel.permissions import allowed
from diapason.kernel.tables import folded
from diapason.kernel.texts import bare

SOON = timedelta(days=3)


def own_organisations(user: Any) -> set[int]:
    """The organisations for which a person works here today, under every name that they had
    before they were merged."""
    if not getattr(user, "is_authenticated", False):
        return set()
    return {where for role, where in user.roles() if role in STAFF}


def answers_for(user: Any, structure: int) -> bool:
    """Whether the person may answer in the name of a structure: its own people, and managers."""
    return structure in own_organisations(user) or allowed(user, "desk.see_every_case")


def own_name(user: Any) -> int | None:
    """The organisation in whose name a person acts who has said no other; of a merged one, the one
    that took its place."""
    return min(set(survivors(own_organisations(user)).values()), default=None)


def front_door() -> FrontDoor | None:
    """Who receives every request; of an organisation that was merged, the one in its place."""
    door = FrontDoor.objects.select_related("organisation").first()
    if door is not None and door.organisation.merged_into_id is not None:
        door.organisation_id = survivors([door.organisation_id])[door.organisation_id]
    return door


def keeps_front_door(user: Any) -> bool:
    """Whether the person may triage every request: the front door's staff, and managers."""
    if not allowed(user, "desk.follow_cases"):
        return False
    if allowed(user, "desk.see_every_case"):
        return True
    return FrontDoor.objects.filter(organisation__in=own_organisations(user)).exists()


def visible_to(user: Any) -> QuerySet[Case]:
    """Managers and the front door see every case; a structure those that it is in charge of, that
    were proposed to it and not declined, or that it lends hours to; nobody else any."""
    if not allowed(user, "desk.follow_cases"):
        return Case.objects.none()
    if allowed(user, "desk.see_every_case"):
        return Case.objects.all()
    mine = own_organisations(user)
    proposed = Referral.objects.filter(case=OuterRef("pk"), structure__in=mine).exclude(
        state=ReferralState.DECLINED
    )
    lent = Loan.objects.filter(case=OuterRef("pk"), lender__in=mine).exclude(
        state=LoanState.REFUSED
    )
    return Case.objects.filter(
        Q(owner__in=mine)
        | Q(responsible=user.pk)
        | Exists(proposed)
        | Exists(lent)
        | Exists(FrontDoor.objects.filter(organisation__in=mine))
    )


def leads(user: Any, case: Case) -> bool:
    """Whether the person decides on the case: proposes it, corrects it, closes it."""
    return (
        allowed(user, "desk.see_every_case")
        or case.owner_id in own_organisations(user)
        or case.responsible_id == user.pk
        or keeps_front_door(user)
    )


def may_withdraw(user: Any, outcome: Outcome, *, leads: bool) -> bool:
    """Whether a person may withdraw an outcome: whoever recorded it, and those in charge of its
    case (`leads`)."""
    return leads or outcome.recorded_by_id == user.pk


def led_by(user: Any) -> QuerySet[Case]:
    """The cases on which the person decides."""
    if keeps_front_door(user):
        return Case.objects.all()
    if not allowed(user, "desk.follow_cases"):
        return Case.objects.none()
    return Case.objects.filter(Q(owner__in=own_organisations(user)) | Q(responsible=user.pk))


def listed(user: Any, at: date) -> QuerySet[Case]:
    """The person's cases: whether each is `late`, a structure has `helped`, or one `waits` to
    answer."""
    proposals = Referral.objects.filter(case=OuterRef("pk"))
    return (
        visible_to(user)
        .select_related("owner", "responsible", "commune", "organisation")
        .annotate(
            late=ExpressionWrapper(
                Q(closed_on__isnull=True, next_on__lt=at), output_field=BooleanField()
            ),
            helped=Exists(proposals.filter(state=ReferralState.ACCEPTED)),
            waits=Exists(proposals.filter(state=ReferralState.PROPOSED)),
        )
    )


def unplaced() -> Q:
    """Of cases, the open ones that no structure has, or was asked to take."""
    held = Referral.objects.filter(case=OuterRef("pk"), state__in=OPEN_REFERRALS)
    return Q(~Exists(held), closed_on__isnull=True)


def with_title(rows: QuerySet[Case], words: str) -> QuerySet[Case]:
    """Those whose title holds these words, whatever their case and accents."""
    plain = rows.alias(folded_title=folded("title"))
    return plain.filter(folded_title__contains=folded(Value(words)))


def titled(user: Any, words: str) -> QuerySet[Case]:
    """The cases that a person may see whose title holds these words, the open ones first."""
    return (
        with_title(visible_to(user), words)
        .select_related("owner")
        .order_by(F("closed_on").desc(nulls_first=True), "title", "pk")
    )


def case_of(user: Any, pk: int) -> Case | None:
    return (
        visible_to(user)
        .select_related("owner", "responsible", "commune", "organisation")
        .filter(pk=pk)
        .first()
    )


def of_organisation(user: Any, organisation: int) -> list[Case]:
    """The cases of an enterprise, under any of its names, that the person may see; the open ones
    first, a few at most."""
    rows = visible_to(user).filter(organisation__in=same_organisations([organisation]))
    return list(
        rows.select_related("owner").order_by(F("closed_on").desc(nulls_first=True), "pk")[:20]
    )


def case_behind(secret: str) -> Case | None:
    """The case that a personal link leads to."""
    return Case.objects.select_related("owner").filter(token_hash=digest(secret)).first()


def stages_of(case: Case) -> list[CaseStage]:
    return list(CaseStage.objects.filter(case=case).order_by("began_on", "pk"))


def referrals_of(case: Case) -> list[Referral]:
    return list(
        Referral.objects.filter(case=case)
        .select_related("structure", "offer", "answered_by")
        .order_by("-proposed_on", "-pk")
    )


def outcomes_of(case: Case) -> list[Outcome]:
    return list(Outcome.objects.filter(case=case).order_by("on", "pk"))


def notes_of(case: Case) -> list[CaseNote]:
    return list(CaseNote.objects.filter(case=case).select_related("author"))


def resembling(case: Case) -> list[Case]:
    """Open cases that the same person may have sent before."""
    if not case.contact_email:
        return []
    same = Case.objects.filter(contact_email__iexact=case.contact_email, closed_on__isnull=True)
    return list(same.exclude(pk=case.pk).order_by("pk")[:5])


def is_unreachable(case: Case) -> bool:
    """Whether the person had their data erased, and no enterprise stands behind the project."""
    return not case.contact_email and case.organisation_id is None


def structures_helping() -> list[tuple[str, str]]:
    """The structures that have a project, or have one to answer, as choices of a filter."""
    found = Referral.objects.filter(state__in=OPEN_REFERRALS).select_related("structure")
    each = list(found.order_by("structure_id").distinct("structure_id"))
    merged = [one.structure_id for one in each if one.structure.merged_into_id is not None]
    stand = cards(merged) if merged else {}
    names = {
        str(stand[one.structure_id].pk if one.structure_id in stand else one.structure_id): (
            stand[one.structure_id].name if one.structure_id in stand else str(one.structure)
        )
        for one in each
    }
    return sorted(names.items(), key=lambda choice: bare(choice[1]))


def at_the_door(organisations: set[int]) -> QuerySet[Case]:
    """What these organisations, where they keep the front door, have yet to orient: no structure
    has it or was asked, nobody in person is in charge, and no other step was written down."""
    door = FrontDoor.objects.filter(organisation__in=organisations)
    return Case.objects.filter(
        unplaced(),
        Exists(door),
        owner__in=organisations,
        responsible__isnull=True,
        next_step="",
    )


@dataclass(frozen=True)
class ToOrient:
    """How many projects a front door has yet to orient, since when, and by when."""

    count: int
    since: date
    due: date


def to_orient(user: Any) -> ToOrient | None:
    """What lies at the person's front door, in one query; None where nothing does."""
    mine = own_organisations(user)
    if not mine or not allowed(user, "desk.follow_cases"):
        return None
    found = at_the_door(mine).aggregate(
        count=Count("pk"), since=Min("opened_on"), due=Min("next_on")
    )
    return ToOrient(**found) if found["count"] else None


@dataclass(frozen=True)
class Waiting:
    """What waits for a person: the cases whose next step is near or over, but those to orient, and
    the proposals to answer."""

    due: list[Case]
    to_answer: list[Referral]


def waiting(user: Any, at: date, limit: int = 8) -> Waiting:
    """In two queries. What is due belongs to whoever is in charge."""
    mine = own_organisations(user)
    if not mine or not allowed(user, "desk.follow_cases"):
        return Waiting([], [])
    due = (
        Case.objects.filter(_in_charge(user, mine), closed_on__isnull=True)
        .filter(next_on__lte=at + SOON)
        .exclude(pk__in=at_the_door(mine).values("pk"))
        .order_by("next_on", "pk")[:limit]
    )
    to_answer = (
        Referral.objects.filter(structure__in=mine, state=ReferralState.PROPOSED)
        .select_related("case", "structure")
        .order_by("answer_by", "pk")[:limit]
    )
    return Waiting(list(due), list(to_answer))


def _in_charge(user: Any, mine: set[int]) -> Q:
    return Q(responsible=user.pk) | Q(owner__in=mine, responsible__isnull=True)


def in_charge_of(
    user: Any, narrowed: Callable[[QuerySet[Case]], QuerySet[Case]] = lambda rows: rows
) -> QuerySet[Case]:
    """The cases that a person is in charge of, or their organisation where nobody is."""
    mine = own_organisations(user)
    if not mine or not allowed(user, "desk.follow_cases"):
        return Case.objects.none()
    return narrowed(Case.objects.filter(_in_charge(user, mine)).order_by("next_on", "pk"))


def held_by(structure: int) -> QuerySet[Referral, int]:
    """The keys of the cases that a structure has or has to answer, under any of its names."""
    return Referral.objects.filter(
        structure__in=same_organisations([structure]), state__in=OPEN_REFERRALS
    ).values("case")

"""Invented projects that wait, an assignment of some, and hours that partners lend each other."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from diapason.desk import actions
from diapason.desk.contracts import Need, ReferralState, Sector, Stage
from diapason.desk.demonstration.cases import TITLES, _Cast, _cast, _chance, _key
from diapason.desk.models import Assignment, Case, Loan, Referral
from diapason.desk.queries import backlog

# Days ago, stage and needs of projects that asked of late; some ask for what nobody offers.
WAITING: tuple[tuple[int, Stage, tuple[Need, ...]], ...] = (
    (26, Stage.IDEA, (Need.ADVICE,)),
    (24, Stage.DEFINITION, (Need.LEGAL, Need.NETWORK)),
    (23, Stage.PROTOTYPING, (Need.TECHNOLOGY,)),
    (21, Stage.IDEA, (Need.SKILLS,)),
    (19, Stage.STRUCTURING, (Need.FUNDING, Need.ADVICE)),
    (16, Stage.PROTOTYPING, (Need.MARKET,)),
    (13, Stage.INCUBATION, (Need.SETTLING,)),
    (11, Stage.IDEA, (Need.ADVICE, Need.NETWORK)),
    (8, Stage.PROTOTYPING, (Need.PLACE,)),
    (7, Stage.ACCELERATION, (Need.RECRUITING,)),
    (5, Stage.INCUBATION, (Need.LEGAL, Need.SETTLING)),
    (3, Stage.DEFINITION, (Need.TECHNOLOGY, Need.SKILLS)),
    (2, Stage.IDEA, (Need.SKILLS, Need.ADVICE)),
)
# How many of the first were assigned some days ago, in one go.
ASSIGNED, ASSIGNED_AGO = 5, timedelta(days=4)
HELP = (
    (Need.LEGAL, 12, _lazy("Read the lease and the articles")),
    (Need.TECHNOLOGY, 20, _lazy("Look at the prototype together")),
    (Need.MARKET, 8, _lazy("Prepare a meeting with a distributor")),
    (Need.RECRUITING, 6, _lazy("Write a first job offer")),
    (Need.FUNDING, 10, _lazy("Go through the funding plan")),
)


@transaction.atomic
def make_backlog(day: date) -> None:
    """Open invented projects that wait, and assign the first of them in one go.

    Side effects: those of the actions; made once.
    """
    who = _cast()
    if who is None or Assignment.objects.filter(request_key=_key("assignment")).exists():
        return
    with override(settings.LANGUAGE_CODE):
        made = [_waiting(number, day) for number in range(len(WAITING))]
        first = {one.pk for one in made[:ASSIGNED]}
        at = day - ASSIGNED_AGO
        lines = [one for one in backlog.plan(who.manager, at).lines if one.case.pk in first]
        if lines:
            actions.assign(
                by=who.manager,
                pairs=[(one.case.pk, one.offer.pk) for one in lines],
                request_key=_key("assignment"),
                on=at,
            )


def _waiting(number: int, day: date) -> Case:
    ago, stage, needs = WAITING[number]
    return actions.ask(
        request_key=_key("waiting", number),
        title=_("%(title)s (invented, no. %(number)s)")
        % {"title": TITLES[(number + 5) % len(TITLES)], "number": 101 + number},
        summary=_("This project is invented for the demonstration."),
        stage=stage,
        needs=needs,
        sector=_chance("waiting", number).choice(list(Sector)),
        contact_name=_("Invented person %(number)s") % {"number": 101 + number},
        contact_email=f"project{101 + number}@demo.invalid",
        on=day - timedelta(days=ago),
        invented=True,
    )


@transaction.atomic
def make_loans(day: date) -> None:
    """Have partners lend hours to invented projects that others lead. Side effects: those of the
    actions; made once."""
    who = _cast()
    if who is None or Loan.objects.exists():
        return
    with override(settings.LANGUAGE_CODE):
        helped = Referral.objects.filter(
            state=ReferralState.ACCEPTED, case__closed_on__isnull=True, case__invented=True
        )
        for number, referral in enumerate(helped.select_related("case").order_by("pk")[:9]):
            _lend(who, number, referral.case, day)


def _lend(who: _Cast, number: int, case: Case, day: date) -> None:
    dice = _chance("loan", number)
    need, hours, what = HELP[number % len(HELP)]
    others = [one for one in who.structures if one != case.owner_id]
    if not others:
        return  # a territory of one structure lends nothing
    lender = dice.choice(others)
    since = max(case.opened_on, day - timedelta(days=dice.randint(20, 160)))
    loan = actions.ask_loan(
        by=who.manager,
        case=case,
        lender_id=lender,
        need=need,
        hours=Decimal(hours),
        request_key=_key("loan", number),
        on=since,
    )
    if number % 4 == 3:
        return  # it awaits its answer
    actions.agree_loan(by=who.manager, loan=loan, on=since)
    left, at, turn = hours, since, 0
    while (at := at + timedelta(days=dice.randint(3, 25))) < day and turn < 5 and left > 0:
        used = min(left, dice.randint(1, 4))
        actions.record_hours(
            by=who.manager,
            loan=loan,
            hours=Decimal(used),
            what=str(what),
            on=at,
            request_key=_key("hours", number, turn),
        )
        left, turn = left - used, turn + 1

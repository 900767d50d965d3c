"""What invented projects and those who help them write to each other, and what they say at the
end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from diapason.desk import actions
from diapason.desk.contracts import Satisfied
from diapason.desk.demonstration.cases import _cast, _chance, _key
from diapason.desk.models import Case, CaseMessage
from diapason.kernel.files import Checked, FileKind

ASKED = (
    _lazy("Hello, here is my budget for the first year. Is it clear enough to show to a bank?"),
    _lazy("Thank you for the meeting. Could you tell me whom to ask about rehearsal space?"),
    _lazy("My first customers have signed. What should I register before I start?"),
)
SAID = (
    _lazy("It is clear. Add what you pay yourself, and we go through it on Tuesday."),
    _lazy("The shared studio has a free room in the evening: I have written to them for you."),
    _lazy("Well done! Let us look at the status together before you sign anything else."),
)
WORDS = (
    _lazy("I was answered quickly and sent to the right person at once."),
    _lazy("Good advice; finding a place to work took long."),
    "",
)
ANSWERS = (Satisfied.VERY, Satisfied.VERY, Satisfied.RATHER, Satisfied.LITTLE)


@transaction.atomic
def make_messages(day: date) -> None:
    """Have one invented project in two write, mostly answered; let those that ended say what they
    think.

    Side effects: those of the actions; where anything was written already, nothing more is.
    """
    cast = _cast()
    if cast is None or CaseMessage.objects.filter(invented=True).exists():
        return
    with override(settings.LANGUAGE_CODE):
        for number, case in enumerate(Case.objects.filter(invented=True).order_by("pk")):
            _talk(cast, case, number, day)
            _end(case, number, day)


def _talk(cast: Any, case: Case, number: int, day: date) -> None:
    if case.closed_on is not None or number % 2:
        return
    dice = _chance("talk", number)
    about = number // 2 % len(ASKED)
    asked = max(case.opened_on, day - timedelta(days=dice.randint(2, 20)))
    noon = make_aware(datetime.combine(asked, time(10, dice.randint(0, 59))))
    actions.write_message(
        case=case,
        text=str(ASKED[about]),
        document=None if about else Checked(_("Budget (invented).csv"), FileKind.CSV, _budget()),
        request_key=_key("asked", case.request_key),
        at=noon,
        invented=True,
    )
    if number % 6:
        actions.write_message(
            case=case,
            by=cast.advisor,
            text=str(SAID[about]),
            request_key=_key("said", case.request_key),
            at=noon + timedelta(hours=5),
            invented=True,
        )


def _budget() -> bytes:
    rows = [
        (_("Item"), _("Amount")),
        (_("Rent of a studio"), "2400"),
        (_("Equipment"), "3100"),
        (_("Sales of tickets"), "-4200"),
    ]
    return "\n".join(";".join(row) for row in rows).encode()


def _end(case: Case, number: int, day: date) -> None:
    if case.closed_on is None or number % 5 == 0:
        return
    dice = _chance("answer", number)
    actions.answer_satisfaction(
        case=case,
        answer=dice.choice(ANSWERS),
        words=str(dice.choice(WORDS)),
        on=min(day, case.closed_on + timedelta(days=dice.randint(1, 20))),
        invented=True,
    )

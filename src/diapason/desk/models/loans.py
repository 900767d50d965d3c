"""Hours and seats that one structure lends to a project that another leads."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diapason.desk.contracts import LoanState, Need
from diapason.desk.models.cases import Case
from diapason.desk.models.guards import SEATS_MESSAGE
from diapason.desk.models.support import Offer
from diapason.kernel import clock
from diapason.kernel.models import Stamped

OPEN_LOANS = (LoanState.ASKED.value, LoanState.AGREED.value)
_HOURS_MESSAGE = "More hours than were lent: agree on more first."


class SeatWithin(pgtrigger.Trigger):
    """A seat that is lent is one of the offer's free seats."""

    def __init__(self) -> None:
        super().__init__(
            name="seat_within",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            condition=pgtrigger.Q(new__state="agreed", new__offer__isnull=False),
            declare=[("seats_", "integer")],
            func=f"""
                SELECT seats INTO seats_ FROM desk_offer WHERE id = NEW.offer_id FOR UPDATE;
                IF (SELECT count(*) FROM desk_referral
                    WHERE offer_id = NEW.offer_id AND state IN ('proposed', 'accepted'))
                    + (SELECT count(*) FROM desk_loan
                       WHERE offer_id = NEW.offer_id AND state = 'agreed' AND id <> NEW.id)
                    >= seats_
                THEN
                    RAISE EXCEPTION USING MESSAGE = '{SEATS_MESSAGE}', ERRCODE = 'check_violation',
                        CONSTRAINT = 'desk_loan_seat_within';
                END IF;
                RETURN NEW;
            """,  # noqa: S608 - only constants
        )


class WithinHours(pgtrigger.Trigger):
    """No more hours are used than are lent, and only of a loan that was agreed and still runs."""

    def __init__(self) -> None:
        super().__init__(
            name="within_hours",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            declare=[("lent_", "numeric")],
            func=f"""
                SELECT hours INTO lent_ FROM desk_loan
                WHERE id = NEW.loan_id AND state = 'agreed' FOR UPDATE;
                IF lent_ IS NULL OR NEW.hours + (SELECT coalesce(sum(hours), 0) FROM desk_hoursused
                    WHERE loan_id = NEW.loan_id AND id <> NEW.id) > lent_
                THEN
                    RAISE EXCEPTION USING MESSAGE = '{_HOURS_MESSAGE}', ERRCODE = 'check_violation',
                        CONSTRAINT = 'desk_hoursused_within';
                END IF;
                RETURN NEW;
            """,  # noqa: S608 - only constants
        )


@pghistory.track()
class Loan(models.Model):
    """Hours of a structure's people for one need of a case that another structure leads, with a
    seat of one of its offers where there is one."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    lender = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lent by"),
    )
    borrower = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lent to"),
    )
    need = models.CharField(_("for which need"), max_length=12, choices=Need.choices())
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=2)
    offer = models.ForeignKey(
        Offer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seat lent with them"),
    )
    state = models.CharField(
        _("state"), max_length=8, choices=LoanState.choices(), default=LoanState.ASKED
    )
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    asked_on = models.DateField(_("asked on"), default=clock.today)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    request_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("hours lent")
        verbose_name_plural = _("hours lent")
        ordering = ["-asked_on", "-pk"]
        triggers: ClassVar = [Stamped(), SeatWithin()]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "lender", "need"],
                condition=Q(state__in=OPEN_LOANS),
                name="desk_loan_once_while_open",
                violation_error_message=_(
                    "This structure was already asked for this need: end that loan first."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(lender=F("borrower")),
                name="desk_loan_between_two",
                violation_error_message=_("A structure lends hours to another one."),
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=2000),
                name="desk_loan_hours",
                violation_error_message=_("From a quarter of an hour to 2,000 hours."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in LoanState])
                & Q(need__in=[one.value for one in Need]),
                name="desk_loan_known_words",
                violation_error_message=_("Choose a need and a state of the lists."),
            ),
            models.CheckConstraint(
                condition=Q(state=LoanState.ASKED, answered_on__isnull=True)
                | (~Q(state=LoanState.ASKED) & Q(answered_on__isnull=False)),
                name="desk_loan_answer_is_dated",
                violation_error_message=_("An answer has its day."),
            ),
            models.CheckConstraint(
                condition=Q(state=LoanState.ENDED, ended_on__isnull=False)
                | (~Q(state=LoanState.ENDED) & Q(ended_on__isnull=True)),
                name="desk_loan_end_is_dated",
                violation_error_message=_("A loan that ended has its last day."),
            ),
            models.CheckConstraint(
                condition=~Q(state=LoanState.REFUSED) | ~Q(reason=""),
                name="desk_loan_says_why",
                violation_error_message=_("Say why, so that another structure can be asked."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.lender_id} {self.need}"


@pghistory.track()
class HoursUsed(models.Model):
    """Hours of a loan that were given to the project, on one day."""

    loan = models.ForeignKey(Loan, on_delete=models.CASCADE, related_name="+")
    on = models.DateField(_("day"), default=clock.today)
    hours = models.DecimalField(_("hours"), max_digits=4, decimal_places=2)
    what = models.CharField(_("what for"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    request_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("hours used")
        verbose_name_plural = _("hours used")
        ordering = ["on", "pk"]
        triggers: ClassVar = [Stamped(), WithinHours()]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=24),
                name="desk_hoursused_hours",
                violation_error_message=_("More than zero, and at most 24 hours a day."),
            ),
            models.CheckConstraint(
                condition=~Q(what=""),
                name="desk_hoursused_says_what",
                violation_error_message=_("Say in a few words what the hours were for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.on} {self.hours}"

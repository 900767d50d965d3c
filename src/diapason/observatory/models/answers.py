"""What an enterprise's year was."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diapason.kernel import clock
from diapason.kernel.models import Stamped
from diapason.observatory.contracts import Facts, Origin, Status
from diapason.observatory.models.campaigns import Campaign

# Above what any enterprise of a territory turns over: a slip of zeros, not a figure.
MOST_CENTS = 10**14
_CLOSED = "This survey is closed: write to whoever sent it to you."
_VERIFIED = "These figures were verified: write to whoever sent you the survey to change them."


def _figures(row: str) -> str:
    return ", ".join(f"{row}.{name}" for name in Facts.__dataclass_fields__)


class OpenToEnterprises(pgtrigger.Trigger):
    """Nobody answers a survey that is closed: its published totals would grow by one enterprise,
    and tell it. What was answered in time, staff may still correct; an enterprise, by its link,
    only while the survey is open and nothing was verified. The survey's row is locked: of an answer
    and a closing at once, one sees the other."""

    def __init__(self) -> None:
        super().__init__(
            name="open_to_enterprises",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            declare=[("closed_", "date")],
            func=f"""
                SELECT closed_on INTO closed_ FROM observatory_campaign
                WHERE id = NEW.campaign_id FOR SHARE;
                IF TG_OP = 'UPDATE' THEN
                    IF NEW.origin <> 'link' THEN
                        RETURN NEW;
                    END IF;
                    IF NEW.status <> 'declared' OR (OLD.status = 'declared' AND
                        ROW({_figures("NEW")}) IS NOT DISTINCT FROM ROW({_figures("OLD")}))
                    THEN
                        RETURN NEW;
                    END IF;
                    IF OLD.status = 'verified' THEN
                        RAISE EXCEPTION USING MESSAGE = '{_VERIFIED}', ERRCODE = 'check_violation',
                            CONSTRAINT = 'observatory_answer_verified_stays';
                    END IF;
                END IF;
                IF closed_ IS NOT NULL THEN
                    RAISE EXCEPTION USING MESSAGE = '{_CLOSED}', ERRCODE = 'check_violation',
                        CONSTRAINT = 'observatory_answer_while_open';
                END IF;
                RETURN NEW;
            """,  # noqa: S608 - every word of it is ours
        )


@pghistory.track()
class Answer(models.Model):
    """One enterprise's year; amounts in cents, empty where nobody said.

    `origin` is how the figures came in, `status` how sure they are; `version` is what an edit was
    based on.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="+", verbose_name=_("survey")
    )
    organisation = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("enterprise"),
    )
    active = models.BooleanField(_("still active"), default=True)
    ceased_on = models.DateField(_("stopped on"), null=True, blank=True)
    turnover = models.BigIntegerField(_("turnover"), null=True, blank=True)
    abroad = models.BigIntegerField(_("turnover made abroad"), null=True, blank=True)
    headcount = models.PositiveIntegerField(_("jobs at the end of the year"), null=True, blank=True)
    fte = models.DecimalField(
        _("full-time equivalents"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    training = models.BigIntegerField(_("spending on digital training"), null=True, blank=True)
    clients = models.PositiveIntegerField(_("new clients"), null=True, blank=True)
    markets = models.PositiveIntegerField(_("new markets"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices(), default=Status.DECLARED
    )
    origin = models.CharField(
        _("came by"), max_length=6, choices=Origin.choices(), default=Origin.LINK
    )
    source = models.CharField(_("what it rests on"), max_length=300, blank=True)
    answered_on = models.DateField(_("answered on"), default=clock.today)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written down by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("verified by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    verified_with = models.CharField(_("verified with"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    request_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["campaign", "pk"]
        triggers: ClassVar = [Stamped(), OpenToEnterprises()]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organisation"],
                name="observatory_answer_once",
                violation_error_message=_("This enterprise has already answered."),
            ),
            models.CheckConstraint(
                condition=Q(active=True, ceased_on__isnull=True)
                | Q(active=False, ceased_on__isnull=False),
                name="observatory_answer_end_is_dated",
                violation_error_message=_("Say when the enterprise stopped, or that it did not."),
            ),
            models.CheckConstraint(
                condition=(Q(turnover__isnull=True) | Q(turnover__range=(0, MOST_CENTS)))
                & (Q(abroad__isnull=True) | Q(abroad__range=(0, MOST_CENTS)))
                & (Q(training__isnull=True) | Q(training__range=(0, MOST_CENTS)))
                & (Q(fte__isnull=True) | Q(fte__gte=0, fte__lt=10**6)),
                name="observatory_answer_amounts",
                violation_error_message=_("An amount is zero or more, and not beyond belief."),
            ),
            models.CheckConstraint(
                condition=Q(abroad__isnull=True)
                | Q(turnover__isnull=False, abroad__lte=F("turnover")),
                name="observatory_answer_abroad_within",
                violation_error_message=_(
                    "What was made abroad is a part of the turnover: it cannot be more."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[one.value for one in Status])
                & Q(origin__in=[one.value for one in Origin]),
                name="observatory_answer_known_words",
                violation_error_message=_("Choose one of the statuses."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.ESTIMATED) | ~Q(source=""),
                name="observatory_answer_estimate_rests_on",
                violation_error_message=_("Say what the estimate rests on."),
            ),
            models.CheckConstraint(
                condition=(Q(status=Status.VERIFIED, verified_on__isnull=False))
                & ~Q(verified_with="")
                | ~Q(status=Status.VERIFIED)
                & Q(verified_on__isnull=True, verified_by__isnull=True, verified_with=""),
                name="observatory_answer_verified_whole",
                violation_error_message=_("Verifying takes a day and what it was verified with."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.organisation_id}"

    def facts(self) -> Facts:
        """What it says."""
        return Facts(**{name: getattr(self, name) for name in Facts.__dataclass_fields__})

    @property
    def status_label(self) -> Any:
        return Status(self.status).label

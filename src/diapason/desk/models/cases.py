"""A case: one project from its first request to what comes of it."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diapason.desk.contracts import (
    Closing,
    Gender,
    Need,
    OutcomeKind,
    ReferralState,
    Sector,
    Stage,
    Verified,
)
from diapason.desk.models.assignments import Assignment
from diapason.desk.models.guards import WithinPromises, WithinSeats
from diapason.desk.models.support import Offer
from diapason.kernel import clock
from diapason.kernel.models import Stamped
from diapason.kernel.tables import folded

OPEN_REFERRALS = (ReferralState.PROPOSED.value, ReferralState.ACCEPTED.value)


@pghistory.track(exclude=["token_hash"])
class Case(models.Model):
    """A project that asked for help.

    Personal data: name, e-mail and phone of whoever asks. Purpose: answer them. Kept until two
    years after the case is closed, then emptied; the case stays, without a name. `gender` is what
    they chose to say of themselves, for figures of five at least; no page shows it of one person.
    An open case always has an owner and a day of its next step. Only the hash of the personal
    link's secret is kept. `siret` is what the person wrote: nothing is attached because of it.
    """

    title = models.CharField(_("project"), max_length=120)
    summary = models.TextField(_("in a few sentences"), blank=True, max_length=2000)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices())
    needs = ArrayField(
        models.CharField(max_length=12, choices=Need.choices()), verbose_name=_("needs")
    )
    sector = models.CharField(
        _("sector"), max_length=10, choices=Sector.choices(), default=Sector.OTHER
    )
    student = models.BooleanField(_("project of a student or student entrepreneur"), default=False)
    commune = models.ForeignKey(
        "directory.Commune",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commune"),
    )
    organisation = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("enterprise"),
    )
    siret = models.CharField(_("SIRET number, as given"), max_length=20, blank=True)
    contact_name = models.CharField(_("name"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    contact_phone = models.CharField(_("phone"), max_length=30, blank=True)
    gender = models.CharField(
        _("gender"), max_length=5, choices=Gender.choices(), blank=True, default=""
    )
    language = models.CharField(_("language"), max_length=5, default="fr")
    owner = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organisation in charge"),
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person in charge"),
    )
    next_on = models.DateField(_("next step on"), null=True, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    opened_on = models.DateField(_("asked on"), default=clock.today)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closing = models.CharField(
        _("how it ended"), max_length=10, choices=Closing.choices(), blank=True
    )
    version = models.PositiveIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    request_key = models.UUIDField(unique=True)
    invented = models.BooleanField(_("invented for a demonstration"), default=False)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["next_on", "pk"]
        indexes = [
            models.Index(fields=["closed_on", "next_on"], name="desk_case_next"),
            # The orders of its list.
            models.Index(fields=["next_on", "id"], name="desk_case_by_next_step"),
            models.Index(folded("title"), "id", name="desk_case_by_title"),
            # What its list and the search find it by.
            GinIndex(OpClass(folded("title"), name="gin_trgm_ops"), name="desk_case_title_words"),
        ]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=False) | Q(next_on__isnull=False),
                name="desk_case_never_lost",
                violation_error_message=_("An open case has a day of its next step."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closing="")
                | Q(closed_on__isnull=False, closing__in=[one.value for one in Closing]),
                name="desk_case_closing_is_said",
                violation_error_message=_("Say how the case ended."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="desk_case_dates",
                violation_error_message=_("A case cannot be closed before it was opened."),
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[one.value for one in Stage])
                & Q(sector__in=[one.value for one in Sector])
                & Q(needs__contained_by=[one.value for one in Need])
                & Q(needs__len__gt=0)
                & Q(gender__in=["", *(one.value for one in Gender)]),
                name="desk_case_known_words",
                violation_error_message=_("Choose a stage, a sector and needs of the lists."),
            ),
            models.UniqueConstraint(
                fields=["contact_email", "title", "opened_on"],
                condition=Q(closed_on__isnull=True) & ~Q(contact_email=""),
                name="desk_case_asked_once",
                violation_error_message=_(
                    "This request arrived already today: its personal link was sent to this "
                    "address. Look among the unwanted letters too."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class CaseStage(models.Model):
    """A stage that a case went through; `completed` once the next one began or support ended
    well, not where the project stopped."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices())
    began_on = models.DateField(_("began on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    completed = models.BooleanField(_("completed"), default=False)

    class Meta:
        verbose_name = _("stage of a case")
        verbose_name_plural = _("stages of cases")
        ordering = ["began_on", "pk"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(ended_on__isnull=True),
                name="desk_casestage_one_running",
                violation_error_message=_("A case is at one stage at a time."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="desk_casestage_dates",
                violation_error_message=_("A stage cannot end before it began."),
            ),
            models.CheckConstraint(
                condition=Q(completed=False) | Q(ended_on__isnull=False),
                name="desk_casestage_completed_has_ended",
                violation_error_message=_("A stage that is completed has its last day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage}"


@pghistory.track()
class Referral(models.Model):
    """A case proposed to a structure, and what the structure answered."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    structure = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("structure"),
    )
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, related_name="+", verbose_name=_("support on offer")
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ReferralState.choices(),
        default=ReferralState.PROPOSED,
    )
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    proposed_on = models.DateField(_("proposed on"), default=clock.today)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answer_by = models.DateField(_("answer expected by"))
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    ended_on = models.DateField(_("support ended on"), null=True, blank=True)
    assignment = models.ForeignKey(
        Assignment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assignment"),
    )

    class Meta:
        verbose_name = _("proposal to a structure")
        verbose_name_plural = _("proposals to structures")
        ordering = ["proposed_on", "pk"]
        triggers: ClassVar = [Stamped(), WithinSeats(), WithinPromises()]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "structure"],
                condition=Q(state__in=OPEN_REFERRALS),
                name="desk_referral_once_while_open",
                violation_error_message=_("This structure already has this project."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in ReferralState]),
                name="desk_referral_known_state",
                violation_error_message=_("Choose one of the states."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ReferralState.DECLINED) | ~Q(reason=""),
                name="desk_referral_says_why",
                violation_error_message=_("Say why: the front desk looks for another structure."),
            ),
            models.CheckConstraint(
                condition=Q(state=ReferralState.PROPOSED, answered_on__isnull=True)
                | (~Q(state=ReferralState.PROPOSED) & Q(answered_on__isnull=False)),
                name="desk_referral_answer_is_dated",
                violation_error_message=_("An answer has its day."),
            ),
            models.CheckConstraint(
                condition=Q(state=ReferralState.ENDED, ended_on__isnull=False)
                | (~Q(state=ReferralState.ENDED) & Q(ended_on__isnull=True)),
                name="desk_referral_end_is_dated",
                violation_error_message=_("Support that ended has its last day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.structure_id} {self.state}"


@pghistory.track()
class Outcome(models.Model):
    """What came of a project; on the case, so that it counts once however many structures
    helped. One that was recorded by mistake is withdrawn, with the reason, and counts no more."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("outcome"), max_length=20, choices=OutcomeKind.choices())
    on = models.DateField(_("day"))
    count = models.PositiveSmallIntegerField(_("how many"), default=1)
    fte = models.DecimalField(
        _("full-time equivalents"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    evidence = models.CharField(_("evidence"), max_length=300)
    link = models.URLField(_("link"), blank=True)
    verified = models.CharField(_("how verified"), max_length=10, choices=Verified.choices())
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    withdrawn_on = models.DateField(_("counts no more since"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)
    request_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["on", "pk"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(kind=OutcomeKind.BUSINESS_CREATED, withdrawn_on__isnull=True),
                name="desk_outcome_one_business",
                violation_error_message=_("The business that this project created counts once."),
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "on", "evidence"],
                condition=Q(withdrawn_on__isnull=True),
                name="desk_outcome_once",
                violation_error_message=_("This outcome is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(kind=OutcomeKind.BUSINESS_CREATED, count=1)
                | Q(kind=OutcomeKind.JOBS_CREATED, count__gte=1),
                name="desk_outcome_count",
                violation_error_message=_("One business at a time, or at least one job."),
            ),
            models.CheckConstraint(
                condition=Q(fte__isnull=True) | Q(fte__gt=0, fte__lte=F("count")),
                name="desk_outcome_fte",
                violation_error_message=_(
                    "Full-time equivalents are above zero, and at most the number of jobs."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(evidence="") & Q(verified__in=[one.value for one in Verified]),
                name="desk_outcome_has_evidence",
                violation_error_message=_("Say what proves it, and how it was verified."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawal_reason="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawal_reason="")),
                name="desk_outcome_withdrawn_for_a_reason",
                violation_error_message=_("Say why this outcome is withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.on}"


class CaseNote(models.Model):
    """A note of the people who follow a case; the project's owner does not read it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(_("written"), default=clock.now)
    text = models.TextField(_("note"))
    request_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("note on a case")
        verbose_name_plural = _("notes on cases")
        ordering = ["-written_at"]
        triggers: ClassVar = [Stamped()]

    def __str__(self) -> str:
        return self.text[:60]

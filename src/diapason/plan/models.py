"""The plan's tables. A plan is loaded from its file; what people add is readings, tasks' progress
and what was spent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diapason.kernel import periods
from diapason.kernel.measures import UNIT_NAMES, Unit
from diapason.kernel.models import Stamped, StoredFile
from diapason.kernel.texts import TextField
from diapason.plan.contracts import (
    Aggregation,
    Direction,
    Goal,
    IndicatorKind,
    Part,
    ReadingState,
    TaskState,
)


def _choices(kind: Any) -> list[tuple[str, Any]]:
    return [(item.value, item.label) for item in kind]


class Plan(models.Model):
    """An action plan of a territory. `ends` is the day after the last day."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    title = TextField(_("title"))
    territory = TextField(_("territory"))
    summary = TextField(_("summary"))
    languages = models.JSONField(_("languages"), default=list)
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"))
    period_kind = models.CharField(
        _("rhythm"),
        max_length=20,
        choices=[(kind.value, kind.label) for kind in periods.PeriodKind],
        default=periods.PeriodKind.CALENDAR_YEAR,
    )
    file_digest = models.CharField(max_length=64, blank=True)
    loaded_at = models.DateTimeField(_("loaded"), null=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="plan_plan_dates",
                violation_error_message=_("A plan cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def window(self) -> periods.Window:
        return periods.Window(self.starts, self.ends)

    @property
    def last_day(self) -> Any:
        return self.ends - timedelta(days=1)

    def periods(self) -> list[periods.Period]:
        """The periods over which this plan's indicators are read, in order."""
        return periods.between(periods.PeriodKind(self.period_kind), self.window)

    def period(self, key: str) -> periods.Period:
        """The period of that key, `plan` included. Raises ValueError for a key of no known form
        or of days outside the plan."""
        if key == periods.WHOLE_PLAN:
            return periods.Period(self.window, key)
        period = periods.parse(key)
        if not period.window.overlaps(self.window):
            raise ValueError(f"{key} lies outside the plan")
        return period


class Axis(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    code = models.SlugField(_("code"), max_length=80)
    number = models.PositiveSmallIntegerField(_("number"))
    title = TextField(_("title"))
    summary = TextField(_("summary"))

    class Meta:
        verbose_name = _("axis")
        verbose_name_plural = _("axes")
        ordering = ["number"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="plan_axis_code_once"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Action(models.Model):
    """An action; the cross-sectional one has no number and no axis. `ends` is exclusive."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    axis = models.ForeignKey(
        Axis, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    secondary_axes = models.ManyToManyField(Axis, related_name="+")
    code = models.SlugField(_("code"), max_length=80)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    title = TextField(_("title"))
    short = TextField(_("short title"))
    priority = models.BooleanField(_("priority"), default=False)
    context = TextField(_("context"))
    objectives = models.JSONField(_("objectives"), default=list)
    timeframe = TextField(_("timeframe"))
    starts = models.DateField(_("starts"), null=True, blank=True)
    ends = models.DateField(_("ends"), null=True, blank=True)
    leaders_unknown = models.BooleanField(_("leader still to be named"), default=False)
    resources_unknown = models.BooleanField(_("resources still to be specified"), default=False)
    staff = models.JSONField(_("staff"), default=list)
    examples = models.JSONField(_("inspiring examples"), default=list)
    links = models.ManyToManyField("self", symmetrical=False, related_name="+")
    retired_at = models.DateTimeField(_("no longer in the plan since"), null=True, blank=True)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["place"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="plan_action_code_once"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Participation(models.Model):
    """An organisation's part in an action."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(_("part"), max_length=10, choices=_choices(Part))
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "organisation", "part"], name="plan_participation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.part}"


@pghistory.track()
class Indicator(models.Model):
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    code = models.SlugField(_("code"), max_length=80)
    place = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=_choices(IndicatorKind))
    title = TextField(_("title"))
    short = TextField(_("short title"))
    definition = TextField(_("definition"))
    unit = models.CharField(_("unit"), max_length=20, choices=list(UNIT_NAMES.items()))
    aggregation = models.CharField(_("counted how"), max_length=12, choices=_choices(Aggregation))
    direction = models.CharField(_("direction"), max_length=4, choices=_choices(Direction))
    measure = models.CharField(_("measure"), max_length=80, blank=True)
    measured_from = models.DateField(_("measured from"), null=True, blank=True)
    lag_years = models.PositiveSmallIntegerField(_("years later"), default=0)
    baseline = models.DecimalField(
        _("baseline"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    baseline_on = models.DateField(_("baseline's date"), null=True, blank=True)
    baseline_source = TextField(_("baseline's source"))
    retired_at = models.DateTimeField(_("no longer in the plan since"), null=True, blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["place"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            # A code is unique in a plan; the loader holds that rule across actions.
            models.UniqueConstraint(fields=["action", "code"], name="plan_indicator_code_once"),
            models.CheckConstraint(
                condition=Q(aggregation=Aggregation.COHORT, lag_years__gt=0)
                | (~Q(aggregation=Aggregation.COHORT) & Q(lag_years=0)),
                name="plan_indicator_lag_for_cohorts",
                violation_error_message=_("Only a cohort is followed years later."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def unit_(self) -> Unit:
        return Unit(self.unit)


@pghistory.track()
class Target(models.Model):
    """What an indicator should reach in a period.

    Never edited: a new decision adds a row and closes the one before it with `replaced_at`, so
    that the old value, its date and its reason stay.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="+")
    period = models.CharField(_("period"), max_length=9)
    low = models.DecimalField(_("at least"), max_digits=20, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(_("at most"), max_digits=20, decimal_places=6, null=True, blank=True)
    exact = models.BooleanField(_("single value"), default=False)
    per_event = models.BooleanField(_("at each event"), default=False)
    unknown = models.BooleanField(_("still to be set"), default=False)
    note = TextField(_("note"))
    decided_at = models.DateTimeField(_("decided"), default=timezone.now)
    reason = models.TextField(_("reason"), blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["period", "decided_at"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period"],
                condition=Q(replaced_at__isnull=True),
                name="plan_target_one_in_force",
                violation_error_message=_("This period already has a target."),
            ),
            models.CheckConstraint(
                condition=Q(unknown=True, low__isnull=True, high__isnull=True)
                | Q(unknown=False, low__isnull=False)
                | Q(unknown=False, high__isnull=False),
                name="plan_target_says_something",
                violation_error_message=_("Give a value, or say that it is still to be set."),
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="plan_target_low_before_high",
                violation_error_message=_("The lower bound is above the upper one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period}"

    @property
    def goal(self) -> Goal:
        return Goal(self.low, self.high, self.exact, self.per_event, self.unknown)


@pghistory.track()
class Reading(models.Model):
    """A figure that somebody declared for an indicator: value, date, source, approval.

    Approved readings are evidence: they are corrected by another reading, never edited.
    `value` is the numerator where `denominator` is given.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("date of the figure"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6)
    denominator = models.DecimalField(
        _("out of"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=300)
    link = models.URLField(_("link"), blank=True, max_length=500)
    document = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=_choices(ReadingState), default=ReadingState.DECLARED
    )
    from_plan = models.BooleanField(_("given by the plan itself"), default=False)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    declared_at = models.DateTimeField(_("declared"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    return_reason = models.TextField(_("what to mend"), blank=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    request_key = models.UUIDField(
        null=True,
        blank=True,
        unique=True,
        help_text=_("the same form sent twice makes one reading"),
    )
    invented = models.BooleanField(_("invented for a demonstration"), default=False)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["-declared_at", "-pk"]
        triggers: ClassVar = [Stamped()]
        indexes = [
            # Everything that a figure is made of, so that counting a million approved readings
            # reads the index alone.
            models.Index(
                fields=["indicator", "on", "id"],
                include=["value", "denominator"],
                condition=Q(state=ReadingState.APPROVED),
                name="plan_reading_counted",
            ),
            models.Index(fields=["state", "-declared_at"], name="plan_reading_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(declared_by__isnull=True)
                | ~Q(decided_by=F("declared_by")),
                name="plan_reading_two_people",
                violation_error_message=_(
                    "Somebody else than the person who declared a figure approves it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=ReadingState.DECLARED, decided_at__isnull=True)
                | (~Q(state=ReadingState.DECLARED) & Q(decided_at__isnull=False)),
                name="plan_reading_decided_has_date",
                violation_error_message=_("A decision has its date."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ReadingState.RETURNED) | ~Q(return_reason=""),
                name="plan_reading_returned_says_why",
                violation_error_message=_("Say what has to be mended."),
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0),
                name="plan_reading_denominator_positive",
                violation_error_message=_("The figure is out of a number greater than zero."),
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(state__in=[ReadingState.DECLARED, ReadingState.APPROVED]),
                name="plan_reading_corrected_once",
                violation_error_message=_("A correction of this figure already exists."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.on} {self.value}"


@pghistory.track()
class Task(models.Model):
    """A content item of an action, as something to do. `due` is the last day."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    code = models.SlugField(_("code"), max_length=80)
    place = models.PositiveSmallIntegerField(default=0)
    title = TextField(_("title"))
    organisation = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation in charge"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person in charge"),
    )
    starts = models.DateField(_("starts"), null=True, blank=True)
    due = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=_choices(TaskState), default=TaskState.TO_DO
    )
    done_on = models.DateField(_("done on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(_("no longer in the plan since"), null=True, blank=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["action__place", "place"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(fields=["action", "code"], name="plan_task_code_once"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(due__isnull=True) | Q(starts__lte=F("due")),
                name="plan_task_dates",
                violation_error_message=_("A task cannot be due before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.DONE, done_on__isnull=False)
                | (~Q(state=TaskState.DONE) & Q(done_on__isnull=True)),
                name="plan_task_done_has_date",
                violation_error_message=_("Say on which day the task was done."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)


class TaskNote(models.Model):
    """A note of progress on a task."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    text = models.TextField(_("note"))
    request_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("progress note")
        verbose_name_plural = _("progress notes")
        ordering = ["-written_at"]
        triggers: ClassVar = [Stamped()]

    def __str__(self) -> str:
        return self.text[:60]


@pghistory.track()
class BudgetLine(models.Model):
    """Money planned for an action. Cents; a range has `planned_high_cents` above `planned_cents`;
    no planned amount means that the plan left it to be specified. `year` empty: the whole plan."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    code = models.SlugField(_("code"), max_length=80)
    place = models.PositiveSmallIntegerField(default=0)
    label = TextField(_("label"))
    funder = models.ForeignKey(
        "directory.Organisation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("funder"),
    )
    task = models.ForeignKey(
        Task, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    recurring = models.BooleanField(_("each year"), default=False)
    planned_cents = models.BigIntegerField(_("planned"), null=True, blank=True)
    planned_high_cents = models.BigIntegerField(_("planned, at most"), null=True, blank=True)
    retired_at = models.DateTimeField(_("no longer in the plan since"), null=True, blank=True)

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["action__place", "place"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.UniqueConstraint(fields=["action", "code"], name="plan_budgetline_code_once"),
            models.CheckConstraint(
                condition=Q(planned_cents__isnull=True) | Q(planned_cents__gte=0),
                name="plan_budgetline_not_negative",
                violation_error_message=_("A planned amount is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(planned_high_cents__isnull=True)
                | Q(planned_high_cents__gte=F("planned_cents")),
                name="plan_budgetline_range",
                violation_error_message=_("The lower amount is above the upper one."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)


@pghistory.track()
class BudgetEntry(models.Model):
    """Money committed or spent on a budget line, in cents. Append-only: a mistake is corrected
    by an entry of the opposite sign, with its reason."""

    COMMITTED = "committed"
    SPENT = "spent"

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        _("kind"), max_length=10, choices=[(COMMITTED, _("Committed")), (SPENT, _("Spent"))]
    )
    amount_cents = models.BigIntegerField(_("amount"))
    on = models.DateField(_("date"))
    source = models.CharField(_("source"), max_length=300)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    request_key = models.UUIDField(null=True, blank=True, unique=True)
    invented = models.BooleanField(_("invented for a demonstration"), default=False)

    class Meta:
        verbose_name = _("budget entry")
        verbose_name_plural = _("budget entries")
        ordering = ["on", "pk"]
        triggers: ClassVar = [Stamped()]
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount_cents=0),
                name="plan_budgetentry_not_zero",
                violation_error_message=_("An entry of zero says nothing."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.amount_cents}"

"""What the page of one action, of one indicator, and the timeline show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from diapason.kernel import clock
from diapason.kernel.texts import Text
from diapason.plan.contracts import Goal, Part, TaskState
from diapason.plan.models import Action, BudgetEntry, BudgetLine, Indicator, Plan, Target, Task
from diapason.plan.queries.outline import Member, members

TABLES = (
    "plan_action",
    "plan_task",
    "plan_budgetline",
    "plan_budgetentry",
    "plan_target",
    "plan_reading",
    "kernel_storedfile",
    "directory_organisation",
)

# How the timeline and the lists draw a task's state.
TASK_FACES = {
    TaskState.TO_DO: "plain",
    TaskState.UNDER_WAY: "waiting",
    TaskState.DONE: "good",
    TaskState.DROPPED: "plain",
}


@dataclass(frozen=True)
class TaskLine:
    """A task and how deep it stands under its parents."""

    id: int
    title: Text
    state: TaskState
    starts: date | None
    due: date | None
    done_on: date | None
    level: int

    @property
    def late(self) -> bool:
        """Whether it is still open after its day; everybody is told what the workspace shows."""
        is_open = self.state in {TaskState.TO_DO, TaskState.UNDER_WAY}
        return is_open and self.due is not None and self.due < clock.today()

    @property
    def face(self) -> str:
        return "bad" if self.late else TASK_FACES[self.state]

    @property
    def label(self) -> Any:
        return _("Late") if self.late else self.state.label


@dataclass(frozen=True)
class MoneyLine:
    """A budget line in cents; `planned` None: the plan left it to be specified."""

    label: Text
    funder: Text
    year: int | None
    recurring: bool
    planned: int | None
    planned_high: int | None
    committed: int
    spent: int


@dataclass(frozen=True)
class ActionDetail:
    """Everything that an action's page says, its figures aside."""

    id: int
    code: str
    number: int | None
    title: Text
    short: Text
    axis: tuple[str, int | None] | None
    axis_title: Text
    secondary_axes: Sequence[tuple[str, int, Text]]
    priority: bool
    context: Text
    objectives: Sequence[Text]
    timeframe: Text
    leaders: Sequence[Member]
    funders: Sequence[Member]
    partners: Sequence[Member]
    leaders_unknown: bool
    resources_unknown: bool
    staff: Sequence[tuple[Text, Decimal]]
    examples: Sequence[tuple[Text, str]]
    links: Sequence[tuple[str, int | None, Text]]
    tasks: Sequence[TaskLine]
    done: int
    money: Sequence[MoneyLine]


def action(plan: Plan, code: str) -> ActionDetail | None:
    """The action of that code; None where the plan has none (any more)."""
    found = (
        Action.objects.filter(plan=plan, code=code, retired_at__isnull=True)
        .select_related("axis")
        .prefetch_related("secondary_axes", "links")
        .first()
    )
    if found is None:
        return None
    taking_part = members([found.pk])[found.pk]
    tasks = task_lines(found.pk)
    return ActionDetail(
        id=found.pk,
        code=found.code,
        number=found.number,
        title=found.title,
        short=found.short or found.title,
        axis=(found.axis.code, found.axis.number) if found.axis else None,
        axis_title=found.axis.title if found.axis else Text(),
        secondary_axes=[
            (axis.code, axis.number, axis.title)
            for axis in sorted(found.secondary_axes.all(), key=lambda axis: axis.number)
        ],
        priority=found.priority,
        context=found.context,
        objectives=[as_text(objective) for objective in found.objectives],
        timeframe=found.timeframe,
        leaders=[who for who in taking_part if who.part is Part.LEADER],
        funders=[who for who in taking_part if who.part is Part.FUNDER],
        partners=[who for who in taking_part if who.part is Part.PARTNER],
        leaders_unknown=found.leaders_unknown,
        resources_unknown=found.resources_unknown,
        staff=[(as_text(one["label"]), Decimal(str(one["fte"]))) for one in found.staff],
        examples=[(as_text(one["name"]), one.get("url", "")) for one in found.examples],
        links=[
            (linked.code, linked.number, linked.short or linked.title)
            for linked in sorted(found.links.all(), key=lambda linked: linked.place)
            if linked.retired_at is None
        ],
        tasks=tasks,
        done=sum(task.state is TaskState.DONE for task in tasks),
        money=money_lines(found.pk),
    )


def as_text(value: Any) -> Text:
    """A text kept inside a JSON list: by language, or plain where the plan has one language."""
    return Text(value) if isinstance(value, dict) else Text({"": str(value)})


def task_lines(action_id: int) -> list[TaskLine]:
    """The tasks of an action, each under its parent."""
    children: dict[int | None, list[Task]] = defaultdict(list)
    for task in Task.objects.filter(action=action_id, retired_at__isnull=True).order_by("place"):
        children[task.parent_id].append(task)
    return _nested(children, None, 0)


def _nested(
    children: dict[int | None, list[Task]], parent: int | None, level: int
) -> list[TaskLine]:
    lines = []
    for task in children.get(parent, []):
        lines.append(
            TaskLine(
                task.pk,
                task.title,
                TaskState(task.state),
                task.starts,
                task.due,
                task.done_on,
                level,
            )
        )
        lines += _nested(children, task.pk, level + 1)
    return lines


def money_lines(action_id: int) -> list[MoneyLine]:
    """The budget lines of an action with what was committed and spent, in two queries."""
    used: dict[tuple[int, str], int] = defaultdict(int)
    entries = BudgetEntry.objects.filter(line__action=action_id)
    for line, kind, cents in entries.values_list("line_id", "kind", "amount_cents"):
        used[line, kind] += cents
    lines = BudgetLine.objects.filter(action=action_id, retired_at__isnull=True)
    return [
        MoneyLine(
            label=line.label,
            funder=line.funder.name if line.funder else Text(),
            year=line.year,
            recurring=line.recurring,
            planned=line.planned_cents,
            planned_high=line.planned_high_cents,
            committed=used[line.pk, BudgetEntry.COMMITTED],
            spent=used[line.pk, BudgetEntry.SPENT],
        )
        for line in lines.select_related("funder").order_by("place")
    ]


@dataclass(frozen=True)
class TargetLine:
    """A target, in force or replaced, with what was decided and why."""

    period: str
    goal: Goal
    note: Text
    decided_at: datetime
    reason: str
    replaced_at: datetime | None


@dataclass(frozen=True)
class IndicatorDetail:
    """An indicator and where it stands in the plan."""

    indicator: Indicator
    action_code: str
    action_number: int | None
    action_short: Text
    axis: tuple[str, int | None] | None
    leaders: Sequence[Member]
    leaders_unknown: bool
    targets: Sequence[TargetLine]


def indicator(plan: Plan, code: str) -> IndicatorDetail | None:
    """The indicator of that code; None where the plan has none (any more)."""
    found = (
        Indicator.objects.filter(
            action__plan=plan,
            code=code,
            retired_at__isnull=True,
            action__retired_at__isnull=True,
        )
        .select_related("action__axis")
        .first()
    )
    if found is None:
        return None
    action_ = found.action
    targets = [
        TargetLine(
            target.period,
            target.goal,
            target.note,
            target.decided_at,
            target.reason,
            target.replaced_at,
        )
        for target in Target.objects.filter(indicator=found).order_by("period", "decided_at")
    ]
    return IndicatorDetail(
        indicator=found,
        action_code=action_.code,
        action_number=action_.number,
        action_short=action_.short or action_.title,
        axis=(action_.axis.code, action_.axis.number) if action_.axis else None,
        leaders=[who for who in members([action_.pk])[action_.pk] if who.part is Part.LEADER],
        leaders_unknown=action_.leaders_unknown,
        targets=targets,
    )


@dataclass(frozen=True)
class TimelineLine:
    """A row of the timeline: an action, or one of its tasks below it. Days are inclusive."""

    title: str
    action: str
    is_action: bool
    starts: date | None
    ends: date | None
    state: str
    state_label: Any
    level: int


def timeline(plan: Plan) -> list[TimelineLine]:
    """Every action and its tasks, in the plan's order; two queries."""
    by_action: dict[int, dict[int | None, list[Task]]] = defaultdict(lambda: defaultdict(list))
    tasks = Task.objects.filter(
        action__plan=plan, action__retired_at__isnull=True, retired_at__isnull=True
    )
    for task in tasks.order_by("place"):
        by_action[task.action_id][task.parent_id].append(task)
    lines: list[TimelineLine] = []
    for found in Action.objects.filter(plan=plan, retired_at__isnull=True).order_by("place"):
        below = _nested(by_action[found.pk], None, 1)
        done = sum(task.state is TaskState.DONE for task in below)
        state = TaskState.DONE if below and done == len(below) else TaskState.UNDER_WAY
        if not any(task.state is not TaskState.TO_DO for task in below):
            state = TaskState.TO_DO
        lines.append(
            TimelineLine(
                title=f"{found.number}. {found.short}" if found.number else str(found.short),
                action=found.code,
                is_action=True,
                starts=found.starts,
                ends=found.ends - timedelta(days=1) if found.ends else None,
                state=TASK_FACES[state],
                state_label=f"{done} / {len(below)}" if below else "",
                level=0,
            )
        )
        for task in below:
            lines.append(
                TimelineLine(
                    title=str(task.title),
                    action=found.code,
                    is_action=False,
                    starts=task.starts,
                    ends=task.due,
                    state=task.face,
                    state_label=task.label,
                    level=task.level,
                )
            )
    return lines

"""Loading a plan's file: twice the same writes nothing, and nothing that people did is lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.utils import timezone
from django.utils.translation import override

from diapason.directory.contracts import Role
from diapason.directory.models import Organisation
from diapason.kernel import audit
from diapason.kernel.models import Change
from diapason.kernel.refusals import Refusal
from diapason.plan.actions import load_plan
from diapason.plan.contracts import Goal, ReadingState, TaskState
from diapason.plan.contracts.loads import ChangeKind, ItemKind, LoadReport
from diapason.plan.models import (
    Action,
    Axis,
    BudgetLine,
    Indicator,
    Participation,
    Plan,
    PlanLoad,
    Reading,
    Target,
    Task,
)
from diapason.plan.planfile import PlanFile, model, read
from tests.directory.factories import person
from tests.plan.factories import TargetFactory

CLERMONT = Path(__file__).resolve().parents[2] / "plans" / "clermont.yaml"


def text(words: str) -> dict[str, str]:
    return {"fr": f"{words} (fr)", "en": f"{words} (en)"}


def target(period: str, **goal: Any) -> model.TargetEntry:
    numbers = {key: Decimal(value) if key != "unknown" else value for key, value in goal.items()}
    return model.TargetEntry(period=period, **numbers)


def indicator(code: str, **fields: Any) -> model.IndicatorEntry:
    given = {
        "kind": "output",
        "title": text(code),
        "short": text(code),
        "unit": "enterprises",
        "aggregation": "per_period",
        "declared": True,
    }
    return model.IndicatorEntry(code=code, **(given | fields))


def plan_file(**fields: Any) -> PlanFile:
    """Two actions of a small plan, with a task under another, money, and three targets."""
    first = model.ActionEntry(
        code="incubation",
        number=1,
        cross_sectional=False,
        title=text("Incubate"),
        short=text("Incubation"),
        axis="support",
        leaders=("hub",),
        funders=("city", "bank"),
        objectives=(text("One"), text("Two")),
        tasks=(
            model.TaskEntry(code="map", title=text("Map"), parent="join", due=date(2019, 6, 30)),
            model.TaskEntry(code="join", title=text("Join"), starts=date(2018, 7, 1)),
        ),
        budget=(
            model.BudgetEntry(
                code="mission",
                label=text("Mission"),
                low=30_000_00,
                high=30_000_00,
                year=2018,
                funder="city",
                task="map",
            ),
            model.BudgetEntry(code="later", label=text("Later"), low=None, high=None),
        ),
        staff=(model.StaffEntry(label=text("Adviser"), fte=Decimal("0.5")),),
        examples=(model.ExampleEntry(name=text("Elsewhere"), url="https://example.org/"),),
        links=("hub-open",),
        indicators=(
            indicator("incubated", targets=(target("2019", value=5), target("2020", minimum=6))),
            indicator(
                "films",
                unit="productions",
                baseline=model.BaselineEntry(
                    period="2018", value=Decimal(47), on=date(2018, 1, 1), source=text("The plan")
                ),
                targets=(target("plan", unknown=True),),
            ),
        ),
    )
    second = model.ActionEntry(
        code="hub-open",
        number=None,
        cross_sectional=True,
        title=text("Open"),
        short=text("Hub"),
        leaders=None,
    )
    given = {
        "code": "anywhere",
        "languages": ("fr", "en"),
        "title": text("A plan"),
        "territory": text("Anywhere"),
        "starts": date(2018, 1, 1),
        "ends": date(2021, 12, 31),
        "periods": "calendar_year",
        "axes": (model.AxisEntry(code="support", number=1, title=text("Support")),),
        "actions": (first, second),
        "organisations": tuple(
            model.OrganisationEntry(code=code, name=text(code), kind="body")
            for code in ("hub", "city", "bank")
        ),
    }
    return PlanFile(**(given | fields))


def changed_action(file: PlanFile, **fields: Any) -> PlanFile:
    return replace(file, actions=(replace(file.actions[0], **fields), *file.actions[1:]))


def changed_indicator(file: PlanFile, **fields: Any) -> PlanFile:
    first, *others = file.actions[0].indicators
    return changed_action(file, indicators=(replace(first, **fields), *others))


def hashes() -> dict[str, str]:
    """A digest of every table's rows: history, stamps and all."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(r::text, '|' ORDER BY r::text), '')) "
                f'FROM "{table}" r'
            )
            found[table] = cursor.fetchone()[0]
    return found


def told(report: LoadReport) -> set[tuple[str, str, str]]:
    return {
        (str(change.kind), str(change.item), change.code)
        for change in (*report.changes, *report.kept)
    }


def in_force(code: str, period: str) -> Target:
    return Target.objects.get(indicator__code=code, period=period, replaced_at__isnull=True)


def decide(code: str, period: str, value: int) -> Target:
    """A committee's decision, as `change_target` writes it."""
    old = in_force(code, period)
    Target.objects.filter(pk=old.pk).update(replaced_at=timezone.now())
    return TargetFactory(
        indicator=old.indicator, period=period, low=value, high=value, reason="Decided"
    )


@pytest.mark.django_db
def test_everything_of_the_file_is_in_the_tables() -> None:
    load_plan(file=plan_file())
    plan = Plan.objects.get(code="anywhere")
    assert (plan.starts, plan.last_day) == (date(2018, 1, 1), date(2021, 12, 31))
    incubation, hub = Action.objects.order_by("place")
    assert incubation.axis == Axis.objects.get(code="support")
    assert [one.code for one in incubation.links.all()] == ["hub-open"]
    assert (incubation.leaders_unknown, hub.leaders_unknown) == (False, True)
    parts = Participation.objects.filter(action=incubation)
    assert set(parts.values_list("part", "organisation__code", "place")) == {
        ("leader", "hub", 1),
        ("funder", "city", 1),
        ("funder", "bank", 2),
    }
    task = Task.objects.get(code="map")
    assert task.parent is not None
    assert (task.parent.code, task.due, task.state) == ("join", date(2019, 6, 30), TaskState.TO_DO)
    line = BudgetLine.objects.get(code="mission")
    assert (line.planned_cents, line.planned_high_cents) == (30_000_00, None)
    assert line.funder is not None
    assert line.funder.code == "city"
    assert line.task == task
    assert BudgetLine.objects.get(code="later").planned_cents is None
    assert in_force("incubated", "2019").goal == Goal(Decimal(5), Decimal(5), exact=True)
    assert in_force("incubated", "2020").goal == Goal(low=Decimal(6))
    assert in_force("films", "plan").goal == Goal(unknown=True)
    assert incubation.staff == [{"label": text("Adviser"), "fte": "0.5"}]


@pytest.mark.django_db
def test_a_starting_figure_is_an_approved_reading_once() -> None:
    load_plan(file=plan_file())
    load_plan(file=plan_file())
    reading = Reading.objects.get()
    assert (reading.value, reading.on, reading.state) == (47, date(2018, 1, 1), "approved")
    assert reading.from_plan
    assert reading.source == "The plan (fr)"
    assert (reading.declared_by, reading.decided_by) == (None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["small", "clermont"])
def test_the_same_file_twice_writes_nothing(source: str) -> None:
    file = plan_file() if source == "small" else read(CLERMONT)[0]
    assert file is not None
    first = load_plan(file=file)
    assert first.counted()[ChangeKind.ADDED] == len(first.changes) > 10
    before = hashes()
    second = load_plan(file=file)
    assert second.empty
    assert second.counted() == {}
    assert hashes() == before


@pytest.mark.django_db
def test_clermont_is_loaded_whole() -> None:
    file, _faults = read(CLERMONT)
    assert file is not None
    load_plan(file=file)
    assert Action.objects.count() == len(file.actions) == 11
    assert Axis.objects.count() == 3
    listed = [entry for _action, entry in file.indicators()]
    assert Indicator.objects.count() == len(listed)
    assert Target.objects.count() == sum(len(entry.targets) for entry in listed)
    assert Organisation.objects.count() == len(file.organisations)
    assert Reading.objects.filter(from_plan=True, value=47, state="approved").count() == 1


@pytest.mark.django_db
def test_a_dry_run_tells_the_same_and_writes_nothing() -> None:
    before = hashes()
    dry = load_plan(file=plan_file(), dry_run=True)
    assert hashes() == before
    wet = load_plan(file=plan_file())
    assert (dry.changes, dry.kept) == (wet.changes, wet.kept)
    assert (dry.dry_run, wet.dry_run) == (True, False)
    changed = changed_indicator(changed_action(plan_file(), title=text("Better")), targets=())
    before = hashes()
    dry = load_plan(file=changed, dry_run=True)
    assert hashes() == before
    assert dry.changes == load_plan(file=changed).changes


@pytest.mark.django_db
def test_a_report_says_old_and_new_in_the_readers_language() -> None:
    load_plan(file=plan_file())
    file = changed_action(
        plan_file(), title={"fr": "Incuber", "en": "Incubate (en)"}, priority=True
    )
    (change,) = load_plan(file=file).changes
    with override("en"):
        assert change.lines == [
            "Action “Incubate (en)” (incubation): changed",
            "  title (fr): Incubate (fr) → Incuber",
            "  priority: no → yes",
        ]
    with override("fr"):
        assert change.lines == [
            "Action «\N{NO-BREAK SPACE}Incuber\N{NO-BREAK SPACE}» (incubation)"
            "\N{NO-BREAK SPACE}: modification",
            "  titre (fr)\N{NO-BREAK SPACE}: Incubate (fr) → Incuber",
            "  prioritaire\N{NO-BREAK SPACE}: non → oui",
        ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("goal", "words"),
    [
        ({"value": "1234.5"}, "1,234.5"),
        ({"minimum": 60}, "at least 60"),
        ({"low": 8, "high": 10}, "8 to 10"),
        ({"unknown": True}, "to be specified"),
    ],
)
def test_a_report_tells_targets_in_words(goal: dict[str, Any], words: str) -> None:
    load_plan(file=plan_file())
    report = load_plan(
        file=changed_indicator(plan_file(), targets=(target("2019", **goal),)), dry_run=True
    )
    with override("en"):
        assert f"  target: 5 → {words}" in report.lines


@pytest.mark.django_db
def test_what_leaves_the_file_is_retired_and_comes_back() -> None:
    load_plan(file=plan_file())
    keys = dict(Indicator.objects.values_list("code", "pk"))
    bare = changed_action(plan_file(), tasks=(), budget=(), indicators=())
    report = load_plan(file=replace(bare, actions=(replace(bare.actions[0], links=()),)))
    assert {code for kind, _item, code in told(report) if kind == "retired"} == {
        "hub-open",
        "incubation/map",
        "incubation/join",
        "incubation/mission",
        "incubation/later",
        "incubated",
        "films",
    }
    assert Indicator.objects.filter(retired_at__isnull=False).count() == 2
    assert Target.objects.count() == 3
    back = load_plan(file=plan_file())
    assert back.counted()[ChangeKind.RESTORED] == 7
    assert dict(Indicator.objects.values_list("code", "pk")) == keys
    assert not Indicator.objects.filter(retired_at__isnull=False).exists()
    assert Target.objects.count() == 3


@pytest.mark.django_db
def test_a_changed_target_closes_the_old_one_with_the_reason() -> None:
    load_plan(file=plan_file())
    first = in_force("incubated", "2019")
    manager = person(Role.OPERATOR)
    file = changed_indicator(
        plan_file(), targets=(target("2019", value=8), target("2020", minimum=6))
    )
    load_plan(file=file, by=manager, reason="Committee of March")
    first.refresh_from_db()
    second = in_force("incubated", "2019")
    assert (first.low, second.low) == (5, 8)
    assert first.replaced_at == second.decided_at
    assert (second.reason, second.decided_by, second.from_file) == (
        "Committee of March",
        manager,
        True,
    )


@pytest.mark.django_db
def test_a_decision_stands_as_long_as_the_file_says_the_same() -> None:
    load_plan(file=plan_file())
    decided = decide("incubated", "2019", 7)
    report = load_plan(file=changed_action(plan_file(), priority=True))
    assert ("kept", "target", "incubated/2019") in told(report)
    assert in_force("incubated", "2019") == decided
    # The file's own word changes: it is the committee's at that load.
    newer = changed_indicator(
        plan_file(), targets=(target("2019", value=9), target("2020", minimum=6))
    )
    load_plan(file=newer)
    assert in_force("incubated", "2019").low == 9
    # And where the file comes to say what was decided, the decision is already in force.
    decided = decide("incubated", "2020", 7)
    agreed = changed_indicator(
        plan_file(), targets=(target("2019", value=9), target("2020", value=7))
    )
    load_plan(file=agreed)
    assert in_force("incubated", "2020") == decided
    before = hashes()
    load_plan(file=agreed)
    assert hashes() == before


@pytest.mark.django_db
def test_a_target_that_leaves_the_file_is_closed_and_one_it_never_had_stays() -> None:
    load_plan(file=plan_file())
    extra = TargetFactory(indicator=Indicator.objects.get(code="incubated"), period="2021")
    report = load_plan(file=changed_indicator(plan_file(), targets=(target("2020", minimum=6),)))
    assert {("retired", "target", "incubated/2019"), ("kept", "target", "incubated/2021")} <= told(
        report
    )
    assert not Target.objects.filter(period="2019", replaced_at__isnull=True).exists()
    assert in_force("incubated", "2021") == extra
    # It comes back, although its last value in the file was the same.
    load_plan(file=plan_file())
    assert in_force("incubated", "2019").low == 5


@pytest.mark.django_db
def test_peoples_progress_on_tasks_is_kept() -> None:
    load_plan(file=plan_file())
    owner = person(Role.ADVISOR)
    Task.objects.filter(code="map").update(
        state=TaskState.UNDER_WAY, owner=owner, due=date(2019, 9, 30)
    )
    tasks = list(plan_file().actions[0].tasks)
    tasks[0] = replace(tasks[0], title=text("Map all"))
    load_plan(file=changed_action(plan_file(), tasks=tuple(tasks)))
    task = Task.objects.get(code="map")
    assert (task.state, task.owner, task.due) == (TaskState.UNDER_WAY, owner, date(2019, 9, 30))
    assert task.title == text("Map all")
    assert task.version == 2
    # A new date in the file replaces the one that people moved.
    tasks[0] = replace(tasks[0], due=date(2019, 12, 31))
    load_plan(file=changed_action(plan_file(), tasks=tuple(tasks)))
    assert Task.objects.get(code="map").due == date(2019, 12, 31)


@pytest.mark.django_db
def test_a_starting_figure_that_changes_corrects_the_first() -> None:
    load_plan(file=plan_file())
    films = plan_file().actions[0].indicators[1]
    assert films.baseline is not None
    newer = replace(films, baseline=replace(films.baseline, value=Decimal(48)))
    file = changed_action(plan_file(), indicators=(plan_file().actions[0].indicators[0], newer))
    load_plan(file=file)
    first, second = Reading.objects.order_by("pk")
    assert (first.state, second.state) == (ReadingState.CORRECTED, ReadingState.APPROVED)
    assert (second.value, second.corrects) == (48, first)
    before = hashes()
    load_plan(file=file)
    assert hashes() == before
    gone = replace(films, baseline=None)
    load_plan(
        file=changed_action(plan_file(), indicators=(plan_file().actions[0].indicators[0], gone))
    )
    assert not Reading.objects.filter(state=ReadingState.APPROVED).exists()


@pytest.mark.django_db
def test_a_starting_figure_corrected_by_people_stays_corrected() -> None:
    load_plan(file=plan_file())
    first = Reading.objects.get()
    Reading.objects.filter(pk=first.pk).update(state=ReadingState.CORRECTED)
    better = Reading.objects.create(
        indicator=first.indicator,
        on=first.on,
        value=50,
        source="Recount",
        state=ReadingState.APPROVED,
        decided_at=timezone.now(),
        corrects=first,
    )
    report = load_plan(file=changed_action(plan_file(), priority=True))
    assert {item for _kind, item, _code in told(report)} == {"action"}
    assert Reading.objects.filter(state=ReadingState.APPROVED).get() == better


@pytest.mark.django_db
def test_an_indicator_may_move_to_another_action() -> None:
    load_plan(file=plan_file())
    key = Indicator.objects.get(code="films").pk
    file = plan_file()
    kept, films = file.actions[0].indicators
    moved = replace(
        file,
        actions=(
            replace(file.actions[0], indicators=(kept,)),
            replace(file.actions[1], indicators=(films,)),
        ),
    )
    load_plan(file=moved)
    assert Indicator.objects.get(code="films").action.code == "hub-open"
    assert Indicator.objects.get(code="films").pk == key


@pytest.mark.django_db
def test_two_plans_do_not_touch_one_another() -> None:
    load_plan(file=plan_file())
    before = set(Indicator.objects.values_list("pk", flat=True))
    load_plan(file=plan_file(code="elsewhere", languages=("en",)))
    assert Indicator.objects.filter(retired_at__isnull=True).count() == 4
    assert before == set(
        Indicator.objects.filter(action__plan__code="anywhere").values_list("pk", flat=True)
    )
    assert load_plan(file=plan_file()).empty


@pytest.mark.django_db
def test_a_load_keeps_its_record_and_the_history_says_who_and_why() -> None:
    load_plan(file=plan_file())
    operator = person(Role.OPERATOR)
    load_plan(
        file=changed_action(plan_file(), priority=True), by=operator, reason="Vote of 3 March"
    )
    load = PlanLoad.objects.first()
    assert load is not None
    assert (load.loaded_by, load.reason) == (operator, "Vote of 3 March")
    assert load.changes == [
        {
            "change": "changed",
            "item": "action",
            "code": "incubation",
            "fields": [{"field": "priority", "language": "", "old": False, "new": True}],
        }
    ]
    entry = audit.history(Action.objects.get(code="incubation"))[-1]
    assert (entry.user_id, entry.why) == (operator.pk, "Vote of 3 March")
    assert [change.field for change in entry.changes] == ["priority"]


@pytest.mark.django_db
def test_only_operators_load() -> None:
    with pytest.raises(PermissionDenied):
        load_plan(file=plan_file(), by=person(Role.PROGRAMME_MANAGER))
    assert not Plan.objects.exists()


@pytest.mark.django_db
def test_a_load_after_another_is_told() -> None:
    seen = load_plan(file=plan_file(), dry_run=True)
    load_plan(file=plan_file())
    with pytest.raises(Refusal, match=r"."):
        load_plan(file=changed_action(plan_file(), priority=True), after=seen.state)
    assert not Action.objects.filter(priority=True).exists()
    seen = load_plan(file=changed_action(plan_file(), priority=True), dry_run=True)
    load_plan(file=changed_action(plan_file(), priority=True), after=seen.state)
    assert Action.objects.filter(priority=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_loads_at_once_one_wins_and_the_other_is_told() -> None:
    started = threading.Barrier(4)
    results: list[str] = []

    def load(number: int) -> None:
        try:
            started.wait()
            load_plan(file=changed_action(plan_file(), title=text(f"Title {number}")))
            results.append("loaded")
        except Refusal as refusal:
            results.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=load, args=(number,)) for number in range(4)]
    with override("en"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    assert len(results) == 4
    assert "loaded" in results
    assert Plan.objects.count() == 1
    assert PlanLoad.objects.count() == results.count("loaded")
    assert Change.objects.filter(table_name="plan_plan").count() == results.count("loaded")


@pytest.mark.django_db(transaction=True)
def test_a_load_beside_one_that_is_under_way_is_refused_at_once() -> None:
    inside, done = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                load_plan(file=plan_file())
                inside.set()
                done.wait(timeout=60)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert inside.wait(timeout=60)
    try:
        with override("en"), pytest.raises(Refusal, match="Another load is under way"):
            load_plan(file=plan_file(code="elsewhere"))
        assert load_plan(file=plan_file(), dry_run=True).counted()[ChangeKind.ADDED] > 10
    finally:
        done.set()
        thread.join(timeout=60)
    assert [plan.code for plan in Plan.objects.all()] == ["anywhere"]


def test_every_kind_of_item_has_a_name_in_the_report() -> None:
    for kind in ItemKind:
        assert str(kind.label)
    for change in ChangeKind:
        assert str(change.label)

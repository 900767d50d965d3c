"""Every fault of a plan file says where it is, what is wrong and what to write instead."""

import json
from pathlib import Path

import pytest

from diapason.plan.planfile import as_json, describe, parse, read

ROOT = Path(__file__).resolve().parents[2]
CLERMONT = ROOT / "plans" / "clermont.yaml"
FILES = Path(__file__).parent / "planfiles"


# file, line, what is wrong, what to write instead
BROKEN = [
    (
        "alias",
        4,
        "Anchors and aliases (“&name”, “*name”) are refused.",
        "Write the value out in full at each place.",
    ),
    (
        "bad-colon",
        16,
        "A colon or an indentation can’t be understood here.",
        "Put a text that holds “: ” between quotes, and align the keys of one block.",
    ),
    (
        "bad-yaml",
        4,
        "A bracket or brace is not closed properly.",
        "Close it, put commas between the items, and quote texts that hold commas.",
    ),
    (
        "duplicate-code",
        22,
        "The code “rooms” is already that of another task, on line 21.",
        "Give this task a code of its own, such as “rooms-2”.",
    ),
    (
        "empty-text",
        17,
        "This text is empty.",
        "Write the text, or remove the key if it is optional.",
    ),
    (
        "ends-before-start",
        7,
        "“ends” (2019-12-31) comes before “starts” (2020-01-01).",
        "Write a day on or after 2020-01-01, or correct “starts”.",
    ),
    (
        "fed-by-nothing",
        25,
        "Nothing feeds this indicator.",
        "Add “measure: room.measure”, or “declared: true” if a person types it.",
    ),
    (
        "impossible-date",
        7,
        "“2022-02-30” is not a date.",
        "Write year-month-day, such as 2018-12-31.",
    ),
    (
        "lag-without-cohort",
        31,
        "“lag_years” only has a meaning for a cohort.",
        "Remove it, or write “aggregation: cohort”.",
    ),
    (
        "measured-and-declared",
        32,
        "This indicator is both measured and declared.",
        "Keep “measure” (with “measured_from” if it begins later), or “declared: true”.",
    ),
    ("missing-key", 25, "“kind” is missing.", "Add “kind: …”, one of: output, result."),
    (
        "missing-translation",
        17,
        "This text is missing in “fr”.",
        "Add “fr: …” beside the other languages.",
    ),
    (
        "no-goal",
        34,
        "This target sets no goal.",
        "Add one of: value, min, low with high, per_event, or “unknown: true”.",
    ),
    (
        "period-without-quotes",
        34,
        "The period 2020 has no quotes, so it reads as a number.",
        'Write period: "2020".',
    ),
    ("range-reversed", 35, "The low end 6 is above the high end 4.", "Write low: 4, high: 6."),
    (
        "school-year",
        35,
        "“2020-2021” is not a calendar year, which is what this plan is evaluated over.",
        'Write period: "2020", or "plan" for the whole plan.',
    ),
    ("tab", 29, "This line is indented with a tab.", "Replace the tab with spaces."),
    (
        "tag",
        2,
        "The tag “tag:yaml.org,2002:python/name:os.system” is refused.",
        "Write the plain value, without a tag.",
    ),
    (
        "target-outside-plan",
        35,
        "The target of 2024 is outside the plan (2020-01-01 to 2022-12-31).",
        'Write a period within these dates, such as period: "2022".',
    ),
    (
        "task-circle",
        21,
        "The task “rooms” ends up inside itself through its parents.",
        "Remove “parent” from one of these tasks: rooms, heating.",
    ),
    (
        "two-baselines",
        33,
        "The indicator has two baselines; the first is on line 32.",
        "Keep one “baseline”; type later values as readings.",
    ),
    (
        "two-targets",
        35,
        "2020 has two targets; the first is on line 34.",
        "Keep one target for each period.",
    ),
    ("unknown-axis", 18, "No axis has the code “sounds”.", "Write one of: voices."),
    ("unknown-key", 19, "“leader” is not a key of this block.", "Write “leaders”."),
    (
        "unknown-measure",
        31,
        "The room “events” offers no measure “events.organized”.",
        "Write “events.organised”.",
    ),
    (
        "unknown-organisation",
        19,
        "No organisation has the code “the-bord”.",
        "Write “the-board”, or add it to the plan.",
    ),
    ("unknown-unit", 29, "“event” is not a value of “unit”.", "Write “events”."),
    (
        "wrong-type",
        15,
        "“number” is a text where a whole number is expected.",
        "Write “number: 1”.",
    ),
]


@pytest.mark.parametrize(
    ("name", "line", "message", "mend"), BROKEN, ids=[row[0] for row in BROKEN]
)
def test_a_broken_file_is_told_where_what_and_how(
    name: str, line: int, message: str, mend: str
) -> None:
    path = FILES / "broken" / f"{name}.yaml"
    plan, faults = read(path, known_measures=["events.organised"])
    assert plan is None
    assert [(f.file, f.line, f.level, f.message, f.mend) for f in faults] == [
        (str(path), line, "error", message, mend)
    ]
    assert describe(faults[0]).startswith(f"{path}:{line}:{faults[0].column}: error: {message}")
    assert "\n" not in describe(faults[0])


def test_every_broken_file_is_tested() -> None:
    tested = {row[0] for row in BROKEN} | {"all-at-once"}
    assert {path.stem for path in (FILES / "broken").iterdir()} == tested


def test_all_the_faults_come_at_once_in_order() -> None:
    plan, faults = read(FILES / "broken" / "all-at-once.yaml")
    assert plan is None
    assert [(fault.line, fault.code) for fault in faults] == [
        (17, "empty-text"),
        (18, "unknown-reference"),
        (29, "unknown-word-near"),
        (35, "period-outside"),
    ]
    assert [fault.path for fault in faults][:2] == ["actions[0].short.fr", "actions[0].axis"]


def test_faults_read_in_french() -> None:
    _, faults = read(FILES / "broken" / "unknown-organisation.yaml", language="fr")
    assert [(fault.message, fault.mend) for fault in faults] == [
        (
            "Le code «\u00a0the-bord\u00a0» ne désigne aucune organisation.",
            "Écrivez «\u00a0the-board\u00a0», ou ajoutez-le au plan.",
        )
    ]


def test_faults_as_json() -> None:
    path = FILES / "broken" / "unknown-axis.yaml"
    _, faults = read(path)
    assert json.loads(as_json(faults)) == [
        {
            "file": str(path),
            "line": 18,
            "column": 11,
            "level": "error",
            "path": "actions[0].axis",
            "message": "No axis has the code “sounds”.",
            "mend": "Write one of: voices.",
            "code": "unknown-reference",
        }
    ]


def test_a_measure_of_a_room_to_come_is_a_warning_and_the_plan_stands() -> None:
    path = FILES / "broken" / "unknown-measure.yaml"
    plan, faults = read(path, known_measures=["desk.visits"])
    assert plan is not None
    assert [(fault.line, fault.level, fault.code) for fault in faults] == [
        (31, "warning", "not-yet-measurable")
    ]
    plan, faults = read(path, known_measures=["desk.visits"], known_rooms=["desk", "events"])
    assert plan is None
    assert [(fault.level, fault.code) for fault in faults] == [("error", "unknown-measure")]


def test_no_more_faults_than_a_person_can_read() -> None:
    lines = "".join(f"key{number}: 1\n" for number in range(5_000))
    plan, faults = parse(CLERMONT.read_bytes() + lines.encode(), file="long.yaml")
    assert plan is None
    assert len(faults) == 200
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)
    assert faults[-1].code == "too-many-faults"

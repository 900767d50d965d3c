"""The format of a plan file: its words, its guide, other territories, and hostile files."""

import json
import random
import re
import time
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diapason.kernel.measures import Unit
from diapason.kernel.periods import PeriodKind
from diapason.plan.contracts import Aggregation, Direction, IndicatorKind
from diapason.plan.planfile import parse, read, schema
from diapason.plan.planfile.source import read_source
from diapason.plan.planfile.wording import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
CLERMONT = ROOT / "plans" / "clermont.yaml"
FILES = Path(__file__).parent / "planfiles"


def test_a_plan_of_another_territory() -> None:
    plan, faults = read(FILES / "harbour.yaml")
    assert faults == []
    assert plan is not None
    assert (plan.languages, plan.periods) == (("en",), "school_year")
    assert plan.title == {"en": "Saltmarsh Harbour sings"}
    choirs, stage, account = plan.actions
    assert choirs.secondary_axes == ("boats",)
    assert choirs.staff[0].fte == Decimal("0.5")
    assert [(line.low, line.high) for line in choirs.budget] == [
        (1_250_050, 1_250_050),
        (80_000, 120_000),
    ]
    assert stage.leaders is None
    assert stage.funders == ()
    assert stage.budget[0].unknown
    assert account.cross_sectional
    indicators = {indicator.code: indicator for _, indicator in plan.indicators()}
    assert indicators["choirs"].declared
    assert [target.kind for target in indicators["choirs"].targets] == ["min", "range", "value"]
    assert indicators["choirs"].baseline is not None
    # "on" is a word here, not the truth value that older YAML makes of it.
    assert indicators["choirs"].baseline.on == date(2023, 6, 30)
    silent = indicators["silent-schools"]
    assert (silent.direction, silent.measured_from) == ("less", date(2024, 9, 1))
    assert silent.targets[0].value == Decimal("7.5")


@pytest.mark.parametrize(
    ("name", "enum"),
    [
        ("unit", Unit),
        ("aggregation", Aggregation),
        ("direction", Direction),
        ("kind", IndicatorKind),
    ],
)
def test_the_schema_offers_the_words_of_the_code(name: str, enum: type) -> None:
    offered = schema()["$defs"]["indicator"]["properties"][name]["enum"]
    assert sorted(offered) == sorted(member.value for member in enum)


def test_the_schema_offers_the_kinds_of_period() -> None:
    assert sorted(schema()["properties"]["periods"]["enum"]) == sorted(PeriodKind)


def test_the_schema_is_the_published_one() -> None:
    published = json.loads((ROOT / "plans" / "schema.json").read_text(encoding="utf-8"))
    assert schema() == published


def test_every_fault_is_worded_in_both_languages_and_explained() -> None:
    english, french = (LANGUAGES[language] for language in ("en", "fr"))
    assert english.SENTENCES.keys() == french.SENTENCES.keys()
    assert english.WORDS.keys() == french.WORDS.keys()
    guide = (ROOT / "docs" / "plan-file.md").read_text(encoding="utf-8")
    for code in english.SENTENCES:
        assert f"`{code}`" in guide, code
        for english_text, french_text in zip(
            english.SENTENCES[code], french.SENTENCES[code], strict=True
        ):
            fields = set(re.findall(r"\{(\w+)\}", english_text))
            assert set(re.findall(r"\{(\w+)\}", french_text)) <= fields | {"value", "other", "key"}


def test_the_guide_s_example_is_sound() -> None:
    guide = (ROOT / "docs" / "plan-file.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", guide, re.S)
    assert example
    plan, faults = parse(example[1].encode(), file="example.yaml")
    assert faults == []
    assert plan is not None


def test_a_file_of_50_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    started = time.monotonic()
    plan, faults = read(path)
    assert time.monotonic() - started < 1
    assert plan is None
    assert [fault.code for fault in faults] == ["too-big"]


def _billion_laughs() -> str:
    lines = ["a: &a [x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    return "\n".join(lines)


BOMBS = {
    "alias": _billion_laughs(),
    "too-deep": "[" * 500_000,
    "too-many": "x:\n" + "- 1\n" * 400_000,
}


@pytest.mark.parametrize("code", BOMBS)
def test_a_bomb_is_refused_before_it_unfolds(code: str) -> None:
    started = time.process_time()
    plan, faults = parse(BOMBS[code].encode(), file="bomb.yaml")
    assert time.process_time() - started < 1
    assert plan is None
    assert [fault.code for fault in faults] == [code]


def _clermont_data() -> dict:
    source = read_source(CLERMONT.read_bytes(), pytest.fail)
    assert source
    return source.data


DATA = _clermont_data()
WORDS = ["", "x", "unknown", "2019-13-45", "9999-12-31", "0000", "2019-2018", "é", "a.b"]
BLOCKS = [[], {}, ["x"], ["x", "x"], {"fr": "x"}, [[]], [{}], {"low": 2, "high": 1}]
ODD = [None, True, 0, -1, 2019, 1.5, 10**17, *WORDS, *BLOCKS]


def _mutate(value: object, chance: random.Random) -> object:
    """One thing, somewhere in the plan, becomes another or disappears."""
    steps: list[tuple[object, object]] = []
    here = value
    while isinstance(here, (dict, list)) and here:
        key = chance.choice(list(here)) if isinstance(here, dict) else chance.randrange(len(here))
        steps.append((here, key))
        here = here[key]  # type: ignore[index]
    container, key = chance.choice(steps)
    if chance.random() < 0.3:
        del container[key]  # type: ignore[attr-defined]
    elif chance.random() < 0.2 and isinstance(container, dict):
        container[chance.choice(["baseline", "amount", "x y", "", "measure", "parent"])] = deepcopy(
            chance.choice(ODD)
        )
    else:
        container[key] = deepcopy(chance.choice(ODD))  # type: ignore[index]
    return value


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32), changes=st.integers(1, 4), language=st.sampled_from(["en", "fr"])
)
def test_any_mutation_gives_a_plan_or_faults(seed: int, changes: int, language: str) -> None:
    chance = random.Random(seed)
    data = json.loads(json.dumps(DATA))
    for _ in range(changes):
        data = _mutate(data, chance)
    # JSON is YAML too, and quicker to write.
    text = json.dumps(data, ensure_ascii=False, indent=1)
    plan, faults = parse(text.encode(), file="x", known_measures=[], language=language)
    assert (plan is None) == any(fault.level == "error" for fault in faults)
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)
    for fault in faults:
        assert 1 <= fault.line <= text.count("\n") + 1
        assert fault.message
        assert fault.mend


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300), st.text(st.characters(codec="utf-8"), max_size=300).map(str.encode)
    )
)
def test_any_bytes_give_faults(content: bytes) -> None:
    plan, faults = parse(content, file="x")
    assert plan is None
    assert faults


@settings(max_examples=40, deadline=None)
@given(
    cut=st.integers(0, 70_000),
    length=st.integers(0, 400),
    paste=st.sampled_from(["", "- ", "{", '"', ": ", "\t", "\n", "&a ", "!!x ", "é"]),
)
def test_any_cut_of_clermont_gives_a_plan_or_faults(cut: int, length: int, paste: str) -> None:
    text = CLERMONT.read_text(encoding="utf-8")
    plan, faults = parse((text[:cut] + paste + text[cut + length :]).encode(), file="x")
    assert (plan is None) == any(fault.level == "error" for fault in faults)

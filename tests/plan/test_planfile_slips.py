"""Slips of the pen, one at a time, in the largest plan file there is."""

from pathlib import Path

import pytest

from diapason.plan.planfile import parse, read

ROOT = Path(__file__).resolve().parents[2]
CLERMONT = ROOT / "plans" / "clermont.yaml"


# What else a text can be made to say wrongly: replace once in Clermont's file, expect one fault.
SLIPS = [
    ("number: 2\n    title: {fr: \"Acc", "number: 1\n    title: {fr: \"Acc", "duplicate-number"),
    ("code: growth\n", "code: hub\n", "duplicate-code"),
    ("links: [incubation, growth]", "links: [incubation, incubation]", "repeated-reference"),
    ("links: [incubation, growth]", "links: [alternative-funding]", "linked-to-itself"),
    ("cross_sectional: true", "cross_sectional: true\n    axis: support", "cross-sectional"),
    ("    cross_sectional: true\n", "    number: 11\n", "no-axis"),
    ("axis: education", "axis: education\n    secondary_axes: [education]", "axis-twice"),
    ("languages: [fr, en]", "languages: [fr, en, fr]", "repeated-language"),
    ("languages: [fr, en]", "languages: [fr, en, FR]", "bad-language"),
    ("url: \"https://www.sushivp.com/\"", "url: www.sushivp.com", "bad-url"),
    ("year: 2018, amount: 30000", "year: 2017, amount: 30000", "year-outside"),
    ("amount: 30000", "amount: 30000.005", "cents"),
    ("amount: 30000", "amount: 30 000", "bad-unknown"),
    ("amount: 30000", "amount: -1", "out-of-bounds"),
    ("low: 10000, high: 15000", "low: 15000, high: 10000", "range-reversed"),
    ("low: 8, high: 10}", "low: 8}", "half-range"),
    ("low: 8, high: 10}", "low: 8, high: 10, min: 8}", "several-goals"),
    ("period: \"2018\", per_event: 10", "period: \"2018\", value: 10", "per-event-expected"),
    ("period: \"2018\", value: 3", "period: \"2018\", per_event: 3", "per-event-needless"),
    ("        lag_years: 5\n", "", "lag-missing"),
    ("measure: desk.visits", "measure: Visits", "bad-measure"),
    ("measure: desk.visits", "declared: yes", "wrong-constant"),
    (
        "measure: desk.visits",
        "declared: true\n        measured_from: 2019-01-01",
        "measured-from-declared",
    ),
    ("code: clermont\n", "code: Clermont-Ferrand\n", "bad-code"),
    ("kind: chamber}", "kind: council}", "unknown-word"),
    ("ends: 2021-12-31\nper", "ends: 2121-12-31\nper", "plan-too-long"),
    ("plan\", en: \"Keep", "plan\", de: x, en: \"Keep", "extra-language"),
    ("{fr: \"Faire vivre le plan\", en: \"Keep the plan alive\"}", "Plan", "one-language-text"),
    ("period: \"2019\", value: 2000", "period: \"in 2019\", value: 2000", "bad-period"),
    ("value: 2000", "value: two thousand", "wrong-type"),
    ("e: {period: \"2018\", value: 47,", "e: [{period: \"2018\", value: 47}]  #", "baseline-list"),
    ("priority: true", "priority: true\n    priority: true", "twice"),
    ("schema: 1", "schema: 2", "wrong-constant"),
    ("summary:\n", "zzz: 1\nsummary:\n", "unknown-key"),
    ("task: communication-plan}", "task: \"communication-plan}", "bad-yaml-quote"),
    ("organisations:\n", "---\norganisations:\n", "several-documents"),
    ("organisations:\n", "? [a]\n: b\norganisations:\n", "bad-key"),
    ("Faire vivre le plan", "Faire vivre\u0007 le plan", "bad-character"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code"), SLIPS, ids=[f"{s[2]}-{n}" for n, s in enumerate(SLIPS)]
)
def test_a_slip_in_clermont_is_found(old: str, new: str, code: str) -> None:
    text = CLERMONT.read_text(encoding="utf-8")
    assert old in text
    slipped = text.replace(old, new, 1)
    line = text[: text.index(old)].count("\n") + 1
    plan, faults = parse(slipped.encode(), file="clermont.yaml")
    assert plan is None
    assert code in {fault.code for fault in faults}
    if code == "several-documents":
        return
    first = next(fault for fault in faults if fault.code == code)
    # A code taken twice, or a thing that is missing, is told at its block.
    assert abs(first.line - line) <= 8 or code == "duplicate-code"


def test_what_is_not_a_text_file(tmp_path: Path) -> None:
    def code_of(path: Path) -> str:
        plan, faults = read(path)
        assert plan is None
        assert len(faults) == 1
        return faults[0].code

    assert code_of(tmp_path / "absent.yaml") == "not-a-file"
    assert code_of(tmp_path) == "a-folder"
    assert code_of(Path("/dev/zero")) == "not-a-file"
    (tmp_path / "empty.yaml").write_text("# nothing yet\n")
    assert code_of(tmp_path / "empty.yaml") == "empty"
    (tmp_path / "latin.yaml").write_bytes("schema: 1\ntitle: Été\n".encode("latin-1"))
    assert code_of(tmp_path / "latin.yaml") == "not-utf8"
    assert read(tmp_path / "latin.yaml")[1][0].line == 2

"""The plan as a file: Clermont's is whole and clean, and every fault says how to mend it."""

from pathlib import Path

from diapason.plan.planfile import read

ROOT = Path(__file__).resolve().parents[2]
CLERMONT = ROOT / "plans" / "clermont.yaml"


def test_clermont_is_clean() -> None:
    plan, faults = read(CLERMONT)
    assert faults == []
    assert plan is not None
    assert [axis.number for axis in plan.axes] == [1, 2, 3]
    assert [action.number for action in plan.actions] == [*range(1, 11), None]

"""Ticks are few and round; a scale never leaves its range."""

import math

from hypothesis import given
from hypothesis import strategies as st

from diapason.ui.charts.scale import Scale, nice_step, nice_ticks, svg

values = st.floats(-1e12, 1e12, allow_nan=False).filter(lambda v: v == 0 or abs(v) > 1e-6)


@given(st.lists(values, max_size=20))
def test_ticks_surround_the_values_and_hold_zero(found):
    ticks = nice_ticks(found)
    span = ticks[-1] - ticks[0]
    assert 2 <= len(ticks) <= 7
    assert any(tick == 0 for tick in ticks)
    assert ticks[0] - 1e-6 * span <= min([0, *found])
    assert ticks[-1] + 1e-6 * span >= max([0, *found])


@given(st.lists(values, min_size=1, max_size=20))
def test_the_step_is_one_two_or_five_times_a_power_of_ten(found):
    ticks = nice_ticks(found)
    step = ticks[1] - ticks[0]
    leading = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(leading - good) for good in (1, 2, 5, 10)) < 1e-6


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_whole_values_never_get_half_ticks(found):
    assert all(tick == int(tick) for tick in nice_ticks(found))


def test_known_ticks():
    assert nice_ticks([3, 5]) == [0, 2, 4, 6]
    assert nice_ticks([0.2, 0.35]) == [0, 0.1, 0.2, 0.30000000000000004, 0.4]
    assert nice_ticks([]) == [0, 1]
    assert nice_step(1, whole=True) == 1


@given(values, values, values)
def test_a_scale_stays_in_its_range(low, high, value):
    low, high = sorted((low, high))
    assert 0 <= Scale(low, high, 0, 100)(value) <= 100.0001


def test_a_scale_may_run_backwards_and_may_have_no_length():
    assert Scale(0, 10, 100, 0)(2.5) == 75
    assert Scale(5, 5, 0, 100)(5) == 0


def test_coordinates_are_written_for_svg():
    assert svg(12.50) == "12.5"
    assert svg(-0.001) == "0"
    assert svg(1 / 3) == "0.33"

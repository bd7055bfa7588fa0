"""Which row a late reading is counted on."""

from math import nan

import pytest

from pipelines.storage import late_counts
from tests.storage.rows import a_cycle, a_late_reading, a_step


def cycles(battery_id="b1"):
    """Three cycles: [100, 200), [200, 350), [350, ...)."""
    spans = {1: (100.0, 100.0), 2: (200.0, 150.0), 3: (350.0, 40.0)}
    return [
        a_cycle(battery_id, number, start_time_second=start, duration_second=duration)
        for number, (start, duration) in spans.items()
    ]


def late_at(time_s, battery_id="b1"):
    return a_late_reading(battery_id, time_second=time_s)


@pytest.mark.parametrize(
    ("time_s", "number"),
    [(100.0, 1), (199.999, 1), (200.0, 2), (349.0, 2), (350.0, 3), (389.0, 3), (1e9, 3), (99.0, 1), (0.0, 1)],
)
def test_a_late_reading_counts_on_the_row_it_falls_into(time_s, number):
    assert late_counts(cycles(), [late_at(time_s)]) == {("b1", number): 1}


def test_counts_add_up_battery_by_battery():
    late = [late_at(150.0), late_at(160.0), late_at(250.0), late_at(150.0, "b2")]
    counts = late_counts([*cycles("b2"), *cycles("b1")], late)
    assert counts == {("b1", 1): 2, ("b1", 2): 1, ("b2", 1): 1}


def test_a_row_without_late_readings_counts_0():
    assert late_counts(cycles(), [late_at(150.0)])["b1", 3] == 0


def test_steps_are_counted_like_cycles():
    steps = [a_step("b1", number, start_time_second=10.0 * number, duration_second=10.0) for number in (7, 8)]
    assert late_counts(steps, [late_at(85.0), late_at(75.0), late_at(5.0)]) == {("b1", 7): 2, ("b1", 8): 1}


def test_the_order_of_the_rows_does_not_matter():
    late = [late_at(250.0), late_at(400.0)]
    assert late_counts(cycles()[::-1], late) == late_counts(cycles(), late)


def test_between_two_rows_the_earlier_one_counts():
    rows = [
        a_cycle("b1", 1, start_time_second=0.0, duration_second=10.0),
        a_cycle("b1", 2, start_time_second=20.0, duration_second=10.0),
    ]
    assert late_counts(rows, [late_at(15.0)]) == {("b1", 1): 1}


def test_what_belongs_to_no_row_is_left_out():
    assert late_counts(cycles(), [late_at(150.0, "b9"), late_at(nan)]) == {}
    assert late_counts([], [late_at(1.0)]) == {}

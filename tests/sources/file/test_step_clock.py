"""The time of a test from those of its steps."""

import math

import numpy as np
import pytest

from pipelines.sources.file.step_clock import StepClock, time_of_test

NAN = math.nan


@pytest.mark.parametrize(
    ("step_times", "steps", "expected"),
    [
        ([0, 10, 0, 10], [1, 1, 2, 2], [0, 10, 10, 20]),
        ([0, 10, 10, 20], [1, 1, 2, 2], [0, 10, 20, 30]),  # by its number alone
        ([0, 10, 0, 10], None, [0, 10, 10, 20]),
        ([0, 10, 20], [1, NAN, 1], [0, 10, 20]),  # what is not known makes no step
        ([0, 10, 20, 5], [1, NAN, 2, NAN], [0, 10, 30, 35]),
        ([0, 10, 20, 30], [NAN, NAN, 1, NAN], [0, 10, 20, 30]),
        ([5, NAN, 10, 20], [1, 2, 2, 2], [5, NAN, 15, 25]),
    ],
)
def test_steps_are_added_up_the_same_for_any_cutting(step_times, steps, expected):
    times = np.array(step_times, float)
    numbers = None if steps is None else np.array(steps, float)
    for cut in range(len(times) + 1):
        first, clock = time_of_test(times[:cut], None if numbers is None else numbers[:cut], StepClock())
        second, _ = time_of_test(times[cut:], None if numbers is None else numbers[cut:], clock)
        np.testing.assert_array_equal(np.concatenate([first, second]), expected)

"""Statistics of a group against numpy and against numbers worked out by hand."""

import numpy as np
import pytest

from dashboard.statistics import (
    axis_limits,
    latest_complete,
    moments,
    percent_deviation,
    robust_z,
    verdicts,
)


def some_values(cells: int, cycles: int, seed: int = 3) -> np.ndarray:
    random = np.random.default_rng(seed)
    values = 3.0 + 0.1 * random.standard_normal((cells, cycles))
    values[random.random((cells, cycles)) < 0.3] = np.nan
    return values


def test_moments_are_those_of_numpy_for_every_prefix_of_the_cells():
    values = some_values(12, 9)
    for count in range(1, 13):
        n, mean, sd = moments(values[:count])
        for cycle in range(9):
            there = values[:count, cycle][~np.isnan(values[:count, cycle])]
            assert n[cycle] == len(there)
            if len(there) > 0:
                assert mean[cycle] == pytest.approx(np.mean(there), rel=1e-14)
            if len(there) > 1:
                assert sd[cycle] == pytest.approx(np.std(there, ddof=1), rel=1e-12)


def test_moments_of_nothing_are_not_a_number():
    n, mean, sd = moments(np.full((3, 2), np.nan))
    assert n.tolist() == [0, 0]
    assert np.isnan(mean).all()
    assert np.isnan(sd).all()


def test_one_cell_has_a_mean_and_no_spread():
    n, mean, sd = moments(np.array([[2.5]]))
    assert (n[0], mean[0]) == (1, 2.5)
    assert np.isnan(sd[0])


def test_the_spread_of_large_nearly_equal_numbers_is_exact():
    assert moments(np.array([[1e8], [1e8 + 1], [1e8 + 2]])).sd[0] == 1.0


def test_hundred_percent_is_two_standard_deviations():
    # mean 0, sample SD sqrt((1 + 1 + 4 + 4) / 3) = 1.8257...
    found = percent_deviation(np.array([-1.0, 1.0, -2.0, 2.0]))
    assert found == pytest.approx(np.array([-1.0, 1.0, -2.0, 2.0]) * 50 / np.sqrt(10 / 3))


@pytest.mark.parametrize(("n", "most"), [(3, 57.7), (4, 75.0), (5, 89.4), (6, 102.1)])
def test_the_familiar_rule_is_blind_in_small_groups(n, most):
    values = np.zeros(n)
    values[0] = 1e9
    assert percent_deviation(values)[0] == pytest.approx(most, abs=0.05)


def test_fewer_than_three_cells_have_no_deviation():
    assert np.isnan(percent_deviation(np.array([1.0, 2.0, np.nan]))).all()
    assert np.isnan(robust_z(np.array([1.0, 2.0, np.nan]))).all()


def test_cells_that_are_all_equal_have_no_deviation():
    assert np.isnan(percent_deviation(np.full(4, 3.3))).all()
    assert np.isnan(robust_z(np.full(4, 3.3))).all()


def test_robust_z_is_the_distance_from_the_median_in_scaled_mads():
    # median 3, distances 2 1 0 1 7, MAD 1
    assert robust_z(np.array([1.0, 2.0, 3.0, 4.0, 10.0])) == pytest.approx(0.6745 * np.array([-2, -1, 0, 1, 7]))


def test_robust_z_uses_the_mean_distance_when_most_are_equal():
    # median 1, MAD 0, mean distance 0.5 / 4
    assert robust_z(np.array([1.0, 1.0, 1.0, 1.5]))[3] == pytest.approx(0.5 / (1.253314 * 0.125))


def test_an_outlier_is_called_so_only_in_a_group_of_six():
    five = np.array([1.00, 1.01, 0.99, 1.02, 2.0])
    assert verdicts(five) == ["OK", "OK", "OK", "OK", "Watch"]
    assert verdicts(np.append(five, 0.98)) == ["OK", "OK", "OK", "OK", "Outlier", "OK"]


def test_two_cells_are_too_few_to_judge():
    assert verdicts(np.array([1.0, 5.0, np.nan])) == ["n too small"] * 3


def test_the_familiar_rule_alone_asks_to_watch():
    values = np.concatenate([np.linspace(-1, 1, 24), [1.6]])
    assert abs(robust_z(values)[-1]) < 3.5
    assert percent_deviation(values)[-1] > 100
    assert verdicts(values)[-1] == "Watch"


def test_the_latest_complete_cycle_waits_for_running_cells_only():
    ended = np.array([40, 12, 41, -1])
    assert latest_complete(ended, np.array([True, False, True, True])) == 40
    assert latest_complete(ended, np.array([True, True, True, True])) == 12
    assert latest_complete(ended, np.array([False, False, False, False])) == 12
    assert latest_complete(np.array([-1, -1]), np.array([True, True])) == -1


def test_one_wild_value_does_not_flatten_the_axis():
    values = np.append(np.linspace(99.0, 100.0, 200), 1e6)
    start, end = axis_limits(values, values)
    assert 97.5 < start < 99.0
    assert 100.0 < end < 102.5


def test_an_axis_has_room_for_a_single_value_and_for_none():
    assert axis_limits(np.array([2.0]), np.array([2.0])) == (1.9, 2.1)
    assert axis_limits(np.array([0.0]), np.array([0.0])) == (-0.5, 0.5)
    assert axis_limits(np.array([]), np.array([np.nan])) == (0.0, 1.0)

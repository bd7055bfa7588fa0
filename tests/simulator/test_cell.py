import numpy as np
import pytest

from simulator.cell import LOWEST_CAPACITY_SHARE, aged, make_cells
from simulator.chemistry import chemistry_of
from simulator.open_circuit import in_rows, stacked

IDS = [f"{group}{k:02d}" for group in "WXYZ" for k in range(25)]
GROUPS = [name[0] for name in IDS]


@pytest.mark.parametrize("group", "WXYZ")
def test_the_open_circuit_voltage_rises_from_two_to_four_and_a_half_volt(group):
    curve = chemistry_of(group).curve
    soc = np.linspace(0.0, 1.0, 2001)
    volt = curve.volt(soc)
    assert volt[0] == pytest.approx(2.0, abs=1e-12)
    assert volt[-1] == pytest.approx(4.5, abs=1e-12)
    assert (np.diff(volt) > 0.0).all()
    assert 3.5 < volt[1000] < 4.0


@pytest.mark.parametrize("group", "WXYZ")
def test_slope_and_integral_are_those_of_the_curve(group):
    curve = chemistry_of(group).curve
    soc, h = np.linspace(0.01, 1.0, 50), 1e-5
    differences = (curve.volt(soc + h) - curve.volt(soc - h)) / (2 * h)
    np.testing.assert_allclose(curve.slope_volt(soc), differences, rtol=1e-6)
    fine = np.linspace(0.0, 1.0, 200_001)
    volt = curve.volt(fine)
    integral = ((volt[1:] + volt[:-1]) / 2 * np.diff(fine)).sum()
    assert curve.integral(np.array(1.0)) - curve.integral(np.array(0.0)) == pytest.approx(integral, rel=1e-8)


def test_a_row_of_coefficients_is_the_same_curve():
    curves = [chemistry_of(group).curve for group in "WXYZ"]
    soc = np.linspace(0.0, 1.0, 20)
    rows = in_rows(stacked(curves)).volt(np.broadcast_to(soc, (4, 20)))
    np.testing.assert_allclose(rows, [curve.volt(soc) for curve in curves], rtol=1e-15)


def test_a_cell_is_the_same_whatever_else_is_in_the_lab():
    all_of_them, one = (
        make_cells(IDS, GROUPS, seed=7, begin_volt=2.1),
        make_cells(["Y03"], ["Y"], seed=7, begin_volt=2.1),
    )
    index = IDS.index("Y03")
    assert one.capacity_ah[0] == all_of_them.capacity_ah[index]
    assert one.knee_cycle[0] == all_of_them.knee_cycle[index]
    assert aged(one, 60).ohmic_ohm[0] == aged(all_of_them, 60).ohmic_ohm[index]


def test_cells_differ_within_a_group_and_more_between_groups():
    cells = make_cells(IDS, GROUPS, seed=1, begin_volt=2.1)
    capacity = cells.capacity_ah.reshape(4, 25)
    assert (capacity.std(axis=1) > 0.005).all()
    assert capacity.mean(axis=1).std() > capacity.std(axis=1).max()
    assert 1.1 < capacity.mean() < 1.3


def test_capacity_falls_and_resistance_grows_with_every_cycle():
    cells = make_cells(IDS, GROUPS, seed=1, begin_volt=2.1)
    lives = [aged(cells, n) for n in range(0, 101, 5)]
    assert (np.diff([life.capacity_ah for life in lives], axis=0) < 0.0).all()
    assert (np.diff([life.ohmic_ohm for life in lives], axis=0) > 0.0).all()
    np.testing.assert_allclose(lives[0].capacity_ah, cells.capacity_ah, rtol=1e-5)


def test_some_cells_have_a_knee_and_lose_much_more_behind_it():
    cells = make_cells(IDS, GROUPS, seed=1, begin_volt=2.1)
    knee = np.isfinite(cells.knee_cycle)
    assert 10 < knee.sum() < 60
    late = aged(cells, 90).capacity_ah - aged(cells, 100).capacity_ah
    early = aged(cells, 20).capacity_ah - aged(cells, 30).capacity_ah
    assert (late[~knee] < early[~knee]).all()
    assert (late[knee] > 3 * early[knee]).all()


def test_a_very_old_cell_keeps_some_capacity():
    cells = make_cells(IDS, GROUPS, seed=1, begin_volt=2.1)
    np.testing.assert_allclose(aged(cells, 100_000).capacity_ah, cells.capacity_ah * LOWEST_CAPACITY_SHARE)


def test_a_group_of_any_name_has_a_chemistry_and_always_the_same():
    assert chemistry_of("cathode-7") is chemistry_of("cathode-7")


def test_a_cell_begins_at_the_voltage_that_is_asked_for():
    cells = make_cells(IDS, GROUPS, seed=1, begin_volt=3.3)
    np.testing.assert_allclose(cells.curve.volt(cells.initial_soc), 3.3, atol=1e-10)

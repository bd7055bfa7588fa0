"""Every cycle and step of five real files against values that an independent script computed.

Integrals against `_step` (edges by the step clock), counters against `_cnt` (reset aware).
"""

import pytest

from tests.analytics.tables import followed
from tests.cycler_files import DATA, FILES, chunk_of, lines_of, reference_of
from tests.oracle.generators import cut

SUMS = {
    "charging_capacity_{}_ah": "qc",
    "discharging_capacity_{}_ah": "qd",
    "charging_energy_{}_wh": "ec",
    "discharging_energy_{}_wh": "ed",
}
METHODS = {"integral": "step", "counter": "cnt"}
EXACT = {"voltage_min_volt": "v_min", "voltage_max_volt": "v_max"}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real cycler files are not there: {DATA}")


@pytest.fixture(scope="module", params=sorted(FILES))
def name(request):
    return request.param


@pytest.fixture(scope="module")
def tables(name):
    return followed(cut(chunk_of(name), [100, 7, 600]), through_bytes=True)


@pytest.fixture(scope="module")
def cycles(name):
    return reference_of(name, "cycles")


@pytest.fixture(scope="module")
def steps(name):
    return reference_of(name, "steps")


def nine_digits(number):
    """As the reference is written."""
    return float(f"{number:.9g}")


def assert_sums_and_voltages(rows, references):
    for row, reference in zip(rows, references, strict=True):
        assert row.status == "final"
        assert row.reading_count == int(reference["n_readings"])
        for ours, theirs in SUMS.items():
            for method, ending in METHODS.items():
                value, expected = getattr(row, ours.format(method)), float(reference[f"{theirs}_{ending}"])
                assert value == pytest.approx(expected, rel=1e-6, abs=1e-12), (ours, method, row)
        for ours, theirs in EXACT.items():
            assert nine_digits(getattr(row, ours)) == float(reference[theirs]), (ours, row)
        assert row.max_gap_second == pytest.approx(float(reference["max_gap_s"]), rel=1e-8)


def test_every_cycle_has_both_measurements_and_the_very_voltages_of_the_reference(tables, cycles):
    assert_sums_and_voltages(tables.cycles.values(), cycles)
    assert [row.cycle_count for row in tables.cycles.values()] == [int(line["cycle"]) for line in cycles]


def test_every_cycle_has_the_efficiencies_of_its_counters_and_the_currents_of_the_reference(tables, cycles):
    for row, reference in zip(tables.cycles.values(), cycles, strict=True):
        assert (row.capacity_source, row.energy_source) == ("counter", "counter")
        for ours, theirs in (("coulombic_efficiency_percent", "ce_pct"), ("energy_efficiency_percent", "ee_pct")):
            expected = float(reference[f"{theirs}_cnt"] or "nan") or float("nan")
            assert getattr(row, ours) == pytest.approx(expected, rel=1e-6, nan_ok=True)
        assert nine_digits(row.current_min_ampere) == float(reference["i_min"])
        assert nine_digits(row.current_max_ampere) == float(reference["i_max"])


def test_every_cycle_tells_how_far_the_integral_is_from_the_counter(tables, cycles):
    for row, reference in zip(tables.cycles.values(), cycles, strict=True):
        for ours, theirs in (("charging_capacity", "qc"), ("discharging_energy", "ed")):
            expected = float(reference[f"{theirs}_step_vs_cnt_pct"] or "nan")
            # The reference takes the difference of nine digits.
            found = getattr(row, f"{ours}_deviation_percent")
            assert found == pytest.approx(expected, rel=1e-5, abs=1e-6, nan_ok=True)


def test_every_step_has_both_measurements_and_the_very_voltages_of_the_reference(tables, steps):
    assert_sums_and_voltages(tables.steps.values(), steps)
    for row, reference in zip(tables.steps.values(), steps, strict=True):
        assert nine_digits(row.voltage_first_volt) == float(reference["v_first"])
        assert nine_digits(row.voltage_last_volt) == float(reference["v_last"])


def test_temperatures_are_those_of_the_reference_where_the_file_has_some(tables, steps):
    for row, reference in zip(tables.steps.values(), steps, strict=True):
        for ours, theirs in (("temperature_min_celsius", "temp_min"), ("temperature_max_celsius", "temp_max")):
            expected = float(reference.get(theirs, "nan"))
            assert nine_digits(getattr(row, ours)) == pytest.approx(expected, rel=1e-9, nan_ok=True)


def test_no_reading_is_late_or_repeated(tables, cycles):
    assert tables.late == []
    assert tables.battery.duplicate_count == 0
    assert tables.battery.reading_count == sum(int(line["n_readings"]) for line in cycles)


def test_the_capacities_that_another_project_published_are_those_of_the_counter():
    cycle = followed([chunk_of("biologic_mb_formation")]).cycles[1]
    published = [line for line in lines_of(DATA / "expected" / "published.csv") if line["method"].endswith("_cnt")]
    names = {"qc": "charging_capacity_ah", "qd": "discharging_capacity_ah"}
    assert {line["quantity"] for line in published} == set(names)
    for line in published:
        assert getattr(cycle, names[line["quantity"]]) == pytest.approx(float(line["published"]), rel=1e-6)


def test_trap_current_resolution_a_current_of_four_decimals_is_told_and_the_counter_counts():
    cycle = followed([chunk_of("landt_graphite_coin")]).cycles[1]
    assert cycle.capacity_source == "counter"
    assert cycle.discharging_capacity_ah == pytest.approx(0.0063)
    assert cycle.discharging_capacity_deviation_percent == pytest.approx(13.3935582, rel=1e-6)

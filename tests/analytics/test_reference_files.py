"""Real cycler files against reference values that an independent script computed (`_step`: edges by the step clock)."""

import csv
from pathlib import Path

import pytest

from tests.analytics.tables import followed
from tests.oracle.generators import a_chunk, cut

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"

MACCOR = {
    "record_index": "Rec#",
    "cycle_count": "Cyc#",
    "step_id": "Step",
    "test_time_second": "Test (Sec)",
    "step_time_second": "Step (Sec)",
    "current_ampere": "Amps",
    "voltage_volt": "Volts",
}
ARBIN = {
    "record_index": "Data_Point",
    "cycle_count": "Cycle_Index",
    "step_id": "Step_Index",
    "test_time_second": "Test_Time",
    "step_time_second": "Step_Time",
    "unix_time_second": "DateTime",
    "current_ampere": "Current",
    "voltage_volt": "Voltage",
    "temperature_t1_celsius": "Temperature",
}
FILES = {
    "maccor_24cycles": ("maccor_24cycles.078", MACCOR, "\t", 1),
    "arbin_lfp_fastcharge": ("arbin_lfp_fastcharge.csv", ARBIN, ",", 0),
}
SUMS = {
    "charging_capacity_ah": "qc_step",
    "discharging_capacity_ah": "qd_step",
    "charging_energy_wh": "ec_step",
    "discharging_energy_wh": "ed_step",
}
EXACT = {"voltage_min_volt": "v_min", "voltage_max_volt": "v_max"}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real cycler files are not there: {DATA}")


def lines(path, delimiter=",", title_lines=0):
    with path.open(encoding="latin-1", newline="") as file:
        for _ in range(title_lines):
            next(file)
        return list(csv.DictReader(file, delimiter=delimiter))


@pytest.fixture(scope="module", params=sorted(FILES))
def name(request):
    return request.param


@pytest.fixture(scope="module")
def tables(name):
    file, columns, delimiter, title_lines = FILES[name]
    read = lines(DATA / file, delimiter, title_lines)
    whole = a_chunk(closes=True, **{ours: [float(line[theirs]) for line in read] for ours, theirs in columns.items()})
    return followed(cut(whole, [100, 7, 600]), through_bytes=True)


@pytest.fixture(scope="module")
def cycles(name):
    return lines(DATA / "expected" / f"{name}_cycles.csv")


@pytest.fixture(scope="module")
def steps(name):
    return lines(DATA / "expected" / f"{name}_steps.csv")


def nine_digits(number):
    """As the reference is written."""
    return float(f"{number:.9g}")


def assert_sums_and_voltages(rows, references):
    for row, reference in zip(rows, references, strict=True):
        assert row.status == "final"
        assert row.reading_count == int(reference["n_readings"])
        for ours, theirs in SUMS.items():
            assert getattr(row, ours) == pytest.approx(float(reference[theirs]), rel=1e-6, abs=1e-12), (ours, row)
        for ours, theirs in EXACT.items():
            assert nine_digits(getattr(row, ours)) == float(reference[theirs]), (ours, row)
        assert row.max_gap_second == pytest.approx(float(reference["max_gap_s"]), rel=1e-8)


def test_every_cycle_has_the_sums_and_the_very_voltages_of_the_reference(tables, cycles):
    assert_sums_and_voltages(tables.cycles.values(), cycles)
    assert [row.cycle_count for row in tables.cycles.values()] == [int(line["cycle"]) for line in cycles]


def test_every_cycle_has_the_efficiencies_and_currents_of_the_reference(tables, cycles):
    for row, reference in zip(tables.cycles.values(), cycles, strict=True):
        assert row.coulombic_efficiency_percent == pytest.approx(float(reference["ce_pct_step"]), rel=1e-6)
        assert row.energy_efficiency_percent == pytest.approx(float(reference["ee_pct_step"]), rel=1e-6)
        assert nine_digits(row.current_min_ampere) == float(reference["i_min"])
        assert nine_digits(row.current_max_ampere) == float(reference["i_max"])


def test_every_step_has_the_sums_and_the_very_voltages_of_the_reference(tables, steps):
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

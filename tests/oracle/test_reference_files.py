"""The oracle against reference values of real cycler files that were computed by an independent script."""

import csv
from pathlib import Path

import pytest

from tests.oracle.generators import a_chunk
from tests.oracle.replay import replay

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"

MACCOR = {
    "cycle_count": "Cyc#",
    "step_id": "Step",
    "test_time_second": "Test (Sec)",
    "step_time_second": "Step (Sec)",
    "current_ampere": "Amps",
    "voltage_volt": "Volts",
    "record_index": "Rec#",
}
ARBIN = {
    "cycle_count": "Cycle_Index",
    "step_id": "Step_Index",
    "test_time_second": "Test_Time",
    "step_time_second": "Step_Time",
    "current_ampere": "Current",
    "voltage_volt": "Voltage",
    "temperature_t1_celsius": "Temperature",
    "record_index": "Data_Point",
}
FILES = {
    "maccor_24cycles": ("maccor_24cycles.078", MACCOR, "\t", 1),
    "arbin_lfp_fastcharge": ("arbin_lfp_fastcharge.csv", ARBIN, ",", 0),
}
SUMS = {
    "qc_step": "charging_capacity_ah",
    "qd_step": "discharging_capacity_ah",
    "ec_step": "charging_energy_wh",
    "ed_step": "discharging_energy_wh",
}
EXTREMES = {"v_min": "voltage_min_volt", "v_max": "voltage_max_volt", "max_gap_s": "max_gap_second"}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real cycler files are not there: {DATA}")


@pytest.fixture(scope="module", params=sorted(FILES))
def name(request):
    return request.param


@pytest.fixture(scope="module")
def result(name):
    file, columns, delimiter, title_lines = FILES[name]
    rows = table(DATA / file, delimiter, title_lines)
    return replay(
        [a_chunk(closes=True, **{ours: [float(row[theirs]) for row in rows] for ours, theirs in columns.items()})]
    )


@pytest.fixture(scope="module")
def reference(name):
    return {kind: table(DATA / "expected" / f"{name}_{kind}.csv") for kind in ("cycles", "steps")}


def table(path, delimiter=",", title_lines=0):
    with path.open(encoding="latin-1", newline="") as lines:
        for _ in range(title_lines):
            next(lines)
        return list(csv.DictReader(lines, delimiter=delimiter))


def assert_same(actual_rows, expected_rows, columns):
    for actual, expected in zip(actual_rows, expected_rows, strict=True):
        assert actual.reading_count == int(expected["n_readings"])
        for theirs, ours in columns.items():
            # The reference is written with nine digits.
            assert getattr(actual, ours) == pytest.approx(float(expected[theirs]), rel=1e-6, abs=1e-11), (ours, actual)


def test_every_cycle_has_the_charge_and_energy_of_the_reference(result, reference):
    cycles = list(result.cycles.values())
    assert_same(
        cycles, reference["cycles"], SUMS | EXTREMES | {"i_min": "current_min_ampere", "i_max": "current_max_ampere"}
    )
    assert [row.cycle_count for row in cycles] == [int(row["cycle"]) for row in reference["cycles"]]


def test_every_step_has_the_charge_and_energy_of_the_reference(result, reference):
    ends = {"v_first": "voltage_first_volt", "v_last": "voltage_last_volt"}
    assert_same(result.steps.values(), reference["steps"], SUMS | EXTREMES | ends)


def test_no_reading_of_the_file_is_late_or_a_duplicate(result, reference):
    assert (result.late, result.duplicates) == ([], 0)
    assert result.accepted == sum(int(row["n_readings"]) for row in reference["cycles"])

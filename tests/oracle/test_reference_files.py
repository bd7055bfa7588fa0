"""The oracle against reference values of real cycler files that were computed by an independent script."""

import pytest

from tests.cycler_files import DATA, FILES, chunk_of, reference_of
from tests.oracle.replay import replay

SUMS = {
    "qc_{}": "charging_capacity_{}_ah",
    "qd_{}": "discharging_capacity_{}_ah",
    "ec_{}": "charging_energy_{}_wh",
    "ed_{}": "discharging_energy_{}_wh",
}
EXTREMES = {"v_min": "voltage_min_volt", "v_max": "voltage_max_volt", "max_gap_s": "max_gap_second"}
COLUMNS = EXTREMES | {
    theirs.format(ending): ours.format(method)
    for theirs, ours in SUMS.items()
    for ending, method in (("step", "integral"), ("cnt", "counter"))
}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real cycler files are not there: {DATA}")


@pytest.fixture(scope="module", params=sorted(FILES))
def name(request):
    return request.param


@pytest.fixture(scope="module")
def result(name):
    return replay([chunk_of(name)])


@pytest.fixture(scope="module")
def reference(name):
    return {kind: reference_of(name, kind) for kind in ("cycles", "steps")}


def assert_same(actual_rows, expected_rows, columns):
    for actual, expected in zip(actual_rows, expected_rows, strict=True):
        assert actual.reading_count == int(expected["n_readings"])
        for theirs, ours in columns.items():
            # The reference is written with nine digits.
            assert getattr(actual, ours) == pytest.approx(float(expected[theirs]), rel=1e-6, abs=1e-11), (ours, actual)


def test_every_cycle_has_the_charge_and_energy_of_the_reference(result, reference):
    cycles = list(result.cycles.values())
    assert_same(cycles, reference["cycles"], COLUMNS | {"i_min": "current_min_ampere", "i_max": "current_max_ampere"})
    assert [row.cycle_count for row in cycles] == [int(row["cycle"]) for row in reference["cycles"]]


def test_every_step_has_the_charge_and_energy_of_the_reference(result, reference):
    ends = {"v_first": "voltage_first_volt", "v_last": "voltage_last_volt"}
    assert_same(result.steps.values(), reference["steps"], COLUMNS | ends)


def test_no_reading_of_the_file_is_late_or_a_duplicate(result, reference):
    assert (result.late, result.duplicates) == ([], 0)
    assert result.accepted == sum(int(row["n_readings"]) for row in reference["cycles"])

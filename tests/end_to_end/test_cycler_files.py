"""Real cycler exports through the whole graph, by the commands of the README, against the reference values."""

import csv
from pathlib import Path

import pytest

from tests.end_to_end.command import chargetracker, exported

SHARED = Path(__file__).parents[3] / "shared" / "data"
FILES = {"maccor_24cycles.078": 24, "arbin_lfp_fastcharge.csv": 2}
# Ours, theirs: integrals with step edges placed by the step clock.
INTEGRALS = {
    "charging_capacity_ah": "qc_step",
    "discharging_capacity_ah": "qd_step",
    "charging_energy_wh": "ec_step",
    "discharging_energy_wh": "ed_step",
    "coulombic_efficiency_percent": "ce_pct_step",
    "energy_efficiency_percent": "ee_pct_step",
}
READINGS = {"voltage_min_volt": "v_min", "voltage_max_volt": "v_max", "current_max_ampere": "i_max"}


def reference(name: str) -> list[dict[str, str]]:
    with (SHARED / "expected" / f"{name.split('.')[0]}_cycles.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.mark.end_to_end
@pytest.mark.skipif(not SHARED.is_dir(), reason="the reference files (../shared/data) are not beside this checkout")
@pytest.mark.parametrize("name", FILES)
def test_each_cycle_of_the_file_is_as_the_reference_has_it(name, tmp_path):
    store = f"sqlite:///{tmp_path}/m.db"
    chargetracker("run", "--source", f"file://{SHARED / name}", "--store", store)
    rows, expected = exported("cycles", store, tmp_path), reference(name)
    assert len(rows) == len(expected) == FILES[name]
    for row, wanted in zip(rows, expected, strict=True):
        assert (row["cycle_count"], row["status"]) == (wanted["cycle"], "final")
        assert int(row["reading_count"]) == int(wanted["n_readings"])
        for ours, theirs in INTEGRALS.items():
            assert float(row[ours]) == pytest.approx(float(wanted[theirs]), rel=1e-6), (row["cycle_count"], ours)
        for ours, theirs in READINGS.items():  # the reference has nine digits
            assert float(row[ours]) == pytest.approx(float(wanted[theirs]), rel=5e-9), (row["cycle_count"], ours)


@pytest.mark.end_to_end
@pytest.mark.skipif(not SHARED.is_dir(), reason="the reference files (../shared/data) are not beside this checkout")
def test_reading_the_file_again_changes_nothing_and_both_files_live_in_one_store(tmp_path):
    store = f"sqlite:///{tmp_path}/m.db"
    for name in (*FILES, *FILES):
        chargetracker("run", "--source", f"file://{SHARED / name}?group=G", "--store", store)
    rows = exported("cycles", store, tmp_path)
    assert [row["battery_id"] for row in rows] == ["arbin_lfp_fastcharge"] * 2 + ["maccor_24cycles"] * 24
    assert {row["group"] for row in rows} == {"G"}
    assert sum(int(row["reading_count"]) for row in rows) == 2142 + 10714

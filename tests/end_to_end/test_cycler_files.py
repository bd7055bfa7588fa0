"""Real cycler exports through the whole graph, by the commands of the README, against the reference values."""

import csv
from pathlib import Path

import pytest

from tests.end_to_end.command import chargetracker, exported

SHARED = Path(__file__).parents[3] / "shared" / "data"
FILES = {
    "maccor_24cycles.078": 24,
    "arbin_lfp_fastcharge.csv": 2,
    "neware_flat_halfcell.csv": 4,
    "biologic_mb_formation.csv": 3,
    "landt_graphite_coin.csv": 2,
}
# Ours, theirs: integrals with step edges placed by the step clock; what the cycler's counters add, which also counts.
MEASURED = {
    "charging_capacity_integral_ah": "qc_step",
    "discharging_capacity_integral_ah": "qd_step",
    "charging_energy_integral_wh": "ec_step",
    "discharging_energy_integral_wh": "ed_step",
    "charging_capacity_counter_ah": "qc_cnt",
    "discharging_capacity_counter_ah": "qd_cnt",
    "charging_energy_counter_wh": "ec_cnt",
    "discharging_energy_counter_wh": "ed_cnt",
    "charging_capacity_ah": "qc_cnt",
    "discharging_capacity_ah": "qd_cnt",
    "charging_energy_wh": "ec_cnt",
    "discharging_energy_wh": "ed_cnt",
}
EFFICIENCIES = {"coulombic_efficiency_percent": "ce_pct_cnt", "energy_efficiency_percent": "ee_pct_cnt"}
READINGS = {"voltage_min_volt": "v_min", "voltage_max_volt": "v_max", "current_max_ampere": "i_max"}


def reference(name: str) -> list[dict[str, str]]:
    with (SHARED / "expected" / f"{name.split('.')[0]}_cycles.csv").open() as file:
        return list(csv.DictReader(file))


def number(text: str) -> object:
    return pytest.approx(float(text or "nan"), rel=1e-6, nan_ok=True)


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
        for ours, theirs in MEASURED.items():
            assert float(row[ours] or "nan") == number(wanted[theirs]), (row["cycle_count"], ours)
        for ours, theirs in EFFICIENCIES.items():  # of a cycle without a discharge the reference says 0, we say nothing
            assert float(row[ours] or 0.0) == number(wanted[theirs] or "0"), (row["cycle_count"], ours)
        for ours, theirs in READINGS.items():  # the reference has nine digits
            assert float(row[ours]) == pytest.approx(float(wanted[theirs]), rel=5e-9), (row["cycle_count"], ours)


@pytest.mark.end_to_end
@pytest.mark.skipif(not SHARED.is_dir(), reason="the reference files (../shared/data) are not beside this checkout")
def test_reading_the_file_again_changes_nothing_and_both_files_live_in_one_store(tmp_path):
    store = f"sqlite:///{tmp_path}/m.db"
    for name in (*FILES, *FILES):
        chargetracker("run", "--source", f"file://{SHARED / name}?group=G", "--store", store)
    rows = exported("cycles", store, tmp_path)
    cycles = {name.partition(".")[0]: count for name, count in FILES.items()}
    assert [row["battery_id"] for row in rows] == [name for name in sorted(cycles) for _ in range(cycles[name])]
    assert {row["group"] for row in rows} == {"G"}
    assert sum(int(row["reading_count"]) for row in rows) == 10714 + 2142 + 9065 + 9999 + 25162

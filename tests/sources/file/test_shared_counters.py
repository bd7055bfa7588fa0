"""The counters of the five shared files, split and scaled, against the reference values beside them."""

import csv

import numpy as np
import pytest

from pipelines.sources.file.layout import layout_of
from pipelines.sources.file.reader import Reader
from pipelines.sources.file.tables import open_table
from tests.sources.file.test_file_source import SHARED

FILES = [
    "neware_flat_halfcell.csv",
    "maccor_24cycles.078",
    "arbin_lfp_fastcharge.csv",
    "biologic_mb_formation.csv",
    "landt_graphite_coin.csv",
]
COUNTERS = {
    "charging_capacity_ah": "qc_cnt",
    "discharging_capacity_ah": "qd_cnt",
    "charging_energy_wh": "ec_cnt",
    "discharging_energy_wh": "ed_cnt",
}


def counted(counter):
    """Sum of what a counter rose, when a fall is a reset and the first value a baseline."""
    rises = np.diff(counter)
    return np.where(rises >= 0, rises, counter[1:]).sum()


@pytest.mark.parametrize("name", FILES)
def test_the_counters_of_a_shared_file_add_up_to_the_reference_values(name):
    if not SHARED.is_dir():
        pytest.skip(f"the shared cycler files are not beside the repository ({SHARED})")
    table = open_table(SHARED / name)
    parts = [rows.values for _, rows in Reader(table, layout_of(table)).read(0, 1 << 40)]
    with (SHARED / "expected" / f"{name.partition('.')[0]}_cycles.csv").open() as file:
        cycles = list(csv.DictReader(file))
    for ours, theirs in COUNTERS.items():
        counter = np.concatenate([values[ours] for values in parts])
        expected = sum(float(cycle[theirs] or 0) for cycle in cycles)
        assert counted(counter) == pytest.approx(expected, rel=1e-6, abs=1e-9), ours

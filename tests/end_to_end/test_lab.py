"""A simulated lab, by the command line: what is exported is what the lab says is true."""

import csv
from math import inf

import pytest

from pipelines.cli.publisher import open_publisher
from pipelines.storage import open_reader
from simulator import FaultRates, Faults, Lab, play
from tests.end_to_end.command import chargetracker, exported

LAB = ("--batteries", "8", "--cycles", "3", "--speed", "max", "--seed", "5")
CLOSE = {
    "charging_capacity_ah",
    "discharging_capacity_ah",
    "charging_energy_wh",
    "discharging_energy_wh",
    "coulombic_efficiency_percent",
    "energy_efficiency_percent",
    "mean_charging_voltage_volt",
    "mean_discharging_voltage_volt",
    "duration_second",
    "charging_time_second",
    "discharging_time_second",
}
EXACT = {"battery_id", "group", "cycle_number", "cycle_count", "steps"}


@pytest.mark.end_to_end
@pytest.mark.parametrize("message_format", ["json", "columns", "arrow"])
def test_the_rows_of_a_lab_agree_with_its_own_truth(message_format, tmp_path):
    log, store, truth = f"log://{tmp_path}/log", f"sqlite:///{tmp_path}/m.db", tmp_path / "truth.csv"
    chargetracker("simulate", "--to", log, *LAB, "--truth", truth, "--message-format", message_format)
    chargetracker("run", "--source", log, "--store", store, "--once")
    rows = exported("cycles", store, tmp_path)
    with truth.open(newline="") as file:
        wanted = list(csv.DictReader(file))
    assert len(rows) == len(wanted) == 8 * 3
    assert EXACT | CLOSE <= wanted[0].keys() <= rows[0].keys()
    for row, true in zip(rows, wanted, strict=True):
        assert {name: row[name] for name in EXACT} == {name: true[name] for name in EXACT}
        for name in CLOSE:
            assert float(row[name]) == pytest.approx(float(true[name]), rel=1e-4), (row["battery_id"], name)


@pytest.mark.end_to_end
def test_with_faults_the_books_balance(tmp_path):
    """The lab's ledger says what it did to how many readings; the store must have counted exactly that."""
    rates = FaultRates(missing=0.01, repeated=0.01, disordered=0.02, late=0.005, malformed=0.01, silent=0.001)
    with open_publisher(f"log://{tmp_path}/log", None) as publisher:
        ledger = play(Lab(batteries=8, cycles=3, seed=5), publisher, speed=inf, faults=Faults(rates, 5)).ledger
    store = f"sqlite:///{tmp_path}/m.db"
    chargetracker("run", "--source", f"log://{tmp_path}/log", "--store", store, "--once")
    totals = open_reader(store).totals()
    found = totals.readings, totals.duplicates, totals.late, totals.dead_letters
    assert found == (ledger.accepted, ledger.repeated, ledger.late, ledger.malformed)
    assert min(found) > 500
    assert sum(found) == ledger.sent < ledger.generated
    assert len(exported("dead-letters", store, tmp_path)) == ledger.malformed

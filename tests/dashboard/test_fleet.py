"""The fleet folded row by row equals the fleet computed from all rows."""

import numpy as np
import pytest

from dashboard.fleet import UNGROUPED, Fleet
from dashboard.metrics import METRICS, metric_index
from tests.dashboard.fake_store import FakeStore, Lab, a_battery, a_cycle

ENERGY = metric_index("discharge-energy")


def recomputed(rows, members, metric):
    """Count, mean and SD of each cycle with numpy alone."""
    found = {}
    for row in rows:
        value = getattr(row, METRICS[metric].field)
        if row.battery_id in members and row.status != "running" and np.isfinite(value):
            found.setdefault(row.cycle_number, []).append(value)
    return {c: (len(v), np.mean(v), np.std(v, ddof=1) if len(v) > 1 else np.nan) for c, v in found.items()}


def test_statistics_after_every_step_equal_a_full_recomputation():
    store = FakeStore()
    lab, fleet = Lab(store, groups="WX", size=4, cycles=3.0), Fleet()
    for version in range(1, 12):
        changed = fleet.changed(store.batteries())
        since = {row.battery_id: fleet.open_cycle(row.battery_id) for row in changed}
        fleet.apply(version, changed, store.cycles(since=since))
        for group, table in fleet.tables.items():
            for metric in range(len(METRICS)):
                expected = recomputed(store.cycles(), table.members, metric)
                for cycle in range(len(table)):
                    n, mean, sd = table.at(metric, cycle)
                    assert (n, mean, sd) == pytest.approx(expected.get(cycle, (0, np.nan, np.nan)), nan_ok=True), group
        lab.advance(1500.0)


def test_a_running_cycle_counts_in_nothing():
    fleet = Fleet()
    change = fleet.apply(1, [a_battery("b1")], [a_cycle("b1", 1), a_cycle("b1", 2, status="running")])
    assert change.cycles == {"W": {1}}
    assert fleet.tables["W"].at(ENERGY, 2)[0] == 0
    assert fleet.cycles_completed() == 1


def test_a_provisional_value_is_replaced_without_a_trace():
    fleet = Fleet()
    fleet.apply(1, [a_battery("b1"), a_battery("b2")], [a_cycle("b1", 1, 1e9, "provisional"), a_cycle("b2", 1, 3.0)])
    fleet.apply(2, [a_battery("b1", revision=2)], [a_cycle("b1", 1, 2.0)])
    assert fleet.tables["W"].at(ENERGY, 1) == (2, 2.5, pytest.approx(np.sqrt(0.5), rel=1e-15))


def test_the_same_rows_again_change_no_statistics():
    fleet = Fleet()
    fleet.apply(1, [a_battery("b1")], [a_cycle("b1", 1)])
    assert fleet.apply(2, [a_battery("b1", revision=2)], [a_cycle("b1", 1)]).cycles == {}


def test_reading_goes_on_at_the_first_cycle_that_is_not_final():
    fleet = Fleet()
    rows = [
        a_cycle("b1", 1),
        a_cycle("b1", 2),
        a_cycle("b1", 3, status="provisional"),
        a_cycle("b1", 4, status="running"),
    ]
    fleet.apply(1, [a_battery("b1")], rows)
    assert fleet.open_cycle("b1") == 3
    fleet.apply(2, [a_battery("b1", revision=2)], [a_cycle("b1", 3), a_cycle("b1", 4)])
    assert fleet.open_cycle("b1") == 5
    assert fleet.is_finished("b1")


def test_batteries_without_a_group_are_shown_as_one():
    fleet = Fleet()
    fleet.apply(1, [a_battery("b1", group=""), a_battery("b2", group="A")], [])
    assert fleet.groups() == ("A", UNGROUPED)
    assert fleet.group_of("b1") == "ungrouped"


def test_a_battery_that_joins_keeps_the_values_of_the_others():
    fleet = Fleet()
    fleet.apply(1, [a_battery("b2")], [a_cycle("b2", 1, 2.0)])
    change = fleet.apply(2, [a_battery("b1")], [a_cycle("b1", 1, 4.0)])
    assert change.members
    assert fleet.tables["W"].at(ENERGY, 1)[:2] == (2, 3.0)
    assert fleet.tables["W"].members == ["b1", "b2"]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [a_battery("b1", revision=4)],
        [a_battery("b1", revision=6, reading_count=4)],
        [a_battery("b1", group="X", revision=6)],
    ],
    ids=["it went", "an older revision", "fewer readings", "another group"],
)
def test_what_went_back_is_read_afresh(rows):
    fleet = Fleet()
    fleet.apply(1, [a_battery("b1", revision=5)], [])
    assert fleet.is_outdated_by(rows)
    assert not fleet.is_outdated_by([a_battery("b1", revision=6)])


def test_a_cycle_without_a_discharge_has_no_discharge_energy():
    fleet = Fleet()
    fleet.apply(1, [a_battery("b1")], [a_cycle("b1", 0, 3.0, discharging_energy_wh=0.0)])
    assert fleet.tables["W"].at(ENERGY, 0)[0] == 0
    assert fleet.cycles_completed() == 1


def test_retention_is_newest_over_first_capacity():
    fleet = Fleet()
    rows = [a_cycle("b1", k, discharging_capacity_ah=q) for k, q in enumerate((0.0, 2.0, 1.9, 1.5))]
    fleet.apply(1, [a_battery("b1"), a_battery("b2")], rows)
    assert fleet.retention_percent().tolist() == [75.0]


def test_a_silent_or_finished_cell_does_not_run():
    fleet = Fleet()
    fleet.apply(1, [a_battery("b1"), a_battery("b2")], [a_cycle("b1", 1, status="running"), a_cycle("b2", 1)])
    assert fleet.running("b1", now=1e9 + 60)
    assert not fleet.running("b1", now=1e9 + 600)
    assert not fleet.running("b2", now=1e9 + 60)


def test_all_are_finished_when_the_newest_cycle_of_each_is_final():
    fleet = Fleet()
    assert not fleet.all_finished()
    fleet.apply(1, [a_battery("b1"), a_battery("b2")], [a_cycle("b1", 1)])
    assert not fleet.all_finished()
    fleet.apply(2, [a_battery("b2", revision=2)], [a_cycle("b2", 1)])
    assert fleet.all_finished()

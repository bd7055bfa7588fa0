"""All the page knows about the batteries, folded from rows of the store."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dashboard.changes import Change
from dashboard.group_table import GroupTable
from dashboard.metrics import DISCHARGE_CAPACITY, cycle_values
from dashboard.statistics import Floats, latest_complete
from schemas import BatteryRow, CycleRow

UNGROUPED = "ungrouped"
SILENT_AFTER_SECOND = 120.0
FINISHED = ("final", "revised")


class Fleet:
    """Batteries, their groups and the values of their ended cycles.

    Attributes:
        batteries: Newest row of each.
        tables: Values and statistics of each group, by name.
    """

    def __init__(self) -> None:
        self.batteries: dict[str, BatteryRow] = {}
        self.tables: dict[str, GroupTable] = {}
        self._open_cycle: dict[str, int] = {}
        self._finished: set[str] = set()
        self._group: dict[str, str] = {}

    def is_outdated_by(self, rows: Sequence[BatteryRow]) -> bool:
        """True when a battery went, or went back, or changed its group: then everything is read again."""
        new = {row.battery_id: row for row in rows}
        return any(i not in new or _went_back(old, new[i]) for i, old in self.batteries.items())

    def changed(self, rows: Sequence[BatteryRow]) -> list[BatteryRow]:
        """Those with another revision than known."""
        known = self.batteries
        return [r for r in rows if r.battery_id not in known or known[r.battery_id].revision != r.revision]

    def open_cycle(self, battery_id: str) -> int:
        """First cycle that can still change; the one to read from."""
        return self._open_cycle.get(battery_id, 0)

    def apply(self, version: int, batteries: Sequence[BatteryRow], cycles: Sequence[CycleRow]) -> Change:
        """Fold newer rows in.

        Args:
            version: Of the fleet with these rows.
            batteries: Changed batteries.
            cycles: Cycles by battery and number, of batteries that are known or among ``batteries``.

        Returns:
            What is different now.
        """
        joined = self._join(batteries)
        touched = self._put(cycles)
        for name, numbers in touched.items():
            self.tables[name].recompute(numbers)
        frozen = {name: frozenset(numbers) for name, numbers in touched.items()}
        return Change(version, frozen, frozenset(row.battery_id for row in batteries), joined)

    def group_of(self, battery_id: str) -> str:
        """Group of a known battery; `UNGROUPED` when it has none."""
        return self._group[battery_id]

    def groups(self) -> tuple[str, ...]:
        """Names of all groups, sorted; those without a group last."""
        return tuple(sorted(self.tables, key=lambda name: (name == UNGROUPED, name)))

    def running(self, battery_id: str, now: float) -> bool:
        """True while readings arrive and the newest cycle can change."""
        silent = now - self.batteries[battery_id].last_arrival_unix_second > SILENT_AFTER_SECOND
        return battery_id not in self._finished and not silent

    def is_finished(self, battery_id: str) -> bool:
        """True when its newest cycle is final."""
        return battery_id in self._finished

    def all_finished(self) -> bool:
        """True when there are batteries and no cycle can change any more."""
        return bool(self.batteries) and self._finished >= self.batteries.keys()

    def latest_complete(self, group: str, now: float) -> int:
        """The newest cycle that all running cells of the group have ended; -1 when there is none."""
        table = self.tables[group]
        running = np.array([self.running(member, now) for member in table.members], dtype=bool)
        return latest_complete(table.last_ended(), running)

    def cycles_completed(self) -> int:
        """Ended cycles of all batteries together."""
        return int(sum(_ended(table).sum() for table in self.tables.values()))

    def retention_percent(self) -> Floats:
        """Newest over first discharge capacity of each battery with two cycles, shape (n,) [%]."""
        found = [_retention(row) for table in self.tables.values() for row in table.values[DISCHARGE_CAPACITY]]
        return np.array([value for value in found if value is not None])

    def _join(self, batteries: Sequence[BatteryRow]) -> bool:
        new = [row for row in batteries if row.battery_id not in self.batteries]
        self.batteries.update((row.battery_id, row) for row in batteries)
        self._group.update((row.battery_id, row.group or UNGROUPED) for row in new)
        for name in {self._group[row.battery_id] for row in new}:
            self._rebuild(name)
        return bool(new)

    def _rebuild(self, name: str) -> None:
        old, members = self.tables.get(name), [i for i, group in self._group.items() if group == name]
        table = self.tables[name] = GroupTable(members)
        for member in old.members if old else ():
            for number, values in enumerate(old.values[:, old.members.index(member)].T if old else ()):
                table.put(member, number, values)
        table.recompute(range(len(table)))

    def _put(self, cycles: Sequence[CycleRow]) -> dict[str, set[int]]:
        self._note_status(cycles)
        touched: dict[str, set[int]] = {}
        for row in cycles:
            name = self._group.get(row.battery_id)
            if row.status == "running" or name is None:
                continue
            if self.tables[name].put(row.battery_id, row.cycle_number, cycle_values(row)):
                touched.setdefault(name, set()).add(row.cycle_number)
        return touched

    def _note_status(self, cycles: Sequence[CycleRow]) -> None:
        newest = {row.battery_id: row for row in cycles}
        first_open = {row.battery_id: row.cycle_number for row in reversed(cycles) if row.status not in FINISHED}
        for battery_id, row in newest.items():
            self._open_cycle[battery_id] = first_open.get(battery_id, row.cycle_number + 1)
            (self._finished.add if row.status in FINISHED else self._finished.discard)(battery_id)


def _went_back(old: BatteryRow, new: BatteryRow) -> bool:
    group_changed = (old.group or UNGROUPED) != (new.group or UNGROUPED)
    return group_changed or new.revision < old.revision or new.reading_count < old.reading_count


def _ended(table: GroupTable) -> NDArray[np.bool_]:
    return np.asarray(~np.isnan(table.values).all(axis=0))


def _retention(capacity_ah: Floats) -> float | None:
    there = capacity_ah[capacity_ah > 0]
    return float(100.0 * there[-1] / there[0]) if len(there) > 1 else None

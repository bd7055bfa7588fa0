"""One look into the store: the rows that are new since the last one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dashboard.fleet import Fleet
from dashboard.watched_cell import WatchedCell
from pipelines.storage.base import StoreReader, Totals
from schemas import BatteryRow, CycleRow, TracePoint


@dataclass(frozen=True, slots=True)
class News:
    """What one look found.

    Attributes:
        totals: Counts of the whole store.
        afresh: True when everything was read again, because the store went back.
        batteries: Changed batteries.
        cycles: Their cycles, from the first that can still change.
        traces: New trace points of the watched batteries.
        histories: All cycles of the batteries that are watched for the first time.
    """

    totals: Totals
    afresh: bool
    batteries: list[BatteryRow]
    cycles: list[CycleRow]
    traces: Mapping[str, list[TracePoint]] = field(default_factory=dict)
    histories: Mapping[str, list[CycleRow]] = field(default_factory=dict)


def look(reader: StoreReader, fleet: Fleet, watched: Iterable[WatchedCell], again: frozenset[str]) -> News:
    """Ask the store what changed.

    Args:
        reader: Of the store.
        fleet: What is known.
        watched: Batteries of which the trace and all cycles are wanted.
        again: Batteries to read although their revision is known: in a store that is not one transaction the
            cycle can come after the battery's row.

    Raises:
        Exception: Whatever the store raises.
    """
    rows = reader.batteries()
    afresh = fleet.is_outdated_by(rows)
    known = Fleet() if afresh else fleet
    changed = known.changed(rows)
    wanted = {row.battery_id for row in changed} | (again & known.batteries.keys())
    cells = [cell for cell in watched if cell.battery_id in {row.battery_id for row in rows}]
    return News(
        totals=reader.totals(),
        afresh=afresh,
        batteries=changed,
        cycles=_cycles(reader, known, wanted),
        traces=_traces(reader, cells, wanted, afresh),
        histories=_histories(reader, cells, afresh),
    )


def _cycles(reader: StoreReader, known: Fleet, wanted: set[str]) -> list[CycleRow]:
    if not wanted:
        return []
    if not known.batteries:
        return [row for row in reader.cycles() if row.battery_id in wanted]
    return reader.cycles(since={battery_id: known.open_cycle(battery_id) for battery_id in wanted})


def _traces(
    reader: StoreReader, cells: list[WatchedCell], wanted: set[str], afresh: bool
) -> dict[str, list[TracePoint]]:
    asked = [cell for cell in cells if afresh or cell.battery_id in wanted or not cell.points]
    since = {cell.battery_id: float("-inf") if afresh else cell.newest_second for cell in asked}
    return {battery_id: reader.trace(battery_id, after) for battery_id, after in since.items()}


def _histories(reader: StoreReader, cells: list[WatchedCell], afresh: bool) -> dict[str, list[CycleRow]]:
    new = [cell.battery_id for cell in cells if afresh or not cell.cycles]
    return {battery_id: reader.cycles(since={battery_id: 0}) for battery_id in new}

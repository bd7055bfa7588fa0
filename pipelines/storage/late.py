"""Late readings are counted when they are read: the row they belong to may have left the state long ago."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from schemas import CycleRow, LateReading, StepRow

RowKey = tuple[str, int]
"""Battery and number of a cycle or step."""


def late_counts(rows: Sequence[CycleRow] | Sequence[StepRow], late: Iterable[LateReading]) -> Counter[RowKey]:
    """How many late readings belong to each row.

    A row reaches from its start to the start of the battery's next row; the last one is open ended, and what lies
    before the first counts on the first.

    Args:
        rows: Cycles or steps, in any order.
        late: Late readings, in any order; those of a battery without rows are left out, and so are those whose
            time is not known.

    Returns:
        By battery and number; a row without late readings counts 0 without being in it.
    """
    starts = _starts(rows)
    counts: Counter[RowKey] = Counter()
    for reading in late:
        of_battery = starts.get(reading.battery_id)
        if of_battery is not None and reading.time_second == reading.time_second:
            counts[(reading.battery_id, _number_at(of_battery, reading.time_second))] += 1
    return counts


def _starts(rows: Sequence[CycleRow] | Sequence[StepRow]) -> dict[str, list[tuple[float, int]]]:
    """Start and number of each battery's rows, by start."""
    found: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    for row in rows:
        # The second field of either row is its number.
        found[row.battery_id].append((row.start_time_second, row[1]))
    for starts in found.values():
        starts.sort()
    return found


def _number_at(starts: list[tuple[float, int]], time_s: float) -> int:
    before = bisect_right(starts, time_s, key=lambda start: start[0])
    return starts[max(before - 1, 0)][1]

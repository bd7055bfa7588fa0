"""What only the whole of a file tells: whole cycle numbers, the order of day and month, the sign of the current."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from pipelines.sources.cyclers import Column, Export
from pipelines.sources.cyclers.clocks import day_first_in
from pipelines.sources.cyclers.columns import Manner, converted, texts_of
from pipelines.sources.cyclers.directions import directions
from pipelines.sources.cyclers.numbers import Floats
from pipelines.sources.cyclers.signs import SignEvidence, rising

_COUNTERS = ("charging_capacity_ah", "discharging_capacity_ah")


class FileFacts:
    """What a pass through the whole file finds out.

    Attributes:
        fraction: A cycle number that is not whole; `None` when there is none.
        day_first: Whether dates begin with the day; `None` when they don't tell.
        signs: Of the current.
    """

    def __init__(self, export: Export, columns: Sequence[Column], manner: Manner, *, day_first_open: bool) -> None:
        """Nothing is known yet.

        Args:
            export: What the file is.
            columns: Those that are read.
            manner: How values are written.
            day_first_open: Clocks are written so that the order of day and month matters.
        """
        self._export = export
        self._manner = manner
        self._day_first_open = day_first_open
        self._columns = {column.target: column for column in columns}
        self.fraction: float | None = None
        self.day_first: bool | None = None
        self.signs = SignEvidence()

    def wanted(self) -> list[Column]:
        """Columns that can still tell something."""
        names = ["cycle_count"] if self.fraction is None else []
        if self.day_first is None and self._day_first_open:
            names.append("unix_time_second")
        says_direction = ["state"] if "state" in self._columns else []
        says_direction += _COUNTERS if self._columns.keys() >= set(_COUNTERS) else []
        if says_direction and not self.signs.settled:
            names += ["current_ampere", *says_direction]
        return [self._columns[name] for name in names if name in self._columns]

    def add(self, cells: Mapping[str, pa.Array]) -> None:
        """Look at some rows."""
        if self.fraction is None and "cycle_count" in cells:
            counts = self._values(cells, "cycle_count")
            broken = counts[np.isfinite(counts) & (counts != np.floor(counts))]
            self.fraction = float(broken[0]) if len(broken) else None
        if self.day_first is None and "unix_time_second" in cells:
            self.day_first = day_first_in(cells["unix_time_second"])
        if "current_ampere" in cells:
            self._add_signs(cells)

    def _add_signs(self, cells: Mapping[str, pa.Array]) -> None:
        current = self._values(cells, "current_ampere") * self._export.charging_sign
        said = counted = np.zeros(len(current), np.int8)
        if "state" in cells:
            said = directions(texts_of(cells["state"]), self._export)
        if cells.keys() >= set(_COUNTERS):
            counted = rising(*(self._values(cells, name) for name in _COUNTERS))
        self.signs = self.signs.with_rows(current, said, counted)

    def _values(self, cells: Mapping[str, pa.Array], target: str) -> Floats:
        return converted(cells[target], self._columns[target], self._manner).values

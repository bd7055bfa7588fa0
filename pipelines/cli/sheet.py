"""What a file of rows looks like: its columns, what they mean, and how they are filled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from pipelines.cli.kept import TABLE_OF, Kept, Row, known
from pipelines.storage.late import late_counts
from schemas import LateReading
from schemas.dictionary import COUNTED_WHEN_READ, ColumnMeaning, meanings

Filled = list[list[Any]]
"""A list for each column, `None` where not known."""


class SheetColumn(NamedTuple):
    """One column of a file.

    Attributes:
        name: In the file.
        kind: `str`, `int`, `float` or `bytes`.
        meaning: What it says.
    """

    name: str
    kind: type
    meaning: ColumnMeaning


class Sheet(Protocol):
    """Columns in a fixed order, and what they hold."""

    @property
    def columns(self) -> tuple[SheetColumn, ...]:
        """All of them, in order."""
        ...

    def fill(self, rows: Sequence[Row]) -> Filled:
        """The columns of these rows, which are all of one battery or all there are."""
        ...


class TableSheet:
    """A table as it is kept, behind its own columns what is counted when it is read."""

    def __init__(self, kept: Kept, late: Iterable[LateReading] = ()) -> None:
        """Name the table.

        Args:
            kept: Which.
            late: Late readings, for the tables that count them.
        """
        table = TABLE_OF[kept]
        kinds = dict(table.columns())
        self._own = tuple(kinds)
        self._counts_late = table.name in COUNTED_WHEN_READ
        kinds |= dict.fromkeys(COUNTED_WHEN_READ.get(table.name, ()), int)
        self.columns = tuple(SheetColumn(one.column, kinds[one.column], one) for one in meanings(table))
        self._late: defaultdict[str, list[LateReading]] = defaultdict(list)
        for reading in late:
            self._late[reading.battery_id].append(reading)

    def fill(self, rows: Sequence[Row]) -> Filled:
        """The columns of these rows, which are all of one battery or all there are."""
        values = zip(*rows, strict=True) if rows else [()] * len(self._own)
        filled = [[known(name, value) for value in column] for name, column in zip(self._own, values, strict=True)]
        return [*filled, self._late_column(rows)] if self._counts_late else filled

    def _late_column(self, rows: Sequence[Row]) -> list[int]:
        late = [reading for battery_id in {row[0] for row in rows} for reading in self._late[battery_id]]
        counts = late_counts(rows, late)  # type: ignore[arg-type]  # only tables of cycles and steps count them
        return [counts[row[0], row[1]] for row in rows]

"""What has to be known of a whole file before its first row can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

import pyarrow as pa

from pipelines.sources.base import SourceError
from pipelines.sources.cyclers import Column, Export
from pipelines.sources.cyclers.clocks import is_wall_clock
from pipelines.sources.cyclers.columns import Manner, converted
from pipelines.sources.cyclers.numbers import decimal_sign, numbers
from pipelines.sources.cyclers.table import DIMENSIONS
from pipelines.sources.file.facts import FileFacts
from pipelines.sources.file.table import Table
from pipelines.sources.file.time_unit import unit_by_clock

_NO_TEXTS = pa.array([], pa.string())
_SAMPLE_BYTES = 64 * 1024
_PASS_BYTES = 8 * 1024 * 1024
_SAMPLE_TEXTS = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of one file are read.

    Attributes:
        export: What the file is.
        columns: Those that are read.
        manner: How values are written.
        unsigned: The current has no sign: the state says it.
        notes: What was assumed, and what was refused for the whole file, for people.
        warnings: Those of them that somebody should know who has not asked.
    """

    export: Export
    columns: tuple[Column, ...]
    manner: Manner
    unsigned: bool = False
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def layout_of(table: Table, zone: tzinfo = UTC) -> Layout:
    """Look through a file.

    Args:
        table: The file.
        zone: Where clocks without a zone of their own hang.
    """
    layout, facts = _from_sample(table, zone)
    row = 0
    while row < table.row_count and (wanted := facts.wanted()):
        for piece in table.pieces(row, _PASS_BYTES, wanted):
            facts.add({column.target: cells for column, cells in zip(wanted, piece.columns, strict=True)})
            row = piece.next_row
    return _settled(layout, facts)


def _from_sample(table: Table, zone: tzinfo) -> tuple[Layout, FileFacts]:
    """What the first rows tell: decimal sign, units of times, which columns are clocks; and what is still open."""
    first = {column: _first_cells(table, column) for column in table.columns}
    numeric = [cells for column, cells in first.items() if DIMENSIONS[column.target] not in ("text", "clock")]
    manner = Manner(
        decimal_sign(text for cells in numeric for text in _some_texts(cells)), table.export.day_first, zone
    )
    columns: dict[str, Column] = {}
    for column, cells in first.items():
        read_as = _as_clock(column, cells)
        columns.setdefault(read_as.target, read_as)
    cells_of = {target: _cells_of(column, first) for target, column in columns.items()}
    found, notes = _with_time_unit(table.export, list(columns.values()), cells_of, manner)
    clock = cells_of.get("unix_time_second", _NO_TEXTS)
    if _is_clock(clock):
        notes = (*notes, f"clock times have no zone: taken as {zone}")
    layout = Layout(table.export, tuple(found), manner, notes=(f"read as {table.export.title}", *notes))
    year_last = any(is_wall_clock(text) and not text.strip()[:4].isdigit() for text in _some_texts(clock)[:1])
    return layout, FileFacts(table.export, found, manner, day_first_open=year_last)


def _cells_of(column: Column, first: Mapping[Column, pa.Array]) -> pa.Array:
    return next(cells for known, cells in first.items() if known.field == column.field)


def _is_clock(cells: pa.Array) -> bool:
    """Whether cells are wall clocks without a zone of their own, or typed as such."""
    if pa.types.is_timestamp(cells.type):
        return cells.type.tz is None
    return any(is_wall_clock(text) for text in _some_texts(cells)[:1])


def _first_cells(table: Table, column: Column) -> pa.Array:
    piece = next(table.pieces(0, _SAMPLE_BYTES, [column]), None)
    return piece.columns[0] if piece is not None else pa.array([], pa.string())


def _some_texts(cells: pa.Array) -> list[str]:
    if not pa.types.is_string(cells.type):
        return []
    return [text for text in cells[:_SAMPLE_TEXTS].to_pylist() if text is not None]


def _as_clock(column: Column, cells: pa.Array) -> Column:
    """The column; a time of the test that is written as a wall clock is one."""
    if column.target != "test_time_second":
        return column
    if _is_clock(cells) or pa.types.is_timestamp(cells.type):
        return Column(column.field, "unix_time_second", "clock")
    return column


def _with_time_unit(
    export: Export, columns: Sequence[Column], cells: Mapping[str, pa.Array], manner: Manner
) -> tuple[list[Column], tuple[str, ...]]:
    """The columns with the unit of times that nobody says, and a note about it."""
    by_target = {column.target: column for column in columns}
    time, clock = by_target.get("test_time_second"), by_target.get("unix_time_second")
    if time is None or time.has_unit or not export.time_without_unit or not _all_numbers(cells[time.target], manner):
        return list(columns), ()
    unit = None
    if clock is not None:
        unit = unit_by_clock(*(converted(cells[one.target], one, manner).values for one in (time, clock)))
    note = f"no unit of time in the header: taken as {unit or 's'}{', as the wall clock says' if unit else ''}"
    return [one if one.has_unit else one._replace(unit=unit or one.unit) for one in columns], (note,)


def _all_numbers(cells: pa.Array, manner: Manner) -> bool:
    """Whether there are no durations among them."""
    return not pa.types.is_string(cells.type) or not numbers(cells, manner.decimal).failed.any()


def _settled(layout: Layout, facts: FileFacts) -> Layout:
    columns, export, warnings = layout.columns, layout.export, []
    if facts.fraction is not None:
        columns = tuple(column for column in columns if column.target != "cycle_count")
        warnings.append(f"cycle numbers are not whole ({facts.fraction:g}): refused, cycles are found from the data")
    if facts.signs.turned_round:
        export = replace(export, charging_sign=-1 if export.charging_sign == 1 else 1)
        warnings.append("the current is turned round: it is positive where the file says that it discharges")
    unsigned = facts.signs.unsigned
    if unsigned and not any(column.target == "state" for column in columns):
        raise SourceError(
            "its current has no sign, and no column says whether it charges or discharges: export the state or the "
            "type of the step as well."
        )
    notes = (*layout.notes, *warnings, *(("the current has no sign: taken from the state",) if unsigned else ()))
    manner = layout.manner if facts.day_first is None else replace(layout.manner, day_first=facts.day_first)
    return replace(
        layout,
        export=export,
        columns=columns,
        manner=manner,
        unsigned=unsigned,
        notes=notes,
        warnings=tuple(warnings),
    )

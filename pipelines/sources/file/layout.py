"""What has to be known of a whole file before its first row can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from itertools import repeat

import pyarrow as pa

from pipelines.sources.base import SourceError
from pipelines.sources.cyclers import Column, Export
from pipelines.sources.cyclers.clocks import is_wall_clock
from pipelines.sources.cyclers.columns import Manner, converted
from pipelines.sources.cyclers.numbers import decimal_sign, numbers
from pipelines.sources.cyclers.table import DIMENSIONS, our_unit
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
    first = _first_cells(table)
    numeric = [cells for column, cells in first.items() if DIMENSIONS[column.target] not in ("text", "clock")]
    manner = Manner(decimal_sign(text for cells in numeric for text in _some_texts(cells)), zone=zone)
    columns: dict[str, Column] = {}
    for column, cells in first.items():
        read_as = _as_clock(column, cells)
        columns.setdefault(read_as.target, read_as)
    cells_of = {target: _cells_of(column, first) for target, column in columns.items()}
    unit, warnings = _unit_of_time(table, columns, cells_of, manner)
    found = [one if one.has_unit else one._replace(unit=unit) for one in columns.values()]
    clock = cells_of.get("unix_time_second", _NO_TEXTS)
    notes = [f"read as {table.export.title}", *warnings]
    if _is_clock(clock):
        notes.append(f"clock times have no zone: taken as {zone}")
    layout = Layout(table.export, tuple(found), manner, notes=tuple(notes), warnings=warnings)
    year_last = any(is_wall_clock(text) and not text.strip()[:4].isdigit() for text in _some_texts(clock)[:1])
    return layout, FileFacts(table.export, found, manner, day_first_open=year_last)


def _cells_of(column: Column, first: Mapping[Column, pa.Array]) -> pa.Array:
    return next(cells for known, cells in first.items() if known.field == column.field)


def _is_clock(cells: pa.Array) -> bool:
    """Whether cells are wall clocks without a zone of their own, or typed as such."""
    if pa.types.is_timestamp(cells.type):
        return cells.type.tz is None
    return any(is_wall_clock(text) for text in _some_texts(cells)[:1])


def _first_cells(table: Table) -> dict[Column, pa.Array]:
    piece = next(table.pieces(0, _SAMPLE_BYTES, table.columns), None)
    return dict(zip(table.columns, piece.columns if piece is not None else repeat(_NO_TEXTS), strict=False))


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


def _unit_of_time(
    table: Table, columns: Mapping[str, Column], cells: Mapping[str, pa.Array], manner: Manner
) -> tuple[str, tuple[str, ...]]:
    """The unit of the times that have none in the header, and a warning where it is not sure.

    Args:
        table: The file.
        columns: By what they are.
        cells: The first ones of each.
        manner: How they are written.
    """
    time, clock = columns.get("test_time_second"), columns.get("unix_time_second")
    if time is None or not table.export.time_without_unit or not _all_numbers(cells[time.target], manner):
        return our_unit("test_time_second"), ()
    if time.has_unit:
        return time.unit.removeprefix("-"), ()
    unit = None
    if clock is not None:
        unit = unit_by_clock(*(converted(cells[one.target], one, manner).values for one in (time, clock)))
    if unit is not None:
        return unit, (f"no unit of time in the header: taken as {unit}, as the wall clock says",)
    told = "no wall clock tells it" if clock is None else "the wall clock does not tell it"
    say = f"map={table.fields[time.field]}={time.target}:min"
    return time.unit, (f"no unit of time in the header, and {told}: taken as {time.unit}; else say it, as with {say}",)


def _all_numbers(cells: pa.Array, manner: Manner) -> bool:
    """Whether there are no durations among them."""
    return not pa.types.is_string(cells.type) or not numbers(cells, manner.decimal).failed.any()


def _settled(layout: Layout, facts: FileFacts) -> Layout:
    columns, export, warnings = layout.columns, layout.export, list[str]()
    if facts.fraction is not None:
        columns = tuple(column for column in columns if column.target != "cycle_count")
        warnings.append(f"cycle numbers are not whole ({facts.fraction:g}): refused, cycles are found from the data")
    if facts.signs.turned_round:
        export = replace(export, charging_sign=-1 if export.charging_sign == 1 else 1)
        warnings.append(
            "the current is turned round: by its state or its counters the file charges and discharges the other way"
        )
    unsigned = facts.signs.unsigned
    if unsigned and not facts.signs.discharge_is_said:
        raise SourceError(
            "its current has no sign, and no column says whether it charges or discharges: export the state or the "
            "type of the step as well, in words like CC Chg and CC DChg."
        )
    if unsigned:
        warnings.append("the current has no sign: taken from the state")
    manner = layout.manner if facts.day_first is None else replace(layout.manner, day_first=facts.day_first)
    return replace(
        layout,
        export=export,
        columns=columns,
        manner=manner,
        unsigned=unsigned,
        notes=(*layout.notes, *warnings),
        warnings=(*layout.warnings, *warnings),
    )

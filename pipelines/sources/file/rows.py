"""Lines of an export to columns in our names, units and signs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.sources.cyclers import Export
from pipelines.sources.cyclers.units import SCALES, converter
from pipelines.sources.file.text_file import TextLine
from schemas.reading import COLUMNS, REQUIRED_COLUMNS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_TIMES = ("test_time_second", "unix_time_second")


@dataclass(frozen=True, slots=True)
class Rows:
    """What some lines say.

    Attributes:
        values: One row a column of the parser, NaN where not known, shape (columns, n).
        refused: Lines that are no reading: another number of fields than the header, a field that is not what its
            column holds, or no current, voltage or time; shape (n,).
    """

    values: Floats
    refused: Flags


class _Column(NamedTuple):
    field: int
    unit: str
    convert: Callable[[str], float]


class RowParser:
    """Reads the lines below one header.

    Attributes:
        names: Our names of the columns that the file has, in the order of `COLUMNS`.
    """

    def __init__(self, export: Export, fields: list[str], zone: tzinfo) -> None:
        """Find the columns.

        Args:
            export: What the file is.
            fields: Of its header.
            zone: Where the cycler's wall clock hangs.
        """
        self._export = export
        self._width = len(fields)
        found: dict[str, _Column] = {}
        for name in COLUMNS:
            theirs = next((one for one in export.columns.get(name, ()) if one[0] in fields), None)
            if theirs is not None:
                found[name] = _Column(fields.index(theirs[0]), theirs[1], converter(theirs[1], zone))
        self.names = tuple(found)
        self._columns = tuple(found.values())

    def parse(self, lines: Sequence[TextLine]) -> Rows:
        """The values in ``lines``, none of them blank."""
        rows = [line.text.decode(self._export.encoding, "replace").split(self._export.separator) for line in lines]
        refused = np.array([len(row) != self._width for row in rows], np.bool_)
        rows = [row if len(row) == self._width else [""] * self._width for row in rows]
        values = np.empty((len(self.names), len(rows)))
        for place, column in enumerate(self._columns):
            values[place], failed = _convert([row[column.field] for row in rows], column)
            refused |= failed
        values[self.names.index("current_ampere")] *= self._export.charging_sign
        return Rows(values, refused | self._lacking(values))

    def _lacking(self, values: Floats) -> Flags:
        unknown = dict(zip(self.names, np.isnan(values), strict=True))
        lacking: Flags = np.logical_and.reduce([unknown[name] for name in _TIMES if name in unknown])
        for name in REQUIRED_COLUMNS:
            lacking = lacking | unknown[name]
        return lacking


def _convert(texts: list[str], column: _Column) -> tuple[Floats, Flags]:
    """Values of one column, and which texts are none."""
    if column.unit in SCALES:
        numbers = _all_numbers(texts)
        if numbers is not None:
            multiply, divide = SCALES[column.unit]
            return numbers * multiply / divide, np.zeros(len(texts), np.bool_)
    values, failed = np.full(len(texts), math.nan), np.zeros(len(texts), np.bool_)
    for place, text in enumerate(texts):
        try:
            values[place] = column.convert(text)
        except (ValueError, OverflowError):
            failed[place] = True
    return values, failed


def _all_numbers(texts: list[str]) -> Floats | None:
    """The short way, for a column in which every text is a finite number."""
    try:
        numbers = np.array(list(map(float, texts)), np.float64)
    except ValueError:
        return None
    return numbers if np.isfinite(numbers).all() else None

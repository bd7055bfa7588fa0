"""How a cycler's export is described: everything that differs from make to make, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Export:
    """One make's text export: a header line somewhere near the top, then one reading a line.

    Attributes:
        make: As in ``?make=``.
        title: What people call the export.
        encoding: Of the text; its bytes are ASCII where it matters.
        separator: Between two fields.
        columns: Our name of a column (one of `COLUMNS`): the names it has in the versions of this export, each with
            its unit (one of `UNITS`). The first one that is in the header is read; what is not there is not known.
        required: Our names of the columns without which it is not this export.
        charging_sign: 1 when the export writes charging current as positive, -1 when as negative.
        header_within_lines: The header is among so many lines at the top: the first that has all of ``required``.
        lines_after_header: Lines between the header and the first reading (units, for example).
    """

    make: str
    title: str
    encoding: str
    separator: str
    columns: Mapping[str, tuple[tuple[str, str], ...]]
    required: tuple[str, ...]
    charging_sign: Literal[1, -1] = 1
    header_within_lines: int = 32
    lines_after_header: int = 0

    def fields(self, line: str) -> list[str]:
        """The fields of a header line, without blanks around them."""
        return [field.strip() for field in line.split(self.separator)]

    def missing(self, fields: list[str]) -> list[str]:
        """For each of ``required`` that has no column in the header ``fields``: what it is called in this export."""
        wanted = (self.columns[name] for name in self.required)
        return [names[0][0] for names in wanted if not any(name in fields for name, _ in names)]

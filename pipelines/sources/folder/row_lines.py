"""Which lines of an export are its rows: some are blank, repeat the header, or speak of a cycle or step as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

_RECORD_OF_LAYERS = re.compile(rb'[ "]*([,;\t|])[ "]*\1')
"""Two empty fields: where cycle, step and record lines are mixed, only records begin so."""


def row_lines(lines: Sequence[bytes], rows: int, headers: Collection[bytes]) -> Sequence[int] | None:
    """Numbers of the lines that are rows; `None` when that cannot be seen.

    Args:
        lines: Of a file, one behind the other.
        rows: How many of them are rows.
        headers: Lines above the first row, without blanks around them.
    """
    if rows == len(lines):
        return range(rows)
    told: tuple[Callable[[bytes], object], ...] = (
        bytes.strip,
        lambda line: line.strip() and line.strip() not in headers,
        _RECORD_OF_LAYERS.match,
    )
    for is_row in told:
        found = [number for number, line in enumerate(lines) if is_row(line)]
        if len(found) == rows:
            return found
    return None

"""What can be thrown away for its age."""

from __future__ import annotations

from schemas.tables import DEAD_LETTER, LATE, TRACE

_EXPIRY_COLUMNS = {
    TRACE.name: "unix_time_second",
    LATE.name: "arrival_unix_second",
    DEAD_LETTER.name: "arrival_unix_second",
}


def expiry_column(table: str) -> str:
    """The column that says how old a row of the table is.

    Raises:
        ValueError: Rows of that table are never thrown away for their age.
    """
    column = _EXPIRY_COLUMNS.get(table)
    if column is None:
        raise ValueError(f"rows of {table!r} do not expire; those of {', '.join(_EXPIRY_COLUMNS)} do")
    return column

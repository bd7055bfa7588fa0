"""What can be thrown away for the time it came in."""

from __future__ import annotations

from schemas.tables import DEAD_LETTER, LATE

ARRIVAL = "arrival_unix_second"
_EXPIRING = (LATE.name, DEAD_LETTER.name)


def refuse_lasting(table: str) -> None:
    """Let only tables pass whose rows are thrown away by `ARRIVAL`.

    Raises:
        ValueError: Rows of that table are never thrown away for it.
    """
    if table not in _EXPIRING:
        raise ValueError(f"rows of {table!r} do not expire; those of {' and '.join(_EXPIRING)} do")

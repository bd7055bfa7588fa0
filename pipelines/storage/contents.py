"""Which rows of a bundle go into which table, in the order they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.storage.base import Bundle
from schemas.tables import BATTERY, CYCLE, DEAD_LETTER, LATE, SNAPSHOT, STEP, TRACE, Table


def contents(bundle: Bundle) -> tuple[tuple[Table, Sequence[tuple[Any, ...]]], ...]:
    """Rows by table. Snapshots come last: where they are, everything they were made with is too."""
    return (
        (BATTERY, bundle.batteries),
        (CYCLE, bundle.cycles),
        (STEP, bundle.steps),
        (TRACE, bundle.trace),
        (LATE, bundle.late),
        (DEAD_LETTER, bundle.dead_letters),
        (SNAPSHOT, bundle.snapshots),
    )

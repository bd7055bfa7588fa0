"""Bringing a `ColumnDataSource` up to date with as few bytes as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bokeh.models import ColumnDataSource

Columns = Mapping[str, Any]


def update_source(source: ColumnDataSource, columns: Columns) -> None:
    """Make the source hold these columns: patches what differs, replaces all when the length does."""
    patches = differences(source.data, columns)
    if patches is None:
        source.data = {name: list(values) for name, values in columns.items()}
    elif patches:
        source.patch(patches)


def differences(old: Columns, new: Columns) -> dict[str, list[tuple[int, Any]]] | None:
    """What to patch in ``old`` to make it ``new``, by column; `None` when names or lengths differ."""
    if {name: len(values) for name, values in old.items()} != {name: len(values) for name, values in new.items()}:
        return None
    found = {name: _changed(old[name], values) for name, values in new.items()}
    return {name: changed for name, changed in found.items() if changed}


def _changed(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int, Any]]:
    pairs = enumerate(zip(old, new, strict=True))
    return [(place, b) for place, (a, b) in pairs if a != b and not (a != a and b != b)]

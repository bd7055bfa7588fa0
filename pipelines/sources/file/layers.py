"""Neware's layered CSV: lines of cycles, of steps behind one empty field, of records behind two.

1,0.02,0.33, ... ,1,1,Rest,00:00:20, ...     cycle 1, and its first step on the same line
,,1,00:00:00,00:00:00,0.0000,4.3185, ...     a record
,2,2,CC Chg,00:02:51, ...                    the next step
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from pipelines.sources.cyclers import Header, split_fields

_EMPTY_BEFORE_RECORDS = 2


class Layers:
    """Remembers the cycle and the step that records belong to; lines have to come in their order, from the first."""

    def __init__(self, header: Header, encoding: str) -> None:
        """Find out where things are.

        Args:
            header: Of the three layers.
            encoding: Of the lines.
        """
        cycles, steps = header.above
        self._separator = header.separator
        self._encoding = encoding
        self._cycle_width = max(place for place, name in enumerate(cycles) if name) + 1
        self._state_field = next((c.field for c in header.export.find(steps) if c.target == "state"), None)
        self._cycle, self._step, self._state = "", "", ""

    def restart(self) -> None:
        """Forget: the next line is the first one."""
        self._cycle, self._step, self._state = "", "", ""

    def records(self, texts: Sequence[bytes], places: Sequence[int]) -> tuple[list[int], list[pa.Array]]:
        """Which lines are records, and of each: its cycle, its step, the type of the step, as texts.

        Args:
            texts: Lines that follow each other.
            places: Those to look at.
        """
        records: list[int] = []
        context: list[tuple[str, str, str]] = []
        separator = self._separator.encode()
        for place in places:
            fields = texts[place].split(separator, 2)
            if len(fields) > _EMPTY_BEFORE_RECORDS and not any(field.strip(b' "') for field in fields[:-1]):
                records.append(place)
                context.append((self._cycle, self._step, self._state))
            else:
                self._enter(split_fields(texts[place].decode(self._encoding, "replace"), self._separator))
        return records, [pa.array(said, pa.string()) for said in zip(*context, strict=True)]

    def _enter(self, fields: list[str]) -> None:
        if not fields[0]:
            self._enter_step(fields)
            return
        self._cycle, self._step, self._state = fields[0], "", ""
        if any(fields[self._cycle_width :]):
            self._enter_step(["", *fields[self._cycle_width :]])

    def _enter_step(self, fields: list[str]) -> None:
        self._step = fields[1] if len(fields) > 1 else ""
        place = self._state_field
        self._state = fields[place] if place is not None and place < len(fields) else ""

"""Reads the rows of a table from anywhere, the same ones wherever it begins."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.sources.file.layout import Layout
from pipelines.sources.file.rows import Carry, RowParser, Rows
from pipelines.sources.file.table import Piece, Table

_REPLAY_BYTES = 1 << 62


class Reader:
    """What rows say can depend on those before them; then they are read again from the first, where that is needed.

    Attributes:
        table: The file.
        layout: How it is read.
    """

    def __init__(self, table: Table, layout: Layout) -> None:
        """Nothing is read yet."""
        self.table = table
        self.layout = layout
        self._parser = RowParser(layout)
        self._depends = self._parser.depends or table.context
        self._next_row = 0
        self._carry = Carry()

    def read(self, first: int, max_bytes: int) -> Iterator[tuple[Piece, Rows]]:
        """Rows from ``first`` on, about ``max_bytes`` of them and at least one.

        Raises:
            SourceError: The file has changed since it was opened.
        """
        if self._depends and first != self._next_row:
            self._next_row, self._carry = 0, Carry()
            for _ in self._pieces(0, _REPLAY_BYTES, first):
                pass
        yield from self._pieces(first, max_bytes, None)

    def _pieces(self, first: int, max_bytes: int, stop: int | None) -> Iterator[tuple[Piece, Rows]]:
        for piece in self.table.pieces(first, max_bytes, self.layout.columns, stop):
            rows, self._carry = self._parser.parse(piece.columns, self._carry)
            self._next_row = piece.next_row
            yield piece, rows

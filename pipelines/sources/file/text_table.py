"""A text export as a table: a row is a line below the header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from pipelines.sources.cyclers import HEAD_BYTES, Column, Header, Override, encoding_of, recognise
from pipelines.sources.cyclers.numbers import Flags
from pipelines.sources.file.delimited import LineSplitter
from pipelines.sources.file.layers import Layers
from pipelines.sources.file.table import Piece, Raw
from pipelines.sources.file.text_file import Lines, TextFile

_BLANKS = b' \t\r\0"'


class TextTable:
    """The rows of a text export; see `Table`. Blank lines and repeated headers have a number and are no rows."""

    def __init__(self, text: TextFile, make: str | None, overrides: Sequence[Override]) -> None:
        """Find out what it is.

        Raises:
            SourceError: It is no export that can be read.
        """
        head = text.head(HEAD_BYTES)
        header = recognise(head, make, overrides)
        encoding = encoding_of(head)
        self.export, self.fields, self.columns = header.export, header.fields, header.columns
        self.sha256 = text.sha256
        self.context = header.export.layered
        self._text = text
        self._first_line = header.line + 1
        self.row_count = max(text.line_count - self._first_line, 0)
        self._blanks = _BLANKS + header.separator.encode()
        self._headers = _headers(text, header, self._blanks)
        self._splitter = LineSplitter(header.separator, header.width, encoding, ragged=header.export.layered)
        self._layers = Layers(header, encoding) if header.export.layered else None
        self._width = header.width

    def pieces(self, first: int, max_bytes: int, columns: Sequence[Column], stop: int | None = None) -> Iterator[Piece]:
        """See `Table`."""
        if self._layers is not None and first == 0:
            self._layers.restart()
        last = None if stop is None else stop + self._first_line
        for lines in self._text.read(first + self._first_line, max(max_bytes, 1), last):
            yield self._piece(lines, columns)

    def close(self) -> None:
        """See `Table`."""
        self._text.close()

    def _piece(self, lines: Lines, columns: Sequence[Column]) -> Piece:
        places = self._filled(lines.texts)
        context: list[pa.Array] = []
        if self._layers is not None:
            places, context = self._layers.records(lines.texts, places)
        next_row = lines.first + len(lines.texts) - self._first_line
        if not places:
            return Piece(np.zeros(0, np.int64), [_NO_TEXTS] * len(columns), np.zeros(0, np.bool_), next_row, _no_raw)
        cells, refused = self._cells([lines.texts[place] for place in places], columns, context)
        rows = np.array(places, np.int64) + (lines.first - self._first_line)

        def raw(number: int) -> Raw:
            text = lines.texts[places[number]]
            return Raw(text, lines.sizes.get(places[number], len(text)))

        return Piece(rows, cells, refused, next_row, raw)

    def _filled(self, texts: Sequence[bytes]) -> list[int]:
        """Places of the lines that are neither blank nor headers."""
        stripped = [text.strip(self._blanks) for text in texts]
        return [place for place, text in enumerate(stripped) if text and text not in self._headers]

    def _cells(
        self, texts: Sequence[bytes], columns: Sequence[Column], context: Sequence[pa.Array]
    ) -> tuple[list[pa.Array], Flags]:
        fields = list(dict.fromkeys(column.field for column in columns if column.field < self._width))
        found, refused = self._splitter.split(texts, fields)
        by_field = dict(zip(fields, found, strict=True))
        by_field.update({self._width + place: cells for place, cells in enumerate(context)})
        return [by_field[column.field] for column in columns], refused


_NO_TEXTS = pa.array([], pa.string())


def _no_raw(place: int) -> Raw:
    raise IndexError(place)


def _headers(text: TextFile, header: Header, blanks: bytes) -> frozenset[bytes]:
    """The header line and those of other layers, which programs repeat within a file."""
    first = header.line - len(header.above)
    return frozenset(
        one.strip(blanks) for lines in text.read(first, HEAD_BYTES, header.line + 1) for one in lines.texts
    )

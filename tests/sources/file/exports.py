"""Small exports written by hand, and what the reader makes of them."""

from datetime import UTC

from pipelines.sources.cyclers import parse_map
from pipelines.sources.file.layout import layout_of
from pipelines.sources.file.reader import Reader
from pipelines.sources.file.tables import open_table


def read(path, *, make=None, maps="", zone=UTC, first=0, max_bytes=1 << 30):
    """Readings as dictionaries of all columns, counters as well, without what is not known; and the reader.

    The rows that are refused are in ``reader.refused`` as they stand.
    """
    table = open_table(path, make, parse_map(maps))
    reader = Reader(table, layout_of(table, zone))
    return *rows_of(reader, first, max_bytes), reader


def rows_of(reader, first=0, max_bytes=1 << 30):
    """The readings of one poll, and the rows that are none."""
    readings, refused = [], []
    for piece, rows in reader.read(first, max_bytes):
        for place in range(len(piece.rows)):
            if piece.refused[place] or rows.refused[place]:
                refused.append(piece.raw(place).content)
            elif not rows.skipped[place]:
                values = {name: float(values[place]) for name, values in rows.values.items()}
                readings.append({name: value for name, value in values.items() if value == value})
    return readings, refused


def written(directory, text, name="export.csv", encoding="utf-8"):
    """A file with this text."""
    path = directory / name
    path.write_bytes(text.encode(encoding))
    return path


def times(readings):
    """Of the test."""
    return [reading["test_time_second"] for reading in readings]


def column(readings, name):
    """One column, `None` where not known."""
    return [reading.get(name) for reading in readings]

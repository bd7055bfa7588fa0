"""Whatever a file is made of: an error in a sentence, or every line a reading, a dead letter, or nothing to read."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.sources import SourceError
from pipelines.sources.cyclers import EXPORTS
from pipelines.sources.file import FileSource
from schemas.reading import ARROW_STREAM_BEGINS
from tests.sources.file.test_maccor import DAYS, MINUTES, SIGNED
from tests.sources.file.test_neware import CHINESE, FLAT, LAYERED, OLDER_LAYERED
from tests.sources.file.test_other_makes import ARBIN_NEW, PEC

pytestmark = pytest.mark.slow

SAMPLES = [
    text.encode("latin-1", "ignore") for text in (SIGNED, DAYS, MINUTES, FLAT, LAYERED, OLDER_LAYERED, ARBIN_NEW, PEC)
]
SAMPLES += [CHINESE.encode("gbk"), FLAT.encode("utf-16"), LAYERED.encode("utf-8-sig")]
PIECES = [
    b"",
    b"\n",
    b"\r",
    b"\0",
    b'"',
    b",",
    b"\t",
    b";",
    b"\xff\xfe",
    b"\xe4",
    b"1e999",
    b"-",
    b"nan",
    b"\xe2\x84",
    b"9" * 30,
]


def read_through(content):
    """Offsets of all messages, how many rows there are, and whether polling ended where it should."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "export"
        path.write_bytes(content)
        source = FileSource(path, "b1")
        (partition,) = source.partitions()
        offset, offsets = 0, []
        while (batch := source.poll(partition, offset, 300)) is not None:
            assert batch.next_offset > offset
            offset = batch.next_offset
            offsets += [
                (at, m.startswith(ARROW_STREAM_BEGINS)) for at, m in zip(batch.offsets, batch.messages(), strict=True)
            ]
        assert offset == source.end(partition)
        source.close()
        return offsets


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_a_sample_with_anything_put_into_it_or_cut_out_of_it(sample, data):
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(sample)))
        cut = data.draw(st.integers(0, 40))
        piece = data.draw(st.sampled_from(PIECES) | st.binary(max_size=6))
        sample = sample[:place] + piece + sample[place + cut :]
    try:
        offsets = read_through(sample)
    except SourceError:  # a sentence for a person: the point is that nothing else is raised
        return
    assert [at for at, _ in offsets] == sorted({at for at, _ in offsets})


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_no_export(content):
    with pytest.raises(SourceError, match=r"export|workbook"):
        read_through(content)


CELLS = [
    "",
    "0",
    "1",
    "-1.5",
    "3,3",
    "1,234.5",
    "1e9",
    "N/A",
    "C",
    "CC DChg",
    "00:00:01",
    "2024-01-01 00:00:00",
    "13/02/2020 1:00",
    "x",
    "12.5",
]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(EXPORTS),
    st.sampled_from("\t;,"),
    st.lists(st.lists(st.sampled_from(CELLS), min_size=30, max_size=30), max_size=12),
)
def test_a_header_of_every_export_above_cells_of_any_kind(export, separator, rows):
    names = [names[0] if isinstance(names[0], str) else names[0][0] for names in export.columns.values()]
    header = [name.removesuffix(" ()") for name in names]
    cells = [[f'"{cell}"' if separator in cell else cell for cell in row[: len(header)]] for row in rows]
    text = "\n".join(separator.join(line) for line in [header, *cells])
    try:
        offsets = read_through(text.encode())
    except SourceError:
        return
    assert len(offsets) <= len(rows)


def test_rows_that_arrive_in_any_pieces_are_the_same(tmp_path):
    path = tmp_path / "export"
    for sample in SAMPLES:
        path.write_bytes(sample)
        contents = []
        for budget in (1, 100, 1 << 20):
            source = FileSource(path, "b1")
            (partition,) = source.partitions()
            offset, found = 0, []
            while (batch := source.poll(partition, offset, budget)) is not None:
                found.append(values_of(batch))
                offset = batch.next_offset
            contents.append(np.concatenate(found, axis=1) if found else None)
        for other in contents[1:]:
            np.testing.assert_array_equal(contents[0], other)


def values_of(batch):
    """The columns of all readings of a batch, shape (columns, n)."""
    import pyarrow as pa

    tables = [pa.ipc.open_stream(m).read_all() for m in batch.messages() if m.startswith(ARROW_STREAM_BEGINS)]
    columns = 20
    if not tables:
        return np.zeros((columns, 0))
    table = pa.concat_tables(tables)
    found = np.full((columns, table.num_rows), np.nan)
    for place, one in enumerate(table.columns):
        found[place] = one.to_numpy()
    return found

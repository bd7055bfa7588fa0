"""Lines of a file by number, wherever the blocks of the first pass fell."""

import hashlib
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.sources import SourceError
from pipelines.sources.file.text_file import TextFile
from schemas.reading import MAX_BATCH_BYTES


@settings(max_examples=100, deadline=None)
@given(content=st.lists(st.sampled_from([b"\n", b"\n", b"\r\n", b"a", b"bcd", b"\r", b"\xfc" * 9])).map(b"".join))
def test_reading_from_any_line_gives_the_lines_from_there_on(content):
    expected = [line.removesuffix(b"\r") for line in content.split(b"\n")]
    if not content.endswith(b"\n") and content:
        expected[-1] = content.split(b"\n")[-1].removesuffix(b"\r")
    else:
        expected = expected[:-1]
    with tempfile.TemporaryDirectory() as directory, patch("pipelines.sources.file.text_file._BLOCK_BYTES", 5):
        path = Path(directory) / "text"
        path.write_bytes(content)
        file = TextFile(path)
        assert file.line_count == len(expected)
        assert file.sha256 == hashlib.sha256(content).hexdigest()
        for start in reversed(range(len(expected) + 1)):
            found = list(file.read(start, 1000))
            assert [line.text for line in found] == expected[start:]
            assert [line.number for line in found] == list(range(start, len(expected)))
        file.close()


def test_the_budget_ends_a_read_but_never_before_its_first_line(tmp_path):
    (tmp_path / "text").write_bytes(b"0123456789\n" * 5)
    file = TextFile(tmp_path / "text")
    assert [line.number for line in file.read(0, 1)] == [0]
    assert [line.number for line in file.read(1, 22)] == [1, 2]
    assert [line.number for line in file.read(3, 23)] == [3, 4]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_line_over_the_limit_is_cut_and_its_true_size_known(tmp_path, end):
    sizes = [MAX_BATCH_BYTES + more for more in (-1, 0, 1, 2, 3, MAX_BATCH_BYTES, MAX_BATCH_BYTES + 2)] + [2]
    (tmp_path / "text").write_bytes(end.join(b"x" * size for size in sizes))
    found = list(TextFile(tmp_path / "text").read(0, 10 * MAX_BATCH_BYTES))
    assert [line.size for line in found] == sizes
    assert [len(line.text) for line in found] == [min(size, MAX_BATCH_BYTES) for size in sizes]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(b"one\n")
    os.utime(path, (1000, 1000))
    file = TextFile(path)
    with path.open("ab") as writer:
        writer.write(b"two\n")
    with pytest.raises(SourceError, match="changed while it was read"):
        list(file.read(0, 100))

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


def lines_of(file, start, max_bytes, stop=None):
    """Number and text of each line of one read, and the sizes of those that were cut."""
    found, sizes = [], {}
    for lines in file.read(start, max_bytes, stop):
        sizes.update({lines.first + place: size for place, size in lines.sizes.items()})
        found += [(lines.first + place, text) for place, text in enumerate(lines.texts)]
    return found, sizes


@settings(max_examples=100, deadline=None)
@given(content=st.lists(st.sampled_from([b"\n", b"\n", b"\r\n", b"a", b"bcd", b"\xfc" * 9])).map(b"".join))
def test_reading_from_any_line_gives_the_lines_from_there_on(content):
    expected = [line.removesuffix(b"\r") for line in content.removesuffix(b"\n").split(b"\n")] if content else []
    with tempfile.TemporaryDirectory() as directory, patch("pipelines.sources.file.text_file._BLOCK_BYTES", 5):
        path = Path(directory) / "text"
        path.write_bytes(content)
        file = TextFile(path)
        assert file.line_count == len(expected)
        assert file.sha256 == hashlib.sha256(content).hexdigest()
        for start in reversed(range(len(expected) + 1)):
            assert lines_of(file, start, 1000) == (list(enumerate(expected))[start:], {})
            for stop in range(start, len(expected) + 1):
                assert lines_of(file, start, 1000, stop)[0] == list(enumerate(expected))[start:stop]
        file.close()


def test_the_budget_ends_a_read_but_never_before_its_first_line(tmp_path):
    (tmp_path / "text").write_bytes(b"0123456789\n" * 5)
    file = TextFile(tmp_path / "text")
    assert [number for number, _ in lines_of(file, 0, 1)[0]] == [0]
    assert [number for number, _ in lines_of(file, 1, 22)[0]] == [1, 2]
    assert [number for number, _ in lines_of(file, 3, 23)[0]] == [3, 4]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_line_over_the_limit_is_cut_and_its_true_size_known(tmp_path, end):
    sizes = [MAX_BATCH_BYTES + more for more in (-1, 0, 1, 2, 3, MAX_BATCH_BYTES, 3 * MAX_BATCH_BYTES + 2)] + [2]
    (tmp_path / "text").write_bytes(end.join(b"x" * size for size in sizes))
    found, cut = lines_of(TextFile(tmp_path / "text"), 0, 20 * MAX_BATCH_BYTES)
    assert [number for number, _ in found] == list(range(len(sizes)))
    assert [len(text) for _, text in found] == [min(size, MAX_BATCH_BYTES) for size in sizes]
    assert cut == {number: size for number, size in enumerate(sizes) if size > MAX_BATCH_BYTES}


@pytest.mark.parametrize(
    ("encoding", "end"),
    [("utf-16", "\r\n"), ("utf-16-le", "\n"), ("utf-8", "\r"), ("latin-1", "\r"), ("utf-8", "\r\r\n")],
)
def test_other_lines_and_encodings_are_read_as_if_they_were_ours(tmp_path, encoding, end):
    texts = ["Spannung 25 °C", "second, third and so on", "", "last"] * 20
    (tmp_path / "text").write_bytes((end.join(texts) + end).encode(encoding))
    found = [text for _, text in lines_of(TextFile(tmp_path / "text"), 0, 1 << 20)[0]]
    assert [text.decode(encoding if encoding == "latin-1" and end != "\r" else "utf-8") for text in found] == texts


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(b"one\n")
    os.utime(path, (1000, 1000))
    file = TextFile(path)
    with path.open("ab") as writer:
        writer.write(b"two\n")
    with pytest.raises(SourceError, match="changed while it was read"):
        list(file.read(0, 100))

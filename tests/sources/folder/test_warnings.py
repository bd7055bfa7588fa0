"""What is said about a file is said once, and of the file itself."""

from pathlib import Path

import pytest

from pipelines.sources import SourceError, open_source
from pipelines.sources.folder import warnings
from pipelines.sources.folder.warnings import about, warn_once
from tests.sources.folder.exports import HEADER, append, read_on, row, rows


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch):
    monkeypatch.setattr(warnings, "_said", set())


def test_the_second_time_nothing_is_said(caplog):
    for text in ("a", "b", "a"):
        warn_once(text)
    assert [record.message for record in caplog.records] == ["a", "b"]


def test_what_is_to_be_known_of_a_file_is_said_of_it_and_not_of_its_copies(tmp_path, caplog):
    path = tmp_path / "c.csv"
    path.write_text(HEADER + rows(1, 3).replace(",7,2,", ",7,2.5,"))
    source = open_source(f"folder://{tmp_path}")
    read_on(source, source.partitions()[0])
    append(path, row(4))
    read_on(source, source.partitions()[0])
    source.close()
    assert [record.message for record in caplog.records] == [
        f"{path}: cycle numbers are not whole (2.5): refused, cycles are found from the data"
    ]


def test_what_only_the_later_rows_tell_is_said_too(tmp_path, caplog):
    path = tmp_path / "c.csv"
    path.write_text(HEADER + rows(1, 3))
    source = open_source(f"folder://{tmp_path}")
    _, offset = read_on(source, source.partitions()[0])
    assert caplog.records == []
    append(path, row(4).replace(",7,2,", ",7,2.5,"))
    read_on(source, source.partitions()[0], offset)
    source.close()
    assert [record.message for record in caplog.records] == [
        f"{path}: cycle numbers are not whole (2.5): refused, cycles are found from the data"
    ]


def test_what_is_wrong_with_a_copy_is_wrong_with_the_file():
    with pytest.raises(SourceError, match=r"^lab/c\.csv: no export$"), about(Path("lab/c.csv"), Path("/tmp/1/c.csv")):
        raise SourceError("/tmp/1/c.csv: no export")

"""What is said about a file is said once, and of the file itself."""

import logging
from pathlib import Path

import pytest

from pipelines.sources import SourceError
from pipelines.sources.folder import warnings
from pipelines.sources.folder.warnings import about, warn_once


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch):
    monkeypatch.setattr(warnings, "_said", set())


def test_the_second_time_nothing_is_said(caplog):
    for text in ("a", "b", "a"):
        warn_once(text)
    assert [record.message for record in caplog.records] == ["a", "b"]


def test_what_is_said_of_a_copy_is_said_of_the_file(caplog):
    logger = logging.getLogger("pipelines.sources.file.source")
    for copy in ("/tmp/1/c.csv", "/tmp/2/c.csv"):
        with about(Path("lab/c.csv"), Path(copy)):
            logger.warning("%s: %s", copy, "the clock has no zone")
    logger.warning("of another file")
    assert [record.message for record in caplog.records] == ["lab/c.csv: the clock has no zone", "of another file"]


def test_what_is_wrong_with_a_copy_is_wrong_with_the_file():
    with pytest.raises(SourceError, match=r"^lab/c\.csv: no export$"), about(Path("lab/c.csv"), Path("/tmp/1/c.csv")):
        raise SourceError("/tmp/1/c.csv: no export")

"""URLs of sources: what opens, and what the person at the terminal reads when it does not."""

import pytest

from pipelines.sources import SourceError, open_source
from pipelines.sources.log import LogWriter

MACCOR = "Rec#\tCyc#\tStep\tTest (Sec)\tAmps\tVolts\n1\t0\t1\t0.0\t0.5\t3.5\n"


def test_a_log_url_opens_a_live_source_that_counts_bytes(tmp_path):
    LogWriter(tmp_path, 3).close()
    source = open_source(f"log://{tmp_path}")
    assert (source.bounded, source.unit, len(source.partitions())) == (False, "bytes", 3)


def test_a_file_url_opens_a_bounded_source_that_counts_rows(tmp_path):
    (tmp_path / "cell.078").write_text(MACCOR)
    source = open_source(f"file://{tmp_path}/cell.078?battery=b1&make=maccor&group=W&test=t1&timezone=Europe/Berlin")
    assert (source.bounded, source.unit, len(source.partitions())) == (True, "rows", 1)


def test_what_is_to_be_known_of_a_file_is_said_with_its_name(tmp_path, caplog):
    path = tmp_path / "cell.078"
    path.write_text(MACCOR.replace("1\t0\t1", "1\t0.5\t1"))
    open_source(f"file://{path}").close()
    said = f"{path}: cycle numbers are not whole (0.5): refused, cycles are found from the data"
    assert [record.message for record in caplog.records] == [said]


def test_a_relative_path_is_taken_from_the_working_directory(tmp_path, monkeypatch):
    (tmp_path / "deep").mkdir()
    (tmp_path / "cell.078").write_text(MACCOR)
    monkeypatch.chdir(tmp_path / "deep")
    source = open_source("file://../cell.078")
    assert source.end(source.partitions()[0]) == 1


def test_a_path_with_blanks_and_percent_signs_is_taken_as_it_is_written(tmp_path):
    (tmp_path / "my cell 100%20.078").write_text(MACCOR)
    assert open_source(f"file://{tmp_path}/my cell 100%20.078").bounded


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("readings", "log://DIR or file://PATH"),
        ("amqp://host/queue", "use one of log://DIR, file://PATH"),
        ("log://", "needs a path"),
        ("log://{tmp}", "start a producer first"),
        ("log://{tmp}/nowhere", "start a producer first"),
        ("log://{tmp}?speed=2", "no setting 'speed'"),
        ("file://{tmp}/nothing.csv", "No such file"),
        ("file://{tmp}", "Is a directory"),
        ("file://{tmp}/cell.078?colour=red", "use battery, make, group, test, timezone"),
        ("file://{tmp}/cell.078?battery=a&battery=b", "given twice"),
        ("file://{tmp}/cell.078?battery=", "is empty"),
        ("file://{tmp}/cell.078?battery=a%20b", "no name for a battery"),
        ("file://{tmp}/cell.078?group=a/b", "no name for a group"),
        ("file://{tmp}/cell.078?make=acme", "use one of arbin"),
        ("file://{tmp}/cell.078?make=arbin", "nearest is the Arbin CSV"),
        ("file://{tmp}/cell.078?map=Amps=ampere", "cannot be mapped to 'ampere'"),
        ("file://{tmp}/cell.078?timezone=Mars/Olympus", "no time zone"),
        ("file://{tmp}/cell.078?timezone=../../etc/passwd", "no time zone"),
    ],
)
def test_a_wrong_url_is_answered_with_what_to_do(tmp_path, url, told):
    (tmp_path / "cell.078").write_text(MACCOR)
    with pytest.raises(SourceError) as refused:
        open_source(url.format(tmp=tmp_path))
    assert told in str(refused.value)


@pytest.mark.parametrize("url", ["log://bob:hunter2@host/dir", "file://bob:hunter2@host/x", "kafka://bob:hunter2@h/t"])
def test_a_password_is_refused_and_not_repeated(url):
    with pytest.raises(SourceError, match="must not hold") as refused:
        open_source(url)
    assert "hunter2" not in str(refused.value)

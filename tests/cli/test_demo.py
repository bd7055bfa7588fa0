import socket

import pytest
from typer.testing import CliRunner

from pipelines.cli import demo
from pipelines.cli.demo_places import DemoPlaces
from pipelines.cli.lab_flags import LabFlags
from pipelines.cli.main import app
from pipelines.sources import open_source
from pipelines.storage import open_reader


@pytest.fixture
def started(monkeypatch):
    """What would have been started: name and flags of each process."""
    found = []
    monkeypatch.setattr(demo, "_supervise", lambda commands, places, port: found.extend(commands))
    return found


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def call(*arguments):
    return CliRunner().invoke(app, ["demo", *arguments])


def flags_of(command):
    """Flags of a process by name."""
    words = command.words[command.words.index(command.name) + 1 :]
    return {word: words[k + 1] for k, word in enumerate(words[:-1]) if word.startswith("--")}


def test_the_lab_writes_what_the_pipeline_reads_and_the_page_shows_its_store(started, port, tmp_path):
    assert call("--data", str(tmp_path / "d"), "--port", port).exit_code == 0
    lab, pipeline, page = started
    assert [command.name for command in started] == ["simulate", "run", "serve"]
    assert flags_of(lab)["--to"] == flags_of(pipeline)["--source"]
    assert flags_of(pipeline)["--store"] == flags_of(page)["--store"]
    assert flags_of(page)["--port"] == port


def test_without_flags_it_is_the_lab_of_a_hundred(started, port, tmp_path):
    call("--data", str(tmp_path / "d"), "--port", port)
    expected = {
        "--batteries": "100",
        "--cycles": "100",
        "--current-ma": "1200.0",
        "--voltage-min-v": "2.0",
        "--voltage-max-v": "4.5",
    }
    assert {name: flags_of(started[0])[name] for name in expected} == expected


def test_log_and_store_are_there_before_anything_starts(started, port, tmp_path):
    call("--data", str(tmp_path / "d"), "--port", port)
    places = DemoPlaces(tmp_path / "d")
    source, reader = open_source(places.source_url), open_reader(places.store_url)
    assert len(source.partitions()) > 0
    assert reader.totals().batteries == 0
    source.close()
    reader.close()
    assert places.store_bytes() > 0


def test_the_same_lab_goes_on_and_another_one_is_refused(started, port, tmp_path):
    flags = ["--data", str(tmp_path / "d"), "--port", port]
    assert call(*flags).exit_code == call(*flags).exit_code == 0
    result = call(*flags, "--batteries", "8")
    assert result.exit_code == 1
    assert "holds a lab with --batteries 100" in result.stderr


@pytest.mark.parametrize("flags", [["--speed", "slow"], ["--voltage-max-v", "1.9"], ["--current-ma", "9e5"]])
def test_a_lab_that_cannot_be_is_refused_before_anything_is_made(flags, started, port, tmp_path):
    result = call("--data", str(tmp_path / "d"), "--port", port, *flags)
    assert result.exit_code == 1
    assert flags[0] in result.stderr
    assert result.stderr.count("\n") == 1
    assert started == []
    assert not (tmp_path / "d").exists()


def test_a_store_of_another_program_is_refused(started, port, tmp_path):
    places = DemoPlaces(tmp_path / "d")
    places.directory.mkdir()
    places.database.write_bytes(b"not a database, " * 100)
    result = call("--data", str(tmp_path / "d"), "--port", port)
    assert result.exit_code == 1
    assert result.stderr.startswith("chargetracker: ")
    assert "unexpected" not in result.stderr
    assert started == []


def test_a_folder_knows_how_large_its_log_is(tmp_path):
    places = DemoPlaces(tmp_path)
    places.make(LabFlags(1, 1, 1.0, 2.0, 3.0, 1))
    before = places.log_bytes()
    (places.readings / "partition-00").mkdir(exist_ok=True)
    (places.readings / "partition-00" / "more").write_bytes(b"x" * 1234)
    assert places.log_bytes() == before + 1234

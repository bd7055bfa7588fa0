"""The gateway on the lab's PC: a folder goes into a log or a topic, and nothing of it is lost or doubled."""

import json
import threading
from contextlib import nullcontext

import pytest
from typer.testing import CliRunner

from pipelines.cli import forward, gateway
from pipelines.cli.chunk_messages import columns_messages
from pipelines.cli.main import app
from pipelines.cli.position_file import PositionFile
from pipelines.cli.send import POSITION_NAME
from pipelines.decoding import decode
from pipelines.sources import open_source
from pipelines.sources.log import LogSource, partition_of
from pipelines.storage import open_store
from schemas import COLUMNS, ReadingChunk
from tests.sources.folder.exports import HEADER, append, row, rows
from tests.sources.kafka.topics import new_topic


@pytest.fixture(autouse=True)
def stop(monkeypatch):
    """Ends a gateway that does not end by itself: it then says that something is left."""
    limit = threading.Event()
    timer = threading.Timer(30.0, limit.set)
    timer.start()
    monkeypatch.setattr(forward, "stop_on_signals", lambda: nullcontext(limit))
    yield limit
    timer.cancel()


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "cycler"
    path.mkdir()
    (path / "a.csv").write_text(HEADER + rows(1, 3))
    (path / "b.csv").write_text(HEADER + rows(11, 12) + "1,2\n" + row(13)[:20])
    return path


def send(folder, to, *more):
    result = CliRunner().invoke(app, ["send", "--from", f"folder://{folder}", "--to", to, "--once", *more])
    return result.exit_code, result.stderr.splitlines()[-1]


def in_log(directory):
    """By battery its record indexes in the order of the log, and how many messages cannot be read."""
    source, found, letters = LogSource(directory), {}, 0
    for partition in source.partitions():
        batch = source.poll(partition, 0, 1 << 24)
        for key, element in decode(batch) if batch is not None else ():
            if isinstance(element, ReadingChunk):
                assert partition == source.partitions()[partition_of(key.encode(), len(source.partitions()))]
                found.setdefault(key, []).extend(element.values[COLUMNS.index("record_index")].astype(int).tolist())
            else:
                letters += len(element.letters)
    return found, letters


def test_a_folder_goes_into_a_log_and_what_is_added_follows(tmp_path, folder):
    to = f"log://{tmp_path}/log"
    done = "5 readings and 1 unreadable messages forwarded, 0 bytes behind; 3 messages acknowledged"
    assert send(folder, to) == (0, done)
    assert in_log(tmp_path / "log") == ({"a": [1, 2, 3], "b": [11, 12]}, 1)
    nothing = "0 readings and 0 unreadable messages forwarded, 0 bytes behind; 0 messages acknowledged"
    assert send(folder, to) == (0, nothing)
    append(folder / "b.csv", row(13)[20:] + row(14))
    (folder / "a.csv").rename(folder / "finished.csv")
    append(folder / "finished.csv", row(4))
    assert send(folder, to)[1].startswith("3 readings and 0 unreadable")
    assert in_log(tmp_path / "log") == ({"a": [1, 2, 3, 4], "b": [11, 12, 13, 14]}, 1)


def test_its_place_is_kept_in_the_folder_or_where_it_is_told(tmp_path, folder):
    send(folder, f"log://{tmp_path}/log")
    kept = json.loads((folder / POSITION_NAME).read_text())
    assert sorted(name.rpartition("/")[2] for name in kept["next_offsets"]) == ["a", "b"]
    other = ("--position", str(tmp_path / "p"))
    assert send(folder, f"log://{tmp_path}/second", *other)[1].startswith("5 readings")
    assert json.loads((tmp_path / "p").read_text())["next_offsets"] == kept["next_offsets"]
    code, told = send(folder, f"log://{tmp_path}/second")
    assert code == 1
    assert "belongs to" in told
    assert "name another file" in told


def test_a_file_that_was_written_anew_is_one_message_and_does_not_keep_the_gateway(tmp_path, folder):
    to = f"log://{tmp_path}/log"
    send(folder, to)
    (folder / "a.csv").write_text(HEADER + rows(1, 2) + rows(3, 9).replace("-1.5", "-1.50000"))
    assert send(folder, to)[1].startswith("0 readings and 1 unreadable messages forwarded, 0 bytes behind")
    append(folder / "a.csv", row(10))
    assert send(folder, to)[1].startswith("1 readings and 0 unreadable messages forwarded, 0 bytes behind")
    assert in_log(tmp_path / "log") == ({"a": [1, 2, 3, 10], "b": [11, 12]}, 2)


@pytest.mark.parametrize(
    ("left", "told"), [(None, "1 readings"), (HEADER + rows(1, 2), "2 readings")], ids=["gone", "shorter"]
)
def test_rows_that_go_away_are_not_waited_for(tmp_path, monkeypatch, stop, left, told):
    file = tmp_path / "cycler" / "a.csv"
    file.parent.mkdir()
    file.write_text(HEADER + rows(1, 9))
    sent = []

    class Target:
        partitions, acknowledged = 1, 0

        def publish(self, partition, key, messages):
            sent.extend(messages)

        def flush(self):
            file.unlink() if left is None else file.write_text(left)

    monkeypatch.setattr(gateway, "POLL_BYTES", 1)  # a row
    source = open_source(f"folder://{file.parent}")
    runs = gateway.Gateway(source, Target(), PositionFile(tmp_path / "p", "folder://x", "log://y"), columns_messages)
    runs.run(stop, lambda forwarded: None, once=True)
    assert not stop.is_set()
    assert runs.forwarded.text("bytes").startswith(told)


@pytest.mark.slow
def test_after_a_crash_before_its_place_was_kept_nothing_is_lost_or_counted_twice(tmp_path, folder, monkeypatch):
    def crashes(self, next_offsets):
        raise OSError(28, "No space left on device", "position")

    to, store = f"log://{tmp_path}/log", f"sqlite:///{tmp_path}/m.db"
    with monkeypatch.context() as context:
        context.setattr(PositionFile, "write", crashes)
        assert send(folder, to)[0] == 1
    append(folder / "a.csv", rows(4, 5))
    assert send(folder, to)[0] == 0
    assert in_log(tmp_path / "log") == ({"a": [1, 2, 3, 1, 2, 3, 4, 5], "b": [11, 12, 11, 12]}, 2)
    assert CliRunner().invoke(app, ["run", "--source", to, "--store", store, "--once"]).exit_code == 0
    counts = {one.battery_id: (one.reading_count, one.duplicate_count) for one in open_store(store).batteries()}
    assert counts == {"a": (5, 3), "b": (2, 2)}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--from", "log://x", "--to", "log://y"], "--from log://x: a folder is sent, folder://PATH;"),
        (["--from", "folder://no", "--to", "log://y"], "there is no folder no: make it"),
        (["--from", "folder://cycler", "--to", "sqlite:///y"], "--to sqlite:///y: write the readings to log://DIR"),
        (["--from", "folder://cycler", "--to", "log://y", "--position", "no/p"], "--position no/p: there is no folder"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(tmp_path, folder, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["send", *arguments, "--once"])
    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "y").exists()


@pytest.mark.servers
def test_a_folder_goes_into_a_topic_and_the_next_start_adds_nothing(kafka, folder):
    to = new_topic(kafka, partitions=2).url
    done = "5 readings and 1 unreadable messages forwarded, 0 bytes behind; 3 messages acknowledged"
    assert send(folder, to, "--message-format", "arrow") == (0, done)
    assert send(folder, to)[1].startswith("0 readings and 0 unreadable")

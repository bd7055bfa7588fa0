import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli.main import app
from pipelines.storage import open_reader, open_store
from pipelines.storage.base import Bundle
from schemas import BatteryRow
from tests.cli.rows import A_LETTER, blank

URL = "sqlite:///m.db"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def call(*arguments, **more):
    return CliRunner().invoke(app, ["store", *arguments], **more)


@pytest.fixture
def filled():
    store = open_store(URL, create=True)
    store.init()
    battery = blank(BatteryRow, battery_id="b1", reading_count=12, revision=1)
    store.write(Bundle(batteries=[battery], dead_letters=[A_LETTER]))
    epoch = store.take_epoch(1_700_000_000.0)
    store.commit(epoch, {"log:x/00": 42})
    store.close()


def batteries_kept():
    reader = open_reader(URL)
    try:
        return len(reader.batteries())
    finally:
        reader.close()


def test_init_makes_a_store_and_leaves_one_that_is_there(filled):
    assert call("init", "sqlite:///new.db").exit_code == 0
    assert call("init", URL).exit_code == 0
    assert batteries_kept() == 1


def test_reset_asks_and_no_keeps_everything(filled):
    result = call("reset", URL, input="n\n")
    assert "Throw away everything in sqlite:///m.db?" in result.stdout
    assert result.exit_code == 1
    assert batteries_kept() == 1


def test_reset_empties_after_a_yes(filled):
    assert call("reset", URL, input="y\n").exit_code == 0
    assert batteries_kept() == 0


def test_reset_does_not_ask_with_its_flag(filled):
    assert call("reset", URL, "--yes").exit_code == 0
    assert batteries_kept() == 0


def test_info_says_how_much_there_is_and_how_far_it_was_read(filled):
    lines = dict(line.split("\t") for line in call("info", URL).stdout.splitlines())
    assert lines["batteries"] == "1"
    assert lines["readings"] == "12"
    assert lines["dead letters, malformed"] == "1"
    assert lines["committed, log:x/00"] == "42"


def test_migrate_says_that_there_is_nothing_to_do(filled):
    result = call("migrate", URL)
    assert result.exit_code == 0
    assert "nothing to do" in result.stdout
    assert batteries_kept() == 1


def test_migrate_brings_an_older_store_to_this_version():
    with sqlite3.connect("m.db") as connection:
        connection.executescript((Path(__file__).parents[1] / "storage" / "version_1.sql").read_text())
    connection.close()
    refused = call("init", URL)
    assert refused.exit_code == 1
    assert f"chargetracker store migrate {URL}" in refused.stderr
    assert "from version 1" in call("migrate", URL).stdout
    assert batteries_kept() == 1


@pytest.mark.servers
def test_a_keyspace_on_one_node_is_made_and_it_is_said_what_that_means(cassandra):
    url = f"cassandra://{cassandra.address}/of_the_verb"
    result = call("init", url)
    assert result.exit_code == 0
    assert f"{url}: ready" in result.stdout
    assert "replication 1" in result.stderr
    assert "committed" not in call("info", url).stdout
    assert call("reset", url, input="y\n").exit_code == 0


@pytest.mark.parametrize("arguments", [("info", "sqlite:///none.db"), ("init", "cassandra://h/K"), ("reset", "m.db")])
def test_a_store_that_is_not_there_is_one_line(arguments):
    result = call(*arguments, *(["--yes"] if arguments[0] == "reset" else []))
    assert result.exit_code == 1
    assert result.stderr.startswith("chargetracker: ")
    assert "unexpected" not in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [("store", "init"), ("store", "info"), ("show", "cycles", "--store")])
def test_a_store_of_another_version_is_refused_with_what_to_do(command, filled):
    set_version(99)
    result = CliRunner().invoke(app, [*command, URL])
    assert result.exit_code == 1
    assert "99" in result.stderr
    assert "unexpected" not in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_store_of_another_version_can_be_reset(filled):
    set_version(99)
    assert call("reset", URL, "--yes").exit_code == 0
    assert batteries_kept() == 0


def set_version(version):
    with sqlite3.connect("m.db") as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'schema_version'", (version,))
    connection.close()

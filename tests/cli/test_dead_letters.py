"""``chargetracker dead-letters``: what people see of refused messages, and that they come back once."""

import json

import pytest
from typer.testing import CliRunner

from pipelines.cli.letter_place import default_notes
from pipelines.cli.main import app
from pipelines.sources import open_source
from pipelines.sources.log import LogWriter
from pipelines.storage import Bundle, open_store
from schemas.dead_letter import encode_headers
from tests.dead_letters.letters import GOOD, IN_MILLIAMPERE, a_letter

STORE = "sqlite:///m.db"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """A store and a log of three partitions in the folder that the test runs in."""
    monkeypatch.chdir(tmp_path)
    open_store(STORE, create=True).init()
    LogWriter(tmp_path / "log", 3).close()


def keep(*letters):
    store = open_store(STORE)
    store.write(Bundle(dead_letters=letters))
    store.close()


def dead_letters(verb, *arguments, code=0):
    result = CliRunner().invoke(app, ["dead-letters", verb, *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result


def listed(*arguments):
    header, *lines = [
        line.split("\t") for line in dead_letters("list", "--store", STORE, *arguments).stdout.splitlines()
    ]
    return [dict(zip(header, line, strict=True)) for line in lines]


def resubmitted(*arguments):
    lines = dead_letters("resubmit", "--store", STORE, "--to", "log://log", *arguments).stdout.splitlines()
    return {text: int(count) for text, count in (line.split("\t") for line in lines)}


def in_the_log():
    source = open_source("log://log")
    batches = [source.poll(partition, 0, 10**6) for partition in source.partitions()]
    return [message for batch in batches if batch is not None for message in batch.messages()]


def test_letters_are_listed_newest_first_and_safe_for_a_terminal():
    keep(a_letter(b"\x1b[2J[/red]", offset=1), a_letter(detail="two\nlines\x1b", offset=2, arrival_unix_second=1.8e9))
    newest, oldest = listed()
    # 1,700,000,000 s after 1970: 19675 days and 80,000 s, which is 22:13:20 on 2023-11-14.
    assert (oldest["arrival_unix_second"], oldest["payload"]) == ("2023-11-14 22:13:20", "\\x1b[2J[/red]")
    assert (newest["offset"], newest["detail"], newest["resubmitted"]) == ("2", "two lines\\x1b", "")


def test_a_selection_is_listed():
    keep(a_letter(GOOD, offset=1), a_letter(offset=2, key=b"b1", reason="oversized"), a_letter(offset=3))
    assert [letter["offset"] for letter in listed("--battery", "b1")] == ["1", "2"]
    assert [letter["offset"] for letter in listed("--reason", "oversized")] == ["2"]
    assert len(listed("--limit", "2")) == 2


def test_json_holds_all_that_is_known_with_bytes_as_text_where_they_are_one():
    keep(a_letter(b'{"a":\xff', key=b"b1", headers=encode_headers([("h", b"v"), ("x", b"\xff")])))
    (line,) = dead_letters("list", "--store", STORE, "--format", "json").stdout.splitlines()
    assert json.loads(line) == {
        "arrival": "2023-11-14T22:13:20.250000+00:00",
        "partition": "log:5f0c/03",
        "offset": 17,
        "reading_index": -1,
        "reason": "malformed",
        "detail": "no JSON",
        "payload_base64": "eyJhIjr/",
        "payload_size": 6,
        "arrival_unix_second": 1_700_000_000.25,
        "key": "b1",
        "headers": [{"name": "h", "value": "v"}, {"name": "x", "value_base64": "/w=="}],
        "resubmitted": False,
    }


def test_letters_are_fixed_and_sent_once():
    keep(a_letter(IN_MILLIAMPERE, offset=1), a_letter(offset=2))
    fix = ["--edit", "cat", "--rename", "current_ma=current_ampere", "--multiply", "current_ampere=0.001"]
    assert resubmitted(*fix) == {"re-submitted": 1, "left: cannot be fixed this way": 1}
    (message,) = in_the_log()
    assert json.loads(message)["current_ampere"] == 1.25
    assert resubmitted(*fix) == {
        "re-submitted": 0,
        "left: re-submitted before": 1,
        "left: cannot be fixed this way": 1,
    }
    assert len(in_the_log()) == 1
    assert {letter["offset"]: letter["resubmitted"] for letter in listed()} == {"1": "yes", "2": ""}


def test_a_selection_is_sent():
    keep(a_letter(GOOD, offset=1), a_letter(GOOD.replace(b"b1", b"b2"), offset=2, reason="wrong_type"))
    assert resubmitted("--reason", "wrong_type") == {"re-submitted": 1}
    assert resubmitted("--battery", "b1") == {"re-submitted": 1}


def test_what_would_be_refused_again_is_sent_when_it_must_be():
    keep(a_letter(b"{"))
    assert resubmitted() == {"re-submitted": 0, "left: would be refused again": 1}
    assert resubmitted("--force") == {"re-submitted": 1}
    assert in_the_log() == [b"{"]


def test_what_the_store_has_cut_is_left_and_the_topic_is_pointed_at():
    keep(a_letter(GOOD, payload_size=5000))
    (text,) = [text for text in resubmitted() if text.startswith("left")]
    assert "a dead letter topic keeps all of it" in text


def test_a_dry_run_shows_what_would_become_of_them_and_sends_nothing():
    keep(a_letter(GOOD, offset=1), a_letter(IN_MILLIAMPERE, offset=2), a_letter(b"\xff", offset=3))
    result = dead_letters(
        "resubmit", "--store", STORE, "--to", "log://log", "--dry-run", "--edit", "sed s/current_ma/current_ampere/"
    )
    assert result.stdout.splitlines() == ["would be re-submitted\t2", "would be left: would be refused again\t1"]
    lines = result.stderr.splitlines()
    assert lines[:3] == [
        "log:5f0c/03@1/-1  malformed: no JSON",
        f"  - {GOOD.decode()}",
        "  = re-submitted (readings: 1, of b1)",
    ]
    assert lines[5] == f"  + {IN_MILLIAMPERE.decode().replace('current_ma', 'current_ampere')}"
    assert lines[-1].startswith("  = left: would be refused again (malformed: ")
    assert in_the_log() == []
    assert not default_notes(STORE).exists()


@pytest.mark.parametrize(
    ("store", "file"),
    [
        ("sqlite:///a/m.db", "a/m.db.resubmitted"),
        ("sqlite:////a/m.db", "/a/m.db.resubmitted"),
        ("cassandra://h:9042/cells", "cassandra-h-9042-cells.resubmitted"),
    ],
)
def test_what_was_sent_is_noted_beside_the_store(store, file):
    assert str(default_notes(store)) == file


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list"], "say where the dead letters are"),
        (["list", "--store", STORE, "--topic", "kafka://h:1/t"], "say where the dead letters are"),
        (["list", "--topic", "log://log"], "log://log"),
        (["list", "--store", "sqlite:///none.db"], "none.db"),
        (["resubmit", "--store", STORE, "--to", "file://x"], "file://x"),
        (["resubmit", "--store", STORE, "--to", "log://none"], "none"),
        (["resubmit", "--topic", "kafka://h:1/t", "--to", "kafka://h:1/t"], "where the dead letters are"),
        (["resubmit", "--store", STORE, "--to", "log://log", "--set", "a"], "--set a: write it as name=value"),
    ],
)
def test_what_cannot_be_is_one_line_that_says_so(arguments, said):
    result = dead_letters(*arguments, code=1)
    assert said in result.stderr
    assert result.stderr.startswith("chargetracker: ")
    assert result.stderr.count("\n") == 1
    assert "unexpected" not in result.stderr


def test_an_unknown_reason_is_refused_with_those_there_are():
    assert "out_of_range" in dead_letters("list", "--store", STORE, "--reason", "late", code=2).stderr

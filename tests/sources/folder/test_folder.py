"""Which files of a folder are read, whose they are, and what becomes of those that cannot be."""

import os
import time
from pathlib import Path

import pytest

from pipelines.decoding import decode
from pipelines.sources import SourceError, open_source
from pipelines.sources.folder import head, warnings
from pipelines.sources.folder import source as folder_source
from schemas import DeadLetterChunk
from tests.sources.folder.exports import HEADER, append, read_on, record_indexes, rows

EXPORT = HEADER + rows(1, 3)


def a_file(folder, name="a.csv", text=EXPORT, old=True):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    if old:
        os.utime(path, (time.time() - 100.0, time.time() - 100.0))
    return path


def batteries(tmp_path, query=""):
    source = open_source(f"folder://{tmp_path}{query}")
    return sorted(partition.rpartition("/")[2] for partition in source.partitions())


def test_each_file_is_a_battery_that_is_called_like_it(tmp_path):
    for number, name in enumerate(("a.csv", "Zelle 7 (neu).txt")):
        a_file(tmp_path, name, HEADER + rows(number, 5))
    assert batteries(tmp_path) == ["Zelle_7__neu_", "a"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?pattern=(w[0-9]%2B)_", ["w7", "w8", "w8"]),
        ("?files=w8*", ["w8_001", "w8_002"]),
        ("?files=**/w9*", ["w9_001"]),
    ],
)
def test_the_url_says_which_files_and_whose(tmp_path, query, found):
    for number, name in enumerate(("w7_001.csv", "w8_001.csv", "w8_002.csv", "notes.csv", "sub/w9_001.csv")):
        a_file(tmp_path, name, HEADER + rows(number, 9))
    assert batteries(tmp_path, query) == found


def test_one_battery_for_all_and_settings_of_a_file(tmp_path):
    a_file(tmp_path)
    source = open_source(f"folder://{tmp_path}?battery=x&group=G&test=t1&make=arbin")
    (partition,) = source.partitions()
    ((key, chunk),) = decode(source.poll(partition, 0, 1 << 20))
    assert (key, chunk.group, chunk.test_id) == ("x", "G", "t1")


def test_hidden_files_and_folders_are_left_alone(tmp_path):
    a_file(tmp_path, ".a.csv")
    a_file(tmp_path, ".trash/b.csv")
    (tmp_path / "c.csv").mkdir()
    assert batteries(tmp_path, "?files=**/*") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("some,words\n1,2\n", "this is no export that can be read"),
        ("PAR1 and so on", "read it with file:// when the test has ended"),
        ("\0".join(EXPORT), "it may be packed, or UTF-16"),
        (EXPORT.replace("\n", "\r"), "this is no text of lines that end in a line feed"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_dead_letter_and_stops_nobody(tmp_path, text, reason):
    a_file(tmp_path, "notes.txt", text)
    a_file(tmp_path, "a.csv")
    source = open_source(f"folder://{tmp_path}")
    unread, read = sorted(source.partitions(), key=lambda partition: partition.endswith("/a"))
    assert source.ends()[unread] == 1
    ((_, chunk),) = decode(source.poll(unread, 0, 1 << 20))
    assert isinstance(chunk, DeadLetterChunk)
    (letter,) = chunk.letters
    assert letter.payload.startswith(f"notes.txt: {reason}".encode()[:10])
    assert reason in letter.payload.decode()
    assert (letter.partition, letter.offset, chunk.position.next_offset) == (unread, 0, 1)
    assert source.poll(unread, 1, 1 << 20) is None
    assert record_indexes(read_on(source, read)[0]) == [1, 2, 3]


def test_a_file_that_somebody_writes_just_now_is_not_given_up(tmp_path):
    path = a_file(tmp_path, text=HEADER[:30] + "\nx\ny\n", old=False)
    source = open_source(f"folder://{tmp_path}")
    assert source.partitions() == ()
    path.write_text(HEADER + rows(1, 3))
    source.close()
    (partition,) = source.partitions()
    assert partition.endswith("/a")


def test_a_file_of_which_only_a_title_is_there_is_given_up_until_its_rows_come(tmp_path):
    path = a_file(tmp_path, text="Today's Date 08/15/2019\tFirst\n")
    source = open_source(f"folder://{tmp_path}")
    (unread,) = source.partitions()
    assert unread.startswith("folder-unread:")
    append(path, EXPORT)
    source.close()
    (partition,) = source.partitions()
    assert record_indexes(read_on(source, partition)[0]) == [1, 2, 3]


@pytest.mark.parametrize("refusing", ["is_file", "open"])
def test_a_file_that_must_not_be_read_is_named_once_and_stops_nobody(tmp_path, monkeypatch, caplog, refusing):
    monkeypatch.setattr(warnings, "_said", set())
    secret = a_file(tmp_path, "a.csv")
    a_file(tmp_path, "b.csv", HEADER + rows(11, 13))
    function = getattr(Path, refusing)

    def refuses(path, *arguments, **more):
        if path == secret:
            raise PermissionError(13, "Permission denied", str(path))
        return function(path, *arguments, **more)

    source = open_source(f"folder://{tmp_path}")
    with monkeypatch.context() as context:
        context.setattr(Path, refusing, refuses)
        for _ in range(2):
            source.close()
            (partition,) = source.partitions()
            assert record_indexes(read_on(source, partition)[0]) == [11, 12, 13]
    assert [record.message for record in caplog.records] == [f"{secret} cannot be read (Permission denied)."]
    source.close()
    assert len(source.partitions()) == 2


def test_a_file_that_goes_while_it_is_looked_at_is_no_trouble(tmp_path, monkeypatch, caplog):
    gone = a_file(tmp_path, "a.csv")
    a_file(tmp_path, "b.csv", HEADER + rows(11, 13))
    look = folder_source.head_of

    def goes(path, settings):
        gone.unlink(missing_ok=True)
        return look(path, settings)

    monkeypatch.setattr(folder_source, "head_of", goes)
    (partition,) = open_source(f"folder://{tmp_path}").partitions()
    assert partition.endswith("/b")
    assert caplog.records == []


def test_a_file_that_comes_later_is_found(tmp_path):
    source = open_source(f"folder://{tmp_path}")
    assert source.partitions() == ()
    a_file(tmp_path, old=False)
    deadline = time.monotonic() + 20.0
    while not source.partitions():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    (partition,) = source.partitions()
    append(tmp_path / "a.csv", rows(4, 4))
    assert record_indexes(read_on(source, partition)[0]) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?battery=a b", "battery=a b is no name for a battery"),
        ("?battery=a&pattern=(b)", "both say whose the files are"),
        ("?pattern=(", "is no regular expression"),
        ("?pattern=ab", "needs one group"),
        ("?every=5", "has no setting 'every'"),
        ("?files=**.csv", "files=**.csv is no pattern of names in the folder: write files=*.csv, or files=**/*.csv"),
        ("?files=/srv/*.csv", "files=/srv/*.csv is no pattern of names"),
        ("?files=../*.csv", "files=../*.csv is no pattern of names"),
        ("?files=.", "files=. is no pattern of names"),
    ],
)
def test_a_wrong_setting_is_refused(tmp_path, query, told):
    with pytest.raises(SourceError) as caught:
        open_source(f"folder://{tmp_path}{query}")
    assert told in str(caught.value)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SourceError, match=r"there is no folder .*: make it, or correct the path"):
        open_source(f"folder://{tmp_path}/no")


def test_a_folder_goes_on(tmp_path):
    source = open_source(f"folder://{tmp_path}")
    assert (source.unit, source.bounded) == ("bytes", False)
    source.report_committed({})


def test_a_file_that_is_known_is_not_recognised_again_by_the_next_run(tmp_path, monkeypatch):
    a_file(tmp_path)
    before = open_source(f"folder://{tmp_path}").partitions()
    monkeypatch.setattr(head, "read_head", None)
    assert open_source(f"folder://{tmp_path}").partitions() == before


def test_reading_leaves_nothing_in_the_temporary_folder(tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    folder = tmp_path / "folder"
    a_file(folder, old=False)
    source = open_source(f"folder://{folder}")
    source.poll(source.partitions()[0], 0, 10)
    assert list(temporary.iterdir()) == []
    source.close()

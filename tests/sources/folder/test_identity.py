"""Which file is which: renamed, copied, cut, written anew."""

import json
import logging

import pytest

from pipelines.decoding import decode
from pipelines.sources import SourceError, open_source
from pipelines.sources.folder import warnings
from pipelines.sources.folder.known_files import FILE_NAME, KnownFiles
from schemas import DeadLetterChunk
from tests.sources.folder.exports import HEADER, append, read_on, record_indexes, row, rows

MACCOR = "Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tAmps\tVolts\tState\tDPt Time\r\n"


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch):
    monkeypatch.setattr(warnings, "_said", set())


def opened(tmp_path, query=""):
    return open_source(f"folder://{tmp_path}{query}")


def batteries(source):
    return sorted(partition.rpartition("/")[2] for partition in source.partitions())


def test_a_renamed_file_goes_on_as_the_same_battery_in_this_run_and_the_next(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(HEADER + rows(1, 3))
    source = opened(tmp_path)
    (partition,) = source.partitions()
    _, offset = read_on(source, partition)
    renamed = path.rename(tmp_path / "done.csv")
    append(renamed, rows(4, 5))
    for after in (source, opened(tmp_path)):
        after.close()
        assert after.partitions() == (partition,)
        messages, _ = read_on(after, partition, offset)
        assert record_indexes(messages) == [4, 5]
        assert {json.loads(content)["battery_id"] for _, content in messages} == {"a"}


def test_a_copy_under_another_name_is_another_battery(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(HEADER + rows(1, 3))
    assert batteries(opened(tmp_path)) == ["a", "b"]


def test_two_files_of_one_battery_that_begin_alike_are_two_partitions_and_stay_so(tmp_path):
    (tmp_path / "1.csv").write_text(HEADER + rows(1, 3))
    (tmp_path / "2.csv").write_text(HEADER + rows(1, 4))
    source = opened(tmp_path, "?battery=x")
    first, second = source.partitions()
    assert "." not in first
    assert second == first.replace("/", ".2/")
    assert record_indexes(read_on(source, second)[0]) == [1, 2, 3, 4]
    assert opened(tmp_path, "?battery=x").partitions() == (first, second)


def test_a_shorter_file_with_the_same_begin_waits_says_so_once_and_goes_on(tmp_path, caplog):
    path = tmp_path / "a.csv"
    path.write_text(HEADER + rows(1, 5))
    source = opened(tmp_path)
    (partition,) = source.partitions()
    _, offset = read_on(source, partition)
    path.write_text(HEADER + rows(1, 3))
    with caplog.at_level(logging.WARNING):
        assert [source.poll(partition, offset, 1 << 20) for _ in range(3)] == [None] * 3
    assert [record.message for record in caplog.records] == [
        f"{path} has become shorter than the {5 * len(row(1))} bytes below its header that were read: "
        "it is read on when it is longer again."
    ]
    path.write_text(HEADER + rows(1, 6))
    assert record_indexes(read_on(source, partition, offset)[0]) == [6]


def test_a_file_with_another_begin_under_an_old_name_is_another_partition(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(HEADER + rows(1, 5))
    source = opened(tmp_path)
    (before,) = source.partitions()
    read_on(source, before)
    path.write_text(HEADER + rows(1, 2, began=1_700_000_000))
    assert source.poll(before, 0, 1 << 20) is None  # before anybody has looked which file it is now
    source.close()
    (after,) = source.partitions()
    assert after != before
    assert after.endswith("/a")
    assert record_indexes(read_on(source, after)[0]) == [1, 2]


def test_lines_that_were_written_anew_are_one_dead_letter_and_the_file_is_read_on_behind_them(tmp_path):
    path = tmp_path / "sub" / "a.csv"
    path.parent.mkdir()
    path.write_text(HEADER + rows(1, 5))
    source = opened(tmp_path, "?files=**/*.csv")
    (partition,) = source.partitions()
    _, offset = read_on(source, partition)
    anew = rows(1, 2) + rows(3, 9).replace("-1.5", "-1.50000")
    path.write_text(HEADER + anew + row(10)[:9])
    batch = source.poll(partition, offset, 1 << 20)
    ((_, chunk),) = decode(batch)
    assert isinstance(chunk, DeadLetterChunk)
    (letter,) = chunk.letters
    assert letter.payload.startswith(b"sub/a.csv: it was written anew with other lines, and ")
    assert (letter.partition, letter.offset) == (partition, offset)
    assert batch.next_offset == len(anew) == source.end(partition)
    assert source.poll(partition, batch.next_offset, 1 << 20) is None
    append(path, row(10)[9:] + row(11))
    assert record_indexes(read_on(source, partition, batch.next_offset)[0]) == [10, 11]


def test_a_new_file_that_begins_like_one_that_is_gone_is_taken_for_it_with_a_warning(tmp_path, caplog):
    first, second = tmp_path / "cell1.csv", tmp_path / "cell2.csv"
    first.write_text(HEADER + rows(1, 3))
    source = opened(tmp_path)
    (partition,) = source.partitions()
    assert caplog.records == []
    first.unlink()
    second.write_text(HEADER + rows(1, 5))
    for _ in range(2):
        source.close()
        assert source.partitions() == opened(tmp_path).partitions() == (partition,)
    assert [record.message for record in caplog.records] == [
        f"{second} begins like cell1.csv, which is gone: it is taken for the same file under a new name, of battery "
        "cell1, and read on where that one ended. If it is another test, take its entry out of .chargetracker.json "
        "and start again."
    ]
    memory = tmp_path / FILE_NAME
    memory.write_text(json.dumps([one for one in json.loads(memory.read_text()) if one["name"] != "cell2.csv"]))
    (partition,) = opened(tmp_path).partitions()
    assert partition.endswith("/cell2")


def test_an_export_that_is_made_again_with_another_date_in_its_title_goes_on(tmp_path):
    def export(title, last):
        lines = [
            f"{k}\t0\t4\t{10.0 * k}\t5.0\t0\t1.5\t3.7\tC\t08/13/2019 19:17:{10 + k}\r\n" for k in range(1, last + 1)
        ]
        (tmp_path / "c.078").write_text(title + MACCOR + "".join(lines), newline="")

    export("Today's Date 08/15/2019\tFirst\r\n", 3)
    source = opened(tmp_path)
    (partition,) = source.partitions()
    _, offset = read_on(source, partition)
    export("Today's Date 08/16/2019\tThe second title is longer\r\n", 5)
    source.close()
    assert source.partitions() == (partition,)
    assert record_indexes(read_on(source, partition, offset)[0]) == [4, 5]


def test_what_is_known_is_shared_by_all_who_look_at_the_folder(tmp_path):
    one, other = KnownFiles(tmp_path), KnownFiles(tmp_path)
    (tmp_path / "a").touch()
    assert one.meet("1f", "a", "x").partition == "folder:1f/x"
    assert other.meet("1f", "a", "y").battery == "x"
    (tmp_path / "a").rename(tmp_path / "b")
    assert other.meet("1f", "b", "y").battery == "x"
    assert one.meet("1f", "b", "y").name == "b"
    assert [path.name for path in tmp_path.iterdir() if path.name != "b"] == [FILE_NAME]


def test_what_cannot_be_written_is_remembered_while_the_source_lives(tmp_path, monkeypatch, caplog):
    def refuses(self, data):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.write_bytes", refuses)
    known = KnownFiles(tmp_path)
    assert known.meet("1f", "a", "x").partition == "folder:1f/x"
    assert known.meet("1f", "renamed", "y").partition == "folder:1f/x"
    assert caplog.text.count("cannot be written (Permission denied)") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"[{", b'[{"identity": 1}]'])
def test_a_torn_memory_is_refused_with_what_to_do(tmp_path, content):
    (tmp_path / FILE_NAME).write_bytes(content)
    (tmp_path / "a.csv").write_text(HEADER + rows(1, 3))
    with pytest.raises(SourceError, match=r"\.chargetracker\.json cannot be read .*: correct it, or take it away"):
        opened(tmp_path).partitions()

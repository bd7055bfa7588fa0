"""Polling a readings log, mostly against files laid down by hand."""

import json
import os
import subprocess
import tempfile
import tracemalloc
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.sources import SourceError
from pipelines.sources.log import LogSource, reader
from schemas.reading import MAX_BATCH_BYTES

MANY = 1 << 20


def a_log(directory: Path, *contents: bytes, first: int = 0) -> LogSource:
    """A log with one partition whose segments have these contents."""
    (directory / "partition-00").mkdir(parents=True, exist_ok=True)
    (directory / "log.json").write_text('{"id": "cafe", "partitions": 1, "version": 1}')
    for content in contents:
        segment(directory, first).write_bytes(content)
        first += len(content)
    return LogSource(directory)


def segment(directory: Path, base: int) -> Path:
    return directory / "partition-00" / f"{base:020d}.jsonl"


def read(source, offset=0, budget=MANY):
    """All messages from ``offset`` on as (offset, content, true size), and where the reader stands then."""
    found = []
    while (batch := source.poll("log:cafe/00", offset, budget)) is not None:
        assert batch.first_offset == offset
        assert batch.next_offset > offset
        found += zip(batch.offsets.tolist(), batch.messages(), batch.sizes.tolist(), strict=True)
        offset = batch.next_offset
    return found, offset


def contents(source, offset=0, budget=MANY):
    return [content for _, content, _ in read(source, offset, budget)[0]]


def expected(text: bytes, limit: int) -> list[tuple[int, bytes, int]]:
    """The messages in ``text``, line by line."""
    found, offset = [], 0
    for line in text.split(b"\n")[:-1]:
        content = line[:-1] if line.endswith(b"\r") else line
        if content:
            found.append((offset, content[:limit], len(content)))
        offset += len(line) + 1
    return found


lines = st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"\r")), max_size=12)


@settings(max_examples=150, deadline=None)
@given(segments=st.lists(lines, min_size=1, max_size=4), torn=st.sampled_from([b"", b"{", b"x" * 50]), data=st.data())
def test_polls_of_any_budget_make_up_the_whole(segments, torn, data):
    texts = [b"".join(line + b"\n" for line in some) for some in segments]
    whole = b"".join(texts)
    texts[-1] += torn
    budget = data.draw(st.integers(1, 90))
    small = {"MAX_BATCH_BYTES": 20, "_PIECE_BYTES": 7}
    with tempfile.TemporaryDirectory() as directory, patch.multiple("pipelines.sources.log.lines", **small):
        source = a_log(Path(directory), *texts)
        found, stood_at = read(source, 0, budget)
        assert found == expected(whole, 20)
        assert stood_at == source.end("log:cafe/00") == len(whole)


def test_a_torn_last_line_is_read_once_it_is_whole(tmp_path):
    source = a_log(tmp_path, b'{"a":1}\n{"b"')
    assert read(source) == ([(0, b'{"a":1}', 7)], 8)
    assert source.end("log:cafe/00") == 8
    with segment(tmp_path, 0).open("ab") as file:
        file.write(b":2}\n")
    assert read(source, 8) == ([(8, b'{"b":2}', 7)], 16)
    assert source.end("log:cafe/00") == 16


def test_letters_of_all_the_world_and_windows_line_ends_arrive_as_written(tmp_path):
    text = '{"group":"Zürich-電池-🔋"}'
    source = a_log(tmp_path, (text + "\r\n" + text + "\n").encode())
    assert [content.decode() for content in contents(source)] == [text, text]


def test_empty_lines_are_passed_over(tmp_path):
    source = a_log(tmp_path, b"\n\r\na\n\n")
    assert read(source) == ([(3, b"a", 1)], 6)


def test_a_poll_that_finds_only_empty_lines_still_moves_on(tmp_path):
    batch = a_log(tmp_path, b"\n\n").poll("log:cafe/00", 0, MANY)
    assert (len(batch), batch.next_offset, batch.payload) == (0, 2, b"")


def test_a_reader_that_starts_again_goes_on_where_the_first_one_stood(tmp_path):
    first = a_log(tmp_path, b"one\ntwo\n", b"three\n")
    batch = first.poll("log:cafe/00", 0, 5)
    assert list(batch.messages()) == [b"one"]
    assert contents(LogSource(tmp_path), batch.next_offset) == [b"two", b"three"]


def test_a_line_over_the_limit_is_handed_on_cut_with_its_true_size(tmp_path):
    size = 3 * MAX_BATCH_BYTES + 17
    source = a_log(tmp_path, b"before\n" + b"x" * size + b"\nafter\n")
    for budget in (1, 1000, 16 * MAX_BATCH_BYTES):
        found, stood_at = read(source, 0, budget)
        assert found == [(0, b"before", 6), (7, b"x" * MAX_BATCH_BYTES, size), (8 + size, b"after", 5)]
        assert stood_at == size + 14


def test_a_giant_line_is_never_held_in_memory_whole(tmp_path):
    source = a_log(tmp_path, b"x" * (32 * MAX_BATCH_BYTES) + b"\n")
    tracemalloc.start()
    batch = source.poll("log:cafe/00", 0, MAX_BATCH_BYTES)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert batch.sizes.tolist() == [32 * MAX_BATCH_BYTES]
    assert peak < 6 * MAX_BATCH_BYTES


def test_a_giant_line_is_read_when_it_is_whole_and_searched_only_once(tmp_path, monkeypatch):
    source = a_log(tmp_path, b"x" * 5000)
    searched = []
    original = reader.next_newline
    monkeypatch.setattr(reader, "next_newline", lambda *where: searched.append(where[1:]) or original(*where))
    assert source.poll("log:cafe/00", 0, 100) is None
    assert source.end("log:cafe/00") == 0
    with segment(tmp_path, 0).open("ab") as file:
        file.write(b"y" * 10 + b"\n")
    assert read(source, 0, 100) == ([(0, b"x" * 5000 + b"y" * 10, 5010)], 5011)
    assert searched[:2] == [(100, 5000), (5000, 5011)]


def test_a_poll_from_before_the_oldest_segment_goes_on_at_the_oldest(tmp_path):
    source = a_log(tmp_path, b"hundred\n", first=100)
    batch = source.poll("log:cafe/00", 40, MANY)
    assert (batch.first_offset, batch.next_offset, batch.offsets.tolist()) == (40, 108, [100])
    assert source.begin("log:cafe/00") == 100


def test_a_hole_between_two_segments_is_passed_over(tmp_path):
    source = a_log(tmp_path, b"one\n", first=0)
    a_log(tmp_path, b"ninety\n", first=90)
    assert read(source) == ([(0, b"one", 3), (90, b"ninety", 6)], 97)


def test_the_last_line_of_a_finished_segment_counts_without_its_newline(tmp_path):
    source = a_log(tmp_path, b"one\ntor", b"two\n")
    for budget in (1, 5, MANY):
        assert read(source, 0, budget) == ([(0, b"one", 3), (4, b"tor", 3), (7, b"two", 3)], 11)


def test_what_is_added_to_a_finished_segment_is_not_read_twice_nor_glued(tmp_path):
    source = a_log(tmp_path, b"one\n", b"two\n")
    with segment(tmp_path, 0).open("ab") as file:
        file.write(b"too late\n")
    assert contents(source) == [b"one", b"two"]


def test_retention_between_looking_and_reading_does_not_hurt(tmp_path, monkeypatch):
    source = a_log(tmp_path, b"one\n", b"two\n")
    original = os.open

    def delete_then_open(path, *rest):
        Path(path).unlink() if str(path).endswith("0.jsonl") else None
        return original(path, *rest)

    monkeypatch.setattr(reader.os, "open", delete_then_open)
    assert contents(source) == [b"two"]


def test_an_offset_behind_the_end_is_refused_with_what_to_do(tmp_path):
    source = a_log(tmp_path, b"one\n")
    with pytest.raises(SourceError, match=r"ends at byte 4, before the committed byte 5.*reset"):
        source.poll("log:cafe/00", 5, MANY)
    segment(tmp_path, 0).unlink()
    with pytest.raises(SourceError, match="ends at byte 0"):
        source.poll("log:cafe/00", 4, MANY)


def test_an_empty_partition_has_nothing_to_read(tmp_path):
    source = a_log(tmp_path)
    assert source.poll("log:cafe/00", 0, MANY) is None
    assert (source.begin("log:cafe/00"), source.end("log:cafe/00")) == (0, 0)
    (tmp_path / "partition-00").rmdir()
    assert source.poll("log:cafe/00", 0, MANY) is None


def test_the_end_follows_new_segments_and_a_file_that_a_crash_shortened(tmp_path):
    source = a_log(tmp_path, b"one\ntwo\n")
    assert source.end("log:cafe/00") == 8
    os.truncate(segment(tmp_path, 0), 6)
    assert source.end("log:cafe/00") == 4
    a_log(tmp_path, b"ten\n", first=10)
    assert source.end("log:cafe/00") == 14


def test_a_log_made_anew_is_another_log(tmp_path):
    source = a_log(tmp_path, b"one\n")
    (tmp_path / "log.json").write_text('{"id": "beef", "partitions": 2, "version": 1}')
    assert source.partitions() == ("log:beef/00", "log:beef/01")
    with pytest.raises(SourceError, match="made anew"):
        source.poll("log:cafe/00", 0, MANY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cannot be read"),
        ("[]", "cannot be read"),
        (json.dumps({"id": "cafe", "partitions": 1, "version": 2}), "has version 2"),
    ],
)
def test_a_log_that_cannot_be_understood_is_refused(tmp_path, text, told):
    (tmp_path / "log.json").write_text(text)
    with pytest.raises(SourceError, match=told):
        LogSource(tmp_path)


def test_a_shell_can_write_while_the_log_is_read(tmp_path):
    source = a_log(tmp_path, b"")
    offset = 0
    for number in range(3):
        subprocess.run(["sh", "-c", f"echo 'héllo {number}' >> {segment(tmp_path, 0)}"], check=True)
        found, offset = read(source, offset)
        assert [content.decode() for _, content, _ in found] == [f"héllo {number}"]


def test_a_time_leads_to_the_first_segment_written_at_or_after_it(tmp_path):
    source = a_log(tmp_path, b"one\n", b"two\n", b"three\n")
    for base, written in ((0, 1000), (4, 2000), (8, 3000)):
        os.utime(segment(tmp_path, base), (written, written))
    times = (0, 1000, 1500, 2000, 2500, 3000, 4000)
    assert [source.offset_at("log:cafe/00", time) for time in times] == [0, 0, 4, 4, 8, 8, 14]


def test_the_arrival_is_the_clock_of_the_poll(tmp_path, monkeypatch):
    monkeypatch.setattr(reader.time, "time", lambda: 1234.5)
    assert a_log(tmp_path, b"one\n").poll("log:cafe/00", 0, MANY).arrival_unix_second == 1234.5


def test_what_retention_deleted_before_it_was_read_is_reported_once(tmp_path):
    source = a_log(tmp_path, b"aa\n", b"b\n", b"c\n")
    segment(tmp_path, 0).unlink()
    batch = source.poll("log:cafe/00", 1, MANY)
    assert (batch.first_offset, batch.lost_until, list(batch.messages())) == (1, 3, [b"b"])
    assert source.poll("log:cafe/00", batch.next_offset, MANY).lost_until == -1


def test_whoever_begins_at_the_start_misses_nothing_that_was_gone_before(tmp_path):
    source = a_log(tmp_path, b"aa\n", b"b\n")
    segment(tmp_path, 0).unlink()
    assert source.poll("log:cafe/00", 0, MANY).lost_until == -1

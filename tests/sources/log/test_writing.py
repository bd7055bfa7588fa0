"""Writing a readings log: one writer a partition, nothing glued, nothing lost but by retention."""

import errno
import os
import signal
import subprocess
import sys
import threading

import pytest

from pipelines.sources import SourceError
from pipelines.sources.log import LogSource, LogWriter, partition_of, partition_writer

MANY = 1 << 20


def contents(directory, index=0):
    source = LogSource(directory)
    partition, found = source.partitions()[index], []
    offset = source.begin(partition)
    while (batch := source.poll(partition, offset, MANY)) is not None:
        found += batch.messages()
        offset = batch.next_offset
    assert offset == source.end(partition)
    return found


def files(directory, index=0):
    return sorted(path.name for path in (directory / f"partition-{index:02d}").glob("*.jsonl"))


def test_what_was_appended_is_read_and_the_position_is_behind_it(tmp_path):
    with LogWriter(tmp_path, 1) as writer:
        assert writer.append(0, [b"one", "zwölf".encode()]) == 11
        assert writer.append(0, []) == 11
        assert writer.append(0, [b"three"]) == 17
    assert contents(tmp_path) == [b"one", "zwölf".encode(), b"three"]


def test_a_crash_at_any_byte_of_the_last_message_costs_only_that_message(tmp_path):
    last = '{"battery_id":"ü","voltage_volt":3.7}'.encode()
    for cut in range(len(last) + 2):
        directory = tmp_path / str(cut)
        with LogWriter(directory, 1) as writer:
            writer.append(0, [b"before"])
            writer.append(0, [last])
        segment = directory / "partition-00" / files(directory)[0]
        os.truncate(segment, len(b"before\n") + cut)
        with LogWriter(directory) as writer:
            writer.append(0, [b"after"])
        torn = [last[:cut]] if cut else []
        assert contents(directory) == [b"before", *torn, b"after"]


def test_a_line_that_a_shell_left_torn_is_not_glued_to_the_next(tmp_path):
    with LogWriter(tmp_path, 1) as writer:
        writer.append(0, [b"one"])
        with (tmp_path / "partition-00" / files(tmp_path)[0]).open("ab") as shell:
            shell.write(b"torn")
        assert writer.append(0, [b"two"]) == 13
    assert contents(tmp_path) == [b"one", b"torn", b"two"]


def test_a_write_that_fails_half_way_is_not_glued_to_the_next(tmp_path, monkeypatch):
    original, calls = os.write, []

    def half_then_full(descriptor, data):
        calls.append(data)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "no space left")
        return original(descriptor, data[:4]) if len(calls) == 1 else original(descriptor, data)

    with LogWriter(tmp_path, 1) as writer:
        writer.append(0, [b"one"])
        monkeypatch.setattr(partition_writer.os, "write", half_then_full)
        with pytest.raises(OSError, match="no space"):
            writer.append(0, [b"lost message"])
        writer.append(0, [b"two"])
    assert contents(tmp_path) == [b"one", b"lost", b"two"]


def test_a_write_that_stops_half_way_is_finished(tmp_path, monkeypatch):
    original = os.write
    monkeypatch.setattr(partition_writer.os, "write", lambda descriptor, data: original(descriptor, data[:3]))
    with LogWriter(tmp_path, 1) as writer:
        assert writer.append(0, [b"a longer message", b"two"]) == 21
    assert contents(tmp_path) == [b"a longer message", b"two"]


def test_several_writers_share_a_log_each_on_its_own_partition(tmp_path):
    with LogWriter(tmp_path, 2) as first, LogWriter(tmp_path, 2) as second:
        for number in range(3):
            first.append(0, [b"a%d" % number])
            second.append(1, [b"b%d" % number])
    assert (contents(tmp_path, 0), contents(tmp_path, 1)) == ([b"a0", b"a1", b"a2"], [b"b0", b"b1", b"b2"])


def test_a_second_writer_on_a_partition_is_refused_and_told_who_holds_it(tmp_path):
    with LogWriter(tmp_path, 1) as first, LogWriter(tmp_path) as second:
        first.append(0, [b"mine"])
        with pytest.raises(SourceError, match=f"process {os.getpid()} on .*stop that one"):
            second.append(0, [b"yours"])
        with pytest.raises(SourceError):
            second.tail(0, 100)
        first.close()
        second.append(0, [b"now mine"])
    assert contents(tmp_path) == [b"mine", b"now mine"]


def test_a_writer_that_was_killed_holds_nothing(tmp_path):
    program = (
        "import sys, pathlib; from pipelines.sources.log import LogWriter; "
        "w = LogWriter(pathlib.Path(sys.argv[1]), 1); w.append(0, [b'one']); "
        "print('ready', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"ready\n"
        with LogWriter(tmp_path) as writer:
            with pytest.raises(SourceError, match=f"process {other.pid} "):
                writer.append(0, [b"two"])
            other.send_signal(signal.SIGKILL)
            other.wait()
            writer.append(0, [b"two"])
    assert contents(tmp_path) == [b"one", b"two"]


def test_segments_are_named_by_the_position_of_their_first_byte(tmp_path):
    with LogWriter(tmp_path, 1, segment_bytes=10) as writer:
        for message in (b"1234", b"5678", b"90", b"longer than a segment", b"x"):
            writer.append(0, [message])
    assert files(tmp_path) == [f"{base:020d}.jsonl" for base in (0, 10, 13, 35)]
    assert contents(tmp_path) == [b"1234", b"5678", b"90", b"longer than a segment", b"x"]


def test_a_writer_that_starts_again_goes_on_in_the_newest_segment(tmp_path):
    for message in (b"one", b"two", b"three"):
        with LogWriter(tmp_path, segment_bytes=8) as writer:
            writer.append(0, [message])
    assert files(tmp_path) == [f"{base:020d}.jsonl" for base in (0, 8)]
    assert contents(tmp_path) == [b"one", b"two", b"three"]


def test_a_message_with_a_newline_or_for_no_partition_is_refused(tmp_path):
    with LogWriter(tmp_path, 2) as writer:
        with pytest.raises(ValueError, match="newline"):
            writer.append(0, [b"one\ntwo"])
        for index in (-1, 2):
            with pytest.raises(ValueError, match="partitions 0 to 1"):
                writer.append(index, [b"one"])
    assert contents(tmp_path) == []


def test_segments_written_before_a_time_expire_but_never_the_newest(tmp_path):
    with LogWriter(tmp_path, 2, segment_bytes=1) as writer:
        for index in (0, 1):
            for base, message in enumerate((b"a", b"b", b"c")):
                writer.append(index, [message])
                os.utime(tmp_path / f"partition-0{index}" / f"{2 * base:020d}.jsonl", (base * 100, base * 100))
        assert writer.expire(before_unix_second=100) == 2
        assert contents(tmp_path, 0) == contents(tmp_path, 1) == [b"b", b"c"]
        assert writer.expire(before_unix_second=1e9) == 2
        assert contents(tmp_path, 0) == contents(tmp_path, 1) == [b"c"]
        writer.append(0, [b"d"])
    assert contents(tmp_path, 0) == [b"c", b"d"]


def test_the_oldest_segments_expire_until_the_log_is_small_enough(tmp_path):
    with LogWriter(tmp_path, 2, segment_bytes=1) as writer:
        for number in range(4):
            index, base = number % 2, 2 * (number // 2)
            writer.append(index, [b"%d" % number])
            os.utime(tmp_path / f"partition-0{index}" / f"{base:020d}.jsonl", (number, number))
        assert writer.expire(max_bytes=8) == 0
        assert writer.expire(max_bytes=7) == 1
        assert (contents(tmp_path, 0), contents(tmp_path, 1)) == ([b"2"], [b"1", b"3"])
        assert writer.expire(max_bytes=0) == 1
    assert (contents(tmp_path, 0), contents(tmp_path, 1)) == ([b"2"], [b"3"])


def test_the_tail_gives_the_last_whole_messages_over_segments(tmp_path):
    with LogWriter(tmp_path, 1, segment_bytes=8) as writer:
        assert writer.tail(0, 100) == []
        for message in (b"one", b"two", b"three", b"", b"five"):
            writer.append(0, [message])
        assert writer.tail(0, 5) == [b"five"]
        assert writer.tail(0, 4) == []
        assert writer.tail(0, 12) == [b"three", b"five"]
        assert writer.tail(0, 15) == [b"three", b"five"]
        assert writer.tail(0, 16) == [b"two", b"three", b"five"]
        assert writer.tail(0, 1000) == [b"one", b"two", b"three", b"five"]


def test_the_tail_after_a_crash_does_not_hold_a_message_twice(tmp_path):
    with LogWriter(tmp_path, 1) as writer:
        writer.append(0, [b"one", b"two"])
    os.truncate(tmp_path / "partition-00" / files(tmp_path)[0], 6)
    with LogWriter(tmp_path) as writer:
        assert writer.tail(0, 100) == [b"one", b"tw"]


def test_a_log_keeps_its_identity_and_its_number_of_partitions(tmp_path):
    first = LogWriter(tmp_path / "a", 3)
    again = LogWriter(tmp_path / "a")
    other = LogWriter(tmp_path / "b", 3)
    assert (again.log_id, again.partitions) == (first.log_id, 3)
    assert other.log_id != first.log_id
    with pytest.raises(SourceError, match="has 3 partitions, not 4"):
        LogWriter(tmp_path / "a", 4)


def test_a_log_that_is_not_there_is_made_only_when_wanted(tmp_path):
    with pytest.raises(SourceError, match="no readings log"):
        LogWriter(tmp_path / "a", 1, create=False)
    with pytest.raises(SourceError, match="choose 1 to"):
        LogWriter(tmp_path / "a", 0)
    LogWriter(tmp_path / "a", 1).close()
    with pytest.raises(SourceError, match="has 1 partitions, not 2"):
        LogWriter(tmp_path / "a", 2, create=False)


def test_every_append_waits_for_the_disk_when_asked_to(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(partition_writer.os, "fsync", synced.append)
    with LogWriter(tmp_path, 1, fsync=True) as writer:
        assert len(synced) == 1, "the description of the new log"
        synced.clear()
        writer.append(0, [b"one"])
        writer.append(0, [b"two"])
    assert len(synced) == 2
    with LogWriter(tmp_path, segment_bytes=8, fsync=True) as writer:
        writer.append(0, [b"rolls"])
    assert len(synced) == 4  # the message, and the directory that holds the new segment
    with LogWriter(tmp_path) as writer:
        writer.append(0, [b"three"])
    assert len(synced) == 4


def test_a_battery_belongs_to_the_partition_that_its_crc_32_says():
    # the check value of CRC-32 over these nine digits is 0xCBF43926 = 3421780262
    assert (partition_of(b"123456789", 10), partition_of(b"123456789", 7)) == (2, 5)


def test_a_reader_beside_a_busy_writer_sees_every_message_once_and_whole(tmp_path):
    messages = [b"message %d" % number + b"." * (number % 50) for number in range(3000)]
    with LogWriter(tmp_path, 1, segment_bytes=4000) as writer:
        source = LogSource(tmp_path)
        (partition,) = source.partitions()
        busy = threading.Thread(target=lambda: [writer.append(0, messages[at : at + 3]) for at in range(0, 3000, 3)])
        busy.start()
        found, offset = [], 0
        while len(found) < 3000 and (busy.is_alive() or offset < source.end(partition)):
            if (batch := source.poll(partition, offset, 500)) is not None:
                found += batch.messages()
                offset = batch.next_offset
        busy.join()
    assert found == messages

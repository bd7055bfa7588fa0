"""What is added to the files of a folder is read once, wherever a poll or a run began."""

import json
import os
import time

import numpy as np
import pytest

from pipelines.decoding import decode
from pipelines.sources import open_source
from pipelines.sources.folder import growing_file, snapshot
from schemas.reading import MAX_BATCH_BYTES
from tests.sources.folder.exports import HEADER, append, read_on, record_indexes, row, rows


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "cell 7.csv"
    path.write_text(HEADER + rows(1, 3))
    return path


@pytest.fixture
def source(tmp_path, file):
    opened = open_source(f"folder://{tmp_path}")
    yield opened
    opened.close()


def only(source):
    (partition,) = source.partitions()
    return partition


def test_a_row_is_a_message_of_one_reading_at_the_place_of_its_line(source):
    messages, end = read_on(source, only(source))
    size = len(row(1))
    assert [offset for offset, _ in messages] == [0, size, 2 * size]
    assert end == source.end(only(source)) == 3 * size
    assert json.loads(messages[1][1]) == {
        "battery_id": "cell_7",
        "record_index": 2,
        "test_time_second": 20.5,
        "unix_time_second": 1_600_000_020.0,
        "step_time_second": 2.25,
        "step_id": 7,
        "cycle_count": 2,
        "current_ampere": -1.5,
        "voltage_volt": 3.002,
    }


def test_the_messages_are_readings_to_the_pipeline(source):
    batch = source.poll(only(source), 0, 1 << 20)
    ((key, chunk),) = decode(batch)
    assert (key, len(chunk)) == ("cell_7", 3)
    np.testing.assert_array_equal(chunk.offsets, batch.offsets)


def test_what_is_added_is_read_and_a_half_written_line_waits(file, source):
    partition = only(source)
    messages, offset = read_on(source, partition)
    assert record_indexes(messages) == [1, 2, 3]
    append(file, row(4) + row(5)[:12])
    messages, offset = read_on(source, partition, offset)
    assert record_indexes(messages) == [4]
    assert source.poll(partition, offset, 1 << 20) is None
    assert source.ends() == {partition: offset}
    append(file, row(5)[12:])
    messages, offset = read_on(source, partition, offset)
    assert record_indexes(messages) == [5]
    assert json.loads(messages[0][1])["voltage_volt"] == 3.005


def test_a_file_without_two_whole_rows_is_not_there_yet(tmp_path):
    path = tmp_path / "c.csv"
    source = open_source(f"folder://{tmp_path}")
    for text in ("", HEADER[:20], HEADER, HEADER + row(1), HEADER + row(1) + row(2)[:-1]):
        path.write_text(text)
        source.close()  # to look again at once
        assert source.partitions() == ()
    append(path, "\n")
    source.close()
    assert record_indexes(read_on(source, only(source))[0]) == [1, 2]


def test_another_run_goes_on_at_the_offset_of_the_one_before(tmp_path, file, source):
    partition = only(source)
    _, offset = read_on(source, partition)
    source.close()
    append(file, rows(4, 6))
    again = open_source(f"folder://{tmp_path}")
    assert again.partitions() == (partition,)
    assert again.begin(partition) == 0
    assert record_indexes(read_on(again, partition, offset)[0]) == [4, 5, 6]
    assert record_indexes(read_on(again, partition)[0]) == [1, 2, 3, 4, 5, 6]


def test_every_cutting_gives_each_row_the_same_offset(tmp_path):
    (tmp_path / "c.csv").write_text(HEADER + rows(1, 4) + "\n\n" + rows(5, 6) + "not,a,row\n" + rows(7, 9) + " \n")
    source = open_source(f"folder://{tmp_path}")
    partition = only(source)
    whole, end = read_on(source, partition)
    assert len(whole) == 10
    for max_bytes in (1, 60, 200):
        assert read_on(source, partition, 0, max_bytes) == (whole, end)
    for begun, (offset, _) in enumerate(whole):
        assert read_on(source, partition, offset) == (whole[begun:], end)


def test_a_line_that_is_no_reading_goes_out_as_it_stands(tmp_path):
    long = "x" * (MAX_BATCH_BYTES + 10)
    (tmp_path / "c.csv").write_text(HEADER + rows(1, 2) + "1,2\n" + long + "\n" + row(3))
    source = open_source(f"folder://{tmp_path}")
    batch = source.poll(only(source), 0, 1 << 22)
    messages = list(batch.messages())
    assert messages[2] == b"1,2"
    assert messages[3] == b"x" * MAX_BATCH_BYTES
    assert batch.sizes.tolist()[2:4] == [3, MAX_BATCH_BYTES + 10]
    assert json.loads(messages[4])["record_index"] == 3


def test_lines_may_end_like_those_of_windows(tmp_path):
    (tmp_path / "c.csv").write_bytes((HEADER + rows(1, 3)).replace("\n", "\r\n").encode())
    source = open_source(f"folder://{tmp_path}")
    messages, end = read_on(source, only(source))
    assert record_indexes(messages) == [1, 2, 3]
    assert end == 3 * (len(row(1)) + 1)


def test_a_file_that_rests_is_read_where_it_is(file, source, monkeypatch):
    long_ago = time.time() - snapshot.QUIET_SECOND - 10.0
    os.utime(file, (long_ago, long_ago))
    monkeypatch.setattr(snapshot.shutil, "copyfileobj", None)
    assert record_indexes(read_on(source, only(source))[0]) == [1, 2, 3]


def test_a_file_that_rested_and_goes_on_while_it_is_read_is_read_on(tmp_path, file, source, caplog):
    long_ago = time.time() - snapshot.QUIET_SECOND - 10.0
    os.utime(file, (long_ago, long_ago))
    partition = only(source)
    first = source.poll(partition, 0, 1)
    append(file, row(4))
    messages, _ = read_on(source, partition, first.next_offset)
    assert record_indexes(messages) == [2, 3, 4]
    assert caplog.records == []


@pytest.fixture
def tries_again_at_once(monkeypatch):
    monkeypatch.setattr(growing_file, "REST_FACTOR", 0.0)


def meanwhile(monkeypatch, module, name, happens):
    """Let something happen just before a function of a module is called the first time."""
    function, left = getattr(module, name), [happens]

    def called(*arguments):
        if left:
            left.pop()()
        return function(*arguments)

    monkeypatch.setattr(module, name, called)


@pytest.mark.usefixtures("tries_again_at_once")
@pytest.mark.parametrize(
    ("meanwhile_there", "told"),
    [
        (HEADER + rows(1, 2) + row(3)[:-4], "became shorter while it was copied"),
        (HEADER + rows(1, 2).replace("-1.5", "-1.50000") + rows(3, 4), "was written anew while it was copied"),
    ],
)
def test_a_file_that_is_written_anew_while_it_is_copied_is_read_when_it_is_whole(
    file, source, monkeypatch, caplog, meanwhile_there, told
):
    partition = only(source)
    meanwhile(monkeypatch, snapshot.shutil, "copyfileobj", lambda: file.write_text(meanwhile_there))
    assert source.poll(partition, 0, 1 << 20) is None
    assert f"{file} {told}." in caplog.text
    file.write_text(HEADER + rows(1, 5))
    messages, end = read_on(source, partition)
    assert record_indexes(messages) == [1, 2, 3, 4, 5]
    assert end == source.end(partition)


@pytest.mark.usefixtures("tries_again_at_once")
def test_half_a_line_that_comes_while_a_file_that_rested_is_opened_is_not_read(file, source, monkeypatch):
    long_ago = time.time() - snapshot.QUIET_SECOND - 10.0
    os.utime(file, (long_ago, long_ago))
    partition = only(source)
    meanwhile(monkeypatch, snapshot, "open_file", lambda: append(file, row(4)[:-4]))
    assert source.poll(partition, 0, 1 << 20) is None
    messages, offset = read_on(source, partition)
    assert record_indexes(messages) == [1, 2, 3]
    append(file, row(4)[-4:])
    ((_, last),), _ = read_on(source, partition, offset)
    assert json.loads(last)["voltage_volt"] == 3.004


def test_a_file_that_takes_long_to_open_is_not_opened_again_and_again(file, source, monkeypatch):
    monkeypatch.setattr(growing_file, "FREE_SECOND", 0.0)
    monkeypatch.setattr(growing_file, "REST_FACTOR", 1.0e9)
    partition = only(source)
    _, offset = read_on(source, partition)
    append(file, row(4))
    assert source.poll(partition, offset, 1 << 20) is None
    monkeypatch.setattr(growing_file.time, "monotonic", lambda: 1.0e12)
    assert record_indexes(read_on(source, partition, offset)[0]) == [4]


def test_of_a_file_that_rested_since_a_time_nothing_is_read(file, source):
    partition = only(source)
    written = file.stat().st_mtime
    assert source.offset_at(partition, written - 60.0) == 0
    assert source.offset_at(partition, written + 60.0) == source.end(partition) > 0


def test_a_file_that_is_gone_has_nothing_and_stops_nobody(tmp_path, file, source):
    (tmp_path / "other.csv").write_text(HEADER + rows(11, 13))
    gone, other = sorted(source.partitions(), key=lambda name: name.endswith("other"))
    file.unlink()
    assert source.poll(gone, 0, 1 << 20) is None
    assert source.end(gone) == 0
    assert source.end("folder:nobody/x") == source.offset_at("folder:nobody/x", 0.0) == 0
    assert record_indexes(read_on(source, other)[0]) == [11, 12, 13]


def test_lines_that_nobody_can_tell_are_found_by_smaller_and_smaller_polls(tmp_path, monkeypatch):
    (tmp_path / "c.csv").write_text(HEADER + rows(1, 40) + "\n\n" + rows(41, 90) + "\n" + rows(91, 93))
    whole = read_on(open_source(f"folder://{tmp_path}"), partition := only(open_source(f"folder://{tmp_path}")))
    monkeypatch.setattr(snapshot, "row_lines", lambda lines, rows, headers: None)
    assert read_on(open_source(f"folder://{tmp_path}"), partition) == whole
    assert len(whole[0]) == 93

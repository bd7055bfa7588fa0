"""Each limit of a reading, in every format: a bad reading costs only itself."""

import json

import numpy as np
import pyarrow as pa
import pytest

from pipelines.decoding import Limits, decode
from schemas.dead_letter import WHOLE_MESSAGE
from schemas.reading import limits
from tests.decoding.batches import ARRIVAL_UNIX_SECOND, a_batch, arrow, decoded, offset_of, row, some_columns
from tests.decoding.hostile import with_fields

ID = {"battery_id": "B"}


def as_json(columns: dict[str, list]) -> bytes:
    return json.dumps({**ID, **columns}).encode()


def as_arrow(columns: dict[str, list]) -> bytes:
    return arrow(columns, ID)


@pytest.mark.parametrize("encode", [as_json, as_arrow])
@pytest.mark.parametrize("name", limits())
def test_both_ends_of_a_range_are_in_it_and_what_lies_beyond_is_refused(name, encode):
    lowest, highest = limits()[name]
    if name == "unix_time_second":
        highest = ARRIVAL_UNIX_SECOND + 86_400
    step = 1.0 if name != "record_index" else 2.0  # 2**53 + 1 is no double
    column = [lowest, lowest - 1.0, highest, highest + step]
    good = {"test_time_second": [1.0] * 4, "current_ampere": [0.0] * 4, "voltage_volt": [3.0] * 4}
    [chunk], letters = decoded(encode(good | {name: column}))
    assert row(chunk, name) == [lowest, highest]
    assert chunk.indices.tolist() == [0, 2]
    assert [(letter.offset, letter.reading_index, letter.reason) for letter in letters] == [
        (offset_of(0), 1, "out_of_range"),
        (offset_of(0), 3, "out_of_range"),
    ]
    assert all(letter.detail.startswith(name) for letter in letters)


@pytest.mark.parametrize(
    ("name", "value", "reason", "detail"),
    [
        ("voltage_volt", None, "missing_field", "voltage_volt is missing"),
        ("current_ampere", None, "missing_field", "current_ampere is missing"),
        ("voltage_volt", float("nan"), "out_of_range", "voltage_volt is not a finite number"),
        ("current_ampere", float("-inf"), "out_of_range", "current_ampere is not a finite number"),
        ("temperature_t1_celsius", float("inf"), "out_of_range", "temperature_t1_celsius is not a finite number"),
        ("cycle_count", 1.5, "wrong_type", "cycle_count is 1.5, not a whole number"),
        ("step_id", 0.25, "wrong_type", "step_id is 0.25, not a whole number"),
        ("unix_time_second", None, "missing_field", "test_time_second and unix_time_second are both missing"),
        ("unix_time_second", 1_770_100_000.0, "out_of_range", "unix_time_second is 1770100000.0, too far ahead"),
    ],
)
def test_a_bad_reading_of_an_arrow_batch_is_refused_alone(name, value, reason, detail):
    columns = {key: column.tolist() for key, column in some_columns(3).items()} | {"step_id": [1.0, 1.0, 1.0]}
    columns.setdefault(name, [None] * 3)
    columns[name][1] = value
    arrays = {key: pa.array(column, pa.float64()) for key, column in columns.items()}
    [chunk], letters = decoded(arrow(arrays, ID))
    assert row(chunk, "voltage_volt") == [3.0, 3.002]
    assert [(letter.reading_index, letter.reason) for letter in letters] == [(1, reason)]
    assert letters[0].detail.startswith(detail)


def test_nan_of_an_optional_arrow_column_is_not_known():
    [chunk], letters = decoded(arrow({**some_columns(2), "temperature_t1_celsius": [np.nan, 21.0]}, ID))
    assert row(chunk, "temperature_t1_celsius") == [None, 21.0]
    assert letters == ()


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("null", "missing_field"),
        ('"3.7"', "wrong_type"),
        ("true", "wrong_type"),
        ("[1]", "wrong_type"),
        ('{"a":1}', "wrong_type"),
        ("1e999", "out_of_range"),
        ("9" * 400, "out_of_range"),
        ("-11", "out_of_range"),
    ],
)
def test_a_bad_entry_of_a_json_column_is_refused_alone(entry, reason):
    [chunk], letters = decoded(with_fields(voltage_volt=b"[3.1,%s,3.3]" % entry.encode()))
    assert row(chunk, "voltage_volt") == [3.1, 3.3]
    assert chunk.indices.tolist() == [0, 2]
    assert [(letter.reading_index, letter.reason) for letter in letters] == [(1, reason)]
    assert "voltage_volt" in letters[0].detail


def test_the_dead_letter_of_a_reading_holds_what_is_known_of_it_as_json():
    message = with_fields(voltage_volt=b"[3.1,99999,null]", group=b'"W"', cycle_count=b"[1,2,3]")
    _, letters = decoded(message)
    expected = {"battery_id": "B", "group": "W", "unix_time_second": 1.76e9, "current_ampere": 1.5, "step_id": 1}
    assert [json.loads(letter.payload) for letter in letters] == [
        expected | {"voltage_volt": 99999, "cycle_count": 2},
        expected | {"cycle_count": 3},
    ]
    assert [letter.payload_size for letter in letters] == [len(letter.payload) for letter in letters]


def test_a_message_with_one_reading_is_refused_whole_with_its_own_bytes():
    message = with_fields(unix_time_second=b"null")
    _, [letter] = decoded(message)
    assert (letter.reading_index, letter.payload) == (WHOLE_MESSAGE, message)


def test_bad_identifiers_of_an_arrow_column_cost_their_own_readings_only():
    batteries = ["A", "b d", None, "A\n", "C"]
    chunks, letters = decoded(arrow({**some_columns(5), "battery_id": batteries, "group": ["W", "W", "W", "W", "ü"]}))
    assert [(chunk.battery_id, chunk.indices.tolist()) for chunk in chunks] == [("A", [0])]
    assert [(letter.reading_index, letter.reason) for letter in letters] == [
        (1, "bad_identifier"),
        (2, "missing_field"),
        (3, "bad_identifier"),
        (4, "bad_identifier"),
    ]


def test_a_batch_with_too_many_bad_readings_is_one_dead_letter():
    columns = as_json({"voltage_volt": [1.0, 99999.0, 99999.0], "current_ampere": 1.0, "test_time_second": [1, 2, 3]})
    [(_, chunk)] = decode(a_batch(columns), Limits(refused_readings=1))
    [letter] = chunk.letters
    assert (letter.reading_index, letter.reason, letter.payload) == (WHOLE_MESSAGE, "out_of_range", columns)
    assert letter.detail.startswith("2 of 3 readings are refused; reading 1: voltage_volt is 99999.0")


def test_a_batch_may_hold_so_many_readings_and_no_more():
    three = arrow(some_columns(3), ID)
    assert len(decode(a_batch(three), Limits(readings=3))[0][1]) == 3
    [(_, chunk)] = decode(a_batch(three), Limits(readings=2))
    assert [letter.reason for letter in chunk.letters] == ["oversized"]


def test_sizes_are_checked_before_a_message_is_read():
    reading, batch = with_fields(), with_fields(voltage_volt=b"[1]")
    small = Limits(reading_bytes=len(reading) - 1, batch_bytes=len(batch) - 1)
    for message in (reading, batch):
        [(_, chunk)] = decode(a_batch(message), small)
        assert [letter.reason for letter in chunk.letters] == ["oversized"]

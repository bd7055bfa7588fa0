import base64
import time

import msgspec
import numpy as np
import pytest

from schemas import COLUMNS, Reading, ReadingColumns
from schemas.reading import INTEGER_COLUMNS, MAX_BATCH_BYTES, MAX_BATCH_READINGS
from simulator.arrow_messages import decode_arrow
from simulator.lab import Lab
from simulator.messages import MESSAGE_FORMATS, encode

START = 1_700_000_000.125


@pytest.fixture(scope="module")
def readings():
    return Lab(batteries=1, cycles=2, test_id="ageing-1", counters=True).read_one("W00", 3300, 4300, START)


def test_a_json_message_is_a_reading(readings):
    messages = encode(readings, "json")
    assert len(messages) == 1000
    for k in (0, 500, 999):
        found = msgspec.json.decode(messages[k], type=Reading, strict=True)
        assert (found.battery_id, found.group, found.test_id) == ("W00", "W", "ageing-1")
        assert [getattr(found, name) for name in COLUMNS] == readings.values[:, k].tolist()
        assert all(isinstance(getattr(found, name), int) for name in INTEGER_COLUMNS)


def test_without_counters_no_message_has_any():
    readings = Lab(batteries=1, cycles=1).read_one("W00", 0, 10, START)
    for message_format in MESSAGE_FORMATS:
        for message in encode(readings, message_format):
            assert b"capacity" not in message
            assert b"energy" not in message


def test_fields_of_a_json_message_are_those_of_a_reading_and_none_is_null():
    message = encode(Lab(batteries=1, cycles=1, counters=True).read_one("W00", 0, 1, START), "json")[0]
    fields = msgspec.json.decode(message)
    assert set(fields) == set(Reading.__struct_fields__) - {"test_id"}
    assert None not in fields.values()


def test_a_columns_message_holds_all_readings_and_one_value_where_all_are_the_same(readings):
    (message,) = encode(readings, "columns")
    found = msgspec.json.decode(message, type=ReadingColumns)
    assert (found.battery_id, found.group, found.test_id) == ("W00", "W", "ageing-1")
    assert found.cycle_count == 1
    for name, values in zip(COLUMNS, readings.values, strict=True):
        said = getattr(found, name)
        np.testing.assert_array_equal(np.broadcast_to(said, values.shape), values)
    assert isinstance(found.voltage_volt, list)


def test_one_reading_in_columns_has_a_list_of_one_voltage(readings):
    found = msgspec.json.decode(encode(readings.take(slice(0, 1)), "columns")[0], type=ReadingColumns)
    assert found.voltage_volt == [readings.column("voltage_volt")[0]]


@pytest.mark.parametrize("written", [bytes, base64.b64encode])
def test_an_arrow_message_has_the_same_values_also_in_base64(readings, written):
    (message,) = map(written, encode(readings, "arrow"))
    battery_id, columns = decode_arrow(message)
    assert battery_id == "W00"
    assert list(columns) == list(COLUMNS)
    for name, values in zip(COLUMNS, readings.values, strict=True):
        np.testing.assert_array_equal(columns[name], values)


@pytest.mark.parametrize("message_format", MESSAGE_FORMATS)
def test_no_message_is_over_the_limit_or_lost(message_format):
    readings = Lab(batteries=1, cycles=2).read_one("W00", 0, 2 * MAX_BATCH_READINGS + 10, START)
    messages = encode(readings, message_format)
    assert len(messages) == (len(readings) if message_format == "json" else 3)
    assert max(map(len, messages)) < MAX_BATCH_BYTES
    assert encode(readings.take(slice(0, 0)), message_format) == []


def test_numbers_are_written_with_no_more_digits_than_the_cycler_has(readings):
    for message in encode(readings, "json")[:200]:
        for name, places in (("voltage_volt", 5), ("current_ampere", 5), ("unix_time_second", 3)):
            text = message.split(f'"{name}":'.encode())[1].split(b",")[0]
            assert len(text.partition(b".")[2]) <= places


def test_the_rate_of_encoding_is_printed(capsys):
    lab = Lab(batteries=20, cycles=2)
    read = lab.read(lab.records_before(9_000_000), lab.records_before(9_600_000), START)
    count = sum(map(len, read))
    rates = {}
    for message_format in MESSAGE_FORMATS:
        started = time.perf_counter()
        for readings in read:
            encode(readings, message_format)
        rates[message_format] = count / (time.perf_counter() - started) / 1e6
    with capsys.disabled():
        print("\nencoding:", ", ".join(f"{name} {rate:.2f} M readings/s" for name, rate in rates.items()))
    assert count > 10_000

"""How the messages of a poll become chunks."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.decoding import decode
from schemas import COLUMNS, DEAD_LETTER_KEY, DeadLetterChunk, Position
from schemas.dead_letter import decode_headers
from tests.decoding.batches import (
    ARRIVAL_UNIX_SECOND,
    FIRST_OFFSET,
    PARTITION,
    a_batch,
    arrow,
    decoded,
    offset_of,
    row,
    some_columns,
)
from tests.decoding.hostile import with_fields


def reading(battery: str = "A", volt: float = 3.0, **identifiers: str) -> bytes:
    quoted = {name: b'"%s"' % text.encode() for name, text in {"battery_id": battery, **identifiers}.items()}
    return with_fields(voltage_volt=str(volt).encode(), **quoted)


def columns(battery: str = "A", volts: str = "[3.1,3.2]", **identifiers: str) -> bytes:
    quoted = {name: b'"%s"' % text.encode() for name, text in {"battery_id": battery, **identifiers}.items()}
    return with_fields(voltage_volt=volts.encode(), **quoted)


def test_each_battery_gets_one_chunk_in_the_order_of_its_messages():
    elements = decode(a_batch(reading("A", 1), reading("B", 2), reading("A", 3)))
    assert [key for key, _ in elements] == ["A", "B"]
    assert [row(chunk, "voltage_volt") for _, chunk in elements] == [[1, 3], [2]]
    assert [chunk.offsets.tolist() for _, chunk in elements] == [[offset_of(0), offset_of(2)], [offset_of(1)]]
    assert [chunk.indices.tolist() for _, chunk in elements] == [[0, 0], [0]]


def test_a_chunk_says_all_that_its_readings_say():
    message = (
        b'{"battery_id":"A","test_id":"T","group":"W","test_time_second":1.5,"unix_time_second":1.7e9,'
        b'"current_ampere":-2,"voltage_volt":3.25,"temperature_t1_celsius":21.5,"cycle_count":4,"step_count":9,'
        b'"step_id":2,"step_time_second":0.5,"record_index":77,"charging_capacity_ah":1.25,'
        b'"discharging_capacity_ah":2.5,"charging_energy_wh":4.5,"discharging_energy_wh":8.75}'
    )
    [chunk], _ = decoded(message)
    assert (chunk.battery_id, chunk.test_id, chunk.group) == ("A", "T", "W")
    assert chunk.arrival_unix_second == ARRIVAL_UNIX_SECOND
    assert chunk.values[:, 0].tolist() == [1.5, 1.7e9, -2, 3.25, 21.5, 4, 9, 2, 0.5, 77, 1.25, 2.5, 4.5, 8.75]


def test_what_is_not_known_is_nan_and_an_empty_text():
    [chunk], _ = decoded(b'{"battery_id":"A","test_time_second":0,"current_ampere":0,"voltage_volt":0}')
    known = {name: value for name in COLUMNS if (value := row(chunk, name)) != [None]}
    assert known == {"test_time_second": [0], "current_ampere": [0], "voltage_volt": [0]}
    assert (chunk.test_id, chunk.group) == ("", "")


def test_the_values_of_a_chunk_are_contiguous_doubles_whatever_they_came_in():
    bad = columns("D", "[3.1,null,3.3]")
    chunks, _ = decoded(reading("A"), reading("B"), reading("A"), columns("C"), arrow(some_columns(), ID), bad)
    assert [chunk.battery_id for chunk in chunks] == ["A", "B", "C", "E", "D"]
    for chunk in chunks:
        assert chunk.values.dtype == np.float64
        assert chunk.values.flags.c_contiguous
        assert chunk.values.shape == (len(COLUMNS), len(chunk.offsets)) == (len(COLUMNS), len(chunk.indices))


ID = {"battery_id": "E"}


def test_single_readings_and_batches_of_a_battery_keep_their_order():
    [chunk], letters = decoded(reading(volt=1), columns(volts="[2,3]"), reading(volt=4), arrow(some_columns(2), A))
    assert row(chunk, "voltage_volt") == [1, 2, 3, 4, 3.0, 3.001]
    assert chunk.offsets.tolist() == [offset_of(k) for k in (0, 1, 1, 2, 3, 3)]
    assert chunk.indices.tolist() == [0, 0, 1, 0, 0, 1]
    assert letters == ()


A = {"battery_id": "A"}


@pytest.mark.parametrize("name", ["test_id", "group"])
def test_a_new_chunk_begins_where_the_test_or_group_of_a_battery_changes(name):
    messages = [reading(volt=1, **{name: "x"}), reading("B", 2), columns(volts="[3,4]", **{name: "x"})]
    chunks, _ = decoded(*messages, reading(volt=5, **{name: "y"}), reading(volt=6, **{name: "x"}), reading(volt=7))
    of_a = [(getattr(chunk, name), row(chunk, "voltage_volt")) for chunk in chunks if chunk.battery_id == "A"]
    assert of_a == [("x", [1, 3, 4]), ("y", [5]), ("x", [6]), ("", [7])]


def test_the_elements_of_a_poll_are_numbered():
    elements = decode(a_batch(reading("A"), reading("A", test_id="t"), b"broken", reading("B")))
    assert [key for key, _ in elements] == ["A", "A", "B", DEAD_LETTER_KEY + PARTITION]
    assert [chunk.position for _, chunk in elements] == [
        Position(PARTITION, FIRST_OFFSET, offset_of(3) + 5, part, 4) for part in range(4)
    ]


def test_a_poll_without_messages_becomes_one_empty_chunk_that_can_be_acknowledged():
    [(key, chunk)] = decode(a_batch())
    assert key == DEAD_LETTER_KEY + PARTITION
    assert chunk == DeadLetterChunk(Position(PARTITION, FIRST_OFFSET, FIRST_OFFSET + 5, 0, 1), ())


def test_without_dead_letters_there_is_no_chunk_of_them():
    assert decoded(reading())[1] == ()
    assert len(decode(a_batch(reading()))) == 1


@pytest.mark.parametrize("closes", [True, False])
def test_the_last_poll_of_a_source_closes_all_its_batteries(closes):
    elements = decode(a_batch(reading("A"), reading("B"), closes=closes))
    assert [chunk.closes for _, chunk in elements] == [closes, closes]


def test_only_the_last_chunk_of_a_battery_closes_it():
    elements = decode(a_batch(reading("A", test_id="1"), reading("B"), reading("A", test_id="2"), closes=True))
    assert [(key, chunk.test_id, chunk.closes) for key, chunk in elements] == [
        ("A", "1", False),
        ("A", "2", True),
        ("B", "", True),
    ]


def test_many_batteries_are_sorted_apart():
    rng = np.random.default_rng(5)
    order = rng.integers(0, 300, 2000)
    chunks, _ = decoded(*(reading(f"b{battery}", number / 1000) for number, battery in enumerate(order)))
    assert len(chunks) == len(set(order.tolist()))
    for chunk in chunks:
        expected = np.flatnonzero(order == int(chunk.battery_id[1:]))
        assert row(chunk, "voltage_volt") == (expected / 1000).tolist()
        assert chunk.offsets.tolist() == [offset_of(number) for number in expected]


def test_an_arrow_batch_may_hold_several_batteries():
    mixed = {**some_columns(4), "battery_id": ["A", "B", "A", "B"], "group": ["W", "X", "W", "X"]}
    chunks, _ = decoded(arrow(mixed))
    found = [(chunk.battery_id, chunk.group, row(chunk, "voltage_volt"), chunk.indices.tolist()) for chunk in chunks]
    assert found == [("A", "W", [3.0, 3.002], [0, 2]), ("B", "X", [3.001, 3.003], [1, 3])]
    assert [chunk.offsets.tolist() for chunk in chunks] == [[offset_of(0)] * 2] * 2


@pytest.mark.parametrize("name", ["test_id", "group"])
def test_a_batch_in_which_a_battery_changes_its_test_or_group_is_refused_whole(name):
    mixed = {**some_columns(3), "battery_id": ["A", "B", "A"], name: ["x", "x", None]}
    chunks, letters = decoded(reading("A"), arrow(mixed), reading("A"))
    assert [chunk.offsets.tolist() for chunk in chunks] == [[offset_of(0), offset_of(2)]]
    assert [(letter.offset, letter.reading_index, letter.reason) for letter in letters] == [
        (offset_of(1), -1, "mixed_batch")
    ]
    assert "battery A" in letters[0].detail


def test_a_dead_letter_has_the_key_and_the_headers_of_its_message_and_all_of_it():
    long = b"x" * 10_000
    batch = replace(a_batch(reading(), long), keys=[b"A", b"K"], headers={1: [("origin", b"tester 7")]})
    *_, (_, chunk) = decode(batch)
    (letter,) = chunk.letters
    assert (letter.key, decode_headers(letter.headers), letter.payload) == (b"K", [("origin", b"tester 7")], long)


def test_what_retention_deleted_unread_is_one_dead_letter_at_its_first_offset():
    *_, (_, chunk) = decode(replace(a_batch(reading()), lost_until=FIRST_OFFSET + 40))
    (letter,) = chunk.letters
    assert (letter.reason, letter.offset, letter.payload) == ("lost", FIRST_OFFSET, b"")
    assert letter.detail == "everything from 1000 up to 1040 was deleted before it was read"


def test_a_poll_that_missed_nothing_reports_no_loss():
    assert not any(isinstance(chunk, DeadLetterChunk) for _, chunk in decode(a_batch(reading())))

"""What is read out of record batches, against what kafka-python wrote into them and what it reads itself."""

import random

import numpy as np
import pytest
from kafka.record import MemoryRecords

from pipelines.sources.kafka.buffer import PartitionBuffer
from pipelines.sources.kafka.record_batches import MAX_INFLATED_BYTES, CorruptBatchError
from schemas.reading import MAX_BATCH_BYTES
from tests.sources.kafka.batches import CODECS, ZSTD, batch_of, readings, with_attributes

CONTROL = 0x20
ALL = 1 << 30


def taken(data, offset=0):
    buffer = PartitionBuffer(offset)
    buffer.add(data)
    return buffer.take(ALL)


def values_of(messages):
    begins = [0, *messages.ends.tolist()]
    return [messages.payload[begin:end] for begin, end in zip(begins, messages.ends.tolist(), strict=False)]


@pytest.mark.parametrize("codec", CODECS)
def test_keys_values_and_offsets_come_back_in_every_codec(codec):
    records = readings(500)
    found = taken(batch_of(records[:300], codec, 1000) + batch_of(records[300:], codec, 1300), 1000)
    assert found.offsets.tolist() == list(range(1000, 1500))
    assert list(zip(found.keys, values_of(found), strict=True)) == records
    assert found.sizes.tolist() == [len(value) for _, value in records]
    assert found.next_offset == 1500
    assert found.headers == {}


def test_random_records_are_read_as_the_library_reads_them():
    chance = random.Random(3)

    def text(most):
        return None if chance.random() < 0.1 else chance.randbytes(chance.choice((0, 1, 63, 64, 127, 128, 8200, most)))

    for _ in range(40):
        records = [
            (text(70), text(20_000), [(f"h{k}", chance.randbytes(k)) for k in range(chance.choice((0, 0, 1, 200)))])
            for _ in range(chance.randrange(1, 40))
        ]
        data = batch_of(records, chance.choice(CODECS), 10 ** chance.randrange(12))
        expected = list(MemoryRecords(data).next_batch())
        found = taken(data, expected[0].offset)
        assert found.offsets.tolist() == [record.offset for record in expected]
        assert values_of(found) == [record.value or b"" for record in expected]
        assert list(found.keys or [b""] * len(found)) == [record.key or b"" for record in expected]
        assert {k: list(headers) for k, headers in found.headers.items()} == {
            k: record.headers for k, record in enumerate(expected) if record.headers
        }


def test_messages_without_any_key_have_no_list_of_keys():
    assert taken(batch_of([(None, b"a"), (b"", b"b")])).keys == ()


def test_a_message_without_a_value_is_an_empty_one():
    found = taken(batch_of([(b"k", None), (b"k", b"x")]))
    assert values_of(found) == [b"", b"x"]
    assert found.sizes.tolist() == [0, 1]


def test_messages_before_the_asked_offset_are_left_out_though_they_come_in_the_same_batch():
    found = taken(batch_of(readings(10), ZSTD, 100), 107)
    assert found.offsets.tolist() == [107, 108, 109]


def test_an_answer_that_ends_within_a_batch_is_read_up_to_it():
    whole, torn = batch_of(readings(3)), batch_of(readings(3), base_offset=3)
    for length in (1, 20, 60, len(torn) - 1):
        found = taken(whole + torn[:length])
        assert (len(found), found.next_offset) == (3, 3)


def test_the_marks_of_transactions_are_no_messages_but_are_passed():
    mark = with_attributes(batch_of([(b"\0\0\0\1", b"\0\0\0\0\0\0")], base_offset=3), CONTROL)
    found = taken(batch_of(readings(3)) + mark)
    assert (len(found), found.next_offset) == (3, 4)
    alone = taken(mark, 3)
    assert (len(alone), alone.next_offset) == (0, 4)


def test_a_message_over_the_limit_is_cut_and_its_size_is_the_true_one():
    found = taken(batch_of([(b"k", b"x" * (MAX_BATCH_BYTES + 5)), (b"k", b"y")]))
    assert found.ends.tolist() == [MAX_BATCH_BYTES, MAX_BATCH_BYTES + 1]
    assert found.sizes.tolist() == [MAX_BATCH_BYTES + 5, 1]
    assert found.payload[-2:] == b"xy"


def test_a_batch_that_inflates_beyond_all_measure_becomes_one_empty_message_over_the_limit():
    bomb = batch_of([(b"k", bytes(MAX_INFLATED_BYTES + 1)), (b"k", b"z")], ZSTD, 3)
    assert len(bomb) < 10_000
    found = taken(batch_of(readings(3)) + bomb + batch_of(readings(2), base_offset=5))
    assert found.offsets.tolist() == [0, 1, 2, 3, 5, 6]
    assert found.sizes[3] > MAX_BATCH_BYTES
    assert values_of(found)[3] == b""
    assert found.keys[3] == b""
    assert found.next_offset == 7


def test_a_flipped_bit_is_found():
    data = bytearray(batch_of(readings(10), base_offset=70))
    for place in (21, 40, len(data) - 1):
        damaged = data.copy()
        damaged[place] ^= 1
        with pytest.raises(CorruptBatchError, match="the checksum of the records from offset 70 on is wrong"):
            taken(bytes(damaged), 70)


def test_records_that_break_the_format_under_a_right_checksum_are_found():
    good = batch_of([(b"k", b"v")] * 10, base_offset=70)
    chance = random.Random(4)
    found = 0
    for _ in range(300):
        damaged = bytearray(good)
        damaged[chance.randrange(61, len(good))] = chance.randrange(256)
        try:
            messages = taken(with_attributes(bytes(damaged), 0), 70)
        except CorruptBatchError:
            found += 1
        else:
            assert len(messages) <= 10
    assert found > 100


def test_a_codec_that_is_unknown_or_does_not_fit_is_found():
    for bits in (5, ZSTD):
        with pytest.raises(CorruptBatchError, match="cannot be inflated"):
            taken(with_attributes(batch_of(readings(3)), bits))


def test_the_format_of_old_brokers_is_refused_with_what_to_do():
    old = bytearray(batch_of(readings(3)))
    old[16] = 1
    with pytest.raises(CorruptBatchError, match=r"message format 1.*copy the topic"):
        taken(bytes(old))


def test_a_buffer_gives_about_as_much_as_is_asked_for_and_at_least_one_message():
    records = readings(100)
    size = sum(len(value) for _, value in records)
    buffer = PartitionBuffer(0)
    for start in range(0, 100, 10):
        buffer.add(batch_of(records[start : start + 10], base_offset=start))
    got, lengths = [], []
    while (part := buffer.take(size // 4)) is not None:
        assert part.offsets[0] == len(got)
        assert part.next_offset == len(got) + len(part)
        got += zip(part.keys, values_of(part), strict=True)
        lengths.append(len(part.payload))
    assert got == records
    assert 4 <= len(lengths) <= 5
    assert max(lengths) < size // 4 + max(len(value) for _, value in records)
    small = PartitionBuffer(0)
    small.add(batch_of(records))
    assert [len(small.take(1)) for _ in range(100)] == [1] * 100
    assert small.take(1) is None


def test_holes_are_passed_when_a_poll_ends_before_them():
    buffer = PartitionBuffer(0)
    buffer.add(batch_of(readings(2)) + batch_of(readings(2), base_offset=50))
    first = buffer.take(ALL)
    assert first.offsets.tolist() == [0, 1, 50, 51]
    assert np.all(np.diff(first.ends) > 0)
    assert first.next_offset == 52


def test_headers_stay_with_their_messages_when_a_poll_is_cut():
    records = [(b"k", b"v", [("n", b"%d" % k)] if k % 3 == 0 else []) for k in range(10)]
    buffer = PartitionBuffer(0)
    buffer.add(batch_of(records))
    parts = [buffer.take(4), buffer.take(ALL)]
    assert [len(part) for part in parts] == [4, 6]
    assert [dict(part.headers) for part in parts] == [
        {0: [("n", b"0")], 3: [("n", b"3")]},
        {2: [("n", b"6")], 5: [("n", b"9")]},
    ]

"""What travels comes back as it was sent."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from schemas import (
    COLUMNS,
    Acknowledgement,
    DeadLetter,
    DeadLetterChunk,
    Position,
    ReadingChunk,
    RecordBatch,
    decode_acknowledgement,
    decode_chunk,
    decode_record_batch,
    encode_acknowledgement,
    encode_chunk,
    encode_record_batch,
)
from schemas.dead_letter import decode_headers, encode_headers

offsets = st.integers(0, 2**62)
seconds = st.floats(0, 4e9)
positions = st.builds(Position, st.text(), offsets, offsets, st.integers(0, 1000), st.integers(1, 1000))


def integers(length: int) -> st.SearchStrategy[np.ndarray]:
    return arrays.arrays(np.int64, length)


@st.composite
def reading_chunks(draw: st.DrawFn) -> ReadingChunk:
    length = draw(st.integers(0, 5))
    return ReadingChunk(
        draw(st.text()),
        draw(st.text()),
        draw(st.text()),
        draw(positions),
        draw(seconds),
        draw(arrays.arrays(np.float64, (len(COLUMNS), length))),
        draw(integers(length)),
        draw(integers(length)),
        draw(st.booleans()),
    )


letters = st.builds(
    DeadLetter, st.text(), offsets, st.integers(-1, 100), st.just("malformed"), st.text(), st.binary(), offsets, seconds
)


@given(reading_chunks())
def test_a_reading_chunk_comes_back_to_the_bit(chunk):
    back = decode_chunk(encode_chunk(chunk))
    assert isinstance(back, ReadingChunk)
    for name in ("battery_id", "test_id", "group", "position", "arrival_unix_second", "closes"):
        assert getattr(back, name) == getattr(chunk, name)
    for name in ("values", "offsets", "indices"):
        np.testing.assert_array_equal(getattr(back, name), getattr(chunk, name))
        assert getattr(back, name).dtype == getattr(chunk, name).dtype
    assert len(back) == chunk.values.shape[1]


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_values_of_a_chunk_keep_their_places_whatever_their_layout_in_memory(order):
    values = np.asarray(np.arange(len(COLUMNS) * 3.0).reshape(len(COLUMNS), 3), order=order)
    zeros = np.zeros(3, np.int64)
    chunk = ReadingChunk("b", "", "", Position("p", 0, 3, 0, 1), 0.0, values, zeros, zeros)
    np.testing.assert_array_equal(decode_chunk(encode_chunk(chunk)).values, values)


@given(positions, st.lists(letters, max_size=4))
def test_a_dead_letter_chunk_comes_back(position, written):
    chunk = DeadLetterChunk(position, tuple(written))
    back = decode_chunk(encode_chunk(chunk))
    assert back == chunk
    assert all(isinstance(letter, DeadLetter) for letter in back.letters)


@given(st.lists(st.binary(max_size=20), max_size=6), st.text(), offsets, offsets, seconds, st.booleans(), st.data())
def test_a_record_batch_comes_back_message_by_message(messages, partition, first, following, arrival, closes, data):
    batch = RecordBatch(
        partition,
        first,
        following,
        arrival,
        data.draw(integers(len(messages))),
        np.cumsum([len(message) for message in messages], dtype=np.int64),
        data.draw(integers(len(messages))),
        b"".join(messages),
        closes,
        data.draw(offsets),
        data.draw(st.lists(st.binary(max_size=5), min_size=len(messages), max_size=len(messages))),
        data.draw(st.dictionaries(st.integers(0, 5), st.lists(st.tuples(st.text(), st.binary()), max_size=2))),
    )
    back = decode_record_batch(encode_record_batch(batch))
    assert list(back.messages()) == messages
    assert len(back) == len(messages)
    for name in ("partition", "first_offset", "next_offset", "arrival_unix_second", "closes", "payload", "lost_until"):
        assert getattr(back, name) == getattr(batch, name)
    assert (back.keys, back.headers) == (batch.keys, batch.headers)
    for name in ("offsets", "ends", "sizes"):
        np.testing.assert_array_equal(getattr(back, name), getattr(batch, name))


@given(st.lists(st.tuples(st.text(), st.binary())))
def test_headers_of_a_dead_letter_come_back(headers):
    assert decode_headers(encode_headers(headers)) == headers


@given(offsets, offsets, st.integers(0, 1000), st.integers(1, 1000))
def test_an_acknowledgement_comes_back(first, following, part, parts):
    sent = Acknowledgement(first, following, part, parts)
    assert decode_acknowledgement(encode_acknowledgement(sent)) == sent

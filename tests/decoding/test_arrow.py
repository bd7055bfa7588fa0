"""Arrow streams: what they may hold, and what happens when they lie."""

import struct

import numpy as np
import pyarrow as pa
import pytest

from pipelines.decoding import decode
from schemas import DeadLetter, ReadingChunk
from tests.decoding.batches import a_batch, arrow, as_base64, decoded, row, some_columns

ID = {"battery_id": "A"}
MIB = 1024 * 1024


def the_letter(message: bytes) -> DeadLetter:
    [(_, chunk)] = decode(a_batch(message))
    [letter] = chunk.letters
    return letter


@pytest.mark.parametrize(
    "kind",
    [
        *(pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()),
        *(pa.float16(), pa.float32(), pa.float64(), pa.decimal128(30, 2)),
    ],
    ids=str,
)
def test_a_column_may_be_of_any_numeric_type_and_have_nulls(kind):
    columns = {**some_columns(3), "temperature_t1_celsius": pa.array([20, None, 22]).cast(kind)}
    [chunk], letters = decoded(arrow(columns, ID))
    assert row(chunk, "temperature_t1_celsius") == [20, None, 22]
    assert letters == ()


def test_single_precision_voltages_are_taken_as_they_are():
    columns = {**some_columns(2), "voltage_volt": pa.array([3.7, 3.8], pa.float32())}
    [chunk], _ = decoded(arrow(columns, ID))
    assert row(chunk, "voltage_volt") == [float(np.float32(3.7)), float(np.float32(3.8))]


def test_a_wall_clock_in_whole_seconds_beside_single_precision_stays_exact():
    columns = {name: pa.array([1.5, 2.5], pa.float32()) for name in ("current_ampere", "voltage_volt")}
    [chunk], _ = decoded(arrow({**columns, "unix_time_second": [1_760_000_001, None], "test_time_second": [0, 1]}, ID))
    assert row(chunk, "unix_time_second") == [1_760_000_001, None]


def test_a_column_of_nulls_only_is_not_known():
    [chunk], _ = decoded(arrow({**some_columns(2), "step_id": pa.nulls(2)}, ID))
    assert row(chunk, "step_id") == [None, None]


@pytest.mark.parametrize(
    "column", [["3.1", "3.2"], [True, False], [[1.0], [2.0]], pa.array([1, 2], pa.timestamp("s"))], ids=str
)
def test_a_column_that_is_not_numeric_is_of_the_wrong_type(column):
    letter = the_letter(arrow({**some_columns(2), "voltage_volt": column}, ID))
    assert letter.reason == "wrong_type"
    assert "voltage_volt" in letter.detail


def test_identifiers_that_are_no_texts_are_of_the_wrong_type():
    assert the_letter(arrow({**some_columns(2), "battery_id": [1, 2]})).reason == "wrong_type"
    codes = pa.array([1, 2]).dictionary_encode()
    assert the_letter(arrow({**some_columns(2), "battery_id": codes})).reason == "wrong_type"


def test_a_required_column_or_the_battery_may_not_be_missing():
    no_voltage = {name: column for name, column in some_columns().items() if name != "voltage_volt"}
    assert the_letter(arrow(no_voltage, ID)).reason == "missing_field"
    assert the_letter(arrow(some_columns())).reason == "missing_field"


def test_a_bad_battery_in_the_metadata_refuses_the_message():
    assert the_letter(arrow(some_columns(), {"battery_id": "a b"})).reason == "bad_identifier"


def test_several_record_batches_are_numbered_through():
    [chunk], _ = decoded(arrow(some_columns(10), ID, batches=4))
    assert row(chunk, "voltage_volt") == some_columns(10)["voltage_volt"].tolist()
    assert chunk.indices.tolist() == list(range(10))


def test_record_batches_may_bring_dictionaries_of_their_own():
    first, second = (pa.DictionaryArray.from_arrays([0, 1], texts) for texts in (["A", "B"], ["B", "C"]))
    column = pa.chunked_array([first, second])
    chunks, _ = decoded(arrow({**some_columns(4), "battery_id": column}, batches=2))
    assert [(chunk.battery_id, chunk.indices.tolist()) for chunk in chunks] == [("A", [0]), ("B", [1, 2]), ("C", [3])]


def test_a_dictionary_may_say_the_same_twice_and_hold_what_no_reading_has():
    codes = pa.DictionaryArray.from_arrays([0, 2, 0], ["A", "a b", "A"])
    [chunk], letters = decoded(arrow({**some_columns(3), "battery_id": codes}))
    assert (chunk.battery_id, chunk.indices.tolist(), letters) == ("A", [0, 1, 2], ())


def test_of_two_columns_with_one_name_the_last_one_counts():
    names = ["test_time_second", "current_ampere", "voltage_volt", "voltage_volt"]
    batch = pa.RecordBatch.from_arrays([pa.array([x]) for x in (1.0, 1.0, 3.0, 4.0)], names)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema.with_metadata(ID)) as writer:
        writer.write_batch(batch)
    [chunk], _ = decoded(sink.getvalue().to_pybytes())
    assert row(chunk, "voltage_volt") == [4.0]


@pytest.mark.parametrize("batches", [0, 1])
def test_a_stream_without_readings_is_empty(batches):
    schema = pa.schema([("voltage_volt", pa.float64()), ("current_ampere", pa.float64())], ID)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        for _ in range(batches):
            writer.write_batch(pa.RecordBatch.from_pylist([], schema))
    assert the_letter(sink.getvalue().to_pybytes()).reason == "empty"


@pytest.mark.parametrize("compression", ["lz4", "zstd"])
def test_compressed_buffers_are_read(compression):
    [chunk], _ = decoded(arrow(some_columns(600), ID, compression))
    assert row(chunk, "voltage_volt") == some_columns(600)["voltage_volt"].tolist()


@pytest.mark.parametrize("compression", ["lz4", "zstd"])
def test_a_bomb_is_refused_before_it_is_inflated(compression):
    zeros = np.zeros(2 * MIB)
    bomb = arrow({"current_ampere": zeros, "voltage_volt": zeros}, ID, compression)
    assert len(bomb) < MIB
    before = pa.total_allocated_bytes()
    peak = pa.default_memory_pool().max_memory()
    letter = the_letter(bomb)
    assert (letter.reason, "when inflated" in letter.detail) == ("oversized", True)
    assert pa.default_memory_pool().max_memory() == peak
    assert pa.total_allocated_bytes() <= before


def test_a_bomb_in_a_dictionary_is_refused_before_it_is_inflated():
    texts = pa.array(["A", "x" * (32 * MIB)])
    codes = pa.DictionaryArray.from_arrays([0, 0], texts)
    letter = the_letter(arrow({**some_columns(2), "battery_id": codes}, compression="zstd"))
    assert (letter.reason, "when inflated" in letter.detail) == ("oversized", True)


@pytest.mark.parametrize("claimed", [2**62, -2, -(2**62)])
def test_a_buffer_that_claims_an_impossible_size_is_refused(claimed):
    stream = arrow({"current_ampere": np.zeros(600), "voltage_volt": np.zeros(600)}, ID, "zstd")
    lie = stream.replace(struct.pack("<q", 4800), struct.pack("<q", claimed))
    assert lie != stream
    assert the_letter(lie).reason in ("oversized", "malformed")


def test_more_readings_than_bytes_are_refused():
    zeros = np.zeros(50_000, np.int8)
    stream = arrow({"current_ampere": zeros, "voltage_volt": zeros}, ID, "zstd")
    assert len(stream) < 50_000
    letter = the_letter(stream)
    assert (letter.reason, letter.detail) == ("oversized", f"50000 readings out of {len(stream)} bytes")


def test_nulls_that_take_no_room_cannot_claim_a_billion_readings():
    nulls = pa.nulls(10**9)
    batch = pa.record_batch({"current_ampere": nulls, "voltage_volt": nulls})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema.with_metadata(ID)) as writer:
        writer.write_batch(batch)
    assert the_letter(sink.getvalue().to_pybytes()).reason == "oversized"


def streams() -> list[bytes]:
    texts = {"battery_id": pa.array(["A", "B", "A"]).dictionary_encode(), "group": ["W", None, "W"]}
    return [
        arrow(some_columns(3), ID),
        arrow({**some_columns(3), **texts}),
        arrow({**some_columns(3), **texts, "unknown": [[1], None, [2, 3]]}, compression="zstd", batches=3),
    ]


def the_readings_and_letters(message: bytes) -> tuple[int, int]:
    elements = [chunk for _, chunk in decode(a_batch(message))]
    readings = sum(len(chunk) for chunk in elements if isinstance(chunk, ReadingChunk))
    return readings, sum(len(chunk.letters) for chunk in elements if not isinstance(chunk, ReadingChunk))


@pytest.mark.parametrize("stream", streams(), ids=["plain", "texts", "compressed"])
def test_a_stream_cut_anywhere_is_refused_or_loses_whole_record_batches(stream):
    for length in range(4, len(stream), 3):
        readings, letters = the_readings_and_letters(stream[:length])
        assert (letters == 1) if readings == 0 else (letters == 0 and readings <= 3), length


@pytest.mark.parametrize("stream", streams(), ids=["plain", "texts", "compressed"])
def test_flipped_bits_never_raise_and_never_lose_a_message_without_a_trace(stream):
    rng = np.random.default_rng(20)
    for _ in range(700):
        broken = bytearray(stream)
        for place in rng.integers(4, len(stream), rng.integers(1, 5)):
            broken[place] ^= 1 << int(rng.integers(8))
        readings, letters = the_readings_and_letters(bytes(broken))
        assert readings + letters >= 1


def test_flipped_characters_of_base64_never_raise():
    stream = as_base64(streams()[0])
    rng = np.random.default_rng(21)
    for _ in range(300):
        broken = bytearray(stream)
        broken[int(rng.integers(5, len(stream)))] = int(rng.integers(256))
        readings, letters = the_readings_and_letters(bytes(broken))
        assert readings + letters >= 1

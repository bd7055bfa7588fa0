"""The same readings in any of the formats become the same chunks."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.decoding import decode
from schemas import COLUMNS, ReadingChunk
from schemas.reading import IDENTIFIER_PATTERN, INTEGER_COLUMNS, REQUIRED_COLUMNS, limits
from tests.decoding.batches import a_batch, arrow, as_base64

Rows = list[dict[str, Any]]

HIGHEST_UNIX_SECOND = 1_770_000_000.0  # the arrival of all test batches


def numbers(name: str) -> st.SearchStrategy[Any]:
    lowest, highest = limits()[name]
    if name in INTEGER_COLUMNS:
        return st.integers(int(lowest), int(highest))
    return st.floats(lowest, min(highest, HIGHEST_UNIX_SECOND) if name == "unix_time_second" else highest)


def optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


rows_of_numbers = st.lists(
    st.fixed_dictionaries(
        {
            name: numbers(name) if name in (*REQUIRED_COLUMNS, "test_time_second") else optional(numbers(name))
            for name in COLUMNS
        }
    ),
    min_size=1,
    max_size=8,
)
identifiers = st.from_regex(IDENTIFIER_PATTERN.replace("$", r"\Z"))
batteries = st.fixed_dictionaries(
    {"battery_id": identifiers, "test_id": optional(identifiers), "group": optional(identifiers)}
)


def columns_of(rows: Rows) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in COLUMNS}


def typed(rows: Rows) -> dict[str, pa.Array]:
    return {
        name: pa.array(column, pa.int64() if name in INTEGER_COLUMNS else pa.float64())
        for name, column in columns_of(rows).items()
    }


def known(battery: dict[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in battery.items() if text is not None}


def the_chunk(*messages: bytes) -> ReadingChunk:
    [(key, chunk)] = decode(a_batch(*messages))
    assert isinstance(chunk, ReadingChunk), chunk.letters
    assert key == chunk.battery_id
    return chunk


def matrix(rows: Rows) -> np.ndarray[Any, Any]:
    return np.array(list(columns_of(rows).values()), np.float64)


@given(rows_of_numbers, batteries)
@settings(max_examples=60, deadline=None)
def test_every_format_carries_the_readings_unchanged(rows, battery):
    stream = arrow(typed(rows), known(battery))
    texts = {name: [text] * len(rows) for name, text in battery.items()}
    in_columns = arrow(typed(rows) | {name: pa.array(column, pa.string()) for name, column in texts.items()})
    coded = {name: pa.array(column, pa.string()).dictionary_encode() for name, column in texts.items()}
    forms = {
        "single": [json.dumps(battery | row).encode() for row in rows],
        "columns": [json.dumps(battery | columns_of(rows)).encode()],
        "arrow": [stream],
        "base64": [as_base64(stream)],
        "columns of texts": [in_columns],
        "columns of codes": [arrow(typed(rows) | coded)],
    }
    for name, messages in forms.items():
        chunk = the_chunk(*messages)
        np.testing.assert_array_equal(chunk.values, matrix(rows), err_msg=name)
        assert (chunk.battery_id, chunk.test_id, chunk.group) == tuple(
            battery[name] or "" for name in ("battery_id", "test_id", "group")
        )
        alone = name == "single"
        assert chunk.indices.tolist() == ([0] * len(rows) if alone else list(range(len(rows))))
        assert len(set(chunk.offsets.tolist())) == (len(rows) if alone else 1)


def test_one_number_stands_for_all_readings_of_a_batch():
    chunk = the_chunk(
        b'{"battery_id":"A","voltage_volt":[3.1,3.2],"current_ampere":-1,"test_time_second":[1,2],"cycle_count":5}'
    )
    assert chunk.values[COLUMNS.index("current_ampere")].tolist() == [-1, -1]
    assert chunk.values[COLUMNS.index("cycle_count")].tolist() == [5, 5]


def test_unknown_fields_are_skipped_in_every_format():
    plain = {"battery_id": "A", "test_time_second": [1.0], "current_ampere": [1.0], "voltage_volt": [3.5]}
    columns = {name: column for name, column in plain.items() if name != "battery_id"}
    unknown = {"owner": ["x"], "impedance": [[1.0, 2.0]]}
    single = {name: column[0] for name, column in plain.items()}
    expected = the_chunk(json.dumps(plain).encode()).values
    for message in (
        json.dumps(single | unknown).encode(),
        json.dumps(plain | unknown).encode(),
        arrow(columns | unknown, {"battery_id": "A", "pandas": "{}"}),
    ):
        np.testing.assert_array_equal(the_chunk(message).values, expected)


def test_spaces_before_and_after_a_message_do_no_harm():
    message = b'{"battery_id":"A","test_time_second":1,"current_ampere":1,"voltage_volt":3}'
    stream = as_base64(
        arrow({"test_time_second": [1], "current_ampere": [1], "voltage_volt": [3]}, {"battery_id": "A"})
    )
    expected = the_chunk(message).values
    for spaced in (b" \t" + message + b" \r", message.replace(b":3", b":[3]") + b"\n", stream + b"\r"):
        np.testing.assert_array_equal(the_chunk(spaced).values, expected)

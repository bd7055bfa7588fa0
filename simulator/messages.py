"""Readings to messages, in the three forms that the wire knows."""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from typing import Literal, get_args

import msgspec

from schemas import COLUMNS
from schemas.reading import INTEGER_COLUMNS, MAX_BATCH_READINGS
from simulator.arrow_messages import encode_arrow
from simulator.readings import Floats, Readings

MessageFormat = Literal["json", "columns", "arrow"]
MESSAGE_FORMATS: tuple[MessageFormat, ...] = get_args(MessageFormat)

_encoder = msgspec.json.Encoder()
_Value = int | float
_Reading = msgspec.defstruct(
    "_Reading",
    [
        ("battery_id", str),
        *((name, (int if name in INTEGER_COLUMNS else float) | None, None) for name in COLUMNS),
        ("test_id", str | None, None),
        ("group", str | None, None),
    ],
    omit_defaults=True,
)


def encode(readings: Readings, message_format: MessageFormat) -> list[bytes]:
    """The messages that say these readings, in their order, none longer than the wire allows."""
    begins = range(0, len(readings), MAX_BATCH_READINGS)
    pieces = (readings.take(slice(begin, begin + MAX_BATCH_READINGS)) for begin in begins)
    return [message for piece in pieces for message in _ENCODERS[message_format](piece)]


def _encode_json(readings: Readings) -> list[bytes]:
    """One JSON object a reading."""
    written = readings.written()
    columns = [_list(name, written[name]) if name in written else repeat(None) for name in COLUMNS]
    write, battery_id, test_id, group = _encoder.encode, readings.battery_id, readings.test_id, readings.group
    return [write(_Reading(battery_id, *row, test_id, group)) for row in zip(*columns, strict=False)]


def _encode_columns(readings: Readings) -> list[bytes]:
    """One JSON object for all, each column a list, or one value where it is the same in all."""
    message: dict[str, object] = {"battery_id": readings.battery_id, "group": readings.group}
    if readings.test_id is not None:
        message["test_id"] = readings.test_id
    for name, values in readings.written().items():
        same = name != "voltage_volt" and values[0] == values[-1] and bool((values == values[0]).all())
        message[name] = _list(name, values[:1])[0] if same else _list(name, values)
    return [_encoder.encode(message)]


def _encode_arrow(readings: Readings) -> list[bytes]:
    return [encode_arrow(readings)]


def _list(name: str, values: Floats) -> list[_Value]:
    found: list[_Value] = (values.astype(int) if name in INTEGER_COLUMNS else values).tolist()
    return found


_ENCODERS: dict[MessageFormat, Callable[[Readings], list[bytes]]] = {
    "json": _encode_json,
    "columns": _encode_columns,
    "arrow": _encode_arrow,
}

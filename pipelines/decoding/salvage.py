"""JSON columns with entries that are no numbers: what is wrong costs its own reading only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from pipelines.decoding.columns import Columns
from pipelines.decoding.identifiers import Identifiers
from pipelines.decoding.json_columns import Numbers, joined
from pipelines.decoding.limits import Limits
from pipelines.decoding.refusal import HOSTILE_INPUT, Refusal, refusal_of
from schemas import COLUMNS, ReadingColumns

_NULL = msgspec.Raw(b"null")


def _field(field: msgspec.structs.FieldInfo) -> tuple[str, Any] | tuple[str, Any, Any]:
    if field.name in COLUMNS:
        return field.name, msgspec.Raw, _NULL
    return (field.name, field.type) if field.required else (field.name, field.type, None)


_UndecodedColumns = msgspec.defstruct(
    "_UndecodedColumns", [_field(field) for field in msgspec.structs.fields(ReadingColumns)], kw_only=True
)
_decode_message = msgspec.json.Decoder(_UndecodedColumns).decode
_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_entry = msgspec.json.Decoder(float | None).decode


def salvage_columns(message: bytes, limits: Limits) -> Columns | None:
    """The readings of a message that does not fit `ReadingColumns`; slow.

    Returns:
        `None` when no numeric field holds a list: it is no batch.

    Raises:
        msgspec.DecodeError: It is no JSON, or what holds for the whole batch is wrong.
        Refusal: Its columns do not go together.
    """
    batch: Any = _decode_message(message)
    raw = {name: getattr(batch, name) for name in COLUMNS}
    if not any(_is_list(column) for column in raw.values()):
        return None
    refused: dict[int, Refusal] = {}
    numbers = {name: _numbers(name, column, refused) for name, column in raw.items()}
    identifiers = Identifiers(batch.battery_id, batch.test_id, batch.group)
    return replace(joined(identifiers, numbers, len(message), limits), refused=refused)


def _is_list(column: msgspec.Raw) -> bool:
    return bytes(memoryview(column)[:1]) == b"["


def _numbers(name: str, column: msgspec.Raw, refused: dict[int, Refusal]) -> Numbers:
    """One column; entries that are no numbers are not known, and noted in ``refused``."""
    if not _is_list(column):
        found = _entry(name, column)
        if isinstance(found, Refusal):
            raise found
        return found
    entries = [_entry(name, entry) for entry in _decode_list(column)]
    faults = {place: entry for place, entry in enumerate(entries) if isinstance(entry, Refusal)}
    refused |= faults | refused  # the first one of a reading stays
    return [None if isinstance(entry, Refusal) else entry for entry in entries]


def _entry(name: str, raw: msgspec.Raw) -> float | Refusal | None:
    try:
        number: float | None = _decode_entry(raw)
    except HOSTILE_INPUT as error:
        refusal = refusal_of(error)
        return Refusal(refusal.reason, f"{name}: {refusal.detail}")
    return number

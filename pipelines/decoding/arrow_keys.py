"""Whose readings an Arrow table holds: from its columns, or from the metadata of its schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipelines.decoding.columns import Integers
from pipelines.decoding.identifiers import Identifiers
from pipelines.decoding.refusal import Refusal

_METADATA = tuple(name.encode() for name in Identifiers._fields)


class _Texts(NamedTuple):
    """A column of identifiers: the different ones, and which of them a row has."""

    texts: list[str | None]
    codes: Integers


def identifiers_of(
    columns: Mapping[str, pa.Array], metadata: Mapping[bytes, bytes], rows: int
) -> tuple[tuple[Identifiers, ...], Integers]:
    """The identifiers that occur, each once, and which of them a row has.

    Args:
        columns: Of texts, by name; they go before the metadata.
        metadata: Of its schema; holds for all rows.
        rows: How many the table has, one or more.

    Raises:
        Refusal: Those of the whole table are bad; a column of them holds no texts; or readings of one battery
            differ in the others.
    """
    names = Identifiers._fields
    known = [metadata[name].decode() if name in metadata else None for name in _METADATA]
    if not columns:
        return (Identifiers._make(known).require(),), np.zeros(rows, np.int64)
    parts = [
        _texts(name, columns[name]) if name in columns else _Texts([text], np.zeros(1, np.int64))
        for name, text in zip(names, known, strict=True)
    ]
    return _combined(parts, rows)


def _texts(name: str, column: pa.Array) -> _Texts:
    kind = column.type
    if not _is_text(kind.value_type if pa.types.is_dictionary(kind) else kind):
        raise Refusal("wrong_type", f"{name} is a column of {kind}")
    whole = column if pa.types.is_dictionary(kind) else column.dictionary_encode()
    texts: list[str | None] = [*whole.dictionary.to_pylist(), None]
    different = {text: code for code, text in enumerate(dict.fromkeys(texts))}
    codes = np.array([different[text] for text in texts], np.int64)
    indices = whole.indices.fill_null(len(texts) - 1).to_numpy(zero_copy_only=False)
    return _Texts(list(different), codes[indices])


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _combined(parts: list[_Texts], rows: int) -> tuple[tuple[Identifiers, ...], Integers]:
    mixed = np.zeros(rows, np.int64)
    for part in parts:
        mixed = mixed * len(part.texts) + part.codes
    _, first, codes = np.unique(mixed, return_index=True, return_inverse=True)
    texts = [[part.texts[code] for code in np.broadcast_to(part.codes, rows)[first]] for part in parts]
    identifiers = tuple(map(Identifiers._make, zip(*texts, strict=True)))
    _check_not_mixed(identifiers)
    return identifiers, codes.reshape(len(mixed))


def _check_not_mixed(identifiers: tuple[Identifiers, ...]) -> None:
    """One message, one test and group of a battery: its offset must not be cut between two chunks."""
    seen: set[str | None] = set()
    for one in identifiers:
        if one.battery_id in seen and one.fault() is None:
            raise Refusal("mixed_batch", f"readings of battery {one.battery_id} differ in test_id or group")
        if one.fault() is None:
            seen.add(one.battery_id)

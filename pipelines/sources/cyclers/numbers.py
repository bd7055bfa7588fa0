"""Columns of texts to columns of numbers, whatever the country."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NOT_KNOWN = ("", "-", "--", "---", "N/A", "n/a", "NA", "#N/A", "NaN", "nan", "NAN", "null", "NULL", "None", "\\N")
"""What exports write where they have no value."""

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_GROUPED = r"^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$"
_GROUPED_BY_DOTS = r"^[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d*([eE][+-]?\d+)?)?$"
_GROUP_SIGNS = "['’\u00a0\u202f ]"
_COMMA_NUMBER = re.compile(r"[+-]?(\d*|[1-9]\d{0,2}(\.\d{3})+),\d+([eE][+-]?\d+)?")
_COMMA_OR_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_DOT_NUMBER = re.compile(f"(?=.*[.])({_NUMBER}|{_GROUPED})")


class Converted(NamedTuple):
    """One column.

    Attributes:
        values: NaN where not known, shape (n,).
        failed: Where there was a text that is no such value, shape (n,).
    """

    values: Floats
    failed: Flags


def numbers(texts: pa.Array, decimal: str = ".") -> Converted:
    """Texts as finite numbers.

    Args:
        texts: Strings; null is not known, as is what `NOT_KNOWN` says.
        decimal: "." or ",". The other one, blanks and apostrophes may stand between groups of three digits.
    """
    plain = _all_plain(texts) if decimal == "." else None
    return plain if plain is not None else _one_by_one(texts, decimal)


def decimal_sign(texts: Iterable[str]) -> str:
    """The sign before the decimals in ``texts``, some of which are numbers; "." when they don't tell.

    A comma is one where more texts surely have it than have a dot. It is not sure where it can stand between
    thousands, as in 1,234; that is taken for one where no text has a dot.
    """
    numeric = [text.strip() for text in texts]
    commas = [text for text in numeric if _COMMA_NUMBER.fullmatch(text)]
    sure = sum(_COMMA_OR_THOUSANDS.fullmatch(text) is None for text in commas)
    dots = sum(_DOT_NUMBER.fullmatch(text) is not None for text in numeric)
    return "," if sure > dots or (commas and not dots) else "."


def _all_plain(texts: pa.Array) -> Converted | None:
    """The short way, for a column in which every text is a finite number or null."""
    try:
        values = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    known = pc.is_valid(texts).to_numpy(zero_copy_only=False)
    return Converted(values, np.zeros(len(values), np.bool_)) if np.isfinite(values[known]).all() else None


def _one_by_one(texts: pa.Array, decimal: str) -> Converted:
    trimmed = pc.utf8_trim_whitespace(texts)
    known = known_texts(trimmed)
    plain = _with_dots(trimmed, decimal)
    is_number = pc.fill_null(pc.match_substring_regex(plain, _NUMBER), fill_value=False)
    values = pc.cast(pc.if_else(is_number, plain, None), pa.float64()).to_numpy(zero_copy_only=False)
    values = np.where(np.isfinite(values), values, np.nan)
    return Converted(values, known & np.isnan(values))


def known_texts(trimmed: pa.Array) -> Flags:
    """Which texts are there and don't say that nothing is known."""
    unknown = pc.or_(pc.is_null(trimmed), pc.is_in(trimmed, pa.array(NOT_KNOWN)))
    flags: Flags = ~pc.fill_null(unknown, fill_value=True).to_numpy(zero_copy_only=False)
    return flags


def _with_dots(texts: pa.Array, decimal: str) -> pa.Array:
    """Without signs between groups of digits, and with a dot before the decimals."""
    packed = pc.replace_substring_regex(texts, rf"(\d){_GROUP_SIGNS}(\d\d\d)", r"\1\2")
    if decimal == ",":
        return pc.replace_substring(_without_groups(packed, ".", _GROUPED_BY_DOTS), ",", ".")
    return _without_groups(packed, ",", _GROUPED)


def _without_groups(texts: pa.Array, sign: str, grouped: str) -> pa.Array:
    """Without the sign where it stands between thousands; elsewhere it is left, for it can be the decimal sign."""
    return pc.if_else(pc.match_substring_regex(texts, grouped), pc.replace_substring(texts, sign, ""), texts)

"""Where two tables of rows differ, in words."""

import math
from collections.abc import Collection, Hashable, Mapping
from typing import Any

ABSOLUTE = 1e-12


def differences(
    expected_rows: Mapping[Any, Any],
    actual_rows: Mapping[Any, Any],
    relative: float = 1e-9,
    ignore: Collection[str] = ("revision",),
) -> list[str]:
    """Missing and extra keys, then every field that differs; empty when the tables agree.

    Args:
        expected_rows: Rows (named tuples) by key.
        actual_rows: The rows to judge, by the same keys.
        relative: Tolerance of numbers with a fraction; below 1e-12 no difference counts. NaN equals NaN.
            Counts and texts must be the same.
        ignore: Names of fields that are not looked at.
    """
    found = [f"{key}: missing" for key in expected_rows if key not in actual_rows]
    found += [f"{key}: not expected" for key in actual_rows if key not in expected_rows]
    for key, expected in expected_rows.items():
        if key in actual_rows:
            found += _of_row(key, expected, actual_rows[key], relative, ignore)
    return found


def _of_row(key: Hashable, expected: Any, actual: Any, relative: float, ignore: Collection[str]) -> list[str]:
    if expected._fields != actual._fields:
        return [f"{key}: {type(actual).__name__} instead of {type(expected).__name__}"]
    return [
        f"{key}.{name}: expected {wanted!r}, got {value!r}"
        for name, wanted, value in zip(expected._fields, expected, actual, strict=True)
        if name not in ignore and not _same(wanted, value, relative)
    ]


def _same(expected: Any, actual: Any, relative: float) -> bool:
    if not isinstance(expected, float):
        return bool(expected == actual)
    if not isinstance(actual, (int, float)):
        return False
    if math.isnan(expected) or math.isnan(actual):
        return math.isnan(expected) and math.isnan(actual)
    return math.isclose(expected, actual, rel_tol=relative, abs_tol=ABSOLUTE)

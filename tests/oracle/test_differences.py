"""What the comparison of tables sees, and what it lets pass."""

from math import nan
from typing import NamedTuple

import pytest

from tests.oracle.differences import differences


class Row(NamedTuple):
    name: str
    count: int
    value: float
    revision: int = 0


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (Row("a", 1, 1.0), Row("a", 1, 1.0 + 5e-10)),
        (Row("a", 1, 0.0), Row("a", 1, 1e-13)),
        (Row("a", 1, nan), Row("a", 1, nan)),
        (Row("a", 1, 1.0, 7), Row("a", 1, 1.0, 8)),
    ],
)
def test_rounding_and_revisions_are_no_difference(expected, actual):
    assert differences({1: expected}, {1: actual}) == []


@pytest.mark.parametrize(
    "actual", [Row("b", 1, 1.0), Row("a", 2, 1.0), Row("a", 1, 1.0 + 2e-9), Row("a", 1, nan), Row("a", 1, "1")]
)
def test_another_text_count_or_number_is_a_difference(actual):
    assert len(differences({1: Row("a", 1, 1.0)}, {1: actual})) == 1


def test_a_difference_names_key_field_and_both_values():
    assert differences({(1, "x"): Row("a", 1, 1.0)}, {(1, "x"): Row("a", 1, 2.0)}) == [
        "(1, 'x').value: expected 1.0, got 2.0"
    ]


def test_missing_and_unexpected_rows_are_reported():
    assert differences({1: Row("a", 1, 1.0)}, {2: Row("a", 1, 1.0)}) == ["1: missing", "2: not expected"]


def test_a_row_of_another_table_is_a_difference():
    class Other(NamedTuple):
        name: str

    assert differences({1: Row("a", 1, 1.0)}, {1: Other("a")}) == ["1: Other instead of Row"]

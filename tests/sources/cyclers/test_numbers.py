"""Texts to numbers, whatever the country."""

import math

import pyarrow as pa
import pytest

from pipelines.sources.cyclers.numbers import decimal_sign, numbers


def one(text, decimal="."):
    """Value of one text between others, and whether it failed."""
    found = numbers(pa.array(["1", text, None]), decimal)
    assert found.values[0] == 1
    assert math.isnan(found.values[2])
    assert not found.failed[[0, 2]].any()
    return float(found.values[1]), bool(found.failed[1])


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("-9.63E-05", ".", -9.63e-5),
        (" 12.5 ", ".", 12.5),
        ("+3", ".", 3.0),
        (".5", ".", 0.5),
        ("5.", ".", 5.0),
        ("1,234.5", ".", 1234.5),
        ("1,234,567", ".", 1234567.0),
        ("1'234.5", ".", 1234.5),
        ("1 234.5", ".", 1234.5),
        ("3,5180547E+000", ",", 3.5180547),
        ("1.234,5", ",", 1234.5),
        ("-0,5", ",", -0.5),
        ("7", ",", 7.0),
        ("1.234.567", ",", 1234567.0),
        ("-1.234,5E+3", ",", -1234500.0),
        ("3.45", ",", 3.45),  # no sign between thousands
        ("0.500", ",", 0.5),
        ("1.234E+3", ",", 1234.0),
    ],
)
def test_a_number(text, decimal, number):
    assert one(text, decimal) == (number, False)


@pytest.mark.parametrize("text", ["", "  ", "N/A", "nan", "NaN", "--", "-", "\t-", "null"])
@pytest.mark.parametrize("decimal", [".", ","])
def test_what_says_that_there_is_no_value_is_not_known(text, decimal):
    value, failed = one(text, decimal)
    assert math.isnan(value)
    assert not failed


@pytest.mark.parametrize(
    "text", ["fast", "inf", "-inf", "1e999", "1_000", "0x10", "1,5", "12,34", "1.2.3", "1;2", "٣", "0,500"]
)
def test_what_is_no_number_fails(text):
    value, failed = one(text)
    assert math.isnan(value)
    assert failed


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (["0", "3,45801"], ","),
        (["1,234", "3.5"], "."),
        (["1,234.50"], "."),
        (["1.234,50"], ","),
        (["3,458", "0"], ","),
        (["0", "1"], "."),
        (["0,5", *["3.45"] * 9], "."),  # one cell by hand
        (["0,5", "3.45"], "."),
        (["0,500", "3,450", "0.5"], "."),
        (["0,500", "0,600", "3,450", "0.5"], ","),
        (["1.234,50", "3,5", "1.234"], ","),
        (["3,5E+1", "0"], ","),
        (["1234,567"], ","),
        (["08/13/2019 19:17:53,5", "2.5"], "."),
        ([], "."),
    ],
)
def test_the_decimal_sign_of_a_file(texts, sign):
    assert decimal_sign(texts) == sign

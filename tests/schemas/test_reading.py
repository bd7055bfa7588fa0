"""The limits of a reading, and what msgspec makes of them."""

import msgspec
import pytest

from schemas import COLUMNS, Reading, ReadingColumns
from schemas.reading import INTEGER_COLUMNS, REQUIRED_COLUMNS, limits

GOOD = {"battery_id": "B", "current_ampere": 1.0, "voltage_volt": 3.0}


def test_every_column_has_limits_and_nothing_else_has():
    assert set(limits()) == set(COLUMNS)


def test_the_limits_are_those_the_docstrings_of_the_types_say():
    assert limits()["unix_time_second"] == (946_684_800.0, 4.0e9)  # 2000-01-01 UTC
    assert limits()["voltage_volt"] == (-10.0, 1.0e4)
    assert limits()["current_ampere"] == (-1.0e4, 1.0e4)
    assert limits()["temperature_t1_celsius"] == (-273.15, 2000.0)
    assert limits()["record_index"] == (0.0, 2.0**53)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_reading_takes_both_ends_of_a_range_and_nothing_beyond(name):
    kind = int if name in INTEGER_COLUMNS else float
    lowest, highest = (kind(end) for end in limits()[name])
    for value in (lowest, highest):
        assert getattr(msgspec.convert(GOOD | {name: value}, Reading), name) == value
    for value in (lowest - 1, highest + 1):
        with pytest.raises(msgspec.ValidationError, match=name):
            msgspec.convert(GOOD | {name: value}, Reading)


def test_only_battery_current_and_voltage_are_required():
    required = {field.name for field in msgspec.structs.fields(Reading) if field.required}
    assert required == {"battery_id", *REQUIRED_COLUMNS}


def test_readings_and_columns_have_the_same_fields():
    names = {field.name for field in msgspec.structs.fields(Reading)}
    assert names == {field.name for field in msgspec.structs.fields(ReadingColumns)}
    assert names == {*COLUMNS, "battery_id", "test_id", "group"}

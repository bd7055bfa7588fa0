"""Texts of exports to seconds, amperes, volts."""

import math
from zoneinfo import ZoneInfo

import pytest

from pipelines.sources.cyclers import EXPORTS
from pipelines.sources.cyclers.units import DURATION, UNITS, WALL_CLOCK, converter
from schemas import COLUMNS


@pytest.mark.parametrize(
    ("unit", "text", "number"),
    [
        ("", "7", 7.0),
        ("s", " 12.5 ", 12.5),
        ("ms", "1500", 1.5),
        ("min", "1.5", 90.0),
        ("h", "0.25", 900.0),
        ("A", "-9.63E-05", -9.63e-5),
        ("mA", "1200", 1.2),
        ("uA", "-250", -0.00025),
        ("mV", "3701", 3.701),
        ("degC", "25.3", 25.3),
        ("unix ms", "1499006353500", 1499006353.5),
        (DURATION, "27:15:01", 98101.0),  # 27 x 3600 + 15 x 60 + 1
        (DURATION, "0:00:00.25", 0.25),
        (DURATION, "2d 01:00:00.5", 176400.5),  # 2 x 86400 + 3600
        (WALL_CLOCK, "08/13/2019 19:17:53", 1565723873.0),  # date -u -d '2019-08-13 19:17:53' +%s
        (WALL_CLOCK, "8/13/2019 7:17:53 PM", 1565723873.0),
        (WALL_CLOCK, "08/13/2019 12:17:53 AM", 1565655473.0),  # 19 h less
        (WALL_CLOCK, "\t08/13/2019 19:17:53.250", 1565723873.25),
    ],
)
def test_a_text_becomes_a_number_in_our_unit(unit, text, number):
    assert converter(unit)(text) == number


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("text", ["", "  ", "N/A", "nan", "--"])
def test_what_says_that_there_is_no_value_is_not_known(unit, text):
    assert math.isnan(converter(unit)(text))


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("s", "fast"),
        ("A", "inf"),
        ("A", "1,5"),
        ("V", "1e999"),
        (DURATION, "12:61:00"),
        (DURATION, "12.5"),
        (WALL_CLOCK, "13/08/2019 19:17:53"),
        (WALL_CLOCK, "2019-08-13 19:17:53"),
        (WALL_CLOCK, "02/30/2019 00:00:00"),
    ],
)
def test_what_is_no_such_value_is_an_error(unit, text):
    with pytest.raises(ValueError, match=r".+"):
        converter(unit)(text)


def test_a_wall_clock_hangs_in_its_time_zone_summer_and_winter():
    berlin = converter(WALL_CLOCK, ZoneInfo("Europe/Berlin"))
    assert berlin("08/13/2019 19:17:53") == 1565723873.0 - 2 * 3600
    assert berlin("01/01/2020 00:00:00") == 1577836800.0 - 3600


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.make)
def test_every_table_speaks_of_our_columns_and_known_units(export):
    assert set(export.columns) <= set(COLUMNS)
    assert {unit for names in export.columns.values() for _, unit in names} <= set(UNITS)
    assert {"current_ampere", "voltage_volt"} <= set(export.required) <= set(export.columns)

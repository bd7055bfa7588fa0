"""Durations, wall clocks, unix times, days of a spreadsheet."""

import math
from datetime import UTC
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from pipelines.sources.cyclers.clocks import clocks, day_first_in, elapsed, is_wall_clock, numeric_clocks
from pipelines.sources.cyclers.units import Scale

SECONDS = Scale(1, 1)
MOMENT = 1565723873.0  # date -u -d '2019-08-13 19:17:53' +%s


def clock(text, zone=UTC, **how):
    found = clocks(pa.array([text, None]), zone, **how)
    assert math.isnan(found.values[1])
    assert not found.failed[1]
    return float(found.values[0]), bool(found.failed[0])


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("27:15:01", 98101.0),  # 27 x 3600 + 15 x 60 + 1
        ("0:00:00.25", 0.25),
        ("00:00:01,500", 1.5),
        ("00:00:01:500", 1.5),
        ("2d 01:00:00.5", 176400.5),  # 2 x 86400 + 3600
        ("  0d 00:00:5.05000019073486", 5.05000019073486),
        ("1.02:03:04.5000000", 93784.5),  # 86400 + 2 x 3600 + 3 x 60 + 4.5
        ("1-02:00:00", 93600.0),
        ("3 01:00:00", 262800.0),
        ("7.5", 7.5),
    ],
)
def test_a_duration_becomes_seconds(text, second):
    found = elapsed(pa.array([text, "00:00:02", None]), SECONDS)
    assert found.values[:2].tolist() == [second, 2.0]
    assert not found.failed.any()


def test_a_number_is_in_the_unit_of_its_column_and_a_duration_is_not():
    found = elapsed(pa.array(["1.5", "00:01:30"]), Scale(60, 1))
    assert found.values.tolist() == [90.0, 90.0]


@pytest.mark.parametrize("text", ["12:61:00", "12:00:60", "1:2", "soon", "::", "-1:00:00"])
def test_what_is_no_duration_fails(text):
    found = elapsed(pa.array([text, "00:00:01"]), SECONDS)
    assert found.failed.tolist() == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        "2019-08-13 19:17:53",
        "2019-08-13T19:17:53",
        "2019-08-13  19:17:53",
        "2019/8/13 19:17:53",
        "2019年8月13日 19:17:53",
        "08/13/2019 19:17:53",
        "\t08/13/2019 19:17:53.000",
        "8/13/2019 7:17:53 PM",
        "08/13/2019, 07:17:53 p.m.",
        "13-Aug-19 07:17:53 PM",
        "13 August 2019 19:17:53",
        "13.08.2019 19:17:53",
        "2019-08-13 19:17:53Z",
        "2019-08-13T21:17:53+02:00",
        "2019-08-13 14:47:53-0430",
        "1565723873",
        "1565723873000",
        "1565723873000000",
    ],
)
def test_one_moment_in_many_forms(text):
    assert clock(text) == (MOMENT, False)


def test_a_day_of_a_spreadsheet():
    # 43690 days after 1899-12-30 is 2019-08-13; 19:17:53 is 69473 s
    value, failed = clock(str(43690 + 69473 / 86400))
    assert value == pytest.approx(MOMENT, abs=1e-4)
    assert not failed


def test_parts_that_may_be_left_out():
    assert clock("2019-08-13")[0] == MOMENT - 69473
    assert clock("8/13/2019 19:17")[0] == MOMENT - 53
    assert clock("08/13/2019 12:17:53 AM")[0] == MOMENT - 19 * 3600
    assert clock("2019-08-13 19:17:53.250")[0] == MOMENT + 0.25


def test_the_order_of_day_and_month_where_both_are_possible():
    january, february = 1577923200.0, 1580515200.0  # 2020-01-02, 2020-02-01
    assert clock("01/02/2020 00:00:00")[0] == january
    assert clock("01/02/2020 00:00:00", day_first=True)[0] == february
    assert clock("01.02.2020 00:00:00")[0] == february


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/08/2019 10:00", "13/08/2019 10:00"], True),
        (["03/18/2019 10:00"], False),
        (["03/08/2019 10:00", None], None),
        (["2019-01-13 10:00"], None),
        (["03.08.2019 10:00"], True),
    ],
)
def test_one_day_beyond_the_twelfth_tells_the_order_of_a_file(texts, order):
    assert day_first_in(pa.array(texts)) is order


@pytest.mark.parametrize(
    "text", ["yesterday", "02/30/2019 00:00:00", "2019-02-30 00:00:00", "2019-13-01 00:00:00", "08/13/2019 25:00:00"]
)
def test_what_is_no_moment_fails_and_what_is_beside_it_does_not(text):
    found = clocks(pa.array([text, "2019-08-13 19:17:53"]))
    assert found.failed.tolist() == [True, False]
    assert found.values[1] == MOMENT


def test_a_wall_clock_hangs_in_its_time_zone_summer_and_winter():
    berlin = ZoneInfo("Europe/Berlin")
    assert clock("08/13/2019 19:17:53", berlin)[0] == MOMENT - 2 * 3600
    assert clock("2020-01-01 00:00:00", berlin)[0] == 1577836800.0 - 3600
    assert clock("2019-08-13 19:17:53Z", berlin)[0] == MOMENT
    # of the hour that comes twice in autumn, the first: 02:30 in summer time is 00:30 UTC
    assert clock("2019-10-27 02:30:00", berlin)[0] == 1572136200.0


def test_of_numbers_only_days_hang_in_a_time_zone(monkeypatch):
    asked = []
    monkeypatch.setattr("pipelines.sources.cyclers.clocks._offset", lambda *about: asked.append(about) or 7200.0)
    values = np.array([43690.5, MOMENT, MOMENT * 1e3, MOMENT * 1e6, math.nan])
    found = numeric_clocks(values, ZoneInfo("Europe/Berlin"))
    np.testing.assert_array_equal(found, [1565697600.0 - 7200, MOMENT, MOMENT, MOMENT, math.nan])  # noon of 2019-08-13
    assert len(asked) == 1


def test_a_clock_is_told_from_a_duration_and_a_number():
    assert is_wall_clock("05/05/2021 15:36:22.757")
    assert not any(map(is_wall_clock, ("15:36:22", "0.01", "1499006353", "-", "")))

from math import nan

import pytest

from pipelines.cli.status_line import age, amount


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [
        (0, "bytes", "0 B"),
        (999, "bytes", "999 B"),
        (1_000, "bytes", "1 kB"),
        (12_345, "bytes", "12.3 kB"),
        (7_890_000, "bytes", "7.89 MB"),
        (45_000_000_000, "bytes", "45 GB"),
        (12_345, "rows", "12,345 rows"),
    ],
)
def test_bytes_come_in_steps_of_a_thousand_and_other_units_as_they_are(count, unit, expected):
    assert amount(count, unit) == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [(0.34, "0.3 s"), (59.9, "59.9 s"), (61.0, "1 min 1 s"), (3725.0, "1 h 2 min"), (nan, "unknown")],
)
def test_an_age_is_said_in_its_largest_units(second, expected):
    assert age(second) == expected

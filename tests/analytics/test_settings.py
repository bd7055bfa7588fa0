import pytest

from pipelines.analytics import Settings


@pytest.mark.parametrize(
    "wrong",
    [
        {"horizon_second": -1.0},
        {"horizon_second": float("nan")},
        {"horizon_readings": -1},
        {"trace_interval_second": 0.0},
        {"rest_threshold": 1.0},
        {"rest_threshold": -0.1},
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(wrong):
    with pytest.raises(ValueError, match=r"horizon|trace_interval_second|rest_threshold"):
        Settings(**wrong)

from math import inf

import pytest

from pipelines.cli.lab_flags import LabFlags, parse_faults, parse_speed
from pipelines.cli.verb import CommandError
from simulator import FaultRates

SMALL = {"batteries": 4, "cycles": 1, "current_ma": 1200.0, "voltage_min_v": 2.0, "voltage_max_v": 4.5, "seed": 1}


def test_the_flags_make_a_lab():
    lab = LabFlags(**SMALL).make()
    assert lab.battery_ids == ("W00", "X00", "Y00", "Z00")
    assert lab.cycles == 1


def test_the_flags_can_be_handed_on():
    assert " ".join(LabFlags(**SMALL).words()) == (
        "--batteries 4 --cycles 1 --current-ma 1200.0 --voltage-min-v 2.0 --voltage-max-v 4.5 --seed 1 "
        "--protocol ageing"
    )


def test_a_life_has_formation_first():
    ageing, life = (LabFlags(**SMALL, protocol=name).make() for name in ("ageing", "life"))
    assert life.length_ms > 3 * ageing.length_ms  # a fifth of the current


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"current_ma": 1e9}, "--current-ma 1000000000.0: "),
        ({"voltage_min_v": 4.6}, "--voltage-min-v 4.6 and --voltage-max-v 4.5: "),
        ({"seed": -1}, "--seed -1: "),
    ],
)
def test_a_lab_that_cannot_be_is_refused_by_its_flags(wrong, expected):
    with pytest.raises(CommandError, match=expected):
        LabFlags(**{**SMALL, **wrong}).make()


@pytest.mark.parametrize(("text", "expected"), [("60", 60.0), ("0.5", 0.5), ("1e3", 1000.0), ("max", inf)])
def test_a_speed_is_a_number_or_max(text, expected):
    assert parse_speed(text) == expected


@pytest.mark.parametrize("text", ["fast", "0", "-1", "nan", "inf", ""])
def test_any_other_speed_is_refused(text):
    with pytest.raises(CommandError, match=f"--speed {text}: say"):
        parse_speed(text)


def test_faults_are_names_with_shares():
    assert parse_faults("late=0.01, repeated=2e-3,missing=.5") == FaultRates(late=0.01, repeated=0.002, missing=0.5)
    assert parse_faults("") is None


@pytest.mark.parametrize(
    "text", ["late", "late=", "late=often", "tardy=0.1", "late=-0.1", "late=2", "late=.6,missing=.6"]
)
def test_other_faults_are_refused_with_the_flag(text):
    with pytest.raises(CommandError, match=r"--faults .*late"):
        parse_faults(text)

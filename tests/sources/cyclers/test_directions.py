"""Charge or discharge: by words, by signs, by counters."""

import math
from operator import attrgetter

import numpy as np
import pyarrow as pa
import pytest

from pipelines.sources.cyclers import EXPORTS
from pipelines.sources.cyclers.directions import Net, directions, flows, signed, split_by_direction, split_net
from pipelines.sources.cyclers.overrides import mapped_export
from pipelines.sources.cyclers.signs import SignEvidence, rising

NAN = math.nan
MAPPED = mapped_export(())
BY_TITLE = {export.title: export for export in EXPORTS}


@pytest.mark.parametrize(
    ("title", "states", "expected"),
    [
        ("Maccor text export", ["C", "D", "R", "P", "S", None, " C "], [1, -1, 0, 0, 0, 0, 1]),
        ("Neware CSV", ["CC Chg", "CC DChg", "Rest", "CCCV_Chg", "CP_DChg", "CV DChg"], [1, -1, 0, 1, -1, -1]),
        ("Neware CSV", ["恒流充电", "恒流放电", "静置", "Pulse", "SIM"], [1, -1, 0, 0, 0]),
        ("Landt CSV", ["charge", "discharge", "rest"], [1, -1, 0]),
        ("LANDdt table", ["C_CC", "D_CC", "R", "C_CV"], [1, -1, 0, 1]),
        ("Digatron CSV", ["CHA", "DCH", "PAU"], [1, -1, 0]),
        ("Battery Data Format", ["constant current charge", "discharge", "rest"], [1, -1, 0]),
        ("Arbin CSV", ["charge"], [0]),
    ],
)
def test_the_words_of_the_makes(title, states, expected):
    assert directions(pa.array(states, pa.string()), BY_TITLE[title]).tolist() == expected


def test_an_unsigned_current_becomes_negative_where_it_discharges():
    assert signed(np.array([1.0, 2.0, 3.0, -0.1]), np.array([1, -1, 0, -1])).tolist() == [1.0, -2.0, 3.0, -0.1]


def test_a_flow_is_as_said_else_as_the_current_else_as_before():
    said = np.array([0, 0, -1, 0, 0, 0], np.int8)
    current = np.array([0.0, 1.0, 0.5, -1.0, 0.0, 0.0])
    counter = np.array([0.3, 0.1, 0.1, 0.2, 0.2, 0.0])
    assert flows(current, said, counter, before=1).tolist() == [1, 1, -1, -1, -1, 0]


def test_a_counter_of_steps_is_split_by_direction():
    charged, discharged = split_by_direction(np.array([0.1, 0.2, NAN, 0.0]), np.array([1, -1, 1, 0]))
    assert charged[[0, 1, 3]].tolist() == [0.1, 0, 0]
    assert discharged[[0, 1, 3]].tolist() == [0, 0.2, 0]
    assert np.isnan([charged[2], discharged[2]]).all()


def test_a_net_counter_is_split_into_rises_and_falls_the_same_for_any_cutting():
    counter = np.array([NAN, 1.0, 1.5, NAN, 1.25, -0.75, -0.5])
    charged, discharged, last = split_net(counter, Net())
    # it rises by 0.5 and by 0.25, and falls by 0.25 and by 2
    assert charged[[1, 2, 4, 5, 6]].tolist() == [0, 0.5, 0.5, 0.5, 0.75]
    assert discharged[[1, 2, 4, 5, 6]].tolist() == [0, 0, 0.25, 2.25, 2.25]
    assert last == Net(-0.5, 0.75, 2.25)
    for cut in range(len(counter) + 1):
        first = split_net(counter[:cut], Net())
        second = split_net(counter[cut:], first[2])
        np.testing.assert_array_equal(np.concatenate([first[0], second[0]]), charged)
        np.testing.assert_array_equal(np.concatenate([first[1], second[1]]), discharged)


@pytest.mark.parametrize(
    "export", [*(one for one in EXPORTS if "state" in one.columns), MAPPED], ids=attrgetter("title")
)
@pytest.mark.parametrize(
    ("state", "direction"),
    [
        *((word, 1) for word in ("Charge", "Charging", "CC Chg", "CCCV_Chg", "CV charge", "恒流充电")),
        *((word, -1) for word in ("Discharge", "Discharging", "CC_DChg", "CC Dischg", "DChg", "恒流放电")),
        *((word, 0) for word in ("Rest", "静置", "")),
    ],
)
def test_every_make_understands_the_words_of_the_others(export, state, direction):
    assert directions(pa.array([state]), export).tolist() == [direction]


def evidence(current, said):
    said = np.array(said, np.int8)
    return SignEvidence().with_rows(np.array(current), said, np.zeros_like(said))


def test_signs_that_agree_are_left_alone_also_with_a_moment_of_recuperation():
    found = evidence([1.0] * 50 + [-1.0] * 50 + [0.2], [1] * 50 + [-1] * 51)
    assert not found.unsigned
    assert not found.turned_round


def test_a_discharge_that_is_positive_is_unsigned_beside_a_positive_charge_and_turned_round_beside_a_negative_one():
    assert evidence([1.0, 1.0], [1, -1]).unsigned
    assert not evidence([1.0, 1.0], [1, -1]).turned_round
    assert evidence([-1.0, 1.0], [1, -1]).turned_round
    assert evidence([1.0], [-1]).turned_round
    assert not evidence([1.0, 0.0], [1, 0]).unsigned


def test_of_two_counters_the_one_that_rises_tells_the_direction_whatever_their_sign():
    charged, discharged = np.array([0, 0.1, 0.2, 0.2, 0.2, 0.2, 0.0]), np.array([0, 0, 0, -0.1, -0.1, -0.2, -0.2])
    assert rising(np.array([0, 0.1, 0.2, 0.3, 0.3, 0.3, 0.3]), np.zeros(7)).tolist() == [0, 1, 1, 0, 0, 0, 0]
    # the last rise before one of the other counter can be that of the time before the row
    assert rising(charged, discharged).tolist() == [0, 1, 0, -1, 0, 0, 0]


def test_where_evidence_is_weak_it_takes_more_rows():
    few, many = (SignEvidence().with_rows(np.ones(n), np.zeros(n), np.full(n, -1)) for n in (9, 10))
    assert not few.turned_round
    assert many.turned_round


def test_the_state_goes_before_the_counters_and_both_count_together():
    found = SignEvidence().with_rows(np.ones(12), np.array([1, *[0] * 11]), np.array([-1] * 12))
    assert (found.unsigned, found.discharge_is_said) == (True, False)
    assert evidence([1.0, 1.0], [1, -1]).discharge_is_said


def test_much_less_current_in_one_direction_is_no_offset():
    assert evidence([5.0, 0.2], [1, -1]).unsigned
    assert evidence([0.2, 5.0], [1, -1]).unsigned
    assert not evidence([0.2, 5.0], [1, -1]).turned_round


def test_a_charge_that_is_negative_is_turned_round_without_a_discharge_and_not_beside_a_negative_one():
    assert evidence([-1.0], [1]).turned_round
    assert not evidence([-1.0, -1.0], [1, -1]).turned_round
    assert not evidence([1.0, -1.0], [1, -1]).turned_round


def test_an_offset_at_rest_is_no_evidence():
    assert evidence([-1.0, 1e-5, 1e-5], [-1, -1, -1]) == evidence([-1.0], [-1])
    assert evidence([], []) == SignEvidence()

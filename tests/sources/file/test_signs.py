"""Which way the current of a file flows: by its states, by its counters, or not told."""

import pytest

from pipelines.sources import SourceError
from tests.sources.file.exports import column, read, written

MACCOR = "Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmps\tVolts\tState\n"
ARBIN = (
    "Data_Point,Test_Time(s),Step_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V),Charge_Capacity(Ah),"
    "Discharge_Capacity(Ah)\n"
)
BDF = (
    "Test Time / s,Current / A,Voltage / V,Charging Capacity / Ah,Discharging Capacity / Ah,Step Type,Net Capacity / Ah"
)
NO_SIGN = "the current has no sign: taken from the state"


def maccor(directory, charge, discharge):
    """A file of three rows of charge and three of discharge."""
    rows = [(charge, "C")] * 3 + [(discharge, "D")] * 3
    lines = [f"{k}\t0\t1\t{k}\t{k}\t{amperes}\t3.6\t{state}\n" for k, (amperes, state) in enumerate(rows)]
    return written(directory, MACCOR + "".join(lines))


def arbin(directory, amperes, changes):
    """A file of rows with these currents and these rises of both counters."""
    charged = discharged = 0.0
    lines = []
    for number, (current, (up, down)) in enumerate(zip(amperes, changes, strict=True)):
        charged, discharged = charged + up, discharged + down
        lines.append(f"{number},{10 * number},5,2,1,{current},3.3,{charged:.6f},{discharged:.6f}\n")
    return written(directory, ARBIN + "".join(lines))


def bdf(directory, rows):
    """A file of rows of current, both counters, state and net counter."""
    lines = [f"{k},{amperes},3.3,{','.join(map(str, others))}\n" for k, (amperes, *others) in enumerate(rows)]
    return written(directory, f"{BDF}\n{''.join(lines)}")


@pytest.mark.parametrize(("charge", "discharge"), [(5.0, 0.2), (0.2, 5.0)])
def test_an_unsigned_current_gets_its_sign_also_where_one_direction_has_little_of_it(tmp_path, charge, discharge):
    readings, _, reader = read(maccor(tmp_path, charge, discharge))
    assert column(readings, "current_ampere") == [charge] * 3 + [-discharge] * 3
    assert reader.layout.warnings == (NO_SIGN,)


def test_a_signed_file_is_taken_as_it_is_and_nothing_is_said(tmp_path):
    readings, _, reader = read(maccor(tmp_path, 5.0, -0.2))
    assert column(readings, "current_ampere") == [5.0] * 3 + [-0.2] * 3
    assert reader.layout.warnings == ()


def test_the_row_after_a_change_that_shows_the_other_counter_s_rise_is_no_evidence(tmp_path):
    charge = [(0, 0.001), *[(0.016, 0)] * 19]  # the discharge went on after its last record
    discharge = [(0.016, 0), *[(0, 0.001)] * 19]
    amperes = ([6.0] * 20 + [-0.2] * 20) * 14
    readings, _, reader = read(arbin(tmp_path, amperes, (charge + discharge) * 14))
    assert column(readings, "current_ampere") == amperes
    assert reader.layout.warnings == ()


def test_a_charge_alone_that_is_negative_is_turned_round(tmp_path):
    readings, _, reader = read(arbin(tmp_path, [-1.5] * 20, [(0.01, 0)] * 20))
    assert column(readings, "current_ampere") == [1.5] * 20
    assert "turned round" in reader.layout.warnings[0]


def test_a_state_that_says_no_direction_leaves_it_to_the_counters(tmp_path):
    charge = [(-1.5, k / 10, 0, "CC", 0) for k in range(30)]
    discharge = [(1.5, 2.9, k / 10, "CC", 0) for k in range(30)]
    readings, _, reader = read(bdf(tmp_path, charge + discharge))
    assert column(readings, "current_ampere") == [1.5] * 30 + [-1.5] * 30
    assert "turned round" in reader.layout.warnings[0]


@pytest.mark.parametrize("words", [("CC", "CC"), ("Laden", "Entladen"), ("charge", "Entladen")])
def test_a_current_without_a_sign_and_a_state_that_does_not_tell_discharges_is_refused(tmp_path, words):
    charge = [(1.5, k / 10, 0, words[0], 0) for k in range(30)]
    discharge = [(1.5, 2.9, k / 10, words[1], 0) for k in range(30)]
    with pytest.raises(SourceError, match=r"no column says whether it charges or discharges: export the state"):
        read(bdf(tmp_path, charge + discharge))


def test_the_net_counter_of_a_file_that_is_turned_round_is_turned_round_too(tmp_path):
    header = "Test Time / s,Current / A,Voltage / V,Step Type,Net Capacity / Ah\n"
    rows = "0,-1.5,3.3,charge,0\n1,-1.5,3.3,charge,-0.25\n2,1.5,3.3,discharge,0.5\n"
    readings = read(written(tmp_path, header + rows))[0]
    assert column(readings, "current_ampere") == [1.5, 1.5, -1.5]
    assert column(readings, "charging_capacity_ah") == [0, 0.25, 0.25]
    assert column(readings, "discharging_capacity_ah") == [0, 0, 0.75]

"""How units are spelled in headers, and what makes ours of them."""

import pytest

from pipelines.sources.cyclers import EXPORTS
from pipelines.sources.cyclers.table import DIMENSIONS
from pipelines.sources.cyclers.units import SCALES, named_unit, plain_name, scale_of, unit_of


@pytest.mark.parametrize(
    ("text", "dimension", "unit"),
    [
        ("A", "current", "A"),
        ("mA", "current", "mA"),
        ("µA", "current", "uA"),  # the micro sign
        ("μA", "current", "uA"),  # the Greek letter
        ("uA", "current", "uA"),
        ("?A", "current", "uA"),  # what an encoding left of it
        ("mV", "voltage", "mV"),
        ("A.h", "charge", "Ah"),
        ("mA.h", "charge", "mAh"),
        ("A·h", "charge", "Ah"),
        ("mAs", "charge", "mAs"),
        ("W.h", "energy", "Wh"),
        ("mWs", "energy", "mWs"),
        ("Sec", "time", "s"),
        ("Hours in hh:mm:ss.xxx", "time", "s"),
        ("h:min:s.ms", "time", "s"),
        ("Decimal Hours", "time", "h"),
        ("Min", "time", "min"),
        ("ms", "time", "ms"),
        ("C", "temperature", "degC"),
        ("°C", "temperature", "degC"),
        ("℃", "temperature", "degC"),
        ("Â°C", "temperature", "degC"),
        ("?", "temperature", "degC"),
        ("oC", "temperature", "degC"),
        ("K", "temperature", "K"),
        ("V", "current", None),
        ("mAh/g", "charge", None),  # a specific capacity is none
        ("mWh", "charge", None),
        ("", "current", None),
    ],
)
def test_units_in_their_spellings(text, dimension, unit):
    assert unit_of(text, dimension) == unit


@pytest.mark.parametrize(
    ("header", "dimension", "found"),
    [
        ("Current(A)", "current", ("current", "A")),
        ("Current (mA)", "current", ("current", "mA")),
        ("Current[A]", "current", ("current", "A")),
        ("Current/mA", "current", ("current", "mA")),
        ("Current / A", "current", ("current", "A")),
        ("Current#A", "current", ("current", "A")),
        ("Current_A", "current", ("current", "A")),
        ("current_ampere", "current", ("current", "A")),
        ("电流(mA)", "current", ("电流", "mA")),
        ("电流（mA）", "current", ("电流", "mA")),
        ("Q charge/discharge/mA.h", "charge", ("qchargedischarge", "mAh")),
        ("(Q-Qo)/mA.h", "charge", ("qqo", "mAh")),
        ("Chg. Spec. Cap.(mAh/g)", "charge", None),
        ("Current", "current", None),
    ],
)
def test_a_unit_behind_a_name_in_every_form(header, dimension, found):
    assert named_unit(header, dimension) == found


def test_names_are_compared_by_letters_and_digits():
    assert plain_name("Charge_Capacity") == plain_name("charge capacity") == plain_name("Charge-Capacity")
    assert plain_name("|Ewe|") != plain_name("Ewe")


def test_a_minus_before_a_unit_turns_the_sign_round():
    assert scale_of("-mA", "current")[:2] == (-1, 1000)
    assert scale_of("K", "temperature") == (1, 1, -273.15)


@pytest.mark.parametrize(
    ("dimension", "unit", "one_of_ours"),
    [
        ("charge", "mAs", 3.6e6),
        ("charge", "As", 3600),
        ("energy", "mWs", 3.6e6),
        ("energy", "kJ", 3.6),
        ("time", "d", 1 / 86400),
    ],
)
def test_so_many_of_a_unit_are_one_of_ours(dimension, unit, one_of_ours):
    scale = scale_of(unit, dimension)
    assert one_of_ours * scale.multiply / scale.divide == pytest.approx(1)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.title)
def test_every_table_speaks_of_known_columns_and_units(export):
    assert set(export.columns) <= set(DIMENSIONS)
    pairs = [(target, name) for target, names in export.columns.items() for name in names if not isinstance(name, str)]
    assert all(unit in SCALES[DIMENSIONS[target]] for target, (_, unit) in pairs)
    for target, names in export.columns.items():
        texts = [name if isinstance(name, str) else name[0] for name in names]
        compared = [(plain_name(text), text.endswith("()")) for text in texts]
        assert len(set(compared)) == len(compared), f"of {target} one name can never be the one that is found"
    needed = {target for targets in export.needed() for target in targets}
    assert {"current_ampere", "voltage_volt"} <= needed <= set(export.columns)

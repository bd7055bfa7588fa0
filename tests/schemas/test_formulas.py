"""The formulas of the data dictionary, worked out on rows of the analysis."""

import re
from math import isnan

import pytest

from schemas.dictionary import dictionary
from tests.analytics.tables import followed
from tests.oracle.generators import a_chunk

ARITHMETIC = re.compile(r"[\w\s()+\-/]+")
"""Names of columns, numbers and four signs; what is said in words is no formula to be worked out."""
HOUR = 3600.0


def expression(formula: str) -> str | None:
    """The first part as Python, where a space between two factors multiplies; `None` when it is in words."""
    part = formula.partition(";")[0]
    names = re.findall(r"[a-z]\w*", part)
    if not names or not ARITHMETIC.fullmatch(part) or not all("_" in name for name in names):
        return None
    return re.sub(r"([\d)])\s+(?=[a-z\d(])", r"\1 * ", part)


WORKED_OUT = {key: found for key, line in dictionary().items() if (found := expression(line.formula))}


@pytest.fixture(scope="module")
def rows():
    """Cycles and steps without counters, with both, and with one pair that is broken."""
    columns = {
        "test_time_second": [HOUR * k for k in range(9)],
        "step_time_second": [0, HOUR, 2 * HOUR, 600, HOUR, 2 * HOUR, 300, HOUR, 2 * HOUR],
        "step_count": [1, 1, 1, 2, 2, 2, 3, 3, 3],
        "cycle_count": 1,
        "current_ampere": [1, 1.2, 0.8, -1, -1.1, -0.7, 0, 0.1, 0],
        "voltage_volt": [3.0, 3.5, 4.0, 3.8, 3.2, 2.5, 2.9, 3.0, 3.0],
    }
    charge = {"charging_capacity_ah": [0, 1, 2, 0, 0, 0, 0, 0, 0.1]}
    charge["discharging_capacity_ah"] = [0, 0, 0, 1, 2, 3, 0, 0, 0]
    energy = {
        "charging_energy_wh": [0, 3.5, 7, 0, 0, 0, 0, 0, 0.3],
        "discharging_energy_wh": [0, 0, 0, 3, 6, 8, 0, 0, 0],
    }
    found = {"cycle": [], "step": []}
    for counters in ({}, charge | energy, charge, energy):
        tables = followed([a_chunk(**columns, **counters)])
        found["cycle"] += tables.cycles.values()
        found["step"] += tables.steps.values()
    return found


def test_many_formulas_are_worked_out():
    assert len([key for key in WORKED_OUT if key[0] in ("cycle", "step")]) >= 15


@pytest.mark.parametrize(
    ("table", "column"), [key for key in WORKED_OUT if key[0] in ("cycle", "step")], ids=lambda name: name
)
def test_a_formula_gives_the_value(table, column, rows):
    one_source = "capacity_source" in dictionary()[table, column].formula
    checked = 0
    for row in rows[table]:
        value = getattr(row, column)
        if isnan(value) or (one_source and row.capacity_source != row.energy_source):
            continue
        assert value == pytest.approx(eval(WORKED_OUT[table, column], row._asdict()), rel=1e-12), row
        checked += 1
    assert checked

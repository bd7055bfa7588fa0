"""Real cycler files against independent reference values: one line a file and quantity, the worst deviation and where.

The reference is written with nine digits: a relative deviation of some 1e-9 is none.
"""

from collections.abc import Iterator
from math import inf
from typing import Any

from tests.analytics.tables import followed
from tests.cycler_files import DATA, FILES, chunk_of, reference_of
from tests.oracle.generators import cut

METHODS = {"integral": "step", "counter": "cnt"}
SUMS = {"charging_capacity": "qc", "discharging_capacity": "qd", "charging_energy": "ec", "discharging_energy": "ed"}
UNITS = {"capacity": "ah", "energy": "wh"}
OTHERS = {
    "voltage_min_volt": "v_min",
    "voltage_max_volt": "v_max",
    "temperature_min_celsius": "temp_min",
    "temperature_max_celsius": "temp_max",
    "max_gap_second": "max_gap_s",
}
CYCLES = {
    "coulombic_efficiency_percent": "ce_pct_cnt",
    "energy_efficiency_percent": "ee_pct_cnt",
    "current_min_ampere": "i_min",
    "current_max_ampere": "i_max",
}
STEPS = {"voltage_first_volt": "v_first", "voltage_last_volt": "v_last"}


def columns(kind: str) -> dict[str, str]:
    """Our columns with those of the reference."""
    sums = {
        f"{name}_{method}_{UNITS[name.rpartition('_')[2]]}": f"{theirs}_{ending}"
        for name, theirs in SUMS.items()
        for method, ending in METHODS.items()
    }
    return sums | OTHERS | (CYCLES if kind == "cycles" else STEPS)


def deviations(rows: list[Any], reference: list[dict[str, str]], ours: str, theirs: str) -> Iterator[tuple[float, int]]:
    """Relative deviation of each row that has a reference value, and the place of the row."""
    for place, (row, line) in enumerate(zip(rows, reference, strict=True)):
        expected = float(line.get(theirs) or "nan")
        found = getattr(row, ours)
        if expected == expected and (expected or found == found):
            deviation = abs(found - expected) / (abs(expected) or 1.0)
            yield deviation if deviation == deviation else inf, place


def main() -> None:
    if not DATA.is_dir():
        raise SystemExit(f"the real cycler files are not there: {DATA}")
    for name in FILES:
        tables = followed(cut(chunk_of(name), [600]))
        for kind, rows in (("cycles", list(tables.cycles.values())), ("steps", list(tables.steps.values()))):
            reference = reference_of(name, kind)
            for ours, theirs in columns(kind).items():
                found = list(deviations(rows, reference, ours, theirs))
                if found:
                    worst, place = max(found)
                    where = f"{kind[:-1]} {place + 1} of {len(rows)}"
                    print(f"{name:22} {kind:6} {ours:36} {worst:8.1e}  {where}")


if __name__ == "__main__":
    main()

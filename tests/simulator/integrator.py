"""The cell's differential equations, integrated in small steps by other means than the simulator's."""

import numpy as np


def integrate(cell, steps, dt, state=None):
    """Run one cell through CC-CV, rest and discharge with midpoint steps of about ``dt`` [s].

    Args:
        cell: Mapping with the fields of `simulator.cell.Cells`, scalars, and ``volt``, the open-circuit voltage.
        steps: (kind, value, limit) with kind "cc" [A], limit [V]; "cv" [V], limit [A]; "rest", 0, limit [s].
        dt: Longest step [s].
        state: soc, rc voltages [V].

    Returns:
        Per step: duration [s], charge [A s], energy [W s]; and the state at the end.
    """
    y = np.array([cell["initial_soc"], 0.0, 0.0]) if state is None else np.array(state)
    found = []
    for kind, value, limit in steps:
        y, *totals = _run(cell, y, kind, value, limit, dt)
        found.append(totals)
    return found, y


def _terminals(cell, y, kind, value):
    resting = cell["volt"](y[0]) + y[1] + y[2]
    if kind == "cv":
        return (value - resting) / cell["ohmic_ohm"], value
    return value, resting + value * cell["ohmic_ohm"]


def _rates(cell, y, current):
    stored = cell["coulombic_efficiency"] if current > 0 else 1.0
    return np.array(
        [
            current * stored / 3600.0 / cell["capacity_ah"],
            (current * cell["fast_ohm"] - y[1]) / cell["fast_second"],
            (current * cell["slow_ohm"] - y[2]) / cell["slow_second"],
        ]
    )


def _over(kind, value, limit, time, current, volt):
    """Below zero before the end of the step."""
    if kind == "rest":
        return time - limit
    if kind == "cv":
        return limit - current
    return np.sign(value) * (volt - limit)


def _run(cell, y, kind, value, limit, dt):
    time = charge = energy = 0.0
    current, volt = _terminals(cell, y, kind, value)
    over = _over(kind, value, limit, time, current, volt)
    while over < -1e-12:
        h = min(dt, limit - time) if kind == "rest" else dt
        while True:
            middle = y + _rates(cell, y, current) * (h / 2)
            half_current, half_volt = _terminals(cell, middle, kind, value)
            new = y + _rates(cell, middle, half_current) * h
            new_current, new_volt = _terminals(cell, new, kind, value)
            new_over = _over(kind, value, limit, time + h, new_current, new_volt)
            if new_over < 1e-9:
                break
            h *= -over / (new_over - over)  # the secant to the crossing
        charge += h * (current + 4 * half_current + new_current) / 6
        energy += h * (current * volt + 4 * half_current * half_volt + new_current * new_volt) / 6
        y, current, volt, over, time = new, new_current, new_volt, new_over, time + h
        if h < 1e-9:
            break
    return y, time, charge, energy

"""Seeded streams of readings as cyclers write them at their worst."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas import ReadingChunk
from tests.oracle.chunks import a_chunk, in_sequence
from tests.oracle.counting import with_counters

Floats = NDArray[np.float64]
Columns = dict[str, Floats]

UNIX_START_SECOND = 1_700_000_000.0
PROGRAMME = (("rest", 0.0), ("constant", 1.2), ("hold", 1.2), ("rest", 0.0), ("constant", -1.2), ("pulse", -2.4))
"""Kind and current [A] of the steps of a cycle; the place among them is the ``step_id``, from 1."""


def stream(
    seed: int,
    readings: int = 2000,
    with_test_time: bool = True,
    with_unix_time: bool = True,
    with_cycle_count: bool = True,
    with_step_count: bool = True,
    with_step_id: bool = True,
    with_step_clock: bool = True,
    with_record_index: bool = True,
    with_temperature: bool = True,
    cycle_changes_inside_steps: bool = True,
    counters: str = "",
    start_unix_second: float = UNIX_START_SECOND,
    **head: Any,
) -> ReadingChunk:
    """One test of a battery in the order of its clock.

    Constant current, held voltage, rests and pulses through zero; regular and irregular intervals, readings 0.1 ms
    apart, clocks of whole seconds with equal times, gaps of minutes and hours; first readings some way into their
    step; steps of one reading; temperatures that are missing now and then.

    Args:
        seed: The same one gives the same readings, whatever columns are left out.
        readings: How many.
        with_test_time: Whether ``test_time_second`` is known. One of the two times must be.
        with_unix_time: Whether ``unix_time_second`` is known.
        with_cycle_count: Whether ``cycle_count`` is known.
        with_step_count: Whether ``step_count`` is known.
        with_step_id: Whether ``step_id`` is known.
        with_step_clock: Whether ``step_time_second`` is known.
        with_record_index: Whether ``record_index`` is known.
        with_temperature: Whether the temperature is known, most of the time.
        cycle_changes_inside_steps: Let some cycles begin in the middle of a step, as some cyclers do.
        counters: When the cycler's counters start anew, as in `with_counters`; empty for no counters.
        start_unix_second: Unix time at test time 0 [s].
        **head: For `a_chunk`.
    """
    columns = _columns(np.random.default_rng(seed), readings, cycle_changes_inside_steps)
    if counters:
        columns = with_counters(np.random.default_rng([seed, 1]), columns, counters)
    columns["unix_time_second"] = start_unix_second + columns["test_time_second"]
    columns["record_index"] = np.arange(1.0, readings + 1)
    known = {
        "test_time_second": with_test_time,
        "unix_time_second": with_unix_time,
        "cycle_count": with_cycle_count,
        "step_count": with_step_count,
        "step_id": with_step_id,
        "step_time_second": with_step_clock,
        "record_index": with_record_index,
        "temperature_t1_celsius": with_temperature,
    }
    given: dict[str, Any] = {name: values for name, values in columns.items() if known.get(name, True)}
    return a_chunk(**head, **given)


def several_tests(
    seed: int,
    tests: int = 3,
    readings: int = 500,
    named: bool = True,
    pause_second: float = 3600.0,
    **options: Any,
) -> list[ReadingChunk]:
    """Several tests of one battery, a chunk each; test time and record index start again with each.

    Args:
        seed: As in `stream`.
        tests: How many.
        readings: In each.
        named: Whether they have a ``test_id``; otherwise the test time that falls tells them apart, and they may
            be `joined` to one chunk.
        pause_second: From the last reading of one test to the start of the next [s].
        **options: For `stream`.
    """
    chunks, start = [], UNIX_START_SECOND
    for number in range(tests):
        test_id = f"test-{number + 1}" if named else ""
        chunk = stream(seed + number, readings, test_id=test_id, start_unix_second=start, **options)
        start += _duration(chunk, start) + pause_second
        chunks.append(chunk)
    return in_sequence(chunks)


def _duration(chunk: ReadingChunk, start_unix_second: float) -> float:
    """Time of the last reading since the start of the test [s], whichever clock is known."""
    test_time, unix_time = chunk.values[:2, -1]
    return float(unix_time - start_unix_second if np.isnan(test_time) else test_time)


def _columns(random: np.random.Generator, readings: int, cycle_changes_inside_steps: bool) -> Columns:
    pieces: list[Columns] = []
    length = 0
    for piece in _steps(random, cycle_changes_inside_steps):
        pieces.append(piece)
        length += piece["test_time_second"].size
        if length >= readings:
            break
    return {name: np.concatenate([piece[name] for piece in pieces])[:readings] for name in pieces[0]}


def _steps(random: np.random.Generator, cycle_changes_inside_steps: bool) -> Iterator[Columns]:
    """Step after step, without end."""
    now, step_count, cycle_count = 0.0, 0, int(random.integers(0, 2))
    while True:
        for place, (kind, ampere) in enumerate(PROGRAMME):
            if place and random.random() < 0.2:
                continue  # a programme with branches
            step_count += 1
            step = _step(random, now, kind, ampere)
            length = step["test_time_second"].size
            step["step_count"] = np.full(length, float(step_count))
            step["step_id"] = np.full(length, place + 1.0)
            step["cycle_count"] = np.full(length, float(cycle_count))
            if place == 0 and cycle_changes_inside_steps and step_count > 1 and random.random() < 0.3:
                step["cycle_count"][: length // 2] -= 1.0
            now = float(step["test_time_second"][-1]) + random.choice([0.0, 0.25, 0.5])
            yield step
        cycle_count += 1


def _step(random: np.random.Generator, start: float, kind: str, ampere: float) -> Columns:
    step_time = np.cumsum(_intervals(random, int(random.integers(1, 40))))
    if random.random() < 0.2:  # a clock of whole seconds: equal times
        start, step_time = np.ceil(start), np.floor(step_time)
    time = start + step_time
    current = _current(random, kind, ampere, step_time)
    size = step_time.size
    temperature = 25.0 + current + random.normal(0.0, 0.2, size)
    temperature[random.random(size) < 0.1] = np.nan
    return {
        "test_time_second": time,
        "step_time_second": step_time,
        "current_ampere": current,
        "voltage_volt": 3.6 + 0.2 * current + 0.1 * np.sin(time / 300.0) + random.normal(0.0, 1e-4, size),
        "temperature_t1_celsius": temperature,
    }


def _intervals(random: np.random.Generator, size: int) -> Floats:
    """Times between readings [s]; the first one is how far into the step the first reading is."""
    intervals = {
        "regular": np.ones(size),
        "irregular": random.exponential(2.0, size),
        "burst": np.full(size, 1e-4),
        "dense": random.exponential(0.3, size),
    }[random.choice(["regular", "irregular", "burst", "dense"])]
    intervals[0] = random.choice([0.0, 0.0, 0.3, 5.0])
    if random.random() < 0.1:  # a gap, longer than any horizon
        intervals[random.integers(0, size)] += random.uniform(40.0, 5000.0)
    return intervals


def _current(random: np.random.Generator, kind: str, ampere: float, step_time: Floats) -> Floats:
    """Current of the step [A], charging positive."""
    if kind == "rest":  # true zero, or an offset below the rest threshold
        return np.full(step_time.size, random.choice([0.0, 0.0, 2e-4, -2e-4]))
    if kind == "hold":
        return np.asarray(ampere * np.exp(-step_time / 20.0), np.float64)
    if kind == "pulse":  # through zero in the middle of the step
        return np.asarray(ampere * np.cos(np.arange(step_time.size)), np.float64)
    return np.asarray(ampere * (1.0 + random.normal(0.0, 1e-3, step_time.size)), np.float64)

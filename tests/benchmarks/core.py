"""The core alone: `track` over one battery's chunks, rows included, beside a plain loop of trapezoids."""

import cProfile
import pstats
import sys

from pipelines.analytics import BatteryState, decode_state, encode_state, track
from tests.benchmarks.lab_messages import chunks
from tests.benchmarks.measure import rate, report

SIZES = {1: 2_000, 10: 10_000, 100: 60_000, 600: 240_000}


def fold_all(pieces) -> BatteryState:
    state = BatteryState.empty()
    for chunk in pieces:
        state, _ = track(state, chunk)
    return state


def plain(times, currents, voltages) -> float:
    """Ah and Wh with nothing around them, the numbers already in memory."""
    charge = energy = 0.0
    before = times[0], currents[0], currents[0] * voltages[0]
    for time, current, voltage in zip(times, currents, voltages, strict=True):
        power = current * voltage
        hours = (time - before[0]) / 7200.0
        charge += (current + before[1]) * hours
        energy += (power + before[2]) * hours
        before = time, current, power
    return charge + energy


def main() -> None:
    for size, readings in SIZES.items():
        pieces = chunks(size, readings)

        def work(pieces=pieces, size=size) -> int:
            fold_all(pieces)
            return len(pieces) * size

        figures = rate(work)
        report("core", chunk=size, microseconds_a_chunk=size / figures["readings_per_second"] * 1e6, **figures)
    values = pieces[0].values
    lists = [values[row].tolist() for row in (0, 2, 3)]
    report("core reference: plain Python loop, Ah and Wh", **rate(lambda: plain(*lists) and len(lists[0])))
    state = fold_all(pieces)
    data = encode_state(state)
    report("state", bytes_a_battery=len(data), pending_readings=int(state.pending.shape[1]))
    report(
        "state codec",
        there_and_back_per_second=rate(lambda: bool(decode_state(encode_state(state))))["readings_per_second"],
    )
    if "--profile" in sys.argv:
        profile = cProfile.Profile()
        profile.runcall(fold_all, pieces)
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()

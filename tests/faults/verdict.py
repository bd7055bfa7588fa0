"""Whether a store holds what the replay of the traffic says, to the last row and count."""

from pipelines.storage import StoreReader
from tests.faults.traffic import Traffic
from tests.oracle.replay import differences, replay_messages


def wrong(reader: StoreReader, traffic: Traffic) -> list[str]:
    """What differs; nothing when all is as it must be."""
    expected = replay_messages(traffic.readings)
    batteries = {row.battery_id: row for row in reader.batteries()}
    if batteries.keys() != expected.keys():
        return [f"batteries {sorted(batteries)} instead of {sorted(expected)}"]
    cycles, steps = reader.cycles(), reader.steps()
    found = []
    for battery_id, replayed in expected.items():
        found += differences(replayed.cycles, {r.cycle_number: r for r in cycles if r.battery_id == battery_id})
        found += differences(replayed.steps, {r.step_number: r for r in steps if r.battery_id == battery_id})
        row = batteries[battery_id]
        counts = row.reading_count, row.duplicate_count, row.late_count, len(reader.late(battery_id))
        if counts != (replayed.accepted, replayed.duplicates, len(replayed.late), len(replayed.late)):
            found.append(f"{battery_id}: {counts} readings, duplicates, late, late kept")
    return found + _unbalanced(reader, traffic)


def _unbalanced(reader: StoreReader, traffic: Traffic) -> list[str]:
    """Accepted + duplicates + late + dead letters must be what was produced."""
    totals = reader.totals()
    sums = totals.readings + totals.duplicates + totals.late, totals.dead_letters
    expected = len(traffic.readings), traffic.garbage
    return [] if sums == expected else [f"{sums} readings and dead letters instead of {expected}"]

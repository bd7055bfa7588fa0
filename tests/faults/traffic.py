"""What the batteries of a faulty lab send: repeated, late and disordered readings, with garbage between them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from schemas import ReadingChunk
from tests.faults.wire import GARBAGE, messages
from tests.oracle.generators import several_tests, stream, with_duplicates, with_late

AT_A_TIME = 5
"""So many messages of a battery follow each other before it is the next one's turn."""


@dataclass(frozen=True)
class Traffic:
    """Messages in the order in which they are sent.

    Attributes:
        messages: Battery and content.
        readings: What the good ones say, as the oracle takes it.
        garbage: How many of the messages are none.
    """

    messages: list[tuple[str, bytes]]
    readings: list[dict]
    garbage: int


def traffic(
    seed: int, batteries: int = 6, readings: int = 1500, malformed: float = 0.02, most_times: int = 1
) -> Traffic:
    """So many readings of each battery; a share of the messages is garbage; each message comes one to so many times."""
    generator = np.random.default_rng(seed)
    sent: list[dict] = []
    queues: list[tuple[str, list[bytes]]] = []
    for chunks in _journeys(seed, batteries, readings):
        queue = []
        for chunk in chunks:
            for message, said in messages(chunk, generator):
                times = int(generator.integers(1, most_times + 1))
                queue += [message] * times
                sent += said * times
        queues.append((chunks[0].battery_id, queue))
    mixed = list(_mixed(queues, malformed, generator))
    return Traffic(mixed, sent, sum(message in GARBAGE for _, message in mixed))


def _journeys(seed: int, batteries: int, readings: int) -> Iterator[list[ReadingChunk]]:
    """Of each battery; the first one goes through several tests."""
    for number in range(batteries):
        name = {"battery_id": f"b{number}", "group": "WX"[number % 2]}
        if number == 0:
            yield several_tests(seed=seed, tests=2, readings=readings // 2, **name)
        else:
            clean = stream(seed=seed + number, readings=readings, with_step_count=number % 2 == 0, **name)
            yield [with_late(with_duplicates(clean, seed=seed + number), seed=seed + number)]


def _mixed(
    queues: list[tuple[str, list[bytes]]], malformed: float, generator: np.random.Generator
) -> Iterator[tuple[str, bytes]]:
    """A few messages of each battery in turn."""
    while any(queue for _, queue in queues):
        for battery_id, queue in queues:
            some, queue[:] = queue[:AT_A_TIME], queue[AT_A_TIME:]
            for message in some:
                yield battery_id, message
                if generator.random() < malformed:
                    yield battery_id, GARBAGE[generator.integers(len(GARBAGE))]

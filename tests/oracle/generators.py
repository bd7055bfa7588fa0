"""The door to the seeded streams and to what can happen to them; all of them `ReadingChunk` in and out."""

from tests.oracle.chunks import ARRIVAL_UNIX_SECOND, a_chunk, in_sequence, joined, taken
from tests.oracle.journeys import cut, interleaved, shuffled_within, with_duplicates, with_late
from tests.oracle.streams import UNIX_START_SECOND, several_tests, stream

__all__ = [
    "ARRIVAL_UNIX_SECOND",
    "UNIX_START_SECOND",
    "a_chunk",
    "cut",
    "in_sequence",
    "interleaved",
    "joined",
    "several_tests",
    "shuffled_within",
    "stream",
    "taken",
    "with_duplicates",
    "with_late",
]

"""Ticks of a runner that has a clock of its own: each becomes a tick for every partition there is."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec

from pipelines.transforms.resources import SourceDoFn
from pipelines.transforms.spread import spread_key


class Tick(msgspec.Struct, frozen=True, array_like=True):
    """When a partition is to be looked at.

    Attributes:
        partition: Its name; the key that a tick travels under may be another.
        unix_second: When the tick was made [s].
    """

    partition: str
    unix_second: float


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Tick)


def decode_tick(key: str, value: bytes) -> Tick:
    """The tick of an element. An empty one is for the partition of its key, and never too old."""
    return _decoder.decode(value) if value else Tick(key, float("inf"))


class GivenTicks(SourceDoFn):
    """Emit a tick for every partition at each of the runner's; the partitions are looked up each time.

    Their keys spread over the parallel tasks, in the order of the partitions.
    """

    def __init__(self, source_url: str, parallelism: int) -> None:
        super().__init__(source_url)
        self._parallelism = parallelism

    def setup(self) -> None:
        super().setup()
        self._keys: dict[str, str] = {}

    def process(self, element: bytes) -> Iterator[tuple[str, bytes]]:
        for index, partition in enumerate(self.source.partitions()):
            if partition not in self._keys:
                self._keys[partition] = spread_key(partition, index, self._parallelism)
            yield self._keys[partition], _encoder.encode(Tick(partition, time.time()))

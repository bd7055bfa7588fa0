"""Where the simulator's messages go. The readings log and Kafka are given this shape by who wires them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Protocol


class Publisher(Protocol):
    """Partitions that messages are appended to.

    Attributes:
        partitions: How many there are, numbered from 0.
    """

    partitions: int

    def publish(self, partition: int, key: bytes, messages: Sequence[bytes]) -> None:
        """Append messages of one battery in this order; its identifier is their key.

        After a crash in the middle, those that are there are the first ones of each partition.
        """
        ...

    def tail(self, partition: int, max_bytes: int) -> list[bytes]:
        """The last whole messages, oldest first, about ``max_bytes`` of them; all of them when there are fewer."""
        ...


def partition_of(battery_id: str, partitions: int) -> int:
    """The partition of a battery, as all producers choose it: CRC-32 of the key modulo the partitions."""
    return zlib.crc32(battery_id.encode()) % partitions

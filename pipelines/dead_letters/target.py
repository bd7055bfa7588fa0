"""Where messages are sent to: a topic, or a readings log."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from pipelines.dead_letters.message import Message
from pipelines.sources import SourceError
from pipelines.sources.log import LogWriter
from pipelines.sources.url import parse_url

KAFKA, LOG = "kafka", "log"
"""Schemes of what can be written to."""


class Target(Protocol):
    """Takes messages.

    Attributes:
        partitions: How many it has.
    """

    partitions: int

    def send(self, messages: Sequence[Message]) -> list[int]:
        """Send them in this order; afterwards they outlive us.

        Returns:
            Numbers of those that it cannot take whatever happens: the others are there.

        Raises:
            SourceError: It does not answer or does not let us; any of them may be there.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class LogTarget:
    """A readings log: a message a line, without keys and headers."""

    def __init__(self, directory: Path) -> None:
        """Open a log that is there.

        Raises:
            SourceError: It is not.
        """
        self._writer = LogWriter(directory, create=False)
        self.partitions = self._writer.partitions

    def send(self, messages: Sequence[Message]) -> list[int]:
        """Append them; those that are more than one line, or none, cannot be."""
        unfit = []
        for number, message in enumerate(messages):
            if b"\n" in message.value or not message.value:
                unfit.append(number)
            else:
                self._writer.append(message.partition, [message.value])
        return unfit

    def close(self) -> None:
        """Let go of its partitions."""
        self._writer.close()


def open_target(url: str) -> Target:
    """What ``--to`` names.

    Raises:
        SourceError: It is neither ``kafka://HOST:PORT/TOPIC`` nor ``log://DIR``, or cannot be opened.
    """
    parsed = parse_url(url)
    if parsed.scheme == LOG:
        parsed.refuse_unknown(())
        return LogTarget(Path(parsed.path))
    if parsed.scheme == KAFKA:
        from pipelines.dead_letters.topic_target import TopicTarget

        return TopicTarget(url)
    raise SourceError(f"{url}: messages can be sent to kafka://HOST:PORT/TOPIC or log://DIR.")

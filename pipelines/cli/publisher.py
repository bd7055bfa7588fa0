"""What ``--to`` stands for: a readings log or a Kafka topic, both in the shape that the simulator publishes to."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from pipelines.cli import log_publisher
from pipelines.cli.verb import CommandError
from simulator.publisher import Publisher

KAFKA = "kafka://"


class OpenPublisher(Publisher, Protocol):
    """A publisher that is open while its block runs, and at whose end everything is acknowledged.

    Attributes:
        acknowledged: Messages that are safely there.
    """

    acknowledged: int

    def flush(self) -> None:
        """Wait until everything that was published is acknowledged.

        Raises:
            SourceError: Something was not.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_publisher(url: str, retention_mb: float | None, *, fsync: bool = False) -> OpenPublisher:
    """What ``--to`` of a producer or gateway writes to.

    Args:
        url: Of a log or a topic.
        retention_mb: Size to keep a log below [MB]; `None` keeps everything.
        fsync: What is acknowledged of a log outlives a power cut; a topic has its own settings.

    Raises:
        CommandError: The URL is that of neither, or a topic is to be kept below a size.
        SourceError: It cannot be opened.
    """
    if url.startswith(KAFKA):
        if retention_mb is not None:
            message = f"--log-retention-mb {retention_mb:g}: a topic has its own retention; see chargetracker topic."
            raise CommandError(message)
        return _kafka_publisher(url)
    if not url.startswith(log_publisher.SCHEME) or url == log_publisher.SCHEME:
        message = (
            f"--to {url}: write the readings to {log_publisher.SCHEME}DIR, for example "
            f"{log_publisher.SCHEME}data/readings, or to {KAFKA}HOST:PORT/TOPIC."
        )
        raise CommandError(message)
    return log_publisher.LogPublisher(Path(url.removeprefix(log_publisher.SCHEME)), retention_mb, fsync=fsync)


def _kafka_publisher(url: str) -> OpenPublisher:
    # Kafka's library takes a while to load.
    from pipelines.cli.kafka_publisher import KafkaPublisher
    from pipelines.sources.kafka import parse_topic

    return KafkaPublisher(parse_topic(url))

"""``chargetracker topic init|reset``: the Kafka topic itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.verb import CommandError, verb

if TYPE_CHECKING:  # Kafka's library takes a while to load
    from pipelines.sources.kafka.topics import Topics, TopicSettings

DEFAULT_PARTITIONS = 6
DEFAULT_REPLICATION = 3
DEFAULT_RETENTION_HOURS = 168.0

app = typer.Typer(help="Make or empty a Kafka topic.", no_args_is_help=True, rich_markup_mode=None)


class Compression(StrEnum):
    """How brokers keep messages."""

    ZSTD = "zstd"
    LZ4 = "lz4"
    SNAPPY = "snappy"
    GZIP = "gzip"
    UNCOMPRESSED = "uncompressed"
    PRODUCER = "producer"


Url = Annotated[str, typer.Argument(metavar="URL", help="The topic: kafka://HOST:PORT[,HOST:PORT...]/TOPIC.")]
Partitions = Annotated[
    int | None, typer.Option("--partitions", metavar="N", min=1, max=1000, help=f"{DEFAULT_PARTITIONS} when not said.")
]
Replication = Annotated[
    int | None,
    typer.Option(
        "--replication",
        metavar="N",
        min=1,
        max=9,
        help=f"Brokers that have each message; {DEFAULT_REPLICATION} when not said, or as many as there are.",
    ),
]
RetentionHours = Annotated[
    float | None,
    typer.Option(
        "--retention-hours",
        metavar="HOURS",
        min=0.0,
        help=f"Messages are kept this long; 0 for ever; {DEFAULT_RETENTION_HOURS:g} when not said.",
    ),
]
CompressionName = Annotated[Compression | None, typer.Option("--compression", help="zstd when not said.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
@verb
def init(
    url: Url,
    partitions: Partitions = None,
    replication: Replication = None,
    retention_hours: RetentionHours = None,
    compression: CompressionName = None,
) -> None:
    """Make the topic; does nothing when it is there, but says how it differs from what was asked for."""
    asked = _Asked(partitions, replication, retention_hours, compression)
    with _opened(url) as topics:
        found = topics.find()
        wanted = asked.settings(topics.brokers())
        if found is None:
            _make(topics, url, wanted)
        else:
            typer.echo(f"{url}: there already ({', '.join(found.words())}).{_differences(found, wanted)}")


@app.command()
@verb
def reset(
    url: Url,
    partitions: Partitions = None,
    replication: Replication = None,
    retention_hours: RetentionHours = None,
    compression: CompressionName = None,
    yes: Yes = False,
) -> None:
    """Throw away all that is in the topic: it is deleted and made anew, as it was where no flag says otherwise."""
    asked = _Asked(partitions, replication, retention_hours, compression)
    with _opened(url) as topics:
        found = topics.find()
        wanted = asked.settings(topics.brokers(), found)
        if found is not None:
            if not yes:
                typer.confirm(f"Throw away everything in {url}?", abort=True)
            topics.delete()
        _make(topics, url, wanted)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the flags say; `None` where they say nothing."""

    partitions: int | None
    replication: int | None
    retention_hours: float | None
    compression: Compression | None

    def settings(self, brokers: int, found: TopicSettings | None = None) -> TopicSettings:
        """What is to be: as the flags say, else as it was ``found``, else our defaults.

        Raises:
            CommandError: There are too few brokers.
        """
        from pipelines.sources.kafka.topics import TopicSettings

        replication = self.replication or (found.replication if found else _possible_replication(brokers))
        if replication > brokers:
            message = f"{replication} replicas need as many brokers, there are {brokers}: say --replication {brokers}."
            raise CommandError(message)
        retention_hours = found.retention_hours if found else DEFAULT_RETENTION_HOURS
        return TopicSettings(
            self.partitions or (found.partitions if found else DEFAULT_PARTITIONS),
            replication,
            max(1, replication - 1),  # one of them may be away
            retention_hours if self.retention_hours is None else self.retention_hours or None,
            self.compression.value if self.compression else found.compression if found else Compression.ZSTD.value,
        )


def _opened(url: str) -> Topics:
    from pipelines.sources.kafka import parse_topic
    from pipelines.sources.kafka.topics import Topics

    return Topics(parse_topic(url))


def _possible_replication(brokers: int) -> int:
    if brokers == 1:
        typer.echo("One broker only: replication 1. While it is away nothing is taken in; its disk is all.", err=True)
    elif brokers < DEFAULT_REPLICATION:
        typer.echo(f"{brokers} brokers only: replication {brokers} instead of {DEFAULT_REPLICATION}.", err=True)
    return min(brokers, DEFAULT_REPLICATION)


def _make(topics: Topics, url: str, settings: TopicSettings) -> None:
    topics.make(settings)
    typer.echo(f"{url}: ready ({', '.join(settings.words())}).")


def _differences(found: TopicSettings, wanted: TopicSettings) -> str:
    """A sentence, empty when there are none."""
    pairs = zip(found.words(), wanted.words(), strict=True)
    different = [f"{there}, not {asked}" for there, asked in pairs if there != asked]
    if not different:
        return ""
    return f" It differs: {'; '.join(different)}. reset makes it anew, with nothing in it."

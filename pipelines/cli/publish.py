"""``chargetracker publish``: a gateway from any source to a Kafka topic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.forward import BatchFormat, Format, Once, forward
from pipelines.cli.publisher import KAFKA
from pipelines.cli.verb import CommandError, verb

SourceUrl = Annotated[
    str,
    typer.Option("--source", metavar="URL", help="Where readings come from: log://DIR, file://PATH, kafka://..."),
]
To = Annotated[str, typer.Option("--to", metavar="URL", help="Where they go: kafka://HOST:PORT/TOPIC.")]
Position = Annotated[
    Path, typer.Option("--position", metavar="FILE", dir_okay=False, help="Keeps how far it is, for the next start.")
]


@verb
def publish(
    source: SourceUrl,
    to: To,
    position: Position,
    once: Once = False,
    message_format: Format = BatchFormat.COLUMNS,
) -> None:
    """Forward readings to a Kafka topic, batch by batch, the battery as the key.

    It goes on until Ctrl-C; the same command goes on where it was. After a crash some readings may be sent again;
    whoever analyses the topic recognises them. What cannot be read is forwarded as it is, and counted there.
    """
    if not to.startswith(KAFKA):
        message = f"--to {to}: readings are published to a topic, {KAFKA}HOST:PORT/TOPIC."
        raise CommandError(message)
    forward(source, to, position, message_format, once=once)

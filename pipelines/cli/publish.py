"""``chargetracker publish``: a gateway from any source to a Kafka topic."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output_file import refuse_missing_folder
from pipelines.cli.publisher import KAFKA, open_publisher
from pipelines.cli.status_display import status_display
from pipelines.cli.verb import CommandError, verb
from pipelines.runners.stop import stop_on_signals
from pipelines.sources import open_source


class BatchFormat(StrEnum):
    """How readings of one battery are written."""

    COLUMNS = "columns"
    ARROW = "arrow"


SourceUrl = Annotated[
    str,
    typer.Option("--source", metavar="URL", help="Where readings come from: log://DIR, file://PATH, kafka://..."),
]
To = Annotated[str, typer.Option("--to", metavar="URL", help="Where they go: kafka://HOST:PORT/TOPIC.")]
Position = Annotated[
    Path, typer.Option("--position", metavar="FILE", dir_okay=False, help="Keeps how far it is, for the next start.")
]
Once = Annotated[bool, typer.Option("--once", help="Forward what is there now, then end.")]
Format = Annotated[BatchFormat, typer.Option("--message-format", help="JSON columns, or Arrow streams.")]


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
    from pipelines.cli.chunk_messages import arrow_messages, columns_messages
    from pipelines.cli.gateway import Gateway
    from pipelines.cli.position_file import PositionFile

    if not to.startswith(KAFKA):
        message = f"--to {to}: readings are published to a topic, {KAFKA}HOST:PORT/TOPIC."
        raise CommandError(message)
    refuse_missing_folder("--position", position)
    encode = {BatchFormat.COLUMNS: columns_messages, BatchFormat.ARROW: arrow_messages}[message_format]
    opened = open_source(source)
    try:
        title = f"{source} -> {to}"
        with open_publisher(to, None) as publisher, stop_on_signals() as stop, status_display(title) as show:
            gateway = Gateway(opened, publisher, PositionFile(position, source, to), encode)
            gateway.run(stop, lambda forwarded: show(forwarded.text(opened.unit)), once=once)
        typer.echo(f"{gateway.forwarded.text(opened.unit)}; {publisher.acknowledged:,} messages acknowledged", err=True)
    finally:
        opened.close()

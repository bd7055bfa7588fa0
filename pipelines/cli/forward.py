"""What the gateways `publish` and `send` share: from a source to a place, batch by batch, from where it was."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.output_file import refuse_missing_folder
from pipelines.cli.publisher import open_publisher
from pipelines.cli.status_display import status_display
from pipelines.runners.stop import stop_on_signals
from pipelines.sources import open_source


class BatchFormat(StrEnum):
    """How readings of one battery are written."""

    COLUMNS = "columns"
    ARROW = "arrow"


Once = Annotated[bool, typer.Option("--once", help="Forward what is there now, then end.")]
Format = Annotated[BatchFormat, typer.Option("--message-format", help="JSON columns, or Arrow streams.")]


def forward(source_url: str, to: str, position: Path, message_format: BatchFormat, *, once: bool) -> None:
    """Forward until Ctrl-C, or with ``once`` what is there now; says at the end how much it was.

    Args:
        source_url: Where readings come from.
        to: Where they go.
        position: Keeps how far it is; written when everything before it is acknowledged.
        message_format: Of the messages.
        once: Do not wait for more.

    Raises:
        CommandError: The position cannot be used, or there is no such place.
        SourceError: Source or place cannot be opened, read or written.
    """
    from pipelines.cli.chunk_messages import arrow_messages, columns_messages
    from pipelines.cli.gateway import Gateway
    from pipelines.cli.position_file import PositionFile

    encode = {BatchFormat.COLUMNS: columns_messages, BatchFormat.ARROW: arrow_messages}[message_format]
    opened = open_source(source_url)
    try:
        refuse_missing_folder("--position", position)
        title = f"{source_url} -> {to}"
        with (
            open_publisher(to, None, fsync=True) as publisher,
            stop_on_signals() as stop,
            status_display(title) as show,
        ):
            gateway = Gateway(opened, publisher, PositionFile(position, source_url, to), encode)
            gateway.run(stop, lambda forwarded: show(forwarded.text(opened.unit)), once=once)
        typer.echo(f"{gateway.forwarded.text(opened.unit)}; {publisher.acknowledged:,} messages acknowledged", err=True)
    finally:
        opened.close()

"""``chargetracker log init``: an empty readings log, for readings of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.log_publisher import SCHEME
from pipelines.cli.verb import CommandError, verb
from pipelines.sources.log import LogWriter
from pipelines.sources.log.layout import partition_directory, segment_path

app = typer.Typer(help="Make a readings log.", no_args_is_help=True, rich_markup_mode=None)

Url = Annotated[str, typer.Argument(metavar="URL", help="The log: log://DIR.")]
Partitions = Annotated[
    int | None, typer.Option("--partitions", metavar="N", min=1, max=1000, help="Of a new log; 4 when not said.")
]


@app.callback()
def _before_the_verb() -> None:
    """Make a readings log."""


@app.command()
@verb
def init(url: Url, partitions: Partitions = None) -> None:
    """Make an empty log; does nothing when it is there. Append a message a line to a file of a partition."""
    if not url.startswith(SCHEME) or url == SCHEME:
        message = f"{url}: a readings log is written {SCHEME}DIR, for example {SCHEME}data/readings."
        raise CommandError(message)
    directory = Path(url.removeprefix(SCHEME))
    with LogWriter(directory, partitions) as writer:
        files = [segment_path(partition_directory(directory, index), 0) for index in range(writer.partitions)]
    for file in files:
        file.parent.mkdir(exist_ok=True)
    typer.echo(f"{url}: ready ({len(files)} partitions). Append JSON lines, for example: >> {files[0]}")

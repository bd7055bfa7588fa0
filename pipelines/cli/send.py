"""``chargetracker send``: a gateway on the lab's PC, from a folder of growing exports to a topic or a readings log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.forward import BatchFormat, Format, Once, forward
from pipelines.cli.verb import CommandError, verb

FOLDER = "folder://"
POSITION_NAME = ".chargetracker-sent.json"

FromUrl = Annotated[
    str, typer.Option("--from", metavar="URL", help="The folder that the cycler writes to: folder://PATH.")
]
To = Annotated[str, typer.Option("--to", metavar="URL", help="Where they go: kafka://HOST:PORT/TOPIC or log://DIR.")]
Position = Annotated[
    Path | None,
    typer.Option(
        "--position",
        metavar="FILE",
        dir_okay=False,
        help=f"Keeps how far it is, for the next start; without it, PATH/{POSITION_NAME}.",
    ),
]


@verb
def send(
    source: FromUrl,
    to: To,
    position: Position = None,
    once: Once = False,
    message_format: Format = BatchFormat.COLUMNS,
) -> None:
    """Send the readings of a folder of growing exports to a topic or a readings log, the battery as the key.

    It goes on until Ctrl-C; the same command goes on where it was. After a crash some readings may be sent again;
    whoever analyses them recognises them. What cannot be read is sent as it is, and counted there.
    """
    if not source.startswith(FOLDER):
        message = f"--from {source}: a folder is sent, {FOLDER}PATH; `chargetracker publish` forwards other sources."
        raise CommandError(message)
    folder = Path(source.removeprefix(FOLDER).partition("?")[0])
    forward(source, to, position or folder / POSITION_NAME, message_format, once=once)

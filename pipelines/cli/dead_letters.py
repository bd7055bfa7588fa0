"""``chargetracker dead-letters list|resubmit``: refused messages, and their way back after a fix."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from heapq import nlargest
from typing import Annotated, Any

import msgspec
import typer

from pipelines.cli.flags import BatteryId
from pipelines.cli.letter_place import FromStore, FromTopic, Notes, OnlyReason, open_place, wanted
from pipelines.cli.resubmit import resubmit
from pipelines.cli.show import cell, print_lines
from pipelines.cli.verb import verb
from schemas import DeadLetter
from schemas.dead_letter import decode_headers

app = typer.Typer(help="Look at refused messages, or send them again.", no_args_is_help=True, rich_markup_mode=None)
app.command("resubmit")(resubmit)

COLUMNS = ("arrival_unix_second", "reason", "detail", "partition", "offset", "reading_index", "payload")
RESUBMITTED = "resubmitted"


class Format(StrEnum):
    """How letters are written."""

    TABLE = "table"
    JSON = "json"


Limit = Annotated[int, typer.Option("--limit", min=1, help="At most so many, the newest.")]


@app.command("list")
@verb
def show(
    store: FromStore = None,
    topic: FromTopic = None,
    reason: OnlyReason = None,
    battery: BatteryId = None,
    limit: Limit = 1000,
    form: Annotated[Format, typer.Option("--format", help="json: all that is known, a letter a line.")] = Format.TABLE,
    notes: Notes = None,
) -> None:
    """List dead letters, the newest first. Those of a battery are those whose key or content names it."""
    from pipelines.dead_letters.message import identity

    with closing(open_place(store, topic, notes)) as place:
        before = place.resubmitted()
        chosen = (letter for letter in place.letters() if wanted(letter, reason, battery))
        letters = nlargest(limit, chosen, key=lambda letter: letter.arrival_unix_second)
    if form is Format.JSON:
        for letter in letters:
            typer.echo(msgspec.json.encode(as_json(letter) | {RESUBMITTED: identity(letter) in before}))
        return
    lines = [
        [*(cell(column, getattr(letter, column)) for column in COLUMNS), "yes" if identity(letter) in before else ""]
        for letter in letters
    ]
    print_lines((*COLUMNS, RESUBMITTED), lines)


def as_json(letter: DeadLetter) -> dict[str, Any]:
    """All of a letter; bytes as text where they are one, else as base64 under another name."""
    plain = {name: value for name, value in letter._asdict().items() if not isinstance(value, bytes)}
    arrival = datetime.fromtimestamp(letter.arrival_unix_second, UTC).isoformat()
    headers = [_content("value", value) | {"name": name} for name, value in decode_headers(letter.headers)]
    return {
        "arrival": arrival,
        **plain,
        **_content("key", letter.key),
        **_content("payload", letter.payload),
        "headers": headers,
    }


def _content(name: str, content: bytes) -> dict[str, Any]:
    try:
        return {name: content.decode()}
    except UnicodeDecodeError:
        return {f"{name}_base64": content}

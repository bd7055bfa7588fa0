"""Where a verb finds dead letters: the flags that say it, and what they open."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from pipelines.cli.verb import CommandError
from pipelines.storage import open_reader
from schemas import DeadLetter, Reason

if TYPE_CHECKING:  # Kafka's library takes a while to load
    from pipelines.dead_letters.place import Place

FromStore = Annotated[str | None, typer.Option("--store", metavar="URL", help="Those of a store.")]
FromTopic = Annotated[
    str | None,
    typer.Option("--topic", "--from", metavar="URL", help="Those that a run published: kafka://HOST:PORT/TOPIC."),
]
Notes = Annotated[
    Path | None,
    typer.Option("--notes", metavar="FILE", dir_okay=False, help="Which of a store's were sent again; has a default."),
]


def _known_reason(reason: str | None) -> str | None:
    if reason is not None and reason not in get_args(Reason):
        raise typer.BadParameter(f"{reason}: use one of {', '.join(get_args(Reason))}.")
    return reason


OnlyReason = Annotated[
    str | None, typer.Option("--reason", metavar="R", callback=_known_reason, help="Only of this reason.")
]

_SQLITE = "sqlite:///"


def open_place(store: str | None, topic: str | None, notes: Path | None) -> Place:
    """What the flags name.

    Raises:
        CommandError: Not exactly one of store and topic is given.
        SourceError, StoreError: It cannot be opened.
    """
    if (store is None) == (topic is None):
        message = "say where the dead letters are: --store URL, or --topic kafka://HOST:PORT/TOPIC."
        raise CommandError(message)
    from pipelines.dead_letters.place import Kept, LetterTopic

    if store is None:
        return LetterTopic(str(topic))
    with closing(open_reader(store)) as reader:
        return Kept(reader.dead_letters(), notes or default_notes(store))


def default_notes(store: str) -> Path:
    """The file that knows which letters of a store were sent again: beside a SQLite file, else in this folder."""
    if store.startswith(_SQLITE):
        return Path(f"{store.removeprefix(_SQLITE)}.resubmitted")
    return Path(re.sub(r"[^A-Za-z0-9._-]+", "-", store) + ".resubmitted")


def wanted(letter: DeadLetter, reason: str | None, battery_id: str | None) -> bool:
    """True when the letter is one of those that were asked for; `None` stands for all."""
    from pipelines.dead_letters.message import concerns

    return reason in (None, letter.reason) and (battery_id is None or concerns(letter, battery_id))

"""A line about work that takes long: kept up to date at a terminal, written now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.text import Text

PLAIN_EVERY_SECOND = 30.0

Show = Callable[[str], None]


@contextmanager
def status_display(first: str, plain_every_second: float = PLAIN_EVERY_SECOND) -> Iterator[Show]:
    """A function that shows a line in place of the one before, on stderr.

    Args:
        first: The line to begin with.
        plain_every_second: Where stderr is no terminal, at most one line in so many seconds [s].
    """
    console = Console(stderr=True)
    if console.is_terminal:
        # As text: a bracket in a path is no markup.
        with console.status(Text(first)) as status:
            yield lambda line: status.update(Text(line))
    else:
        typer.echo(first, err=True)
        yield _seldom(plain_every_second)


def _seldom(every_second: float) -> Show:
    next_time = time.monotonic() + every_second

    def show(line: str) -> None:
        nonlocal next_time
        if time.monotonic() >= next_time:
            next_time = time.monotonic() + every_second
            typer.echo(line, err=True)

    return show

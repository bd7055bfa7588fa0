"""What `run` tells while it works and when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from pipelines.cli.status_display import status_display
from pipelines.cli.status_line import status_line
from pipelines.options import RunSettings
from pipelines.storage import open_reader

if TYPE_CHECKING:  # it would load Beam
    from pipelines.runners.status import RunStatus


@contextmanager
def reporting(settings: RunSettings) -> Iterator[Callable[[RunStatus], None]]:
    """What the runner is to call with each status; says what the store holds when the run has ended well."""
    with status_display(f"{settings.source_url} -> {settings.store_url}") as show:
        yield lambda status: show(status_line(status))
    typer.echo(summary(settings.store_url), err=True)


def summary(store_url: str) -> str:
    """What the store holds."""
    reader = open_reader(store_url)
    try:
        totals = reader.totals()
    finally:
        reader.close()
    counts = (
        f"{totals.readings:,} readings of {totals.batteries:,} batteries, {totals.cycles:,} cycles, "
        f"{totals.duplicates:,} duplicates, {totals.late:,} late, {totals.dead_letters:,} dead letters"
    )
    return f"{store_url}: {counts}."

"""``chargetracker store init|reset|migrate|info``: the tables themselves."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer

from pipelines.cli.flags import StoreUrlArgument
from pipelines.cli.verb import verb
from pipelines.storage import open_store
from schemas.tables import SCHEMA_VERSION

app = typer.Typer(help="Make, empty, update or look at a store.", no_args_is_help=True, rich_markup_mode=None)

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
@verb
def init(url: StoreUrlArgument) -> None:
    """Make the tables; does nothing when they are there."""
    with closing(open_store(url, create=True)) as store:
        store.init()
        cautions = store.cautions()
    typer.echo(f"{url}: ready (tables of version {SCHEMA_VERSION}).")
    _say(cautions)


@app.command()
@verb
def reset(url: StoreUrlArgument, yes: Yes = False) -> None:
    """Throw away all that the store holds."""
    if not yes:
        typer.confirm(f"Throw away everything in {url}?", abort=True)
    with closing(open_store(url, create=True)) as store:
        store.reset()
        cautions = store.cautions()
    typer.echo(f"{url}: empty (tables of version {SCHEMA_VERSION}).")
    _say(cautions)


@app.command()
@verb
def migrate(url: StoreUrlArgument) -> None:
    """Bring tables of an older version to this one; keeps all that is in them."""
    with closing(open_store(url, create=True)) as store:
        version = store.migrate()
    done = "nothing to do" if version == SCHEMA_VERSION else f"brought from version {version}"
    typer.echo(f"{url}: {done} (tables of version {SCHEMA_VERSION}).")


@app.command()
@verb
def info(url: StoreUrlArgument) -> None:
    """Say how much is in it and how far its sources were read."""
    with closing(open_store(url)) as store:
        totals, reasons, committed = store.totals(), store.dead_letter_counts(), store.committed()
        cautions = store.cautions()
    for name, count in asdict(totals).items():
        typer.echo(f"{name.replace('_', ' ')}\t{count}")
    for reason, count in sorted(reasons.items()):
        typer.echo(f"dead letters, {reason}\t{count}")
    for partition, offset in sorted(committed.items()):
        typer.echo(f"committed, {partition}\t{offset.offset}")
    _say(cautions)


def _say(cautions: list[str]) -> None:
    for caution in cautions:
        typer.echo(caution, err=True)

"""The command ``chargetracker``: a file per verb."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from pipelines.cli import (
    columns,
    dead_letters,
    demo,
    export,
    log,
    publish,
    run,
    send,
    serve,
    show,
    simulate,
    stack,
    store,
    topic,
)

app = typer.Typer(
    name="chargetracker",
    help="Analyses rechargeable batteries while they are being tested.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chargetracker {version('chargetracker')}")
        raise typer.Exit


@app.callback()
def _before_the_verb(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Analyses rechargeable batteries while they are being tested."""


app.command("demo")(demo.demo)
app.command("simulate")(simulate.simulate)
app.command("publish")(publish.publish)
app.command("send")(send.send)
app.command("run")(run.run)
app.command("serve")(serve.serve)
app.command("show")(show.show)
app.command("export")(export.export)
app.command("columns")(columns.columns)
app.add_typer(store.app, name="store")
app.add_typer(log.app, name="log")
app.add_typer(stack.app, name="stack")
app.add_typer(topic.app, name="topic")
app.add_typer(dead_letters.app, name="dead-letters")


def main() -> None:
    """Entry point of the command."""
    app()


if __name__ == "__main__":
    main()

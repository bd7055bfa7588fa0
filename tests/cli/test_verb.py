from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from pipelines.cli.verb import CommandError, describe, verb
from pipelines.options import SettingsError
from pipelines.sources.base import SourceError
from pipelines.storage.base import StoreError


def an_app(error=None):
    app = typer.Typer(pretty_exceptions_enable=False)

    @app.command()
    @verb
    def measure(cell: Annotated[str, typer.Option("--cell", help="Which.")] = "b1") -> None:
        """Measure a cell."""
        if error is not None:
            raise error
        typer.echo(f"measured {cell}")

    return app


def test_a_verb_keeps_its_own_flags_and_its_help():
    assert CliRunner().invoke(an_app(), ["--cell", "b7"]).stdout == "measured b7\n"
    help_text = CliRunner().invoke(an_app(), ["--help"]).stdout
    assert "Measure a cell." in help_text
    assert "--debug" in help_text


@pytest.mark.parametrize("kind", [CommandError, SettingsError, SourceError, StoreError])
def test_an_expected_error_is_one_line_on_stderr(kind):
    result = CliRunner().invoke(an_app(kind("no cell there:\n  connect one.")))
    assert result.exit_code == 1
    assert result.stderr == "chargetracker: no cell there: connect one.\n"
    assert result.stdout == ""


def test_debug_shows_the_stack():
    error = StoreError("no store")
    result = CliRunner().invoke(an_app(error), ["--debug"])
    assert result.exit_code == 1
    assert result.exception is error


def test_evidence_comes_below_the_line():
    assert describe(CommandError("it ended:", "line 1\nline 2")) == "it ended:\nline 1\nline 2"


def test_an_error_of_the_system_names_the_file():
    assert describe(PermissionError(13, "Permission denied", "m.db")) == "m.db: Permission denied"


def test_a_mistake_of_ours_is_named_and_says_how_to_see_more():
    result = CliRunner().invoke(an_app(KeyError("cell")))
    assert result.exit_code == 1
    assert result.stderr == "chargetracker: unexpected KeyError: 'cell' (--debug shows where; please report it)\n"


def test_a_wish_to_leave_is_no_error():
    assert CliRunner().invoke(an_app(typer.Exit(4))).exit_code == 4

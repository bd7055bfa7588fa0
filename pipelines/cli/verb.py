"""What all verbs share: expected errors are one clear line on stderr, and ``--debug`` shows the stack instead."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

from pipelines.options import SettingsError
from pipelines.sources.base import SourceError
from pipelines.storage.base import StoreError

DEBUG_FLAG = "--debug"

Debug = Annotated[bool, typer.Option(DEBUG_FLAG, help="Show the stack of an error instead of one line.")]


class CommandError(Exception):
    """Why a verb cannot go on, in a sentence for the person at the terminal that says what to do.

    Attributes:
        evidence: Lines that explain it, printed below it; mostly none.
    """

    def __init__(self, message: str, evidence: str = "") -> None:
        super().__init__(message)
        self.evidence = evidence


EXPECTED = (CommandError, SettingsError, SourceError, StoreError)


def verb(function: Callable[..., None]) -> Callable[..., None]:
    """Make a verb of a function: adds ``--debug`` and turns errors into one line and exit code 1.

    Args:
        function: Its parameters are the flags, as typer reads them.

    Returns:
        What to register with typer.
    """

    @wraps(function)
    def run_verb(*arguments: Any, debug: bool, **flags: Any) -> None:
        try:
            function(*arguments, **flags)
        except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
            raise
        except Exception as error:
            if debug:
                raise
            typer.echo(f"chargetracker: {describe(error)}", err=True)
            raise typer.Exit(1) from error

    _add_debug(run_verb, function)
    return run_verb


def describe(error: Exception) -> str:
    """The error in one line, and its evidence below it."""
    text = " ".join(str(error).split())
    if isinstance(error, CommandError) and error.evidence:
        return f"{text}\n{error.evidence}"
    if isinstance(error, EXPECTED):
        return text
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}"
    return f"unexpected {type(error).__name__}: {text} ({DEBUG_FLAG} shows where; please report it)"


def _add_debug(run_verb: Any, function: Callable[..., None]) -> None:
    signature = inspect.signature(function, eval_str=True)
    debug = inspect.Parameter("debug", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Debug)
    run_verb.__signature__ = signature.replace(parameters=[*signature.parameters.values(), debug])
    run_verb.__annotations__ = {**get_type_hints(function, include_extras=True), "debug": Debug}
    del run_verb.__wrapped__

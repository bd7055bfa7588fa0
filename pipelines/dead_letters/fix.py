"""What is changed in a refused message before it is sent again."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from schemas import COLUMNS

PROGRAM_SECOND = 10.0
"""So long a program may take for one message."""

Number = int | float


class FixError(Exception):
    """A fix that cannot be understood, or cannot be made to a message; in words for a person."""


@dataclass(frozen=True, slots=True)
class Fix:
    """Done in this order.

    Attributes:
        program: Gets the message on stdin and writes it, fixed, on stdout; not run when empty.
        renames: Old and new name of fields of a JSON message.
        factors: Fields that are multiplied. A number that is written as a text becomes one.
        values: Fields that are set.
    """

    program: tuple[str, ...] = ()
    renames: tuple[tuple[str, str], ...] = ()
    factors: tuple[tuple[str, Number], ...] = ()
    values: tuple[tuple[str, Any], ...] = ()

    def of(self, message: bytes) -> bytes:
        """The message, fixed; the same bytes when there is nothing to do.

        Raises:
            FixError: The program failed, or the message is no JSON object.
        """
        if self.program:
            message = _piped(self.program, message)
        if not (self.renames or self.factors or self.values):
            return message
        fields = _fields(message)
        for old, new in self.renames:
            _rename(fields, old, new)
        for name, factor in self.factors:
            if name in fields:
                fields[name] = _multiplied(fields[name], factor)
        return msgspec.json.encode(fields | dict(self.values))


def parse_fix(program: str, renames: Sequence[str], factors: Sequence[str], values: Sequence[str]) -> Fix:
    """A fix as it is written at the terminal.

    Args:
        program: With its arguments; no shell looks at it.
        renames: As ``old=new``.
        factors: As ``name=number``.
        values: As ``name=value``; of a field that is measured or counted, a number or ``null``.

    Raises:
        FixError: One is written otherwise.
    """
    return Fix(
        _words(program),
        tuple(_pairs("--rename", renames)),
        tuple((name, _number("--multiply", name, text)) for name, text in _pairs("--multiply", factors)),
        tuple((name, _value(name, text)) for name, text in _pairs("--set", values)),
    )


def _words(program: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(program))
    except ValueError as error:
        raise FixError(f"--edit {program}: {error}.") from None
    if words and shutil.which(words[0]) is None:
        raise FixError(f"--edit {program}: there is no program {words[0]}.")
    return words


def _pairs(flag: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    return [_pair(flag, text) for text in texts]


def _pair(flag: str, text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not (name and found and value):
        raise FixError(f"{flag} {text}: write it as name=value.")
    return name, value


def _value(name: str, text: str) -> Any:
    if name not in COLUMNS:
        return text
    return None if text == "null" else _number("--set", name, text)


def _number(flag: str, name: str, text: str) -> Number:
    try:
        number: Number = msgspec.json.decode(text, type=Number)
    except msgspec.DecodeError:
        raise FixError(f"{flag} {name}={text}: {text} is no number.") from None
    return number


def _piped(program: tuple[str, ...], message: bytes) -> bytes:
    """What the program writes, without the line end that most add."""
    try:
        done = subprocess.run(program, input=message, capture_output=True, timeout=PROGRAM_SECOND, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FixError(str(error)) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise FixError(": ".join([f"{program[0]} ended with exit code {done.returncode}", *said]))
    return done.stdout.rstrip(b"\r\n")


def _fields(message: bytes) -> dict[str, Any]:
    try:
        fields: dict[str, Any] = msgspec.json.decode(message, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FixError(f"it is no JSON object ({error})") from None
    return fields


def _rename(fields: dict[str, Any], old: str, new: str) -> None:
    if old not in fields:
        return
    if new in fields:
        raise FixError(f"it has {old} and {new}")
    fields[new] = fields.pop(old)


def _multiplied(value: Any, factor: Number) -> Any:
    """A number, or each of a list; what is no number stays."""
    if isinstance(value, list):
        return [_multiplied(one, factor) for one in value]
    if isinstance(value, str):
        try:
            value = msgspec.json.decode(value, type=Number)
        except msgspec.DecodeError:
            return value
    return value * factor if isinstance(value, Number) and not isinstance(value, bool) else value

"""Which export a file is, told from its first bytes; and where its header is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.sources.base import SourceError
from pipelines.sources.cyclers.arbin import ARBIN
from pipelines.sources.cyclers.maccor import MACCOR
from pipelines.sources.cyclers.table import Export

EXPORTS = (MACCOR, ARBIN)
"""All that can be read; another make is one more table."""

HEAD_BYTES = 64 * 1024
"""What recognition looks at."""

_LINES_AT_THE_TOP = 32
_MAX_NAMED = 12
_MAX_NAME_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Header:
    """The header line of a file.

    Attributes:
        line: Its number, from 0.
        fields: Its fields, without blanks around them.
    """

    line: int
    fields: list[str]


def makes() -> tuple[str, ...]:
    """What ``?make=`` can be."""
    return tuple(dict.fromkeys(export.make for export in EXPORTS))


def recognise(head: bytes, make: str | None = None) -> Export:
    """The export that a file begins like.

    Args:
        head: The first bytes of the file, `HEAD_BYTES` or all of it.
        make: Only exports of this make; `None`: any.

    Raises:
        SourceError: It is none of them; names the columns found, the nearest export and what that one misses.
    """
    candidates = [export for export in EXPORTS if make in (None, export.make)]
    for export in candidates:
        if header_of(export, head) is not None:
            return export
    raise _unrecognised(candidates, head)


def header_of(export: Export, head: bytes) -> Header | None:
    """The header in ``head``, when that is the begin of such an export."""
    for number, fields in enumerate(_rows(export, head)):
        if not export.missing(fields):
            return Header(number, fields)
    return None


def _rows(export: Export, head: bytes) -> list[list[str]]:
    lines = head.split(b"\n", export.header_within_lines)[: export.header_within_lines]
    return [export.fields(line.decode(export.encoding, "replace")) for line in lines]


def _unrecognised(candidates: Sequence[Export], head: bytes) -> SourceError:
    if b"\0" in head:
        return SourceError("this is no text: export the file as text or CSV from the cycler's program.")
    found = _likely_header(head)
    nearest = min(candidates, key=lambda export: len(export.missing(found)) / len(export.required))
    return SourceError(
        f"this is no export that can be read: it has the columns {_named(found)}; "
        f"nearest is the {nearest.title}, which would need {_named(nearest.missing(found))} as well. "
        "Export the file again with these columns."
    )


def _likely_header(head: bytes) -> list[str]:
    """Of the lines at the top the one with the most fields that are words, at whatever separator."""
    lines = head.decode("utf-8-sig", "replace").split("\n", _LINES_AT_THE_TOP)[:_LINES_AT_THE_TOP]
    rows = [[field.strip() for field in line.split(separator)] for line in lines for separator in "\t,;"]
    return max(rows, key=lambda row: sum(field[:1].isalpha() for field in row))


def _named(names: list[str]) -> str:
    shown = [repr(name[:_MAX_NAME_CHARACTERS]) for name in names if name]
    more = len(shown) - _MAX_NAMED
    return (", ".join(shown[:_MAX_NAMED]) or "(none)") + (f" and {more} more" if more > 0 else "")

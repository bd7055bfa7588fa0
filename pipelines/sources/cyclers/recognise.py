"""Which export a file is, told from what is in it, and where its header is."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.sources.base import SourceError
from pipelines.sources.cyclers.encoding import encoding_of
from pipelines.sources.cyclers.exports import EXPORTS, NEWARE, NEWARE_LAYERED, makes
from pipelines.sources.cyclers.overrides import Override, applied, mapped_export
from pipelines.sources.cyclers.table import Column, Export

HEAD_BYTES = 256 * 1024
"""What recognition looks at."""

SEPARATORS = ("\t", ",", ";", "|")

_LAYERS_ABOVE = (2, 1)
"""How far the headers of cycles and of steps are above that of records."""

_LINES_AT_THE_TOP = 300
_FEWEST_COLUMNS = 3
_MAX_NAMED = 12
_MAX_NAME_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a text file.

    Attributes:
        export: What the file is.
        line: Number of the header line, from 0.
        fields: Its fields, without blanks around them; of a layered export, also those that other lines say of a
            record: cycle, step, type of the step.
        width: How many of them a line has.
        separator: Between them.
        columns: Those that are read.
        above: For a layered export the header lines of cycles and of steps; else empty.
    """

    export: Export
    line: int
    fields: list[str]
    separator: str
    columns: list[Column]
    width: int
    above: tuple[list[str], ...] = ()


def recognise(head: bytes, make: str | None = None, overrides: Sequence[Override] = ()) -> Header:
    """The header of a text file.

    Args:
        head: The first bytes of the file, `HEAD_BYTES` or all of it.
        make: Only exports of this make; `None`: any.
        overrides: Columns that are said to be something.

    Raises:
        SourceError: It is none of the exports: names the columns found, the nearest export and what that one misses.
            Or something is said about a column that it has not.
    """
    text = head.decode(encoding_of(head), "replace").removeprefix("\ufeff")
    if "\0" in text:
        raise SourceError("this is no text: export the file as text or CSV from the cycler's program.")
    lines = [line.rstrip("\r") for line in text.split("\n")][:_LINES_AT_THE_TOP]  # as `TextFile` counts them
    for number, line in enumerate(lines):
        header = _header(line, number, make, overrides)
        if header is not None:
            header = _with_layers(header, lines, overrides)
            _check_overrides(overrides, header.fields)
            return header
    raise _unrecognised(_likely_header(lines), make, overrides)


def recognise_columns(
    fields: Sequence[str], make: str | None = None, overrides: Sequence[Override] = ()
) -> tuple[Export, list[Column]]:
    """The export whose columns are called so, and those of them that are read.

    Raises:
        SourceError: As `recognise`.
    """
    found = _best(list(fields), make, overrides)
    if found is None:
        raise _unrecognised(list(fields), make, overrides)
    _check_overrides(overrides, fields)
    return found


def split_fields(line: str, separator: str) -> list[str]:
    """The fields of one line, without blanks or quotes around them; the line as one where it cannot be taken apart."""
    if '"' not in line:
        return [field.strip() for field in line.split(separator)]
    try:
        return [field.strip() for field in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:  # too long for a field, or a return in its middle
        return [line]


def _check_overrides(overrides: Sequence[Override], fields: Sequence[str]) -> None:
    """Refuse what is said about a column that is not there."""
    for one in overrides:
        if one.column not in fields:
            raise SourceError(f"map names a column {one.column[:60]!r}, but the file has {_named(list(fields))}.")


def _header(line: str, number: int, make: str | None, overrides: Sequence[Override]) -> Header | None:
    for separator in SEPARATORS:
        if line.count(separator) + 1 < _FEWEST_COLUMNS:
            continue
        fields = _without_empty_end(split_fields(line, separator))
        found = _best(fields, make, overrides)
        if found is not None:
            return Header(found[0], number, fields, separator, found[1], len(fields))
    return None


def _without_empty_end(fields: list[str]) -> list[str]:
    """Without what a separator at the end of the line makes."""
    last = max((place for place, field in enumerate(fields) if field), default=-1)
    return fields[: last + 1]


def _best(fields: list[str], make: str | None, overrides: Sequence[Override]) -> tuple[Export, list[Column]] | None:
    """The export that most of the columns belong to."""
    best: tuple[Export, list[Column]] | None = None
    for export in _candidates(make, overrides):
        columns = applied(overrides, export.find(fields), fields)
        if _fits(export, fields, columns) and (best is None or len(columns) > len(best[1])):
            best = export, columns
    return best


def _fits(export: Export, fields: Sequence[str], columns: Sequence[Column]) -> bool:
    found = {column.target for column in columns}
    return all(not found.isdisjoint(targets) for targets in export.needed()) and export.is_spelled_in(fields)


def _candidates(make: str | None, overrides: Sequence[Override]) -> list[Export]:
    known = [export for export in EXPORTS if make in (None, export.make)]
    if make is not None:  # the person knows: how the columns are spelled need not tell it
        known = [replace(export, spelled=".*") for export in known]
    return [*known, mapped_export(overrides)] if overrides else known


def _with_layers(header: Header, lines: Sequence[str], overrides: Sequence[Override]) -> Header:
    if header.export.make != NEWARE.make or header.fields[:2] != ["", ""] or header.line < len(_LAYERS_ABOVE):
        return header
    cycles, steps = (split_fields(lines[header.line - back], header.separator) for back in _LAYERS_ABOVE)
    if not cycles[0] or steps[0] or not any(steps[1:2]):
        return header
    state = next((steps[column.field] for column in NEWARE.find(steps) if column.target == "state"), "")
    fields = [*header.fields, cycles[0], steps[1], state]
    columns = applied(overrides, NEWARE_LAYERED.find(fields), fields)
    return replace(header, export=NEWARE_LAYERED, fields=fields, columns=columns, above=(cycles, steps))


def _unrecognised(found: list[str], make: str | None, overrides: Sequence[Override]) -> SourceError:
    missing = {export.title: _missing(export, found, overrides) for export in _candidates(make, ())}
    sizes: Mapping[str, float] = {
        export.title: len(missing[export.title]) / len(export.required) - len(export.find(found)) / 1000
        for export in _candidates(make, ())
    }
    nearest = min(sizes, key=lambda title: sizes[title])
    needs = f"would need {_named(missing[nearest])} as well" if missing[nearest] else "is spelled otherwise"
    return SourceError(
        f"this is no export that can be read: it has the columns {_named(found)}; nearest is the {nearest}, which "
        f"{needs}. Export the file again with these columns, or say what it is with make= (one of "
        f"{', '.join(makes())}) or map=COLUMN=NAME:UNIT."
    )


def _missing(export: Export, fields: list[str], overrides: Sequence[Override]) -> list[str]:
    said = {column.target for column in applied(overrides, [], fields)}
    return export.missing(fields, said)


def _likely_header(lines: Iterable[str]) -> list[str]:
    """Of the lines at the top the one with the most fields that are words, at whatever separator."""
    rows = [row for line in lines for row in _rows(line)]
    return max(rows, key=lambda row: sum(field[:1].isalpha() for field in row), default=[])


def _rows(line: str) -> Iterator[list[str]]:
    for separator in SEPARATORS:
        yield split_fields(line, separator)


def _named(names: list[str]) -> str:
    shown = [repr(name[:_MAX_NAME_CHARACTERS]) for name in names if name]
    more = len(shown) - _MAX_NAMED
    return (", ".join(shown[:_MAX_NAMED]) or "(none)") + (f" and {more} more" if more > 0 else "")

"""The begin of an export: what it is, where its rows begin, and what tells it from other files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.sources.base import SourceError
from pipelines.sources.file import is_packed, is_plain, open_file
from pipelines.sources.folder.warnings import about, warn_once
from pipelines.sources.url import SourceUrl

HEAD_BYTES = 64 * 1024
"""Header and first row of every export are within."""

IDENTIFYING_ROWS = 2
"""A file with fewer is not read yet: one row can be the same in many tests."""

_IDENTITY_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Head:
    """The begin of a text export, up to its first rows.

    Attributes:
        identity: Begin of the SHA-256 of the header line and the first rows: the same after the file was renamed,
            copied, or exported again with other titles above the header.
        size: How many bytes there are before the first row.
        content: These, and the first rows.
    """

    identity: str
    size: int
    content: bytes

    def is_of(self, path: Path) -> bool:
        """Whether the file still begins so."""
        with path.open("rb") as file:
            return file.read(len(self.content)) == self.content


def head_of(path: Path, file_settings: Mapping[str, str]) -> Head | None:
    """As `read_head`; the head that was found in this process before, as long as the file begins with it.

    A run opens its source anew every few minutes, and then has to know all files again.
    """
    key = path.absolute(), tuple(sorted(file_settings.items()))
    found = _found.get(key)
    if found is None or not found.is_of(path):
        found = read_head(path, file_settings)
        if found is not None:
            _found[key] = found
    return found


_found: dict[tuple[Path, tuple[tuple[str, str], ...]], Head] = {}


def read_head(path: Path, file_settings: Mapping[str, str]) -> Head | None:
    """The head of the file; `None` as long as it has too few rows.

    Args:
        path: Of the file.
        file_settings: As behind ``file://``.

    Raises:
        SourceError: It is no text export that can be read; says what to do.
        OSError: It is not there any more, or must not be read.
    """
    with path.open("rb") as file:
        begin = file.read(HEAD_BYTES)
    if is_packed(begin) or b"\0" in begin or not is_plain(begin):
        raise SourceError(
            "this is no text of lines that end in a line feed (it may be packed, or UTF-16): "
            "read it with file:// when the test has ended."
        )
    begin = begin[: begin.rfind(b"\n") + 1]
    if not begin.strip():
        return None
    lines = [line + b"\n" for line in begin.split(b"\n")[:-1]]
    rows = _count_rows(path, begin, file_settings)
    return _head(lines, len(lines) - rows) if rows >= IDENTIFYING_ROWS else None


def _head(lines: list[bytes], before: int) -> Head:
    first = lines[before : before + IDENTIFYING_ROWS]
    telling = b"".join([lines[before - 1], *first]).replace(b"\r", b"")
    identity = hashlib.sha256(telling).hexdigest()[:_IDENTITY_CHARACTERS]
    return Head(identity, sum(map(len, lines[:before])), b"".join(lines[:before] + first))


def _count_rows(path: Path, begin: bytes, file_settings: Mapping[str, str]) -> int:
    """How many rows of an export are below the header in its begin."""
    with TemporaryDirectory(prefix="chargetracker-") as directory:
        copy = Path(directory) / path.name
        copy.write_bytes(begin)
        with about(path, copy):
            opened = open_file(SourceUrl("file", str(copy), file_settings))
        for one in opened.warnings:
            warn_once(f"{path}: {one}")
        try:
            return opened.end(opened.partitions()[0])
        finally:
            opened.close()

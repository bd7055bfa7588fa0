"""How far a gateway is, in a small file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from pipelines.cli.verb import CommandError
from pipelines.whole_file import whole_file


class _Positions(msgspec.Struct, forbid_unknown_fields=True):
    """What the file says: where the readings come from, where they go, and the next offset of each partition."""

    source: str
    to: str
    next_offsets: dict[str, int]


class PositionFile:
    """Next offsets by partition, replaced in one piece: a crash leaves the old file or the new one."""

    def __init__(self, path: Path, source: str, to: str) -> None:
        """Name the file; it need not be there.

        Args:
            path: Of the file; its folder must be there.
            source: URL that the offsets belong to.
            to: URL that has everything below them.
        """
        self._path = path
        self._source = source
        self._to = to

    def read(self) -> dict[str, int]:
        """The offsets; none when there is no file.

        Raises:
            CommandError: It cannot be read, or belongs to another way.
        """
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=_Positions)
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError) as error:
            message = f"--position {self._path}: it cannot be read ({error}); take it away to begin anew."
            raise CommandError(message) from None
        if (found.source, found.to) != (self._source, self._to):
            message = (
                f"--position {self._path}: it belongs to {found.source} -> {found.to}; "
                "name another file for this source and topic."
            )
            raise CommandError(message)
        return found.next_offsets

    def write(self, next_offsets: Mapping[str, int]) -> None:
        """Replace what the file says."""
        with whole_file(self._path) as unfinished:
            unfinished.write_bytes(msgspec.json.encode(_Positions(self._source, self._to, dict(next_offsets))) + b"\n")

"""Which jars a server is made of: lists with checksums that are part of the program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar, to the byte.

    Attributes:
        coordinate: ``group:artifact:version`` or ``group:artifact:version:classifier``, as Maven names it.
        byte_size: Of the file.
        sha256: Of the file, in hexadecimal digits.
    """

    coordinate: str
    byte_size: int
    sha256: str

    @property
    def path(self) -> PurePosixPath:
        """Where a Maven repository has it."""
        group, artifact, version, *classifier = self.coordinate.split(":")
        name = "-".join([artifact, version, *classifier])
        return PurePosixPath(*group.split("."), artifact, version, f"{name}.jar")


def pinned_jars(name: str) -> tuple[Jar, ...]:
    """The jars of one list: ``kafka``, ``cassandra``, ..."""
    text = files("pipelines.servers").joinpath("jars", f"{name}.txt").read_text("utf-8")
    return tuple(_parsed(line) for line in text.splitlines() if line and not line.startswith("#"))


def listed(jars: Iterable[Jar]) -> str:
    """A list as `pinned_jars` reads it, in the order of the coordinates."""
    lines = sorted(f"{jar.coordinate} {jar.byte_size} {jar.sha256}\n" for jar in jars)
    return "# coordinate, bytes, SHA-256; made by: python -m pipelines.servers.pin\n" + "".join(lines)


def _parsed(line: str) -> Jar:
    coordinate, byte_size, sha256 = line.split()
    return Jar(coordinate, int(byte_size), sha256)

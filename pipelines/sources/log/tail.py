"""The newest messages of a partition, for a producer that goes on where it was."""

from __future__ import annotations

from pathlib import Path

from pipelines.sources.log.layout import segments


def last_messages(partition: Path, max_bytes: int) -> list[bytes]:
    """The last whole messages, oldest first, that fit into the last ``max_bytes`` of the partition.

    Empty lines are left out. A last message that is longer than ``max_bytes`` gives an empty list.
    """
    pieces: list[bytes] = []
    left = max_bytes
    for segment in reversed(segments(partition)):
        size = segment.path.stat().st_size
        pieces.append(_last_lines(segment.path, size, left))
        left -= size
        if left <= 0:
            break
    lines = (line.removesuffix(b"\r") for line in b"".join(reversed(pieces)).split(b"\n"))
    return [line for line in lines if line]


def _last_lines(path: Path, size: int, max_bytes: int) -> bytes:
    start = max(size - max_bytes, 0)
    with path.open("rb") as file:
        file.seek(max(start - 1, 0))
        data = file.read(size - file.tell())
    if start > 0:  # with the byte before, to see whether a line begins just there
        data = data.partition(b"\n")[2]
    return data[: data.rfind(b"\n") + 1]

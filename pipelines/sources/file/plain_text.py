"""Text files whose lines cannot be found by their bytes, as ones whose can: UTF-16, and lines that end in a lone CR."""

from __future__ import annotations

import codecs
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pipelines.sources.cyclers import encoding_of

_HEAD_BYTES = 64 * 1024
_BLOCK_BYTES = 1024 * 1024
_LONE_RETURN = re.compile(rb"\r(?![\r\n]|$)")


def is_plain(head: bytes) -> bool:
    """Whether a text file that begins so has lines that can be found by their bytes."""
    return not encoding_of(head).startswith("utf-16") and _LONE_RETURN.search(head) is None


def open_plain(path: Path) -> IO[bytes]:
    r"""The file, or a copy of it in UTF-8 with lines that end in ``\n``, where it is not written so.

    The copy goes when it is closed.

    Raises:
        OSError: The file cannot be read.
    """
    file = path.open("rb")
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    if is_plain(head):
        return file
    encoding = encoding_of(head)
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    with file:
        for text in _blocks(file, encoding):
            copy.write(text.encode())
    copy.seek(0)
    return copy


def _blocks(file: IO[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    held = ""
    while block := file.read(_BLOCK_BYTES):
        text = held + decoder.decode(block)
        held = "\r" if text.endswith("\r") else ""  # half of a \r\n, perhaps
        yield text.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n")
    yield (held + decoder.decode(b"", final=True)).replace("\r", "\n")

"""What a file is, by its first bytes; and its identity."""

from __future__ import annotations

import hashlib
from pathlib import Path

_BLOCK_BYTES = 1024 * 1024


def sha256_of(path: Path) -> str:
    """SHA-256 of the whole file, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def head_of(path: Path, size: int) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as file:
        return file.read(size)

"""What is said about a file once, however many parts of a pipeline look at it, and however often."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.sources.base import SourceError

_LOGGER = logging.getLogger(__name__)

_said: set[str] = set()


def warn_once(text: str) -> None:
    """Write a warning to the log, the first time in this process."""
    if text not in _said:
        _said.add(text)
        _LOGGER.warning("%s", text)


@contextmanager
def about(path: Path, copy: Path) -> Iterator[None]:
    """What is wrong with a copy is wrong with the file at ``path``.

    Raises:
        SourceError: As the block; of the file.
    """
    try:
        yield
    except SourceError as error:
        raise SourceError(str(error).replace(str(copy), str(path))) from None

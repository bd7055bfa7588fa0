"""What is said about a file once, however many parts of a pipeline look at it, and however often."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.sources.base import SourceError

_LOGGER = logging.getLogger(__name__)
_FILE_LOGGER = logging.getLogger("pipelines.sources.file.source")

_said: set[str] = set()


def warn_once(text: str) -> None:
    """Write a warning to the log, the first time in this process."""
    if text not in _said:
        _said.add(text)
        _LOGGER.warning("%s", text)


@contextmanager
def about(path: Path, copy: Path) -> Iterator[None]:
    """What `file://` says of a copy while the block runs is said of the file at ``path``, and once.

    Raises:
        SourceError: As the block; of the file, too.
    """

    def say(record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if str(copy) not in text:  # of another file, which another thread reads
            return True
        warn_once(text.replace(str(copy), str(path)))
        return False

    _FILE_LOGGER.addFilter(say)
    try:
        yield
    except SourceError as error:
        raise SourceError(str(error).replace(str(copy), str(path))) from None
    finally:
        _FILE_LOGGER.removeFilter(say)

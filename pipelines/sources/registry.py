"""Which kinds of source there are. Each opener imports its own libraries, so that nobody pays for the others."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.sources.base import Source, SourceError
from pipelines.sources.url import SourceUrl, parse_url

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of source.

    Attributes:
        form: How its URL is written, for people.
        open: Opens it.
    """

    form: str
    open: Callable[[SourceUrl], Source]


def _open_log(url: SourceUrl) -> Source:
    from pipelines.sources.log import LogSource

    url.refuse_unknown(())
    return LogSource(Path(url.path))


def _open_file(url: SourceUrl) -> Source:
    from pipelines.sources.file import open_file

    opened = open_file(url)
    for warning in opened.warnings:
        _LOGGER.warning("%s: %s", url.path, warning)
    return opened


def _open_folder(url: SourceUrl) -> Source:
    from pipelines.sources.folder import open_folder

    return open_folder(url)


def _open_kafka(url: SourceUrl) -> Source:
    from pipelines.sources.kafka.source import open_kafka

    return open_kafka(url)


SCHEMES = {
    "log": Scheme("log://DIR", _open_log),
    "file": Scheme("file://PATH", _open_file),
    "folder": Scheme("folder://PATH", _open_folder),
    "kafka": Scheme("kafka://HOST:PORT/TOPIC", _open_kafka),
}
"""By the word before ``://``."""


def open_source(url: str) -> Source:
    """The source at ``url``: what is written behind ``--source``.

        log://DIR
        file://PATH?battery=ID&make=MAKE&group=G&test=ID&timezone=ZONE
        folder://PATH?files=GLOB&battery=ID&pattern=REGEX and the settings of file:// but battery
        kafka://HOST:PORT[,HOST:PORT...]/TOPIC?group=CONSUMER_GROUP

    The path of the first three is a plain one, relative or absolute (``log:///srv/log``, ``file://../data/x.078``).

    Raises:
        SourceError: It cannot be opened; the message says what to do.
    """
    parsed = parse_url(url)
    scheme = SCHEMES.get(parsed.scheme)
    if scheme is None:
        forms = ", ".join(known.form for known in SCHEMES.values())
        raise SourceError(f"there is no source {parsed.scheme}://: use one of {forms}.")
    return scheme.open(parsed)

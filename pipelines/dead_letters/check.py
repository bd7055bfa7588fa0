"""Whether a run can publish its dead letters, found out before it starts."""

from __future__ import annotations

from pipelines.sources import SourceError, open_source
from pipelines.sources.kafka.connection import SCHEME, parse_topic
from pipelines.sources.url import parse_url


def check_dead_letter_topic(url: str, source_url: str) -> None:
    """Refuse what cannot work.

    Raises:
        SourceError: The URL is no topic's, there is no such topic, its brokers do not answer, or it is the source.
    """
    address, source = parse_topic(url), parse_url(source_url)
    servers, _, topic = source.path.partition("/")
    if source.scheme == SCHEME and topic == address.topic and not set(servers.split(",")).isdisjoint(address.bootstrap):
        raise SourceError(
            f"--dead-letters {url}: that is the source itself, and what is refused there would be read and refused "
            "again for ever: use another topic."
        )
    open_source(address.url).close()

"""Dead letters of a run, to a topic of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipelines.dead_letters.message import letter_message
from pipelines.dead_letters.target import KAFKA, Target, open_target
from pipelines.sources import SourceError
from pipelines.sources.url import SourceUrl, parse_url
from schemas import DeadLetter
from schemas.dead_letter import MAX_PAYLOAD_BYTES


class Publisher:
    """Connects when there is something to publish, so that a run without dead letters never waits for the topic."""

    def __init__(self, url: str, source_url: str, connect: Callable[[str], Target] = open_target) -> None:
        """Nothing happens yet.

        Args:
            url: ``kafka://HOST:PORT/TOPIC``, where the letters go.
            source_url: Where their messages come from.
            connect: Opens ``url``.
        """
        self._url = url
        self._topic = _topic_name(parse_url(source_url))
        self._connect = connect
        self._target: Target | None = None

    def publish(self, letters: Sequence[DeadLetter]) -> None:
        """Afterwards all of them are in the topic, on all in-sync replicas; maybe more than once.

        What is larger than the topic allows is cut; the letter tells its true size.

        Raises:
            SourceAwayError: The topic does not answer; some of the letters may be there.
            SourceError: Its brokers refuse.
        """
        if self._target is None and letters:
            self._target = self._connect(self._url)
        try:
            while letters and self._target is not None:
                messages = [letter_message(letter, self._topic, self._target.partitions) for letter in letters]
                letters = [_smaller(letters[number]) for number in self._target.send(messages)]
        except SourceError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the connections; the next `publish` makes new ones."""
        target, self._target = self._target, None
        if target is not None:
            target.close()


def _topic_name(source: SourceUrl) -> str:
    return source.path.partition("/")[2] if source.scheme == KAFKA else f"{source.scheme}://{source.path}"


def _smaller(letter: DeadLetter) -> DeadLetter:
    """The letter for a topic that does not take it as it is: half of it, at last without what is beside its content."""
    if len(letter.payload) > MAX_PAYLOAD_BYTES:
        return letter._replace(payload=letter.payload[: len(letter.payload) // 2])
    if letter.key or letter.headers:
        return letter._replace(key=b"", headers=b"")
    raise SourceError("the dead letter topic takes no messages of 8 kB: set its max.message.bytes higher.")

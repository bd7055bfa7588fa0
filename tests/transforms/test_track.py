"""The order in which a bundle is written: nothing is acknowledged before all that it left behind is kept."""

import pytest
from apache_beam.utils.timestamp import Timestamp

from pipelines.analytics import Settings
from pipelines.sources import SourceAwayError
from pipelines.storage import open_store
from pipelines.transforms import folding as module
from pipelines.transforms.track import Track
from schemas import DeadLetterChunk, Position, encode_chunk
from tests.dead_letters.letters import a_letter
from tests.oracle.generators import a_chunk
from tests.transforms.test_refuse import with_poison


class Cell:
    """One state cell."""

    def __init__(self):
        self.value = None

    def read(self):
        return self.value

    def write(self, value):
        self.value = value


@pytest.fixture
def published(monkeypatch):
    """What the topic was given; raises what is put into it as an error."""
    letters = []

    class Publisher:
        def __init__(self, url, source_url):
            assert (url, source_url) == ("kafka://h:1/dead", "log://x")

        def publish(self, some):
            if letters == ["away"]:
                raise SourceAwayError("away")
            letters.extend(some)

        def close(self):
            pass

    monkeypatch.setattr(module, "Publisher", Publisher)
    return letters


@pytest.fixture
def store(tmp_path):
    opened = open_store(f"memory://{tmp_path}", create=True)
    opened.init()
    return opened


def bundle(store_url, *chunks, topic="kafka://h:1/dead"):
    """Acknowledgements of one bundle with these chunks, each on a cold worker."""
    track = Track(store_url, 1, Settings(), topic, "log://x")
    track.setup()
    track.start_bundle()
    for chunk in chunks:
        track.process(("key", encode_chunk(chunk)), Cell(), Timestamp(0))
    acknowledged = list(track.finish_bundle())
    track.teardown()
    return acknowledged


def letters_chunk(*letters):
    return DeadLetterChunk(Position("p0", 0, 1, 0, 1), letters)


def test_the_topic_gets_letters_whole_and_the_store_their_beginning(published, store, tmp_path):
    long = a_letter(b"x" * 5000)
    assert len(bundle(f"memory://{tmp_path}", letters_chunk(long))) == 1
    assert published == [long]
    assert store.dead_letters() == [long._replace(payload=b"x" * 4096)]


def test_without_a_topic_the_store_gets_them(store, tmp_path):
    bundle(f"memory://{tmp_path}", letters_chunk(a_letter()), topic=None)
    assert store.dead_letters() == [a_letter()]


def test_a_topic_that_is_away_fails_the_bundle_and_loses_no_letter_of_the_analysis(published, store, tmp_path):
    """Once a snapshot holds a reading, the reading makes no letter any more: the topic has to come first."""
    poisoned = with_poison(a_chunk(test_time_second=[1.0, 2.0, 3.0]), [1])
    published.append("away")
    with pytest.raises(SourceAwayError):
        bundle(f"memory://{tmp_path}", poisoned)
    assert store.totals().readings == 0
    published.clear()
    assert len(bundle(f"memory://{tmp_path}", poisoned)) == 1
    assert [letter.reason for letter in published] == ["refused_by_analysis"]
    assert (store.totals().readings, store.totals().dead_letters) == (2, 1)

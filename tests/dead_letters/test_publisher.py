"""Dead letters of a run reach their topic, whole as far as it takes them."""

import pytest

from pipelines.dead_letters import Publisher
from pipelines.dead_letters.message import letter_of
from pipelines.sources import SourceAwayError, SourceError
from schemas.dead_letter import encode_headers
from tests.dead_letters.letters import MemoryTopic, a_letter, with_everything

KAFKA = "kafka://127.0.0.1:1/dead"


def published(*letters, topic=None, source="kafka://h:1,g:2/battery_data?group=x"):
    topic = topic or MemoryTopic()
    Publisher(KAFKA, source, lambda url: topic.as_target()).publish(letters)
    return topic.messages()


def test_without_letters_there_is_no_connection():
    def connect(url):
        raise AssertionError

    publisher = Publisher(KAFKA, "log://readings", connect)
    publisher.publish([])
    publisher.close()


@pytest.mark.parametrize(
    ("source", "topic"),
    [("kafka://h:1,g:2/battery_data?group=x", b"battery_data"), ("log://data/readings", b"log://data/readings")],
)
def test_a_letter_names_the_topic_it_was_in_or_the_source(source, topic):
    (message,) = published(a_letter(), source=source)
    assert dict(message.headers)["chargetracker-topic"] == topic


def test_a_letter_is_published_whole_whatever_the_store_keeps():
    letter = a_letter(b"x" * 1_000_000)
    (message,) = published(letter)
    assert letter_of(message.value, message.headers) == letter


def test_a_letter_that_is_too_large_for_the_topic_is_cut_and_tells_its_true_size():
    small, large = a_letter(offset=1), a_letter(b"x" * 100_000, offset=2)
    messages = published(small, large, topic=MemoryTopic(largest_bytes=30_000))
    found = [letter_of(message.value, message.headers) for message in messages]
    # 100,000 halved until it and some 300 bytes of headers are below 30,000: 50,000, 25,000.
    assert found == [small, large._replace(payload=b"x" * 25_000)]
    assert found[1].payload_size == 100_000


def test_headers_that_are_too_large_for_the_topic_are_left_out():
    letter = with_everything()._replace(headers=encode_headers([("h", b"x" * 50_000)]))
    (message,) = published(letter, topic=MemoryTopic(largest_bytes=30_000))
    assert letter_of(message.value, message.headers) == letter._replace(key=b"", headers=b"")


def test_a_topic_that_takes_next_to_nothing_is_an_error_that_says_so():
    with pytest.raises(SourceError, match=r"max\.message\.bytes"):
        published(a_letter(), topic=MemoryTopic(largest_bytes=10))


def test_after_a_failure_the_next_letters_take_a_new_connection():
    class Away(MemoryTopic):
        def send(self, messages):
            raise SourceAwayError("away")

    away, there = Away(), MemoryTopic()
    connections = [there, away]
    publisher = Publisher(KAFKA, "log://x", lambda url: connections.pop().as_target())
    with pytest.raises(SourceAwayError):
        publisher.publish([a_letter()])
    assert away.closed == 1
    publisher.publish([a_letter()])
    publisher.publish([a_letter(offset=18)])
    assert len(there.messages()) == 2
    publisher.close()
    assert there.closed == 1

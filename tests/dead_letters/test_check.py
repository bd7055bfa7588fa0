"""A run that could not publish its dead letters is refused before it starts."""

import pytest

from pipelines.dead_letters.check import check_dead_letter_topic
from pipelines.sources import SourceAwayError, SourceError

NOBODY = "kafka://127.0.0.1:1"


@pytest.mark.parametrize("url", ["log://dead", "kafka://h/t", "kafka://h:1/", "dead"])
def test_only_a_topic_will_do(url):
    with pytest.raises(SourceError):
        check_dead_letter_topic(url, "log://readings")


def test_the_source_is_no_place_for_its_dead_letters():
    with pytest.raises(SourceError, match="the source itself"):
        check_dead_letter_topic("kafka://h:1/t", "kafka://g:1,h:1/t?group=x")


@pytest.mark.parametrize("source", ["log://t", f"{NOBODY}/readings", "kafka://127.0.0.1:2/t"])
def test_brokers_that_do_not_answer_are_found_out(source):
    with pytest.raises(SourceAwayError):
        check_dead_letter_topic(f"{NOBODY}/t", source)

import pytest

from pipelines.cli.publisher import open_publisher
from pipelines.cli.verb import CommandError
from pipelines.sources import SourceError


@pytest.mark.parametrize("url", ["log://", "readings", "sqlite:///m.db"])
def test_only_a_log_or_a_topic_can_be_written_to(url):
    with pytest.raises(CommandError, match=f"--to {url}: .*log://DIR.*kafka://HOST:PORT/TOPIC"):
        open_publisher(url, None)


@pytest.mark.parametrize("url", ["kafka://", "kafka://host/topic", "kafka://host:9092", "kafka://host:9092/a/b"])
def test_how_a_topic_is_written_is_said(url):
    with pytest.raises(SourceError):
        open_publisher(url, None)


def test_a_topic_is_not_kept_below_a_size():
    with pytest.raises(CommandError, match="--log-retention-mb 5: a topic has its own retention"):
        open_publisher("kafka://127.0.0.1:9092/readings", 5.0)

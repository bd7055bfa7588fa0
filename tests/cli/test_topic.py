import pytest
from typer.testing import CliRunner

from pipelines.cli.main import app
from pipelines.sources.kafka import KafkaSource, parse_topic
from tests.sources.kafka.topics import admin_of, send


def topic(*arguments, answer=None):
    return CliRunner().invoke(app, ["topic", *arguments], input=answer)


@pytest.fixture
def url(kafka, request):
    return f"kafka://{kafka}/{request.node.name.replace('[', '-').replace(']', '')}"


def identity_of(url):
    source = KafkaSource(parse_topic(url))
    try:
        return source.partitions()
    finally:
        source.close()


@pytest.mark.servers
def test_on_one_broker_a_topic_has_one_replica_and_that_is_said_aloud(url):
    result = topic("init", url)
    assert result.exit_code == 0, result.output
    assert "One broker only: replication 1." in result.stderr
    assert "ready (6 partitions, 1 replicas, 1 must acknowledge, kept for 168 h, compression zstd)" in result.stdout
    assert len(identity_of(url)) == 6


@pytest.mark.servers
def test_a_topic_that_is_there_is_left_alone_and_its_differences_are_said(url):
    topic("init", url, "--partitions", "2", "--retention-hours", "0")
    before = identity_of(url)
    again = topic("init", url, "--partitions", "2", "--retention-hours", "0")
    assert again.stdout == (
        f"{url}: there already (2 partitions, 1 replicas, 1 must acknowledge, kept for ever, compression zstd).\n"
    )
    other = topic("init", url, "--compression", "lz4")
    assert "It differs: 2 partitions, not 6 partitions; kept for ever, not kept for 168 h; compression zstd, not" in (
        other.stdout
    )
    assert other.exit_code == 0
    assert identity_of(url) == before


@pytest.mark.servers
def test_reset_asks_and_makes_an_empty_topic_like_the_one_before(url):
    topic("init", url, "--partitions", "2", "--compression", "gzip")
    before = identity_of(url)
    send(parse_topic(url), [(b"k", b"v")])
    assert topic("reset", url, answer="n\n").exit_code == 1
    assert identity_of(url) == before
    result = topic("reset", url, answer="y\n")
    assert "ready (2 partitions, 1 replicas, 1 must acknowledge, kept for 168 h, compression gzip)" in result.stdout
    assert len(identity_of(url)) == 2
    assert not set(identity_of(url)) & set(before)
    source = KafkaSource(parse_topic(url))
    assert [source.end(partition) for partition in source.partitions()] == [0, 0]
    source.close()
    assert "ready (3 partitions" in topic("reset", url, "--yes", "--partitions", "3").stdout


@pytest.mark.servers
def test_more_replicas_than_brokers_are_refused_before_anything_is_thrown_away(url):
    topic("init", url)
    before = identity_of(url)
    for verb in (["init"], ["reset", "--yes"]):
        result = topic(*verb, url, "--replication", "2")
        assert result.exit_code == 1
        assert "2 replicas need as many brokers, there are 1: say --replication 1." in result.stderr
    assert identity_of(url) == before


@pytest.mark.servers
def test_on_three_brokers_two_must_acknowledge(kafka3, request):
    url = f"kafka://{kafka3.bootstrap}/{request.node.name}"
    assert "3 replicas, 2 must acknowledge" in topic("init", url).stdout
    with admin_of(parse_topic(url)) as admin:
        found = admin.describe_topics([parse_topic(url).topic])[0]["partitions"]
    assert [len(partition["isr_nodes"]) for partition in found] == [3] * 6


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("kafka://127.0.0.1:1/t", "Kafka at 127.0.0.1:1 does not answer"),
        ("log://readings", "a topic is written kafka://HOST:PORT"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(url, told):
    result = topic("init", url)
    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stderr.count("\n") == 1

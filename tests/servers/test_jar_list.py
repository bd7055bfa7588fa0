from pathlib import PurePosixPath

import pytest

from pipelines.servers.jar_list import Jar, listed, pinned_jars
from pipelines.servers.versions import ROOTS


def test_a_jar_lies_where_a_maven_repository_has_it():
    assert Jar("org.apache.kafka:kafka_2.13:4.4.0", 1, "0").path == PurePosixPath(
        "org/apache/kafka/kafka_2.13/4.4.0/kafka_2.13-4.4.0.jar"
    )
    assert Jar("io.netty:epoll:4.1:linux-x86_64", 1, "0").path == PurePosixPath(
        "io/netty/epoll/4.1/epoll-4.1-linux-x86_64.jar"
    )


@pytest.mark.parametrize("name", ROOTS)
def test_the_lists_hold_what_was_asked_for_and_each_jar_once(name):
    jars = pinned_jars(name)
    coordinates = [jar.coordinate for jar in jars]
    assert set(ROOTS[name]) <= set(coordinates)
    without_version = [(group, artifact, *rest) for group, artifact, _, *rest in (c.split(":") for c in coordinates)]
    assert len(set(without_version)) == len(jars)


@pytest.mark.parametrize("name", ROOTS)
def test_each_pinned_jar_has_a_size_and_a_sha_256(name):
    assert all(jar.byte_size > 0 and len(bytes.fromhex(jar.sha256)) == 32 for jar in pinned_jars(name))


def test_kafka_logs_through_the_binding_of_its_own_slf4j():
    names = [jar.coordinate for jar in pinned_jars("kafka")]
    assert any(name.startswith("org.slf4j:slf4j-api:1.7.") for name in names)
    assert any(":log4j-slf4j-impl:" in name for name in names)


def test_a_written_list_is_the_pinned_one():
    text = listed(reversed(pinned_jars("kafka")))
    lines = [line.split() for line in text.splitlines()[1:]]
    assert lines == sorted(lines)
    assert [Jar(c, int(b), s) for c, b, s in lines] == list(pinned_jars("kafka"))

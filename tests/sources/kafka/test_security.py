"""Logins and encryption, against a broker that asks for them."""

import logging

import pytest

from pipelines.cli.kafka_publisher import KafkaPublisher
from pipelines.sources import SourceError
from pipelines.sources.kafka import KafkaSource, TopicAddress
from tests.sources.kafka.topics import messages_of, new_topic, read_on

pytestmark = [pytest.mark.servers, pytest.mark.timeout(120)]

PREFIX = "CHARGETRACKER_KAFKA_"


@pytest.fixture
def plain(kafka_secured):
    """A topic, made where nobody is asked for anything."""
    return new_topic(kafka_secured.bootstrap)


def with_settings(monkeypatch, **settings):
    for name, value in settings.items():
        monkeypatch.setenv(PREFIX + name, value)


def round_trip(address):
    with KafkaPublisher(address) as publisher:
        publisher.publish(0, b"k", [b"1", b"2"])
    source = KafkaSource(address)
    try:
        return messages_of(read_on(source, source.partitions()[0], 0, 2))
    finally:
        source.close()


def test_who_has_the_password_is_let_in(kafka_secured, plain, monkeypatch):
    with_settings(
        monkeypatch,
        SECURITY_PROTOCOL="SASL_PLAINTEXT",
        USERNAME=kafka_secured.user,
        PASSWORD=kafka_secured.password,
    )
    assert round_trip(TopicAddress((kafka_secured.sasl_bootstrap,), plain.topic)) == [b"1", b"2"]


def test_a_wrong_password_is_said_and_not_shown(kafka_secured, plain, monkeypatch, caplog):
    with_settings(monkeypatch, SECURITY_PROTOCOL="SASL_PLAINTEXT", USERNAME="tester", PASSWORD="canary-17")
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SourceError, match=r"check .*SASL_MECHANISM, .*USERNAME and .*PASSWORD") as refused:
        KafkaSource(TopicAddress((kafka_secured.sasl_bootstrap,), plain.topic))
    assert "canary-17" not in str(refused.value) + caplog.text


def test_a_broker_with_tls_is_read_when_its_certificate_is_trusted(kafka_secured, plain, monkeypatch):
    with_settings(monkeypatch, SECURITY_PROTOCOL="SSL", CA_FILE=kafka_secured.ca_file)
    assert round_trip(TopicAddress((kafka_secured.tls_bootstrap,), plain.topic)) == [b"1", b"2"]


def test_a_certificate_that_nobody_vouches_for_is_said(kafka_secured, plain, monkeypatch):
    with_settings(monkeypatch, SECURITY_PROTOCOL="SSL")
    with pytest.raises(SourceError, match=r"certificate .*CHARGETRACKER_KAFKA_CA_FILE"):
        KafkaSource(TopicAddress((kafka_secured.tls_bootstrap,), plain.topic))


def test_a_plain_line_to_a_port_that_asks_for_tls_or_a_login_is_refused_soon(kafka_secured, plain):
    for bootstrap in (kafka_secured.sasl_bootstrap, kafka_secured.tls_bootstrap):
        with pytest.raises(SourceError, match=r"check CHARGETRACKER_KAFKA_SECURITY_PROTOCOL \(PLAINTEXT now\)"):
            KafkaSource(TopicAddress((bootstrap,), plain.topic))

"""The properties of a Kafka node, as text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines.servers.certificate import Certificate
from pipelines.servers.readiness import LOOPBACK
from pipelines.servers.settings import KafkaSettings

PORTS_APART = 10
CONTROLLER_OFFSET, SASL_OFFSET, TLS_OFFSET = 1, 2, 3


def broker_port(settings: KafkaSettings, number: int) -> int:
    """Of a node; they are counted from 1."""
    return settings.port + PORTS_APART * (number - 1)


def controllers(settings: KafkaSettings) -> list[str]:
    """Addresses of all controllers, in the order of the nodes."""
    ports = (broker_port(settings, number + 1) + CONTROLLER_OFFSET for number in range(settings.nodes))
    return [f"{LOOPBACK}:{port}" for port in ports]


def replication(nodes: int) -> dict[str, str]:
    """How often messages are kept, and how many copies a write waits for; the same for Kafka's own topics."""
    copies, in_sync = str(nodes), str(min(2, nodes))
    return {
        "auto.create.topics.enable": "false",
        "default.replication.factor": copies,
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": "3",
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": in_sync,
        "transaction.state.log.num.partitions": "3",
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": in_sync,
        "share.coordinator.state.topic.num.partitions": "3",
    }


PATIENCE = {
    # A consumer group of one has nobody to wait for; tests use short sessions.
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # A broker that was killed is noticed after 4 s, not 9 s.
    "broker.session.timeout.ms": "4000",
    "broker.heartbeat.interval.ms": "500",
}


def properties(settings: KafkaSettings, number: int, data: Path, certificate: Certificate | None) -> dict[str, str]:
    """All of a node's, except its passwords' place in a file that only its owner can read."""
    return {
        "process.roles": "broker,controller",
        "node.id": str(number),
        "controller.quorum.bootstrap.servers": ",".join(controllers(settings)),
        "controller.listener.names": "CONTROLLER",
        "log.dirs": str(data),
        **_listeners(settings, number),
        **replication(settings.nodes),
        **PATIENCE,
        **(_tls(certificate) if certificate else {}),
        **(_SASL if settings.sasl else {}),
    }


def written(values: Mapping[str, str]) -> str:
    """As Java reads a properties file."""
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _listeners(settings: KafkaSettings, number: int) -> dict[str, str]:
    port = broker_port(settings, number)
    listeners = {"PLAINTEXT": port, "CONTROLLER": port + CONTROLLER_OFFSET}
    protocols = {"PLAINTEXT": "PLAINTEXT", "CONTROLLER": "PLAINTEXT"}
    if settings.sasl:
        listeners["SASL"], protocols["SASL"] = port + SASL_OFFSET, "SASL_PLAINTEXT"
    if settings.tls:
        listeners["TLS"], protocols["TLS"] = port + TLS_OFFSET, "SSL"
    return {
        "listeners": ",".join(f"{name}://{LOOPBACK}:{number}" for name, number in listeners.items()),
        "listener.security.protocol.map": ",".join(f"{name}:{protocol}" for name, protocol in protocols.items()),
    }


_SASL = {
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "listener.name.sasl.scram-sha-512.sasl.jaas.config": (
        "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    ),
}


def _tls(certificate: Certificate) -> dict[str, str]:
    return {
        "ssl.keystore.type": "PKCS12",
        "ssl.keystore.location": str(certificate.keystore),
        "ssl.keystore.password": certificate.password,
        "ssl.key.password": certificate.password,
    }

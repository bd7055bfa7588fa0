from dataclasses import replace
from pathlib import Path
from uuid import UUID

from pipelines.servers.certificate import Certificate
from pipelines.servers.kafka import KafkaNode
from pipelines.servers.kafka_properties import properties, written
from pipelines.servers.server import Launch
from pipelines.servers.settings import KafkaSettings

ONE = KafkaSettings()
THREE = KafkaSettings(port=19092, nodes=3)
CLUSTER = UUID(int=1)
LAUNCH = Launch(Path("/java/bin/java"), (Path("/jars/a.jar"), Path("/jars/b.jar")))


def of(settings, number=1, certificate=None):
    return properties(settings, number, Path("/d/data"), certificate)


def test_one_node_is_broker_and_controller_on_loopback_only():
    values = of(ONE)
    assert values["process.roles"] == "broker,controller"
    assert values["listeners"] == "PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093"
    assert values["controller.quorum.bootstrap.servers"] == "127.0.0.1:9093"
    assert values["default.replication.factor"] == values["min.insync.replicas"] == "1"


def test_three_nodes_know_each_other_and_keep_three_copies_of_which_two_are_waited_for():
    values = of(THREE, number=2)
    assert values["node.id"] == "2"
    assert values["listeners"] == "PLAINTEXT://127.0.0.1:19102,CONTROLLER://127.0.0.1:19103"
    assert values["controller.quorum.bootstrap.servers"] == "127.0.0.1:19093,127.0.0.1:19103,127.0.0.1:19113"
    assert values["default.replication.factor"] == values["offsets.topic.replication.factor"] == "3"
    assert values["min.insync.replicas"] == values["transaction.state.log.min.isr"] == "2"


def test_topics_are_made_by_people_only():
    assert of(ONE)["auto.create.topics.enable"] == "false"


def test_logins_and_tls_have_listeners_of_their_own():
    certificate = Certificate(Path("/d/keystore.p12"), "secret", Path("/d/certificate.pem"))
    values = of(replace(ONE, sasl=True, tls=True), certificate=certificate)
    assert values["listeners"].endswith(",SASL://127.0.0.1:9094,TLS://127.0.0.1:9095")
    assert values["listener.security.protocol.map"].endswith(",SASL:SASL_PLAINTEXT,TLS:SSL")
    assert values["sasl.enabled.mechanisms"] == "SCRAM-SHA-512"
    assert values["ssl.keystore.location"] == "/d/keystore.p12"


def test_without_security_nothing_is_said_of_it():
    assert not [name for name in of(ONE) if name.startswith(("ssl.", "sasl."))]


def test_properties_are_a_line_each():
    assert written({"a": "1", "b.c": "x=y"}) == "a=1\nb.c=x=y\n"


def test_the_ports_of_a_node_are_named_for_people():
    node = KafkaNode("kafka", replace(ONE, sasl=True, tls=True), 1, CLUSTER)
    assert [(port.number, port.for_clients) for port in node.ports] == [
        (9092, True),
        (9093, False),
        (9094, True),
        (9095, True),
    ]
    assert {port.flag for port in node.ports} == {"--kafka-port"}


def test_nodes_are_called_after_their_set():
    assert KafkaNode("kafka", ONE, 1, CLUSTER).name == "kafka"
    assert [KafkaNode("kafka3", THREE, number, CLUSTER).name for number in (1, 3)] == ["kafka3-1", "kafka3-3"]


def test_the_command_has_the_mark_and_the_memory_and_the_environment_the_jars():
    node = KafkaNode("kafka", replace(ONE, memory="256m"), 1, CLUSTER)
    command = node.command(Path("/d"), LAUNCH, "-Dmark")
    assert command[0] == "/java/bin/java"
    assert {"-Dmark", "-Xmx256m"} < set(command)
    assert command[-2:] == ["kafka.Kafka", "/d/server.properties"]
    assert LAUNCH.environment == {"CLASSPATH": "/jars/a.jar:/jars/b.jar"}

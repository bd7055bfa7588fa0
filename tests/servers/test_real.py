"""The real servers, as the fixtures of the test run start them."""

import ssl

import psutil
import pytest
from cassandra import AuthenticationFailed
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster, NoHostAvailable
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

pytestmark = pytest.mark.servers

TOPIC = "test_real"
ONE_COPY = "{'class': 'SimpleStrategy', 'replication_factor': 1}"


@pytest.fixture
def topic(kafka3):
    """With a copy on each of three brokers."""
    admin = KafkaAdminClient(bootstrap_servers=kafka3.bootstrap)
    admin.create_topics([NewTopic(TOPIC, 6, 3)])
    yield TOPIC
    admin.delete_topics([TOPIC])
    admin.close()


def read_all(bootstrap, topic, count):
    consumer = KafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", consumer_timeout_ms=30_000
    )
    values = [message.value for message, _ in zip(consumer, range(count), strict=False)]
    consumer.close()
    return values


def test_three_brokers_lose_nothing_when_one_is_killed_and_comes_back(kafka3, topic):
    producer = KafkaProducer(bootstrap_servers=kafka3.bootstrap, acks="all")
    sent = [b"%d" % number for number in range(300)]
    promises = []
    for number, value in enumerate(sent):
        if number == 100:
            kafka3.kill(kafka3.nodes[1])
        promises.append(producer.send(topic, value, partition=number % 6))
    for promise in promises:
        promise.get(timeout=60)
    producer.close()
    kafka3.up()
    assert sorted(read_all(kafka3.bootstrap, topic, 300)) == sorted(sent)


def test_all_that_listens_listens_on_loopback(kafka3, cassandra):
    processes = [kafka3.process_id(node) for node in kafka3.nodes] + [cassandra.process_id("cassandra")]
    addresses = {
        connection.laddr.ip.removeprefix("::ffff:")
        for number in processes
        for connection in psutil.Process(number).net_connections()
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


def test_a_paused_node_is_silent_and_goes_on_afterwards(cassandra):
    cassandra.pause()
    assert cassandra.state() == "silent"
    cassandra.resume()
    cassandra.up()
    assert cassandra.state() == "ready"


def test_cassandra_keeps_an_acknowledged_write_when_it_is_killed(cassandra):
    session = connected(cassandra)
    session.execute(f"CREATE KEYSPACE IF NOT EXISTS test_real WITH replication = {ONE_COPY}")
    session.execute("CREATE TABLE IF NOT EXISTS test_real.kept (k int PRIMARY KEY)")
    for number in range(100):
        session.execute("INSERT INTO test_real.kept (k) VALUES (%s)", (number,))
    session.cluster.shutdown()
    cassandra.kill("cassandra")
    cassandra.up()
    session = connected(cassandra)
    assert {row.k for row in session.execute("SELECT k FROM test_real.kept")} == set(range(100))
    session.execute("DROP KEYSPACE test_real")
    session.cluster.shutdown()


def connected(cassandra, **more):
    host, port = cassandra.address.split(":")
    return Cluster([host], port=int(port), **more).connect()


def test_kafka_takes_logins_at_a_port_of_their_own(kafka_secured):
    admin = KafkaAdminClient(
        bootstrap_servers=kafka_secured.sasl_bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=kafka_secured.user,
        sasl_plain_password=kafka_secured.password,
    )
    assert admin.describe_cluster()["brokers"][0]["port"] == int(kafka_secured.sasl_bootstrap.split(":")[1])
    admin.close()


def test_kafka_takes_tls_with_a_certificate_of_this_machine(kafka_secured):
    admin = KafkaAdminClient(
        bootstrap_servers=kafka_secured.tls_bootstrap, security_protocol="SSL", ssl_cafile=kafka_secured.ca_file
    )
    assert admin.describe_cluster()["brokers"][0]["port"] == int(kafka_secured.tls_bootstrap.split(":")[1])
    admin.close()


def test_the_users_password_is_in_no_file_of_the_server(kafka_secured):
    secret = kafka_secured.password.encode()
    assert [file for file in kafka_secured.folder.rglob("*") if file.is_file() and secret in file.read_bytes()] == []


def test_cassandra_takes_the_right_password_over_tls_and_no_other(cassandra_secured):
    context = ssl.create_default_context(cafile=cassandra_secured.ca_file)
    tls = {"ssl_context": context, "ssl_options": {"server_hostname": "127.0.0.1"}}
    right = PlainTextAuthProvider(cassandra_secured.user, cassandra_secured.password)
    session = connected(cassandra_secured, auth_provider=right, **tls)
    assert session.execute("SELECT release_version FROM system.local").one()[0].startswith("5.0")
    session.cluster.shutdown()
    with pytest.raises(NoHostAvailable) as refused:
        connected(cassandra_secured, auth_provider=PlainTextAuthProvider(cassandra_secured.user, "wrong"), **tls)
    assert isinstance(next(iter(refused.value.errors.values())), AuthenticationFailed)

import pytest

from pipelines.sources import SourceError
from pipelines.sources.kafka import TopicAddress, client_settings, parse_topic

PREFIX = "CHARGETRACKER_KAFKA_"
CANARY = "canary-17-secret"


@pytest.mark.parametrize(
    ("url", "servers", "topic"),
    [
        ("kafka://localhost:9092/battery_data", ("localhost:9092",), "battery_data"),
        ("kafka://a.b-c:1,10.0.0.1:65535/x.Y_z-9", ("a.b-c:1", "10.0.0.1:65535"), "x.Y_z-9"),
        ("kafka://[::1]:9092/t", ("[::1]:9092",), "t"),
    ],
)
def test_a_topic_is_written_as_brokers_and_a_name(url, servers, topic):
    address = parse_topic(url)
    assert address == TopicAddress(servers, topic)
    assert address.url == url


@pytest.mark.parametrize(
    "url",
    [
        "kafka://localhost:9092",
        "kafka://localhost/topic",
        "kafka:///topic",
        "kafka://a:1,,b:2/topic",
        "kafka://a:1/to pic",
        "kafka://a:1/a/b",
        "kafka://a:1/..",
        f"kafka://a:1/{'x' * 250}",
        "log://readings",
        "topic",
        "kafka://a:1/t?group=g",
    ],
)
def test_anything_else_is_refused(url):
    with pytest.raises(SourceError):
        parse_topic(url)


def test_a_password_in_the_url_is_refused_and_not_repeated():
    with pytest.raises(SourceError) as refused:
        parse_topic(f"kafka://user:{CANARY}@host:9092/topic")
    assert CANARY not in str(refused.value)


def test_without_settings_the_line_is_plain():
    assert client_settings({}) == {"security_protocol": "PLAINTEXT"}


def test_what_a_login_needs_comes_from_the_environment(tmp_path):
    (tmp_path / "ca.pem").write_text("x")
    (tmp_path / "password").write_text(f"{CANARY}\n")
    environment = {
        PREFIX + "SECURITY_PROTOCOL": "SASL_SSL",
        PREFIX + "USERNAME": "lab",
        PREFIX + "PASSWORD_FILE": str(tmp_path / "password"),
        PREFIX + "CA_FILE": str(tmp_path / "ca.pem"),
    }
    found = client_settings(environment)
    assert found == {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "lab",
        "sasl_plain_password": CANARY,
        "ssl_cafile": str(tmp_path / "ca.pem"),
    }
    assert CANARY not in repr(found)
    assert CANARY not in f"{found}"


def test_files_of_tls_are_only_for_tls(tmp_path):
    assert client_settings({PREFIX + "CA_FILE": str(tmp_path / "nothing")}) == {"security_protocol": "PLAINTEXT"}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"SECURITY_PROTOCOL": "TLS"}, "CHARGETRACKER_KAFKA_SECURITY_PROTOCOL is 'TLS': use one of PLAINTEXT, SSL,"),
        ({"SECURITY_PROTOCOL": "SASL_SSL"}, "CHARGETRACKER_KAFKA_USERNAME is not set"),
        ({"SECURITY_PROTOCOL": "SASL_SSL", "USERNAME": "u"}, "CHARGETRACKER_KAFKA_PASSWORD is not set"),
        ({"SECURITY_PROTOCOL": "SASL_SSL", "SASL_MECHANISM": "MAGIC"}, "SASL_MECHANISM is 'MAGIC': use one of"),
        ({"SECURITY_PROTOCOL": "SSL", "CA_FILE": "/no/ca.pem"}, "KAFKA_CA_FILE: there is no file /no/ca.pem"),
        (
            {"SECURITY_PROTOCOL": "SASL_SSL", "USERNAME": "u", "PASSWORD_FILE": "/no/word"},
            "KAFKA_PASSWORD_FILE: /no/word cannot be read",
        ),
        (
            {"SECURITY_PROTOCOL": "SASL_SSL", "USERNAME": "u", "PASSWORD_FILE": "/no/word", "PASSWORD": CANARY},
            "KAFKA_PASSWORD and CHARGETRACKER_KAFKA_PASSWORD_FILE are both set",
        ),
    ],
)
def test_what_is_missing_is_named(settings, told):
    with pytest.raises(SourceError) as refused:
        client_settings({PREFIX + name: value for name, value in settings.items()})
    assert told in str(refused.value)
    assert CANARY not in str(refused.value)

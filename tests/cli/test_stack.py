import psutil
import pytest
from typer.testing import CliRunner

from pipelines.cli.main import app
from pipelines.cli.stack_flags import CHANGES, SetName, changes_of
from pipelines.cli.verb import CommandError
from pipelines.servers import SETS
from tests.real_servers import free_ports, supplied


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def call(*words, **more):
    return CliRunner().invoke(app, ["stack", *map(str, words)], **more)


def refused(*words):
    result = call(*words)
    assert result.exit_code == 1
    assert "unexpected" not in result.stderr
    return result.stderr


def table(*words):
    """Lines of `stack status`, by node."""
    header, *lines = [line.split("\t") for line in call("status", *words).stdout.splitlines()]
    return {line[0]: dict(zip(header, line, strict=True)) for line in lines}


def test_the_sets_of_the_command_are_those_there_are():
    assert tuple(SetName) == SETS


def test_without_a_start_everything_is_down_at_its_usual_port():
    rows = table()
    assert {row["state"] for row in rows.values()} == {"down"}
    expected = {
        "kafka": "9092",
        "kafka3-1": "19092",
        "kafka3-2": "19102",
        "kafka3-3": "19112",
        "cassandra": "9042",
        "flink-jobmanager": "8081",
        "flink-taskmanager": "8084",
        "flink-jobserver": "8086",
        "flink-workers": "8089",
        "spark-master": "7077",
        "spark-worker-1": "7083",
        "spark-worker-2": "7085",
        "spark-jobserver": "7079",
        "spark-python": "7082",
    }
    assert {name: row["port"] for name, row in rows.items()} == expected
    assert {name: row["page"] for name, row in rows.items() if row["page"]} == {
        "flink-jobmanager": "http://127.0.0.1:8081",
        "spark-master": "http://127.0.0.1:7078",
        "spark-worker-1": "http://127.0.0.1:7084",
        "spark-worker-2": "http://127.0.0.1:7086",
    }


def test_a_flag_changes_the_settings_of_its_sets_alone():
    given = {**dict.fromkeys(CHANGES), "--kafka-memory": "256m", "--cassandra-port": 9142}
    sets = [SetName.KAFKA, SetName.KAFKA3, SetName.CASSANDRA]
    assert changes_of(sets, given) == {
        "kafka": {"memory": "256m"},
        "kafka3": {"memory": "256m"},
        "cassandra": {"port": 9142},
    }


def test_a_flag_of_a_set_that_is_not_started_is_refused():
    with pytest.raises(CommandError, match="--storage-port is for cassandra"):
        changes_of([SetName.KAFKA], {"--storage-port": 7100})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("up", "cassandra", "--cassandra-memory", "1x"), "--cassandra-memory 1x"),
        (("up", "kafka", "--kafka-memory", "1m"), "--kafka-memory 1m"),
        (("up", "kafka", "--storage-port", "7001"), "--storage-port is for cassandra"),
        (("up", "kafka", "--kafka-sasl"), "CHARGETRACKER_STACK_KAFKA_USER"),
        (("up", "kafka3", "--kafka3-port", "65530"), "--kafka3-port"),
        (("kill", "kafka9"), "kafka9: there is no such node"),
        (("kill", "kafka"), "kafka is down already"),
    ],
)
def test_what_cannot_be_is_one_line_that_names_flag_and_value(words, said):
    line = refused(*words)
    assert said in line
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("up", "kafka4"), "kafka4"),
        (("up", "--kafka-port", "70000"), "--kafka-port"),
        (("up", "--commitlog-sync", "x"), "--commitlog-sync"),
    ],
)
def test_values_that_there_are_not_are_refused_by_the_parser(words, named):
    result = call(*words)
    assert result.exit_code == 2
    assert named in result.stderr


def test_wipe_asks():
    result = call("wipe", "kafka", input="n\n")
    assert "Throw away all that kafka hold" in result.stdout
    assert result.exit_code == 1


@pytest.mark.servers
def test_a_broker_from_up_to_wipe(tmp_path, servers_folder):
    data = servers_folder / "of-the-command"
    port = free_ports(4)
    supplied(data, "kafka")

    flags = ("--kafka-port", port, "--kafka-memory", "256m", "--kafka-tls")
    said = call("up", "kafka", "--data", data, *flags).stdout.splitlines()
    assert said[0].startswith("kafka: ready after ")
    assert said[0].endswith(f" s, at 127.0.0.1:{port}")
    assert said[1:] == [
        f"kafka: clients that use TLS, at 127.0.0.1:{port + 3}",
        f"kafka: clients that use TLS trust {data}/kafka/certificate.pem",
    ]

    row = table("kafka", "--data", data)["kafka"]
    assert (row["state"], row["port"]) == ("ready", str(port))
    assert 50 < int(row["rss_mb"]) < 800
    assert int(row["pid"]) in psutil.pids()

    assert "kafka is up with other settings" in refused("up", "kafka", "--data", data, "--kafka-memory", "1g")

    said = call("kill", "kafka", "--data", data).stdout
    assert said == f"kafka: killed. To bring it back: chargetracker stack up kafka --data {data}\n"
    assert table("kafka", "--data", data)["kafka"]["state"] == "down"

    assert call("up", "kafka", "--data", data).exit_code == 0
    assert call("down", "kafka", "--data", data).stdout.startswith("kafka: stopped after ")
    assert call("wipe", "kafka", "--data", data, "--yes").exit_code == 0
    assert list(data.iterdir()) == []


@pytest.mark.servers
def test_a_start_that_fails_shows_the_end_of_the_log_and_where_it_is(servers_folder):
    data = servers_folder / "broken"
    supplied(data, "kafka")
    damaged = data / "kafka" / "data" / "meta.properties"
    damaged.parent.mkdir(parents=True)
    damaged.write_text("version=1\nnode.id=7\ncluster.id=other\n")
    said = refused("up", "kafka", "--data", data, "--kafka-port", free_ports(2))
    assert "kafka has ended" in said
    assert f"{data}/kafka/log" in said
    assert "node id 7" in said

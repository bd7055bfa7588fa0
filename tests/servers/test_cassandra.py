import stat
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from pipelines.servers.cassandra import CassandraNode
from pipelines.servers.server import Launch
from pipelines.servers.settings import CassandraSettings, CommitlogSync

LAUNCH = Launch(Path("/java/bin/java"), (Path("/jars/jamm-0.4.0.jar"), Path("/jars/b.jar")))


def configuration(folder, **settings):
    CassandraNode("cassandra", replace(CassandraSettings(), **settings)).prepare(folder, LAUNCH)
    return yaml.safe_load((folder / "cassandra.yaml").read_text())


def test_the_node_listens_on_loopback_only(tmp_path):
    values = configuration(tmp_path, port=9142, storage_port=7100)
    assert values["listen_address"] == values["rpc_address"] == "127.0.0.1"
    assert (values["native_transport_port"], values["storage_port"]) == (9142, 7100)
    assert values["seed_provider"][0]["parameters"] == [{"seeds": "127.0.0.1:7100"}]


def test_its_data_are_in_its_folder(tmp_path):
    values = configuration(tmp_path)
    folders = [*values["data_file_directories"], *(v for k, v in values.items() if k.endswith("_directory"))]
    assert len(folders) == 5
    assert all(Path(folder).parent == tmp_path for folder in folders)


def test_a_write_is_on_the_disk_before_it_is_acknowledged_unless_asked_otherwise(tmp_path):
    assert configuration(tmp_path)["commitlog_sync"] == "batch"
    group = configuration(tmp_path, commitlog_sync=CommitlogSync.GROUP)
    assert (group["commitlog_sync"], group["commitlog_sync_group_window"]) == ("group", "5ms")
    periodic = configuration(tmp_path, commitlog_sync=CommitlogSync.PERIODIC)
    assert (periodic["commitlog_sync"], periodic["commitlog_sync_period"]) == ("periodic", "10000ms")


@pytest.mark.parametrize(
    ("auth", "classes"),
    [
        (False, ("AllowAllAuthenticator", "AllowAllAuthorizer")),
        (True, ("PasswordAuthenticator", "CassandraAuthorizer")),
    ],
)
def test_clients_log_in_where_that_is_wanted(tmp_path, auth, classes):
    values = configuration(tmp_path, auth=auth)
    assert (values["authenticator"], values["authorizer"]) == classes


def test_its_settings_can_be_read_by_their_owner_only(tmp_path):
    configuration(tmp_path)
    assert stat.S_IMODE((tmp_path / "cassandra.yaml").stat().st_mode) == 0o600


def test_the_command_has_the_mark_the_memory_and_the_agent(tmp_path):
    node = CassandraNode("cassandra", CassandraSettings(memory="512m"))
    command = node.command(tmp_path, LAUNCH, "-Dmark")
    assert {"-Dmark", "-Xms512m", "-Xmx512m", "-javaagent:/jars/jamm-0.4.0.jar"} < set(command)
    assert command[-1] == "org.apache.cassandra.service.CassandraDaemon"


def test_cassandra_5_0_runs_on_java_17_alone():
    assert [version for version in (11, 17, 21, 25) if version in CassandraNode.java.versions] == [17]

"""A Spark cluster as a set of servers: its nodes, their ports, and what they are started with."""

import http.server
import json
import threading
from pathlib import Path
from zipfile import ZipFile

import pytest

from pipelines.servers.loopback import CLASS
from pipelines.servers.server import Launch
from pipelines.servers.settings import SparkSettings
from pipelines.servers.spark import SparkWorker, spark_servers
from pipelines.servers.spark_page import workers
from tests.servers.test_loopback import a_class

MARK = "-Dmark"


def commands(settings):
    launch = Launch(Path("java"))
    return {each.name: each.command(Path("/x"), launch, MARK) for each in spark_servers("spark", settings)}


def test_a_set_is_master_workers_job_server_and_one_pool_of_python_workers():
    servers = spark_servers("spark", SparkSettings(workers=3))
    names = ["spark-master", "spark-worker-1", "spark-worker-2", "spark-worker-3", "spark-jobserver", "spark-python"]
    assert [server.name for server in servers] == names
    ports = [port.number for server in servers for port in server.ports]
    assert sorted(ports) == list(range(7077, 7077 + 12)), "one after the other, none twice"


def test_of_an_existing_cluster_it_is_the_job_server_alone():
    ((name, command),) = commands(SparkSettings(master="spark://spark.lab:7077")).items()
    assert name == "spark-jobserver"
    assert command[-1] == "--spark-master-url=spark://spark.lab:7077"
    assert not [word for word in command if "spark.driver.host" in word], "executors of other machines come to it"


def test_everything_of_ones_own_is_told_to_listen_on_loopback():
    for name, command in commands(SparkSettings()).items():
        if name != "spark-python":
            assert [word for word in command if "127.0.0.1" in word], name
            assert MARK in command
    assert "-Dspark.driver.bindAddress=127.0.0.1" in commands(SparkSettings())["spark-jobserver"]


def test_executors_have_the_memory_that_their_workers_may_give():
    found = commands(SparkSettings(memory="600m"))
    assert "-Dspark.executor.memory=600m" in found["spark-jobserver"]
    worker = found["spark-worker-2"]
    assert worker[worker.index("--memory") + 1] == "600m"


def test_a_worker_finds_the_jars_for_executors_also_after_another_list_of_them(tmp_path):
    worker = SparkWorker("spark", SparkSettings(), 1)
    core = tmp_path / "beam-sdks-java-core-2.70.0.jar"
    with ZipFile(core, "w") as jar:
        jar.writestr(CLASS, a_class())
    for name in ("old.jar", "new.jar"):
        (tmp_path / name).write_bytes(b"jar")
        worker.prepare(tmp_path / "worker", Launch(Path("java"), (tmp_path / name, core)))
    home = tmp_path / "worker" / "home"
    assert {link.name for link in (home / "jars").iterdir()} == {"new.jar", core.name}
    assert (home / "jars" / "new.jar").read_bytes() == b"jar"
    assert (home / "conf" / CLASS).read_bytes() != a_class(), "executors listen where they are told"
    assert (home / "RELEASE").is_file(), "or Spark takes it for a checkout of its sources"
    assert f"SPARK_HOME={home}" in worker.command(tmp_path / "worker", Launch(Path("java")), MARK)


@pytest.fixture
def page(request):
    """Port of a master's web page that says this."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/json/" else 404)
            self.end_headers()
            self.wfile.write(request.param)

        def log_message(self, *words):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def said(status, **states):
    found = [{"host": "127.0.0.1", "port": int(port[1:]), "state": state} for port, state in states.items()]
    return json.dumps({"status": status, "workers": found, "url": "spark://x"}).encode()


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (said("ALIVE", p1="ALIVE", p2="DEAD"), {1}),
        (said("ALIVE"), set()),
        (said("STANDBY", p1="ALIVE"), None),
        (b"<html>", None),
    ],
    indirect=["page"],
)
def test_a_master_says_which_workers_it_has(page, expected):
    assert workers(page) == expected


def test_a_master_that_is_not_there_has_none():
    assert workers(9) is None

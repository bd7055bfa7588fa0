"""A Flink cluster as a set of servers: its nodes, their ports, and what they are started with."""

import http.server
import json
import subprocess
import threading
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from pipelines.servers import job_server as job_server_module
from pipelines.servers.flink import flink_servers
from pipelines.servers.flink_configuration import write
from pipelines.servers.flink_rest import FlinkRest
from pipelines.servers.java import find_java
from pipelines.servers.server import Launch
from pipelines.servers.settings import FlinkSettings

LAUNCH = Launch(Path("java"), (Path("/jars/beam.jar"), Path("/jars/flink.jar")))
MARK = "-Dmark"


def commands(settings=FlinkSettings()):  # noqa: B008 - frozen
    return {each.name: each.command(Path("/x"), LAUNCH, MARK) for each in flink_servers("flink", settings)}


def test_a_set_is_two_processes_of_flink_the_job_server_and_the_python_workers():
    servers = flink_servers("flink", FlinkSettings(port=9000))
    names = ["flink-jobmanager", "flink-taskmanager", "flink-jobserver", "flink-workers"]
    assert [server.name for server in servers] == names
    assert [port.number for server in servers for port in server.ports] == list(range(9000, 9009))
    assert [server.java is None for server in servers] == [False, False, False, True]


def test_for_an_existing_cluster_it_is_the_job_server_alone_and_it_ships_its_jars():
    ((name, command),) = commands(FlinkSettings(master="flink.lab:8081")).items()
    assert name == "flink-jobserver"
    assert command[-1] == "--flink-master=flink.lab:8081"
    assert "-cp" not in command


def test_every_command_has_the_mark_of_its_process():
    assert all(MARK in command for command in commands().values())


def test_the_heap_is_what_the_state_may_have_and_what_flink_itself_needs():
    heap = (512 + 128) * 2**20
    assert f"-Xmx{heap}" in commands(FlinkSettings(memory="512m"))["flink-taskmanager"]


def test_there_are_as_many_workers_as_slots():
    assert commands(FlinkSettings(slots=5))["flink-workers"][-2:] == ["5", MARK]


def test_flink_listens_on_loopback_and_ends_a_job_at_its_first_failure(tmp_path):
    write(tmp_path, FlinkSettings(port=9000, slots=3))
    values = yaml.safe_load((tmp_path / "config.yaml").read_text())
    hosts = [value for name, value in values.items() if name.endswith(("host", "address"))]
    assert set(hosts) == {"127.0.0.1"}
    assert (values["rest.port"], values["taskmanager.numberOfTaskSlots"]) == (9000, 3)
    assert values["restart-strategy.type"] == "none"
    assert not [name for name in values if "checkpoint" in name], "the store is the only truth"


def test_a_job_server_that_ships_nothing_has_its_jars_behind_an_agent(tmp_path, monkeypatch):
    monkeypatch.setattr(job_server_module, "write_loopback_class", lambda folder, jars: None)
    job_server = flink_servers("flink", FlinkSettings())[2]
    long = Launch(Path("java"), tmp_path_jars(tmp_path, 20))
    job_server.prepare(tmp_path, long)
    command = job_server.command(tmp_path, long, MARK)
    assert command[command.index("-cp") + 1] == str(tmp_path / "empty.jar")
    with ZipFile(tmp_path / "agent.jar") as agent:
        raw = agent.read("META-INF/MANIFEST.MF")
    assert max(map(len, raw.split(b"\r\n"))) <= 72, "as the specification of manifests has it"
    unfolded = raw.replace(b"\r\n ", b"").decode().splitlines()
    jars = " ".join(jar.as_uri() for jar in long.jars)
    assert f"Class-Path: {(tmp_path / 'classes').as_uri()}/ {jars}" in unfolded


def tmp_path_jars(folder, count):
    return tuple(folder / f"a-jar-with-a-name-{number}.jar" for number in range(count))


@pytest.fixture
def rest():
    """A JobManager that says what it is told to, and remembers what it was asked for."""
    answers, asked = {}, []

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(f"{self.command} {self.path}")
            body = json.dumps(answers.get(self.path, {})).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_PATCH = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield FlinkRest("127.0.0.1", server.server_address[1]), answers, asked
        server.shutdown()


def job(number, name, state):
    return {"jid": f"j{number}", "name": name, "state": state}


def test_slots_are_counted_and_none_is_when_nobody_answers(rest):
    flink, answers, _ = rest
    answers["/overview"] = {"taskmanagers": 1, "slots-total": 4, "slots-available": 0}
    assert flink.slots() == 4
    assert FlinkRest("127.0.0.1", 1).slots() is None
    answers["/overview"] = {"errors": ["Service temporarily unavailable"]}
    assert flink.slots() is None


def test_jobs_of_a_name_are_told_apart_by_what_has_become_of_them(rest):
    flink, answers, asked = rest
    states = ["RUNNING", "CANCELED", "FAILED", "RESTARTING"]
    jobs = [job(number, "ours", state) for number, state in enumerate(states)]
    answers["/jobs/overview"] = {"jobs": [*jobs, job(9, "other", "RUNNING")]}
    assert flink.jobs("ours") == ["j0", "j3"]
    assert flink.failed("ours") == {"j2"}
    flink.cancel("j0")
    assert asked[-1] == "PATCH /jobs/j0?mode=cancel"


def test_a_failure_is_told_as_flink_tells_it(rest):
    flink, answers, _ = rest
    answers["/jobs/j2/exceptions"] = {"exceptionHistory": {"entries": [{"stacktrace": "x.Y: why"}]}}
    assert flink.failure_of("j2") == "x.Y: why"
    answers["/jobs/j2/exceptions"] = {"exceptionHistory": {"entries": []}}
    assert flink.failure_of("j2") == ""


def test_java_takes_the_options():
    java = find_java((11, 17), "Java 17")
    options = next(word for word in commands()["flink-jobmanager"] if word.startswith("@"))
    subprocess.run([java, options, "-version"], check=True, capture_output=True, timeout=60)

"""A pool of Python workers: warm before it listens, on loopback only, never with fewer or more than it was told."""

import subprocess
import sys
import time

import grpc
import psutil
import pytest
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc

from pipelines.servers.readiness import grpc_answers
from tests.real_servers import free_ports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

WORKERS = 2


@pytest.fixture
def pool(tmp_path):
    """Its process, and its port."""
    port = free_ports(1)
    with (tmp_path / "log").open("wb") as log:
        command = [sys.executable, "-m", "pipelines.runners.worker_pool", str(port), str(WORKERS), "-Dmark"]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    eventually(lambda: grpc_answers(port))
    yield psutil.Process(process.pid), port
    process.kill()
    process.wait()


def eventually(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_it_listens_on_loopback_with_all_workers_there(pool):
    process, port = pool
    listening = [each.laddr for each in process.net_connections() if each.status == psutil.CONN_LISTEN]
    assert {(address.ip.removeprefix("::ffff:"), address.port) for address in listening} == {("127.0.0.1", port)}
    assert len(process.children()) == WORKERS


def test_a_worker_that_dies_while_it_waits_is_replaced(pool):
    process, _ = pool
    before = {child.pid for child in process.children()}
    process.children()[0].kill()
    eventually(lambda: len({child.pid for child in process.children() if child.status() != "zombie"} - before) == 1)


def test_a_worker_that_was_given_away_is_replaced_at_once_and_its_runner_is_another_matter(pool):
    process, port = pool
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        service = beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub(channel)
        request = beam_fn_api_pb2.StartWorkerRequest(worker_id="1-1")
        request.control_endpoint.url = "127.0.0.1:1"
        assert service.StartWorker(request, timeout=60).error == ""
    eventually(lambda: len(process.children()) == WORKERS + 1)


def test_no_worker_outlives_its_pool(pool):
    process, _ = pool
    workers = process.children()
    process.kill()
    gone, alive = psutil.wait_procs(workers, timeout=30)
    assert (len(gone), alive) == (WORKERS, [])

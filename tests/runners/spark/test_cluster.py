"""Which cluster a run on Spark uses, and what is refused before any server is started."""

import socket
from pathlib import Path

import pytest

from pipelines.options import ClusterSettings, RunSettings, SettingsError
from pipelines.runners.spark import cluster as module
from pipelines.runners.spark import run_spark
from pipelines.runners.spark.cluster import JOBS_A_JOB_SERVER, SparkCluster, cluster_of
from pipelines.servers import Stack

POOL = "external:localhost:7082"


@pytest.fixture
def ups(monkeypatch):
    """What stacks were asked to start; nothing is started, stopped or fetched."""
    asked = []
    monkeypatch.setattr(Stack, "up", lambda self, wanted: asked.append(wanted))
    monkeypatch.setattr(module, "stop", lambda nodes, watch: asked.append([node.name for node in nodes]))
    return asked


def test_without_a_master_it_is_the_stacks_own(ups, tmp_path):
    cluster = cluster_of(ClusterSettings(tmp_path))
    cluster.up()
    assert ups == [{"spark": {"master": None}}]
    assert cluster.job_endpoint == "127.0.0.1:7079"
    (tmp_path / "spark-jobserver").mkdir()
    assert "--environment_config=127.0.0.1:7082" in cluster.flags


def test_of_an_existing_one_only_the_job_server_is_ours_in_a_folder_of_its_own(ups, tmp_path):
    cluster = cluster_of(ClusterSettings(tmp_path, "spark://spark.lab:7077", POOL))
    cluster.up()
    (wanted,) = ups
    assert wanted["spark"]["master"] == "spark://spark.lab:7077"
    (tmp_path / "spark-spark.lab-7077" / "spark-jobserver").mkdir(parents=True)
    assert "--environment_config=localhost:7082" in cluster.flags
    nothing = tmp_path / "spark-spark.lab-7077" / "spark-jobserver" / "nothing"
    assert f"--files_to_stage={nothing}" in cluster.flags
    assert nothing.read_bytes() == b"", "or Beam's jars would travel with every job"


def test_the_job_server_of_an_existing_one_takes_ports_that_are_free(ups, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = module._free_port("spark://spark.lab:7077", first=port - 2)
    assert found >= port - 2 + 10, "its jobs' port is two behind the first"


def test_the_job_server_is_renewed_after_so_many_jobs(ups, tmp_path):
    cluster = SparkCluster(Stack(tmp_path, tmp_path))
    for _ in range(2 * JOBS_A_JOB_SERVER + 1):
        cluster.count_job()
    assert ups == [["spark-jobserver"], {"spark": {"master": None}}] * 2


@pytest.mark.parametrize(
    ("master", "environment", "expected"),
    [
        ("spark.lab:7077", POOL, "--spark-master spark.lab:7077: give it as spark://HOST:PORT"),
        ("spark://lab", POOL, "--spark-master spark://lab: give it as spark://HOST:PORT"),
        ("spark://lab:7077", None, "--environment : say where"),
        ("spark://lab:7077", "docker:image", "--environment docker:image: say where"),
        ("spark://lab:7077", "external:", "--environment external:: say where"),
        (None, POOL, "--environment: the stack has Python workers of its own"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_flag(master, environment, expected):
    with pytest.raises(SettingsError, match=expected):
        cluster_of(ClusterSettings(Path("data"), master, environment))


@pytest.mark.parametrize("flags", [("--streaming",), ("--job_name=x", "--streaming")])
def test_a_streaming_job_is_refused_with_the_reason(flags, ups):
    with pytest.raises(SettingsError, match="--streaming: Spark runs this as bounded jobs"):
        run_spark(RunSettings("log://x", "memory://x", beam_options=flags))
    assert ups == []

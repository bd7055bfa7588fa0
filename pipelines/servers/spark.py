"""A standalone Spark cluster, with Beam's job server and a pool of Python workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pipelines.servers import versions
from pipelines.servers.job_server import JobServer
from pipelines.servers.loopback import write_loopback_class
from pipelines.servers.readiness import LOOPBACK
from pipelines.servers.server import JavaProgram, Launch, Port, Server, own_file
from pipelines.servers.settings import SparkSettings
from pipelines.servers.spark_page import workers
from pipelines.servers.worker_pool import WorkerPool

JAVA = JavaProgram("spark", (8, 11, 17), "Java 17, 11 or 8")
FLAG = "--spark-port"
INSTALLED_JARS = "/opt/chargetracker/jars"
"""Where machines of an existing cluster have the jars of this set."""
_QUICK_START = "-XX:TieredStopAtLevel=1"
"""The work is done in Python: what Java does in between is not worth the time that compiling it well takes."""
_DAEMON_MEMORY = "256m"
_JOB_SERVER_MEMORY = "1g"


@dataclass(frozen=True, slots=True)
class SparkPorts:
    """Which ports a set has: one after the other, from the master's on."""

    master: int

    @property
    def page(self) -> int:
        """The master's web page."""
        return self.master + 1

    @property
    def jobs(self) -> int:
        """Of the job server; it has the next two as well."""
        return self.master + 2

    @property
    def pool(self) -> int:
        """Of the pool of Python workers."""
        return self.master + 5

    def worker(self, number: int) -> int:
        """Of a worker, counted from 1; its web page is at the next one."""
        return self.master + 4 + 2 * number


@dataclass(frozen=True, slots=True)
class SparkMaster:
    """Knows the workers and gives them executors to run; has the web page."""

    set_name: str
    settings: SparkSettings

    version: ClassVar[str] = versions.SPARK
    java: ClassVar[JavaProgram] = JAVA
    started_words: ClassVar[bytes] = b"I have been elected leader"

    @property
    def name(self) -> str:
        """With the set's."""
        return f"{self.set_name}-master"

    @property
    def ports(self) -> tuple[Port, ...]:
        """Applications' and workers', and the web page's."""
        ports = _ports(self.settings)
        return Port(ports.master, FLAG, "applications"), Port(ports.page, FLAG, "web page", is_page=True)

    def prepare(self, folder: Path, launch: Launch) -> None:
        """There is nothing to prepare."""

    def command(self, folder: Path, launch: Launch, mark: str) -> list[str]:
        """Java, its options and the program."""
        program = ["org.apache.spark.deploy.master.Master", *_listens(self.ports)]
        return _command(folder, launch, mark, program)

    def answers(self, folder: Path) -> bool:  # noqa: ARG002 - others need it
        """True when it is in charge of its cluster."""
        return workers(self.ports[1].number) is not None


@dataclass(frozen=True, slots=True)
class SparkWorker:
    """Starts and ends executors, which run the tasks."""

    set_name: str
    settings: SparkSettings
    number: int

    version: ClassVar[str] = versions.SPARK
    java: ClassVar[JavaProgram] = JAVA
    started_words: ClassVar[bytes] = b"Successfully registered with master"

    @property
    def name(self) -> str:
        """With the set's, and a number."""
        return f"{self.set_name}-worker-{self.number}"

    @property
    def ports(self) -> tuple[Port, ...]:
        """The master's to it, and its web page's."""
        first = _ports(self.settings).worker(self.number)
        return Port(first, FLAG, "the master", for_clients=False), Port(
            first + 1, FLAG, "web page", for_clients=False, is_page=True
        )

    def prepare(self, folder: Path, launch: Launch) -> None:
        """Lay out the jars as a Spark that was installed has them: there the worker finds them for executors."""
        jars = _home(folder) / "jars"
        jars.mkdir(parents=True, exist_ok=True)
        (_home(folder) / "RELEASE").write_text(f"Spark {self.version}\n")
        for link in jars.iterdir():
            link.unlink()
        for jar in launch.jars:
            (jars / jar.name).symlink_to(jar)
        # What is there comes before the jars in the class path of executors.
        write_loopback_class(_home(folder) / "conf", launch.jars)

    def command(self, folder: Path, launch: Launch, mark: str) -> list[str]:
        """Java, its options, the program, and what it may give away."""
        given = ["--cores", "1", "--memory", self.settings.memory, "--work-dir", str(folder / "executors")]
        master = f"spark://{LOOPBACK}:{self.settings.port}"
        program = ["org.apache.spark.deploy.worker.Worker", *_listens(self.ports), *given, master]
        # What executors have left behind goes a day after them.
        return _command(folder, launch, mark, ["-Dspark.worker.cleanup.enabled=true", *program])

    def answers(self, folder: Path) -> bool:  # noqa: ARG002 - others need it
        """True when the master has it."""
        return self.ports[0].number in (workers(_ports(self.settings).page) or ())


def spark_servers(name: str, settings: SparkSettings) -> Sequence[Server]:
    """All nodes of the set: a whole cluster, or the job server of an existing one."""
    if settings.master:
        return [_job_server(name, settings, settings.master)]
    ports = _ports(settings)
    nodes = [SparkWorker(name, settings, number) for number in range(1, settings.workers + 1)]
    # One pool for the executors of all workers: they ask for Python at the same address, which is this machine.
    pool = WorkerPool(f"{name}-python", ports.pool, FLAG, settings.workers)
    job_server = _job_server(name, settings, f"spark://{LOOPBACK}:{ports.master}")
    return [SparkMaster(name, settings), *nodes, job_server, pool]


def _job_server(name: str, settings: SparkSettings, master: str) -> JobServer:
    """It is Spark's driver, too: executors connect to it."""
    log4j2 = own_file("spark-log4j2.xml").as_uri()
    options = {
        "log4j2.configurationFile": log4j2,
        "beam.spark.test.reuseSparkContext": "true",  # else each run would wait for new executors
        "spark.ui.enabled": "false",
        # Files of a job's shuffle go when Java notices that the job is forgotten.
        "spark.cleaner.periodicGC.interval": "1min",
        "spark.executor.memory": settings.memory,
        "spark.executor.extraJavaOptions": _QUICK_START,
    }
    if settings.master:
        options["spark.executor.extraClassPath"] = f"{INSTALLED_JARS}/*"
    is_own = f"//{LOOPBACK}:" in master
    if is_own:
        options |= {"spark.driver.host": LOOPBACK, "spark.driver.bindAddress": LOOPBACK}
        # On other machines there is no such file.
        options["spark.executor.extraJavaOptions"] += f" -Dlog4j2.configurationFile={log4j2}"
    return JobServer(
        name=f"{name}-jobserver",
        port=_ports(settings).jobs,
        flag=FLAG,
        java=JAVA,
        program="org.apache.beam.runners.spark.SparkJobServerDriver",
        memory=_JOB_SERVER_MEMORY,
        java_options=(_QUICK_START, *(f"-D{key}={value}" for key, value in options.items())),
        arguments=(f"--spark-master-url={master}",),
        ships_jars=not is_own,
    )


def _ports(settings: SparkSettings) -> SparkPorts:
    return SparkPorts(settings.port)


def _listens(ports: tuple[Port, ...]) -> list[str]:
    first, page = ports
    return ["--host", LOOPBACK, "--port", str(first.number), "--webui-port", str(page.number)]


def _command(folder: Path, launch: Launch, mark: str, program: list[str]) -> list[str]:
    """Of a daemon; the program may begin with options for Java."""
    # What Spark's own shell scripts would set; the executors inherit it.
    settings = {"SPARK_HOME": _home(folder), "SPARK_LOCAL_IP": LOOPBACK, "SPARK_LOCAL_DIRS": folder / "local"}
    settings["SPARK_SCALA_VERSION"] = "2.12"
    environment = ["env", *(f"{key}={value}" for key, value in settings.items())]
    log4j2 = f"-Dlog4j2.configurationFile={own_file('spark-log4j2.xml').as_uri()}"
    options = [f"@{own_file('beam.options')}", _QUICK_START, f"-Xmx{_DAEMON_MEMORY}", f"-Djava.io.tmpdir={folder}"]
    return [*environment, str(launch.program), *options, log4j2, mark, *program]


def _home(folder: Path) -> Path:
    return folder / "home"

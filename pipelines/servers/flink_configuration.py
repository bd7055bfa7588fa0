"""The settings file of Flink's processes, the same for both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from pipelines.servers.readiness import LOOPBACK
from pipelines.servers.settings import FlinkSettings, byte_count

_MEGABYTE = 2**20
FRAMEWORK_HEAP_BYTES = 128 * _MEGABYTE
"""What Flink itself has of a TaskManager's heap [byte]."""


@dataclass(frozen=True, slots=True)
class FlinkPorts:
    """Which ports a set has: one after the other, from the web page's on."""

    rest: int

    @property
    def rpc(self) -> int:
        """Of the JobManager."""
        return self.rest + 1

    @property
    def blob(self) -> int:
        """Where TaskManagers get what belongs to a job."""
        return self.rest + 2

    @property
    def task_rpc(self) -> int:
        """Of the TaskManager."""
        return self.rest + 3

    @property
    def task_data(self) -> int:
        """Between TaskManagers."""
        return self.rest + 4

    @property
    def jobs(self) -> int:
        """Of the job server; it has the next two as well."""
        return self.rest + 5

    @property
    def workers(self) -> int:
        """Of the pool of Python workers."""
        return self.rest + 8


def configuration(folder: Path, settings: FlinkSettings) -> dict[str, Any]:
    """All of it.

    Args:
        folder: Of the process.
        settings: Of the set.
    """
    ports = FlinkPorts(settings.port)
    return {
        "jobmanager.rpc.address": LOOPBACK,
        "jobmanager.rpc.port": ports.rpc,
        "jobmanager.bind-host": LOOPBACK,
        "rest.address": LOOPBACK,
        "rest.bind-address": LOOPBACK,
        "rest.port": ports.rest,
        "blob.server.port": str(ports.blob),
        # Jobs come from the job server alone.
        "web.submit.enable": False,
        "taskmanager.host": LOOPBACK,
        "taskmanager.bind-host": LOOPBACK,
        "taskmanager.rpc.port": str(ports.task_rpc),
        "taskmanager.data.port": ports.task_data,
        "taskmanager.numberOfTaskSlots": settings.slots,
        "parallelism.default": settings.slots,
        "io.tmp.dirs": str(folder / "tmp"),
        # A failure ends the job: what comes back is the next attempt, under an epoch of its own, and it starts cold.
        "restart-strategy.type": "none",
        # A TaskManager that was killed is missed sooner than after Flink's own 50 s.
        "heartbeat.interval": 2000,
        "heartbeat.timeout": 10_000,
        **_memory(settings),
    }


def write(folder: Path, settings: FlinkSettings) -> None:
    """Write it to where Flink reads it, and make the folder of its temporary files."""
    (folder / "tmp").mkdir(exist_ok=True)
    # JSON is YAML, and has no surprises with quotes.
    text = msgspec.json.format(msgspec.json.encode(configuration(folder, settings)), indent=2)
    (folder / "config.yaml").write_bytes(text)


def _memory(settings: FlinkSettings) -> dict[str, Any]:
    """Each part by itself: what Flink's own shell scripts would work out."""
    heap, off_heap = byte_count(settings.memory), 64 * _MEGABYTE
    network, managed, overhead = 64 * _MEGABYTE, 32 * _MEGABYTE, 192 * _MEGABYTE
    return {
        "taskmanager.cpu.cores": float(settings.slots),
        "taskmanager.memory.framework.heap.size": f"{FRAMEWORK_HEAP_BYTES}b",
        "taskmanager.memory.framework.off-heap.size": f"{128 * _MEGABYTE}b",
        "taskmanager.memory.task.heap.size": f"{heap}b",
        "taskmanager.memory.task.off-heap.size": f"{off_heap}b",
        "taskmanager.memory.network.min": f"{network}b",
        "taskmanager.memory.network.max": f"{network}b",
        # Nothing of ours is in RocksDB.
        "taskmanager.memory.managed.size": f"{managed}b",
        "taskmanager.memory.jvm-metaspace.size": f"{256 * _MEGABYTE}b",
        "taskmanager.memory.jvm-overhead.min": f"{overhead}b",
        "taskmanager.memory.jvm-overhead.max": f"{overhead}b",
    }

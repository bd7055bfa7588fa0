"""The eye on a job while it runs: the job server learns of a failure late, Flink and the processes at once."""

from __future__ import annotations

import time

from pipelines.runners.flink.cluster import FlinkCluster
from pipelines.runners.job_failure import reason_in
from pipelines.runners.portable import JobError

LOOK_SECOND = 0.5
"""How often it is looked."""


class Look:
    """Called again and again while a job runs, it raises when the job has no chance any more.

    Args:
        cluster: Runs the job.
        job_name: The job's; those of the name that have failed before it are forgotten.
    """

    def __init__(self, cluster: FlinkCluster, job_name: str) -> None:
        self._cluster = cluster
        self._job_name = job_name
        self._failed_before = cluster.rest.failed(job_name)
        self._next = 0.0

    def __call__(self) -> None:
        """Look, unless that was a moment ago.

        Raises:
            JobError: A process of ours is down, or the job has failed.
        """
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + LOOK_SECOND
        self._cluster.look()
        for job in self._cluster.rest.failed(self._job_name) - self._failed_before:
            raise JobError(reason_in(self._cluster.rest.failure_of(job)))

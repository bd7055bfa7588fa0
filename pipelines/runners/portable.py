"""A job on a cluster, through Beam's job service: submitted, looked at, cancelled."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import cast

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_job_api_pb2, beam_job_api_pb2_grpc
from apache_beam.runners.portability.portable_runner import PipelineResult, PortableRunner
from apache_beam.runners.runner import PipelineState

from pipelines.runners.job_failure import reason_in

_LOGGER = logging.getLogger(__name__)

ANSWERS_WITHIN_SECOND = 30.0
CANCELLED_WITHIN_SECOND = 30.0
LOOK_SECOND = 0.1


class JobError(RuntimeError):
    """A job has failed, or whoever runs it is gone."""


class Job:
    """One that was submitted."""

    def __init__(self, result: PipelineResult) -> None:
        self._result = result
        self._error = ""
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def state(self) -> str:
        """As Beam calls it.

        Raises:
            JobError: The job server does not answer.
        """
        try:
            return str(self._result.state)
        except grpc.RpcError as error:
            message = "the job server does not answer any more"
            raise JobError(message) from error

    @property
    def has_ended(self) -> bool:
        """True when it was done, failed or cancelled."""
        return bool(PipelineState.is_terminal(self.state))

    def wait(self, end: Callable[[], bool], look: Callable[[], None]) -> None:
        """Return when the job is done, or was cancelled because ``end`` has become true.

        Args:
            end: Asked again and again.
            look: Called again and again; raises when the job has no chance any more.

        Raises:
            JobError: It has failed, with the last error that it has told.
        """
        try:
            while not self.has_ended and not end():
                look()
                time.sleep(LOOK_SECOND)
        finally:
            self.cancel()
        if self.state == PipelineState.FAILED:
            _LOGGER.debug("the job has failed: %s", self._error)
            raise JobError(reason_in(self._error))

    def cancel(self) -> None:
        """Have it end, and wait for that; nothing when it has ended, or nobody is there to ask."""
        with suppress(JobError, grpc.RpcError):
            if self.has_ended:
                return
            self._result.cancel()
            deadline = time.monotonic() + CANCELLED_WITHIN_SECOND
            while not self.has_ended and time.monotonic() < deadline:
                time.sleep(LOOK_SECOND)

    def _listen(self) -> None:
        """Keep the last error; the stream ends with the job or with the job server."""
        with suppress(grpc.RpcError):
            for message in self._result._message_stream:  # noqa: SLF001 - Beam only hands it out while one waits
                response = message.message_response
                if response.importance == beam_job_api_pb2.JobMessage.JOB_MESSAGE_ERROR:
                    self._error = response.message_text


def submit(
    build: Callable[[beam.Pipeline], None], options: PipelineOptions, runner: PortableRunner | None = None
) -> Job:
    """Have a graph run; returns when the job server has taken it.

    Args:
        build: Puts the graph into a pipeline.
        options: With job endpoint and environment.
        runner: Speaks to the job server; Beam's own, when none is given.

    Raises:
        JobError: The job server does not answer, or refuses the graph.
    """
    pipeline = beam.Pipeline(runner=runner or PortableRunner(), options=options)
    build(pipeline)
    try:
        return Job(cast("PipelineResult", pipeline.run()))
    except (grpc.RpcError, grpc.FutureTimeoutError) as error:
        details = error.details() if isinstance(error, grpc.Call) else "no answer"
        message = f"the job server did not take the job: {details}"
        raise JobError(message) from error


def flags_of(endpoint: str) -> Collection[str]:
    """Names of the flags that a job server takes in addition to Beam's own in Python.

    Raises:
        JobError: It does not answer.
    """
    with grpc.insecure_channel(endpoint) as channel:
        service = beam_job_api_pb2_grpc.JobServiceStub(channel)
        request = beam_job_api_pb2.DescribePipelineOptionsRequest()
        try:
            answer = service.DescribePipelineOptions(request, timeout=ANSWERS_WITHIN_SECOND, wait_for_ready=True)
        except grpc.RpcError as error:
            message = f"no job server answers at {endpoint}"
            raise JobError(message) from error
        return {option.name for option in answer.options}

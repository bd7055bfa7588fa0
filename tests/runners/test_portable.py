"""Jobs on a cluster, as far as they need none."""

import apache_beam as beam
import grpc
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineState

from pipelines.options import SettingsError
from pipelines.runners import portable as module
from pipelines.runners.beam_flags import beam_options
from pipelines.runners.portable import Job, JobError, flags_of, submit


class Result:
    """A job that goes through these states, one at each look."""

    def __init__(self, *states, says=""):
        self._states, self.cancelled = list(states), False
        self._message_stream = [beam.portability.api.beam_job_api_pb2.JobMessagesResponse()]
        if says:
            self._message_stream[0].message_response.message_text = says
            self._message_stream[0].message_response.importance = 5

    @property
    def state(self):
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        if isinstance(state, Exception):
            raise state
        return state

    def cancel(self):
        self.cancelled = True
        self._states = [PipelineState.CANCELLED]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(module, "LOOK_SECOND", 0.0)
    monkeypatch.setattr(module, "ANSWERS_WITHIN_SECOND", 0.2)


def test_a_job_that_is_done_is_waited_for_and_not_cancelled():
    result = Result(PipelineState.STARTING, PipelineState.RUNNING, PipelineState.DONE)
    Job(result).wait(lambda: False, lambda: None)
    assert not result.cancelled


def test_a_job_is_cancelled_when_its_end_has_come():
    result = Result(PipelineState.RUNNING)
    Job(result).wait(lambda: True, lambda: None)
    assert result.cancelled


def test_a_job_without_a_chance_is_cancelled_and_its_reason_told():
    def look():
        raise JobError("a worker has died")

    result = Result(PipelineState.RUNNING)
    with pytest.raises(JobError, match="a worker has died"):
        Job(result).wait(lambda: False, look)
    assert result.cancelled


def test_a_failed_job_is_an_error():
    with pytest.raises(JobError, match="failed"):
        Job(Result(PipelineState.FAILED)).wait(lambda: False, lambda: None)


def test_a_job_server_that_has_died_is_an_error_and_nobody_is_left_to_cancel():
    with pytest.raises(JobError, match="does not answer any more"):
        Job(Result(PipelineState.RUNNING, grpc.RpcError())).wait(lambda: False, lambda: None)


def test_where_no_job_server_is_that_is_said():
    with pytest.raises(JobError, match=r"no job server answers at 127\.0\.0\.1:1"):
        flags_of("127.0.0.1:1")
    options = PipelineOptions(
        [
            "--job_endpoint=127.0.0.1:1",
            "--job_server_timeout=1",
            "--environment_type=EXTERNAL",
            "--environment_config=x",
        ]
    )
    with pytest.raises(JobError, match="did not take the job"):
        submit(lambda pipeline: pipeline | beam.Impulse(), options)


def test_flags_of_the_runner_are_known_and_others_are_not():
    beam_options(("--max_bundle_size=5", "--max_bundle_time_mills", "7"), {"max_bundle_size", "max_bundle_time_mills"})
    with pytest.raises(SettingsError, match="--max_bundle_size=5"):
        beam_options(("--max_bundle_size=5",))

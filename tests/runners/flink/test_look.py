"""What is seen of a job while it runs."""

import pytest

from pipelines.runners.flink import look as module
from pipelines.runners.flink.look import Look
from pipelines.runners.job_failure import reason_in
from pipelines.runners.portable import JobError

OF_PYTHON = """java.lang.Exception: The user code failed
\tat org.apache.flink.Task.run(Task.java:566)
Caused by: java.lang.RuntimeException: Error received from SDK harness for instruction 3: Traceback (most recent call last):
  File "apache_beam/runners/common.py", line 1590, in process
ValueError: no such column

During handling of the above exception, another exception occurred:

pipelines.sources.base.SourceAwayError: Kafka does not answer [while running 'Poll']

\tat org.apache.beam.runners.Client.get(Client.java:1)
"""  # noqa: E501
OF_JAVA = """org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy
\tat org.apache.flink.Handler.handle(Handler.java:1)
Caused by: java.lang.IllegalStateException: the worker has gone
\tat org.apache.beam.Client.get(Client.java:1)
"""


class Rest:
    def __init__(self):
        self.failures = {"old": "x"}

    def failed(self, name):
        assert name == "ours"
        return set(self.failures)

    def failure_of(self, job):
        return self.failures[job]


class Cluster:
    def __init__(self):
        self.rest = Rest()
        self.down = None

    def look(self):
        if self.down:
            raise JobError(f"{self.down} has died")


@pytest.fixture(autouse=True)
def as_often_as_asked(monkeypatch):
    monkeypatch.setattr(module, "LOOK_SECOND", 0.0)


def test_pythons_last_word_is_the_reason_else_javas_deepest_cause():
    assert (
        reason_in(OF_PYTHON) == "pipelines.sources.base.SourceAwayError: Kafka does not answer [while running 'Poll']"
    )
    assert reason_in(OF_JAVA) == "java.lang.IllegalStateException: the worker has gone"
    assert reason_in("x.Y: why\n\tat z") == "x.Y: why"
    assert "does not say why" in reason_in("")


def test_a_job_of_the_attempt_before_that_failed_is_no_news_and_a_new_one_is():
    cluster = Cluster()
    look = Look(cluster, "ours")
    look()
    cluster.rest.failures["new"] = OF_PYTHON
    with pytest.raises(JobError, match="Kafka does not answer"):
        look()


def test_a_process_that_is_down_ends_the_attempt():
    cluster = Cluster()
    look = Look(cluster, "ours")
    cluster.down = "flink-workers"
    with pytest.raises(JobError, match="flink-workers has died"):
        look()

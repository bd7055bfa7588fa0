"""Which cluster a run uses, and what is refused before anything starts."""

import pytest

from pipelines.options import ClusterSettings, SettingsError
from pipelines.runners.flink import cluster as module
from pipelines.runners.flink.cluster import cluster_of, end_jobs, parallelism_of
from pipelines.runners.portable import JobError


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"environment": "docker:x"}, "--environment"),
        ({"master": "flink.lab"}, "--flink-master flink.lab: give it as HOST:PORT"),
        ({"master": "flink.lab:8081"}, "docker:IMAGE"),
        ({"master": "flink.lab:8081", "environment": "docker:"}, "--environment docker:"),
        ({"master": "flink.lab:8081", "environment": "kubernetes:x"}, "--environment kubernetes:x"),
    ],
)
def test_settings_that_do_not_fit_together_are_refused_by_their_flag(settings, said, tmp_path):
    with pytest.raises(SettingsError) as refused:
        cluster_of(ClusterSettings(tmp_path, **settings))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("environment", "flags"),
    [
        ("docker:cells:1", ("--environment_type=DOCKER", "--environment_config=cells:1")),
        ("external:pool.lab:50000", ("--environment_type=EXTERNAL", "--environment_config=pool.lab:50000")),
    ],
)
def test_python_runs_on_an_existing_cluster_where_one_says(environment, flags, tmp_path):
    assert cluster_of(ClusterSettings(tmp_path, "flink.lab:8081", environment)).flags == flags


class Rest:
    """A cluster whose jobs end some looks after they were cancelled."""

    def __init__(self, slots=2, looks=3):
        self._slots, self._left, self.cancelled = slots, looks, []

    def slots(self):
        return self._slots

    def jobs(self, name):
        self._left -= 1
        return ["j1"] if self._left >= 0 else []

    def cancel(self, job):
        self.cancelled.append(job)


def test_what_an_attempt_has_left_behind_is_cancelled_until_it_is_gone():
    rest = Rest()
    end_jobs(rest, "ours")
    assert set(rest.cancelled) == {"j1"}
    assert rest.jobs("ours") == []


def test_a_job_that_does_not_go_is_an_error(monkeypatch):
    monkeypatch.setattr(module, "JOB_ENDED_WITHIN_SECOND", 0.0)
    with pytest.raises(JobError, match="j1"):
        end_jobs(Rest(looks=1000), "ours")


@pytest.mark.parametrize(("slots", "said"), [(None, "JobManager does not answer"), (0, "no TaskManager")])
def test_a_cluster_without_slots_is_told(slots, said):
    cluster = type("Cluster", (), {"rest": Rest(slots)})
    with pytest.raises(JobError, match=said):
        parallelism_of(cluster)

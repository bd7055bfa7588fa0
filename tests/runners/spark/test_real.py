"""Bounded jobs on a real Spark cluster: every row is what the replay of the readings says."""

from functools import partial

import pytest

from pipelines.options import ClusterSettings, RunSettings
from pipelines.runners.spark import run as module
from pipelines.runners.spark import run_spark
from pipelines.runners.spark.plan import plan
from pipelines.sources import open_source
from pipelines.sources.log import LogWriter, partition_of
from pipelines.storage import open_reader, open_store
from tests.faults.traffic import traffic
from tests.faults.verdict import wrong

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.timeout(400)]

PARTITIONS = 4


def test_a_backlog_is_read_in_many_jobs_of_bounded_size_and_every_row_is_right(spark, tmp_path, monkeypatch):
    lab = traffic(seed=41, batteries=8, readings=600)
    with LogWriter(tmp_path / "log", PARTITIONS) as log:
        for battery_id, message in lab.messages:
            log.append(partition_of(battery_id.encode(), PARTITIONS), [message])
    jobs = []
    monkeypatch.setattr(module, "plan", partial(planned, jobs))
    url = f"sqlite:///{tmp_path}/m.db"
    run_spark(RunSettings(f"log://{tmp_path}/log", url, once=True, cluster=ClusterSettings(spark.stack_folder)))
    assert wrong(open_reader(url), lab) == []
    assert len(jobs) > 1
    assert {each.max_bytes for ranges in jobs for each in ranges} == {200_000}
    committed = {name: row.offset for name, row in open_store(url).committed().items()}
    assert committed == open_source(f"log://{tmp_path}/log").ends()


def planned(jobs, source, store):
    """Ranges of 0.2 MB, noted."""
    ranges = tuple(type(each)(each.partition, each.offset, 200_000) for each in plan(source, store))
    jobs += [ranges] if ranges else []
    return ranges


def test_a_file_ends_its_run_and_its_rows_are_final(spark, tmp_path, monkeypatch):
    """Places are as people type them: from the folder they are in, which is not that of the workers."""
    monkeypatch.chdir(tmp_path)
    header = "battery_id,test_time_second,current_ampere,voltage_volt\n"
    lines = "".join(f"b1,{second},3600,2\n" for second in range(11))
    (tmp_path / "readings.csv").write_text(header + lines)
    url = "sqlite:///m.db"
    run_spark(RunSettings("file://readings.csv", url, cluster=ClusterSettings(spark.stack_folder)))
    (cycle,) = open_reader(url).cycles()
    # 3600 A for ten seconds are 10 Ah, at 2 V 20 Wh.
    assert (cycle.charging_capacity_ah, cycle.charging_energy_wh) == pytest.approx((10.0, 20.0))
    assert cycle.status == "final"

"""What one job reads: from the committed offset on, a share of what memory bears for each partition."""

import pytest

from pipelines.runners.spark.plan import LEAST_RANGE_BYTES, RUN_BYTES, plan
from pipelines.sources import open_source
from pipelines.sources.log import LogWriter
from pipelines.storage import open_store
from pipelines.transforms.read_range import Range

LINE = b"x" * 99
"""100 bytes with its end."""


@pytest.fixture
def source(tmp_path):
    with LogWriter(tmp_path / "log", 3) as log:
        log.append(0, [LINE] * 10)
        log.append(2, [LINE] * 20)
    opened = open_source(f"log://{tmp_path}/log")
    yield opened
    opened.close()


@pytest.fixture
def store(tmp_path):
    opened = open_store(f"memory://{tmp_path}", create=True)
    opened.init()
    return opened


def test_a_new_store_is_read_into_from_the_start_partition_by_partition(source, store):
    first, _, third = source.partitions()
    assert plan(source, store) == (Range(first, 0, RUN_BYTES // 2), Range(third, 0, RUN_BYTES // 2))


def test_it_goes_on_where_the_store_stands_and_leaves_out_what_is_done(source, store):
    first, _, third = source.partitions()
    store.commit(store.take_epoch(1.0), {first: 1000, third: 700})
    assert plan(source, store) == (Range(third, 700, RUN_BYTES),)
    store.commit(store.newest_epoch(), {third: 2000})
    assert plan(source, store) == ()


def test_many_partitions_share_a_job_but_each_gets_somewhere(source, store):
    assert {each.max_bytes for each in plan(source, store, most_bytes=10 * LEAST_RANGE_BYTES)} == {
        5 * LEAST_RANGE_BYTES
    }
    assert {each.max_bytes for each in plan(source, store, most_bytes=10)} == {LEAST_RANGE_BYTES}

import time

import pytest

from pipelines.storage import StoreAwayError, open_store
from pipelines.transforms import in_charge as module
from pipelines.transforms.commit_offsets import SupersededError
from pipelines.transforms.in_charge import LOOK_SECOND, WhileInCharge


@pytest.fixture
def store(tmp_path):
    opened = open_store(f"sqlite:///{tmp_path}/m.db", create=True)
    opened.init()
    yield opened
    opened.close()


@pytest.fixture
def clock(monkeypatch):
    """Says what it is told."""
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def in_charge(store, tmp_path):
    made = WhileInCharge(f"sqlite:///{tmp_path}/m.db", store.take_epoch(time.time()))
    made.setup()
    yield made
    made.teardown()


def test_elements_are_handed_on_until_another_run_takes_over(store, clock, in_charge):
    assert list(in_charge.process(b"1")) == [b"1"]
    store.take_epoch(time.time())
    assert list(in_charge.process(b"2")) == [b"2"], "the store is not asked for every element"
    clock[0] += LOOK_SECOND
    with pytest.raises(SupersededError, match="another run writes to sqlite"):
        list(in_charge.process(b"3"))


def test_a_store_that_is_away_ends_nothing(clock, in_charge):
    class Away:
        def newest_epoch(self):
            raise StoreAwayError("away")

        def close(self):
            pass

    in_charge._opened_store = Away()
    assert list(in_charge.process(b"1")) == [b"1"]

"""Epochs and offsets in Cassandra, where two may write at the same moment."""

import threading

import pytest

from pipelines.storage.cassandra import offsets as module
from schemas import CommittedOffset

pytestmark = pytest.mark.servers


def test_what_is_committed_while_an_epoch_is_taken_counts(store, another, monkeypatch):
    old = store.take_epoch(1.0)
    store.commit(old, {"a": 10})
    replace = module.replace_standing

    def after_another_commit(*arguments):
        assert store.commit(old, {"a": 11, "b": 1})
        return replace(*arguments)

    monkeypatch.setattr(module, "replace_standing", after_another_commit)
    new = another.take_epoch(2.0)
    assert another.committed() == {"a": CommittedOffset("a", 11, new), "b": CommittedOffset("b", 1, new)}


def test_a_commit_that_another_epoch_comes_between_is_refused(store, another, monkeypatch):
    old = store.take_epoch(1.0)
    store.commit(old, {"a": 10})
    write = store._offsets._write

    def after_another_epoch(*arguments):
        another.take_epoch(2.0)
        write(*arguments)

    monkeypatch.setattr(store._offsets, "_write", after_another_epoch)
    assert store.commit(old, {"a": 11}) is False
    assert another.committed()["a"].offset == 10


def test_a_commit_that_a_rewind_comes_between_is_made_again(store, another, monkeypatch):
    epoch = store.take_epoch(1.0)
    store.commit(epoch, {"a": 10})
    write, rewound = store._offsets._write, []

    def after_a_rewind(*arguments):
        if not rewound:
            rewound.append(another.rewind(epoch, {"a": 3}))
        write(*arguments)

    monkeypatch.setattr(store._offsets, "_write", after_a_rewind)
    assert store.commit(epoch, {"a": 5}) is True
    assert another.committed()["a"].offset == 5


def test_epochs_taken_at_the_same_moment_differ(store, another):
    taken: list[int] = []

    def take(opened):
        taken.extend(opened.take_epoch(5.0) for _ in range(5))

    threads = [threading.Thread(target=take, args=(opened,)) for opened in (store, another)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == 10
    assert store.newest_epoch() == max(taken)


def test_offsets_of_older_epochs_are_thrown_away(store, look):
    for second in (1.0, 2.0, 3.0):
        store.commit(store.take_epoch(second), {"a": 1})
    assert len(look("SELECT DISTINCT ledger FROM contract.committed")) == 1

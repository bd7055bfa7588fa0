"""An outage is waited for, whatever it takes; other failures are tried again a few times."""

import itertools
import threading

import pytest

from pipelines.runners.patience import Patience
from pipelines.sources import SourceAwayError
from pipelines.storage import StoreAwayError, open_store
from pipelines.storage.memory import MemoryStore
from pipelines.transforms.commit_offsets import SupersededError

_names = itertools.count()


class Source:
    """Answers when ``answers`` says so."""

    def __init__(self):
        self.answers = iter(itertools.repeat(True))

    def ends(self):
        if not next(self.answers):
            raise SourceAwayError("no broker answers")
        return {"p": 10}


@pytest.fixture
def store():
    opened = open_store(f"memory://patience{next(_names)}", create=True)
    opened.init()
    return opened


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    wait = threading.Event.wait
    monkeypatch.setattr(threading.Event, "wait", lambda event, timeout=None: wait(event, 0.0))


def fail(error=None):
    raise error or RuntimeError("bundle failed")


def patience(source, store, tries=3, stop=None):
    answers = store.newest_epoch, source.ends
    return Patience(answers, store, stop or threading.Event(), tries)


def test_an_outage_of_the_source_is_waited_for_and_counts_as_no_failure(store):
    source = Source()
    one = patience(source, store, tries=1)
    for _ in range(5):
        source.answers = iter([False, False, False, True])
        one.attempt(fail)
        assert next(source.answers, None) is None, "it looked until the source was back, and no longer"


def test_an_outage_of_the_store_is_waited_for(store, monkeypatch):
    answers = iter([False, False, True])

    def newest_epoch(_):
        if not next(answers):
            raise StoreAwayError("no node answers")
        return 0

    monkeypatch.setattr(MemoryStore, "newest_epoch", newest_epoch)
    patience(Source(), store, tries=1).attempt(fail)
    assert next(answers, None) is None


def test_a_stop_ends_the_waiting(store):
    source, stop = Source(), threading.Event()
    source.answers = iter(itertools.repeat(False))
    stop.set()
    patience(source, store, stop=stop).attempt(fail)


def test_failures_without_progress_are_given_up_with_their_own_error(store):
    one = patience(Source(), store, tries=3)
    one.attempt(fail)
    one.attempt(fail)
    with pytest.raises(RuntimeError, match="bundle failed"):
        one.attempt(fail)


def test_failures_that_get_further_are_tried_for_ever(store):
    one = patience(Source(), store, tries=2)
    epoch = store.take_epoch(1.0)
    for offset in range(1, 8):

        def some_then_fail(offset=offset):
            store.commit(epoch, {"p": offset})
            fail()

        one.attempt(some_then_fail)


def test_a_success_forgets_the_failures_before(store):
    one = patience(Source(), store, tries=2)
    for _ in range(3):
        one.attempt(fail)
        one.attempt(lambda: None)


def test_a_run_that_was_superseded_is_not_tried_again(store):
    with pytest.raises(SupersededError):
        patience(Source(), store).attempt(lambda: fail(SupersededError("another one")))

"""How statements are sent to a cluster that does not take all of them at once."""

import time
from collections import Counter

import pytest
from cassandra import InvalidRequest, OperationTimedOut

from pipelines.storage import StoreAwayError, StoreError
from pipelines.storage.cassandra import sender
from pipelines.storage.cassandra.sender import patiently, send
from pipelines.storage.cassandra.session import WINDOW
from pipelines.storage.url import parse_url


class FakeSession:
    """Takes a statement, any value, after it has refused it as often as ``refusals`` says."""

    url = parse_url("cassandra://h/lab")

    def __init__(self, refusals=(), error=None):
        self.refusals = Counter(refusals)
        self.error = error or OperationTimedOut()
        self.taken = []
        self.under_way = self.most_under_way = 0

    def send(self, statement):
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        return FakeFuture(self, statement)


class FakeFuture:
    def __init__(self, session, statement):
        self.session, self.statement = session, statement

    def result(self):
        self.session.under_way -= 1
        if self.session.refusals[self.statement] > 0:
            self.session.refusals[self.statement] -= 1
            raise self.session.error
        self.session.taken.append(self.statement)


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """How long it would have slept each time."""
    slept = []
    monkeypatch.setattr(sender.time, "sleep", slept.append)
    return slept


def soon():
    return time.monotonic() + 60.0


def test_all_are_sent_and_only_so_many_at_a_time():
    session = FakeSession()
    send(session, range(5 * WINDOW), soon())
    assert session.taken == list(range(5 * WINDOW))
    assert session.most_under_way == WINDOW
    assert session.under_way == 0


def test_only_what_was_not_taken_is_sent_again_after_growing_pauses(pauses):
    session = FakeSession({3: 2, 7: 1})
    send(session, range(10), soon())
    assert Counter(session.taken) == Counter(range(10))
    assert session.taken[8:] == [7, 3]
    assert pauses == [0.1, 0.2]


def test_it_gives_up_when_the_time_is_over():
    session = FakeSession({3: 100})
    with pytest.raises(StoreAwayError):
        send(session, range(10), time.monotonic())
    assert 3 not in session.taken


def test_what_is_refused_for_good_is_not_sent_again(pauses):
    session = FakeSession({3: 1}, error=InvalidRequest("no such table"))
    with pytest.raises(StoreError) as refused:
        send(session, range(10), soon())
    assert not isinstance(refused.value, StoreAwayError)
    assert pauses == []


def test_pauses_do_not_grow_for_ever(pauses):
    answers = iter([StoreAwayError("away")] * 9 + ["here"])

    def ask():
        answer = next(answers)
        if isinstance(answer, StoreAwayError):
            raise answer
        return answer

    assert patiently(ask, soon()) == "here"
    assert max(pauses) == 2.0

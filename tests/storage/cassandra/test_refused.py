"""Dead letters and late readings in Cassandra: what is newest, what expires."""

import pytest

from pipelines.storage import Bundle
from pipelines.storage.cassandra.layout import SPAN_OF_OFFSETS
from tests.storage.rows import a_dead_letter, a_late_reading

pytestmark = pytest.mark.servers


def test_the_newest_of_many_spans_are_found_without_reading_all(store, reader, questions):
    for n in range(100):
        store.write(Bundle(dead_letters=[a_dead_letter(n * SPAN_OF_OFFSETS, arrival_unix_second=1e10 + n)]))
    questions.clear()
    assert [row.offset // SPAN_OF_OFFSETS for row in reader.dead_letters(limit=3)] == [99, 98, 97]
    assert len([text for text in questions if '"dead_letter"' in text]) < 100


def test_newest_means_by_arrival_also_when_an_older_span_was_changed_later(store, reader):
    store.write(
        Bundle(dead_letters=[a_dead_letter(n * SPAN_OF_OFFSETS, arrival_unix_second=100.0 + n) for n in range(50)])
    )
    store.write(Bundle(dead_letters=[a_dead_letter(0, arrival_unix_second=900.0)]))
    assert [row.arrival_unix_second for row in reader.dead_letters(limit=2)] == [149.0, 148.0]


def test_the_same_letter_again_is_counted_once(store, another, reader):
    for writer, arrival in ((store, 10.0), (another, 20.0), (store, 30.0)):
        writer.write(Bundle(dead_letters=[a_dead_letter(7, arrival_unix_second=arrival)]))
    assert [row.arrival_unix_second for row in reader.dead_letters()] == [10.0]
    assert reader.dead_letter_counts() == {"malformed": 1}
    assert reader.totals().dead_letters == 1


def test_what_comes_into_a_span_that_has_expired_is_there(store, reader):
    store.write(Bundle(dead_letters=[a_dead_letter(1, arrival_unix_second=100.0)]))
    assert store.expire("dead_letter", 1000.0) == 1
    assert reader.dead_letters() == []
    again = a_dead_letter(1, arrival_unix_second=2000.0)
    store.write(Bundle(dead_letters=[again]))
    assert reader.dead_letters() == [again]
    assert reader.dead_letter_counts() == {"malformed": 1}


def test_a_letter_that_comes_while_others_expire_stays(store, another, reader, monkeypatch):
    store.write(Bundle(dead_letters=[a_dead_letter(1, arrival_unix_second=100.0)]))
    fresh = a_dead_letter(2, arrival_unix_second=2000.0)
    positions = store._letters._positions

    def and_meanwhile(spans):
        found = positions(spans)
        another.write(Bundle(dead_letters=[fresh]))
        return found

    monkeypatch.setattr(store._letters, "_positions", and_meanwhile)
    store.expire("dead_letter", 1000.0)
    assert reader.dead_letters() == [fresh]
    assert reader.dead_letter_counts() == {"malformed": 1}


def test_other_readers_notice_what_has_expired(store, reader):
    store.write(Bundle(dead_letters=[a_dead_letter(n, arrival_unix_second=100.0 * n) for n in (1, 2, 3)]))
    assert reader.dead_letter_counts() == {"malformed": 3}
    store.expire("dead_letter", 250.0)
    assert reader.dead_letter_counts() == {"malformed": 1}


def test_what_has_no_known_arrival_does_not_expire(store):
    unknown = a_late_reading(offset=1, arrival_unix_second=float("nan"))
    store.write(Bundle(late=[unknown, a_late_reading(offset=2, arrival_unix_second=1.0)]))
    assert store.expire("late", 1e9) == 1
    assert [row.offset for row in store.late()] == [1]

"""Which letters are sent again, where to, and that it happens once."""

from pathlib import Path

import pytest

from pipelines.dead_letters import place as place_module
from pipelines.dead_letters.fix import Fix, parse_fix
from pipelines.dead_letters.message import Message, letter_message
from pipelines.dead_letters.place import Kept, LetterTopic
from pipelines.dead_letters.resubmission import Outcome, candidates, resubmit
from pipelines.dead_letters.target import LogTarget, open_target
from pipelines.sources import SourceError, open_source
from pipelines.sources.log import LogWriter
from schemas.dead_letter import encode_headers
from tests.dead_letters.letters import GOOD, IN_MILLIAMPERE, MemoryTopic, a_letter, crc_partition

TO_AMPERE = parse_fix("", ["current_ma=current_ampere"], ["current_ampere=0.001"], [])


def found(*letters, before=frozenset(), fix=None, force=False):
    return list(candidates(letters, set(before), fix or Fix(), force=force))


def outcomes(*letters, **wishes):
    return [candidate.outcome for candidate in found(*letters, **wishes)]


def sent(*letters, target=None, notes="notes", **wishes):
    topic = target or MemoryTopic()
    place = Kept(letters, Path(notes))
    tally = resubmit(found(*letters, **wishes), place, topic.as_target(), "kafka://h:1/t")
    return topic, {outcome: count for outcome, count in tally.items() if count}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_what_a_run_takes_now_is_sent_and_what_it_would_refuse_again_is_left():
    assert outcomes(a_letter(GOOD), a_letter(b"{")) == [Outcome.SENT, Outcome.REFUSED]
    assert outcomes(a_letter(b"{"), force=True) == [Outcome.SENT]


def test_it_is_the_fixed_message_that_counts():
    assert outcomes(a_letter(IN_MILLIAMPERE)) == [Outcome.REFUSED]
    (candidate,) = found(a_letter(IN_MILLIAMPERE), fix=TO_AMPERE)
    assert candidate.outcome is Outcome.SENT
    assert candidate.verdict == (1, "b1", "")


def test_what_cannot_be_fixed_or_is_not_there_any_more_is_left():
    lost, cut = a_letter(b"", reason="lost"), a_letter(GOOD, payload_size=len(GOOD) + 1)
    assert outcomes(lost, cut, a_letter(b"{"), fix=TO_AMPERE, force=True) == [
        Outcome.LOST,
        Outcome.CUT,
        Outcome.UNFIXED,
    ]


def test_a_message_keeps_key_and_headers_and_names_its_letter():
    letter = a_letter(GOOD, key=b"channel 4", headers=encode_headers([("trace", b"1")]))
    topic, tally = sent(letter)
    assert tally == {Outcome.SENT: 1}
    headers = [("trace", b"1"), ("chargetracker-resubmitted", b"log:5f0c/03@17/-1")]
    assert topic.messages() == [Message(crc_partition(b"b1", 2), b"channel 4", GOOD, headers)]


def test_a_message_that_comes_back_again_names_only_its_newest_letter():
    headers = encode_headers([("chargetracker-resubmitted", b"log:5f0c/03@2/-1")])
    topic, _ = sent(a_letter(GOOD, headers=headers))
    assert topic.messages()[0].headers == [("chargetracker-resubmitted", b"log:5f0c/03@17/-1")]


def test_without_a_key_the_battery_is_the_key():
    topic, _ = sent(a_letter(GOOD))
    assert topic.messages()[0].key == b"b1"


@pytest.mark.parametrize(
    ("partition", "key", "number"),
    [("kafka:x/1", b"k", 1), ("kafka:x/7", b"k", crc_partition(b"k", 2)), ("file:x/y", b"", 0)],
)
def test_where_no_battery_can_be_told_it_goes_where_it_was(partition, key, number):
    topic, _ = sent(a_letter(b"?", partition=partition, key=key), force=True)
    assert [message.partition for message in topic.messages()] == [number]


def test_a_letter_of_a_store_is_sent_once():
    letters = [a_letter(GOOD, offset=offset) for offset in (2, 1)]
    sent(*letters[:1])
    before = Kept([], Path("notes")).resubmitted()
    assert before == {"log:5f0c/03@2/-1"}
    topic, tally = sent(*letters, before=before)
    assert tally == {Outcome.BEFORE: 1, Outcome.SENT: 1}
    assert len(topic.messages()) == 1
    assert Kept([], Path("notes")).resubmitted() == {"log:5f0c/03@2/-1", "log:5f0c/03@1/-1"}


def test_letters_of_a_store_are_sent_in_the_order_they_came():
    letters = [a_letter(offset=offset, reading_index=index) for offset, index in ((3, 0), (2, 1), (2, 0))]
    assert [letter.offset for letter in Kept(letters, Path("notes")).letters()] == [2, 2, 3]


def test_what_the_target_cannot_take_is_counted_and_not_remembered():
    large = a_letter(GOOD[:-1] + b' ,"x":"%s"}' % (b"x" * 5000), offset=1)
    _, tally = sent(large, a_letter(GOOD), target=MemoryTopic(largest_bytes=1000))
    assert tally == {Outcome.UNFIT: 1, Outcome.SENT: 1}
    assert Kept([], Path("notes")).resubmitted() == {"log:5f0c/03@17/-1"}


def test_a_topic_knows_itself_which_of_its_letters_were_sent_again(monkeypatch):
    kept = MemoryTopic()
    first, second = a_letter(GOOD, offset=1), a_letter(GOOD, offset=2, partition="log:5f0c/01")
    kept.as_target().send([letter_message(letter, "t", 2) for letter in (first, second, first)])
    kept.send([Message(0, b"k", b"by somebody else", [])])
    monkeypatch.setattr(place_module, "open_source", lambda url: kept.as_source())
    monkeypatch.setattr(place_module, "open_target", lambda url: kept.as_target())
    topic = LetterTopic("kafka://h:1/dead")
    assert sorted(topic.letters()) == sorted([first, second]), "a repeated letter is one"
    assert topic.resubmitted() == set()
    topic.remember([first], "kafka://h:1/t")
    kept.as_source()
    assert topic.resubmitted() == {"log:5f0c/03@1/-1"}
    assert len(list(topic.letters())) == 2


def test_a_log_takes_whole_lines_only(tmp_path):
    LogWriter(tmp_path / "log", 2).close()
    target = open_target(f"log://{tmp_path}/log")
    assert isinstance(target, LogTarget)
    messages = [Message(1, b"k", value, []) for value in (b"one", b"two\nlines", b"", b"two")]
    assert target.send(messages) == [1, 2]
    target.close()
    source = open_source(f"log://{tmp_path}/log")
    batch = source.poll(source.partitions()[1], 0, 1000)
    assert list(batch.messages()) == [b"one", b"two"]


@pytest.mark.parametrize("url", ["file://x.csv", "log://nowhere", "kafka://h/t", "readings"])
def test_where_nothing_can_be_sent_is_refused(url):
    with pytest.raises(SourceError):
        open_target(url)

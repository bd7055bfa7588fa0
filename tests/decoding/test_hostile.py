"""Every hostile message becomes a dead letter, and costs nobody else anything."""

import pytest

from pipelines.decoding import decode
from schemas import DEAD_LETTER_KEY, DeadLetterChunk
from schemas.dead_letter import MAX_DETAIL_CHARACTERS, WHOLE_MESSAGE
from tests.decoding.batches import ARRIVAL_UNIX_SECOND, PARTITION, a_batch, decoded, offset_of
from tests.decoding.hostile import ACCEPTED, CASES, GOOD, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_message_is_refused_for_its_reason(case: Case):
    chunks, letters = decoded(case.message)
    assert [letter.reason for letter in letters] == [case.expected] * (case.expected != ACCEPTED)
    assert len(chunks) == (case.expected == ACCEPTED)


@pytest.fixture(scope="module")
def elements():
    """All cases in one poll, a good message of another battery before each and after the last."""
    neighbour = GOOD.replace(b'"B"', b'"neighbour"')
    return decode(a_batch(*(part for case in CASES for part in (neighbour, case.message)), neighbour))


def test_every_good_message_between_hostile_ones_comes_out(elements):
    chunks = dict(elements[:-1])
    assert chunks["neighbour"].offsets.tolist() == [offset_of(2 * number) for number in range(len(CASES) + 1)]
    harmless = [number for number, case in enumerate(CASES) if case.expected == ACCEPTED]
    assert chunks["B"].offsets.tolist() == [offset_of(2 * number + 1) for number in harmless]
    assert set(chunks) == {"neighbour", "B"}


def test_every_hostile_message_among_good_ones_is_a_dead_letter_with_its_place_and_reason(elements):
    key, chunk = elements[-1]
    assert key == DEAD_LETTER_KEY + PARTITION
    assert isinstance(chunk, DeadLetterChunk)
    expected = [(offset_of(2 * k + 1), case.expected) for k, case in enumerate(CASES) if case.expected != ACCEPTED]
    assert [(letter.offset, letter.reason) for letter in chunk.letters] == expected
    assert {letter.partition for letter in chunk.letters} == {PARTITION}
    assert {letter.arrival_unix_second for letter in chunk.letters} == {ARRIVAL_UNIX_SECOND}


def test_a_dead_letter_holds_the_begin_of_its_message_its_true_size_and_a_bounded_detail(elements):
    messages = [case.message for case in CASES if case.expected != ACCEPTED]
    for letter, message in zip(elements[-1][1].letters, messages, strict=True):
        assert 0 < len(letter.detail) <= MAX_DETAIL_CHARACTERS
        if letter.reading_index == WHOLE_MESSAGE:
            assert letter.payload == message
            assert letter.payload_size == len(message)


def test_a_message_that_the_source_has_cut_is_oversized_and_its_true_size_is_told():
    [(_, chunk)] = decode(a_batch(b'{"battery_id":"', sizes=[1_000_000_000]))
    assert [(letter.reason, letter.payload_size) for letter in chunk.letters] == [("oversized", 1_000_000_000)]


def test_an_object_that_is_split_over_two_messages_is_two_dead_letters():
    half = GOOD.index(b",") + 1
    chunks, letters = decoded(GOOD[:half], GOOD[half:], GOOD)
    assert [letter.reason for letter in letters] == ["malformed", "malformed"]
    assert [chunk.offsets.tolist() for chunk in chunks] == [[offset_of(2)]]

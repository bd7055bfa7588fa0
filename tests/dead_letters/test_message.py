"""What a dead letter is as a Kafka message."""

import pytest

from pipelines.dead_letters.message import (
    concerns,
    letter_message,
    letter_of,
    note_message,
    noted_identity,
    partition_number,
)
from tests.dead_letters.letters import ORIGINAL_HEADERS, a_letter, with_everything


def test_the_original_bytes_and_headers_stay_and_ours_come_behind_them():
    message = letter_message(with_everything(), "battery_data", partitions=1)
    assert message == (
        0,
        b"log:5f0c/03@17/-1",
        b'{"a":\xff',
        [
            *ORIGINAL_HEADERS,
            ("chargetracker-reason", b"malformed"),
            ("chargetracker-detail", b"no JSON"),
            ("chargetracker-partition", b"log:5f0c/03"),
            ("chargetracker-topic", b"battery_data"),
            ("chargetracker-topic-partition", b"3"),
            ("chargetracker-offset", b"17"),
            ("chargetracker-reading-index", b"-1"),
            ("chargetracker-arrival", b"1700000000.25"),
            ("chargetracker-key", b"b1\x00"),
            ("chargetracker-size", b"2000000"),
        ],
    )


@pytest.mark.parametrize("letter", [a_letter(), with_everything(), a_letter(b"", detail="µ\n", reading_index=3)])
def test_a_letter_survives_its_message(letter):
    message = letter_message(letter, "t", partitions=1)
    assert letter_of(message.value, message.headers) == letter


def test_the_letters_of_a_partition_stay_together_and_so_in_order():
    homes = {letter_message(a_letter(offset=offset), "t", partitions=50).partition for offset in range(20)}
    assert len(homes) == 1


def damaged(name, content):
    message = letter_message(a_letter(), "t", partitions=1)
    return [(one, content if one == f"chargetracker-{name}" else kept) for one, kept in message.headers]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("chargetracker-reason", b"malformed")],
        damaged("reason", b"unheard of"),
        damaged("offset", b"seventeen"),
        damaged("arrival", b"\xff"),
        letter_message(a_letter(), "t", partitions=1).headers[:-1],
        note_message(a_letter(), "t", 1).headers,
    ],
)
def test_what_is_no_dead_letter_is_not_taken_for_one(headers):
    assert letter_of(b"{", headers) is None


def test_a_note_says_which_letter_was_sent_again():
    note, letter = note_message(a_letter(), "log://x", 7), letter_message(a_letter(), "t", 7)
    assert noted_identity(note.key, note.headers) == "log:5f0c/03@17/-1"
    assert note.partition == letter.partition
    assert note.key != letter.key, "a compacted topic would drop the letter"
    assert noted_identity(letter.key, letter.headers) is None


@pytest.mark.parametrize(
    ("partition", "number"),
    [("log:5f0c/03", 3), ("kafka:AbC_-9/11", 11), ("file:1234/7", None), ("p", None), ("log:x/", None)],
)
def test_topics_and_logs_number_their_partitions(partition, number):
    assert partition_number(a_letter(partition=partition)) == number


@pytest.mark.parametrize(
    ("payload", "key", "found"),
    [(b'{"battery_id":"b1",', b"", True), (b"\xff", b"b1", True), (b'{"battery_id":"b12"', b"b", False)],
)
def test_a_letter_concerns_the_battery_that_key_or_content_name(payload, key, found):
    assert concerns(a_letter(payload, key=key), "b1") == found

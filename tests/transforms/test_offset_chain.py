"""The committed offset: a prefix that only grows, whatever order the acknowledgements come in."""

import random

from hypothesis import given
from hypothesis import strategies as st

from pipelines.transforms.offset_chain import OffsetChain, decode_offset_chain, encode_offset_chain
from schemas import Acknowledgement


def acknowledged(chain, *acknowledgements):
    for first, after, part, parts in acknowledgements:
        chain = chain.with_acknowledgement(Acknowledgement(first, after, part, parts))
    return chain


def test_a_poll_is_committed_when_its_last_part_is_stored():
    chain = acknowledged(OffsetChain(0), (0, 10, 0, 2))
    assert chain.committed == 0
    assert acknowledged(chain, (0, 10, 1, 2)).committed == 10


def test_a_repeated_acknowledgement_does_not_stand_for_another_part():
    assert acknowledged(OffsetChain(0), (0, 10, 0, 2), (0, 10, 0, 2)).committed == 0


def test_a_later_poll_waits_for_the_one_before_it():
    chain = acknowledged(OffsetChain(0), (10, 20, 0, 1))
    assert chain.committed == 0
    assert acknowledged(chain, (0, 10, 0, 1)) == OffsetChain(20)


def test_holes_in_the_offsets_do_not_hold_it_back():
    # Retention took 0-499: the poll stood at 0 and found 500-599.
    assert acknowledged(OffsetChain(0), (0, 600, 0, 1), (600, 700, 0, 1)).committed == 700


def test_an_overlapping_poll_advances_it():
    assert acknowledged(OffsetChain(15), (10, 20, 0, 1)) == OffsetChain(20)


def test_what_is_committed_already_changes_nothing():
    chain = OffsetChain(30)
    assert acknowledged(chain, (10, 20, 0, 1), (20, 30, 0, 1)) is chain


def test_a_chain_survives_its_bytes_also_with_many_parts():
    chain = acknowledged(OffsetChain(0), *((10, 20, part, 300) for part in range(0, 299, 7)))
    assert decode_offset_chain(encode_offset_chain(chain)) == chain


@given(st.lists(st.integers(1, 5), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_any_order_of_acknowledgements_ends_at_the_end(parts_of_polls, order: random.Random):
    acks = [
        (10 * poll, 10 * poll + 10, part, parts) for poll, parts in enumerate(parts_of_polls) for part in range(parts)
    ]
    order.shuffle(acks)
    chain = OffsetChain(0)
    for ack in acks:
        after = decode_offset_chain(encode_offset_chain(acknowledged(chain, ack)))
        assert after.committed >= chain.committed
        chain = after
    assert chain == OffsetChain(10 * len(parts_of_polls))


@given(st.lists(st.integers(1, 4), min_size=2, max_size=10), st.data())
def test_nothing_is_committed_past_a_part_that_is_missing(parts_of_polls, data):
    acks = [(10 * k, 10 * k + 10, part, n) for k, n in enumerate(parts_of_polls) for part in range(n)]
    missing = data.draw(st.sampled_from(acks))
    chain = acknowledged(OffsetChain(0), *(ack for ack in acks if ack != missing))
    assert chain.committed == missing[0]

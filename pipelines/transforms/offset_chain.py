"""Which prefix of a partition is stored: acknowledgements come in any order, the committed offset only grows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from schemas import Acknowledgement


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll of which some parts are stored: bit p of ``stored`` is part p."""

    first_offset: int
    next_offset: int
    parts: int
    stored: int

    @property
    def complete(self) -> bool:
        """True when every part is stored."""
        return self.stored == (1 << self.parts) - 1


@dataclass(frozen=True, slots=True)
class OffsetChain:
    """Everything below ``committed`` is stored; ``waiting`` are polls at or above it that are not yet whole or next.

    >>> chain = OffsetChain(0).with_acknowledgement(Acknowledgement(10, 20, part=0, parts=1))
    >>> chain.committed  # the poll from 0 to 10 is not stored yet
    0
    >>> chain.with_acknowledgement(Acknowledgement(0, 10, part=0, parts=1)).committed
    20
    """

    committed: int
    waiting: tuple[Poll, ...] = ()

    def with_acknowledgement(self, acknowledgement: Acknowledgement) -> OffsetChain:
        """The chain after one more part was stored. A repeated acknowledgement changes nothing.

        A poll that begins at or below the committed offset advances it, also when it overlaps: what it holds is
        stored, and offsets may have holes.
        """
        if acknowledgement.next_offset <= self.committed:
            return self
        waiting = {(poll.first_offset, poll.next_offset): poll for poll in self.waiting}
        key = (acknowledgement.first_offset, acknowledgement.next_offset)
        poll = waiting.get(key) or Poll(*key, acknowledgement.parts, 0)
        waiting[key] = replace(poll, stored=poll.stored | 1 << acknowledgement.part)
        return _advanced(self.committed, sorted(waiting.values(), key=lambda poll: poll.first_offset))


def _advanced(committed: int, polls: list[Poll]) -> OffsetChain:
    for poll in polls:
        if poll.first_offset > committed:
            break
        if poll.complete:
            committed = max(committed, poll.next_offset)
    return OffsetChain(committed, tuple(poll for poll in polls if poll.next_offset > committed))


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[int, list[tuple[int, int, int, bytes]]])


def encode_offset_chain(chain: OffsetChain) -> bytes:
    """The chain as msgpack."""
    polls = [
        (poll.first_offset, poll.next_offset, poll.parts, poll.stored.to_bytes(poll.parts // 8 + 1, "little"))
        for poll in chain.waiting
    ]
    return _encoder.encode((chain.committed, polls))


def decode_offset_chain(data: bytes) -> OffsetChain:
    """Inverse of `encode_offset_chain`."""
    committed, polls = _decoder.decode(data)
    waiting = (Poll(first, after, parts, int.from_bytes(stored, "little")) for first, after, parts, stored in polls)
    return OffsetChain(committed, tuple(waiting))

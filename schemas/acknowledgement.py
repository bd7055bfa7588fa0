"""The word that one part of one poll is stored, on its way to the committed offset."""

from __future__ import annotations

import msgspec


class Acknowledgement(msgspec.Struct, frozen=True, array_like=True):
    """Part ``part`` of ``parts`` of the poll [first_offset, next_offset) is in the store."""

    first_offset: int
    next_offset: int
    part: int
    parts: int


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Acknowledgement)


def encode_acknowledgement(acknowledgement: Acknowledgement) -> bytes:
    """The acknowledgement as msgpack."""
    return _encoder.encode(acknowledgement)


def decode_acknowledgement(data: bytes) -> Acknowledgement:
    """Inverse of `encode_acknowledgement`."""
    return _decoder.decode(data)

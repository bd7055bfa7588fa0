"""Beam's servers in Java, made to listen where they are told to.

Beam's `ServerFactory` is given an address, and hands only the port of it to the gRPC library, which then listens on
all addresses of the machine; there is no setting for it. One of its classes is therefore written anew with one call
changed, from ``forPort(address.getPort())`` to ``forAddress(address)``, and put in front of the class path.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

from pipelines.servers.errors import ServerError

LOOPBACK_CLASSES = "classes"
"""Name of such a folder."""
CLASS = "org/apache/beam/sdk/fn/server/ServerFactory$InetSocketAddressServerFactory.class"
_ARTIFACT = "beam-sdks-java-core-"
_UTF8, _METHOD, _NAME_AND_TYPE = 1, 10, 12
# Bytes behind the tag of a constant, and whether it takes two numbers (Java Virtual Machine Specification, 4.4).
_SIZES = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}
_TWICE = (5, 6)
_LOAD_ADDRESS, _INVOKE_VIRTUAL, _INVOKE_STATIC, _NOTHING = b"\x2b", b"\xb6", b"\xb8", b"\x00"


def write_loopback_class(folder: Path, jars: Sequence[Path]) -> None:
    """Write the changed class below a folder that is in front of the class path.

    Raises:
        ServerError: Beam's class is not what it was when this was written.
    """
    (core,) = (jar for jar in jars if jar.name.startswith(_ARTIFACT))
    file = folder / CLASS
    file.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(core) as original:
        file.write_bytes(listening_where_told(original.read(CLASS)))


def listening_where_told(data: bytes) -> bytes:
    """The class with its one call changed.

    Raises:
        ServerError: It has no such call.
    """
    constants, end = _constants(data)
    methods = {_method(constants, number): number for number, (tag, _) in constants.items() if tag == _METHOD}
    found = [
        (called, number)
        for called, number in methods.items()
        if called[1] == b"forPort" and called[2].startswith(b"(I)")
    ]
    get_port = methods.get((b"java/net/InetSocketAddress", b"getPort", b"()I"))
    count = struct.unpack_from(">H", data, 8)[0]
    if len(found) == 1 and get_port is not None:
        (_, _, descriptor), for_port = found[0]
        before = _LOAD_ADDRESS + _INVOKE_VIRTUAL + _short(get_port) + _INVOKE_STATIC + _short(for_port)
        after = _LOAD_ADDRESS + 3 * _NOTHING + _INVOKE_STATIC + _short(count + 3)
        if data.count(before, end) == 1:
            added = _added(count, constants[for_port][1][:2], descriptor.replace(b"(I)", b"(Ljava/net/SocketAddress;)"))
            return data[:8] + _short(count + 4) + data[10:end] + added + data[end:].replace(before, after)
    message = "Beam's class that opens ports is not the one that this version of ChargeTracker knows."
    raise ServerError(message)


def _added(count: int, owner: bytes, descriptor: bytes) -> bytes:
    """Four constants more: a name, a descriptor, both together, and the method."""
    return b"".join(
        [
            *(_utf8(b"forAddress"), _utf8(descriptor)),
            bytes([_NAME_AND_TYPE]) + _short(count) + _short(count + 1),
            bytes([_METHOD]) + owner + _short(count + 2),
        ]
    )


def _constants(data: bytes) -> tuple[dict[int, tuple[int, bytes]], int]:
    """Tag and content of each constant by its number, and where they end."""
    constants, number, place = {}, 1, 10
    while number < struct.unpack_from(">H", data, 8)[0]:
        tag, place = data[place], place + 1
        size = 2 + struct.unpack_from(">H", data, place)[0] if tag == _UTF8 else _SIZES[tag]
        constants[number] = tag, data[place : place + size]
        number, place = number + 1 + (tag in _TWICE), place + size
    return constants, place


def _method(constants: dict[int, tuple[int, bytes]], number: int) -> tuple[bytes, bytes, bytes]:
    """Class, name and descriptor."""
    owner, name_and_type = struct.unpack(">HH", constants[number][1])
    name, descriptor = struct.unpack(">HH", constants[name_and_type][1])
    (owner_name,) = struct.unpack(">H", constants[owner][1])
    return _text(constants, owner_name), _text(constants, name), _text(constants, descriptor)


def _text(constants: dict[int, tuple[int, bytes]], number: int) -> bytes:
    return constants[number][1][2:]


def _utf8(text: bytes) -> bytes:
    return bytes([_UTF8]) + _short(len(text)) + text


def _short(number: int) -> bytes:
    return struct.pack(">H", number)

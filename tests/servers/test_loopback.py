"""The one call of Beam's class that opens ports, changed."""

import struct
from zipfile import ZipFile

import pytest

from pipelines.servers.errors import ServerError
from pipelines.servers.loopback import CLASS, listening_where_told, write_loopback_class


def utf8(text):
    return b"\x01" + struct.pack(">H", len(text)) + text.encode()


def a_class(method="forPort"):
    """Constants 1 to 13 as Java numbers them, a long among them, and a body that calls what Beam's class calls."""
    constants = [
        *(utf8("java/net/InetSocketAddress"), b"\x07\x00\x01"),  # 1, 2
        *(utf8("getPort"), utf8("()I"), b"\x0c\x00\x03\x00\x04", b"\x0a\x00\x02\x00\x05"),  # 3 to 6
        *(utf8("x/NettyServerBuilder"), b"\x07\x00\x07"),  # 7, 8
        b"\x05" + bytes(8),  # 9 and 10
        *(
            utf8(method),
            utf8("(I)Lx/NettyServerBuilder;"),
            b"\x0c\x00\x0b\x00\x0c",
            b"\x0a\x00\x08\x00\x0d",
        ),  # 11 to 14
    ]
    body = b"\x2b\xb6\x00\x06\xb8\x00\x0e\xb0"
    return b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + struct.pack(">H", 15) + b"".join(constants) + body


def test_the_address_itself_is_handed_on_and_nothing_else_changes():
    before, after = a_class(), listening_where_told(a_class())
    added = [
        utf8("forAddress"),  # 15
        utf8("(Ljava/net/SocketAddress;)Lx/NettyServerBuilder;"),  # 16
        b"\x0c\x00\x0f\x00\x10",  # 17: name 15, descriptor 16
        b"\x0a\x00\x08\x00\x11",  # 18: class 8, 17
    ]
    assert after[:8] == before[:8]
    assert after[8:10] == struct.pack(">H", 19)
    # aload_1; nop; nop; nop; invokestatic 18; areturn
    assert after[10:] == before[10:-8] + b"".join(added) + b"\x2b\x00\x00\x00\xb8\x00\x12\xb0"


def test_another_class_is_refused():
    with pytest.raises(ServerError, match="not the one"):
        listening_where_told(a_class(method="forAddress"))


def test_the_class_is_taken_from_beams_own_jar(tmp_path):
    with ZipFile(tmp_path / "beam-sdks-java-core-2.70.0.jar", "w") as jar:
        jar.writestr(CLASS, a_class())
    write_loopback_class(tmp_path / "conf", [tmp_path / "other.jar", tmp_path / "beam-sdks-java-core-2.70.0.jar"])
    assert (tmp_path / "conf" / CLASS).read_bytes() == listening_where_told(a_class())

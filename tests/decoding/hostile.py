"""Messages that are broken or meant to harm, each with the reason it must be refused for, or "accepted"."""

from typing import NamedTuple

from schemas.reading import MAX_READING_BYTES

ACCEPTED = "accepted"

_FIELDS = {
    "battery_id": b'"B"',
    "cycle_count": b"1",
    "step_id": b"1",
    "unix_time_second": b"1760000000",
    "current_ampere": b"1.5",
    "voltage_volt": b"3.7",
}


class Case(NamedTuple):
    name: str
    message: bytes
    expected: str


def with_fields(**raw: bytes | None) -> bytes:
    """A good message in which these fields are given as they stand; `None` leaves one out."""
    fields = {name: value for name, value in (_FIELDS | raw).items() if value is not None}
    return b"{" + b",".join(b'"%s":%s' % (name.encode(), value) for name, value in fields.items()) + b"}"


GOOD = with_fields()


def nested(depth: int) -> bytes:
    """A good message with an unknown field in which objects are nested this deep."""
    return with_fields(x=b'{"a":' * depth + b"1" + b"}" * depth)


def _voltage(name: str, raw: bytes, expected: str) -> Case:
    return Case(name, with_fields(voltage_volt=raw), expected)


def _cycle(name: str, raw: bytes, expected: str) -> Case:
    return Case(name, with_fields(cycle_count=raw), expected)


def _time(name: str, raw: bytes, expected: str) -> Case:
    return Case(name, with_fields(unix_time_second=raw), expected)


def _battery(name: str, raw: bytes, expected: str) -> Case:
    return Case(name, with_fields(battery_id=raw), expected)


NUMBERS = (
    _voltage("NaN", b"NaN", "malformed"),
    _voltage("Infinity", b"Infinity", "malformed"),
    _voltage("1e999", b"1e999", "out_of_range"),
    _voltage("-1e999", b"-1e999", "out_of_range"),
    _voltage("number as text", b'"3.7"', "wrong_type"),
    _voltage("null voltage", b"null", "missing_field"),
    _voltage("true as voltage", b"true", "wrong_type"),
    _voltage("object as voltage", b'{"value":3.7}', "wrong_type"),
    _voltage("20 kV", b"20000", "out_of_range"),
    _voltage("voltage with 5000 digits", b"1" * 5000, "out_of_range"),
    _voltage("array 100 deep", b"[" * 100 + b"]" * 100, "wrong_type"),
    _voltage("array 100000 deep", b"[" * 100_000 + b"]" * 100_000, "malformed"),
    _cycle("cycle 1.0", b"1.0", "wrong_type"),
    _cycle("cycle 1.5", b"1.5", "wrong_type"),
    _cycle("cycle -1", b"-1", "out_of_range"),
    _cycle("cycle with 5000 digits", b"9" * 5000, "out_of_range"),
    _time("time 2^63", b"9223372036854775808", "out_of_range"),
    _time("time 2^64", b"18446744073709551616", "out_of_range"),
    _time("time with 400 digits", b"9" * 400, "out_of_range"),
    _time("time with 5000 digits", b"9" * 5000, "out_of_range"),
    _time("negative time", b"-1", "out_of_range"),
    _time("time in milliseconds", b"1760000000000", "out_of_range"),
    _time("year 2096", b"3999999999", "out_of_range"),
    _time("no time", b"null", "missing_field"),
)

IDENTIFIERS = (
    _battery("invalid UTF-8", b'"\xff\xfe"', "malformed"),
    _battery("lone surrogate", b'"\\ud800"', "malformed"),
    _battery("NUL", b'"A\\u0000B"', "bad_identifier"),
    _battery("raw control character", b'"A\x01B"', "malformed"),
    _battery("newline at the end", b'"A\\n"', "bad_identifier"),
    _battery("statement", b'"x\'; DROP TABLE y; --"', "bad_identifier"),
    _battery("markup", b'"<script>"', "bad_identifier"),
    _battery("key of the dead letters", b'"!dead-letters/"', "bad_identifier"),
    _battery("65 characters", b'"' + b"A" * 65 + b'"', "bad_identifier"),
    _battery("no character", b'""', "bad_identifier"),
    _battery("battery null", b"null", "missing_field"),
    _battery("battery 5", b"5", "wrong_type"),
    _battery("battery of 10 MB", b'"' + b"A" * 10_000_000 + b'"', "oversized"),
    _battery("battery of 4 MB of emoji", b'"' + "\U0001f50b".encode() * 1_000_000 + b'"', "oversized"),
    Case("bad test", with_fields(test_id=b'"a b"'), "bad_identifier"),
    Case("bad group", with_fields(group=b'""'), "bad_identifier"),
)

SHAPES = (
    Case("missing voltage", with_fields(voltage_volt=None), "missing_field"),
    Case("missing battery", with_fields(battery_id=None), "missing_field"),
    Case("missing times", with_fields(unix_time_second=None), "missing_field"),
    Case("objects 10800 deep in an unknown field", nested(10_800), "malformed"),
    Case("objects 100000 deep in an unknown field", nested(100_000), "oversized"),
    Case("just too large", with_fields(x=b'"' + b"A" * MAX_READING_BYTES + b'"'), "oversized"),
    Case("too large with an array", with_fields(x=b"[" + b"1," * MAX_READING_BYTES + b"1]"), "oversized"),
    Case("a million fields", b"{" + b",".join(b'"k%d":1' % k for k in range(1_000_000)) + b"}", "oversized"),
    Case("byte order mark", b"\xef\xbb\xbf" + GOOD, "malformed"),
    Case("UTF-16", GOOD.decode().encode("utf-16"), "malformed"),
    Case("empty", b"", "empty"),
    Case("only spaces", b"   ", "empty"),
    Case("array", b"[]", "malformed"),
    Case("reading in an array", b"[" + GOOD + b"]", "malformed"),
    Case("trailing data", GOOD + b"x", "malformed"),
    Case("two objects", GOOD + GOOD, "malformed"),
    Case("two objects with a comma", GOOD + b"," + GOOD, "malformed"),
    Case("truncated", GOOD[:-5], "malformed"),
    Case("only a brace", b"{", "malformed"),
    Case("no field", b"{}", "missing_field"),
    Case("pickle", b"\x80\x04\x95\x0c\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94.", "malformed"),
    Case("columns of different lengths", with_fields(voltage_volt=b"[1,2]", current_ampere=b"[1]"), "malformed"),
    Case("columns without readings", with_fields(voltage_volt=b"[]"), "empty"),
    Case("columns with NaN", with_fields(voltage_volt=b"[1,NaN]"), "malformed"),
    Case("columns, truncated", with_fields(voltage_volt=b"[1,2]")[:-5], "malformed"),
    Case("columns with two batteries", with_fields(battery_id=b'["A","B"]', voltage_volt=b"[1,2]"), "wrong_type"),
    Case("columns of a bad battery", with_fields(battery_id=b'"A\\n"', voltage_volt=b"[1,2]"), "bad_identifier"),
    Case("columns with a text as current", with_fields(current_ampere=b'"1"', voltage_volt=b"[1]"), "wrong_type"),
    Case("columns of 200000", with_fields(voltage_volt=b"[" + b"1," * 199_999 + b"1]"), "oversized"),
    Case("columns of 2 MB", with_fields(voltage_volt=b"[" + b"1," * 999_999 + b"1]"), "oversized"),
    Case("Arrow, only the mark", b"\xff\xff\xff\xff", "malformed"),
    Case("Arrow, negative size", b"\xff\xff\xff\xff\xff\xff\xff\xff", "malformed"),
    Case("Arrow, nothing in it", b"\xff\xff\xff\xff\x00\x00\x00\x00", "malformed"),
    Case("base64 of nothing", b"/////", "malformed"),
    Case("no base64", b"/////\xfe!?", "malformed"),
)

HARMLESS = (
    Case("good", GOOD, ACCEPTED),
    Case("duplicate key", b'{"battery_id":"A",' + GOOD[1:], ACCEPTED),
    Case("unknown field, nested", with_fields(x=b'{"y":[1,2]}'), ACCEPTED),
    Case("unknown field, list", with_fields(x=b"[1,2]"), ACCEPTED),
    Case("spaces around", b" \r\n" + GOOD + b"\r\n ", ACCEPTED),
    Case("nulls where allowed", with_fields(cycle_count=b"null", test_id=b"null", group=b"null"), ACCEPTED),
    Case("integers for floats", with_fields(voltage_volt=b"4", current_ampere=b"0"), ACCEPTED),
    Case("objects 100 deep in an unknown field", nested(100), ACCEPTED),
)

CASES = (*NUMBERS, *IDENTIFIERS, *SHAPES, *HARMLESS)

"""What a fix makes of a message."""

import json
import sys

import pytest

from pipelines.dead_letters.fix import Fix, FixError, parse_fix
from tests.dead_letters.letters import IN_MILLIAMPERE


def fixed(message, program="", rename=(), multiply=(), set_values=()):
    return parse_fix(program, rename, multiply, set_values).of(message)


def test_without_a_fix_the_bytes_are_the_same():
    assert Fix().of(b' {"a": 1} ') == b' {"a": 1} '


def test_milliampere_under_a_wrong_name_become_ampere():
    found = fixed(IN_MILLIAMPERE, rename=["current_ma=current_ampere"], multiply=["current_ampere=0.001"])
    assert json.loads(found) == {
        "battery_id": "b1",
        "test_time_second": 1,
        "voltage_volt": 3.5,
        "current_ampere": 1.25,
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("[1, 2.5, null]", [1000, 2500.0, None]),
        ('"1.5"', 1500.0),
        ('["2", "x", true]', [2000, "x", True]),
        ("null", None),
        ("{}", {}),
    ],
)
def test_only_numbers_are_multiplied_also_in_columns_and_as_text(value, expected):
    assert json.loads(fixed(b'{"a":%s}' % value.encode(), multiply=["a=1000"])) == {"a": expected}


def test_measured_fields_are_set_to_numbers_and_others_to_texts():
    wishes = ["current_ampere=1.5", "battery_id=7", "test_id=a=b", "voltage_volt=null"]
    assert json.loads(fixed(b'{"battery_id":"x"}', set_values=wishes)) == {
        "battery_id": "7",
        "current_ampere": 1.5,
        "test_id": "a=b",
        "voltage_volt": None,
    }


def test_a_fix_of_a_field_that_is_not_there_changes_nothing():
    assert json.loads(fixed(b'{"a":1}', rename=["b=c"], multiply=["b=2"])) == {"a": 1}


def test_a_program_comes_first_and_its_last_line_end_does_not_count():
    program = f"{sys.executable} -c \"print(input().replace(';', ','), end='\\r\\n')\""
    assert fixed(b'{"a":1;"b":2}', program) == b'{"a":1,"b":2}'
    assert json.loads(fixed(b'{"a":1;"b":2}', program, rename=["b=c"])) == {"a": 1, "c": 2}


@pytest.mark.parametrize(
    ("message", "wishes", "said"),
    [
        (b"{", {"rename": ["a=b"]}, "no JSON object"),
        (b"[1]", {"multiply": ["a=1"]}, "no JSON object"),
        (b'{"a":"\xff"}', {"set_values": ["a=1"]}, "no JSON object"),
        (b"[" * 100_000, {"set_values": ["a=1"]}, "no JSON object"),
        (b'{"a":1,"b":2}', {"rename": ["a=b"]}, "it has a and b"),
        (b"{}", {"program": f"{sys.executable} -c 'raise SystemExit(\"no good\")'"}, "exit code 1: no good"),
    ],
)
def test_what_cannot_be_fixed_is_said(message, wishes, said):
    with pytest.raises(FixError, match=said):
        fixed(message, **wishes)


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"rename": ["a"]}, "--rename a: write it as name=value"),
        ({"set_values": ["=1"]}, "--set =1: write it as name=value"),
        ({"multiply": ["a=1,5"]}, "--multiply a=1,5: 1,5 is no number"),
        ({"set_values": ["voltage_volt=high"]}, "--set voltage_volt=high: high is no number"),
        ({"program": "no-such-program -x"}, "--edit no-such-program -x: there is no program no-such-program"),
        ({"program": "cat 'x"}, "--edit cat 'x: No closing quotation"),
    ],
)
def test_a_fix_that_cannot_be_understood_is_refused_with_its_flag(wishes, said):
    with pytest.raises(FixError) as refused:
        fixed(b"{}", **wishes)
    assert str(refused.value).startswith(said)

"""Which export a file is, by its content."""

import pytest

from pipelines.sources import SourceError
from pipelines.sources.cyclers import header_of, makes, recognise

MACCOR = (
    b"Today's Date 08/15/2019\tFilename:\tx\r\nRec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmps\tVolts\tState\r\n1\t0\t"
)
ARBIN = {
    "without units": b"Data_Point,Test_Time,DateTime,Step_Time,Step_Index,Cycle_Index,Current,Voltage\r\n",
    "old": b"Data_Point,Test_Time(s),Date_Time,Step_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)\n",
    "new": b"\xef\xbb\xbfDate Time,Test Time (s),Step Time (s),Cycle Index,Step Index,Current (A),Voltage (V)\n",
}


def test_a_maccor_export_is_known_by_its_second_line():
    export = recognise(MACCOR)
    assert export.make == "maccor"
    assert header_of(export, MACCOR).line == 1


@pytest.mark.parametrize("head", ARBIN.values(), ids=ARBIN.keys())
def test_an_arbin_export_is_known_in_its_spellings(head):
    export = recognise(head)
    assert (export.make, header_of(export, head).line) == ("arbin", 0)
    assert header_of(recognise(head, "arbin"), head).fields[-1].startswith("Voltage")


def test_a_header_that_comes_late_is_found_and_one_that_comes_too_late_is_not():
    assert header_of(recognise(b"remark\n" * 20 + ARBIN["old"]), b"remark\n" * 20 + ARBIN["old"]).line == 20
    with pytest.raises(SourceError):
        recognise(b"remark\n" * 40 + ARBIN["old"])


def test_an_unknown_export_is_told_its_columns_the_nearest_export_and_what_is_missing():
    head = b"some title\nDataPoint,Cycle Index,Step Index,Time,Current(A),Voltage(V)\n1,1,1,0,0,0\n"
    with pytest.raises(SourceError) as refused:
        recognise(head)
    assert "'DataPoint', 'Cycle Index', 'Step Index', 'Time', 'Current(A)', 'Voltage(V)'" in str(refused.value)
    assert "nearest is the Arbin CSV, which would need 'Test_Time' as well" in str(refused.value)


def test_a_make_that_the_file_is_not_of_is_refused():
    with pytest.raises(SourceError, match="nearest is the Arbin CSV"):
        recognise(MACCOR, "arbin")


def test_columns_at_another_separator_are_named_too():
    with pytest.raises(SourceError, match="'time/s', 'Ecell/V', 'I/mA'"):
        recognise(b";time/s;Ecell/V;I/mA\n1;0;3.5;0\n")


def test_a_long_header_is_shortened():
    with pytest.raises(SourceError, match="and 38 more"):
        recognise(",".join(f"column {number}" for number in range(50)).encode())


@pytest.mark.parametrize("head", [b"", b"\n\n", b"\xff\xfe\xfa" * 100, "Ω" * 3])
def test_a_file_of_nothing_is_no_export(head):
    with pytest.raises(SourceError, match="no export that can be read"):
        recognise(head if isinstance(head, bytes) else head.encode())


def test_a_binary_file_is_said_to_be_one():
    with pytest.raises(SourceError, match="this is no text"):
        recognise(b"\x7fELF\x00\x00")


def test_the_makes_are_these():
    assert makes() == ("maccor", "arbin")

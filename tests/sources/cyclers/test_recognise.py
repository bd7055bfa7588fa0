"""Which export a file is, by its content."""

import pytest

from pipelines.sources import SourceError
from pipelines.sources.cyclers import encoding_of, makes, recognise, recognise_columns

MACCOR = (
    b"Today's Date 08/15/2019\tFilename:\tx\r\nRec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmps\tVolts\tState\r\n1\t0\t"
)
ARBIN = {
    "without units": b"Data_Point,Test_Time,DateTime,Step_Time,Step_Index,Cycle_Index,Current,Voltage\r\n",
    "old": b"Data_Point,Test_Time(s),Date_Time,Step_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)\n",
    "new": b"\xef\xbb\xbfDate Time,Test Time (s),Step Time (s),Cycle Index,Step Index,Current (A),Voltage (V)\n",
    "semicolons": b"Data_Point;Test_Time(s);Date_Time;Step_Time(s);Step_Index;Cycle_Index;Current(A);Voltage(V)\n",
    "quotes": b'"Data_Point","Test_Time(s)","Step_Index","Cycle_Index","Current(A)","Voltage(V)"\n',
}


def test_a_maccor_export_is_known_by_its_second_line():
    header = recognise(MACCOR)
    assert (header.export.make, header.line, header.separator) == ("maccor", 1, "\t")
    assert {header.fields[column.field]: column.target for column in header.columns}["Step (Sec)"] == "step_time_second"


@pytest.mark.parametrize("head", ARBIN.values(), ids=ARBIN.keys())
def test_an_arbin_export_is_known_in_its_spellings(head):
    header = recognise(head)
    assert (header.export.make, header.line) == ("arbin", 0)
    assert header.fields[-1].startswith("Voltage")
    assert recognise(head, "arbin").columns == header.columns


def test_a_header_that_comes_late_is_found():
    header = recognise(b"remark, of, some, words\n" * 200 + ARBIN["old"])
    assert (header.export.make, header.line) == ("arbin", 200)


@pytest.mark.parametrize("title", ["Date\r\r\n", "Zelle \x85 A\r\n", "Page 1\x0c\r\n", "Zelle \u2028 A\r\n"])
def test_the_line_of_the_header_is_counted_in_newlines_whatever_the_titles_hold(title):
    assert recognise(title.encode() + MACCOR).line == 2


def test_a_field_that_is_too_long_or_has_a_return_in_it_is_no_header():
    long = b'{"key": ' + b'"' + b"x," * 110_000 + b'"}'
    for head in (long, b'title,"a"\rb,c\n'):
        with pytest.raises(SourceError, match="no export that can be read"):
            recognise(head)
        assert recognise(head + b"\n" + ARBIN["old"]).line == head.count(b"\n") + 1


def test_two_empty_fields_before_a_header_make_no_layers_where_there_is_no_header_of_steps():
    header = recognise(b"title\n\n,,DataPoint,Time,Total Time,Current(A),Voltage(V)\n")
    assert (header.export.title, header.line, header.above) == ("Neware CSV", 2, ())


def test_the_name_of_a_file_means_nothing_and_one_that_comes_too_late_is_not_found():
    with pytest.raises(SourceError, match="no export that can be read"):
        recognise(b"remark\n" * 400 + ARBIN["old"])


def test_an_unknown_export_is_told_its_columns_the_nearest_export_and_what_is_missing():
    head = b"some title\nData_Point,Cycle_Index,Step_Index,Test_Time(s),Current(A)\n1,1,1,0,0\n"
    with pytest.raises(SourceError) as refused:
        recognise(head)
    assert "'Data_Point', 'Cycle_Index', 'Step_Index', 'Test_Time(s)', 'Current(A)'" in str(refused.value)
    assert "nearest is the Arbin CSV, which would need 'Voltage' as well" in str(refused.value)
    assert "map=COLUMN=NAME:UNIT" in str(refused.value)


def test_a_make_that_the_file_is_not_of_is_refused():
    with pytest.raises(SourceError, match="nearest is the PEC CSV"):
        recognise(MACCOR, "pec")


def test_columns_at_another_separator_are_named_too():
    with pytest.raises(SourceError, match="'zeit', 'spannung', 'strom'"):
        recognise(b";zeit;spannung;strom\n1;0;3.5;0\n")


def test_a_long_header_is_shortened():
    with pytest.raises(SourceError, match="and 38 more"):
        recognise(",".join(f"column {number}" for number in range(50)).encode())


@pytest.mark.parametrize("head", [b"", b"\n\n", b"\xff\xfe\xfa" * 100, "Ω".encode() * 3])
def test_a_file_of_nothing_is_no_export(head):
    with pytest.raises(SourceError, match="no export that can be read"):
        recognise(head)


def test_a_binary_file_is_said_to_be_one():
    with pytest.raises(SourceError, match="this is no text"):
        recognise(b"\x7fELF\x00\x00")


def test_columns_without_a_text_are_recognised_by_the_same_tables():
    names = ["Cycle Index", "Step Index", "Total Time", "Current(uA)", "Voltage(mV)", "Step Type"]
    export, columns = recognise_columns(names)
    assert export.make == "neware"
    assert {(names[column.field], column.unit) for column in columns} >= {("Current(uA)", "uA"), ("Voltage(mV)", "mV")}


def test_a_specific_capacity_is_not_taken_for_a_capacity():
    header = recognise(b"DataPoint,Step Type,Total Time,Current(A),Voltage(V),Chg. Spec. Cap.(mAh/g),Chg. Cap.(Ah)\n")
    assert [column.field for column in header.columns if column.target == "charging_capacity_ah"] == [6]


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"plain", "utf-8"),
        ("25 °C".encode(), "utf-8"),
        ("25 °C".encode("latin-1"), "latin-1"),
        ("\ufeffx".encode(), "utf-8-sig"),
        ("Voltage".encode("utf-16"), "utf-16"),
        (("Voltage(V),Current(A)" * 9).encode("utf-16-le"), "utf-16-le"),
        ("电流(A),电压(V)".encode("gbk"), "gb18030"),
        ("电流(A),电压(V)".encode()[:-2], "utf-8"),  # cut within a character
    ],
)
def test_the_encoding_of_a_text(head, encoding):
    assert encoding_of(head) == encoding


def test_the_makes_are_these():
    assert set(makes()) == {
        *("arbin", "maccor", "landt", "neware", "biologic", "pec", "bdf", "batteryarchive", "batterydata"),
        *("novonix", "digatron", "basytec", "pybamm"),
    }

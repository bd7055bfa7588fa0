"""What a person says about a file."""

import pytest

from pipelines.sources import SourceError, open_source
from pipelines.sources.cyclers import Override, parse_map, url_with_overrides
from tests.sources.file.exports import read, written

UNKNOWN = "Zeit,U1,I1,Zyklus\n10,3600,-1500,1\n20,3500,-1500,1\n"
MAPS = "Zeit=test_time_second:min|U1=voltage_volt:mV|I1=current_ampere:mA|Zyklus=cycle_count"


def test_a_map_says_what_a_column_is():
    assert parse_map("I=current_ampere:-mA|T 1=temperature_t1_celsius|a=b=cycle_count") == (
        Override("I", "current_ampere", "-mA"),
        Override("T 1", "temperature_t1_celsius", "degC"),
        Override("a=b", "cycle_count", "1"),
    )
    assert parse_map("") == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I", "not of the form COLUMN=NAME:UNIT"),
        ("=current_ampere", "not of the form"),
        ("I=amps:mA", "use one of test_time_second"),
        ("R=internal_resistance_ohm", "use one of test_time_second"),
        ("I=current_ampere:mV", "use one of A, mA"),
    ],
)
def test_a_map_that_means_nothing_is_answered_with_what_to_do(text, told):
    with pytest.raises(SourceError, match=told):
        parse_map(text)


def test_an_unknown_file_is_read_when_its_columns_are_said(tmp_path):
    path = written(tmp_path, UNKNOWN)
    with pytest.raises(SourceError, match="nearest is"):
        read(path)
    readings, refused, _ = read(path, maps=MAPS)
    assert refused == []
    assert readings[0] == {"test_time_second": 600, "voltage_volt": 3.6, "current_ampere": -1.5, "cycle_count": 1}


def test_a_map_goes_before_what_the_export_says_and_can_turn_a_sign_round(tmp_path):
    text = "Data_Point,Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V),Aux\n1,5,1,1,1.5,3.3,21\n"
    path = written(tmp_path, text)
    readings = read(path, maps="Current(A)=current_ampere:-A|Aux=temperature_t1_celsius:K")[0]
    assert readings[0]["current_ampere"] == -1.5
    assert readings[0]["temperature_t1_celsius"] == pytest.approx(-252.15)
    assert readings[0]["record_index"] == 1


def test_a_map_of_a_column_that_is_not_there_is_refused(tmp_path):
    text = "Data_Point,Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)\n1,5,1,1,1.5,3.3\n"
    with pytest.raises(SourceError, match=r"names a column 'current', but the file has .*'Current\(A\)'"):
        read(written(tmp_path, text), maps="current=current_ampere:A")


def test_a_make_is_believed_although_nothing_is_spelled_as_it_spells(tmp_path):
    text = "Time,I,U,Ah\n5,1.5,3.3,0.1\n"
    with pytest.raises(SourceError):
        read(written(tmp_path, text))
    readings = read(written(tmp_path, text), make="basytec")[0]
    assert readings[0].items() >= {"test_time_second": 5, "current_ampere": 1.5, "voltage_volt": 3.3}.items()


def test_flags_get_into_the_url_of_a_file_and_out_of_it_again(tmp_path):
    path = written(tmp_path, UNKNOWN, "a b.csv")
    url = url_with_overrides(f"file://{path}?battery=b1", maps=MAPS.split("|"))
    source = open_source(url)
    assert source.partitions()[0].endswith("/b1")
    assert source.notes[0] == "read as file with mapped columns"
    assert url_with_overrides("file://x.csv") == "file://x.csv"
    assert url_with_overrides("file://x.csv", make="pec") == "file://x.csv?make=pec"


def test_what_the_url_says_already_is_not_said_again():
    with pytest.raises(SourceError, match="leave out --make"):
        url_with_overrides("file://x.csv?make=pec", make="arbin")
    with pytest.raises(SourceError, match="COLUMN=NAME:UNIT"):
        url_with_overrides("file://x.csv", maps=["current_ampere"])

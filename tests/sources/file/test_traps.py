"""What real files do to a reader: each trap by its name."""

import pyarrow as pa
import pytest

from pipelines.sources import SourceError
from pipelines.sources.file import FileSource
from pipelines.sources.file.layout import layout_of
from pipelines.sources.file.tables import open_table
from pipelines.sources.file.text_table import TextTable
from tests.sources.file.exports import column, read, times, written

HEADER = (
    "Data_Point,Test_Time(s),Step_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V),Charge_Capacity(Ah),"
    "Discharge_Capacity(Ah)\n"
)


def row(number, cycle=1, amperes=1.5, charged=0.0, discharged=0.0):
    return f"{number},{10 * number},5,2,{cycle},{amperes},3.3,{charged},{discharged}\n"


def test_cycle_numbers_that_are_not_whole_are_refused_and_cycles_left_to_be_found(tmp_path):
    path = written(tmp_path, HEADER + row(1, 1) + row(2, 1.5) + row(3, 2))
    readings, refused, reader = read(path)
    assert refused == []
    assert column(readings, "cycle_count") == [None] * 3
    assert "cycle numbers are not whole (1.5): refused, cycles are found from the data" in reader.layout.notes
    assert FileSource(path, "b1").warnings == (
        "cycle numbers are not whole (1.5): refused, cycles are found from the data",
    )


def test_whole_cycle_numbers_written_as_decimals_are_kept(tmp_path):
    readings = read(written(tmp_path, HEADER + row(1, "1.0") + row(2, "2.000E+00")))[0]
    assert column(readings, "cycle_count") == [1, 2]


def test_a_current_without_a_sign_and_nothing_that_tells_the_direction_of_a_row_is_refused(tmp_path):
    rows = "".join(row(number, charged=number / 10) for number in range(30))
    rows += "".join(row(number, charged=2.9, discharged=(number - 30) / 10) for number in range(30, 60))
    with pytest.raises(SourceError, match=r"export\.csv: its current has no sign.*export the state"):
        FileSource(written(tmp_path, HEADER + rows), "b1")


def test_a_current_that_is_negative_while_the_charge_counter_rises_is_turned_round(tmp_path):
    rows = "".join(row(number, amperes=-1.5, charged=number / 10) for number in range(30))
    rows += "".join(row(number, charged=2.9, discharged=(number - 30) / 10) for number in range(30, 60))
    readings, _, reader = read(written(tmp_path, HEADER + rows))
    assert column(readings, "current_ampere") == [1.5] * 30 + [-1.5] * 30
    assert any("turned round" in note for note in reader.layout.notes)


def test_blank_repeated_and_half_written_lines(tmp_path):
    text = HEADER + row(1) + "\n,,,,,,,,\n" + HEADER + row(2) + "\r\n" + row(3).replace("\n", "\r\n") + "4,40,5,2,1,1."
    readings, refused, _ = read(written(tmp_path, text))
    assert times(readings) == [10, 20, 30]
    assert refused == [b"4,40,5,2,1,1."]


def test_a_placeholder_for_a_value_that_must_be_there_is_refused_and_for_another_one_not_known(tmp_path):
    text = HEADER + row(1, amperes="--") + row(2).replace(",5,2,", ",N/A,2,")
    readings, refused, _ = read(written(tmp_path, text))
    assert times(readings) == [20]
    assert "step_time_second" not in readings[0]
    assert refused == [row(1, amperes="--").strip().encode()]


def test_thousands_in_quotes(tmp_path):
    text = HEADER + '1,"1,234.5","1,000",2,1,1.5,3.3,"0.1",0\n' + '2,"2,345",5,2,1,1.5,3.3,0.1,0\n'
    assert times(read(written(tmp_path, text))[0]) == [1234.5, 2345]


def test_quotes_that_never_end_spoil_their_own_line_only(tmp_path):
    readings, refused, _ = read(written(tmp_path, HEADER + row(1) + '2,"20,5,2,1,1.5,3.3\n' + row(3) + row(4)))
    assert times(readings) == [10, 30, 40]
    assert len(refused) == 1


def test_a_field_within_quotes_that_is_too_long_spoils_its_own_line_only(tmp_path):
    long = '2,"' + "x" * 200_000
    readings, refused, _ = read(written(tmp_path, HEADER + row(1) + long + "\n" + row(3)))
    assert times(readings) == [10, 30]
    assert refused == [long.encode()]


@pytest.mark.parametrize("place", ["\r\r\n", "\x85\n", "\x0c\n", "\u2028\n"])
def test_no_reading_is_lost_behind_a_title_with_other_ends_of_lines(tmp_path, place):
    maccor = "Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmps\tVolts\tState\n"
    text = f"Date 08/15/2019{place}{maccor}1\t0\t1\t5\t5\t1.5\t3.6\tC\n2\t0\t1\t6\t6\t1.5\t3.6\tC\n"
    assert times(read(written(tmp_path, text))[0]) == [5, 6]


def test_one_comma_among_dots_costs_its_own_row_only(tmp_path):
    readings, refused, _ = read(written(tmp_path, HEADER + row(1) + '2,20,5,2,1,"0,5",3.45,0,0\n' + row(3)))
    assert (times(readings), column(readings, "voltage_volt"), len(refused)) == ([10, 30], [3.3, 3.3], 1)


def test_columns_with_dots_beside_columns_with_commas(tmp_path):
    rows = "".join(f'{k},{10 * k},"5,5",2,1,"-1,5",3.45,"0,25",0\n' for k in (1, 2))
    readings, refused, _ = read(written(tmp_path, HEADER + rows))
    assert refused == []
    assert column(readings, "current_ampere") == [-1.5, -1.5]
    assert column(readings, "voltage_volt") == [3.45, 3.45]


def test_the_first_rows_are_read_once_whatever_the_number_of_columns(tmp_path, monkeypatch):
    asked = []
    pieces = TextTable.pieces

    def counted(self, first, max_bytes, columns, stop=None):
        asked.append(len(columns))
        return pieces(self, first, max_bytes, columns, stop)

    monkeypatch.setattr(TextTable, "pieces", counted)
    layout_of(open_table(written(tmp_path, HEADER + row(1))))
    assert asked == [9, 4]  # all; then the cycle, the current and both counters of the whole file


def test_days_before_months_are_found_by_a_day_beyond_the_twelfth_far_down_in_the_file(tmp_path):
    head = "Data_Point,Test_Time(s),Date_Time,Step_Index,Cycle_Index,Current(A),Voltage(V)\n"
    lines = [f"{k},{k},01/02/2020 00:{k // 60 % 60:02d}:{k % 60:02d},1,1,1.5,3.3\n" for k in range(3000)]
    text = head + "".join(lines) + "3000,3000,13/02/2020 00:00:00,1,1,1.5,3.3\n"
    assert len(text) > 100_000  # more than what is looked at as a sample
    readings = read(written(tmp_path, text))[0]
    assert readings[0]["unix_time_second"] == 1580515200  # the first of February
    assert readings[-1]["unix_time_second"] == 1581552000  # the 13th


def test_unix_time_in_steps_of_128_seconds_is_kept_beside_the_time_of_the_test(tmp_path):
    head = "Data_Point,Test_Time,DateTime,Step_Time,Step_Index,Cycle_Index,Current,Voltage\n"
    text = head + "1,0,1499006336,0.7,10,1,0,3.2\n2,60,1499006336,0.8,10,1,0,3.2\n"
    readings = read(written(tmp_path, text))[0]
    assert times(readings) == [0, 60]
    assert column(readings, "unix_time_second") == [1499006336] * 2


def test_readings_a_tenth_of_a_millisecond_apart_stay_apart(tmp_path):
    readings = read(
        written(tmp_path, HEADER + row(1).replace("10,", "5.0275,", 1) + row(1).replace("10,", "5.0276,", 1))
    )[0]
    assert times(readings) == [5.0275, 5.0276]


def test_a_resumed_counter_that_does_not_begin_at_zero_is_as_the_cycler_wrote_it(tmp_path):
    assert column(read(written(tmp_path, HEADER + row(1, charged=0.88)))[0], "charging_capacity_ah") == [0.88]


def test_nothing_depends_on_the_name_of_a_file(tmp_path):
    for name in ("maccor.078", "x.mpt", "no_ending", "readings.parquet"):
        assert read(written(tmp_path, HEADER + row(1), name))[2].layout.export.make == "arbin"


def test_a_workbook_and_an_empty_file_are_said_to_be_ones(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    with pytest.raises(SourceError, match="save the sheet with the readings as CSV"):
        read(tmp_path / "x.xlsx")
    with pytest.raises(SourceError, match=r"empty\.csv: this is no export"):
        read(written(tmp_path, "", "empty.csv"))


def test_the_counters_go_out_with_the_reading(tmp_path):
    source = FileSource(written(tmp_path, HEADER + row(1, charged=0.5, discharged=0.25)), "b1")
    (message,) = source.poll(source.partitions()[0], 0, 1000).messages()
    (reading,) = pa.ipc.open_stream(message).read_all().to_pylist()
    assert (reading["charging_capacity_ah"], reading["discharging_capacity_ah"]) == (0.5, 0.25)

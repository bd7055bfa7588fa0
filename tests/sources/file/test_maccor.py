"""Maccor's text, and Landt's that looks like it."""

import pytest

from tests.sources.file.exports import column, read, times, written

SIGNED = """\
Today's Date 08/15/2019  Date of Test:\t08/13/2019
Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\tWF Chg Cap
1\t0\t1\t0.0\t0.0\t0.0\t0.0\t0.0\t3.45\tR\t0\t08/13/2019 19:17:53\tN/A
2\t0\t4\t5.5\t0.5\t0.25\t0.9\t1.5\t3.60\tC\t1\t08/13/2019 19:17:58\tN/A
3\t0\t5\t9.0\t1.0\t0.125\t0.4\t-1.5\t3.40\tD\t1\t08/13/2019 19:18:02\tN/A
4\t0\t5\t9.5\t1.5\t0.130\t0.42\t0.0\t3.45\tS\t193\t08/13/2019 19:18:03\tN/A
"""
DAYS = """\
Today's Date:\t14 December 2020\tDate of Test:\t11 December 2020, 12:22:12 PM
    Filename:\tM50\tTester Channel:\t1
Procedure:\tM50.000\tDescription:
Rec#\tCyc#\tStep\tTestTime\tStepTime\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time
1\t0\t1\t  0d 00:00:0\t  0d 00:00:0\t0.00000\t0.00000\t0.00000\t3.46250\tR\t0\t12/11/2020 12:22:12
2\t0\t2\t  1d 00:00:5.050\t  0d 00:00:0.05\t0.00060\t0.00203\t0.50401\t3.41627\tD\t0\t12/12/2020 12:22:17
3\t0\t3\t  1d 00:01:5.050\t  0d 00:01:0.0\t0.00838\t0.03\t0.50000\t3.6\tC\t0\t12/12/2020 12:23:17
"""
MINUTES = """\
Name:\tCELL-1
Started\t5/11/2021 3:40:24 PM

Rec\tCycle P\tCycle C\tStep\tTestTime\tStepTime\tCap. [Ah]\tEner. [Wh]\tCurrent [A]\tVoltage [V]\tMd\tES\tDPT Time\t

1\t0\t1\t1\t0.000000\t0.000000\t0.0\t0.0\t0.0\t0.1783\tR\t0\t5/11/2021 3:40:24 PM\t
2\t0\t1\t5\t1.500000\t0.500000\t0.1\t0.2\t0.25\t3.0600\tD\t1\t5/11/2021 3:41:54 PM\t
3\t0\t1\t6\t2.000000\t0.500000\t0.1\t0.2\t0.25\t3.1600\tC\t1\t5/11/2021 3:42:24 PM\t
"""


def test_a_signed_export_keeps_its_signs_and_the_one_counter_is_split_by_state(tmp_path):
    readings, refused, reader = read(written(tmp_path, SIGNED, encoding="latin-1"))
    assert refused == []
    assert not reader.layout.unsigned
    assert column(readings, "current_ampere") == [0, 1.5, -1.5, 0]
    assert column(readings, "charging_capacity_ah") == [0, 0.25, 0, 0]
    assert column(readings, "discharging_capacity_ah") == [0, 0, 0.125, 0.130]  # suspended: the counter moved on
    assert column(readings, "charging_energy_wh") == [0, 0.9, 0, 0]
    assert column(readings, "discharging_energy_wh") == [0, 0, 0.4, 0.42]
    assert column(readings, "cycle_count") == [0, 0, 0, 0]
    assert column(readings, "step_id") == [1, 4, 5, 5]
    assert column(readings, "step_time_second") == [0, 0.5, 1, 1.5]


def test_the_direction_of_a_suspended_row_does_not_depend_on_where_reading_began(tmp_path):
    path = written(tmp_path, SIGNED, encoding="latin-1")
    assert read(path, first=3)[0] == read(path)[0][3:]


def test_an_unsigned_export_with_days_on_its_clock(tmp_path):
    readings, refused, reader = read(written(tmp_path, DAYS, encoding="latin-1"))
    assert refused == []
    assert reader.layout.unsigned
    assert times(readings) == [0, 86405.05, 86465.05]
    assert column(readings, "current_ampere") == [0, -0.50401, 0.5]
    assert column(readings, "discharging_capacity_ah") == [0, 0.0006, 0]
    assert column(readings, "charging_energy_wh") == [0, 0, 0.03]
    assert readings[0]["unix_time_second"] == 1607689332  # date -u -d '2020-12-11 12:22:12' +%s


def test_minutes_that_no_header_tells_are_found_by_the_wall_clock(tmp_path):
    readings, refused, reader = read(written(tmp_path, MINUTES, encoding="latin-1"))
    assert refused == []
    assert times(readings) == [0, 90, 120]
    assert column(readings, "step_time_second") == [0, 30, 30]
    assert column(readings, "cycle_count") == [1, 1, 1]
    assert column(readings, "current_ampere") == [0, -0.25, 0.25]
    assert "no unit of time in the header: taken as min, as the wall clock says" in reader.layout.notes


@pytest.mark.parametrize(
    ("unit", "seconds"), [("(Sec)", 7.5), ("(Min)", 450.0), ("(Hr)", 27000.0), ("(Day)", 648000.0)]
)
def test_the_unit_in_the_header_is_that_of_the_time(tmp_path, unit, seconds):
    text = f"Rec#\tCyc#\tStep\tTest {unit}\tStep {unit}\tAmps\tVolts\tState\n1\t0\t1\t7.5\t7.5\t1.0\t3.5\tC\n"
    reading = read(written(tmp_path, text))[0][0]
    assert (reading["test_time_second"], reading["step_time_second"]) == (seconds, seconds)


def test_milliamperes_and_decimal_commas(tmp_path):
    text = (
        "Rec#\tCyc#\tStep\tTestTime\tStepTime\tmAmp-hr\tmWatt-hr\tmAmps\tVolts\tState\tES\tDPt Time\n"
        "1\t0\t1\t0d 00:00:10,00\t0d 00:00:10,00\t4,5\t16,2\t1.500,25\t3,61\tC\t0\t12.11.2020 12:22:12\n"
    )
    reading = read(written(tmp_path, text))[0][0]
    assert reading["current_ampere"] == 1.50025
    assert reading["voltage_volt"] == 3.61
    assert reading["charging_capacity_ah"] == 0.0045
    assert reading["charging_energy_wh"] == 0.0162
    assert reading["test_time_second"] == 10
    assert reading["unix_time_second"] == 1605183732  # the 12th of November: dots mean that the day is first


def test_the_csv_of_the_newer_program_with_month_names(tmp_path):
    text = (
        "Today's Date ,28-Nov-23\nDate of Test:,23-Nov-23 3:56:08 PM\n"
        "Rec,Cycle C,Step,Test Time (sec),Step Time (sec),Capacity,Energy,Current,Voltage,DPT Time,Temp 1\n"
        "12,1,2,10.0600,0.0600,0.004,0.002,28.844,3.709,23-Nov-23 3:56:21 PM,22.2591\n"
        "13,1,3,11.0600,1.0000,0.008,0.031,-28.799,3.713,23-Nov-23 3:56:22 PM,22.2591\n"
    )
    readings, refused, _ = read(written(tmp_path, text))
    assert refused == []
    assert readings[0]["unix_time_second"] == 1700754981  # date -u -d '2023-11-23 15:56:21' +%s
    assert column(readings, "charging_capacity_ah") == [0.004, 0]  # by the sign of the current
    assert column(readings, "discharging_capacity_ah") == [0, 0.008]
    assert readings[0]["temperature_t1_celsius"] == 22.2591


def test_a_resistance_that_is_no_number_does_not_cost_the_reading(tmp_path):
    text = (
        "Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmps\tVolts\tState\tDCIR/Ohms\n"
        "1\t0\t1\t5\t5\t1.0\t3.5\tC\tOVR\n2\t0\t1\t6\t6\t1.0\t3.5\tC\t0.01700\n"
    )
    readings, refused, _ = read(written(tmp_path, text))
    assert (times(readings), refused) == ([5, 6], [])


def test_landt_s_text_is_told_by_its_spelling(tmp_path):
    text = (
        "Rec#\tCyc#\tStep\tTest(Sec)\tStep(Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt-Time\n"
        "1\t1\t1\t0.0\t0.0\t0.0\t0.0\t0.0010\t2.9\tC_CC\t0\t2024-04-30 14:33:19\n"
        "2\t1\t2\t15.0\t15.0\t0.1\t0.2\t0.0010\t2.8\tD_CC\t0\t2024-04-30 14:33:34\n"
    )
    readings, refused, reader = read(written(tmp_path, text))
    assert refused == []
    assert reader.layout.export.make == "landt"
    assert column(readings, "current_ampere") == [0.001, -0.001]
    assert column(readings, "discharging_capacity_ah") == [0, 0.1]
    assert readings[0]["unix_time_second"] == 1714487599

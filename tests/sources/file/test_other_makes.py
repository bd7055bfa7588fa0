"""Arbin, Landt, PEC, BDF, Battery Archive, batterydata.energy.gov, Novonix, Digatron, BaSyTec, PyBaMM."""

import pytest

from pipelines.sources import SourceError
from tests.sources.file.exports import column, read, times, written

COMMON = {"current_ampere": -1.5, "voltage_volt": 3.3, "discharging_capacity_ah": 0.25, "discharging_energy_wh": 0.8}

ARBIN_NEW = """\
\ufeffData Point,Date Time,Test Time (s),Step Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Power (W),\
Charge Capacity (Ah),Discharge Capacity (Ah),Charge Energy (Wh),Discharge Energy (Wh),ACR (Ohm),\
Internal Resistance (Ohm),Aux_Temperature_1 (C)
5,\t09/20/2024 08:32:34.558,7.5,2.5,3,12,-1.5,3.3,-5,0.5,0.25,1.6,0.8,,0.017,25.5
"""
ARBIN_OLD = """\
Test_ID,Data_Point,Test_Time(s),Date_Time,Step_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V),\
Charge_Capacity(Ah),Discharge_Capacity(Ah),Charge_Energy(Wh),Discharge_Energy(Wh),dV/dt(V/s),Internal_Resistance(Ohm)
1,5,7.5,9/20/2024 8:32:34 AM,2.5,12,3,-1.5,3.3,0.5,0.25,1.6,0.8,0,0.017
"""
ARBIN_BARE = """\
Data_Point,Test_Time,DateTime,Step_Time,Step_Index,Cycle_Index,Current,Voltage,Charge_Capacity,Discharge_Capacity,\
Charge_Energy,Discharge_Energy,Internal_Resistance
5,7.5,1726821154,2.5,12,3,-1.5,3.3,0.5,0.25,1.6,0.8,0.017
"""


@pytest.mark.parametrize(
    ("text", "clock"),
    [(ARBIN_NEW, 1726821154.558), (ARBIN_OLD, 1726821154), (ARBIN_BARE, 1726821154)],
    ids=["new", "old", "without units"],
)
def test_arbin_in_its_spellings(tmp_path, text, clock):
    readings, refused, reader = read(written(tmp_path, text))
    assert (refused, reader.layout.export.make) == ([], "arbin")
    expected = {"record_index": 5, "test_time_second": 7.5, "step_time_second": 2.5, "cycle_count": 3, "step_id": 12}
    counters = {"charging_capacity_ah": 0.5, "charging_energy_wh": 1.6}
    readings[0].pop("temperature_t1_celsius", None)
    assert readings == [{**expected, **COMMON, **counters, "unix_time_second": clock}]


def test_landt_csv_has_six_lines_before_the_header_and_a_comma_behind_each_row(tmp_path):
    text = (
        "cell model:,,,,\ncell id: ,,,,\ntest: ,,,,\ncheckpoint: ,,,,\n"
        "Nominal capacity used to define the C rate:Ah,,,,\n"
        "Nominal energy used to define the E rate: Wh,,,,\n"
        "channel_index,cycle_index,step_index,date_time_iso_string,test_time_s,step_time_s,current_A,voltage_V,"
        "discharge_capacity_Ah,charge_capacity_Ah,discharge_energy_Wh,charge_energy_Wh,temperature_1_C,step_name\n"
        "7,1,2,04/30/2024 14:33:19,30.020,0.020,-1.5,3.3,0.25,0.5,0.8,1.6,21.5,discharge,\n"
    )
    readings, refused, reader = read(written(tmp_path, text))
    assert (refused, reader.layout.export.title) == ([], "Landt CSV")
    times_ = {"test_time_second": 30.02, "step_time_second": 0.02, "unix_time_second": 1714487599}
    others = {"charging_capacity_ah": 0.5, "charging_energy_wh": 1.6, "temperature_t1_celsius": 21.5}
    assert readings == [{"record_index": 7, "cycle_count": 1, "step_id": 2, **times_, **COMMON, **others}]


def test_landdt_s_table_in_gbk_without_signs(tmp_path):
    text = (
        "记录序号,循环序号,工步序号,测试时间/Sec,工步时间/Sec,电流/mA,容量/mAh,电压/V,能量/mWh,系统时间,状态\n"
        "1,1,1,0,0,1500,0,3.3,0,2024-04-30 14:33:19,恒流充电\n"
        "2,1,2,10,5,1500,250,3.3,800,2024-04-30 14:33:29,恒流放电\n"
    )
    readings, refused, reader = read(written(tmp_path, text, encoding="gbk"), make="landt")
    assert (refused, reader.layout.export.title) == ([], "LANDdt table")
    assert column(readings, "current_ampere") == [1.5, -1.5]
    assert readings[1].items() >= {**COMMON, "test_time_second": 10, "step_time_second": 5}.items()


PEC_TITLES = "".join(f"Name {number}:,value\n" for number in range(29)) + "#RESULTS CHECK\nReqYear,Test,\n#END\n"
PEC = (
    "Test,Cell,Rack,Step,Cycle,Total Time (Seconds),Load On Time (Seconds),Step Time (Seconds),Real Time,"
    "Position Start Time,Voltage (mV),Current (mA),Charge Capacity (mAh),Discharge Capacity (mAh),"
    "Charge Capacity (mWh),Discharge Capacity (mWh),ReasonCode,Internal Resistance 1 (mOhm),"
    "Cell surface temperature (°C),\n"
    "187,1,R1,4,0,30.185,0.002,0.002,02/22/2019 16:23:56,02/22/2019 16:23:26,3300,-1500,500,250,1600,800,5,17,24.9,\n"
)


def test_pec_calls_its_energies_capacities_in_mwh(tmp_path):
    readings, refused, reader = read(written(tmp_path, PEC_TITLES + PEC))
    assert (refused, reader.layout.export.make) == ([], "pec")
    times_ = {"test_time_second": 30.185, "step_time_second": 0.002, "unix_time_second": 1550852636}
    others = {"charging_capacity_ah": 0.5, "charging_energy_wh": 1.6}
    assert readings == [{"step_id": 4, "cycle_count": 0, **times_, **COMMON, **others, "temperature_t1_celsius": 24.9}]


def test_pec_of_a_newer_version_with_hours_in_its_clock_and_energies_by_their_name(tmp_path):
    text = (
        "Test,Step,Instruction Name,Cycle,Total Time (Hours in hh:mm:ss.xxx),Step Time (Seconds),Real Time,Voltage (V),"
        "Current (A),Charge Capacity (mAh),Discharge Capacity (mAh),Charge Energy (mWh),Discharge Energy (mWh),\n"
        "1,0,Idle,0,30:00:01.002,1,01/06/2026 17:51:07,3.3,-1.5,500,250,1600,800,\n"
    )
    reading = read(written(tmp_path, text))[0][0]
    assert reading.items() >= {**COMMON, "test_time_second": 108001.002, "charging_energy_wh": 1.6}.items()


BDF_NAMES = (
    "test_time_second,unix_time_second,voltage_volt,current_ampere,cycle_count,step_count,step_id,"
    "charging_capacity_ah,discharging_capacity_ah,charging_energy_wh,discharging_energy_wh,temperature_t1_celsius"
)
BDF_LABELS = (
    "Test Time / s,Unix Time / s,Voltage / V,Current / A,Cycle Count / 1,Step Count / 1,Step ID / 1,"
    "Charging Capacity / Ah,Discharging Capacity / Ah,Charging Energy / Wh,Discharging Energy / Wh,"
    "Temperature T1 / degC"
)


@pytest.mark.parametrize("header", [BDF_NAMES, BDF_LABELS], ids=["machine names", "labels"])
def test_bdf_by_machine_names_and_by_labels(tmp_path, header):
    readings, refused, reader = read(
        written(tmp_path, f"{header}\n7.5,1726821154.5,3.3,-1.5,3,9,12,0.5,0.25,1.6,0.8,25.5\n")
    )
    assert (refused, reader.layout.export.make) == ([], "bdf")
    numbers = {"cycle_count": 3, "step_count": 9, "step_id": 12, "temperature_t1_celsius": 25.5}
    others = {"charging_capacity_ah": 0.5, "charging_energy_wh": 1.6, "unix_time_second": 1726821154.5}
    assert readings == [{"test_time_second": 7.5, **numbers, **COMMON, **others}]


def test_bdf_in_other_units_and_its_net_capacity(tmp_path):
    text = "Test Time / h,Voltage / mV,Current / mA,Net Capacity / Ah\n0.5,3300,-1500,0\n1,3300,-1500,-0.75\n"
    readings = read(written(tmp_path, text))[0]
    assert times(readings) == [1800, 3600]
    assert column(readings, "discharging_capacity_ah") == [0, 0.75]
    assert column(readings, "current_ampere") == [-1.5, -1.5]


def test_battery_archive(tmp_path):
    text = (
        "Date_Time,Test_Time (s),Cycle_Index,Current (A),Voltage (V),Charge_Capacity (Ah),Discharge_Capacity (Ah),"
        "Charge_Energy (Wh),Discharge_Energy (Wh),Environment_Temperature (C),Cell_Temperature (C)\n"
        "2024-09-20 08:32:34.558000,7.5,3.0,-1.5,3.3,0.5,0.25,1.6,0.8,23.0,25.5\n"
    )
    readings, refused, reader = read(written(tmp_path, text))
    assert (refused, reader.layout.export.make) == ([], "batteryarchive")
    others = {"charging_capacity_ah": 0.5, "charging_energy_wh": 1.6, "temperature_t1_celsius": 25.5}
    clock = {"test_time_second": 7.5, "unix_time_second": 1726821154.558}
    assert readings == [{"cycle_count": 3, **clock, **COMMON, **others}]


def test_battery_archive_s_table_of_cycles_is_no_export_of_readings(tmp_path):
    text = "Cycle_Index,Start_Time,Test_Time (s),Min_Current (A),Max_Current (A),Min_Voltage (V)\n1,0,1,2,3,4\n"
    with pytest.raises(SourceError, match="nearest is the Battery Archive CSV, which would need 'Current', 'Voltage'"):
        read(written(tmp_path, text))


def test_batterydata_without_the_rows_of_its_impedance_cycles(tmp_path):
    text = (
        "Time_s,Voltage_V,Current_A,Step,Cycle_Index,Cycle_Label,Charge_Capacity_Ah,Discharge_Capacity_Ah,"
        "Charge_Energy_Wh,Discharge_Energy_Wh,Cell_Temperature_C\n"
        "7.5,3.3,-1.5,12,3,aging,0.5,0.25,1.6,0.8,25.5\n8.5,0,0,13,4,EIS,,,,,\n9.5,-1,0,13,4,EIS,,,,,\n"
    )
    readings, refused, reader = read(written(tmp_path, text))
    assert (refused, reader.layout.export.make) == ([], "batterydata")
    others = {"charging_capacity_ah": 0.5, "charging_energy_wh": 1.6, "temperature_t1_celsius": 25.5}
    assert readings == [{"test_time_second": 7.5, "step_id": 12, "cycle_count": 3, **COMMON, **others}]


def test_novonix_counts_hours_and_a_net_capacity(tmp_path):
    text = (
        "[Summary]\nNovonix UHPC data file\n[End Summary]\n[Data]\n"
        "Date and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),Potential (V),Capacity (Ah),"
        "Temperature (°C),Circuit Temperature (°C),Energy (Wh),Step Number,Step position\n"
        "2025-07-19 15:26:20,1,7,0.5,0.25,1.5,3.3,0.75,24.6,30,2.5,1,1\n"
        "2025-07-19 15:56:20,1,8,1.0,0.25,-1.5,3.3,0.50,24.6,30,1.7,2,1\n"
    )
    readings, refused, reader = read(written(tmp_path, text))
    assert (refused, reader.layout.export.make) == ([], "novonix")
    assert times(readings) == [1800, 3600]
    assert column(readings, "step_time_second") == [900, 900]
    assert column(readings, "charging_capacity_ah") == [0, 0]
    assert column(readings, "discharging_capacity_ah") == [0, 0.25]
    assert column(readings, "discharging_energy_wh") == pytest.approx([0, 0.8])


def test_digatron_in_milliseconds(tmp_path):
    text = (
        "Timestamp;Step;Status;Program Duration#ms;Step Duration#ms;Current#A;Voltage#V;"
        "AhCha#Ah;AhDch#Ah;WhCha#Wh;WhDch#Wh;T1#°C\n"
        "2024-09-20 08:32:34;12;DCH;7500;2500;-1,5;3,3;0,5;0,25;1,6;0,8;25,5\n"
    )
    readings, refused, reader = read(written(tmp_path, text, encoding="latin-1"))
    assert (refused, reader.layout.export.make) == ([], "digatron")
    times_ = {"test_time_second": 7.5, "step_time_second": 2.5, "unix_time_second": 1726821154}
    others = {"charging_capacity_ah": 0.5, "charging_energy_wh": 1.6, "temperature_t1_celsius": 25.5}
    assert readings == [{"step_id": 12, **times_, **COMMON, **others}]


def test_basytec_with_its_tilde_before_the_header(tmp_path):
    text = (
        "~Resultfile from Basytec Battery Test System\n~Start of Test: 19.06.2023 17:56:53\n~\n"
        "~Time[s]\tDataSet\tt-Step[s]\tLine\tCommand\tU[V]\tI[A]\tAh[Ah]\tWh[Wh]\tT1[°C]\tCyc-Count\tState\n"
        "7.5\t5\t2.5\t12\tDischarge\t3.3\t-1.5\t-0.25\t-0.8\t25.5\t3\t1\n"
        "8.5\t6\t3.5\t12\tDischarge\t3.3\t-1.5\t-0.75\t-2.8\t25.5\t3\t1\n"
        "9.5\t7\t0.5\t13\tCharge\t3.3\t1.5\t-0.5\t-1.8\t25.5\t3\t1\n"
    )
    readings, refused, reader = read(written(tmp_path, text, encoding="latin-1"))
    assert (refused, reader.layout.export.make) == ([], "basytec")
    expected = {"test_time_second": 7.5, "step_time_second": 2.5, "record_index": 5, "step_id": 12, "cycle_count": 3}
    assert readings[0].items() >= {**expected, "current_ampere": -1.5, "voltage_volt": 3.3}.items()
    assert column(readings, "charging_capacity_ah") == [0, 0, 0.25]
    assert column(readings, "discharging_capacity_ah") == [0, 0.5, 0.5]
    assert column(readings, "charging_energy_wh") == pytest.approx([0, 0, 1])
    assert column(readings, "discharging_energy_wh") == pytest.approx([0, 2, 2])


def test_pybamm_discharges_with_a_positive_current(tmp_path):
    text = "Time [s],Current [A],Terminal voltage [V],Discharge capacity [A.h]\n7.5,1.5,3.3,0.25\n"
    reading = read(written(tmp_path, text))[0][0]
    assert (reading["current_ampere"], reading["voltage_volt"]) == (-1.5, 3.3)


def test_pybamm_s_newer_names_are_not_taken_for_basytec_s(tmp_path):
    text = "Time [s],Current [A],Voltage [V],Discharge capacity [A.h]\n7.5,1.5,3.3,0.25\n"
    readings, _, reader = read(written(tmp_path, text))
    assert reader.layout.export.make == "pybamm"
    assert column(readings, "current_ampere") == [-1.5]


def test_columns_that_several_simulators_could_write_are_refused_rather_than_guessed(tmp_path):
    with pytest.raises(SourceError, match="no export that can be read"):
        read(written(tmp_path, "Time [s],Current [A],Voltage [V]\n7.5,1.5,3.3\n"))

"""Neware's exports: flat, layered, older clients, Chinese, in units of the operator's choice."""

import pytest

from tests.sources.file.exports import column, read, times, written

FLAT = """\
DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(A),Voltage(V),Capacity(Ah),Chg. Cap.(Ah),\
DChg. Cap.(Ah),Chg. Energy(Wh),DChg. Energy(Wh),Date,T1(℃)
1,1,1,Rest,00:00:00,00:00:00,0.0000,3.5000,0,0,0,0,0,2024-01-01 00:00:00,25.1
2,1,2,CC Chg,00:00:10,27:15:10,1.5000,3.6000,0.004,0.004,0,0.0144,0,2024-01-02 03:15:10,25.2
3,1,3,CC DChg,00:00:10,27:15:20.5,-1.5000,3.4000,0.004,0,0.004,0,0.0136,2024-01-02 03:15:20,
"""


def test_a_flat_export_in_our_units_with_its_counters(tmp_path):
    readings, refused, reader = read(written(tmp_path, FLAT))
    assert refused == []
    assert reader.layout.export.title == "Neware CSV"
    assert readings[1] == {
        "record_index": 2,
        "cycle_count": 1,
        "step_id": 2,
        "step_time_second": 10,
        "test_time_second": 27 * 3600 + 15 * 60 + 10,
        "unix_time_second": 1704165310,  # date -u -d '2024-01-02 03:15:10' +%s
        "current_ampere": 1.5,
        "voltage_volt": 3.6,
        "charging_capacity_ah": 0.004,
        "discharging_capacity_ah": 0,
        "charging_energy_wh": 0.0144,
        "discharging_energy_wh": 0,
        "temperature_t1_celsius": 25.2,
    }
    assert readings[2]["test_time_second"] == 98120.5
    assert "temperature_t1_celsius" not in readings[2]


@pytest.mark.parametrize(
    ("units", "row"),
    [
        ("Current(mA),Voltage(mV),Chg. Cap.(mAh),Chg. Energy(mWh)", "1500,3600,4,14.4"),
        ("Current(uA),Voltage(mV),Chg. Cap.(mAs),Chg. Energy(mWs)", "1500000,3600,14400,51840"),
        ("Current(µA),Voltage(mV),Chg. Cap.(As),Chg. Energy(Ws)", "1500000,3600,14.4,51.84"),
        ("Cur(mA),Voltage(V),Chg. Capacity(mAh),Chg. Eng.(mWh)", "1500,3.6,4,14.4"),
    ],
)
def test_units_are_those_of_the_header(tmp_path, units, row):
    text = f"DataPoint,Cycle Index,Step Index,Total Time,{units}\n1,1,1,00:00:10,{row}\n"
    reading = read(written(tmp_path, text))[0][0]
    assert reading["current_ampere"] == 1.5
    assert reading["voltage_volt"] == 3.6
    assert reading["charging_capacity_ah"] == pytest.approx(0.004, rel=1e-15)
    assert reading["charging_energy_wh"] == pytest.approx(0.0144, rel=1e-15)


LAYERED = """\
Cycle Index,Chg. Cap.(Ah),DChg. Cap.(Ah),Chg. Time
,Step Index,Step Number,Step Type,Step Time,Capacity(Ah)
,,DataPoint,Time,Total Time,Current(A),Voltage(V),Capacity(Ah),Energy(Wh),Date,T1(?)
1,0.002,0.001,00:00:10,1,1,CC Chg,00:00:10,0.002
,,1,00:00:00,00:00:00,1.0000,3.5,0.000,0.0000,2024-01-01 00:00:00,26.6
,,2,00:00:10,00:00:10,1.0000,3.6,0.002,0.0072,2024-01-01 00:00:10,26.7
,2,4,CC DChg,00:00:05,0.001
,,3,00:00:05,00:00:15,-1.0000,3.4,0.001,0.0034,2024-01-01 00:00:15,26.8
2,0.000,0.000,00:00:00,1,1,Rest,00:00:01,0
,,4,00:00:01,00:00:16,0.0000,3.5,0.000,0.0000,2024-01-01 00:00:16,26.9
"""


def test_a_layered_export_says_cycle_and_step_on_lines_of_their_own(tmp_path):
    readings, refused, reader = read(written(tmp_path, LAYERED))
    assert reader.layout.export.layered
    assert refused == []
    assert column(readings, "record_index") == [1, 2, 3, 4]
    assert column(readings, "cycle_count") == [1, 1, 1, 2]
    assert column(readings, "step_id") == [1, 1, 2, 1]
    assert times(readings) == [0, 10, 15, 16]
    assert column(readings, "charging_capacity_ah") == [0, 0.002, 0, 0]
    assert column(readings, "discharging_capacity_ah") == [0, 0, 0.001, 0]
    assert column(readings, "discharging_energy_wh") == [0, 0, 0.0034, 0]
    assert column(readings, "temperature_t1_celsius") == [26.6, 26.7, 26.8, 26.9]


def test_a_layered_export_is_read_the_same_from_any_row(tmp_path):
    path = written(tmp_path, LAYERED)
    whole = read(path)[0]
    left = {1: 4, 2: 3, 3: 2, 4: 2, 5: 1, 6: 1}  # readings from that row on
    for first in left:
        assert read(path, first=first)[0] == whole[-left[first] :]


OLDER_LAYERED = """\
"Cycle ID","Cap_Chg(mAh)"
,"Step ID","Status","DCIR(O)"
,,"Record ID","Time(h:min:s.ms)","Voltage(V)","Current(mA)","Temperature(C)","Capacitance_Chg(mAh)","Realtime"
"1","10"
,"1","CC_Chg","0.05"
,,"1","0:00:00.000","3.50","1000","25","0","2024-01-01 00:00:00"
,,"2","0:00:10.250","3.60","1000","25","2.8","2024-01-01 00:00:10"
,"2","CC_DChg","0.049"
,,"3","0:00:01.000","3.55","-1000","25","0","2024-01-01 00:00:11"
"""


def test_the_older_client_s_layers_with_quotes_and_ragged_lines(tmp_path):
    readings, refused, _ = read(written(tmp_path, OLDER_LAYERED))
    assert refused == []
    assert column(readings, "step_id") == [1, 1, 2]
    assert column(readings, "cycle_count") == [1, 1, 1]
    assert column(readings, "step_time_second") == [0, 10.25, 1]
    assert column(readings, "charging_capacity_ah") == [0, 0.0028, 0]
    assert column(readings, "unix_time_second") == [1704067200, 1704067210, 1704067211]


CHINESE = """\
数据序号,循环号,工步号,工步类型,时间,总时间,电流(A),电压(V),容量(Ah),充电容量(Ah),放电容量(Ah),能量(Wh),绝对时间,
1,1,1,恒流充电,00:00:00,00:00:00,140,3.2,0,0,0,0,2024-01-01 00:00:00,
2,1,2,恒流放电,00:00:10,00:00:20,-140,3.1,0.39,0,0.39,1.2,2024-01-01 00:00:20,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_chinese_export_in_every_encoding(tmp_path, encoding):
    readings, refused, reader = read(written(tmp_path, CHINESE, encoding=encoding))
    assert refused == []
    assert reader.layout.export.make == "neware"
    assert column(readings, "current_ampere") == [140, -140]
    assert column(readings, "discharging_capacity_ah") == [0, 0.39]
    assert column(readings, "discharging_energy_wh") == [0, 1.2]
    assert column(readings, "step_time_second") == [0, 10]


def test_without_a_time_of_the_test_or_a_clock_the_steps_are_added_up(tmp_path):
    text = (
        "Cycle Index,Step Index,Record Index,Relative Time (h:min:s.ms),Voltage(V),Cur (mA)\n"
        "1,1,1,0:00:00.0,3.5,500\n1,1,2,0:01:00.0,3.5,500\n1,2,3,0:00:02.0,3.4,-500\n1,2,4,0:00:05.0,3.4,-500\n"
    )
    path = written(tmp_path, text)
    assert times(read(path)[0]) == [0, 60, 62, 65]
    assert times(read(path, first=3)[0]) == [65]


def test_an_unsigned_current_gets_the_sign_of_its_step(tmp_path):
    text = (
        "DataPoint,Step Type,Time,Total Time,Current(A),Voltage(V),Capacity(Ah)\n"
        "1,CCCV_Chg,00:00:00,00:00:00,1.25,3.8,0.0\n"
        "2,Rest,00:00:01,00:00:02,0,3.9,0\n3,CC DChg,00:00:01,00:00:03,0.5,3.8,0.1\n"
    )
    readings, _, reader = read(written(tmp_path, text))
    assert column(readings, "current_ampere") == [1.25, 0, -0.5]
    assert "the current has no sign: taken from the state" in reader.layout.notes

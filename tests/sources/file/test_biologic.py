"""BioLogic's text: .mpt with its titles, the Modulo Bat CSV, clocks, commas, spectra."""

from zoneinfo import ZoneInfo

import pytest

from tests.sources.file.exports import column, read, times, written

MPT = """\
EC-Lab ASCII FILE
Nb header lines : 6

Modulo Bat
Ecell ctrl range : min = 0.00 V, max = 9.00 V
Ns\ttime/s\tEcell/V\t<I>/mA\t(Q-Qo)/mA.h\tEnergy charge/W.h\tEnergy discharge/W.h\tstep time/s\tQ discharge/mA.h\
\tQ charge/mA.h\tcycle number\tTemperature/°C\t
0\t0.000000000000000E+000\t3.5180547E+000\t0.0000000E+000\t0.0\t0.0\t0.0\t0.0\t0.0\t0.0\t0.000E+000\t2.2185871E+001
1\t1.000000047497451E+001\t3.6E+000\t1.5E+003\t4.0\t1.44E-002\t0.0\t1.0E+001\t0.0\t4.0\t0.000E+000\t2.2E+001
2\t2.0E+001\t3.4E+000\t-1.5E+003\t0.0\t1.44E-002\t-1.36E-002\t1.0E+001\t4.0\t0.0\t1.000E+000\t2.2E+001
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_mpt_with_its_titles_and_a_tab_behind_the_header(tmp_path, end):
    readings, refused, reader = read(written(tmp_path, MPT.replace("\n", end), "x.mpt", "latin-1"))
    assert refused == []
    assert reader.layout.export.make == "biologic"
    assert readings[1] == {
        "step_id": 1,
        "test_time_second": 10.00000047497451,
        "voltage_volt": 3.6,
        "current_ampere": 1.5,
        "charging_energy_wh": 0.0144,
        "discharging_energy_wh": 0,
        "step_time_second": 10,
        "charging_capacity_ah": 0.004,
        "discharging_capacity_ah": 0,
        "cycle_count": 0,
        "temperature_t1_celsius": 22,
    }
    assert column(readings, "discharging_energy_wh") == [0, 0, 0.0136]  # a magnitude
    assert column(readings, "cycle_count") == [0, 0, 1]


def test_decimal_commas(tmp_path):
    commas = "".join(line.replace(".", ",") if line[:1].isdigit() else line for line in MPT.splitlines(keepends=True))
    assert "3,5180547E+000" in commas
    assert read(written(tmp_path, commas, encoding="latin-1"))[0] == read(written(tmp_path, MPT, "b", "latin-1"))[0]


def test_modulo_bat_writes_a_clock_where_the_header_says_seconds(tmp_path):
    text = (
        ";mode;time/s;Ecell/V;I/mA;cycle number;Ns;Q charge/mA.h;Q discharge/mA.h;freq/Hz\n"
        "0;7;05/05/2021 15:36:22.757;3.815;0.0;0;0;0.0;0.0;\n"
        "1;53;05/05/2021 15:36:45.513;4.23;2493.262;0;1;0.00138;0.0;\n"
    )
    path = written(tmp_path, text)
    readings, refused, reader = read(path)
    assert refused == []
    assert column(readings, "unix_time_second") == [1620228982.757, 1620229005.513]
    assert column(readings, "test_time_second") == [None, None]
    assert "clock times have no zone: taken as UTC" in reader.layout.notes
    berlin = read(path, zone=ZoneInfo("Europe/Berlin"))
    assert column(berlin[0], "unix_time_second") == [1620228982.757 - 7200, 1620229005.513 - 7200]
    assert "clock times have no zone: taken as Europe/Berlin" in berlin[2].layout.notes


def test_modulo_bat_with_commas_in_numbers_and_clocks(tmp_path):
    text = (
        ";time/s;Ecell/V;I/mA;cycle number;Ns;Q charge/mA.h\n0;05/05/2021 15:36:22,757;3,815;0,0;0;0;0,0\n"
        "1;05/05/2021 15:36:45,513;4,23;2493,262;0;1;1,38\n"
    )
    readings, refused, _ = read(written(tmp_path, text))
    assert refused == []
    assert column(readings, "unix_time_second") == [1620228982.757, 1620229005.513]
    assert column(readings, "current_ampere") == [0, 2.493262]
    assert column(readings, "charging_capacity_ah") == [0, 0.00138]


def test_points_of_an_impedance_spectrum_are_no_readings_and_no_dead_letters(tmp_path):
    text = (
        "freq/Hz\ttime/s\tEwe/V\tI/mA\tcycle number\tNs\n0\t0\t3.5\t100\t0\t0\n1.0E+004\t1\t0\t0\t0\t1\n"
        "1.0E+003\t2\t\t\t0\t1\n0\t3\t3.6\t100\t0\t2\n"
    )
    readings, refused, _ = read(written(tmp_path, text))
    assert refused == []
    assert times(readings) == [0, 3]


def test_a_net_charge_alone_is_split_into_its_rises_and_falls(tmp_path):
    text = "time/s\tEwe/V\t<I>/mA\t(Q-Qo)/mA.h\tNs\n0\t3.5\t1\t-1\t0\n10\t3.5\t1\t4\t0\n"
    text += "20\t3.5\t-1\t1\t0\n30\t3.5\t1\t3\t0\n"
    path = written(tmp_path, text)
    readings = read(path)[0]
    assert column(readings, "charging_capacity_ah") == pytest.approx([0, 0.005, 0.005, 0.007])
    assert column(readings, "discharging_capacity_ah") == pytest.approx([0, 0, 0.003, 0.003])
    assert read(path, first=2)[0] == readings[2:]


def test_a_header_without_titles_and_averages_in_angle_brackets(tmp_path):
    text = "mode\tox/red\ttime/s\tcontrol/V/mA\t<Ewe>/V\t<I>/A\tcycle number\n1\t0\t7.5\t2.9\t3.5\t0.25\t3\n"
    assert read(written(tmp_path, text))[0] == [
        {"test_time_second": 7.5, "voltage_volt": 3.5, "current_ampere": 0.25, "cycle_count": 3}
    ]

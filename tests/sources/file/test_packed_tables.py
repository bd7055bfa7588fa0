"""Parquet, and Neware's own files."""

import sys
import types
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.sources import SourceError, open_source
from tests.sources.file.exports import column, read, rows_of, times


def parquet(directory, columns, name="export.parquet", **how):
    path = directory / name
    pq.write_table(pa.table(columns), path, **how)
    return path


BTSDA = {
    "DataPoint": pa.array([1, 2, 3], pa.uint32()),
    "Cycle Index": pa.array([1, 1, 2], pa.uint32()),
    "Step Index": pa.array([1, 2, 3], pa.uint32()),
    "Step Type": pa.array(["Rest", "CC Chg", "CC DChg"]).dictionary_encode(),
    "Time": [0.0, 10.0, 10.0],
    "Total Time": [0.0, 100000.5, 100010.5],
    "Current(uA)": pa.array([0.0, 1.5e6, -1.5e6], pa.float32()),
    "Voltage(mV)": pa.array([3500.0, 3600.0, None], pa.float32()),
    "Capacity(mAs)": [0.0, 3600.0, 7200.0],
    "Date": pa.array([datetime(2024, 1, 1), datetime(2024, 1, 1, 0, 0, 10), None], pa.timestamp("ms")),
}


def test_a_parquet_of_btsda_by_the_same_table_as_its_csv(tmp_path):
    readings, refused, reader = read(parquet(tmp_path, BTSDA))
    assert reader.layout.export.make == "neware"
    assert readings == [
        {
            "record_index": 1,
            "cycle_count": 1,
            "step_id": 1,
            "step_time_second": 0,
            "test_time_second": 0,
            "current_ampere": 0,
            "voltage_volt": 3.5,
            "unix_time_second": 1704067200,
            "charging_capacity_ah": 0,
            "discharging_capacity_ah": 0,
        },
        {
            "record_index": 2,
            "cycle_count": 1,
            "step_id": 2,
            "step_time_second": 10,
            "test_time_second": 100000.5,
            "current_ampere": 1.5,
            "voltage_volt": 3.6,
            "unix_time_second": 1704067210,
            "charging_capacity_ah": 0.001,
            "discharging_capacity_ah": 0,
        },
    ]
    assert len(refused) == 1  # without a voltage
    assert b'"DataPoint": 3' in refused[0]


def test_typed_clocks_and_durations(tmp_path):
    moment = datetime(2019, 8, 13, 19, 17, 53, 250_000)
    columns = {
        "Total Time": pa.array([timedelta(hours=27, seconds=1)], pa.duration("us")),
        "Date": pa.array([moment], pa.timestamp("us")),
        "Current(A)": [1.5],
        "Voltage(V)": [3.3],
    }
    path = parquet(tmp_path, columns)
    assert times(read(path)[0]) == [97201]
    assert column(read(path)[0], "unix_time_second") == [1565723873.25]
    assert column(read(path, zone=ZoneInfo("Europe/Berlin"))[0], "unix_time_second") == [1565723873.25 - 7200]
    columns["Date"] = pa.array([moment], pa.timestamp("us", "UTC"))
    assert column(read(parquet(tmp_path, columns), zone=ZoneInfo("Europe/Berlin"))[0], "unix_time_second") == [
        1565723873.25
    ]


def bdf(rows):
    return {
        "test_time_second": [float(number) for number in range(rows)],
        "voltage_volt": [3.3] * rows,
        "current_ampere": [-1.5] * rows,
        "cycle_count": list(range(rows)),
    }


def test_a_bdf_parquet_is_read_in_pieces_from_any_row_across_its_groups(tmp_path):
    path = parquet(tmp_path, bdf(1000), row_group_size=170)
    whole, refused, reader = read(path)
    assert (times(whole), refused) == (list(range(1000)), [])
    for first in (0, 169, 170, 171, 500, 999):
        assert rows_of(reader, first)[0] == whole[first:]
    few = rows_of(reader, 160, 4 * 8 * 20)[0]
    assert times(few) == list(range(160, 180))


def test_what_was_decoded_of_a_parquet_is_not_decoded_again_by_the_next_poll(tmp_path, monkeypatch):
    path = parquet(tmp_path, bdf(1000), row_group_size=170)
    asked = []
    batches = pq.ParquetFile.iter_batches

    def counted(self, *args, **how):
        asked.append(how["row_groups"])
        return batches(self, *args, **how)

    reader = read(path)[2]
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", counted)
    polls = [times(rows_of(reader, first, 4 * 8 * 30)[0]) for first in range(200, 1000, 30)]
    assert [time for poll in polls for time in poll] == list(range(200, 1000))
    assert asked == [[1, 2, 3, 4, 5]]  # the group of row 200 and those behind it, once
    assert times(rows_of(reader, 400, 4 * 8 * 3)[0]) == [400, 401, 402]
    assert asked[1:] == [[2, 3, 4, 5]]


def test_a_bdf_parquet_with_labels_goes_out_like_every_other_export(tmp_path):
    path = parquet(tmp_path, {"Test Time / s": [1.0], "Voltage / V": [3.3], "Current / A": [1.5]})
    source = open_source(f"file://{path}?battery=b1")
    batch = source.poll(source.partitions()[0], 0, 1000)
    (reading,) = pa.ipc.open_stream(next(batch.messages())).read_all().to_pylist()
    assert reading == {"test_time_second": 1.0, "current_ampere": 1.5, "voltage_volt": 3.3}
    assert batch.closes
    source.close()


def test_a_parquet_that_is_none_or_holds_something_else_is_refused(tmp_path):
    (tmp_path / "x.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(SourceError, match="damaged or not written to its end"):
        read(tmp_path / "x.parquet")
    with pytest.raises(SourceError, match=r"has the columns 'a', 'b'"):
        read(parquet(tmp_path, {"a": [1], "b": [2]}))


def test_a_column_of_lists_is_refused_by_name(tmp_path):
    path = parquet(tmp_path, bdf(2) | {"voltage_volt": [[3.3], [3.4]]})
    with pytest.raises(SourceError, match=r"its column 'voltage_volt' holds values of the type list"):
        read(path)


def test_columns_of_nothing_decimals_and_whole_numbers(tmp_path):
    columns = bdf(2) | {
        "cycle_count": pa.nulls(2),
        "current_ampere": pa.array([1, -1], pa.int8()),
        "voltage_volt": pa.array(["3.5", "3.25"]).cast(pa.decimal128(6, 3)),
    }
    readings, refused, _ = read(parquet(tmp_path, columns))
    assert refused == []
    assert readings[1] == {"test_time_second": 1, "voltage_volt": 3.25, "current_ampere": -1}


def ndax(directory, name="x.ndax"):
    with zipfile.ZipFile(directory / name, "w") as archive:
        archive.writestr("data.ndc", "x")
    return directory / name


class Frame:
    """As much of a data frame as is asked for."""

    def to_arrow(self):
        return pa.table(
            {
                "index": pa.array([1, 2, 3], pa.uint32()),
                "voltage_V": pa.array([3.5, 3.5, 3.25], pa.float32()),
                "current_mA": pa.array([0.0, 1500.0, -1500.0], pa.float32()),
                "unix_time_s": [1704067200.0, 1704067210.0, 1704067220.0],
                "step_time_s": [0.0, 10.0, 10.0],
                "total_time_s": [0.0, 10.0, 20.0],
                "cycle_count": pa.array([1, 1, 2], pa.uint32()),
                "step_count": pa.array([1, 2, 3], pa.uint32()),
                "step_index": pa.array([1, 2, 3], pa.uint32()),
                "step_type": pa.array(["Rest", "CC_Chg", "CC_DChg"]).dictionary_encode(),
                "capacity_mAh": pa.array([0.0, 4.0, -4.0], pa.float32()),
                "energy_mWh": pa.array([0.0, 14.5, -13.5], pa.float32()),
            }
        )


@pytest.mark.parametrize("name", ["x.ndax", "renamed.bin"])
def test_neware_s_own_files_through_the_library(tmp_path, monkeypatch, name):
    asked = []

    def reads(path, cycle_mode):
        asked.append((path.suffix, cycle_mode, path.exists()))
        return Frame()

    monkeypatch.setitem(sys.modules, "fastnda", types.SimpleNamespace(read=reads))
    readings, refused, reader = read(ndax(tmp_path, name))
    assert (refused, reader.layout.export.title) == ([], "Neware .nda or .ndax")
    assert asked == [(".ndax", "raw", True)]
    assert readings[2] == {
        "record_index": 3,
        "cycle_count": 2,
        "step_count": 3,
        "step_id": 3,
        "step_time_second": 10,
        "test_time_second": 20,
        "unix_time_second": 1704067220,
        "current_ampere": -1.5,
        "voltage_volt": 3.25,
        "charging_capacity_ah": 0,
        "discharging_capacity_ah": 0.004,
        "charging_energy_wh": 0,
        "discharging_energy_wh": 0.0135,
    }
    assert rows_of(reader, 1)[0] == readings[1:]


def test_without_the_library_its_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fastnda", None)
    with pytest.raises(SourceError, match=r"x\.ndax: .*pip install 'chargetracker\[neware\]'"):
        read(ndax(tmp_path))
    (tmp_path / "x.nda").write_bytes(b"NEWARE" + b"\0" * 100)
    with pytest.raises(SourceError, match="fastnda"):
        read(tmp_path / "x.nda")


def test_a_file_that_the_library_cannot_read_is_refused(tmp_path, monkeypatch):
    def fails(path, cycle_mode):
        raise RuntimeError("no")

    monkeypatch.setitem(sys.modules, "fastnda", types.SimpleNamespace(read=fails))
    with pytest.raises(
        SourceError, match=r"fastnda cannot read this \.ndax file \(RuntimeError\): export it from BTSDA"
    ):
        read(ndax(tmp_path))

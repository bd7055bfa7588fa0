"""A cycler export as a source: readings as Arrow messages, lines that are none as they stand."""

import hashlib
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.sources import SourceError, open_source
from pipelines.sources.file import FileSource
from schemas.reading import MAX_BATCH_BYTES

TITLE = "Today's Date 08/15/2019\tTemperature 25 °C\r\n"
HEADER = "Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tAmps\tVolts\tState\tDPt Time\r\n"
SHARED = Path(__file__).parents[3].parent / "shared" / "data"
ARROW = b"\xff\xff\xff\xff"


def row(number, amps="1.5", volts="3.7", seconds=None, clock="08/13/2019 19:17:53", state="C", counter=0):
    time = 10.0 * number if seconds is None else seconds
    return f"{number}\t0\t4\t{time}\t5.0\t{counter}\t{amps}\t{volts}\t{state}\t{clock}\r\n"


def a_file(directory, *rows, name="cell.078"):
    path = Path(directory) / name
    path.write_bytes((TITLE + HEADER + "".join(rows)).encode("latin-1"))
    return path


def poll_all(source, offset=0, budget=1 << 20):
    """All messages as (offset, content), and the batches."""
    (partition,) = source.partitions()
    batches = []
    while (batch := source.poll(partition, offset, budget)) is not None:
        assert batch.first_offset == offset
        batches.append(batch)
        offset = batch.next_offset
    return [pair for b in batches for pair in zip(b.offsets.tolist(), b.messages(), strict=True)], batches


def readings(messages):
    """Offset and columns of each reading, and the raw messages."""
    found, raw = [], []
    for offset, content in messages:
        if content.startswith(ARROW):
            found += pa.ipc.open_stream(content).read_all().to_pylist()
        else:
            raw.append((offset, content))
    return found, raw


def test_a_row_goes_out_in_our_names_units_and_sign(tmp_path):
    path = a_file(tmp_path, row(1, amps="-1.25", state="D", counter=0.125))
    source = FileSource(path, "b1", group="W", test_id="t1")
    messages, batches = poll_all(source)
    table = pa.ipc.open_stream(messages[0][1]).read_all()
    assert table.to_pylist() == [{
        "record_index": 1.0,
        "cycle_count": 0.0,
        "step_id": 4.0,
        "test_time_second": 10.0,
        "step_time_second": 5.0,
        "current_ampere": -1.25,
        "voltage_volt": 3.7,
        "unix_time_second": 1565723873.0,
        "charging_capacity_ah": 0.0,
        "discharging_capacity_ah": 0.125,
    }]  # fmt: skip
    assert table.schema.metadata == {b"battery_id": b"b1", b"group": b"W", b"test_id": b"t1"}
    assert set(table.schema.types) == {pa.float64()}
    assert batches[0].closes


def test_an_arbin_row_with_temperature_and_other_units(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "Data Point,Date Time,Test Time (s),Step Time (s),Cycle Index,Step Index,Current (mA),Voltage (mV),"
        "Aux_Temperature_1 (C)\n5,\t08/13/2019 19:17:53.500,7.5,2.5,3,12,-1500,3300,25.5\n"
        "6,\t08/13/2019 19:17:54.500,8.5,3.5,3,12,-1500,3290,\n"
    )
    found, raw = readings(poll_all(FileSource(path, "b1"))[0])
    assert raw == []
    assert found[0] == {
        "record_index": 5.0,
        "unix_time_second": 1565723873.5,
        "test_time_second": 7.5,
        "step_time_second": 2.5,
        "cycle_count": 3.0,
        "step_id": 12.0,
        "current_ampere": -1.5,
        "voltage_volt": 3.3,
        "temperature_t1_celsius": 25.5,
    }
    assert found[1]["temperature_t1_celsius"] is None


def test_the_partition_is_named_after_the_content_and_the_battery(tmp_path):
    path = a_file(tmp_path, row(1))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert FileSource(path, "b1").partitions() == (f"file:{digest[:16]}/b1",)
    assert FileSource(path, "b2").partitions() == (f"file:{digest[:16]}/b2",)
    assert FileSource(a_file(tmp_path, row(2)), "b1").partitions() != (f"file:{digest[:16]}/b1",)


def test_the_battery_is_called_like_the_file_when_nobody_says_otherwise(tmp_path):
    path = a_file(tmp_path, row(1), name="Zelle 7 (neu).078")
    for url, name in ((f"file://{path}", b"Zelle_7__neu_"), (f"file://{path}?battery=b:7", b"b:7")):
        (_, message), *_ = poll_all(open_source(url))[0]
        assert pa.ipc.open_stream(message).schema.metadata[b"battery_id"] == name


def test_the_wall_clock_hangs_where_the_url_says(tmp_path):
    path = a_file(tmp_path, row(1))
    for source in (
        FileSource(path, "b", zone=ZoneInfo("Europe/Berlin")),
        open_source(f"file://{path}?timezone=Europe/Berlin"),
    ):
        assert readings(poll_all(source)[0])[0][0]["unix_time_second"] == 1565723873.0 - 7200


BAD = {
    "no number": row(3, amps="much"),
    "no current": row(3, amps=""),
    "no voltage": row(3, volts="N/A"),
    "infinite": row(3, volts="inf"),
    "too few fields": "3\t0\t4\r\n",
    "too many fields": row(3).replace("\r\n", "\textra\r\n"),
    "no time at all": row(3, seconds="", clock=""),
    "a clock that is none": row(3, clock="yesterday"),
    "another letter than ASCII": row(3, amps="1.5µ"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_row_that_is_no_reading_goes_out_as_it_stands_and_the_rest_goes_on(tmp_path, bad):
    source = FileSource(a_file(tmp_path, row(1), row(2), bad, row(4)), "b1")
    messages, _ = poll_all(source)
    found, raw = readings(messages)
    assert [reading["record_index"] for reading in found] == [1, 2, 4]
    assert raw == [(2, bad.removesuffix("\r\n").encode("latin-1"))]
    assert [offset for offset, _ in messages] == [0, 2, 3]


def test_bad_rows_at_the_ends_and_side_by_side(tmp_path):
    source = FileSource(a_file(tmp_path, "x\r\n", row(1), "y\r\n", "z\r\n", row(2), "last"), "b1")
    messages, batches = poll_all(source)
    assert [(offset, content if not content.startswith(ARROW) else 1) for offset, content in messages] == [
        (0, b"x"), (1, 1), (2, b"y"), (3, b"z"), (4, 1), (5, b"last"),
    ]  # fmt: skip
    assert batches[-1].next_offset == 6


def test_a_value_that_is_not_there_is_null_and_the_row_a_reading(tmp_path):
    found, raw = readings(poll_all(FileSource(a_file(tmp_path, row(1, seconds=""), row(2, clock="N/A")), "b1"))[0])
    assert raw == []
    assert (found[0]["test_time_second"], found[0]["unix_time_second"]) == (None, 1565723873.0)
    assert (found[1]["test_time_second"], found[1]["unix_time_second"]) == (20.0, None)


def test_a_line_over_the_limit_is_cut_and_its_true_size_told(tmp_path):
    source = FileSource(a_file(tmp_path, row(1), "x" * (3 * MAX_BATCH_BYTES) + "\r\n", row(2)), "b1")
    _, batches = poll_all(source)
    sizes = {offset: size for batch in batches for offset, size in zip(batch.offsets, batch.sizes, strict=True)}
    assert sizes[1] == 3 * MAX_BATCH_BYTES
    assert max(len(message) for batch in batches for message in batch.messages()) == MAX_BATCH_BYTES


def test_blank_lines_have_a_number_and_go_nowhere(tmp_path):
    source = FileSource(a_file(tmp_path, row(1), "\r\n", "\t\t\r\n", row(4), "\r\n"), "b1")
    messages, batches = poll_all(source)
    assert [reading["record_index"] for reading in readings(messages)[0]] == [1, 4]
    assert (batches[-1].next_offset, batches[-1].closes) == (5, True)


def test_only_the_batch_that_reaches_the_end_closes(tmp_path):
    source = FileSource(a_file(tmp_path, *map(row, range(10))), "b1")
    _, batches = poll_all(source, budget=100)
    assert len(batches) > 2
    assert [batch.closes for batch in batches] == [False] * (len(batches) - 1) + [True]
    assert source.poll(source.partitions()[0], 10, 100) is None


def test_a_file_begins_at_its_first_row_whatever_the_time(tmp_path):
    source = FileSource(a_file(tmp_path, row(1), "\r\n"), "b1")
    (partition,) = source.partitions()
    assert (source.begin(partition), source.end(partition), source.offset_at(partition, 4e9)) == (0, 2, 0)
    blank = source.poll(partition, 1, 100)
    assert (len(blank), blank.next_offset, blank.closes) == (0, 2, True)
    source.close()


def test_an_export_without_rows_is_at_its_end_at_once(tmp_path):
    source = FileSource(a_file(tmp_path), "b1")
    assert source.end(source.partitions()[0]) == 0
    assert poll_all(source) == ([], [])


@settings(max_examples=40, deadline=None)
@given(budget=st.integers(1, 2000), start=st.integers(0, 12), bad=st.sets(st.integers(0, 11)))
def test_polls_of_any_budget_from_any_row_make_up_the_rest(tmp_path_factory, budget, start, bad):
    rows = ["bad\n" if number in bad else row(number) for number in range(12)]
    path = a_file(tmp_path_factory.mktemp("files"), *rows)
    found, raw = readings(poll_all(FileSource(path, "b1"), start, budget)[0])
    assert [reading["record_index"] for reading in found] == [n for n in range(start, 12) if n not in bad]
    assert [offset for offset, _ in raw] == [n for n in range(start, 12) if n in bad]


def test_long_files_go_out_in_messages_of_two_thousand_rows(tmp_path):
    messages, _ = poll_all(FileSource(a_file(tmp_path, *map(row, range(4500))), "b1"))
    assert [offset for offset, _ in messages] == [0, 2000, 4000]
    assert max(len(content) for _, content in messages) < MAX_BATCH_BYTES


def test_another_file_or_an_offset_behind_the_end_is_refused(tmp_path):
    source = FileSource(a_file(tmp_path, row(1)), "b1")
    with pytest.raises(SourceError, match="its content changed"):
        source.poll("file:0000000000000000", 0, 100)
    with pytest.raises(SourceError, match="has 1 rows, not 2"):
        source.poll(source.partitions()[0], 2, 100)


def test_an_unknown_file_is_refused_by_name(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match=r"x\.csv: this is no export .*'a', 'b'"):
        FileSource(tmp_path / "x.csv", "b1")


def counters(charged_ah, discharged_ah, charged_wh, discharged_wh):
    """What the cycler counted, as the file has it."""
    charge = {"charging_capacity_ah": charged_ah, "discharging_capacity_ah": discharged_ah}
    return charge | {"charging_energy_wh": charged_wh, "discharging_energy_wh": discharged_wh}


def shared(name):
    if not SHARED.is_dir():
        pytest.skip(f"the shared cycler files are not beside the repository ({SHARED})")
    return open_source(f"file://{SHARED / name}")


def test_the_shared_maccor_file_has_its_10714_readings():
    found, raw = readings(poll_all(shared("maccor_24cycles.078"), budget=500_000)[0])
    assert (len(found), raw) == (10714, [])
    assert found[0] == {  # its third line
        "record_index": 1.0, "cycle_count": 0.0, "step_id": 1.0, "test_time_second": 0.0, "step_time_second": 0.0,
        "current_ampere": 0.0, "voltage_volt": 3.45807584, "unix_time_second": 1565723873.0,
    } | counters(0, 0, 0, 0)  # fmt: skip
    assert found[-2] == {  # its last line but one, 2019-08-15 16:15:17
        "record_index": 10713.0, "cycle_count": 23.0, "step_id": 5.0, "test_time_second": 161820.16,
        "step_time_second": 1707.0, "current_ampere": -4.7001602197, "voltage_volt": 3.55832761,
        "unix_time_second": 1565885717.0,
    } | counters(0, 2.2285093601, 0, 8.4887843125)  # fmt: skip


def test_the_shared_arbin_file_has_its_2142_readings():
    found, raw = readings(poll_all(shared("arbin_lfp_fastcharge.csv"))[0])
    assert (len(found), raw) == (2142, [])
    assert found[0] == {  # its second line
        "record_index": 1.0, "test_time_second": 0.0, "unix_time_second": 1499006353.0, "step_time_second": 0.723,
        "step_id": 10.0, "cycle_count": 1.0, "current_ampere": -9.63e-05, "voltage_volt": 3.2796359,
        "temperature_t1_celsius": 29.18314,
    } | counters(0.8800053, 2.54e-11, 3.0910666, 6.15e-11)  # fmt: skip
    assert found[-1] == {  # its last line
        "record_index": 2142.0, "test_time_second": 6308.4823, "unix_time_second": 1499012661.0,
        "step_time_second": 300.0106, "step_id": 13.0, "cycle_count": 2.0, "current_ampere": 0.0,
        "voltage_volt": 2.4080653, "temperature_t1_celsius": 29.30785,
    } | counters(1.0725317, 1.0729095, 3.7558255, 3.2606606)  # fmt: skip


def test_the_shared_neware_file_has_its_9065_readings():
    found, raw = readings(poll_all(shared("neware_flat_halfcell.csv"))[0])
    assert (len(found), raw) == (9065, [])
    assert found[0] == {  # its second line
        "record_index": 1.0, "cycle_count": 1.0, "step_id": 1.0, "test_time_second": 0.0, "step_time_second": 0.0,
        "current_ampere": 0.0, "voltage_volt": 2.9170, "unix_time_second": 1652891272.0,
    } | counters(0, 0, 0, 0)  # fmt: skip
    assert found[-1]["test_time_second"] == 518538.0  # 144:02:18
    assert found[-1].items() >= counters(0.00143796, 0, 0.00045529, 0).items()


def test_the_shared_biologic_file_has_its_9999_readings():
    found, raw = readings(poll_all(shared("biologic_mb_formation.csv"), budget=500_000)[0])
    assert (len(found), raw) == (9999, [])
    assert found[1] == {  # its third line
        "unix_time_second": 1620229005.513, "current_ampere": 2.49326220703125, "voltage_volt": 4.23017549514771,
        "temperature_t1_celsius": None, "cycle_count": 0.0, "step_id": 1.0,
    } | counters(0.0000013851456705729, 0, 5.85940927286749e-06, 0)  # fmt: skip


def test_the_shared_landt_file_has_its_25162_readings():
    found, raw = readings(poll_all(shared("landt_graphite_coin.csv"), budget=500_000)[0])
    assert (len(found), raw) == (25162, [])
    assert found[0] == {  # its eighth line
        "record_index": 1.0, "cycle_count": 1.0, "step_id": 1.0, "unix_time_second": 1714487599.0,
        "test_time_second": 0.020, "step_time_second": 0.020, "current_ampere": 0.0, "voltage_volt": 2.9215,
        "temperature_t1_celsius": 0.0,
    } | counters(0, 0, 0, 0)  # fmt: skip
    assert found[3287].items() >= counters(0, 0.0001, 0, 0).items()  # its 3295th line

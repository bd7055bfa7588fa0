from pipelines.analytics import layout
from schemas import COLUMNS


def test_the_rows_are_named_as_the_columns_of_a_chunk_are_ordered():
    rows = {
        "test_time_second": layout.TEST_TIME,
        "unix_time_second": layout.UNIX_TIME,
        "current_ampere": layout.CURRENT,
        "voltage_volt": layout.VOLTAGE,
        "temperature_t1_celsius": layout.TEMPERATURE,
        "cycle_count": layout.CYCLE_COUNT,
        "step_count": layout.STEP_COUNT,
        "step_id": layout.STEP_ID,
        "step_time_second": layout.STEP_TIME,
        "record_index": layout.RECORD,
        "charging_capacity_ah": layout.CHARGE_AH,
        "discharging_capacity_ah": layout.DISCHARGE_AH,
        "charging_energy_wh": layout.CHARGE_WH,
        "discharging_energy_wh": layout.DISCHARGE_WH,
    }
    assert list(rows) == list(COLUMNS)
    assert list(rows.values()) == list(range(layout.CONTENT.start, layout.CONTENT.stop))
    assert layout.AXIS < layout.CONTENT.start < layout.CONTENT.stop == layout.DUPLICATES == layout.ROWS - 1

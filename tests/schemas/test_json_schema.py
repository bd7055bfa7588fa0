"""The JSON Schema files say what the code does."""

import json

import jsonschema
import pytest

from schemas import COLUMNS, json_schema

READING = json_schema.reading_schema()
READING_COLUMNS = json_schema.reading_columns_schema()

GOOD = {"battery_id": "b-1", "unix_time_second": 1.76e9, "current_ampere": -1.2, "voltage_volt": 3.7}
GOOD_COLUMNS = {"battery_id": "b-1", "test_time_second": [0, 1.5], "current_ampere": 0, "voltage_volt": [3.7, 3.6]}


def is_valid(message: object, schema: dict) -> bool:
    return jsonschema.Draft202012Validator(schema).is_valid(message)


@pytest.mark.parametrize("path", json_schema.files(), ids=lambda path: path.name)
def test_a_file_is_what_the_code_says(path):
    assert path.read_text("utf-8") == json_schema.files()[path], "run: python -m schemas.json_schema"


def test_the_folder_holds_nothing_else():
    assert set(json_schema.FOLDER.iterdir()) == set(json_schema.files())


@pytest.mark.parametrize("schema", [READING, READING_COLUMNS], ids=["reading", "columns"])
def test_a_schema_is_one_and_describes_every_field(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == {*COLUMNS, "battery_id", "test_id", "group"}
    assert all(field["description"] for field in schema["properties"].values())


@pytest.mark.parametrize("schema", [READING, READING_COLUMNS], ids=["reading", "columns"])
def test_units_and_the_sign_of_the_current_are_told(schema):
    units = {name: field["unit"] for name, field in schema["properties"].items() if "unit" in field}
    assert units == {
        "test_time_second": "s",
        "unix_time_second": "s",
        "step_time_second": "s",
        "current_ampere": "A",
        "voltage_volt": "V",
        "temperature_t1_celsius": "degC",
        "charging_capacity_ah": "Ah",
        "discharging_capacity_ah": "Ah",
        "charging_energy_wh": "Wh",
        "discharging_energy_wh": "Wh",
    }
    assert "Positive when charging" in schema["properties"]["current_ampere"]["description"]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"cycle_count": 3, "step_id": None, "group": "W", "record_index": 2**53},
        {"unix_time_second": None, "test_time_second": 0},
        {"something_else": {"a": [1]}},
    ],
)
def test_a_good_reading_is_valid(change):
    assert is_valid(GOOD | change, READING)


@pytest.mark.parametrize(
    "change",
    [
        {"voltage_volt": None},
        {"voltage_volt": "3.7"},
        {"voltage_volt": 1.1e4},
        {"current_ampere": [1.0]},
        {"cycle_count": 1.5},
        {"cycle_count": -1},
        {"unix_time_second": 1.76e12},
        {"unix_time_second": None},
        {"battery_id": "a b"},
        {"battery_id": ""},
        {"group": "x" * 65},
    ],
    ids=str,
)
def test_a_bad_reading_is_not_valid(change):
    assert not is_valid(GOOD | change, READING)


@pytest.mark.parametrize("name", ["battery_id", "current_ampere", "voltage_volt", "unix_time_second"])
def test_a_reading_without_what_it_needs_is_not_valid(name):
    assert not is_valid({key: value for key, value in GOOD.items() if key != name}, READING)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"current_ampere": [1, -1], "cycle_count": [1, None], "step_id": 4},
        {"test_time_second": None, "unix_time_second": 1.76e9},
        {"temperature_t1_celsius": None},
    ],
)
def test_good_columns_are_valid(change):
    assert is_valid(GOOD_COLUMNS | change, READING_COLUMNS)


@pytest.mark.parametrize(
    "change",
    [
        {"voltage_volt": 3.7},
        {"voltage_volt": [3.7, None]},
        {"voltage_volt": [3.7, 1.1e4]},
        {"current_ampere": None},
        {"test_time_second": None},
        {"cycle_count": [1, 1.5]},
        {"battery_id": ["a", "b"]},
    ],
    ids=str,
)
def test_bad_columns_are_not_valid(change):
    assert not is_valid(GOOD_COLUMNS | change, READING_COLUMNS)


def test_the_files_can_be_written_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(json_schema, "FOLDER", tmp_path / "json")
    json_schema.main()
    assert json.loads((tmp_path / "json" / "reading.schema.json").read_text("utf-8")) == READING

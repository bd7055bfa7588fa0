"""The tables describe the rows, whole."""

from typing import get_args

import pytest

from schemas import CycleRow, DeadLetter, LateReading, Reason, Snapshot, StepRow, rows
from schemas.tables import CYCLE, DEAD_LETTER, LATE, SNAPSHOT, STEP, TABLES, Table


def name_of(table: Table) -> str:
    return table.name


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_a_table_has_the_columns_of_its_row_in_order_each_of_a_type_that_every_store_knows(table):
    columns = table.columns()
    assert tuple(columns) == table.row._fields
    assert set(columns.values()) <= {str, int, float, bytes}


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_a_key_is_of_whole_numbers_and_texts_of_the_row(table):
    columns = table.columns()
    assert table.key
    assert {columns[name] for name in table.key} <= {str, int}


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_a_guarded_table_has_a_revision_to_guard_by(table):
    assert ("revision" in table.columns()) == table.guarded


def test_no_two_tables_share_a_name_or_a_row():
    assert len({table.name for table in TABLES}) == len(TABLES)
    assert len({table.row for table in TABLES}) == len(TABLES)


def test_every_kind_of_row_has_a_table():
    kinds = {kind for kind in vars(rows).values() if isinstance(kind, type) and hasattr(kind, "_fields")}
    assert kinds | {DeadLetter} == {table.row for table in TABLES}


def test_words_of_a_closed_list_are_texts():
    assert STEP.columns()["direction"] is str
    assert CYCLE.columns()["status"] is str
    assert DEAD_LETTER.columns()["reason"] is str
    assert SNAPSHOT.columns()["state"] is bytes
    assert all(isinstance(word, str) for word in get_args(Reason))


def test_rows_that_are_kept_by_their_position_name_it_alike():
    assert DEAD_LETTER.key == LATE.key == ("partition", "offset", "reading_index")


def test_the_rows_of_cycles_and_steps_belong_to_a_battery():
    assert {kind._fields[0] for kind in (CycleRow, StepRow, Snapshot)} == {"battery_id"}
    assert LateReading._fields[3] == "battery_id"

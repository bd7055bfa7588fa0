"""What only a SQLite store has: a file, which can be the wrong one, and other connections to it."""

import sqlite3
import threading
from math import nan
from pathlib import Path

import pytest

from pipelines.storage import Bundle, StoreError, open_reader, open_store
from pipelines.storage.sqlite_statements import quoted
from pipelines.storage.versions import UNKNOWN
from schemas.tables import CYCLE, SCHEMA_VERSION, STEP
from tests.storage.rows import (
    a_battery,
    a_cycle,
    a_dead_letter,
    a_point,
    a_row_of_b1,
    a_snapshot,
    bundle_of,
    exactly,
    kept,
)

OPENERS = [lambda url: open_store(url, create=True), open_store, open_reader]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "metrics.db"


@pytest.fixture
def url(file):
    return f"sqlite:///{file}"


@pytest.fixture
def plain(file, store):
    """Another program's connection to the file, in autocommit."""
    connection = sqlite3.connect(file, isolation_level=None, timeout=0.0)
    yield connection
    connection.close()


def refusal(open_it, url):
    with pytest.raises(StoreError) as refused:
        open_it(url)
    message = str(refused.value)
    assert "\n" not in message
    return message


class TestFiles:
    @pytest.mark.parametrize("open_it", [open_store, open_reader])
    def test_a_missing_file_is_not_made(self, file, url, open_it):
        assert f"run: chargetracker store init {url}" in refusal(open_it, url)
        assert not file.exists()

    @pytest.mark.parametrize("open_it", OPENERS)
    def test_a_folder_is_no_store(self, tmp_path, open_it):
        assert f"sqlite:///{tmp_path}/metrics.db" in refusal(open_it, f"sqlite:///{tmp_path}")

    def test_a_file_in_a_folder_that_is_not_there_says_which_to_make(self, tmp_path):
        message = refusal(OPENERS[0], f"sqlite:///{tmp_path}/new/metrics.db")
        assert f"mkdir -p '{tmp_path}/new'" in message

    @pytest.mark.parametrize("open_it", OPENERS)
    def test_a_file_that_is_no_database_is_left_alone(self, file, url, open_it):
        file.write_text("cycle;capacity\n" * 1000)
        assert "choose another file" in refusal(open_it, url)
        assert file.read_text() == "cycle;capacity\n" * 1000

    @pytest.mark.parametrize("open_it", OPENERS)
    def test_the_database_of_another_program_is_left_alone(self, file, url, open_it):
        with sqlite3.connect(file) as theirs:
            theirs.execute("CREATE TABLE battery (x)")
        theirs.close()
        before = file.read_bytes()
        assert "another program" in refusal(open_it, url)
        assert file.read_bytes() == before

    @pytest.mark.parametrize("open_it", [open_store, open_reader])
    def test_an_empty_file_is_refused_with_what_to_run(self, file, url, open_it):
        file.touch()
        assert f"run: chargetracker store init {url}" in refusal(open_it, url)

    def test_tables_can_be_made_in_an_empty_file(self, file, url):
        file.touch()
        store = open_store(url, create=True)
        store.init()
        store.close()
        assert open_reader(url).batteries() == []

    def test_using_a_store_before_its_tables_are_made_says_what_to_run(self, url):
        store = open_store(url, create=True)
        with pytest.raises(StoreError, match=f"run: chargetracker store init {url}"):
            store.batteries()

    def test_a_relative_path_starts_at_the_folder_one_is_in(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        store = open_store("sqlite:///metrics.db", create=True)
        store.init()
        monkeypatch.chdir("/")
        store.write(Bundle(batteries=[a_battery()]))
        assert open_reader(f"sqlite:///{tmp_path}/metrics.db").batteries() == [a_battery()]

    @pytest.mark.parametrize("name", ["two words.db", "100%25.db", "a#b&c=d.db", "µ'\";.db", ":memory:"])
    def test_whatever_its_name_it_is_that_file(self, tmp_path, name):
        store = open_store(f"sqlite:///{tmp_path}/{name}", create=True)
        store.init()
        store.close()
        assert [each.name for each in tmp_path.iterdir()] == [name]

    def test_everything_is_in_one_file_when_all_have_closed(self, tmp_path, url):
        store = open_store(url, create=True)
        store.init()
        reader = open_reader(url)
        store.write(Bundle(batteries=[a_battery()]))
        reader.close()
        store.close()
        assert [each.name for each in tmp_path.iterdir()] == ["metrics.db"]


class TestVersions:
    @pytest.fixture
    def old_url(self, url, store, plain):
        store.write(Bundle(batteries=[a_battery()]))
        plain.execute("UPDATE meta SET value = ? WHERE name = 'schema_version'", (SCHEMA_VERSION + 1,))
        return url

    @pytest.mark.parametrize("open_it", [open_store, open_reader])
    def test_another_version_is_refused_with_both_ways_out(self, old_url, open_it):
        message = refusal(open_it, old_url)
        assert f"version {SCHEMA_VERSION + 1}" in message
        assert f"version {SCHEMA_VERSION}:" in message
        assert f"chargetracker store reset {old_url}" in message

    def test_init_does_not_touch_another_version(self, old_url, plain):
        store = open_store(old_url, create=True)
        with pytest.raises(StoreError, match="version"):
            store.init()
        assert plain.execute("SELECT count(*) FROM battery").fetchone() == (1,)

    def test_a_reset_makes_it_this_version(self, old_url, plain):
        plain.execute("CREATE TABLE of_the_future (x)")
        open_store(old_url, create=True).reset()
        assert open_reader(old_url).batteries() == []
        assert plain.execute("SELECT count(*) FROM sqlite_master WHERE name = 'of_the_future'").fetchone() == (0,)


@pytest.mark.skipif(sqlite3.sqlite_version_info < (3, 37), reason="this SQLite has no STRICT tables")
class TestMigration:
    @pytest.fixture
    def version_1(self, file, url):
        """As version 1 of this program made it: with a battery, a dead letter and a committed offset."""
        with sqlite3.connect(file) as connection:
            connection.executescript(Path(__file__).with_name("version_1.sql").read_text())
        connection.close()
        return url

    @pytest.mark.parametrize("open_it", [open_store, open_reader, lambda url: open_store(url, create=True).init()])
    def test_an_older_version_is_refused_with_what_to_run(self, version_1, open_it):
        message = refusal(open_it, version_1)
        assert "version 1," in message
        assert f"chargetracker store migrate {version_1}" in message

    def test_an_older_version_is_brought_to_this_one_with_all_that_is_in_it(self, version_1):
        store = open_store(version_1, create=True)
        assert store.migrate() == 1
        old = a_dead_letter(7, key=b"", headers=b"")
        assert store.dead_letters() == [old]
        assert store.batteries() == [a_battery()]
        assert store.committed()["log:a/0"].offset == 42
        new = a_dead_letter(8, key=b"b1", headers=b"\x00")
        store.write(Bundle(dead_letters=[new]))
        store.close()
        assert {row.offset: row for row in open_reader(version_1).dead_letters()} == {7: old, 8: new}

    @pytest.mark.parametrize(("table", "first"), [(CYCLE, 31), (STEP, 26)])
    def test_the_steps_and_cycles_of_version_2_keep_what_they_have_and_the_rest_is_not_known(
        self, url, file, store, table, first
    ):
        old = a_row_of_b1(table, 1)
        store.write(bundle_of(table, old))
        store.close()
        with sqlite3.connect(file) as connection:
            for name in table.row._fields[first:-1]:
                connection.execute(f'ALTER TABLE "{table.name}" DROP COLUMN "{name}"')
            other = {CYCLE: STEP, STEP: CYCLE}[table]
            for name in other.row._fields[{CYCLE: 31, STEP: 26}[other] : -1]:
                connection.execute(f'ALTER TABLE "{other.name}" DROP COLUMN "{name}"')
            connection.execute("UPDATE meta SET value = 2 WHERE name = 'schema_version'")
        connection.close()
        migrated = open_store(url, create=True)
        assert migrated.migrate() == 2
        unknown = {name: UNKNOWN[table.columns()[name]] for name in table.row._fields[first:-1]}
        assert exactly(kept(migrated, table)) == exactly([old._replace(**unknown)])
        newer = a_row_of_b1(table, 2)
        migrated.write(bundle_of(table, newer))
        assert kept(migrated, table) == [newer]
        migrated.close()

    def test_migrating_this_version_changes_nothing(self, store):
        store.write(Bundle(batteries=[a_battery()]))
        assert store.migrate() == SCHEMA_VERSION
        assert store.batteries() == [a_battery()]

    def test_a_newer_version_is_not_touched(self, url, store, plain):
        plain.execute("UPDATE meta SET value = ? WHERE name = 'schema_version'", (SCHEMA_VERSION + 1,))
        with pytest.raises(StoreError, match="newer program"):
            store.migrate()
        assert plain.execute("SELECT value FROM meta WHERE name = 'schema_version'").fetchone() == (SCHEMA_VERSION + 1,)

    def test_a_file_without_tables_has_nothing_to_migrate(self, url):
        with pytest.raises(StoreError, match="store init"):
            open_store(url, create=True).migrate()


class TestConnections:
    def test_a_reader_cannot_write(self, url, store):
        reader = open_reader(url)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader._connection.execute("DELETE FROM battery")

    def test_an_open_read_blocks_no_writer_and_stays_as_it_was(self, store, plain):
        store.write(Bundle(batteries=[a_battery("b1")]))
        plain.execute("BEGIN")
        cursor = plain.execute("SELECT battery_id FROM battery")
        store.write(Bundle(batteries=[a_battery("b2")]))
        assert cursor.fetchall() == [("b1",)]
        assert plain.execute("SELECT count(*) FROM battery").fetchone() == (1,)
        plain.execute("COMMIT")
        assert plain.execute("SELECT count(*) FROM battery").fetchone() == (2,)

    def test_an_open_write_blocks_no_reader(self, url, store, plain):
        store.write(Bundle(batteries=[a_battery("b1")]))
        plain.execute("BEGIN IMMEDIATE")
        plain.execute("DELETE FROM battery")
        reader = open_reader(url)
        assert [row.battery_id for row in reader.batteries()] == ["b1"]
        plain.execute("ROLLBACK")

    def test_a_writer_that_waits_too_long_says_so(self, store, plain):
        store._connection.execute("PRAGMA busy_timeout = 0")
        plain.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program"):
            store.write(Bundle(batteries=[a_battery()]))
        plain.execute("ROLLBACK")
        store.write(Bundle(batteries=[a_battery()]))
        assert store.batteries() == [a_battery()]

    def test_many_writers_at_once_lose_nothing(self, url, store):
        def write(writer: int) -> None:
            own = open_store(url)
            for number in range(20):
                own.write(Bundle(cycles=[a_cycle(f"b{writer}", number)], snapshots=[a_snapshot("shared", number)]))
            own.close()

        in_threads(write, 4)
        assert len(store.cycles()) == 4 * 20
        assert store.snapshots(["shared"])["shared"].revision == 19

    def test_one_opening_can_be_shared_by_threads(self, store):
        def write(writer: int) -> None:
            for number in range(20):
                store.write(Bundle(cycles=[a_cycle(f"b{writer}", number)]))
                store.cycles({f"b{writer}": number})

        in_threads(write, 4)
        assert len(store.cycles()) == 4 * 20

    def test_many_who_make_the_same_store_at_once_make_one(self, url):
        made = []

        def make(_writer: int) -> None:
            own = open_store(url, create=True)
            own.init()
            made.append(own.take_epoch(1.0))
            own.close()

        in_threads(make, 6)
        assert len(set(made)) == 6

    def test_after_closing_there_is_a_clear_error(self, store):
        store.close()
        store.close()
        with pytest.raises(StoreError, match="closed"):
            store.batteries()


class TestValues:
    @pytest.mark.parametrize("bad", [{"cycle_number": 2**63}, {"group": "\ud800"}, {"cycle_count": None}])
    def test_what_the_file_cannot_hold_is_refused(self, store, bad):
        with pytest.raises(StoreError):
            store.write(Bundle(batteries=[a_battery("b0")], cycles=[a_cycle()._replace(**bad)]))
        assert store.batteries() == []

    @pytest.mark.skipif(sqlite3.sqlite_version_info < (3, 37), reason="this SQLite has no STRICT tables")
    @pytest.mark.parametrize("bad", [{"max_gap_second": "long"}, {"steps": 1.5}, {"steps": "many"}])
    def test_a_value_of_the_wrong_type_is_refused(self, store, bad):
        with pytest.raises(StoreError):
            store.write(Bundle(cycles=[a_cycle()._replace(**bad)]))

    def test_unknown_numbers_are_null_in_the_file_and_nothing_else_is(self, store, plain):
        store.write(Bundle(cycles=[a_cycle(max_gap_second=nan, test_id="", cycle_count=-1)]))
        (row,) = plain.execute("SELECT * FROM cycle").fetchall()
        assert [name for name, value in zip(a_cycle()._fields, row, strict=True) if value is None] == ["max_gap_second"]

    def test_an_identifier_is_quoted_whatever_it_is(self):
        assert quoted('a"b; --') == '"a""b; --"'


class TestSize:
    def test_the_file_does_not_grow_while_old_points_make_room_for_new_ones(self, store, plain):
        pages = []
        for turn in range(8):
            points = [
                a_point(f"b{b}", 100 * turn + n, time_second=1000.0 * turn) for b in range(10) for n in range(100)
            ]
            newest = [a_battery(f"b{b}", time_second=1000.0 * turn, revision=turn + 1) for b in range(10)]
            store.write(Bundle(batteries=newest, trace=points))
            store.expire_trace(1500.0)
            pages.append(plain.execute("PRAGMA page_count").fetchone()[0])
        assert max(pages[4:]) <= 1.2 * max(pages[:4])

    def test_a_reset_gives_the_space_back(self, file, url, store):
        store.reset()
        empty = file.stat().st_size
        store.write(Bundle(dead_letters=[a_dead_letter(n, payload=b"x" * 4096) for n in range(500)]))
        store.reset()
        assert file.stat().st_size == empty


def in_threads(work, count):
    """``work(0)`` to ``work(count - 1)`` at the same time; raises what one of them raises."""
    errors = []

    def run(number: int) -> None:
        try:
            work(number)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []

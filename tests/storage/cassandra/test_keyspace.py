"""The keyspace itself: whose it is, how it is made, how it gets newer."""

import pytest

from pipelines.storage import Bundle, StoreError, open_reader, open_store
from pipelines.storage.cassandra.layout import LAYOUTS
from schemas.tables import SCHEMA_VERSION
from tests.storage.rows import a_battery, a_dead_letter

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def of_our_own(cassandra):
    """The URL of a keyspace that tests may spoil, one after another."""
    return f"cassandra://{cassandra.address}/spoilt"


def test_a_keyspace_is_made_with_all_tables_and_it_is_said_that_it_is_on_one_node(store, look):
    names = look("SELECT table_name FROM system_schema.tables WHERE keyspace_name = 'contract'")
    assert {name for (name,) in names} == {layout.name for layout in LAYOUTS}
    ((replication,),) = look("SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = 'contract'")
    assert replication["class"].endswith("NetworkTopologyStrategy")
    assert replication["datacenter1"] == "1"
    assert "on one node" in store.cautions()[0]


def test_more_copies_than_nodes_are_refused(cassandra, opened):
    store = opened(open_store, f"cassandra://{cassandra.address}/too_many?replication=3", create=True)
    with pytest.raises(StoreError, match="has 1 node: add nodes"):
        store.init()


def test_a_datacenter_that_is_not_there_is_said_with_those_that_are(cassandra):
    with pytest.raises(StoreError, match="no datacenter elsewhere: its nodes are in datacenter1"):
        open_store(f"cassandra://{cassandra.address}/lab?datacenter=elsewhere", create=True)


def test_the_keyspace_of_another_program_is_left_alone(cassandra, look):
    look("CREATE KEYSPACE theirs WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1}")
    look("CREATE TABLE theirs.meta (name text PRIMARY KEY, value text)")
    for create in (False, True):
        with pytest.raises(StoreError, match="another program"):
            open_store(f"cassandra://{cassandra.address}/theirs", create=create)
    assert look("SELECT table_name FROM system_schema.tables WHERE keyspace_name = 'theirs'") == [("meta",)]


def test_an_older_version_is_brought_to_this_one_with_all_that_is_in_it(of_our_own, opened, look):
    store = opened(open_store, of_our_own, create=True)
    store.init()
    store.write(Bundle(batteries=[a_battery()]))
    as_version_1(look)
    older = opened(open_store, of_our_own, create=True)
    for open_it in (open_store, open_reader, lambda _url: older.init()):
        with pytest.raises(StoreError, match=f"chargetracker store migrate {of_our_own}"):
            open_it(of_our_own)
    assert older.migrate() == 1
    assert older.migrate() == SCHEMA_VERSION
    new = a_dead_letter(8, key=b"b1", headers=b"\x00")
    older.write(Bundle(dead_letters=[new]))
    found = opened(open_reader, of_our_own)._letters.of("log:a/0")
    assert sorted(found) == [a_dead_letter(7, key=b"", headers=b""), new]
    assert older.batteries() == [a_battery()]


def test_a_newer_version_is_refused_and_a_reset_makes_it_this_one(of_our_own, opened, look):
    store = opened(open_store, of_our_own, create=True)
    store.init()
    store.write(Bundle(batteries=[a_battery()]))
    look("UPDATE spoilt.meta SET schema_version = 99 WHERE name = 'store' IF EXISTS")
    for refuse in (store.migrate, lambda: open_store(of_our_own)):
        with pytest.raises(StoreError, match="newer program"):
            refuse()
    newer = opened(open_store, of_our_own, create=True)
    newer.reset()
    assert newer.batteries() == opened(open_reader, of_our_own).batteries() == []


def as_version_1(look):
    """The table that has changed since, as version 1 of this program made it, with one letter in it."""
    look("DROP TABLE spoilt.dead_letter")
    look(
        'CREATE TABLE spoilt.dead_letter ("span" bigint, "partition" text, "offset" bigint, "reading_index" bigint, '
        '"reason" text, "detail" text, "payload" blob, "payload_size" bigint, "arrival_unix_second" double, '
        'PRIMARY KEY (("partition", "span"), "offset", "reading_index", "arrival_unix_second"))'
    )
    look(
        "INSERT INTO spoilt.dead_letter (span, partition, offset, reading_index, reason, detail, payload, "
        "payload_size, arrival_unix_second) "
        "VALUES (0, 'log:a/0', 7, 1002, 'malformed', 'text 1/4', 0x010500ff, 1006, 1.109375)"
    )
    look("UPDATE spoilt.meta SET schema_version = 1 WHERE name = 'store' IF EXISTS")

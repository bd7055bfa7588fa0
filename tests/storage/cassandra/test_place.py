"""What the URL of a Cassandra store says."""

import pytest

from pipelines.storage import StoreError, open_store
from pipelines.storage.cassandra.place import CassandraPlace, place_of
from pipelines.storage.url import parse_url


def place(url: str) -> CassandraPlace:
    return place_of(parse_url(url))


def test_a_host_is_enough():
    expected = CassandraPlace((("h1", 9042),), "battery_data", None, None, "local_quorum", 10.0)
    assert place("cassandra://h1") == expected
    assert place("cassandra://h1/") == expected


def test_several_hosts_have_ports_of_their_own():
    points = place("cassandra://h1:9043,10.0.0.2,[::1]:9044/lab").contact_points
    assert points == (("h1", 9043), ("10.0.0.2", 9042), ("::1", 9044))


def test_everything_can_be_set():
    found = place("cassandra://h/lab_2?replication=3&datacenter=dc-1.x&consistency=QUORUM&patience_second=0.5")
    assert found == CassandraPlace((("h", 9042),), "lab_2", 3, "dc-1.x", "quorum", 0.5)


WRONG = {
    "cassandra://h/Lab": "keyspace",
    "cassandra://h/2lab": "keyspace",
    "cassandra://h/lab-1": "keyspace",
    "cassandra://h/lab; DROP KEYSPACE lab": "keyspace",
    f"cassandra://h/{'x' * 49}": "keyspace",
    "cassandra://h/lab/more": "keyspace",
    "cassandra://h h/lab": "no host",
    "cassandra://h:0/lab": "no host",
    "cassandra://h:99999/lab": "no host",
    "cassandra://h:x/lab": "no host",
    "cassandra://h,/lab": "no host",
    "cassandra:///lab": "no host",
    "cassandra://h/lab?replication=2": "replication=2",
    "cassandra://h/lab?datacenter=a'b": "datacenter",
    "cassandra://h/lab?consistency=one": "local_quorum",
    "cassandra://h/lab?patience_second=nan": "patience_second",
    "cassandra://h/lab?patience_second=-1": "patience_second",
    "cassandra://h/lab?patience_second=long": "patience_second",
    "cassandra://h/lab?replication=1&replication=3": "each once",
    "cassandra://h/lab?": "take out ''",
}


@pytest.mark.parametrize("url", WRONG)
def test_a_wrong_url_is_refused_before_anything_is_connected_to(url):
    with pytest.raises(StoreError, match=WRONG[url]) as refused:
        open_store(url)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "cassandra://h/lab?password=canary-secret",
        "cassandra://h/lab?username=lab&password=canary-secret",
        "cassandra://lab:canary-secret@h/lab",
        "cassandra://?password=canary-secret",
        "sqlite:///m.db?password=canary-secret",
    ],
)
def test_a_password_in_a_url_is_refused_and_not_repeated(url):
    with pytest.raises(StoreError) as refused:
        open_store(url)
    assert "canary-secret" not in str(refused.value)

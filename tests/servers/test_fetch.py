import threading
from hashlib import sha256

import pytest

from pipelines.servers import fetch as module
from pipelines.servers.errors import ServerError
from pipelines.servers.fetch import CACHE_VARIABLE, default_cache, fetch, missing
from pipelines.servers.jar_list import Jar

CONTENT = b"a jar"
JAR = Jar("org.example:thing:1", len(CONTENT), sha256(CONTENT).hexdigest())


@pytest.fixture(autouse=True)
def without_maven_and_without_pauses(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("M2_REPO", str(tmp_path / "m2"))
    monkeypatch.delenv("CHARGETRACKER_MAVEN_MIRROR", raising=False)
    monkeypatch.setattr(module, "PAUSE_SECOND", 0.0)


def gives(content, *failures):
    """A download that fails in these ways before it gives the content."""
    left = list(failures)

    def download(jar, folder):
        folder.mkdir()
        if left:
            (folder / "half").write_bytes(content[:2])
            raise left.pop(0)
        file = folder / "thing.jar"
        file.write_bytes(content)
        return file

    return download


def brought(cache, download, jars=(JAR,)):
    seen = []
    fetch(jars, cache, seen.append, download)
    return seen


def test_a_jar_gets_its_name_in_the_cache_and_is_not_missing_any_more(tmp_path):
    assert missing([JAR], tmp_path) == [JAR]
    assert brought(tmp_path, gives(CONTENT)) == [JAR]
    assert (tmp_path / "org/example/thing/1/thing-1.jar").read_bytes() == CONTENT
    assert missing([JAR], tmp_path) == []


def test_nothing_else_is_left_in_the_cache(tmp_path):
    cache = tmp_path / "cache"
    brought(cache, gives(CONTENT, OSError("cut off")))
    assert [file.name for file in cache.rglob("*") if file.is_file()] == ["thing-1.jar"]
    assert [folder.name for folder in cache.iterdir()] == ["org"]


def test_a_jar_with_another_checksum_is_refused_and_not_kept(tmp_path):
    with pytest.raises(ServerError, match=r"org\.example:thing:1.*SHA-256"):
        brought(tmp_path, gives(b"a Jar"))
    assert missing([JAR], tmp_path) == [JAR]


def test_a_download_that_fails_twice_is_tried_a_third_time(tmp_path):
    assert brought(tmp_path, gives(CONTENT, OSError(), RuntimeError())) == [JAR]


def test_a_download_that_fails_three_times_is_one_sentence_without_the_address(tmp_path, monkeypatch):
    monkeypatch.setenv("CHARGETRACKER_MAVEN_MIRROR", "https://someone:secret@example.org/maven")
    failures = [OSError("https://someone:secret@example.org/maven refused")] * 3
    with pytest.raises(ServerError, match="could not be fetched from the mirror") as refused:
        brought(tmp_path, gives(CONTENT, *failures))
    assert "secret" not in str(refused.value)


def test_the_jar_of_this_machines_maven_repository_is_copied(tmp_path):
    copy = tmp_path / "m2" / JAR.path
    copy.parent.mkdir(parents=True)
    copy.write_bytes(CONTENT)
    assert brought(tmp_path / "cache", gives(b"", *[OSError()] * 3)) == [JAR]
    assert copy.read_bytes() == CONTENT


def test_a_damaged_jar_of_mavens_repository_is_fetched_instead(tmp_path):
    copy = tmp_path / "m2" / JAR.path
    copy.parent.mkdir(parents=True)
    copy.write_bytes(b"A JAR")
    assert brought(tmp_path / "cache", gives(CONTENT)) == [JAR]


def test_many_jars_are_fetched_at_the_same_time(tmp_path):
    jars = [Jar(f"org.example:thing{number}:1", JAR.byte_size, JAR.sha256) for number in range(4)]
    all_are_here = threading.Barrier(4, timeout=20)

    def download(jar, folder):
        all_are_here.wait()
        return gives(CONTENT)(jar, folder)

    assert sorted(brought(tmp_path, download, jars), key=str) == sorted(jars, key=str)


def test_the_cache_is_where_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.delenv(CACHE_VARIABLE, raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert default_cache() == tmp_path / "home/.cache/chargetracker/jars"
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    assert str(default_cache()) == "/caches/chargetracker/jars"
    monkeypatch.setenv(CACHE_VARIABLE, "/mine")
    assert str(default_cache()) == "/mine/jars"

import pytest

from pipelines.options import RunSettings, SettingsError
from pipelines.runners.places import seen_from_workers


def test_workers_are_given_paths_from_the_root_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    seen = seen_from_workers(RunSettings("file://a/b.csv?battery=c", "sqlite:///m.db"))
    assert seen.source_url == f"file://{tmp_path}/a/b.csv?battery=c"
    assert seen.store_url == f"sqlite:///{tmp_path}/m.db"
    again = seen_from_workers(seen)
    assert again == seen
    other = RunSettings("kafka://h:1/t", "cassandra://h/k")
    assert seen_from_workers(other) == other
    with pytest.raises(SettingsError, match="memory://m"):
        seen_from_workers(RunSettings("kafka://h:1/t", "memory://m"))

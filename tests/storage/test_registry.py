"""Which store a URL names, and what is said when it names none."""

import pytest

from pipelines.storage import StoreError, open_reader, open_store

WRONG = {
    "": "sqlite:///metrics.db",
    "metrics.db": "sqlite:///metrics.db",
    "://x": "sqlite:///metrics.db",
    "sqlite://": "sqlite:///metrics.db",
    "sqlite:///": "sqlite:///metrics.db",
    "memory://": "sqlite:///metrics.db",
    "postgresql://host/db": "use sqlite:///FILE or cassandra://HOST/KEYSPACE or memory://NAME",
    "sqlite3:///metrics.db": "use sqlite:///FILE or cassandra://HOST/KEYSPACE or memory://NAME",
    "sqlite://metrics.db": "sqlite:///FILE",
    "sqlite://host/metrics.db": "sqlite:///FILE",
    "sqlite:///metrics.db?mode=ro": "question mark",
    "sqlite:///a\0b": "nobody can see",
}


@pytest.mark.parametrize("url", WRONG)
@pytest.mark.parametrize("open_it", [lambda url: open_store(url, create=True), open_store, open_reader])
def test_a_wrong_url_is_refused_with_what_to_write(url, open_it):
    with pytest.raises(StoreError, match=WRONG[url].replace("?", r"\?")) as refused:
        open_it(url)
    assert "\n" not in str(refused.value)


def test_a_password_in_a_url_is_refused_and_not_repeated():
    with pytest.raises(StoreError, match="password") as refused:
        open_store("cassandra://lab:canary-secret@host/keyspace")
    assert "canary-secret" not in str(refused.value)


def test_the_scheme_may_be_written_in_capitals(tmp_path):
    open_store(f"SQLite:///{tmp_path}/metrics.db", create=True).init()
    assert open_reader(f"sqlite:///{tmp_path}/metrics.db").batteries() == []

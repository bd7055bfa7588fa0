"""A node whose clients have to log in and to use TLS."""

import logging
import traceback

import certifi
import pytest

from pipelines.storage import Bundle, StoreError, open_reader, open_store
from pipelines.storage.cassandra.access import CA_FILE, PASSWORD, PASSWORD_FILE, USERNAME
from tests.storage.rows import a_battery

pytestmark = pytest.mark.servers


@pytest.fixture
def url(cassandra_secured, monkeypatch):
    monkeypatch.setenv(USERNAME, cassandra_secured.user)
    monkeypatch.setenv(PASSWORD, cassandra_secured.password)
    monkeypatch.setenv(CA_FILE, cassandra_secured.ca_file)
    return f"cassandra://{cassandra_secured.address}/secured"


def test_who_may_come_in_can_write_and_read(url, cassandra_secured, opened, monkeypatch, tmp_path):
    store = opened(open_store, url, create=True)
    store.init()
    store.write(Bundle(batteries=[a_battery()]))
    (tmp_path / "password").write_text(cassandra_secured.password + "\n")
    monkeypatch.delenv(PASSWORD)
    monkeypatch.setenv(PASSWORD_FILE, str(tmp_path / "password"))
    assert opened(open_reader, url).batteries() == [a_battery()]


def test_a_wrong_password_is_refused_and_in_no_text(url, monkeypatch, caplog, capfd):
    monkeypatch.setenv(PASSWORD, "canary-secret")
    with caplog.at_level(logging.DEBUG), pytest.raises(StoreError, match=f"set {USERNAME} and {PASSWORD}") as refused:
        open_store(url)
    texts = (*traceback.format_exception(refused.value), repr(refused.value), caplog.text, *capfd.readouterr())
    assert [text for text in texts if "canary-secret" in text] == []


def test_without_a_login_it_says_what_to_set(url, monkeypatch):
    monkeypatch.delenv(USERNAME)
    monkeypatch.delenv(PASSWORD)
    with pytest.raises(StoreError, match=f"set {USERNAME} and {PASSWORD}"):
        open_store(url)


def test_a_certificate_that_nobody_trusts_is_refused(url, monkeypatch):
    monkeypatch.setenv(CA_FILE, certifi.where())
    with pytest.raises(StoreError, match=CA_FILE):
        open_store(url)


def test_without_tls_it_says_what_to_set(url, monkeypatch):
    monkeypatch.delenv(CA_FILE)
    with pytest.raises(StoreError, match=CA_FILE):
        open_store(url)

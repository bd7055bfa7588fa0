"""Who logs in, and what certificates are trusted."""

import ssl
import traceback
from pathlib import Path

import certifi
import pytest

from pipelines.storage import StoreError
from pipelines.storage.cassandra.access import (
    CA_FILE,
    CERTIFICATE_FILE,
    KEY_FILE,
    PASSWORD,
    PASSWORD_FILE,
    USERNAME,
    access_from,
)

SECRET = "canary-secret"


def test_without_variables_nobody_logs_in_and_nothing_is_encrypted():
    access = access_from({})
    assert (access.username, access.password, access.tls) == ("", "", None)


def test_a_password_comes_from_a_variable_or_a_file(tmp_path):
    file = tmp_path / "password"
    file.write_text(f"{SECRET} \n")
    assert access_from({USERNAME: "lab", PASSWORD: SECRET}).password == SECRET
    assert access_from({USERNAME: "lab", PASSWORD_FILE: str(file)}).password == f"{SECRET} "


def test_a_password_is_in_no_representation():
    assert SECRET not in repr(access_from({USERNAME: "lab", PASSWORD: SECRET}))


def test_certificates_are_checked_with_the_names_in_them():
    context = access_from({CA_FILE: certifi.where()}).tls
    assert context is not None
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({USERNAME: "lab"}, f"set {PASSWORD} or {PASSWORD_FILE} too"),
        ({PASSWORD: SECRET}, f"set {USERNAME} too"),
        ({USERNAME: "lab", PASSWORD: SECRET, PASSWORD_FILE: "x"}, "leave one of them out"),
        ({USERNAME: "lab", PASSWORD_FILE: "missing"}, "missing cannot be read"),
        ({USERNAME: "lab", PASSWORD_FILE: "empty"}, "empty is empty"),
        ({USERNAME: "lab", PASSWORD_FILE: "binary"}, "binary cannot be read"),
        ({CERTIFICATE_FILE: "c.pem"}, f"set {CA_FILE} too"),
        ({CA_FILE: "missing"}, "PEM form"),
        ({CA_FILE: "empty"}, "PEM form"),
        ({CA_FILE: "ca.pem", KEY_FILE: "key"}, f"set {CERTIFICATE_FILE} too"),
        ({CA_FILE: "ca.pem", CERTIFICATE_FILE: "empty", KEY_FILE: "missing"}, "name others"),
    ],
)
def test_what_does_not_go_together_is_refused_with_what_to_set(environment, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(b"\xff" + SECRET.encode())
    (tmp_path / "ca.pem").write_bytes(Path(certifi.where()).read_bytes())
    with pytest.raises(StoreError) as refused:
        access_from(environment)
    assert said in str(refused.value)
    assert SECRET not in "".join(traceback.format_exception(refused.value))

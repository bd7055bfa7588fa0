import ssl
import stat

import pytest

from pipelines.servers.certificate import certificate_in, write_secret
from pipelines.servers.errors import ServerError
from pipelines.servers.java import find_java


@pytest.fixture
def java():
    try:
        return find_java(range(17, 100), "Java 17")
    except ServerError as error:
        pytest.skip(str(error))


def test_a_certificate_is_made_once_and_its_password_is_never_shown(tmp_path, java):
    made = certificate_in(tmp_path, java)
    ssl.create_default_context(cafile=made.public)
    assert made.keystore.exists()
    assert certificate_in(tmp_path, java) == made
    assert made.password not in repr(made)


def test_a_java_without_keytool_is_one_sentence(tmp_path):
    with pytest.raises(ServerError, match="keytool is missing"):
        certificate_in(tmp_path, tmp_path / "java")


def test_a_secret_can_be_read_by_its_owner_only_also_when_it_replaces_another(tmp_path):
    file = tmp_path / "secret"
    file.write_text("old and long")
    write_secret(file, "new")
    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

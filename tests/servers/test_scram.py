import base64
import hashlib
import hmac
import re

import pytest

from pipelines.servers.errors import ServerError
from pipelines.servers.scram import scram_sha_512
from pipelines.servers.settings import Login


def hi(password, salt, iterations):
    """Hi() of RFC 5802, as it is written there."""
    block = hmac.digest(password, salt + b"\0\0\0\1", hashlib.sha512)
    total = int.from_bytes(block)
    for _ in range(iterations - 1):
        block = hmac.digest(password, block, hashlib.sha512)
        total ^= int.from_bytes(block)
    return total.to_bytes(64)


def test_the_credential_is_the_salted_password_of_the_standard():
    credential = scram_sha_512(Login("alice", 'p,"=ä'), salt=b"salt")
    found = re.fullmatch(r'SCRAM-SHA-512=\[name=alice,salt="(.*)",saltedpassword="(.*)",iterations=(\d+)\]', credential)
    assert base64.b64decode(found[1]) == b"salt"
    assert base64.b64decode(found[2]) == hi('p,"=ä'.encode(), b"salt", int(found[3]))


def test_each_credential_has_a_salt_of_its_own():
    login = Login("alice", "secret")
    assert scram_sha_512(login) != scram_sha_512(login)


@pytest.mark.parametrize("login", [Login("a,b", "secret"), Login("a]", "secret"), Login("", "secret"), Login("a", "")])
def test_a_name_that_kafka_would_take_apart_is_refused(login):
    with pytest.raises(ServerError, match="CHARGETRACKER_STACK_KAFKA_USER"):
        scram_sha_512(login)


def test_a_password_is_never_shown():
    assert "secret" not in repr(Login("alice", "secret"))

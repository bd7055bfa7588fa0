"""A user's SCRAM credential, made here so that no other program sees the password (RFC 5802, section 3)."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

from pipelines.servers.errors import ServerError
from pipelines.servers.settings import LOGIN_VARIABLES, Login

ITERATIONS = 8192
"""Kafka takes 4096 to 16384."""


def scram_sha_512(login: Login, salt: bytes | None = None) -> str:
    """What Kafka's ``--add-scram`` takes.

    Args:
        login: The user's name is of letters, digits and `._@-`; the password is free.
        salt: Without it, random.

    Raises:
        ServerError: The name has other characters, or the password is empty.
    """
    if not re.fullmatch(r"[\w.@-]+", login.user, re.ASCII) or not login.password:
        user, password = LOGIN_VARIABLES
        message = f"{user} is a name of letters, digits and . _ @ -, and {password} is not empty."
        raise ServerError(message)
    salt = salt or secrets.token_bytes(24)
    salted = hashlib.pbkdf2_hmac("sha512", login.password.encode(), salt, ITERATIONS)
    return (
        f'SCRAM-SHA-512=[name={login.user},salt="{_base64(salt)}",'
        f'saltedpassword="{_base64(salted)}",iterations={ITERATIONS}]'
    )


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()

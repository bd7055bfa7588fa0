"""Who logs in to Cassandra, and the certificates: from environment variables and the files they name, nowhere else."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.passwords import PasswordError, password_from
from pipelines.storage.base import StoreError

PREFIX = "CHARGETRACKER_CASSANDRA_"
USERNAME, PASSWORD, PASSWORD_FILE = f"{PREFIX}USERNAME", f"{PREFIX}PASSWORD", f"{PREFIX}PASSWORD_FILE"
CA_FILE, CERTIFICATE_FILE, KEY_FILE = f"{PREFIX}CA_FILE", f"{PREFIX}CERTIFICATE_FILE", f"{PREFIX}KEY_FILE"


@dataclass(frozen=True, slots=True)
class Access:
    """How to be let in.

    Attributes:
        username: Empty where nobody has to log in.
        password: In no text that this program writes.
        tls: Who is trusted, and our own certificate; `None` without encryption. Nodes must be named in their
            certificates by the address that is connected to.
    """

    username: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)


def access_from(environment: Mapping[str, str]) -> Access:
    """What the variables say.

    Raises:
        StoreError: They contradict each other, or a file cannot be read.
    """
    username, password = environment.get(USERNAME, ""), _password(environment)
    if bool(username) != bool(password):
        missing = f"{PASSWORD} or {PASSWORD_FILE}" if username else USERNAME
        raise StoreError(f"to log in to Cassandra takes a name and a password: set {missing} too.")
    return Access(username, password, _tls(environment))


def _password(environment: Mapping[str, str]) -> str:
    try:
        return password_from(environment, PREFIX)
    except PasswordError as error:
        raise StoreError(str(error)) from None


def _tls(environment: Mapping[str, str]) -> ssl.SSLContext | None:
    ca_file, certificate = environment.get(CA_FILE), environment.get(CERTIFICATE_FILE)
    key = environment.get(KEY_FILE)
    if not ca_file:
        if certificate or key:
            raise StoreError(f"a certificate is shown over TLS only: set {CA_FILE} too.")
        return None
    if key and not certificate:
        raise StoreError(f"{KEY_FILE} belongs to a certificate: set {CERTIFICATE_FILE} too.")
    context = _trusting(ca_file)
    if certificate:
        _show(context, certificate, key)
    return context


def _trusting(ca_file: str) -> ssl.SSLContext:
    """Checks certificates and the names in them; at least TLS 1.2."""
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise StoreError(f"{CA_FILE}: {ca_file} cannot be read as certificates in PEM form: name another.") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _show(context: ssl.SSLContext, certificate: str, key: str | None) -> None:
    try:
        # Without this answer a key behind a passphrase would be asked for at the terminal.
        context.load_cert_chain(certificate, key or None, password="")
    except (OSError, ssl.SSLError, ValueError) as error:
        where = f"{CERTIFICATE_FILE} and {KEY_FILE}"
        raise StoreError(
            f"{where}: {certificate} and {key or certificate} are no certificate and its key, in PEM form and without "
            "a passphrase: name others."
        ) from error

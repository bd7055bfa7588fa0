"""A certificate for servers on this machine, made by Java's own keytool."""

from __future__ import annotations

import os
import secrets
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.servers.errors import ServerError

_ALIAS = "server"
_PASSWORD_VARIABLE = "KEYSTORE_PASSWORD"  # noqa: S105 - the name, not the password
_DAYS = "3650"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed certificate of ``localhost`` and ``127.0.0.1``.

    Attributes:
        keystore: PKCS12, with the key; for the server.
        password: Of the keystore.
        public: PEM; what clients are to trust.
    """

    keystore: Path
    password: str = field(repr=False)
    public: Path


def public_part(folder: Path) -> Path:
    """Where `certificate_in` puts what clients are to trust."""
    return folder / "certificate.pem"


def certificate_in(folder: Path, java: Path) -> Certificate:
    """The certificate of a server; made when it is not there.

    Raises:
        ServerError: keytool is missing or has failed.
    """
    password_file = folder / "keystore.password"
    keystore, public = folder / "keystore.p12", public_part(folder)
    if not public.exists():
        keystore.unlink(missing_ok=True)
        write_secret(password_file, secrets.token_urlsafe(24))
        _make(Certificate(keystore, password_file.read_text("utf-8"), public), java)
    return Certificate(keystore, password_file.read_text("utf-8"), public)


def write_secret(file: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as secret:
        secret.write(text)


def _make(certificate: Certificate, java: Path) -> None:
    keytool = [str(java.with_name("keytool"))]
    store = ["-keystore", str(certificate.keystore), "-storetype", "PKCS12", "-storepass:env", _PASSWORD_VARIABLE]
    name = ["-dname", "CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1"]
    key = ["-alias", _ALIAS, "-keyalg", "RSA", "-keysize", "2048", "-validity", _DAYS]
    _run([*keytool, "-genkeypair", *store, *name, *key], certificate)
    # Last: this file says that all is made.
    _run([*keytool, "-exportcert", "-rfc", *store, "-alias", _ALIAS, "-file", str(certificate.public)], certificate)


def _run(command: list[str], certificate: Certificate) -> None:
    environment = {**os.environ, _PASSWORD_VARIABLE: certificate.password}
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    except FileNotFoundError as error:
        message = f"{command[0]} is missing: a certificate for TLS is made with it. Install a whole Java 17."
        raise ServerError(message) from error
    except subprocess.CalledProcessError as error:
        message = "keytool could not make a certificate for TLS. It said:"
        raise ServerError(message, error.stdout + error.stderr) from error

"""The file of a SQLite store: opened, recognised, and its errors in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from pipelines.storage.base import StoreError
from pipelines.storage.sqlite_statements import GET_META
from pipelines.storage.url import StoreUrl

APPLICATION_ID = 0x4354726B
"""In the header of our files ("CTrk"), so that another program's database is never touched."""

BUSY_SECOND = 30.0
"""How long a writer waits for another one."""

_WHAT_TO_DO = {
    "locked": f"another program has been writing to it for {BUSY_SECOND:.0f} s: end that one, then try again",
    "readonly": "allow this user to write the file and its folder",
    "full": "make room on the disk, then start again: what is in the store is whole",
    "unable to open": "allow this user to read and write the file and its folder",
    "not a database": "choose another file, or delete it if nobody needs it",
    "malformed": "the file is damaged: put a copy back, or delete it and read the source again",
    "no such table": "run: chargetracker store init URL",
}
"""By a piece of what SQLite says."""


@contextmanager
def in_words(url: StoreUrl) -> Iterator[None]:
    """Turn what the driver raises into a `StoreError`."""
    try:
        yield
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        said = str(error)
        hint = next((todo for piece, todo in _WHAT_TO_DO.items() if piece in said), "")
        hint = hint.replace("URL", url.typed)
        raise StoreError(f"{url}: {said}{hint and f': {hint}'}") from error


def file_of(url: StoreUrl, *, create: bool) -> Path:
    """The file that the URL names.

    Raises:
        StoreError: It names none, or one that cannot be a store's.
    """
    empty, slash, name = url.rest.partition("/")
    if empty or not slash:
        raise StoreError(f"{url} has two slashes: write sqlite:///FILE, or sqlite:////FILE for an absolute path.")
    file = Path(name)
    if file.is_dir():
        raise StoreError(f"{file} is a folder: name a file in it, for example {str(url).rstrip('/')}/metrics.db.")
    if not create and not file.exists():
        raise StoreError(f"there is no store {file}: run: chargetracker store init {url.typed}")
    if not file.absolute().parent.is_dir():
        raise StoreError(f"the folder of {file} is not there: make it with: mkdir -p '{file.parent}'")
    return file


def connect(file: Path, mode: Literal["ro", "rw", "rwc"]) -> sqlite3.Connection:
    """A connection that begins no transaction by itself and may move between threads (whoever has it locks it)."""
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECOND,
        isolation_level=None,
        check_same_thread=False,
    )


def version_in(connection: sqlite3.Connection, url: StoreUrl) -> int | None:
    """Version of the tables in the file; `None` when it is empty.

    Raises:
        StoreError: It is another program's database.
    """
    # In this order: tables and identifier are made in one transaction, maybe between these two looks.
    (things,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id == APPLICATION_ID:
        version: int = connection.execute(GET_META, ("schema_version",)).fetchone()[0]
        return version
    if things or application_id:
        raise StoreError(f"{url} is the database of another program: choose another file.")
    return None

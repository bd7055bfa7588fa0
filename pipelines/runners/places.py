"""Places as workers in other processes find them: paths from the root on, and nothing that only this process has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipelines.options import RunSettings, SettingsError

_FILES = ("log", "file", "folder")


def seen_from_workers(settings: RunSettings) -> RunSettings:
    """The same settings with absolute paths.

    Raises:
        SettingsError: The store is in this process's memory.
    """
    return replace(settings, source_url=_source(settings.source_url), store_url=_store(settings.store_url))


def _source(url: str) -> str:
    scheme, found, rest = url.partition("://")
    if scheme not in _FILES:
        return url
    path, asked, query = rest.partition("?")
    return f"{scheme}{found}{Path(path).absolute()}{asked}{query}"


def _store(url: str) -> str:
    scheme, found, rest = url.partition("://")
    if scheme == "memory":
        message = f"--store {url}: workers in other processes cannot write to it; use sqlite:// or cassandra://."
        raise SettingsError(message)
    # sqlite:///relative, sqlite:////absolute
    return f"{scheme}{found}/{Path(rest.removeprefix('/')).absolute()}" if scheme == "sqlite" else url

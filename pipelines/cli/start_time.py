"""``--from``: a word, or a time as people write it."""

from __future__ import annotations

from datetime import UTC, datetime

from pipelines.options import SettingsError

WORDS = ("committed", "earliest")


def start_from(text: str) -> str:
    """What `RunSettings.start_from` takes: one of the words, or the time as unix seconds.

    Args:
        text: A word; seconds since 1970; or an ISO 8601 time, UTC unless it says otherwise.

    Raises:
        SettingsError: It is none of them.
    """
    if text in WORDS or _is_number(text):
        return text
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        message = f"--from {text}: say 'committed', 'earliest', or a time such as 2026-11-24T13:00 (UTC)."
        raise SettingsError(message) from None
    return str((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp())


def _is_number(text: str) -> bool:
    # Eight digits and less would be a time of 1970: they are meant as a date.
    return text.replace(".", "", 1).isdigit() and len(text.partition(".")[0]) > len("YYYYMMDD")

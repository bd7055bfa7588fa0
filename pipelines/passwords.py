"""A password from the environment: the value of a variable, or what stands in a file that another one names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


class PasswordError(Exception):
    """Why there is none, in a sentence for the person at the terminal that never holds what was read."""


def password_from(environment: Mapping[str, str], prefix: str) -> str:
    """What ``<prefix>PASSWORD`` says, or the file that ``<prefix>PASSWORD_FILE`` names.

    Args:
        environment: Variables.
        prefix: Of their names.

    Returns:
        The password; empty when neither is set.

    Raises:
        PasswordError: Both are set, or the file cannot be read or is empty.
    """
    name, file_name = f"{prefix}PASSWORD", f"{prefix}PASSWORD_FILE"
    given, file = environment.get(name, ""), environment.get(file_name, "")
    if given and file:
        raise PasswordError(f"{name} and {file_name} are both set: leave one of them out.")
    if not file:
        return given
    try:
        found = Path(file).read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeError):
        # Not from the error: it holds what was read.
        raise PasswordError(f"{file_name}: {file} cannot be read: name a text file that this user may read.") from None
    if not found:
        raise PasswordError(f"{file_name}: {file} is empty: write the password into its first line.")
    return found

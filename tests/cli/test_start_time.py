import pytest

from pipelines.cli.start_time import start_from
from pipelines.options import SettingsError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("committed", "committed"),
        ("earliest", "earliest"),
        ("1700000000", "1700000000"),
        ("1700000000.5", "1700000000.5"),
        # 2024-01-01 is 19723 days after 1970-01-01.
        ("2024-01-01", str(19723 * 86400.0)),
        ("20240101", str(19723 * 86400.0)),
        ("2024-01-01T06:00", str(19723 * 86400.0 + 6 * 3600)),
        ("2024-01-01T06:00Z", str(19723 * 86400.0 + 6 * 3600)),
        ("2024-01-01T06:00+02:00", str(19723 * 86400.0 + 4 * 3600)),
    ],
)
def test_a_word_or_a_time_is_understood(text, expected):
    assert start_from(text) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2024-13-01", "-5", "nan"])
def test_anything_else_is_refused_with_the_flag(text):
    with pytest.raises(SettingsError, match="--from"):
        start_from(text)

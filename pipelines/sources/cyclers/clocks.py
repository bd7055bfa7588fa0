"""Columns of times: durations like 27:15:00, wall clocks in many forms, unix times, day numbers of a spreadsheet."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.sources.cyclers.numbers import Converted, Flags, Floats, known_texts, numbers
from pipelines.sources.cyclers.units import Scale

_DURATION = r"^(?:(?P<d>\d+) ?(?:[dD]|days?)?[ .,-]+)?(?P<h>\d+):(?P<m>\d\d?):(?P<s>\d\d?(?:[.,:]\d*)?)$"
_CLOCK = (
    r"^(?:(?P<Y>\d{4})[-/.年](?P<M>\d\d?)[-/.月](?P<D>\d\d?)日?"
    r"|(?P<a>\d\d?)(?P<s>[-/. ])(?P<b>\d\d?|[A-Za-z]{3,9})[-/., ]+(?P<y>\d{4}|\d\d))"
    r"(?:[T, ]+(?P<h>\d\d?):(?P<m>\d\d)(?::(?P<S>\d\d)(?P<f>[.,:]\d+)?)?)?"
    r" ?(?P<p>[AaPp])?(?:\.?[Mm]\.?)?"
    r" ?(?P<z>Z|UTC|[+-]\d\d:?\d\d)?$"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LEAST_MONTH_LETTERS = 3
_QUARTER_HOUR = 900.0
_DAY = 86_400.0
_CLOCK_PARTS = 3
_EPOCH_IN_SPREADSHEET_DAYS = 25_569.0  # 1970-01-01, counted from 1899-12-30
_LARGEST_DAY, _LARGEST_SECOND, _LARGEST_MILLISECOND = 1.0e5, 1.0e11, 1.0e14
_NOON = 12
_CENTURY, _PIVOT = 100, 70  # two digits: 1970 to 2069


def elapsed(texts: pa.Array, scale: Scale, decimal: str = ".") -> Converted:
    """Texts as seconds: numbers in some unit, or durations; days may stand before the hours, which may exceed 24."""
    if not pc.any(pc.match_substring(texts, ":")).as_py():
        found = numbers(texts, decimal)
        return Converted(found.values * scale.multiply / scale.divide, found.failed)
    plain = _all_hours(texts)
    if plain is not None:
        return Converted(plain, np.zeros(len(plain), np.bool_))
    durations = _durations(pc.utf8_trim_whitespace(texts))
    others = np.isnan(durations) & pc.is_valid(texts).to_numpy(zero_copy_only=False)
    if not others.any():
        return Converted(durations, others)
    found = numbers(pc.if_else(pa.array(others), texts, None), decimal)
    values = np.where(others, found.values * scale.multiply / scale.divide, durations)
    return Converted(values, found.failed)


def _all_hours(texts: pa.Array) -> Floats | None:
    """The short way, for a column of 27:15:00.5 and nothing else."""
    parts = pc.split_pattern(texts, ":")
    if texts.null_count or not pc.all(pc.equal(pc.list_value_length(parts), _CLOCK_PARTS)).as_py():
        return None
    try:
        numbers_of = _floats(pc.cast(parts.flatten(), pa.float64())).reshape(-1, _CLOCK_PARTS)
    except pa.ArrowInvalid:
        return None
    inside = (numbers_of >= 0) & (numbers_of < [np.inf, 60, 60])
    durations: Floats = numbers_of[:, 0] * 3600 + numbers_of[:, 1] * 60 + numbers_of[:, 2]
    return durations if inside.all() and not np.signbit(numbers_of).any() else None


def _durations(texts: pa.Array) -> Floats:
    parts = pc.extract_regex(texts, _DURATION)
    seconds = _floats(parts.field("s"), signs="[,:]")
    days, hours, minutes = (_floats(parts.field(name)) for name in "dhm")
    durations = np.nan_to_num(days) * _DAY + hours * 3600 + minutes * 60 + seconds
    durations[(minutes >= 60) | (seconds >= 60)] = np.nan
    return durations


def clocks(texts: pa.Array, zone: tzinfo = UTC, *, day_first: bool = False, decimal: str = ".") -> Converted:
    """Texts as unix time, UTC [s].

    Args:
        texts: Wall clocks; or numbers, which are taken for unix seconds, milliseconds or microseconds or days of a
            spreadsheet, whichever their size allows.
        zone: Where clocks without a zone of their own hang. Of the hour that comes twice in autumn, the first is taken.
        day_first: 01/02/2020 is in February.
        decimal: Of the numbers.
    """
    plain = _all_iso(texts)
    if plain is not None:
        return Converted(naive_to_utc(plain, zone), np.zeros(len(plain), np.bool_))
    trimmed = pc.utf8_trim_whitespace(texts)
    known = known_texts(trimmed)
    values = numeric_clocks(numbers(trimmed, decimal).values, zone)
    rest = known & np.isnan(values)
    if rest.any():
        values[rest] = _written_clocks(pc.filter(trimmed, pa.array(rest)), zone, day_first)
    return Converted(values, known & np.isnan(values))


def day_first_in(texts: pa.Array) -> bool | None:
    """Whether the day stands before the month in these dates; `None` when they don't tell."""
    parts = pc.extract_regex(pc.utf8_trim_whitespace(texts), _CLOCK)
    first, second = _floats(parts.field("a")), _integers(parts.field("b"))
    if (first > _NOON).any() or pc.any(pc.equal(parts.field("s"), ".")).as_py():
        return True
    return False if (second > _NOON).any() else None


def is_wall_clock(text: str) -> bool:
    """Whether a text is a date, with or without a time."""
    found = pc.match_substring_regex(pa.array([text.strip()]), _CLOCK)
    return bool(found[0].as_py())


def _all_iso(texts: pa.Array) -> Floats | None:
    """The short way, for a column of 2019-08-13 19:17:53 and nothing else: seconds on that clock."""
    try:
        return _floats(pc.cast(pc.cast(texts, pa.timestamp("us")), pa.int64())) / 1e6
    except pa.ArrowInvalid:
        return None


def numeric_clocks(values: Floats, zone: tzinfo) -> Floats:
    """Unix time of unix seconds, milliseconds or microseconds or days of a spreadsheet, as their size allows [s]."""
    seconds: Floats = values / np.select([values < _LARGEST_SECOND, values < _LARGEST_MILLISECOND], [1.0, 1e3], 1e6)
    days = values < _LARGEST_DAY
    if days.any():  # a time zone is asked once for each quarter of an hour
        seconds[days] = naive_to_utc((values[days] - _EPOCH_IN_SPREADSHEET_DAYS) * _DAY, zone)
    return seconds


def _written_clocks(texts: pa.Array, zone: tzinfo, day_first: bool) -> Floats:
    parts = pc.extract_regex(texts, _CLOCK)
    field = {name: _floats(parts.field(name)) for name in "YMDayhmS"}
    second, is_month_name = _months(parts.field("b"))
    dotted = pc.fill_null(pc.equal(parts.field("s"), "."), fill_value=False).to_numpy(zero_copy_only=False)
    swapped = day_first | dotted | is_month_name
    year = np.where(np.isnan(field["Y"]), _full_years(field["y"]), field["Y"])
    month = np.where(np.isnan(field["M"]), np.where(swapped, second, field["a"]), field["M"])
    day = np.where(np.isnan(field["D"]), np.where(swapped, field["a"], second), field["D"])
    hours = _hours(np.nan_to_num(field["h"]), pc.utf8_lower(parts.field("p")))
    fraction = np.nan_to_num(_floats(parts.field("f"), signs="^[,:]"))
    clock = hours * 3600 + np.nan_to_num(field["m"]) * 60 + np.nan_to_num(field["S"]) + fraction
    valid = (hours < 24) & (np.nan_to_num(field["m"]) < 60) & (np.nan_to_num(field["S"]) <= 60)
    naive = np.where(valid, _days(year, month, day) * _DAY + clock, np.nan)
    return _with_offsets(naive, parts.field("z"), zone)


def _with_offsets(naive: Floats, zones: pa.Array, zone: tzinfo) -> Floats:
    """Unix time of clocks, some of which say their zone."""
    said = pc.replace_substring_regex(zones, "^(Z|UTC)$", "+0000")
    hours, minutes = (
        _floats(part) for part in (pc.utf8_slice_codeunits(said, 0, 3), pc.utf8_slice_codeunits(said, -2))
    )
    negative = pc.fill_null(pc.starts_with(said, "-"), fill_value=False).to_numpy(zero_copy_only=False)
    offsets = hours * 3600 + np.where(negative, -minutes, minutes) * 60
    return np.where(np.isnan(offsets), naive_to_utc(naive, zone), naive - offsets)


def _months(texts: pa.Array) -> tuple[Floats, Flags]:
    """Numbers of months that are numbers or English names, and which are names."""
    short = pc.utf8_lower(pc.utf8_slice_codeunits(texts, 0, _LEAST_MONTH_LETTERS))
    named = pc.index_in(short, pa.array(_MONTHS))
    is_name: Flags = pc.is_valid(named).to_numpy(zero_copy_only=False)
    return np.where(is_name, _floats(named) + 1, _integers(texts)), is_name


def _full_years(years: Floats) -> Floats:
    centuries = np.where(years < _PIVOT, 2000.0, 1900.0)
    return np.where(years < _CENTURY, years + centuries, years)


def _hours(hours: Floats, halves: pa.Array) -> Floats:
    """Of 24, from hours of 12 where "a" or "p" stands beside them."""
    afternoon = pc.fill_null(pc.equal(halves, "p"), fill_value=False).to_numpy(zero_copy_only=False)
    halved = pc.is_in(halves, pa.array(["a", "p"])).to_numpy(zero_copy_only=False)
    found: Floats = np.where(halved, hours % _NOON + _NOON * afternoon, hours)
    return found


def _days(year: Floats, month: Floats, day: Floats) -> Floats:
    """Days since 1970-01-01; NaN where there is no such day."""
    possible = (month >= 1) & (month <= _NOON) & (day >= 1) & (year >= 1)
    months = np.where(possible, (year - 1970) * _NOON + month - 1, 0).astype("datetime64[M]")
    first, following = months.astype("datetime64[D]").astype(float), (months + 1).astype("datetime64[D]").astype(float)
    days = first + np.where(possible, day, 1) - 1
    return np.where(possible & (days < following), days, np.nan)


def naive_to_utc(seconds: Floats, zone: tzinfo) -> Floats:
    """Wall clocks, as seconds since 1970-01-01 00:00 on that clock, as unix time, UTC [s]."""
    if zone is UTC:
        return seconds
    quarters = np.floor(seconds / _QUARTER_HOUR)
    different, which = np.unique(quarters, return_inverse=True)
    offsets = np.array([_offset(quarter, zone) for quarter in different], np.float64)
    utc: Floats = seconds - offsets[which]
    return utc


def _offset(quarter: float, zone: tzinfo) -> float:
    try:
        moment = datetime.fromtimestamp(quarter * _QUARTER_HOUR, UTC).replace(tzinfo=zone)
    except (ValueError, OverflowError, OSError):
        return np.nan
    offset = moment.utcoffset()
    return offset.total_seconds() if offset is not None else 0.0


def _integers(texts: pa.Array) -> Floats:
    """As numbers; NaN for anything else."""
    return _floats(pc.if_else(pc.match_substring_regex(texts, r"^\d+$"), texts, None))


def _floats(texts: pa.Array, signs: str = "") -> Floats:
    """As numbers; NaN for null and for an empty text.

    Args:
        texts: Strings of digits, or numbers.
        signs: Regular expression of what stands for the dot.
    """
    if pa.types.is_string(texts.type):
        texts = pc.if_else(pc.equal(texts, ""), None, texts)
        texts = pc.replace_substring_regex(texts, signs, ".") if signs else texts
    values: Floats = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    return values

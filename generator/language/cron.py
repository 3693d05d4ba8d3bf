"""Cron expressions: five fields as a person writes them -> the narrower form that Argo takes, or what is wrong.

Argo Workflows 4.0 wants digits and `* , / ? -` only (cron_workflow_types.go:68) and reads them with robfig/cron v3,
where Sunday is 0 and never 7, and where a day matches either day field once both are restricted. Names of months and
days become numbers here, and 7 becomes 0.
"""

from __future__ import annotations

import dataclasses
import re

from generator.wording import listed, quoted

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_LONGEST_MONTHS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
_ALIASES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_LONGEST = 200
_PART = re.compile(r"(?:(?P<any>[*?])|(?P<low>[0-9A-Za-z]+)(?:-(?P<high>[0-9A-Za-z]+))?)(?:/(?P<step>[0-9]{1,4}))?")


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """One of the five: the values it takes, and the names that stand for them, the first name for `first_name`."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    first_name: int = 0


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS, 1),
    _Field("day of the week", 0, 7, _DAYS),
)
_MONTH_DAY, _MONTH, _WEEK_DAY = 2, 3, 4


def normalized(text: str) -> str:
    """The expression in numbers, one space between the fields. Raises ValueError that says what is wrong."""
    fields = text.split()
    if text in _ALIASES:
        raise ValueError(f"{quoted(text)} is not five fields; write {quoted(_ALIASES[text])}")
    if len(text) > _LONGEST or len(fields) != len(_FIELDS):
        names = listed(field.name for field in _FIELDS)
        raise ValueError(f"{quoted(text)} has {len(fields)} fields instead of five: {names}")
    return " ".join(_normalized_field(field, part) for field, part in zip(_FIELDS, fields, strict=True))


def ever_fires(cron: str) -> bool:
    """Whether a normalized expression names a day that exists: `0 0 30 2 *` does not."""
    fields = cron.split()
    if not fields[_WEEK_DAY].startswith(("*", "?")):
        return True
    days = _values(_FIELDS[_MONTH_DAY], fields[_MONTH_DAY])
    return any(min(days) <= _LONGEST_MONTHS.get(month, 31) for month in _values(_FIELDS[_MONTH], fields[_MONTH]))


def _normalized_field(field: _Field, text: str) -> str:
    return ",".join(part for written in text.split(",") for part in _normalized_part(field, written))


def _normalized_part(field: _Field, text: str) -> list[str]:
    match = _PART.fullmatch(text)
    if match is None:
        raise ValueError(f"{quoted(text)} is no {field.name}")
    step = match["step"]
    if step is not None and not 0 < int(step) <= field.high:
        raise ValueError(f"a step of {step} in the {field.name} is not from 1 to {field.high}")
    behind = f"/{step}" if step else ""
    if match["any"]:
        return [match["any"] + behind]
    low = _number(field, match["low"])
    if match["high"] is None:
        return ["0"] if _is_week_seven(field, low) else [f"{low}{behind}"]
    high = _number(field, match["high"])
    if low > high:
        raise ValueError(f"the {field.name} {quoted(text)} runs backwards")
    return _range(field, low, high, step)


def _range(field: _Field, low: int, high: int, step: str | None) -> list[str]:
    if not _is_week_seven(field, high):
        return [f"{low}-{high}" + (f"/{step}" if step else "")]
    # A range to the Sunday after Saturday: its days one by one, since robfig/cron has no 7.
    return [str(day % 7) for day in range(low, high + 1, int(step or 1))]


def _number(field: _Field, text: str) -> int:
    if text.lower() in field.names:
        return field.names.index(text.lower()) + field.first_name
    number = int(text) if re.fullmatch("[0-9]{1,4}", text) else -1
    if not field.low <= number <= field.high:
        names = f" or {field.names[0].upper()} to {field.names[-1].upper()}" if field.names else ""
        raise ValueError(f"{quoted(text)} is no {field.name}, which is {field.low} to {field.high}{names}")
    return number


def _is_week_seven(field: _Field, number: int) -> bool:
    return field.names == _DAYS and number == field.high


def _values(field: _Field, text: str) -> set[int]:
    values: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        low, dash, high = span.partition("-")
        if span in ("*", "?"):
            first, last = field.low, field.high
        else:
            first = int(low)
            last = int(high) if dash else (field.high if step else first)
        values.update(range(first, last + 1, int(step or 1)))
    return values

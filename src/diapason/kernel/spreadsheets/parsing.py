"""What people write in cells, in French or in English, and what it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from diapason.kernel.money import cents
from diapason.kernel.texts import as_seen

_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009'’€]")
_GROUPED = {sign: re.compile(rf"^-?\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+$") for sign in ",."}
_AMBIGUOUS = {sign: re.compile(rf"^-?[1-9]\d{{0,2}}{re.escape(sign)}\d{{3}}$") for sign in ",."}
_PLAIN = re.compile(r"^-?\d+(?:\.\d+)?$|^-?\.\d+$")
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_IN_WORDS = re.compile(r"^(\d{1,2})(?:er|st|nd|rd|th)? +([^\W\d]+)\.?,? +(\d{4})$")
_MONTH_FIRST = re.compile(r"^([^\W\d]+)\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})$")
# Far more than anything counted here, and still exact in cents.
_MOST_DIGITS = 20
_MOMENT = re.compile(r"^(.+?)[ T]+(\d{1,2})[:h](\d{2})(?::(\d{2}))?$")


@dataclass(frozen=True)
class Writing:
    """How numbers are written in a file: with a decimal comma or a decimal point."""

    decimal_comma: bool = False


class CellProblem(Exception):
    """A cell that cannot be understood, in words that say what to write instead."""


Parse = Callable[[Any, Writing], Any]


def fold(text: Any) -> str:
    """A text without accents, case and punctuation, to recognise words however typed."""
    bare = unicodedata.normalize("NFKD", str(text))
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", kept).casefold().split())


def _french() -> bool:
    return (get_language() or "").startswith("fr")


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(value)


def text(*, longest: int | None = None) -> Parse:
    """A text, of at most `longest` characters where that is given."""

    def parse(value: Any, writing: Writing) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, datetime) and value.time() == time():
            value = value.date()
        found = as_seen(_shown(value)).strip()
        if longest is not None and len(found) > longest:
            raise CellProblem(
                _("this text has %(length)s characters. Write at most %(longest)s.")
                % {"length": len(found), "longest": longest}
            )
        return found

    return parse


def number(
    *, whole: bool = False, least: Decimal | int | None = None, most: Decimal | int | None = None
) -> Parse:
    """A number, as Decimal; an int where `whole`."""

    def parse(value: Any, writing: Writing) -> Decimal | int:
        found = _decimal(value, writing)
        if whole and found != found.to_integral_value():
            raise CellProblem(
                _("“%(value)s” is not a whole number. Write for example %(example)s.")
                % {"value": _shown(value), "example": "12"}
            )
        if least is not None and found < least:
            raise CellProblem(
                _("“%(value)s” is too small. Write %(least)s or more.")
                % {"value": _shown(value), "least": least}
            )
        if most is not None and found > most:
            raise CellProblem(
                _("“%(value)s” is too big. Write %(most)s or less.")
                % {"value": _shown(value), "most": most}
            )
        return int(found) if whole else found

    return parse


def money(*, least_cents: int | None = None) -> Parse:
    """An amount in units of currency, as whole cents."""

    def parse(value: Any, writing: Writing) -> int:
        exact = _decimal(value, writing)
        amount = cents(exact)
        # A spreadsheet's binary number may differ from the amount by less than anybody can see.
        if abs(exact * 100 - amount) > Decimal("0.0001"):
            raise CellProblem(
                _("“%(value)s” has more than two decimals. Write an amount to the cent.")
                % {"value": _shown(value)}
            )
        if least_cents is not None and amount < least_cents:
            raise CellProblem(_("“%(value)s” is too small.") % {"value": _shown(value)})
        return amount

    return parse


def percent() -> Parse:
    """A share, as a Decimal from 0 to 1 for 0 % to 100 %; "12 %" and 0.12 mean the same."""

    def parse(value: Any, writing: Writing) -> Decimal:
        if isinstance(value, str) and value.strip().endswith("%"):
            return _decimal(value.strip()[:-1], writing) / 100
        return _decimal(value, writing)

    return parse


def _decimal(value: Any, writing: Writing) -> Decimal:
    found = _read_decimal(value, writing)
    if found.adjusted() >= _MOST_DIGITS:
        raise CellProblem(
            _("this number is too long. Write at most %(most)s digits.") % {"most": _MOST_DIGITS}
        )
    return found


def _read_decimal(value: Any, writing: Writing) -> Decimal:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        found = Decimal(str(value))
        if found.is_finite():
            return found
    elif isinstance(value, str):
        try:
            return Decimal(_with_point(value, writing))
        except InvalidOperation:
            pass
    raise CellProblem(
        _("“%(value)s” is not a number. Write for example %(example)s.")
        % {"value": _shown(value), "example": "12,5" if _french() else "12.5"}
    )


def _with_point(written: str, writing: Writing) -> str:
    """The number with a decimal point and no separators of thousands, or something that is no
    number. Raises CellProblem where it could mean two numbers."""
    bare = _BLANKS.sub("", written).replace("\u2212", "-").removeprefix("+")
    if "," in bare and "." in bare:
        decimal = "," if bare.rfind(",") > bare.rfind(".") else "."
        thousands = "." if decimal == "," else ","
        head, _sign, tail = bare.rpartition(decimal)
        if not _GROUPED[thousands].match(head) or not tail.isdecimal():
            return ""
        bare = f"{head.replace(thousands, '')}.{tail}"
    elif "," in bare:
        if bare.count(",") > 1 or (_AMBIGUOUS[","].match(bare) and not writing.decimal_comma):
            bare = bare.replace(",", "") if _GROUPED[","].match(bare) else ""
        else:
            bare = bare.replace(",", ".")
    elif bare.count(".") > 1:
        bare = bare.replace(".", "") if _GROUPED["."].match(bare) else ""
    elif writing.decimal_comma and _AMBIGUOUS["."].match(bare):
        raise CellProblem(
            _("“%(value)s” may mean two numbers. Write %(one)s or %(other)s.")
            % {
                "value": written.strip(),
                "one": bare.replace(".", ""),
                "other": bare.replace(".", ",") + "0",
            }
        )
    return bare if _PLAIN.match(bare) and bare.isascii() else ""


def day() -> Parse:
    """A date: a date cell, 2019-12-31, 31/12/2019, 31 décembre 2019, 31 December 2019."""

    def parse(value: Any, writing: Writing) -> date:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        found = _day_of(value) if isinstance(value, str) else None
        if found is None:
            raise CellProblem(
                _("“%(value)s” is not a date. Write for example %(example)s.")
                % {"value": _shown(value), "example": "31/12/2019" if _french() else "2019-12-31"}
            )
        return found

    return parse


def moment() -> Parse:
    """A date and time in the site's time zone: 2019-12-31 14:30, 31/12/2019 14:30:05."""

    def parse(value: Any, writing: Writing) -> datetime:
        found: datetime | None = None
        if isinstance(value, datetime):
            found = value
        elif isinstance(value, str) and (parts := _MOMENT.match(value.strip())):
            on = _day_of(parts.group(1))
            hour, minute, second = (int(part or 0) for part in parts.groups()[1:])
            if on is not None and hour < 24 and minute < 60 and second < 60:
                found = datetime.combine(on, time(hour, minute, second))
        if found is None:
            raise CellProblem(
                _("“%(value)s” is not a date and time. Write for example %(example)s.")
                % {
                    "value": _shown(value),
                    "example": "31/12/2019 14:30" if _french() else "2019-12-31 14:30",
                }
            )
        return timezone.make_aware(found) if timezone.is_naive(found) else found

    return parse


def _day_of(written: str) -> date | None:
    bare = " ".join(written.split())
    try:
        if parts := _ISO.match(bare):
            return date(*(int(part) for part in parts.groups()))
        if parts := _DAY_FIRST.match(bare):
            return date(*(int(part) for part in reversed(parts.groups())))
        if parts := _IN_WORDS.match(bare):
            first, name, year = parts.groups()
        elif parts := _MONTH_FIRST.match(bare):
            name, first, year = parts.groups()
        else:
            return None
        month = _months().get(fold(name))
        return date(int(year), month, int(first)) if month else None
    except ValueError:
        return None


@cache
def _months() -> Mapping[str, int]:
    """The months' names in every language of the site, short and long."""
    names: dict[str, int] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            for table in (MONTHS, MONTHS_3):
                names |= {fold(name): place for place, name in table.items()}
    return names


def yes_no() -> Parse:
    def parse(value: Any, writing: Writing) -> bool:
        if isinstance(value, bool):
            return value
        found = fold(int(value) if isinstance(value, float) and value.is_integer() else value)
        if found in {"oui", "o", "yes", "y", "vrai", "true", "1", "x"}:
            return True
        if found in {"non", "n", "no", "faux", "false", "0"}:
            return False
        raise CellProblem(_("“%(value)s” is neither yes nor no.") % {"value": _shown(value)})

    return parse


def choice(options: Mapping[Any, Any]) -> Parse:
    """One of the options (value to label), by its value or its label in any language."""

    def parse(value: Any, writing: Writing) -> Any:
        wanted = fold(int(value) if isinstance(value, float) and value.is_integer() else value)
        for option, label in options.items():
            if wanted in in_every_language(label) | {fold(option)}:
                return option
        raise CellProblem(
            _("“%(value)s” is not one of the choices: %(choices)s.")
            % {
                "value": _shown(value),
                "choices": ", ".join(str(label) for label in options.values()),
            }
        )

    return parse


def in_every_language(label: Any) -> set[str]:
    """The folded words of a translated label in every language of the site."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.add(fold(label))
    return found - {""}

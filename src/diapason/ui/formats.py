"""Numbers, money, dates and periods as the reader's language writes them.

Pure functions of a value and of the active language. French: narrow no-break spaces between
thousands, a decimal comma, no-break spaces before units. Nothing here reads the database.
"""

from datetime import date
from decimal import Decimal

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext, pgettext

from diapason.kernel import clock
from diapason.kernel.periods import WHOLE_PLAN, Period, parse
from diapason.kernel.wording import (
    MISSING,
    NARROW,
    NO_BREAK,
    Number,
    date_long,
    day_of_month,
    french,
    moment,
    number,
)

__all__ = [
    "MISSING",
    "NARROW",
    "NO_BREAK",
    "Number",
    "date_long",
    "date_short",
    "day",
    "french",
    "moment",
    "money",
    "month",
    "number",
    "percent",
    "period",
    "signed",
    "span",
    "symbol",
    "today",
    "when",
    "yes_no",
]

# Django's own abbreviations are not those of the Imprimerie nationale.
_FRENCH_MONTHS = (
    "janv.", "févr.", "mars", "avril", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF"}


def signed(value: Number | None) -> str:
    """A difference, with its plus or minus sign."""
    return f"+{number(value)}" if value is not None and value > 0 else number(value)


def symbol(currency: str) -> str:
    """The sign of a currency, else its code."""
    return _SYMBOLS.get(currency, currency)


def money(cents: int | None, currency: str = "EUR") -> str:
    """An amount given in cents; the cents are shown only when there are some."""
    if cents is None:
        return MISSING
    text = number(Decimal(cents) / 100, 0 if cents % 100 == 0 else 2)
    sign = symbol(currency)
    if french() or len(sign) > 1:
        return f"{text}{NO_BREAK}{sign}"
    return f"\u2212{sign}{text[1:]}" if text.startswith("\u2212") else f"{sign}{text}"


def percent(share: Number | None) -> str:
    """A share from 0 to 1 as a percentage, to one decimal at most."""
    if share is None:
        return MISSING
    text = number(round(Decimal(str(share)) * 100, 1))
    return f"{text}{NARROW}%" if french() else f"{text}%"


def yes_no(value: bool | None) -> str:
    """Yes, no, or a dash for what nobody said."""
    if value is None:
        return MISSING
    return gettext("yes") if value else gettext("no")


def date_short(value: date | None) -> str:
    """23 Nov. 2020."""
    return _day(value, _short_month(value), with_year=True) if value else MISSING


def day(value: date | None) -> str:
    """23 November, without the year."""
    return _day(value, str(MONTHS[value.month]), with_year=False) if value else MISSING


def month(value: date | None) -> str:
    """November 2020."""
    return f"{MONTHS[value.month]} {value.year}" if value else MISSING


def span(first: date | None, last: date | None) -> str:
    """From a first to a last day, both included; either may be unknown."""
    if first and last:
        if first == last:
            return date_short(first)
        return f"{date_short(first)}{NO_BREAK}– {date_short(last)}"
    if first:
        return gettext("from %(day)s") % {"day": date_short(first)}
    if last:
        return gettext("until %(day)s") % {"day": date_short(last)}
    return MISSING


def period(key: Period | str | None) -> str:
    """A period, or the key of one, as words; a key of no known form stays as it is."""
    if not key:
        return MISSING
    if isinstance(key, Period):
        return key.label
    if key == WHOLE_PLAN:
        return gettext("whole plan")
    try:
        return parse(key).label
    except ValueError:
        return key


def today() -> date:
    """The day it is at the site's place, or that a demonstration is set on."""
    return clock.today()


def when(value: date | None, now: date | None = None) -> str:
    """A due day as seen from today: late by so many days or since then, today, tomorrow, or its
    date."""
    if value is None:
        return MISSING
    now = now or today()
    days = (value - now).days
    if days < -COUNTED_DAYS:
        return gettext("Late since %(day)s") % {"day": date_short(value)}
    if days < 0:
        return gettext("Late, %(days)s d") % {"days": number(-days)}
    if days == 0:
        return pgettext("due day", "Today")
    if days == 1:
        return pgettext("due day", "Tomorrow")
    return day(value) if value.year == now.year else date_short(value)


# Beyond, a number of days says less than the day itself.
COUNTED_DAYS = 60


def _day(value: date, month_name: str, *, with_year: bool) -> str:
    words = f"{day_of_month(value)}{NO_BREAK}{month_name}"
    return f"{words} {value.year}" if with_year else words


def _short_month(value: date) -> str:
    if french():
        return _FRENCH_MONTHS[value.month - 1]
    return str(MONTHS_3[value.month]).capitalize()

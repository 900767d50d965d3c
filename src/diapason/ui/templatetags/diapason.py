"""`{% load diapason %}`: formats in the reader's language, and the small pieces of the look.

The pieces that stand in long rows (`pill`, `bar`, `icon`, `when`) are written here rather than
in templates: a page shows hundreds of them.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Paginator
from django.forms import BoundField, CheckboxInput
from django.forms.utils import flatatt
from django.template import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from diapason.kernel import pages
from diapason.kernel.periods import Period
from diapason.kernel.spreadsheets import Kind
from diapason.kernel.tables import Cell, Header
from diapason.ui import charts, formats, icons
from diapason.ui.states import State, state

register = template.Library()


@register.filter
def number(value: int | float | Decimal | None, places: int | None = None) -> str:
    """`{{ 1234.5|number }}` → 1 234,5; None → –."""
    return formats.number(value, places)


@register.filter
def signed(value: int | float | Decimal | None) -> str:
    """`{{ 3|signed }}` → +3."""
    return formats.signed(value)


@register.filter
def money(cents: int | None) -> str:
    """`{{ 3000000|money }}` → 30 000 €, in the instance's currency."""
    return formats.money(cents, settings.CURRENCY)


@register.filter
def date_long(value: date | None) -> str:
    """23 novembre 2020."""
    return formats.date_long(value)


@register.filter
def date_short(value: date | None) -> str:
    """23 nov. 2020."""
    return formats.date_short(value)


@register.filter
def day(value: date | None) -> str:
    """23 novembre."""
    return formats.day(value)


@register.filter
def month(value: date | None) -> str:
    """novembre 2020."""
    return formats.month(value)


@register.filter
def moment(value: datetime | None) -> str:
    """23 novembre 2020, 14 h 05."""
    return formats.moment(value)


@register.filter
def period(key: Period | str | None) -> str:
    """`{{ "2019-Q1"|period }}` → T1 2019."""
    return formats.period(key)


@register.filter
def due(value: date | None, today: date | None = None) -> str:
    """En retard, 3 j; Aujourd’hui; Demain; 27 novembre."""
    return formats.when(value, today)


@register.simple_tag
def days(first: date | None, last: date | None) -> str:
    """A span of days, both ends included."""
    return formats.span(first, last)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the drawings of `icons.py`."""
    return icons.icon(name)


@register.simple_tag
def pill(key: str, label: Any = "") -> SafeString:
    """A state as a pill: `{% pill "at_risk" %}`, or with words of its own as second argument."""
    return _worded("pill pill", state(key), label)


@register.simple_tag
def plain_state(key: str, label: Any = "") -> SafeString:
    """The same without the pill, for tables and legends."""
    return _worded("plain-state text", state(key), label)


def _worded(classes: str, face: State, label: Any) -> SafeString:
    return _drawn(classes, face, conditional_escape(label or face.word))


@lru_cache(maxsize=500)
def _drawn(classes: str, face: State, words: str) -> SafeString:
    """A list shows the same few states in each of its rows."""
    return SafeString(f'<span class="{classes}-{face.tone}">{icons.icon(face.mark)}{words}</span>')


@register.simple_tag(takes_context=True)
def hole(context: Context, template: str) -> SafeString:
    """A part of the page that may hold something of one reader, such as their name.

    In a page kept for everybody a mark stands for it, filled for each reader. The part is drawn
    with what every page knows, and with nothing of the page around it.
    """
    mark = pages.hole(context.get("request"), template)
    if mark is not None:
        return SafeString(mark)
    return context.template.engine.get_template(template).render(context)


@register.simple_tag
def bar(drawn: charts.Bar, words: str = "") -> SafeString:
    """A small bar against its target, made by `charts.bar(...)`.

    `{% bar drawn "unseen" %}` leaves its words to screen readers, where they stand beside it.
    """
    face = drawn.face
    classes, shapes = " bar-unseen" if words == "unseen" else "", ""
    if drawn.goal is None:
        classes += " bar-plain"
    else:
        shapes = (
            '<svg class="fig" aria-hidden="true">'
            '<rect class="track" y="4" width="100%" height="6" rx="3" fill="#eae6dc"/>'
        )
        if drawn.start is not None:
            shapes += (
                f'<rect class="is-{face.tone}" x="{drawn.start}%" y="4" width="{drawn.width}%"'
                f' height="6" rx="3" fill="{drawn.fill}"/>'
            )
        if drawn.zone_width is not None:
            shapes += (
                f'<rect x="{drawn.goal}%" y="2" width="{drawn.zone_width}%" height="10"'
                ' fill="#1d2126" fill-opacity=".22"/>'
            )
        shapes += f'<rect x="{drawn.goal}%" width="2" height="14" fill="#1d2126"/></svg>'
    tag, address = ("a", f' href="{conditional_escape(drawn.url)}"') if drawn.url else ("div", "")
    name = f'<span class="bar-name">{conditional_escape(drawn.name)}</span>'
    return SafeString(
        f'<{tag} class="bar{classes}"{address}>{name}'
        f'<span class="bar-text">{_mark(face, get_language())}{conditional_escape(drawn.text)}'
        f"</span>{shapes}</{tag}>"
    )


@lru_cache(maxsize=200)
def _mark(face: State, language: str | None) -> str:
    """A state's mark, with its word for those who do not see it: the same on every bar."""
    return format_html(
        '<span class="text-{}">{}<span class="visually-hidden">{} </span></span>',
        face.tone,
        icons.icon(face.mark),
        face.word,
    )


@register.simple_tag
def when(value: date | None, today: date | None = None) -> SafeString:
    """A due day, late ones marked."""
    today = today if isinstance(today, date) else None
    text = formats.when(value, today)
    late = value is not None and value < (today or formats.today())
    if late:
        return format_html('<span class="when when-late">{}</span>', text)
    return format_html('<span class="when">{}</span>', text)


@register.simple_tag
def cells(row: Sequence[Cell], headers: Sequence[Header]) -> SafeString:
    """The cells of a list's row (`Listing` of the kernel); the first one is the row's heading."""
    parts = []
    for place, (cell, header) in enumerate(zip(row, headers, strict=True)):
        written = conditional_escape(_WRITERS[cell.kind](cell))
        if cell.link:
            written = f'<a href="{conditional_escape(cell.link)}">{written}</a>'
        parts.append(
            f"{_opening(header)}{written}</td>" if place else f'<th scope="row">{written}</th>'
        )
    return SafeString("".join(parts))


@lru_cache(maxsize=500)
def _opening(header: Header) -> str:
    """The start of a cell: the same in every row."""
    number_class = ' class="number"' if header.number else ""
    return f'<td{number_class} data-label="{conditional_escape(header.label)}">'


_WRITERS: dict[str, Callable[[Cell], Any]] = {
    Kind.TEXT: lambda cell: formats.MISSING if cell.value in (None, "") else cell.value,
    Kind.NUMBER: lambda cell: formats.number(cell.value),
    Kind.MONEY: lambda cell: formats.money(cell.value, settings.CURRENCY),
    Kind.PERCENT: lambda cell: formats.percent(cell.value),
    # A date is read in one piece.
    Kind.DATE: lambda cell: formats.date_short(cell.value).replace(" ", "\u00a0"),
    Kind.MOMENT: lambda cell: formats.moment(cell.value),
    Kind.YES_NO: lambda cell: formats.yes_no(cell.value),
    Kind.STATUS: lambda cell: pill(cell.tone, cell.value),
}


@register.simple_tag
def select_widget(widget: dict[str, Any]) -> SafeString:
    """A `<select>`, for Django's template of that name: a template for each option is slow, and
    lists filter by choices of hundreds."""
    parts = [format_html('<select name="{}"{}>', widget["name"], flatatt(widget["attrs"]))]
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(format_html('<optgroup label="{}">', group))
        parts += [
            SafeString(
                f'<option value="{conditional_escape(option["value"])}"'
                f"{flatatt(option['attrs']) if option['attrs'] else ''}>"
                f"{conditional_escape(option['label'])}</option>"
            )
            for option in options
        ]
        if group:
            parts.append(SafeString("</optgroup>"))
    return SafeString("".join([*parts, "</select>"]))


_ALERTS = {"success": "check", "warning": "warning", "danger": "warning", "error": "warning"}


@register.simple_tag
def alert_icon(level: str) -> SafeString:
    """The drawing of an alert's level."""
    return icons.icon(_ALERTS.get(level, "info"))


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The page's own address with some parameters changed: `{% query page=2 %}`; None removes."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


@register.filter
def page_numbers(paginator: Paginator, current: int) -> Iterator[int | None]:
    """The numbers to show around the current page; None stands for the pages left out."""
    for found in paginator.get_elided_page_range(current, on_each_side=1, on_ends=1):
        yield found if isinstance(found, int) else None


@register.filter
def up_to(count: int) -> range:
    """1, 2 … count."""
    return range(1, int(count) + 1)


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether a form's field is one lone checkbox, which stands before its words."""
    return isinstance(field.field.widget, CheckboxInput)

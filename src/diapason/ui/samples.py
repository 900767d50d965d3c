"""Invented content of the style guide. None of it is read from the database."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diapason.ui import charts, formats, icons, tokens
from diapason.ui.forms import CardLabel, CheckboxCards, DateInput, FileInput, RadioCards
from diapason.ui.states import STATES

TODAY = date(2020, 11, 23)


class SampleForm(forms.Form):
    """One field of each kind."""

    sentence = forms.CharField(
        label=gettext_lazy("In one sentence, what are you preparing?"),
        help_text=gettext_lazy("You do not need to have a company."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("What do you need?"),
        help_text=gettext_lazy("Several answers are possible."),
        widget=CheckboxCards,
        choices=[
            (
                "idea",
                CardLabel(
                    gettext_lazy("Clarify my idea"),
                    gettext_lazy("3 organisations, an answer in 4 days"),
                ),
            ),
            (
                "place",
                CardLabel(gettext_lazy("A place to work"), gettext_lazy("2 free places")),
            ),
            ("other", CardLabel(gettext_lazy("Something else"), "")),
        ],
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("How far along are you?"),
        widget=RadioCards,
        required=False,
        choices=[
            ("idea", CardLabel(gettext_lazy("An idea"), "")),
            ("project", CardLabel(gettext_lazy("A project under way"), "")),
        ],
    )
    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    sector = forms.ChoiceField(
        label=gettext_lazy("Sector"),
        choices=[("music", gettext_lazy("Music")), ("image", gettext_lazy("Image"))],
    )
    amount = forms.IntegerField(label=gettext_lazy("Amount, in euros"), min_value=0)
    begins = forms.DateField(
        label=gettext_lazy("First day"), required=False, widget=DateInput, help_text=""
    )
    document = forms.FileField(
        label=gettext_lazy("Document"),
        required=False,
        widget=FileInput,
        help_text=gettext_lazy("PDF, 15 MB at most."),
    )
    agreed = forms.BooleanField(label=gettext_lazy("I agree that my project is passed on."))


class SampleFilter(forms.Form):
    """The filters of a list."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All states")), ("open", gettext_lazy("Open cases"))],
    )


def context(parameters: Mapping[str, str]) -> dict[str, Any]:
    """What the style guide shows; `?state=error` shows the form refused."""
    form = SampleForm({"email": "ines", "needs": ["idea"]}, auto_id="refused_%s")
    if parameters.get("state") != "error":
        form = SampleForm(
            initial={
                "needs": ["idea", "place"],
                "sentence": _("A mobile studio to record village brass bands"),
                "stage": "idea",
            }
        )
    return {
        "shell": shell(),
        "breadcrumb": [
            {"label": _("The plan"), "url": "#main"},
            {"label": _("Axis 1"), "url": "#main"},
            {"label": _("Style guide"), "url": ""},
        ],
        "colours": colours(),
        "icons": sorted(icons.PATHS),
        "states": list(STATES),
        "form": form,
        "filter_form": SampleFilter({"q": "studio"}, auto_id="filter_%s"),
        "page": Paginator(range(240), 20).page(4),
        "tabs": [
            {"label": _("Summary"), "url": "#main", "active": True},
            {"label": _("Contacts"), "url": "#main", "count": 12},
            {"label": _("History"), "url": "#main"},
        ],
        "facts": [
            {"label": _("Definition"), "value": _("Different enterprises whose incubation began.")},
            {"label": _("Source"), "value": _("The desk’s cases, live.")},
            {"label": _("Leader"), "value": "Atelier Pouzzolane", "url": "#main"},
        ],
        "columns": [
            {"label": _("Began on"), "sort": "descending", "url": "?sort=began"},
            {"label": _("Enterprise"), "url": "?sort=name"},
            {"label": _("Sector"), "url": "?sort=sector"},
            {"label": _("Amount"), "url": "?sort=amount", "number": True},
        ],
        "rows": [
            (date(2020, 9, 21), "Atelier Pouzzolane", _("video games"), 4_500_000),
            (date(2020, 6, 2), "Coulée Douce Records", _("music"), 1_234_550),
            (date(2020, 3, 12), "Studio Lave Lente", _("image"), None),
        ],
        "todo": todo(),
        "today": TODAY,
        "moment": TODAY,
        **drawings(),
    }


def shell() -> dict[str, Any]:
    """A navigation like that of the site."""
    names = [_("The plan"), _("Support"), _("Calls"), _("Agenda"), _("The hub"), _("Film shoots")]
    return {
        "home_url": "/",
        "territory": _("A territory"),
        "plan_title": _("Music and image, 2018 to 2021"),
        "demonstration": True,
        "search_url": "#main",
        "sign_in_url": "#main",
        "navigation": [
            {"label": name, "url": "#main", "active": place == 0}
            for place, name in enumerate(names)
        ],
        "languages": [
            {
                "code": code,
                "name": name,
                "url": url,
                "current": formats.french() == (code == "fr"),
            }
            for code, name, url in (
                ("fr", "Français", "/styleguide"),
                ("en", "English", "/en/styleguide"),
            )
        ],
        "footer": [
            {"label": _("Accessibility"), "url": "#main"},
            {"label": _("Your data"), "url": "#main"},
            {"label": "API", "url": "#main"},
            {"label": _("Source code"), "url": "#main"},
        ],
    }


def workspace_context() -> dict[str, Any]:
    """What the workspace's page of the style guide shows."""
    groups = [
        ("", [(_("My day"), 5), (_("Requests"), 3), (_("Cases"), 28), (_("Visits"), 0)]),
        (_("Together"), [(_("Calls"), 0), (_("Events"), 0), (_("The hub"), 0)]),
        (_("The plan"), [(_("Indicators"), 0), (_("Tasks"), 4), (_("Reports"), 0)]),
    ]
    return {
        "shell": shell()
        | {
            "demonstration": False,
            "workspace": [
                {
                    "label": label,
                    "items": [
                        {
                            "label": name,
                            "url": "#main",
                            "count": count,
                            "active": name == _("My day"),
                        }
                        for at, (name, count) in enumerate(items)
                    ],
                }
                for label, items in groups
            ],
            "account": {
                "name": "Inès Marval",
                "email": "ines@example.org",
                "links": [{"label": _("My account"), "url": "#main"}],
                "sign_out_url": "#main",
            },
        },
        "todo": todo(),
        "today": TODAY,
        "figures": [
            (_("Incubated this year"), "3", "5", bar(3, 5, "at_risk", "")),
            (_("Visits"), "11", "15", bar(11, 15, "on_track", "")),
            (_("Free places"), "1", "9", bar(8, 9, "at_risk", "")),
        ],
    }


def todo() -> list[dict[str, Any]]:
    """What waits, in order, each with its one next act."""
    return [
        {
            "due": TODAY - timedelta(days=3),
            "title": _("Answer Coulée Douce Records"),
            "detail": _("Prototype of a mobile studio, passed on by the cluster"),
            "tone": "bad",
            "state_label": _("Overdue"),
            "act": _("Accept or decline"),
            "url": "#main",
        },
        {
            "due": TODAY,
            "title": _("Call Nina Orcival back"),
            "detail": _("A student’s podcast, first steps"),
            "tone": "good",
            "state_label": _("Up to date"),
            "act": _("Open the case"),
            "url": "#main",
        },
        {
            "due": TODAY + timedelta(days=1),
            "title": _("Three requests to direct"),
            "detail": _("The oldest has waited for two days"),
            "tone": "warning",
            "state_label": _("2 days"),
            "act": _("Direct together"),
            "url": "#main",
        },
        {
            "due": TODAY + timedelta(days=4),
            "title": _("Jury of the national call, 12 applications to read"),
            "detail": _("You have read 7 of them"),
            "tone": "warning",
            "state_label": _("5 remain"),
            "act": _("Go on"),
            "url": "#main",
        },
    ]


def bar(value: float | None, goal: float | None, status: str, name: str) -> charts.Bar:
    """A bar against an exact target."""
    return charts.bar(
        value,
        value_label=formats.number(value),
        low=goal,
        high=goal,
        goal_label=formats.number(goal) if goal is not None else "",
        status=status,
        name=name,
    )


def drawings() -> dict[str, Any]:
    """A chart of each kind."""
    exact = charts.Goal(5, 5, _("target 5"), "5")
    return {
        "trajectory": charts.trajectory(
            [
                charts.Point("2018", None),
                charts.Point("2019", 4, "4", "missed", exact),
                charts.Point(
                    "2020",
                    3,
                    "3",
                    "at_risk",
                    exact,
                    charts.Forecast(4, 6, _("between 4 and 6")),
                    current=True,
                ),
                charts.Point("2021", None, goal=exact),
            ],
            title=_("Enterprises incubated per year"),
            description=_("4 of 5 in 2019, 3 of 5 so far in 2020."),
            caption=_("Dotted, the end of the year as expected from accepted cases: 4 to 6."),
            id="trajectory",
        ),
        "ranged": charts.trajectory(
            [
                charts.Point(f"T{n}", value, formats.number(value), status, goal)
                for n, value, status, goal in (
                    (1, 12_400, "on_track", charts.Goal(8_000, 10_000, _("8,000 to 10,000"))),
                    (2, -2_300.5, "missed", charts.Goal(8_000, 10_000, _("8,000 to 10,000"))),
                    (3, 9_100, "on_track", charts.Goal(8_000, 10_000, _("8,000 to 10,000"))),
                    (4, None, "unknown", charts.Goal(None, 4_000, _("at most 4,000"))),
                )
            ],
            title=_("Balance per quarter"),
            description=_("Positive but for the second quarter."),
            id="ranged",
            baseline=(6_000, _("before the plan")),
        ),
        "breakdown": charts.bars(
            [
                charts.Part(_("Image"), 6, "6"),
                charts.Part(_("Music"), 4, "4"),
                charts.Part(_("Video games"), 1, "1"),
            ]
        ),
        "share": charts.share(
            [
                charts.Part(_("On track"), 14, "14", "on_track"),
                charts.Part(_("At risk"), 5, "5", "at_risk"),
                charts.Part(_("Missed"), 3, "3", "missed"),
                charts.Part(_("Not yet measurable"), 9, "9", "unknown"),
            ]
        ),
        "small_bars": [
            bar(4, 5, "missed", _("incubated")),
            bar(2, 2, "met", _("students")),
            bar(3, 5, "at_risk", _("incubated")),
            charts.bar(
                9,
                value_label="9",
                low=8,
                high=10,
                goal_label=_("8 to 10"),
                status="ahead",
                name=_("enterprises"),
            ),
            bar(None, 10, "unknown", _("grants")),
            bar(23, None, "on_track", _("answers")),
        ],
        "timeline": charts.timeline(
            [
                charts.Task(
                    _("Map the capacities"),
                    date(2018, 7, 1),
                    date(2018, 12, 31),
                    "good",
                    url="#main",
                ),
                charts.Task(
                    _("Open the single desk"),
                    date(2019, 1, 1),
                    date(2020, 9, 30),
                    "bad",
                    _("Late"),
                    url="#main",
                ),
                charts.Task(
                    _("Train the advisers"),
                    date(2020, 3, 1),
                    None,
                    "warning",
                    _("Under way"),
                    _("with the university"),
                    "#main",
                    1,
                ),
                charts.Task(_("Evaluate"), None, None, "plain", url="#main"),
            ],
            title=_("Tasks of the action"),
            first=date(2018, 1, 1),
            last=date(2021, 12, 31),
            today=TODAY,
        ),
    }


def colours() -> list[tuple[str, str]]:
    """The names and values of the colour tokens."""
    return [
        (name.lower().replace("_", "-"), value)
        for name, value in vars(tokens).items()
        if name.isupper() and isinstance(value, str)
    ]

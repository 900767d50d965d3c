"""What numbers count, and the words for it."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Unit(StrEnum):
    """What a number counts. `plans/schema.json` offers the same list."""

    AGREEMENTS = "agreements"
    ANSWERS = "answers"
    BUSINESSES = "businesses"
    CHILDREN = "children"
    COLLABORATIONS = "collaborations"
    CONTACTS = "contacts"
    COUNT = "count"
    COURSES = "courses"
    DAYS = "days"
    ENTERPRISES = "enterprises"
    EUROS = "euros"
    EVENTS = "events"
    FTE = "fte"
    GRADUATES = "graduates"
    GRANTS = "grants"
    HOURS = "hours"
    INTERVENTIONS = "interventions"
    JOBS = "jobs"
    PEOPLE = "people"
    PERCENT = "percent"
    PLACES = "places"
    PRODUCTIONS = "productions"
    PROFESSIONALS = "professionals"
    PROJECTS = "projects"
    SHOWROOMS = "showrooms"
    STALLS = "stalls"
    STUDENTS = "students"
    VISITS = "visits"

    @property
    def counts_things(self) -> bool:
        """Whether half of one makes no sense."""
        return self not in {Unit.EUROS, Unit.FTE, Unit.HOURS, Unit.PERCENT}


# Words that a page needs around a number; the lazily translated names of units are used wherever
# no shorter name was given by the plan.
UNIT_NAMES = {
    Unit.AGREEMENTS: _("agreements"),
    Unit.ANSWERS: _("answers"),
    Unit.BUSINESSES: _("businesses"),
    Unit.CHILDREN: _("children"),
    Unit.COLLABORATIONS: _("collaborations"),
    Unit.CONTACTS: _("contacts"),
    Unit.COUNT: _("count"),
    Unit.COURSES: _("courses"),
    Unit.DAYS: _("days"),
    Unit.ENTERPRISES: _("enterprises"),
    Unit.EUROS: _("euros"),
    Unit.EVENTS: _("events"),
    Unit.FTE: _("full-time equivalents"),
    Unit.GRADUATES: _("graduates"),
    Unit.GRANTS: _("grants"),
    Unit.HOURS: _("hours"),
    Unit.INTERVENTIONS: _("interventions"),
    Unit.JOBS: _("jobs"),
    Unit.PEOPLE: _("people"),
    Unit.PERCENT: _("percent"),
    Unit.PLACES: _("places"),
    Unit.PRODUCTIONS: _("productions"),
    Unit.PROFESSIONALS: _("professionals"),
    Unit.PROJECTS: _("projects"),
    Unit.SHOWROOMS: _("showrooms"),
    Unit.STALLS: _("stalls"),
    Unit.STUDENTS: _("students"),
    Unit.VISITS: _("visits"),
}

"""Opening a survey, asking enterprises, closing it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from diapason.directory.api import organisations_by_id, survivors, to_write_to
from diapason.kernel import audit, clock
from diapason.kernel.links import digest
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal, in_words, once, refuse_future, refuse_unsound
from diapason.observatory.actions.letters import send_letter
from diapason.observatory.contracts import SHARES, Question
from diapason.observatory.models import Campaign, Invitation
from diapason.observatory.queries import surveys

MOST_REMINDERS = 5
LONGEST = timedelta(days=366)


def _days(reminder_days: Iterable[int]) -> list[int]:
    days = sorted(set(reminder_days), reverse=True)
    if len(days) > MOST_REMINDERS or any(not 0 <= day <= 90 for day in days):
        raise Refusal(
            _("Five reminders at most, each from 0 to 90 days before the last day."),
            field="reminder_days",
        )
    return days


def _not_for_ever(day: date, closes_on: date) -> None:
    """Raise a Refusal for a survey that would stay open past a year: its figures would never
    count."""
    if closes_on > day + LONGEST:
        raise Refusal(
            _("Choose a day within a year: figures count once the survey is closed."),
            field="closes_on",
        )


def open_survey(
    *,
    by: Any,
    year: int,
    questions: Sequence[Question],
    closes_on: date,
    reminder_days: Iterable[int] = (14, 3),
    on: date | None = None,
    request_key: UUID | None = None,
    invented: bool = False,
) -> Campaign:
    """Open the survey about a year that is over. The same `request_key` again gives the same one.

    Side effects: one survey, which asks nobody yet. Raises `Refusal` for a year that has its
    survey or is not over, a share without the turnover, dates the wrong way round;
    PermissionDenied unless `by` may run surveys.
    """
    demand(by, "observatory.run_surveys")
    day = on or clock.today()
    refuse_future(day, field="on")
    if not 1990 <= year < day.year:
        raise Refusal(_("A survey asks about a year that is over."), field="year")
    asked = [one.value for one in Question if one in set(questions)]
    if not asked:
        raise Refusal(_("Choose at least one of the questions."), field="questions")
    if Question.TURNOVER.value not in asked and any(one.value in asked for one in SHARES):
        raise Refusal(
            _("A share of the turnover cannot be asked without the turnover."), field="questions"
        )
    if closes_on < day:
        raise Refusal(_("The last day comes after the first."), field="closes_on")
    _not_for_ever(day, closes_on)

    def make() -> Campaign:
        if Campaign.objects.filter(year=year).exists():
            raise Refusal(_("There is already a survey about this year."), field="year")
        made = Campaign(
            year=year,
            questions=asked,
            opened_on=day,
            closes_on=closes_on,
            reminder_days=_days(reminder_days),
            opened_by=by,
            request_key=request_key,
            invented=invented,
        )
        refuse_unsound(made)
        with audit.done_by(by), in_words(Campaign):
            made.save(force_insert=True)
        return made

    with transaction.atomic():
        return once(Campaign, request_key, make, lambda found: found.year == year)


@transaction.atomic
def change_survey(
    *, by: Any, survey: Campaign, version: int, closes_on: date, reminder_days: Iterable[int]
) -> Campaign:
    """Give another last day, or other reminders, to a survey that is open.

    Side effects: reminders to come follow the new days. Raises `Refusal` where somebody changed it
    meanwhile, for a last day that is over; PermissionDenied unless `by` may run surveys.
    """
    demand(by, "observatory.run_surveys")
    current = _open(survey)
    if current.version != version:
        raise Refusal(_("Somebody changed this survey meanwhile. Nothing was overwritten."))
    if closes_on < clock.today():
        raise Refusal(_("This day is over: choose one to come."), field="closes_on")
    _not_for_ever(clock.today(), closes_on)
    current.closes_on, current.reminder_days = closes_on, _days(reminder_days)
    current.version += 1
    with audit.done_by(by), in_words(Campaign):
        current.save(update_fields=["closes_on", "reminder_days", "version"])
    return current


@transaction.atomic
def close_survey(*, by: Any, survey: Campaign, on: date | None = None) -> Campaign:
    """Close a survey: nobody's answer is taken any more, nobody is reminded, its totals are told.
    Staff may still correct what was answered. Raises `Refusal` where it is closed; PermissionDenied
    unless `by` may run surveys."""
    demand(by, "observatory.run_surveys")
    current = _open(survey)
    day = on or clock.today()
    if not current.opened_on <= day <= clock.today():
        raise Refusal(_("Choose a day between the first one and today."), field="on")
    current.closed_on = day
    current.version += 1
    with audit.done_by(by), in_words(Campaign):
        current.save(update_fields=["closed_on", "version"])
    return current


def _open(survey: Campaign) -> Campaign:
    current = Campaign.objects.select_for_update(no_key=True).get(pk=survey.pk)
    if not current.is_open:
        raise Refusal(_("This survey is closed."))
    return current


@transaction.atomic
def invite(
    *,
    by: Any,
    survey: Campaign,
    organisations: Iterable[int],
    language: str = "",
    on: date | None = None,
    keys: dict[int, UUID] | None = None,
) -> list[Invitation]:
    """Ask these enterprises: the person to reach who is written down in the directory, else the
    enterprise's own address. Whoever is asked already stays as they are.

    Side effects: an invitation for each, and a letter with their personal link to those who can be
    written to and never said that they want none. Raises `Refusal` for a closed survey and for
    what is no organisation; PermissionDenied unless `by` may run surveys.
    """
    demand(by, "observatory.run_surveys")
    current = _open(survey)
    alive = survivors(organisations)
    wanted = sorted(set(alive.values()))
    if not wanted:
        raise Refusal(_("Choose at least one enterprise."), field="organisation")
    asked = set(
        Invitation.objects.filter(campaign=current, organisation__in=wanted).values_list(
            "organisation_id", flat=True
        )
    )
    new = [one for one in organisations_by_id(wanted) if one not in asked]
    people, unwilling = to_write_to(new), surveys.unwilling(new)
    day = on or clock.today()
    made = []
    for organisation in sorted(new):
        key = (keys or {}).get(organisation) or uuid.uuid4()
        made.append(
            Invitation(
                campaign=current,
                organisation_id=organisation,
                contact_id=people.get(organisation),
                to_person=organisation in people,
                language=language or settings.LANGUAGE_CODE,
                key=key,
                token_hash=digest(surveys.personal_secret(key)),
                invited_on=day,
                refused_on=day if organisation in unwilling else None,
            )
        )
    with audit.done_by(by), in_words(Invitation):
        Invitation.objects.bulk_create(made, batch_size=500)
    written = Invitation.objects.filter(pk__in=[one.pk for one in made], refused_on__isnull=True)
    for invitation in written.select_related("organisation", "contact", "campaign"):
        send_letter(invitation, "observatory_survey", day)
    return made

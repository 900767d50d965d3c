"""What the observatory offers to the common pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from diapason.kernel.clock import today
from diapason.kernel.permissions import allowed
from diapason.kernel.registries import (
    Concerned,
    DayItem,
    LegalBasis,
    NavigationItem,
    Panel,
    PersonalData,
    PersonalRecords,
    Shell,
    Tone,
    day_items,
    demonstrations,
    navigation,
    panels,
    personal_data,
    personal_records,
)
from diapason.observatory.actions import forget_person
from diapason.observatory.demonstration import make_surveys
from diapason.observatory.queries import surveys
from diapason.observatory.queries.personal import personal_export

navigation.add(
    "observatory.results",
    NavigationItem(label=_lazy("Results"), url_name="observatory:results", shell=Shell.PORTAL),
    order=40,
)
navigation.add(
    "observatory.surveys",
    NavigationItem(
        label=_lazy("Surveys"),
        url_name="observatory:surveys",
        permission="observatory.record_answers",
    ),
    order=140,
)


@day_items.offer("observatory.surveys", order=60)
def surveys_past_their_day(user: Any) -> Iterator[DayItem]:
    """Surveys whose last day is over and that nobody closed."""
    if not allowed(user, "observatory.run_surveys"):
        return
    for survey in surveys.surveys(user).filter(closed_on__isnull=True, closes_on__lt=today()):
        yield DayItem(
            title=_("Close the survey about %(year)s") % {"year": survey.year},
            detail=ngettext(
                "%(answered)s enterprise of %(asked)s has answered",
                "%(answered)s enterprises of %(asked)s have answered",
                survey.answered,
            )
            % {"answered": survey.answered, "asked": survey.asked},
            url=reverse("observatory:survey", args=[survey.pk]),
            act=_("Look at it"),
            due=survey.closes_on,
            tone=Tone.WARNING,
        )


def _years(organisation: Any, user: Any) -> dict[str, Any] | None:
    """What an enterprise answered, year by year, for staff; with what its merged duplicates did."""
    merged = organisation.merged_into_id is not None
    if merged or not allowed(user, "observatory.record_answers"):
        return None
    answers = surveys.answers_of(organisation.pk)
    return {"answers": answers} if answers else None


panels.add(
    "observatory.answers",
    Panel(
        model="directory.Organisation",
        title=_lazy("Its years, from the survey"),
        template="observatory/panel.html",
        context=_years,
    ),
)

personal_data.add(
    "observatory.asked",
    PersonalData(
        model="observatory.Invitation",
        fields=("contact",),
        purpose=_lazy("Send the yearly survey to the person to reach, and remind them."),
        legal_basis=LegalBasis.PUBLIC_TASK,
        retention=_lazy(
            "Until two years after the survey is closed, or as soon as the person is erased from "
            "the directory."
        ),
        concerned=Concerned.ORGANISATION,
    ),
)
for _model, _fields, _purpose in (
    ("observatory.Campaign", ("opened_by",), _lazy("Know who opened a survey.")),
    (
        "observatory.Answer",
        ("answered_by", "verified_by"),
        _lazy("Know who answers for a figure."),
    ),
):
    personal_data.add(
        f"observatory.{_model.partition('.')[2].lower()}",
        PersonalData(
            model=_model,
            fields=_fields,
            purpose=_purpose,
            legal_basis=LegalBasis.PUBLIC_TASK,
            retention=_lazy(
                "Until the person’s account is erased; the record stays, without a name."
            ),
        ),
    )

personal_records.add(
    "observatory.records", PersonalRecords(export=personal_export, erase=forget_person)
)

demonstrations.add("observatory.surveys", make_surveys, order=70)

"""Letters of the survey: the personal link, and reminders."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from diapason.kernel import jobs, mail
from diapason.observatory.models import Campaign, Invitation
from diapason.observatory.queries import surveys


def link_of(invitation: Invitation) -> str:
    """The personal link of an enterprise, in its language."""
    secret = surveys.personal_secret(invitation.key)
    with override(invitation.language):
        return settings.BASE_URL.rstrip("/") + reverse("observatory:respond", args=[secret])


@jobs.task("observatory.write_letter", runs=jobs.LETTER_RUNS)
def write_letter(*, invitation: int, template: str, event: str) -> None:
    """Write one letter and hand it over: asked for by ids alone, since it holds a personal link.
    Nothing leaves to who has answered meanwhile, wants no letter, or is in the directory no more,
    nor once the survey is closed."""
    asked = (
        Invitation.objects.select_related("organisation", "contact", "campaign")
        .filter(pk=invitation, refused_on__isnull=True, campaign__closed_on__isnull=True)
        .first()
    )
    if asked is None or surveys.answer_of(asked.campaign, asked.organisation_id) is not None:
        return
    if not (to := surveys.address_of(asked)):
        return
    mail.hand_over(
        to=to,
        template=template,
        context={
            "act_label": _("Answer in five minutes"),
            "act_url": link_of(asked),
            "year": asked.campaign.year,
            "enterprise": asked.organisation,
            "last_day": asked.campaign.closes_on,
        },
        language=asked.language,
        key=event,
    )


def send_letter(invitation: Invitation, template: str, day: date) -> bool:
    """Ask for a letter to whoever is asked, where there still is somebody. Says whether there was.

    Side effects: a job, but for a survey that was invented; the invitation says when.
    """
    if not surveys.address_of(invitation):
        return False
    if not invitation.campaign.invented:
        event = f"{template}:{invitation.pk}:{day}"
        jobs.enqueue(
            write_letter, key=event, invitation=invitation.pk, template=template, event=event
        )
    if invitation.sent_on is None:
        invitation.sent_on = day
    else:
        invitation.reminded_on = day
    invitation.save(update_fields=["sent_on", "reminded_on"])
    return True


@transaction.atomic
def send_reminders(*, on: date) -> int:
    """Remind whoever a survey awaits, on the days that it chose; gives how many were.

    The day is that of sending: a survey whose last day was moved reminds by the new one, and a
    night without a worker is made up for the next morning, once. Nobody is reminded who answered,
    wants no letter, or is not in the directory any more.

    Side effects: a letter and a date for each.
    """
    sent = 0
    for survey in Campaign.objects.filter(closed_on__isnull=True).order_by("pk"):
        awaited = surveys.to_remind(survey, on).select_for_update(of=("self",), skip_locked=True)
        sent += sum(send_letter(one, "observatory_reminder", on) for one in awaited)
    return sent

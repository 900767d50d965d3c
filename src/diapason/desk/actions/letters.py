"""The front desk's letters: asked for in the transaction of the deed, by ids alone; written when
they leave, in the reader's language, if what they say still holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from diapason.desk.contracts import ReferralState, Rhythm
from diapason.desk.models import Case, CaseMessage, FrontDoor, LetterChoice, Referral
from diapason.desk.queries import conversations, waiting
from diapason.desk.queries.cases import own_organisations
from diapason.desk.queries.links import personal_secret
from diapason.directory.api import STAFF, people_holding, staff_of
from diapason.kernel import audit, clock, jobs, mail
from diapason.kernel.permissions import allowed, demand
from diapason.kernel.refusals import Refusal
from diapason.kernel.wording import date_long

MOST_REMINDERS = 5
LATEST_REMINDER = 60


@dataclass(frozen=True)
class Letter:
    """What a letter says, already in the reader's language, with its one next step."""

    subject: str
    paragraphs: Sequence[str]
    step: str
    url: str
    items: Sequence[str] = ()
    quote: str = ""


@jobs.task("desk.write_letter", runs=jobs.LETTER_RUNS)
def write_letter(*, kind: str, about: int, reader: int | None = None, event: str) -> None:
    """Write one letter and hand it over: to a person of a structure (`reader`), else to whoever
    asked in the case. Nothing leaves where it no longer holds, or the reader left or withdrew."""
    compose = _KINDS[kind]
    if reader is None:
        case = compose.case(about)
        if case is None or not case.contact_email:
            return
        to, language, person = case.contact_email, case.language, None
    else:
        person = get_user_model()._default_manager.filter(pk=reader, is_active=True).first()
        if person is None:
            return
        to, language = person.email, person.language
    with override(language):
        letter = compose.words(about, person)
        if letter is None:
            return
        mail.hand_over(
            to=to,
            template="desk",
            context={"letter": letter, "act_label": letter.step, "act_url": letter.url},
            language=language,
            key=event,
        )


def _ask_for(kind: str, about: int, *readers: int | None, mark: str = "") -> None:
    """Ask for one letter to each reader, once for the same event. None is whoever asked."""
    for reader in readers:
        event = f"desk.{kind}:{about}:{mark}:{reader or 'owner'}"
        jobs.enqueue(write_letter, key=event, kind=kind, about=about, reader=reader, event=event)


def _staff(organisations: Iterable[int], *, but: Any = None) -> list[int]:
    return [each.id for each in staff_of(organisations) if but is None or each.id != but.pk]


# What asks for letters; called inside the transaction of the deed.


def tell_asked(case: Case) -> None:
    """The personal link, to whoever asked."""
    if not case.invented and case.contact_email:
        _ask_for("asked", case.pk, None)


def tell_proposed(referral: Referral) -> None:
    """A project to answer, to the people of the structure."""
    if not referral.case.invented:
        _ask_for("proposed", referral.pk, *_staff([referral.structure_id]))


def tell_accepted(referral: Referral) -> None:
    """Who helps from now on, to whoever asked."""
    if not referral.case.invented:
        _ask_for("accepted", referral.pk, None)


def tell_closed(case: Case) -> None:
    """The one question at the end, to whoever asked."""
    if not case.invented and case.contact_email:
        _ask_for("closed", case.pk, None)


def tell_message(message: CaseMessage) -> None:
    """A message, to everybody else who takes part: who asked, who is in charge, who helps."""
    if message.invented:
        return
    case = message.case
    structures = {
        one.structure_id for one in Referral.objects.filter(case=case, state=ReferralState.ACCEPTED)
    }
    if case.responsible_id is None:
        structures.add(case.owner_id)
    readers = set(_staff(structures, but=message.author))
    if case.responsible_id is not None and case.responsible_id != message.author_id:
        readers.add(case.responsible_id)
    _ask_for("message", message.pk, *sorted(readers))
    if not message.from_project:
        _ask_for("message_to_owner", message.pk, None)


# What is sent by the day.


@transaction.atomic
def remind_of_proposals(*, on: date) -> int:
    """Ask for the reminders of proposals that wait: at the days that were chosen at the front door,
    each once, late rather than never; gives how many proposals are reminded of.

    Side effects: letters are asked for.
    """
    door = FrontDoor.objects.first()
    if door is None:
        return 0
    waits = Referral.objects.filter(
        state=ReferralState.PROPOSED, case__closed_on__isnull=True, case__invented=False
    ).select_related("case")
    count = 0
    for referral in waits.order_by("pk"):
        due = [day for day in door.remind_after if day <= (on - referral.proposed_on).days]
        if due:
            readers = _staff([referral.structure_id])
            _ask_for("reminder", referral.pk, *readers, mark=str(max(due)))
            count += 1
    return count


@transaction.atomic
def send_digests(*, on: date) -> int:
    """Ask for the digests of the day: daily on working days, weekly on Mondays, as each person
    chose; gives to how many. What it says is looked up when it leaves.

    Side effects: letters are asked for.
    """
    chosen = dict(LetterChoice.objects.values_list("person", "digest"))
    count = 0
    for person in people_holding(*STAFF):
        rhythm = Rhythm(chosen.get(person.id, Rhythm.WEEKLY))
        if rhythm.falls_on(on):
            _ask_for("digest", person.id, person.id, mark=on.isoformat())
            count += 1
    return count


@transaction.atomic
def choose_letters(*, by: Any, digest: Rhythm) -> LetterChoice:
    """Choose how often one is written to about what is late. Side effects: the choice."""
    demand(by, "desk.follow_cases")
    choice, _made = LetterChoice.objects.update_or_create(
        person=by, defaults={"digest": Rhythm(digest)}
    )
    return choice


@transaction.atomic
def choose_reminders(*, by: Any, days: Sequence[int]) -> FrontDoor:
    """Choose after how many days structures are reminded of a project that waits.

    Side effects: the front door's days; none means no reminder. Raises `Refusal` where there is no
    front door, and for days that cannot be.
    """
    demand(by, "desk.choose_front_door")
    door = FrontDoor.objects.select_for_update().first()
    if door is None:
        raise Refusal(_("Choose first which organisation keeps the front door."))
    chosen = sorted(set(days))
    if len(chosen) > MOST_REMINDERS or any(not 1 <= day <= LATEST_REMINDER for day in chosen):
        raise Refusal(
            _("At most %(most)s days, each from 1 to %(last)s.")
            % {"most": MOST_REMINDERS, "last": LATEST_REMINDER},
            field="remind_after",
        )
    with audit.done_by(by):
        door.remind_after = chosen
        door.save(update_fields=["remind_after"])
    return door


# What the letters say.


def _follow(case: Case) -> str:
    return reverse("desk:follow", args=[personal_secret(case.request_key)])


def _asked(about: int, _person: Any) -> Letter | None:
    case = Case.objects.select_related("owner").get(pk=about)
    return Letter(
        subject=_("Your request “%(project)s” has arrived") % {"project": case.title},
        paragraphs=[
            _("%(who)s reads it and finds who can help.") % {"who": case.owner},
            _(
                "This link is yours alone: it shows where your project stands, who helps, and lets "
                "you write to them. Keep this letter."
            ),
        ],
        step=_("Follow my project"),
        url=_follow(case),
    )


def _accepted(about: int, _person: Any) -> Letter | None:
    referral = Referral.objects.select_related("case", "structure").get(pk=about)
    if referral.state != ReferralState.ACCEPTED:
        return None
    return Letter(
        subject=_("%(who)s helps with your project") % {"who": referral.structure},
        paragraphs=[
            _("%(who)s has accepted “%(project)s” and gets back to you.")
            % {"who": referral.structure, "project": referral.case.title}
        ],
        step=_("See who helps and write to them"),
        url=_follow(referral.case),
    )


def _closed(about: int, _person: Any) -> Letter | None:
    case = Case.objects.get(pk=about)
    if case.closed_on is None or not conversations.may_answer(case, clock.today()):
        return None
    return Letter(
        subject=_("One question about the help you got"),
        paragraphs=[
            _("The case of “%(project)s” is closed.") % {"project": case.title},
            _("Was the help of use to you? One click is enough; you may change your answer."),
        ],
        step=_("Answer"),
        url=_follow(case),
    )


def _message(about: int, person: Any) -> Letter | None:
    message = CaseMessage.objects.select_related("case", "structure").get(pk=about)
    if message.erased:
        return None
    case = message.case
    if person is not None and not conversations.conversations_of(person).filter(pk=case.pk):
        return None
    who = _("The project’s owner") if message.from_project else str(message.structure)
    said = []
    if message.document_id is not None:
        said.append(_("%(who)s attached a document: it opens on the page.") % {"who": who})
    if message.text:
        # The last before the words themselves.
        said.append(_("%(who)s wrote:") % {"who": who})
    return Letter(
        subject=_("A message about “%(project)s”") % {"project": case.title},
        paragraphs=said,
        quote=message.text,
        step=_("Read and answer"),
        url=_follow(case) if person is None else reverse("desk:case_messages", args=[case.pk]),
    )


def _for_structure(about: int, person: Any) -> Referral | None:
    """The proposal, while it awaits its answer and the person may give it."""
    referral = Referral.objects.select_related("case", "structure").get(pk=about)
    held = referral.structure_id in own_organisations(person)
    waits = referral.state == ReferralState.PROPOSED and referral.case.closed_on is None
    return referral if waits and held and allowed(person, "desk.follow_cases") else None


def _proposed(about: int, person: Any) -> Letter | None:
    referral = _for_structure(about, person)
    if referral is None:
        return None
    return Letter(
        subject=_("A project for %(structure)s: “%(project)s”")
        % {"structure": referral.structure, "project": referral.case.title},
        paragraphs=[
            _("The front desk proposes this project to you. An answer is expected by %(day)s.")
            % {"day": date_long(referral.answer_by)}
        ],
        step=_("Accept or decline"),
        url=reverse("desk:case", args=[referral.case_id]),
    )


def _reminder(about: int, person: Any) -> Letter | None:
    referral = _for_structure(about, person)
    if referral is None:
        return None
    days = (clock.today() - referral.proposed_on).days
    waited = ngettext(
        "This project has waited for your answer for %(days)s day, since %(day)s.",
        "This project has waited for your answer for %(days)s days, since %(day)s.",
        days,
    ) % {"days": days, "day": date_long(referral.proposed_on)}
    return Letter(
        subject=_("“%(project)s” awaits your answer") % {"project": referral.case.title},
        paragraphs=[
            waited,
            _("If you decline, say why: the front desk looks for another structure at once."),
        ],
        step=_("Accept or decline"),
        url=reverse("desk:case", args=[referral.case_id]),
    )


def _digest(_about: int, person: Any) -> Letter | None:
    at = clock.today()
    late = waiting.late_for(person, at)
    if not late.lines:
        return None
    count = len(late.lines) + late.more
    return Letter(
        subject=ngettext(
            "%(count)s thing is late on your cases",
            "%(count)s things are late on your cases",
            count,
        )
        % {"count": count},
        paragraphs=[_("On %(day)s, this waits for you:") % {"day": date_long(at)}],
        items=[*late.lines, *([_("… and %(more)s more.") % {"more": late.more}] * bool(late.more))],
        step=_("Open my cases"),
        url=f"{reverse('desk:cases')}?state=late",
    )


@dataclass(frozen=True)
class _Kind:
    words: Callable[[int, Any], Letter | None]
    case: Callable[[int], Case | None] = lambda about: Case.objects.filter(pk=about).first()


def _case_of_referral(about: int) -> Case | None:
    return Case.objects.filter(pk__in=Referral.objects.filter(pk=about).values("case")).first()


def _case_of_message(about: int) -> Case | None:
    return Case.objects.filter(pk__in=CaseMessage.objects.filter(pk=about).values("case")).first()


_KINDS = {
    "asked": _Kind(_asked),
    "accepted": _Kind(_accepted, _case_of_referral),
    "closed": _Kind(_closed),
    "message": _Kind(_message),
    "message_to_owner": _Kind(_message, _case_of_message),
    "proposed": _Kind(_proposed),
    "reminder": _Kind(_reminder),
    "digest": _Kind(_digest),
}

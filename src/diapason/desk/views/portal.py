"""Public pages: what support is there, and the front door."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from diapason.desk import actions
from diapason.desk.contracts import Need, Sector, Stage, Tongue
from diapason.desk.forms import ContactForm, DetailForm, ProjectForm, SupportFilter
from diapason.desk.models import Case
from diapason.desk.queries import cases, places, support
from diapason.kernel import drafts, limits
from diapason.kernel.audit import address_of
from diapason.kernel.clock import today
from diapason.kernel.forms import refuse
from diapason.kernel.permissions import public
from diapason.kernel.refusals import Refusal, says

# New cases from one network address: a class that asks together passes, a flood does not.
MOST_AN_HOUR = 40
SCREENS = ("project", "details", "contact")
FORMS: dict[str, Any] = dict(zip(SCREENS, (ProjectForm, DetailForm, ContactForm), strict=True))
ADDRESSES = {"project": "desk:start", "details": "desk:details", "contact": "desk:contact"}


@public
@require_safe
def offered(request: HttpRequest) -> HttpResponse:
    """The directory of support, each entry leading to the front door with its need filled in."""
    found = SupportFilter(request.GET, queryset=support.running(today()), request=request)
    offers = found.qs if found.form.is_valid() else support.running(today())
    narrowed = found.form.is_valid() and any(found.form.cleaned_data.values())
    wanted = found.form.cleaned_data.get("need") if found.form.is_valid() else ""
    return render(
        request,
        "desk/portal/support.html",
        {
            "form": found.form,
            "narrowed": narrowed,
            "reset_url": reverse("desk:support"),
            "offers": _cards(
                support.under_their_names(offers.order_by("title", "pk")), wanted or ""
            ),
            "open": cases.front_door() is not None,
        },
    )


def _cards(offers: list[Any], wanted: str) -> list[dict[str, Any]]:
    named = places.territories(offer.communes for offer in offers)
    return [_card(one, wanted, places.in_short(named[tuple(one.communes)])) for one in offers]


def _card(offer: Any, wanted: str, territory: str) -> dict[str, Any]:
    need = wanted if wanted in offer.needs else offer.needs[0]
    return {
        "offer": offer,
        "needs": [Need(each).label for each in offer.needs],
        "stages": [Stage(each).label for each in Stage if each in offer.stages],
        "sectors": [Sector(each).label for each in Sector if each in offer.sectors],
        "languages": [Tongue(each).label for each in Tongue if each in offer.languages],
        "territory": territory,
        "takes": offer.free > 0 and not offer.away,
        "url": f"{reverse('desk:start')}?need={need}",
    }


def _draft_key(screen: str) -> str:
    return f"desk.front-door.{screen}"


def _screen(request: HttpRequest, screen: str) -> HttpResponse:
    """One of the three screens: what is typed is kept, on the way forward and back."""
    door = cases.front_door()
    if door is None:
        return render(request, "desk/portal/closed.html")
    place = SCREENS.index(screen)
    draft = drafts.of(request, _draft_key(screen))
    if request.method == "POST":
        form = FORMS[screen](request.POST)
        if form.is_valid():
            last = screen == SCREENS[-1]
            answer = _send(request, form) if last else redirect(ADDRESSES[SCREENS[place + 1]])
            if answer is not None:
                if not last:
                    _keep(request, answer, screen)
                return answer
    else:
        form = FORMS[screen](initial=draft.initial(FORMS[screen], _given(request, screen)))
    return render(
        request,
        "desk/portal/door.html",
        {
            "form": form,
            "draft": draft,
            "screen": screen,
            "step": place + 1,
            "steps": len(SCREENS),
            "back": reverse(ADDRESSES[SCREENS[place - 1]]) if place else "",
            "door": door.organisation,
        },
    )


def _given(request: HttpRequest, screen: str) -> dict[str, Any]:
    """What the address fills in: the need of the support that somebody chose."""
    need = request.GET.get("need", "")
    return {"needs": [need]} if screen == "project" and need in set(Need) else {}


def _keep(request: HttpRequest, answer: HttpResponseBase, screen: str) -> None:
    owner = drafts.owner_of(request)
    if drafts.allowed(request, owner):
        try:
            drafts.save(owner or drafts.introduce(answer), _draft_key(screen), request.POST)
        except drafts.TooManyDrafts:
            messages.error(request, _("Too many forms are kept for you: finish another one first."))


def _typed(request: HttpRequest, screen: str) -> QueryDict:
    kept = drafts.of(request, _draft_key(screen)).found
    typed = QueryDict(mutable=True)
    for name, values in (kept.data if kept else {}).items():
        typed.setlist(name, values)
    return typed


def _too_many() -> str:
    return _(
        "Many requests came from your network within the hour. Nothing you typed is lost: send "
        "yours again in a little while."
    )


def _is_said(case: Case, contact: ContactForm) -> bool:
    given = contact.cleaned_data
    return says(
        case,
        contact_name=given["contact_name"],
        contact_email=given["contact_email"].lower(),
        contact_phone=given["contact_phone"],
    )


def _changed_since() -> str:
    return _(
        "Your request had arrived already: what you changed since is not in it. Write it to those "
        "who help, in a message."
    )


def _send(request: HttpRequest, contact: ContactForm) -> HttpResponse | None:
    """Open the case of what the three screens say; None where the form now says why not."""
    key = contact.cleaned_data["request_key"] or uuid.uuid4()
    secret = actions.personal_secret(key)
    if (there := cases.case_behind(secret)) is not None:
        # The same form sent again: it leads where it led.
        if not _is_said(there, contact):
            messages.warning(request, _changed_since())
        return redirect("desk:follow", secret=secret)
    earlier = {}
    for screen in SCREENS[:-1]:
        form = FORMS[screen](_typed(request, screen))
        if not form.is_valid():
            messages.error(request, _("This screen still lacks an answer."))
            answer = redirect(ADDRESSES[screen])
            _keep(request, answer, SCREENS[-1])
            return answer
        earlier[screen] = form
    if not limits.within(f"desk.asked:{address_of(request)}", most=MOST_AN_HOUR, seconds=3600):
        refuse(contact, Refusal(_too_many()))
        return None
    project, details = (earlier[screen].cleaned_data for screen in SCREENS[:-1])
    try:
        actions.ask(
            request_key=key,
            title=project["title"],
            stage=project["stage"],
            needs=project["needs"],
            summary=details["summary"],
            sector=details["sector"] or Sector.OTHER,
            student=details["student"],
            commune_id=earlier["details"].commune_id,
            siret=details["siret"],
            contact_name=contact.cleaned_data["contact_name"],
            contact_email=contact.cleaned_data["contact_email"],
            contact_phone=contact.cleaned_data["contact_phone"],
            gender=contact.cleaned_data["gender"],
            language=get_language() or settings.LANGUAGE_CODE,
        )
    except Refusal as refusal:
        refuse(contact, refusal)
        return None
    for screen in SCREENS:
        drafts.of(request, _draft_key(screen)).discard()
    goes = _("The link to this page is on its way to %(address)s.") % {
        "address": contact.cleaned_data["contact_email"]
    }
    messages.success(request, f"{_('Your request has arrived.')} {goes}")
    return redirect("desk:follow", secret=secret)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """First screen of the front door."""
    return _screen(request, "project")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """Second screen of the front door."""
    return _screen(request, "details")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Third screen of the front door."""
    return _screen(request, "contact")

"""The workspace's offers, absences, capacity board, contacts, and the choice of the front door."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from diapason.desk import actions
from diapason.desk.contracts import Channel, Need, Sector, Stage, Tongue
from diapason.desk.forms import AbsenceForm, ContactFilter, DeskContactForm, DoorForm, OfferForm
from diapason.desk.models import Offer
from diapason.desk.models.support import first_reminders
from diapason.desk.queries import cases, places, support
from diapason.desk.queries.months import MONTHS, Course, Month
from diapason.desk.views.pages import number_of
from diapason.directory.api import powers
from diapason.kernel import drafts
from diapason.kernel.clock import today
from diapason.kernel.forms import key_of, refuse
from diapason.kernel.pages import kept_while_unchanged
from diapason.kernel.permissions import allowed, requires
from diapason.kernel.refusals import Refusal
from diapason.kernel.spreadsheets import Kind
from diapason.kernel.tables import Column, Listing
from diapason.ui import charts, formats
from diapason.ui.breadcrumb import crumbs

CONTACT_TABLES = (
    "desk_deskcontact",
    "desk_frontdoor",
    "directory_membership",
    "directory_organisation",
    "directory_user",
)
CONTACT_COLUMNS = (
    Column(key="on", heading=_lazy("Day"), kind=Kind.DATE, sort="on"),
    Column(
        key="channel",
        heading=_lazy("By"),
        value=lambda one: Channel(one.channel).label,
        sort="channel",
    ),
    Column(key="subject", heading=_lazy("About"), sort="subject"),
    Column(
        key="oriented_to",
        heading=_lazy("Oriented to"),
        value=lambda one: str(one.oriented_to) if one.oriented_to else _("Nobody"),
    ),
)


@requires("desk.record_contact")
@require_safe
@kept_while_unchanged(lambda: CONTACT_TABLES, reader=powers, named_by=None)
def contacts(request: HttpRequest) -> HttpResponseBase:
    """Every contact that the welcome desk received."""
    listing = Listing(
        request,
        support.contacts(request.user),
        CONTACT_COLUMNS,
        name=_("contacts"),
        filters=ContactFilter,
        default_sort="-on",
    )
    return listing.respond("desk/workspace/contacts.html", {"open": cases.front_door() is not None})


@requires("desk.record_contact")
@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: HttpRequest) -> HttpResponse:
    """Record a contact in under a minute; the form comes back empty for the next one."""
    draft = drafts.of(request, "desk.contact")
    form = (
        DeskContactForm(request.POST)
        if request.method == "POST"
        else DeskContactForm(initial=draft.initial(DeskContactForm))
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.record_contact(
                by=request.user,
                channel=Channel(given["channel"]),
                subject=given["subject"],
                oriented_to_id=given["oriented_to"],
                on=given["on"],
                request_key=key_of(request),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            draft.discard()
            messages.success(request, _("The contact is recorded."))
            return redirect("desk:contacts")
    return render(
        request,
        "desk/workspace/form.html",
        {
            "form": form,
            "draft": draft,
            "heading": _("Record a contact"),
            "lead": _("By phone, by e-mail or on a visit: each contact counts."),
            "act": _("Record this contact"),
            "breadcrumb": crumbs(
                (_("Contacts"), reverse("desk:contacts")), (_("Record a contact"), "")
            ),
        },
    )


@requires("desk.offer_support")
@require_http_methods(["GET", "HEAD", "POST"])
def capacity(request: HttpRequest) -> HttpResponse:
    """Demand against capacity, what is on offer, and who is away; posting declares an absence, or
    ends one."""
    if request.POST.get("act") == "end":
        return _end_absence(request)
    form = AbsenceForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.declare_absence(
                by=request.user,
                structure_id=given["structure"],
                starts=given["starts"],
                ends=given["ends"],
                request_key=key_of(request),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The absence is noted: no project is proposed meanwhile."))
            return redirect("desk:capacity")
    course = Course(today())
    by_stage, by_need = support.pressures(today(), course)
    stage, need = _stage_or_need(request.GET.get("of", ""))
    mine = set(support.offers_of(request.user).values_list("pk", flat=True))
    offers = support.under_their_names(
        support.running(today()).order_by("structure__code", "title", "pk")
    )
    reach = support.reaches_of(offers)
    return render(
        request,
        "desk/workspace/capacity.html",
        {
            "boards": [
                (_("By stage"), _("Stage"), by_stage, "stages"),
                (_("By need"), _("Need"), by_need, "needs"),
            ],
            "offers": [(offer, offer.pk in mine, reach[offer.pk]) for offer in offers],
            "absences": support.absences(today()),
            "ended_by_me": set(
                support.own_absences(request.user, today()).values_list("pk", flat=True)
            ),
            "months": [(one, _drawn(one)) for one in course.of(stage=stage, need=need)[::-1]],
            "months_shown": MONTHS,
            "month_of": (stage or need or ""),
            "month_word": (stage.label if stage else need.label if need else ""),
            "month_choices": [
                (_("Stages"), Stage.choices()),
                (_("Needs"), Need.choices()),
            ],
            "form": form,
            "manages": allowed(request.user, "desk.choose_front_door"),
        },
    )


def _end_absence(request: HttpRequest) -> HttpResponse:
    absences = support.own_absences(request.user, today())
    absence = absences.filter(pk=number_of(request, "absence")).first()
    if absence is None:
        messages.error(request, _("This absence is over already."))
    else:
        actions.end_absence(by=request.user, absence=absence)
        messages.success(request, _("The absence is over: projects are proposed again."))
    return redirect("desk:capacity")


def _drawn(month: Month) -> charts.Bar:
    """Who waited, against the seats that were free."""
    return charts.bar(
        month.waiting,
        value_label=formats.number(month.waiting),
        low=month.free,
        high=month.free,
        goal_label=formats.number(month.free),
        status="missed" if month.is_short else "on_track",
    )


def _stage_or_need(written: str) -> tuple[Stage | None, Need | None]:
    """What the months are asked of; neither for anything else."""
    if written in list(Stage):
        return Stage(written), None
    return None, Need(written) if written in list(Need) else None


def _offer_page(request: HttpRequest, offer: Offer | None) -> HttpResponse:
    initial: dict[str, Any] = {}
    if offer is not None:
        names = ("title", "description", "stages", "needs", "seats", "hours", "starts", "ends")
        more = ("cost", "conditions", "sectors", "languages")
        initial = {name: getattr(offer, name) for name in (*names, *more)}
        [called] = places.territories([offer.communes]).values()
        initial["communes"] = ", ".join(called)
        initial["structure"] = support.stands_for(offer)
    form = OfferForm(
        request.POST if request.method == "POST" else None, initial=initial, user=request.user
    )
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        given.pop("request_key")
        try:
            actions.offer_support(
                by=request.user,
                structure_id=given.pop("structure"),
                stages=[Stage(each) for each in given.pop("stages")],
                needs=[Need(each) for each in given.pop("needs")],
                sectors=[Sector(each) for each in given.pop("sectors")],
                languages=[Tongue(each) for each in given.pop("languages")],
                offer=offer,
                request_key=key_of(request),
                **given,
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The offer is published."))
            return redirect("desk:capacity")
    heading = str(offer) if offer is not None else _("Offer support")
    return render(
        request,
        "desk/workspace/form.html",
        {
            "form": form,
            "heading": heading,
            "lead": _("Projects are proposed to you within these seats, never beyond."),
            "act": _("Publish"),
            "breadcrumb": crumbs((_("Capacity"), reverse("desk:capacity")), (heading, "")),
        },
    )


@requires("desk.offer_support")
@require_http_methods(["GET", "HEAD", "POST"])
def offer_new(request: HttpRequest) -> HttpResponse:
    """A new offer of one's organisation."""
    return _offer_page(request, None)


@requires("desk.offer_support")
@require_http_methods(["GET", "HEAD", "POST"])
def offer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an offer of one's organisation; another's is not found."""
    offer = support.offers_of(request.user).filter(pk=pk).first()
    if offer is None:
        raise Http404
    return _offer_page(request, offer)


@requires("desk.choose_front_door")
@require_http_methods(["GET", "HEAD", "POST"])
def front_door(request: HttpRequest) -> HttpResponse:
    """Choose which organisation receives every new request."""
    door = cases.front_door()
    form = DoorForm(
        request.POST if request.method == "POST" else None,
        initial={
            "organisation": door.organisation_id if door else None,
            "remind_after": ", ".join(map(str, door.remind_after if door else first_reminders())),
        },
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                actions.choose_front_door(by=request.user, organisation_id=given["organisation"])
                actions.choose_reminders(by=request.user, days=given["remind_after"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("New requests now come to this organisation."))
            return redirect("desk:cases")
    return render(
        request,
        "desk/workspace/form.html",
        {
            "form": form,
            "heading": _("Who keeps the front door?"),
            "lead": _("Every new request comes to this organisation first."),
            "act": _("Save"),
            "breadcrumb": crumbs((_("Cases"), reverse("desk:cases")), (_("Front door"), "")),
        },
    )

"""Where my project stands: the page of whoever asked, by their personal link or their account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from diapason.desk import actions
from diapason.desk.contracts import Closing, Need, ReferralState, Satisfied, Stage
from diapason.desk.forms import ForgetForm, MessageForm, SatisfactionForm
from diapason.desk.models import Case, CaseMessage
from diapason.desk.queries import cases, conversations
from diapason.desk.views.pages import fact, said
from diapason.kernel import drafts, files, limits
from diapason.kernel.clock import today
from diapason.kernel.forms import key_of, refuse
from diapason.kernel.permissions import public, signed_in
from diapason.kernel.refusals import Refusal

# Messages of one project's owner.
MOST_AN_HOUR = 40


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """Where a project stands, to whoever holds its personal link."""
    case = cases.case_behind(secret)
    if case is None:
        raise Http404
    return _page(request, case, link=reverse("desk:follow", args=[secret]), secret=secret)


@public
@never_cache
@require_safe
def document(request: HttpRequest, secret: str, pk: int) -> HttpResponseBase:
    """A document of the case, to whoever holds its personal link."""
    case = cases.case_behind(secret)
    message = None if case is None else conversations.document_on(case, pk)
    if message is None or message.document is None:
        raise Http404
    try:
        return files.response(message.document)
    except FileNotFoundError as lost:
        raise Http404 from lost


@signed_in
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """The projects that a person asked for help with, from their account's address."""
    found = conversations.projects_of(request.user).order_by("-opened_on", "-pk")
    return render(
        request,
        "desk/portal/projects.html",
        {"projects": found, "open": cases.front_door() is not None},
    )


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page as the personal link, for whoever signed in with the address that asked."""
    case = conversations.projects_of(request.user).filter(pk=pk).first()
    if case is None:
        raise Http404
    return _page(request, case, link=reverse("desk:project", args=[pk]))


def _page(request: HttpRequest, case: Case, *, link: str, secret: str = "") -> HttpResponse:
    act = request.POST.get("act", "") if request.method == "POST" else ""
    draft = drafts.of(request, f"desk.message-of-project:{case.pk}")
    answered = conversations.satisfaction_of(case) if case.closed_on is not None else None
    initial = {"answer": answered.answer, "words": answered.words} if answered else {}
    bound: dict[str, forms.Form] = {
        "message": MessageForm(request.POST, request.FILES)
        if act == "message"
        else MessageForm(initial=draft.initial(MessageForm)),
        "satisfied": SatisfactionForm(
            request.POST if act == "satisfied" else None, initial=initial, auto_id="satisfied_%s"
        ),
        "forget": ForgetForm(request.POST if act == "forget" else None, auto_id="forget_%s"),
    }
    if act:
        try:
            if told := _act(request, case, act, bound):
                if act == "message":
                    draft.discard()
                messages.success(request, told)
                return redirect(link)
        except Refusal as refusal:
            if act in bound:
                refuse(bound[act], refusal)
            else:
                messages.error(request, str(refusal))
    return render(
        request, "desk/portal/follow.html", _context(case, bound, draft, answered, link, secret)
    )


def _act(request: HttpRequest, case: Case, act: str, bound: dict[str, forms.Form]) -> str:
    form = bound.get(act)
    if form is not None and not form.is_valid():
        return ""
    if act == "forget":
        actions.forget_contact(case=case)
        return _("Your name and addresses are erased.")
    if act == "message" and form is not None:
        _not_too_often(case)
        actions.write_message(
            case=case,
            text=form.cleaned_data["text"],
            document=form.cleaned_data["document"],
            request_key=key_of(request),
        )
        return _("Your message is sent.")
    if act == "satisfied" and form is not None:
        actions.answer_satisfaction(
            case=case,
            answer=Satisfied(form.cleaned_data["answer"]),
            words=form.cleaned_data["words"],
        )
        return _("Thank you: your answer is kept.")
    raise Refusal(_("Choose what to do on this page."))


def _not_too_often(case: Case) -> None:
    """Raise a Refusal for a flood of messages on one project."""
    if not limits.within(f"desk.message:{case.pk}", most=MOST_AN_HOUR, seconds=3600):
        raise Refusal(_("Many messages were sent within the hour: wait a little, yours is kept."))


def _context(
    case: Case, bound: dict[str, forms.Form], draft: Any, answered: Any, link: str, secret: str
) -> dict[str, Any]:
    referrals = cases.referrals_of(case)

    def address(message: CaseMessage) -> str:
        if secret:
            return reverse("desk:follow_document", args=[secret, message.pk])
        return reverse("kernel:file", args=[message.document_id])

    written = [said(one, address, for_owner=True) for one in conversations.messages_of(case)]
    return {
        "case": case,
        "forms": bound,
        "draft": draft,
        "by_link": bool(secret),
        "unreachable": cases.is_unreachable(case),
        "link": settings.BASE_URL.rstrip("/") + link,
        "messages_said": written,
        "documents": [one for one in written if one.document],
        "stages": [
            (Stage(one.stage).label, one.began_on, one.ended_on) for one in cases.stages_of(case)
        ],
        "helpers": [one for one in referrals if one.state == ReferralState.ACCEPTED],
        "helped": [one for one in referrals if one.state == ReferralState.ENDED],
        "asked": [one for one in referrals if one.state == ReferralState.PROPOSED],
        "closing": Closing(case.closing).label if case.closing else "",
        "answers": conversations.may_answer(case, today()),
        "answered": answered,
        "answered_label": Satisfied(answered.answer).label if answered else "",
        "facts": [
            fact(_("Stage"), Stage(case.stage).label),
            fact(_("Needs"), ", ".join(str(Need(each).label) for each in case.needs)),
        ],
    }

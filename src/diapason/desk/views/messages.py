"""What is said on a case, for those who help, and the letters that tell them so."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diapason.desk import actions
from diapason.desk.contracts import Rhythm, Satisfied
from diapason.desk.forms import LettersForm, MessageForm
from diapason.desk.queries import conversations, waiting
from diapason.desk.views.pages import said, tabs
from diapason.kernel import drafts
from diapason.kernel.forms import key_of, refuse
from diapason.kernel.permissions import requires
from diapason.kernel.refusals import Refusal
from diapason.ui.breadcrumb import crumbs


@requires("desk.follow_cases")
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """How often the person wants to be written to about what is late."""
    chosen = waiting.rhythm_of(request.user)
    form = LettersForm(
        request.POST if request.method == "POST" else None, initial={"digest": chosen}
    )
    if form.is_bound and form.is_valid():
        actions.choose_letters(by=request.user, digest=Rhythm(form.cleaned_data["digest"]))
        messages.success(request, _("Saved."))
        return redirect("desk:letters")
    return render(
        request,
        "desk/workspace/form.html",
        {
            "form": form,
            "heading": _("Letters that I receive"),
            "lead": _(
                "Messages and proposals are told at once; what is late, as often as you say."
            ),
            "act": _("Save"),
            "breadcrumb": crumbs((_("Cases"), reverse("desk:cases")), (_("Letters"), "")),
        },
    )


@requires("desk.follow_cases")
@require_http_methods(["GET", "HEAD", "POST"])
def case_messages(request: HttpRequest, pk: int) -> HttpResponse:
    """The messages and documents of a case; posting writes to the project's owner."""
    case = conversations.conversations_of(request.user).filter(pk=pk).first()
    if case is None:
        raise Http404
    draft = drafts.of(request, f"desk.message:{case.pk}")
    form = (
        MessageForm(request.POST, request.FILES)
        if request.method == "POST"
        else MessageForm(initial=draft.initial(MessageForm))
    )
    if form.is_bound and form.is_valid():
        try:
            actions.write_message(
                case=case,
                by=request.user,
                text=form.cleaned_data["text"],
                document=form.cleaned_data["document"],
                request_key=key_of(request),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            draft.discard()
            messages.success(request, _("Your message is sent."))
            return redirect("desk:case_messages", pk=pk)
    written = [
        said(one, lambda message: reverse("kernel:file", args=[message.document_id]))
        for one in conversations.messages_of(case)
    ]
    satisfaction = conversations.satisfaction_of(case) if case.closed_on is not None else None
    return render(
        request,
        "desk/workspace/messages.html",
        {
            "case": case,
            "form": form,
            "draft": draft,
            "tabs": tabs(case, "messages"),
            "messages_said": written,
            "documents": [one for one in written if one.document],
            "reaches": bool(case.contact_email),
            "satisfaction": satisfaction,
            "answer": Satisfied(satisfaction.answer).label if satisfaction else "",
            "breadcrumb": crumbs(
                (_("Cases"), reverse("desk:cases")),
                (case.title, reverse("desk:case", args=[pk])),
                (_("Messages"), ""),
            ),
        },
    )

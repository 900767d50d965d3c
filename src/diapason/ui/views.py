"""The living style guide, and the pages shown when something goes wrong."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe

from diapason.kernel.permissions import public
from diapason.ui import samples, tokens

ERROR_PAGES = ("400", "403", "403_csrf", "404", "500")


@public
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every token and component with invented content."""
    context = samples.context(request.GET)
    context["pairs"] = [
        {"text": text, "ground": ground, "ratio": tokens.contrast(text, ground)}
        for text, ground in tokens.TEXT_PAIRS
    ]
    return render(request, "ui/styleguide.html", context)


@public
@require_safe
def styleguide_workspace(request: HttpRequest) -> HttpResponse:
    """The workspace's shell with invented content."""
    return render(request, "ui/styleguide_workspace.html", samples.workspace_context())


@public
@require_safe
def styleguide_error(request: HttpRequest, code: str) -> HttpResponse:
    """An error page, shown without an error."""
    if code not in ERROR_PAGES:
        raise Http404
    return render(request, f"{code}.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection has run out (setting CSRF_FAILURE_VIEW)."""
    with override(getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)):
        return render(request, "403_csrf.html", status=403)

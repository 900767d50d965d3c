"""Addresses with planted faults, to show that the gates find them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from diapason.config.urls import urlpatterns as product
from diapason.directory.models import ApiToken, User
from diapason.kernel.permissions import SIGNED_IN, public, signed_in
from tests.trust.examples import Example


@login_not_required
def forgetful(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for anybody who asks")


# Declares what it does not keep.
forgetful.access = SIGNED_IN  # type: ignore[attr-defined]


@signed_in
def leaky(request: HttpRequest, pk: int) -> HttpResponse:
    """Looks the record up without asking whose it is."""
    token = ApiToken.objects.filter(pk=pk).first()
    if token is None:
        raise Http404
    return HttpResponse(token.name)


@public
def sound(request: HttpRequest) -> HttpResponse:
    return HttpResponse("good day")


@public
def n_plus_one(request: HttpRequest) -> HttpResponse:
    """Asks the database once for each row."""
    tokens = [f"{token.name} {token.organisation.name}" for token in ApiToken.objects.all()]
    return HttpResponse(", ".join(tokens))


@public
def greedy(request: HttpRequest) -> HttpResponse:
    """Asks too often, whatever there is."""
    return HttpResponse(str([User.objects.count() for _time in range(40)]))


def page(body: str, head: str = "<title>A page</title>", lang: str = "fr") -> str:
    """A page that is right but for what is given."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}</head>'
        f"<body><main><h1>A page</h1>{body}</main></body></html>"
    )


own = Example(
    own=lambda world, person: {"pk": world.tokens[person.pk].pk},
    others=lambda world, person: {"pk": world.strangers_token.pk},
)
EXAMPLES: dict[str, Example] = {"careless:leaky": own}

careless: list[Any] = [
    path("open/", forgetful, name="open"),
    path("leaky/<int:pk>/", leaky, name="leaky"),
    path("sound/", sound, name="sound"),
    path("n-plus-one/", n_plus_one, name="n_plus_one"),
    path("greedy/", greedy, name="greedy"),
]
urlpatterns = [
    path("careless/", include((careless, "careless"))),
    # Where refusals lead.
    *product,
]

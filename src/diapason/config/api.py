"""The API: every room's router under one address, one door for who asks, one page that explains."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Schema
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from diapason import __version__
from diapason.directory.api import token_holder
from diapason.kernel.permissions import public
from diapason.kernel.registries import api_routers

METHODS = ("get", "post", "put", "patch", "delete")


class Caller(HttpBearer):
    """Who asks: the holder of the token, else the signed-in person, else anybody.

    A wrong token is refused rather than taken for nobody: its owner must know that it fails.
    """

    def __call__(self, request: HttpRequest) -> Any:
        if "Authorization" in request.headers:
            return super().__call__(request)
        return request.user if request.user.is_authenticated else AnonymousUser()

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        holder = token_holder(token)
        if holder is None or holder.person_id is None:
            return None
        person = get_user_model().objects.filter(pk=holder.person_id, is_active=True).first()
        if person is not None:
            request.user = person
        return person


class VisitorThrottle(SimpleRateThrottle):
    """So many requests for one network address, where nobody is named."""

    def get_cache_key(self, request: HttpRequest) -> str | None:
        if request.user.is_authenticated:
            return None
        return f"api:visitor:{self.get_ident(request)}"


class AccountThrottle(SimpleRateThrottle):
    """So many requests for one account, whatever its addresses and tokens."""

    def get_cache_key(self, request: HttpRequest) -> str | None:
        return f"api:account:{request.user.pk}" if request.user.is_authenticated else None


class DescribedAPI(NinjaAPI):
    """An API whose description tells of refusals too: a program meets them like answers."""

    def get_openapi_schema(self, **how: Any) -> Any:
        described = super().get_openapi_schema(**how)
        for path, item in described["paths"].items():
            for operation in item.values():
                told = operation["responses"]
                told.setdefault(401, {"description": "The token is wrong, expired or revoked."})
                told.setdefault(429, {"description": "Too many requests: wait a second."})
                if "{" in path or operation.get("parameters"):
                    told.setdefault(404, {"description": "There is no such record or period."})
                if operation.get("parameters"):
                    told.setdefault(422, {"description": "A parameter cannot be understood."})
        return described


api = DescribedAPI(
    title="Diapason",
    version=__version__,
    description="The plan, its figures and what they are made of. Reading needs no account; what "
    "only staff may see needs a token, made in the workspace by a programme manager.",
    auth=Caller(),
    docs_url=None,
    urls_namespace="api",
    throttle=[VisitorThrottle("30/s"), AccountThrottle("60/s")],
)


class CallerOut(Schema):
    """Who the API takes the caller for."""

    name: str
    roles: list[str]


@api.get("/me", response=CallerOut, tags=["access"], summary="Who you are to the API")
def me(request: HttpRequest) -> Any:
    if not request.user.is_authenticated:
        return CallerOut(name="", roles=[])
    return CallerOut(
        name=str(request.user), roles=sorted({role.value for role, _where in request.user.roles()})
    )


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return api.create_response(request, {"detail": "Not found."}, status=404)


def urls() -> Any:
    """The API's addresses, each declared public: what a caller may see is narrowed row by row.
    They come after `guide`, which stands at their root in each language."""
    for offer in api_routers:
        api.add_router(offer.prefix, offer.router)
    made: Any = api.urls
    patterns, app_name, namespace = made
    for pattern in patterns:
        pattern.callback = public(pattern.callback)
    return patterns, app_name, namespace


@public
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The page that explains the API, drawn from its own description."""
    described = api.get_openapi_schema()
    operations = [
        {
            "path": path,
            "method": method.upper(),
            # Said once, where the address is declared; our catalogue says it in French.
            "summary": gettext(operation.get("summary") or path),
            "description": operation.get("description", ""),
            "parameters": operation.get("parameters", []),
        }
        for path, item in described["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]
    return render(
        request,
        "site/api.html",
        {"operations": operations, "openapi_url": reverse("api:openapi-json")},
    )

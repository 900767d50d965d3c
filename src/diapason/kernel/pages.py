"""Public pages kept whole while nothing that they show has changed.

A page is kept under the stamp of the tables that it reads, the day, the language and the address;
a visitor without account costs one short query, and none of the template. A browser that already
has the page is told so (304).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import get_language

from diapason.kernel import changes
from diapason.kernel.clock import today

KEPT_SECONDS = 600
# Addresses whose query strings are kept: a stranger's invented parameters fill nobody's memory.
LONGEST_QUERY = 200


def kept_while_unchanged(
    tables: Callable[[], Iterable[str]],
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Keep the answers of a public view for visitors without account.

    `tables` gives the tables that the page reads, each with the `Stamped` trigger. The view's
    template must not hold anything of one visitor: no form token, no message.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not _is_common(request):
                return view(request, *args, **kwargs)
            key = _key(request, tables())
            if request.headers.get("If-None-Match") == f'"{key}"':
                return _labelled(HttpResponseNotModified(), key)
            kept = cache.get(f"page:{key}")
            if kept is None:
                answer = view(request, *args, **kwargs)
                if answer.status_code != 200 or getattr(answer, "streaming", False):
                    return answer
                if hasattr(answer, "render"):
                    answer.render()
                kept = (answer.content, answer.headers["Content-Type"])
                cache.set(f"page:{key}", kept, KEPT_SECONDS)
            content, content_type = kept
            return _labelled(HttpResponse(content, content_type=content_type), key)

        return answered

    return decorate


def _is_common(request: HttpRequest) -> bool:
    """Whether the answer is the same for every visitor."""
    return (
        request.method == "GET"
        and not request.user.is_authenticated
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and not request.headers.get("HX-Request")
        and len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY
    )


def _key(request: HttpRequest, tables: Iterable[str]) -> str:
    made_of = "\n".join(
        [
            request.get_host(),
            request.get_full_path(),
            get_language() or "",
            today().isoformat(),
            settings.RELEASE,
            changes.stamp(tables),
        ]
    )
    return hashlib.sha256(made_of.encode()).hexdigest()[:32]


def _labelled(answer: HttpResponse, key: str) -> HttpResponse:
    answer.headers["ETag"] = f'"{key}"'
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Vary"] = "Cookie, Accept-Language"
    return answer

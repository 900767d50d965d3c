"""Public pages kept whole while nothing that they show has changed.

A page is kept under the stamp of the tables that it reads, the day, the language and the address;
a visitor without account costs one short query, and none of the template. A browser that already
has the page is told so (304). No page may hold the name of the host: it is nobody's word but the
visitor's, and not part of what pages are kept under.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import get_language

from diapason.kernel import changes
from diapason.kernel.clock import today

KEPT_SECONDS = 600
# Pages are much the same words again and again: the fastest compression makes them eight times
# smaller.
_FASTEST = 1


def kept_while_unchanged(
    tables: Callable[[], Iterable[str]], *, named_by: tuple[str, ...] = ()
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Keep the answers of a public view for visitors without account.

    `tables` gives the tables that the page reads, each with the `Stamped` trigger. The view's
    template must not hold anything of one visitor: no form token, no message.

    `named_by`: the parameters whose values are few (others are not found) and name pages worth
    keeping. A page with any other parameter is made each time it is asked for: a stranger's
    invented addresses fill nobody's memory.
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
            if kept is not None:
                packed, content_type = kept
                content = zlib.decompress(packed)
                return _labelled(HttpResponse(content, content_type=content_type), key)
            answer = view(request, *args, **kwargs)
            if answer.status_code != 200 or getattr(answer, "streaming", False):
                return answer
            if hasattr(answer, "render"):
                answer.render()
            if _is_worth_keeping(request, named_by):
                packed = zlib.compress(answer.content, _FASTEST)
                cache.set(f"page:{key}", (packed, answer.headers["Content-Type"]), KEPT_SECONDS)
            return _labelled(answer, key)

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
    )


def _is_worth_keeping(request: HttpRequest, named_by: Iterable[str]) -> bool:
    """Whether the address is one of few, whatever strangers ask for."""
    allowed = set(named_by)
    return all(name in allowed and len(values) == 1 for name, values in request.GET.lists())


def _key(request: HttpRequest, tables: Iterable[str]) -> str:
    made_of = "\n".join(
        [
            request.path,
            # As it is understood: the same question written otherwise is the same page.
            urlencode(sorted(request.GET.lists()), doseq=True),
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

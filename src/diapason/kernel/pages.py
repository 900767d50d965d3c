"""Public pages kept while nothing that they show has changed.

A page is kept under the stamp of the tables that it reads, the day, the language and the address.
A visitor without anything of their own gets it whole: one short query, and none of the template;
a browser that already has it is told so (304). For somebody with a session the page is kept with
holes (`{% hole %}` in a layout) where something of theirs stands, such as their name or a message,
and only these are drawn anew. No page may hold the name of the host: it is nobody's word but the
visitor's, and not part of what pages are kept under.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache as cache_in_process
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language

from diapason.kernel import changes
from diapason.kernel.clock import today

KEPT_SECONDS = 600
# Pages are much the same words again and again: the fastest compression makes them eight times
# smaller.
_FASTEST = 1
_LEAVES_HOLES = "leaves_holes"
_HOLE = re.compile("\ue000([0-9a-f]{20}):([\\w./]+)\ue001")


def kept_while_unchanged(
    tables: Callable[[], Iterable[str]],
    *,
    named_by: tuple[str, ...] = (),
    same_for_all: bool = False,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Keep the answers of a public view: for visitors without account, and for everybody where
    the view shows every reader the same (`same_for_all`).

    `tables` gives the tables that the page reads, each with the `Stamped` trigger. Outside of its
    holes the view's template must not hold anything of one reader: no form token, no message.

    `named_by`: the parameters whose values are few (others are not found) and name pages worth
    keeping. A page with any other parameter is made each time it is asked for: a stranger's
    invented addresses fill nobody's memory.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not _may_be_kept(request, same_for_all):
                return view(request, *args, **kwargs)
            key = _key(request, tables())
            has_own = _has_something_of_its_own(request)
            if not has_own and request.headers.get("If-None-Match") == f'"{key}"':
                return _labelled(HttpResponseNotModified(), key)
            is_kept = _is_worth_keeping(request, named_by)
            page = None if has_own else _fetched(f"page:{key}")
            if page is None:
                page = _fetched(f"holed:{key}")
                if page is None:
                    made = _with_holes(view, request, args, kwargs)
                    if made.status_code != 200 or getattr(made, "streaming", False):
                        return made
                    page = made.content, made.headers["Content-Type"]
                    if is_kept:
                        _keep(f"holed:{key}", page)
                page = _filled(page[0], request), page[1]
                if is_kept and not has_own:
                    _keep(f"page:{key}", page)
            answer = HttpResponse(page[0], content_type=page[1])
            return answer if has_own else _labelled(answer, key)

        return answered

    return decorate


Page = tuple[bytes, str]
"""A page's content and its type."""


def _with_holes(
    view: Callable[..., HttpResponse],
    request: HttpRequest,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> HttpResponse:
    """The view's answer: a page to be kept with its holes left open, any other one filled."""
    setattr(request, _LEAVES_HOLES, True)
    try:
        answer = view(request, *args, **kwargs)
        if hasattr(answer, "render"):
            answer.render()
    finally:
        setattr(request, _LEAVES_HOLES, False)
    if answer.status_code != 200 and not getattr(answer, "streaming", False):
        answer.content = _filled(answer.content, request)
    return answer


def hole(request: HttpRequest | None, template: str) -> str | None:
    """What stands for the part `template` in a page that is being kept; None elsewhere, where the
    part is drawn at once. The mark is signed: nobody's text can open a hole."""
    if not getattr(request, _LEAVES_HOLES, False):
        return None
    return f"\ue000{_signed(template)}:{template}\ue001"


@cache_in_process(maxsize=50)
def _signed(template: str) -> str:
    return salted_hmac("diapason.kernel.pages.hole", template).hexdigest()[:20]


def _filled(content: bytes, request: HttpRequest) -> bytes:
    """The page with the reader's own parts in its holes."""

    def part(found: re.Match[str]) -> str:
        if not constant_time_compare(found[1], _signed(found[2])):
            return found[0]
        return render_to_string(found[2], request=request)

    return _HOLE.sub(part, content.decode()).encode()


def _keep(key: str, page: Page) -> None:
    cache.set(key, (zlib.compress(page[0], _FASTEST), page[1]), KEPT_SECONDS)


def _fetched(key: str) -> Page | None:
    kept = cache.get(key)
    return None if kept is None else (zlib.decompress(kept[0]), kept[1])


def _may_be_kept(request: HttpRequest, same_for_all: bool) -> bool:
    """Whether the answer, its holes aside, is the same for others too."""
    return (
        request.method == "GET"
        and (same_for_all or not request.user.is_authenticated)
        and not request.headers.get("HX-Request")
    )


def _has_something_of_its_own(request: HttpRequest) -> bool:
    """Whether there may be something to put into the holes for this reader alone."""
    return (
        request.user.is_authenticated
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or "messages" in request.COOKIES
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


class PrivateAnswers:
    """Middleware: what is answered to somebody with a session may hold what is theirs. No cache
    between the server and their browser keeps it, and the browser asks again before showing it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "Cache-Control" not in answer:
            answer["Cache-Control"] = "private, no-cache"
        return answer

"""Pages kept while nothing that they show has changed.

A page is kept under the stamp of the tables that it reads, the day, the language and the address.
A visitor without anything of their own gets it whole, as it was compressed when it was kept: one
short query, and none of the template; a browser that already has it is told so (304). For somebody
with a session the page is kept with holes (`{% hole %}` in a layout) where something of theirs
stands, such as their name or a message, and only these are drawn anew. No page may hold the name
of the host: it is nobody's word but the visitor's, and not part of what pages are kept under.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache as cache_in_process
from functools import wraps
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language

from diapason.kernel import changes
from diapason.kernel.clock import today
from diapason.kernel.registries import tables_around

KEPT_SECONDS = 600
# Pages are much the same words again and again: even the fastest compression makes them eight times
# smaller. What is compressed whole is sent as it is: it holds no secret that its length could tell.
_FASTEST, _SMALL = 1, 6
_TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
_LEAVES_HOLES = "leaves_holes"
_HOLE = re.compile("\ue000([0-9a-f]{20}):([\\w./]+)\ue001")


def kept_while_unchanged(
    tables: Callable[[], Iterable[str]],
    *,
    named_by: tuple[str, ...] | None = (),
    same_for_all: bool = False,
    reader: Callable[[Any], str] | None = None,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Keep the pages of a view: for visitors without account; for everybody where the view shows
    every reader the same (`same_for_all`); for each reader apart where `reader` gives, for a person
    signed in, all that decides what the view shows them, such as who they are and the roles that
    they hold.

    `tables` gives the tables that the page reads, besides those of `tables_around`, each with the
    `Stamped` trigger; with the setting `CHECK_KEPT_PAGES` a page that reads another one raises
    `UnnamedTables`. Outside of its holes the view's template must not hold anything else of the
    moment or of one reader: no form token, no message. Only pages are kept: a file that the view
    gives is made each time.

    `named_by`: the parameters whose values are few (others are not found) and name pages worth
    keeping. A page with any other parameter is made each time it is asked for: a stranger's
    invented addresses fill nobody's memory. None where strangers do not come: any parameter does.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not _may_be_kept(request, same_for_all or reader is not None):
                return view(request, *args, **kwargs)
            has_own = _has_something_of_its_own(request)
            is_told_apart = reader is not None and request.user.is_authenticated
            named = set(tables()).union(*tables_around)
            key = _key(request, named, reader(request.user) if is_told_apart and reader else "")
            if not has_own and request.headers.get("If-None-Match") == f'W/"{key}"':
                return _labelled(HttpResponseNotModified(), key)
            is_kept = _is_worth_keeping(request, named_by)
            if not has_own and (whole := cache.get(f"page:{key}")):
                return _labelled(_answer(request, whole), key)
            holed = cache.get(f"holed:{key}")
            if holed is None:
                with _reading_only(named):
                    made = _with_holes(view, request, args, kwargs)
                if not _is_page(made):
                    return _drawn_whole(made, request)
                holed = _packed(made.content, made.headers["Content-Type"], _FASTEST)
                if is_kept:
                    cache.set(f"holed:{key}", holed, KEPT_SECONDS)
            content = _filled(gzip.decompress(holed.content), request)
            if has_own:
                return HttpResponse(content, content_type=holed.type)
            if is_kept:
                cache.set(f"page:{key}", _packed(content, holed.type, _SMALL), KEPT_SECONDS)
            return _labelled(HttpResponse(content, content_type=holed.type), key)

        return answered

    return decorate


class Packed(NamedTuple):
    """A page's content, compressed by gzip, and its type."""

    content: bytes
    type: str


def _packed(content: bytes, kind: str, level: int) -> Packed:
    return Packed(gzip.compress(content, level, mtime=0), kind)


def _answer(request: HttpRequest, page: Packed) -> HttpResponse:
    """The page as it is kept, to a reader that takes it so, else unpacked."""
    if not _TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")):
        return HttpResponse(gzip.decompress(page.content), content_type=page.type)
    answer = HttpResponse(page.content, content_type=page.type)
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def _with_holes(
    view: Callable[..., HttpResponse],
    request: HttpRequest,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> HttpResponse:
    """The view's answer, its holes left open."""
    setattr(request, _LEAVES_HOLES, True)
    try:
        answer = view(request, *args, **kwargs)
        if hasattr(answer, "render"):
            answer.render()
    finally:
        setattr(request, _LEAVES_HOLES, False)
    return answer


def _is_page(answer: HttpResponse) -> bool:
    """Whether the answer is a page, rather than a file, a refusal or the way elsewhere."""
    return (
        answer.status_code == 200
        and not getattr(answer, "streaming", False)
        and answer.headers.get("Content-Type", "").startswith("text/html")
        and "Content-Disposition" not in answer.headers
    )


def _drawn_whole(answer: HttpResponse, request: HttpRequest) -> HttpResponse:
    """An answer that is not kept; where it is drawn, nothing is left open in it."""
    is_drawn = answer.headers.get("Content-Type", "").startswith("text/html")
    if is_drawn and not getattr(answer, "streaming", False):
        answer.content = _filled(answer.content, request)
    return answer


class UnnamedTables(LookupError):
    """A page that is kept read a table that it does not name: nobody would see that change."""


_READ = re.compile(r'\b(?:FROM|JOIN)\s+"?([a-z][a-z0-9_]+)"?')
# A kept figure has a stamp of its own; a session is its reader's.
_NEVER_KEPT = {"kernel_change", "django_session"}


@contextmanager
def _reading_only(named: set[str]) -> Iterator[None]:
    """Raise UnnamedTables where the block reads a table of ours that is not named."""
    if not settings.CHECK_KEPT_PAGES:
        yield
        return
    read: set[str] = set()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        read.update(_READ.findall(str(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield
    ours = {model._meta.db_table for model in apps.get_models()}
    if unnamed := (read & ours) - named - _NEVER_KEPT:
        raise UnnamedTables(", ".join(sorted(unnamed)))


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


def _may_be_kept(request: HttpRequest, for_members: bool) -> bool:
    """Whether the answer, its holes aside, is the same for others too."""
    return (
        request.method == "GET"
        and (for_members or not request.user.is_authenticated)
        and not request.headers.get("HX-Request")
    )


def _has_something_of_its_own(request: HttpRequest) -> bool:
    """Whether there may be something to put into the holes for this reader alone."""
    return (
        request.user.is_authenticated
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or "messages" in request.COOKIES
    )


def _is_worth_keeping(request: HttpRequest, named_by: Iterable[str] | None) -> bool:
    """Whether the address is one of few, whatever strangers ask for."""
    if named_by is None:
        return True
    allowed = set(named_by)
    return all(name in allowed and len(values) == 1 for name, values in request.GET.lists())


def _key(request: HttpRequest, tables: Iterable[str], reader: str) -> str:
    made_of = "\n".join(
        [
            request.path,
            # As it is understood: the same question written otherwise is the same page.
            urlencode(sorted(request.GET.lists()), doseq=True),
            get_language() or "",
            today().isoformat(),
            settings.RELEASE,
            reader,
            changes.stamp(tables),
        ]
    )
    return hashlib.sha256(made_of.encode()).hexdigest()[:32]


def _labelled(answer: HttpResponse, key: str) -> HttpResponse:
    # Weak: the same page, packed or not.
    answer.headers["ETag"] = f'W/"{key}"'
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
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

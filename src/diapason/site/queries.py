"""What every page needs around it, and what the common pages gather from the rooms."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse, translate_url
from django.utils.functional import cached_property
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as _

from diapason.kernel.permissions import allowed
from diapason.kernel.registries import Hit, NavigationItem, Shell, navigation, search_sources
from diapason.kernel.tables import counts
from diapason.kernel.texts import Text
from diapason.plan.api import PlanCard, current_plan_card

HITS_PER_SOURCE = 20


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell`, what the layouts of `ui` show around a page; made once for a
    request, whose page may be drawn in several parts."""
    if not hasattr(request, "page_shell"):
        request.page_shell = PageShell(request)  # type: ignore[attr-defined]
    return {"shell": request.page_shell}


class PageShell:
    """What stands around a page. Each part is made when a template asks for it: a fragment
    without layout costs nothing, and the portal counts nothing for the workspace's navigation."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.user = request, getattr(request, "user", None)

    @cached_property
    def card(self) -> PlanCard | None:
        try:
            return current_plan_card()
        except OperationalError:
            # The page that says what went wrong is drawn without the territory's name.
            return None

    @property
    def territory(self) -> Text | str:
        return self.card.territory if self.card else ""

    @property
    def plan_title(self) -> Text | str:
        return self.card.title if self.card else ""

    @property
    def demonstration(self) -> bool:
        return settings.DEMONSTRATION

    @property
    def home_url(self) -> str:
        return reverse("site:home")

    @property
    def search_url(self) -> str:
        return reverse("site:search")

    @property
    def sign_in_url(self) -> str:
        return reverse("account_login")

    @cached_property
    def navigation(self) -> list[dict[str, Any]]:
        return _links(self.request, self.user, Shell.PORTAL)

    @property
    def beginnings(self) -> list[dict[str, Any]]:
        return _links(self.request, self.user, Shell.HOME)

    @cached_property
    def workspace(self) -> list[dict[str, Any]]:
        return [{"label": "", "items": _links(self.request, self.user, Shell.WORKSPACE)}]

    @cached_property
    def languages(self) -> list[dict[str, Any]]:
        return _languages(self.request)

    @cached_property
    def account(self) -> dict[str, Any] | None:
        return _account(self.user)

    @property
    def footer(self) -> list[dict[str, Any]]:
        return [
            {"label": _("Accessibility"), "url": reverse("site:accessibility")},
            {"label": _("Privacy"), "url": reverse("site:privacy")},
            {"label": _("API"), "url": reverse("api-guide")},
            {"label": _("Style guide"), "url": reverse("ui:styleguide")},
        ]


def _links(request: HttpRequest, user: Any, where: Shell) -> list[dict[str, Any]]:
    """The links of one navigation that this person may follow, the current one marked: the one
    whose address is the longest beginning of the page's."""
    items = [item for item in navigation if item.shell is where and _may_follow(item, user)]
    counted = [item for item in items if item.count]
    numbers = counts([item.count(user) for item in counted if item.count])
    count_of = dict(zip([item.url_name for item in counted], numbers, strict=True))
    found = [
        {
            "label": item.label,
            "url": reverse(item.url_name),
            "active": False,
            "count": count_of.get(item.url_name),
        }
        for item in items
    ]
    leading = [link for link in found if request.path.startswith(link["url"])]
    if leading:
        max(leading, key=lambda link: len(link["url"]))["active"] = True
    return found


def _may_follow(item: NavigationItem, user: Any) -> bool:
    return not item.permission or (user is not None and allowed(user, item.permission))


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    current = get_language() or ""
    address = request.get_full_path()
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"].capitalize(),
            "url": _in_language(address, code),
            "current": current.startswith(code),
        }
        for code, _name in settings.LANGUAGES
    ]


def _in_language(address: str, code: str) -> str:
    """The same page in that language; what leads nowhere has its page in each language too."""
    found = translate_url(address, code)
    if found != address or _leads_somewhere(address):
        return found
    inside = address.removeprefix(reverse("site:home")).lstrip("/")
    with override(code):
        return reverse("site:home") + inside


def _leads_somewhere(address: str) -> bool:
    try:
        resolve(urlsplit(address).path)
    except Resolver404:
        return False
    return True


def _account(user: Any) -> dict[str, Any] | None:
    if not getattr(user, "is_authenticated", False):
        return None
    links = [
        {"label": _("My day"), "url": reverse("site:day")},
        {"label": _("My account"), "url": reverse("directory:account")},
    ]
    return {
        "name": user.get_short_name(),
        "email": user.email,
        "links": links,
        "sign_out_url": reverse("account_logout"),
    }


def search(user: Any, words: str) -> list[tuple[Any, list[Hit]]]:
    """What every room finds for these words that `user` may see, best first, room by room."""
    cleaned = " ".join(words.split())[:200]
    if not cleaned:
        return []
    found = []
    for source in search_sources:
        hits = sorted(source.search(user, cleaned, HITS_PER_SOURCE), key=lambda hit: -hit.rank)
        if hits:
            found.append((source.label, hits))
    return found

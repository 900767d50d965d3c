"""What every page needs around it, and what the common pages gather from the rooms."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from diapason.kernel.permissions import allowed
from diapason.kernel.registries import Hit, NavigationItem, Shell, navigation, search_sources
from diapason.plan.api import current_plan_card

HITS_PER_SOURCE = 20


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell`, what the layouts of `ui` show around a page. Lazy: a fragment
    that has no layout costs nothing."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> dict[str, Any]:
    plan = current_plan_card()
    user = getattr(request, "user", None)
    return {
        "home_url": reverse("site:home"),
        "territory": plan.territory if plan else "",
        "plan_title": plan.title if plan else "",
        "demonstration": settings.DEMONSTRATION,
        "navigation": _links(request, user, Shell.PORTAL),
        "workspace": [{"label": "", "items": _links(request, user, Shell.WORKSPACE)}],
        "search_url": reverse("site:search"),
        "languages": _languages(request),
        "account": _account(user),
        "sign_in_url": reverse("account_login"),
        "footer": [
            {"label": _("Accessibility"), "url": reverse("site:accessibility")},
            {"label": _("Privacy"), "url": reverse("site:privacy")},
            {"label": _("API"), "url": reverse("api-guide")},
            {"label": _("Style guide"), "url": reverse("ui:styleguide")},
        ],
    }


def _links(request: HttpRequest, user: Any, where: Shell) -> list[dict[str, Any]]:
    """The links of one navigation that this person may follow, the current one marked: the one
    whose address is the longest beginning of the page's."""
    found = []
    for item in navigation:
        if item.shell is not where or not _may_follow(item, user):
            continue
        url = reverse(item.url_name)
        count = item.count(user) if item.count else None
        found.append({"label": item.label, "url": url, "active": False, "count": count})
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
            "url": translate_url(address, code),
            "current": current.startswith(code),
        }
        for code, _name in settings.LANGUAGES
    ]


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

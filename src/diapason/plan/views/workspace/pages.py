"""What the workspace's pages have in common: the plan that they speak of, and saying no."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from diapason.kernel.forms import key_of, refuse, sent
from diapason.plan.models import Plan
from diapason.plan.queries import figures
from diapason.ui.breadcrumb import crumbs

__all__ = [
    "crumbs",
    "key_of",
    "nobody",
    "plan_or_404",
    "refuse",
    "sent",
]


def plan_or_404() -> Plan:
    plan = figures.current_plan()
    if plan is None:
        raise Http404
    return plan


def nobody(person: Any) -> str:
    """A person's name; accounts may be gone, and the plan itself gives figures too."""
    return str(person) if person is not None else _("nobody any more")

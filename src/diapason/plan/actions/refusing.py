"""How the plan's actions say no: the kernel's way, and people by name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from diapason.kernel.refusals import (
    in_words,
    once,
    refuse_unsound,
    says,
    sent_for_something_else,
)

__all__ = ["in_words", "named", "once", "refuse_unsound", "says", "sent_for_something_else"]


def named(person: Any) -> str:
    """A person's name in a refusal; accounts may be gone."""
    return str(person) if person is not None else _("somebody whose account is gone")

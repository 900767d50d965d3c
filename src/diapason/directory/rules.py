"""Who may do what in the directory, and the predicates on roles that other rooms build on."""

from __future__ import annotations

from typing import Any

import rules

from diapason.directory.contracts import STAFF, Role
from diapason.kernel.permissions import declare


def holding(*roles: Role) -> rules.Predicate:
    """A predicate: the person holds one of these roles today, in any organisation."""

    def test(user: Any, record: Any = None) -> bool:
        return bool(getattr(user, "is_authenticated", False)) and user.holds(*roles)

    return rules.predicate(test, name="holding:" + ",".join(roles))


is_operator = holding(Role.OPERATOR)
is_staff = holding(*STAFF)
is_manager = holding(Role.PROGRAMME_MANAGER, Role.OPERATOR)

declare(
    "directory",
    {
        "directory.edit_organisation": is_staff,
        "directory.invite_person": is_operator,
        "directory.manage_accounts": is_operator,
        "directory.manage_tokens": is_manager,
        "directory.see_organisation": is_staff,
    },
)

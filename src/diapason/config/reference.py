"""Pages of the documentation that the program knows best: `python -m diapason.config.reference`.

Writes docs/measures.md and docs/permissions.md from what the rooms declare; a test says when they
are out of date.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import override

from diapason.config.starting import start

DOCS = Path(__file__).resolve().parents[3] / "docs"


def measures_page() -> str:
    """Every measure that an indicator may name."""
    from diapason.kernel import measures

    lines = [
        "# Measures",
        "",
        "What an indicator of a [plan file](plan-file.md) may name as its `measure`. Each is",
        "computed live from records, and each figure lists the records that make it up. This page",
        "is written by `python -m diapason.config.reference`.",
        "",
    ]
    for key, measure in measures.offered().items():
        lines += [
            f"## `{key}`",
            "",
            f"**{measure.title or key}**, in {measure.unit.value}. "
            f"{_paragraph(measure.definition)}",
            "",
            f"Reads: {', '.join(f'`{table}`' for table in measure.tables)}. "
            f"Definition `{measure.digest}`.",
            "",
        ]
    return "\n".join(lines)


def permissions_page() -> str:
    """Every permission, with the roles that have it."""
    from diapason.directory.api import Role
    from diapason.kernel import permissions

    names = {role.value: str(role.label) for role in Role}
    lines = [
        "# Permissions",
        "",
        "Who may do what. Roles are held in an organisation, for a time; a page that needs a",
        "permission names one of these. This page is written by",
        "`python -m diapason.config.reference`.",
        "",
        "| permission | who has it |",
        "|---|---|",
    ]
    for name, predicate in permissions.declared().items():
        kind, _colon, roles = predicate.name.partition(":")
        if kind == "holding":
            who = ", ".join(names[role] for role in roles.split(","))
        else:
            who = "Anybody" if predicate.name == "always_allow" else f"`{predicate.name}`"
        lines.append(f"| `{name}` | {who} |")
    return "\n".join([*lines, ""])


def _paragraph(text: str) -> str:
    return " ".join(inspect.cleandoc(text).split())


PAGES: dict[str, Callable[[], str]] = {
    "measures.md": measures_page,
    "permissions.md": permissions_page,
}


def main() -> int:
    """Write every page; returns an exit code."""
    start(detached=True)
    with override("en"):
        for name, page in PAGES.items():
            (DOCS / name).write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

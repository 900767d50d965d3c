"""What the database itself refuses, whoever asks: approved figures, targets and entries of money
stay as they were written.

The messages reach people who go around the program, so they say what to do instead. They are in
English: the database does not know the reader's language, and the actions refuse first.
"""

from __future__ import annotations

from collections.abc import Sequence

import pgtrigger


def _row(record: str, columns: Sequence[str]) -> str:
    return "ROW(" + ", ".join(f"{record}.{column}" for column in columns) + ")"


def _quoted(message: str) -> str:
    return "'" + message.replace("'", "''") + "'"


class KeptAsWritten(pgtrigger.Trigger):
    """No row is deleted, and none of `columns` is changed once written.

    `cleared_once_gone` are links to people: they may only become empty, when an account goes.
    `set_once` are columns that may be filled in a single time.
    """

    def __init__(
        self,
        *,
        message: str,
        columns: Sequence[str],
        cleared_once_gone: Sequence[str] = (),
        set_once: Sequence[str] = (),
    ) -> None:
        tests = [f"{_row('NEW', columns)} IS DISTINCT FROM {_row('OLD', columns)}"]
        tests += [
            f"(NEW.{name} IS DISTINCT FROM OLD.{name} AND NEW.{name} IS NOT NULL)"
            for name in cleared_once_gone
        ]
        tests += [
            f"(NEW.{name} IS DISTINCT FROM OLD.{name} AND OLD.{name} IS NOT NULL)"
            for name in set_once
        ]
        super().__init__(
            name="kept_as_written",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=f"""
                IF TG_OP = 'DELETE' OR {" OR ".join(tests)} THEN
                    RAISE EXCEPTION USING MESSAGE = {_quoted(message)},
                        ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            """,
        )


class NotEmptied(pgtrigger.Trigger):
    """The table is not truncated while it holds a row for which `condition` (SQL) is true."""

    def __init__(self, *, table: str, message: str, condition: str = "true") -> None:
        super().__init__(
            name="not_emptied",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            # Both names come from the models' code, never from anybody's input.
            func=f"""
                IF EXISTS (SELECT 1 FROM {table} WHERE {condition}) THEN
                    RAISE EXCEPTION USING MESSAGE = {_quoted(message)},
                        ERRCODE = 'restrict_violation';
                END IF;
                RETURN NULL;
            """,  # noqa: S608
        )


_FIGURE = (
    "indicator_id",
    '"on"',
    "value",
    "denominator",
    "source",
    "link",
    "document_id",
    "from_plan",
    "declared_at",
    "decided_at",
    "corrects_id",
    "request_key",
)

# What an approval finds as it was, and leaves so.
_DECLARED = ("declared_by_id", *(name for name in _FIGURE if name != "decided_at"))

READING_MESSAGE = (
    "An approved figure is evidence: it is neither edited nor deleted. "
    "Declare a correction of it instead."
)


APPROVAL_MESSAGE = (
    "A figure is approved as it was declared, by somebody who is named and did not declare it."
)


UNAPPROVED_MESSAGE = (
    "Somebody approves a figure, and is named: add it as declared, then approve it. "
    "Only a figure that the plan itself gives counts at once."
)


class ApprovedBySomebody(pgtrigger.Trigger):
    """No reading is added approved or corrected without the person who approved it, except those
    that the plan's file gives. The person's name may go later, with their account."""

    def __init__(self) -> None:
        super().__init__(
            name="approved_by_somebody",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            func=f"""
                IF NEW.state IN ('approved', 'corrected') AND NEW.decided_by_id IS NULL
                    AND NOT NEW.from_plan THEN
                    RAISE EXCEPTION USING MESSAGE = {_quoted(UNAPPROVED_MESSAGE)},
                        ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            """,
        )


class ApprovedReadingKept(pgtrigger.Trigger):
    """Readings move declared -> approved or returned or withdrawn, returned -> declared or
    withdrawn, approved -> corrected; an approved or corrected one keeps its figure for ever."""

    def __init__(self) -> None:
        super().__init__(
            name="approved_kept",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=f"""
                IF OLD.state IN ('approved', 'corrected') AND (
                    TG_OP = 'DELETE'
                    OR {_row("NEW", _FIGURE)} IS DISTINCT FROM {_row("OLD", _FIGURE)}
                    OR (NEW.declared_by_id IS DISTINCT FROM OLD.declared_by_id
                        AND NEW.declared_by_id IS NOT NULL)
                    OR (NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id
                        AND NEW.decided_by_id IS NOT NULL)
                ) THEN
                    RAISE EXCEPTION USING MESSAGE = {_quoted(READING_MESSAGE)},
                        ERRCODE = 'restrict_violation';
                END IF;
                IF TG_OP = 'DELETE' THEN
                    RETURN OLD;
                END IF;
                IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
                    ('declared', 'approved'), ('declared', 'returned'), ('declared', 'withdrawn'),
                    ('returned', 'declared'), ('returned', 'withdrawn'), ('approved', 'corrected')
                ) THEN
                    RAISE EXCEPTION USING
                        MESSAGE = format('A figure that is %s cannot become %s.',
                                         OLD.state, NEW.state),
                        ERRCODE = 'restrict_violation';
                END IF;
                IF NEW.state = 'approved' AND OLD.state <> 'approved' AND (
                    NEW.decided_by_id IS NULL
                    OR NEW.decided_by_id = OLD.declared_by_id
                    OR {_row("NEW", _DECLARED)} IS DISTINCT FROM {_row("OLD", _DECLARED)}
                ) THEN
                    RAISE EXCEPTION USING MESSAGE = {_quoted(APPROVAL_MESSAGE)},
                        ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            """,
        )

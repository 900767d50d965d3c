"""Loading a plan's file: see docs/decisions/0004-loading-a-plan.md for the rules."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from diapason.directory.api import (
    OrganisationEntry,
    OrganisationKind,
    known_organisation_codes,
    register_organisations,
)
from diapason.kernel import audit
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal
from diapason.kernel.texts import Text
from diapason.plan.actions.loading.difference import Step, difference
from diapason.plan.actions.loading.facts import wanted
from diapason.plan.actions.loading.held import Held, held
from diapason.plan.actions.loading.writing import Writer, recorded
from diapason.plan.contracts.loads import ChangeKind, LoadReport
from diapason.plan.models import PlanLoad
from diapason.plan.planfile import PlanFile

__all__ = ["load_plan"]

# Any number that nothing else in this program locks.
_LOCK = 7_254_001


@transaction.atomic
def load_plan(
    *, file: PlanFile, by: Any = None, dry_run: bool = False, reason: str = "", after: str = ""
) -> LoadReport:
    """Make the tables say what the file says; gives every difference.

    `by` is the person who loads; None for the command line, whose user holds the server anyway.
    `after` is the `state` of an earlier report: the load is refused when another one came between.

    Side effects (none with `dry_run`, nor where nothing differs): adds missing organisations;
    adds, changes, retires and restores axes, actions, tasks, budget lines and indicators; closes
    targets and adds the new ones beside them; records starting figures as approved readings;
    keeps the state, owner and moved dates of tasks, and targets decided since the file last
    changed its own; writes one `PlanLoad` and the history of every row.

    Raises Refusal while another load is under way, or when one finished since `after`;
    PermissionDenied unless `by` may load.
    """
    if by is not None:
        demand(by, "plan.load")
    if not dry_run:
        _one_at_a_time()
    found = held(file.code, lock=not dry_run)
    state = _state(found)
    if after and after != state:
        raise Refusal(
            _("Another load has just finished. Look at the differences again before loading.")
        )
    facts = wanted(file)
    steps = difference(facts, found, _new_organisations(file))
    report = LoadReport(
        plan=file.code,
        changes=_changes(steps, kept=False),
        kept=_changes(steps, kept=True),
        dry_run=dry_run,
        state=state,
        plan_id=found.plan.pk if found.plan else None,
    )
    digest = _digest(file)
    agreed = found.plan is not None and found.plan.file_digest == digest
    if dry_run or (report.empty and agreed):
        return report
    with audit.acting("load-plan", user=by), audit.because(reason):
        organisations = register_organisations(entries=_organisations(file))
        writer = Writer(facts, found, organisations, by, reason)
        plan = writer.write(steps)
        plan.file_digest, plan.loaded_at = digest, writer.now
        plan.save()
        PlanLoad.objects.create(
            plan=plan,
            loaded_at=writer.now,
            loaded_by=by,
            reason=reason,
            file_digest=digest,
            changes=recorded(steps),
        )
    return replace(report, plan_id=plan.pk)


def _one_at_a_time() -> None:
    """Hold the lock of loads until the end of the transaction, or say that somebody else does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise Refusal(_("Another load is under way. Wait until it is done, then look again."))


def _changes(steps: list[Step], *, kept: bool) -> tuple[Any, ...]:
    return tuple(step.change for step in steps if (step.change.kind is ChangeKind.KEPT) is kept)


def _state(found: Held) -> str:
    """What was loaded last, as an opaque text; "never" for a plan that was not."""
    if found.plan is None or found.plan.loaded_at is None:
        return "never"
    return f"{found.plan.file_digest[:16]}-{found.plan.loaded_at.timestamp():.6f}"


def _digest(file: PlanFile) -> str:
    """The same for two files that say the same, whatever their comments and spaces."""
    said = json.dumps(asdict(file), default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _organisations(file: PlanFile) -> list[OrganisationEntry]:
    return [
        OrganisationEntry(entry.code, entry.name, OrganisationKind(entry.kind), entry.url)
        for entry in file.organisations
    ]


def _new_organisations(file: PlanFile) -> list[tuple[str, Text]]:
    known = known_organisation_codes(entry.code for entry in file.organisations)
    return [
        (entry.code, Text(entry.name)) for entry in file.organisations if entry.code not in known
    ]

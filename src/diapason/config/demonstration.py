"""A demonstration: a plan, the people who follow it and their records, on a day in the middle of
the plan's life. It has a database of its own, and never touches that of a real instance."""

from __future__ import annotations

import hashlib
import inspect
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection

from diapason.config import preparing
from diapason.config.failures import Failure
from diapason.kernel import postgres
from diapason.kernel.registries import demonstrations
from diapason.plan.planfile import PlanFile

if TYPE_CHECKING:
    from diapason.directory.api import DemonstrationAccount

# How much of the plan's life is over: most of its work shows, and there is still time to act.
SHARE = 0.725
_MARK = "Diapason demonstration"

# In whose name each kind of person acts, by kind of organisation, the best first.
_HOUSES = {
    "member": ("company", "association", "festival", "cluster"),
    "advisor": ("cluster", "incubator", "accelerator", "chamber"),
    "programme_manager": ("authority", "agency", "body"),
    "juror": ("fund", "festival", "network", "chamber", "university"),
    "committee_member": ("authority", "chamber", "university", "agency"),
    "operator": ("authority", "agency", "body"),
}


def day_of(plan: PlanFile) -> date:
    """The day on which the demonstration is set: a Monday, when most of the plan is over."""
    lasts = (plan.ends - plan.starts).days + 1
    day = plan.starts + timedelta(days=int(lasts * SHARE))
    return max(plan.starts, day - timedelta(days=day.weekday()))


def claim_database() -> None:
    """Mark an empty database as a demonstration's; raise `Failure` for a real instance's.

    Called before anything is written.
    """
    if _mark().startswith(_MARK):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NULL")
        if not cursor.fetchone()[0]:
            raise Failure(
                _(
                    "The database that DATABASE_URL names already holds an instance: name an empty "
                    "one, or remove DATABASE_URL to use one made for the demonstration."
                )
            )
    _write_mark("")


def forget(home: Path) -> None:
    """Throw away the demonstration of that home: its database, its files, its password."""
    postgres.stop_server(home / "postgres")
    if home.exists():
        shutil.rmtree(home)


def load(plan: PlanFile, day: date, say: Callable[[str], None]) -> None:
    """Load the plan, make the accounts and the records of every room.

    Does nothing unless the plan, the day or the makers of records changed since last time.
    """
    from diapason.plan import api

    wanted = f"{_MARK} {_digest(plan, day)}"
    if _mark() == wanted:
        return
    with preparing.alone():
        if _mark() == wanted:
            return
        say(_("Loading the demonstration…"))
        api.load(plan)
        accounts(plan)
        for make in demonstrations:
            make(day)
        _write_mark(wanted.removeprefix(_MARK).strip())


def accounts(plan: PlanFile) -> list[DemonstrationAccount]:
    """The accounts of the demonstration, made or repaired where need be."""
    from diapason.directory.api import Role, make_demonstration_accounts

    houses = {Role(role): code for role, code in houses_of(plan).items()}
    return make_demonstration_accounts(organisations=houses)


def houses_of(plan: PlanFile) -> dict[str, str]:
    """The organisation of each kind of person: of a kind that suits, the one that does most."""
    weights: Counter[str] = Counter()
    for action in plan.actions:
        for weight, parties in ((3, action.leaders), (2, action.funders), (1, action.partners)):
            for code in parties or ():
                weights[code] += weight
    return {
        role: min(
            plan.organisations,
            key=lambda each: (_rank(each.kind, kinds), -weights[each.code]),
        ).code
        for role, kinds in _HOUSES.items()
    }


def _rank(kind: str, kinds: tuple[str, ...]) -> int:
    return kinds.index(kind) if kind in kinds else len(kinds)


def _digest(plan: PlanFile, day: date) -> str:
    parts = [repr(plan), str(day), *(_source(make) for make in demonstrations)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _source(make: Callable[[date], None]) -> str:
    module = inspect.getmodule(make)
    return inspect.getsource(module) if module else repr(make)


def _mark() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '') "
            "FROM pg_database WHERE datname = current_database()"
        )
        return cursor.fetchone()[0]


def _write_mark(said: str) -> None:
    """Keep the mark with the database itself, so that it goes wherever the database goes."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE {name} IS %s", [f"{_MARK} {said}".strip()])


def home_of(instance: Path) -> Path:
    """Where the demonstration of an instance's folder lives."""
    return instance / "demo"


def only_plan(folder: Path) -> Path:
    """The plan file of the folder `plans`; raise `Failure` where there is none, or several."""
    found = sorted((folder / "plans").glob("*.y*ml"))
    if len(found) != 1:
        raise Failure(_("Say which plan to show: diapason demo --plan FILE."))
    return found[0]

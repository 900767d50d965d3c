"""What the pages of the bench show: the demonstration plan, and readings by the million."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

AT = date(2020, 11, 23)
PLAN = Path("plans/clermont.yaml")
# The indicator that the readings are piled on: one whose figures people declare, because no room
# counts them yet.
PILED = "school-interventions"

_PILE = """
    INSERT INTO plan_reading (indicator_id, "on", value, source, link, note, state, from_plan,
                              declared_at, decided_at, return_reason, invented)
    SELECT %s, date '2018-01-01' + (n %% 1050)::int, 1, 'reading ' || n, '', '', 'approved',
           false, now(), now(), '', true
    FROM generate_series(%s::int, %s::int) n
"""


def load() -> None:
    """The plan, with what a demonstration adds to it."""
    from diapason.kernel.registries import demonstrations
    from diapason.plan.actions import load_plan
    from diapason.plan.planfile import read

    found, faults = read(PLAN)
    if found is None:
        raise RuntimeError(f"{PLAN} is not sound: {faults}")
    load_plan(file=found)
    for make in demonstrations:
        make(AT)


def pile(total: int) -> None:
    """Bring the number of readings of one indicator to `total`, straight into the table: history
    and stamps stand aside for the piling and are in force again for what is measured."""
    from diapason.plan.models import Indicator, Reading

    indicator = Indicator.objects.get(code=PILED)
    there = Reading.objects.filter(indicator=indicator).count()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_PILE, [indicator.pk, there + 1, total])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SELECT kernel_stamp('plan_reading')")
        cursor.execute("VACUUM ANALYZE plan_reading")


def add_reading() -> None:
    """One more approved reading of that indicator, as people's readings come."""
    from diapason.plan.models import Indicator, Reading

    Reading.objects.create(
        indicator=Indicator.objects.get(code=PILED),
        on=date(2020, 3, 3),
        value=1,
        source="one more",
        state="approved",
        decided_by=person("programme_manager"),
        decided_at="2020-03-03T00:00:00Z",
    )


def signed_in(role: str) -> dict[str, str]:
    """The headers of a person who holds that role and has just signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    who = person(role)
    session = SessionStore()
    session[SESSION_KEY] = str(who.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = who.get_session_auth_hash()
    session.save()
    token = secrets.token_hex(16)
    return {"Cookie": f"sessionid={session.session_key}; csrftoken={token}", "X-CSRFToken": token}


def person(role: str) -> Any:
    from diapason.directory.models import Membership, Organisation, User

    email = f"{role}@bench.invalid"
    found = User.objects.filter(email=email).first()
    if found is None:
        found = User.objects.create_user(email, name=f"Bench {role}")
        Membership.objects.create(
            user=found, organisation=Organisation.objects.first(), role=role, starts=AT
        )
    return found

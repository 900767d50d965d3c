"""The demonstration: its day, its people, and that it never touches a real instance."""

from __future__ import annotations

import os
import re
import time
from datetime import date
from pathlib import Path

import psycopg
import pytest

from diapason.config import demonstration
from diapason.kernel import postgres
from diapason.plan import planfile
from tests.config.program import ROOT, Program, get

HARBOUR = Path(__file__).with_name("harbour.yaml")
PLANS = [HARBOUR, ROOT / "plans" / "clermont.yaml"]


def plan_of(path: Path) -> planfile.PlanFile:
    plan, _faults = planfile.read(path)
    assert plan is not None
    return plan


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_is_set_on_a_monday_of_the_last_third(path: Path):
    plan = plan_of(path)
    day = demonstration.day_of(plan)
    assert day.weekday() == 0
    assert plan.starts <= day <= plan.ends
    assert 0.66 < (day - plan.starts) / (plan.ends - plan.starts) < 0.75


def test_a_plan_of_a_day_is_set_on_that_day():
    from dataclasses import replace

    only = date(2024, 2, 29)
    plan = replace(plan_of(HARBOUR), starts=only, ends=only)
    assert demonstration.day_of(plan) == only


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_kind_of_person_acts_for_an_organisation_of_the_plan(path: Path):
    from diapason.directory.contracts import Role

    plan = plan_of(path)
    houses = demonstration.houses_of(plan)
    kinds = {each.code: each.kind for each in plan.organisations}
    assert set(houses) == {role.value for role in Role}
    assert kinds[houses["programme_manager"]] == "authority"
    assert kinds[houses["advisor"]] in {"cluster", "incubator"}


def test_shows_the_plan_with_people_to_try_and_again_at_once(newcomer: Program):
    with newcomer.running("demo", "--plan", str(HARBOUR), "--port", "0") as showing:
        address = showing.address()
        status, page = get(address, "")
        assert status == 200
        assert "Port de lumière" in page or "Harbour of light" in page
        assert showing.stop() == 0
        said = showing.rest()
    password = re.search(r"password is (\S+)", said)
    assert password, said
    people = re.findall(r"\S+@demo\.invalid", said)
    assert len(people) == len(set(people)) >= 6
    kept = (newcomer.home / "demo" / "demonstration-password").read_text().strip()
    assert kept == password[1]
    assert not (newcomer.home / "postgres").exists(), "a demonstration has a database of its own"

    began = time.monotonic()
    with newcomer.running("demo", "--plan", str(HARBOUR), "--port", "0") as showing:
        get(showing.address(), "")
        took = time.monotonic() - began
        assert showing.stop() == 0
        assert password[1] in showing.rest()
        assert "Loading" not in showing.said()
    # Ten seconds on a machine that does nothing else.
    assert took < 10 * max(1, os.getloadavg()[0])


def test_refuses_the_database_of_a_real_instance(program: Program):
    url = postgres.ensure_server(program.home / "postgres")
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS django_migrations (id int)")
            before = connection.execute("SELECT count(*) FROM pg_class").fetchone()
            done = program("demo", "--plan", str(HARBOUR), "--port", "0", DATABASE_URL=url)
            assert (done.returncode, done.stdout) == (1, "")
            assert "already holds an instance" in done.stderr
            assert connection.execute("SELECT count(*) FROM pg_class").fetchone() == before
    finally:
        postgres.release_server(program.home / "postgres")


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (("--plan", "nowhere.yaml"), {}, "nowhere.yaml"),
        ((), {}, "--plan FILE"),
        (("--plan", str(HARBOUR)), {"DIAPASON_TODAY": "soon"}, "DIAPASON_TODAY is soon"),
        (
            ("--plan", str(HARBOUR), "--fresh"),
            {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing"},
            "--fresh",
        ),
    ],
)
def test_refuses_before_it_starts_anything(newcomer: Program, arguments, environment, said):
    done = newcomer("demo", "--port", "0", *arguments, **environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert not newcomer.home.exists()

"""`diapason invite`: the way in for the first operator."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from diapason.config.cli import people
from diapason.directory.contracts import Role
from tests.config.program import ROOT, Program


def test_it_knows_every_role_of_the_directory():
    assert set(people.ROLES) == set(Role)


@pytest.mark.parametrize(
    "arguments", [[], ["ada@example.org"], ["ada@example.org", "--organisation=x", "--role=king"]]
)
def test_it_says_what_is_missing_before_touching_a_database(arguments):
    answer = CliRunner().invoke(people.invite, arguments)
    assert answer.exit_code == 2
    assert "Usage" in answer.output


def test_it_says_whether_the_letter_left(program: Program):
    load = program("load-plan", str(ROOT / "plans" / "clermont.yaml"))
    assert load.returncode == 0, load.stderr
    asked = ("--organisation", "le-damier")
    printed = program("invite", "ada@example.org", *asked)
    assert "/invitation/" in printed.stdout
    assert "hand the link above to ada@example.org yourself" in printed.stdout
    backend = "django.core.mail.backends.dummy.EmailBackend"
    sent = program("invite", "bo@example.org", *asked, DIAPASON_MAIL_BACKEND=backend)
    assert sent.stdout == "The invitation is on its way to bo@example.org.\n"

"""`diapason invite`: the way in for the first operator."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from diapason.config.cli import people
from diapason.directory.contracts import Role


def test_it_knows_every_role_of_the_directory():
    assert set(people.ROLES) == set(Role)


@pytest.mark.parametrize(
    "arguments", [[], ["ada@example.org"], ["ada@example.org", "--organisation=x", "--role=king"]]
)
def test_it_says_what_is_missing_before_touching_a_database(arguments):
    answer = CliRunner().invoke(people.invite, arguments)
    assert answer.exit_code == 2
    assert "Usage" in answer.output

"""`diapason load-communes` and `diapason load-activities`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from diapason.config.cli import lists
from diapason.directory.contracts import ActivityRevision


def test_it_knows_every_revision_of_the_directory():
    assert set(lists.REVISIONS) == {each.value for each in ActivityRevision}


@pytest.mark.parametrize("command", [lists.load_communes, lists.load_activities])
def test_it_says_what_is_missing_before_touching_a_database(command, tmp_path):
    for arguments in ([], [str(tmp_path / "nowhere.json")]):
        answer = CliRunner().invoke(command, arguments)
        assert answer.exit_code == 2
        assert "Usage" in answer.output


def test_a_revision_that_nobody_knows_is_refused(tmp_path):
    file = tmp_path / "naf.json"
    file.write_text(json.dumps([]))
    assert CliRunner().invoke(lists.load_activities, [str(file), "--revision=1"]).exit_code == 2

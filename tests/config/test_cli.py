"""The commands, as real processes: exit codes, what goes where, shapes, languages."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from diapason.config.cli.group import diapason
from diapason.kernel import postgres
from tests.config.program import COMMAND, ROOT, Program

HARBOUR = str(Path(__file__).with_name("harbour.yaml"))
COMMANDS = sorted(diapason.commands)


@pytest.fixture(scope="module")
def loaded(program: Program) -> Iterator[Program]:
    """The program with the little harbour's plan loaded."""
    # Held here, the server need not start and stop with each command.
    postgres.ensure_server(program.home / "postgres")
    done = program("load-plan", HARBOUR)
    assert done.returncode == 0, done.stderr
    yield program
    postgres.release_server(program.home / "postgres")


def figures(program: Program, *arguments: str) -> list[dict]:
    done = program("evaluate", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_command_is_there():
    assert set(COMMANDS) >= {
        "check-plan", "demo", "doctor", "evaluate", "evidence", "load-plan", "serve", "worker",
    }  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_helps_in_the_language_of_the_machine(newcomer: Program, command: str):
    """No option and no command keeps its English sentence in French."""
    french = newcomer(command, "--help", LANG="fr_FR.UTF-8")
    assert (french.returncode, french.stderr) == (0, "")
    assert f"diapason {command}" in french.stdout
    assert "Montrer cette aide" in french.stdout
    flat = " ".join(french.stdout.split())
    options = [each for each in diapason.commands[command].params if isinstance(each, click.Option)]
    for option in options:
        assert " ".join((option.help or "").split()) not in flat, option.name
    assert not newcomer.home.exists()


def test_lists_the_commands_in_both_languages(newcomer: Program):
    english, french = (newcomer("--help", LANG=lang).stdout for lang in ("en_GB.UTF-8", "fr_FR"))
    for name in COMMANDS:
        said = diapason.commands[name].get_short_help_str(60)
        assert said in english
        assert said not in french


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-command",),
        ("serve", "--port", "many"),
        ("serve", "--workers", "0"),
        ("evaluate", "--at", "yesterday"),
        ("evidence",),
        ("check-plan",),
        ("evaluate", "--language", "de"),
        ("evaluate", "stray"),
    ],
)
def test_wrong_usage_ends_with_2(newcomer: Program, arguments: tuple[str, ...]):
    done = newcomer(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error:" in done.stderr
    assert "Traceback" not in done.stderr
    assert not newcomer.home.exists()


def test_the_language_asked_for_wins(newcomer: Program):
    done = newcomer("load-plan", "nowhere.yaml", "--language", "fr", LANG="en_GB.UTF-8")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("diapason: Il n’y a pas de fichier nowhere.yaml")
    done = newcomer("load-plan", "nowhere.yaml", "--language=en", LANG="fr_FR.UTF-8")
    assert done.stderr.startswith("diapason: There is no file nowhere.yaml")


class TestCheckPlan:
    def test_needs_no_database_and_leaves_no_trace(self, newcomer: Program):
        for url in ({}, {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing"}):
            done = newcomer("check-plan", HARBOUR, **url)
            assert (done.returncode, done.stderr) == (0, "")
            assert "sound plan" in done.stdout
        assert not newcomer.home.exists()
        assert newcomer.processes() == []

    def test_tells_file_line_fault_and_mend(self, newcomer: Program, tmp_path: Path):
        broken = tmp_path / "broken.yaml"
        text = Path(HARBOUR).read_text()
        broken.write_text(text.replace("unit: count", "unit: cuont", 1))
        line = text[: text.index("unit: count")].count("\n") + 1
        done = newcomer("check-plan", str(broken))
        assert done.returncode == 1
        assert done.stdout.startswith(f"{broken}:{line}:")
        assert "count" in done.stdout
        faults = json.loads(newcomer("check-plan", str(broken), "--json").stdout)
        assert [(fault["file"], fault["line"], fault["level"]) for fault in faults] == [
            (str(broken), line, "error")
        ]
        french = newcomer("check-plan", str(broken), LANG="fr_FR.UTF-8").stdout
        assert french != done.stdout

    def test_warns_of_measures_of_rooms_that_are_not_installed(self, newcomer: Program):
        done = newcomer("check-plan", str(ROOT / "plans" / "clermont.yaml"), "--json")
        assert done.returncode == 0
        assert {fault["level"] for fault in json.loads(done.stdout)} == {"warning"}

    def test_refuses_a_huge_file_at_once(self, newcomer: Program, tmp_path: Path):
        huge = tmp_path / "huge.yaml"
        with huge.open("wb") as file:
            file.truncate(50_000_000)
        began = time.monotonic()
        done = newcomer("check-plan", str(huge))
        assert done.returncode == 1
        assert "huge.yaml:1:1" in done.stdout
        assert time.monotonic() - began < 20  # a machine under load; the bench measures it


class TestLoadPlan:
    def test_shows_the_difference_then_changes_nothing_twice(self, loaded: Program, tmp_path):
        assert "Nothing changes" in loaded("load-plan", HARBOUR).stdout
        changed = tmp_path / "changed.yaml"
        changed.write_text(Path(HARBOUR).read_text().replace("value: 10}", "value: 11}"))
        before = figures(loaded, "--all-periods")
        done = loaded("load-plan", str(changed), "--dry-run")
        assert done.returncode == 0
        assert "10" in done.stdout
        assert "11" in done.stdout
        assert "not written" in done.stdout
        assert figures(loaded, "--all-periods") == before

    def test_refuses_a_broken_file(self, loaded: Program, tmp_path: Path):
        broken = tmp_path / "broken.yaml"
        broken.write_text(Path(HARBOUR).read_text().replace("axis: light", "axis: dark"))
        done = loaded("load-plan", str(broken))
        assert (done.returncode, done.stdout) == (1, "")
        assert f"{broken}:" in done.stderr
        assert "Nothing was loaded" in done.stderr


class TestEvaluate:
    def test_writes_every_figure_as_json(self, loaded: Program):
        def figure(indicator, period, value, target, status, rows):
            return {
                "action": "lamps", "indicator": indicator, "period": period, "value": value,
                "target": target, "status": status, "coverage": None, "evidence_count": rows,
            }  # fmt: skip

        assert figures(loaded, "--all-periods", "--at", "2021-12-31") == [
            figure("lamps-lit", "2021", 12.5, 10, "ahead", 1),
            figure("lamps-lit", "2022", None, {"min": 60}, "unknown", 0),
            figure("lamps-lit", "2023", None, {"low": 8, "high": 10}, "unknown", 0),
            figure("songs", "2021", None, {"unknown": True}, "unknown", 0),
            figure("songs", "2022", None, None, "unknown", 0),
            figure("songs", "2023", None, None, "unknown", 0),
        ]

    def test_speaks_of_the_running_period_and_of_what_was_known_then(self, loaded: Program):
        assert {row["period"] for row in figures(loaded, "--at", "2022-02-01")} == {"2022"}
        assert {row["period"] for row in figures(loaded, "--at", "2031-02-01")} == {"2023"}
        (before,) = [
            r for r in figures(loaded, "--at", "2021-05-31") if r["value"] is not None
        ] or [None]
        assert before is None

    def test_draws_the_same_as_a_table(self, loaded: Program):
        done = loaded("evaluate", "--at", "2021-12-31", LANG="fr_FR.UTF-8")
        assert (done.returncode, done.stderr) == (0, "")
        headings, _rule, first, *_rest = done.stdout.splitlines()
        assert headings.split()[:3] == ["action", "indicateur", "période"]
        assert first.split()[:5] == ["lamps", "lamps-lit", "2021", "12,5", "10"]


class TestEvidence:
    def test_lists_the_rows_and_their_sum(self, loaded: Program):
        done = loaded("evidence", "lamps-lit", "--period", "2021")
        assert done.returncode == 0
        assert "2021-06-01  Lamp keeper    12.5" in done.stdout
        assert done.stdout.splitlines()[-1].startswith("lamps-lit, 2021: 12.5, made of 1 row;")

    def test_writes_csv_the_same_everywhere(self, loaded: Program):
        said = [
            loaded("evidence", "lamps-lit", "--period", "2021", "--csv", LANG=language).stdout
            for language in ("fr_FR.UTF-8", "C")
        ]
        (row,) = csv.DictReader(io.StringIO(said[1]))
        assert (row["on"], float(row["amount"])) == ("2021-06-01", 12.5)
        assert said[0].replace("Gardien des lampes", "Lamp keeper") == said[1]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("lamps-light",), "write one of lamps-lit"),
            (("lamps-lit", "--period", "2031"), "is not a period of this plan"),
            (("lamps-lit", "--period", "spring"), "is not a period of this plan"),
            (("lamps-lit", "--as", "nobody@example.org"), "No active account"),
        ],
    )
    def test_refuses_in_one_sentence(self, loaded: Program, arguments, said):
        done = loaded("evidence", *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_traceback_is_shown_only_when_asked_for(newcomer: Program):
    wrong = {"DIAPASON_DEBUG": "perhaps"}
    done = newcomer("evaluate", **wrong)
    assert done.returncode == 1
    assert done.stderr.startswith("diapason: A setting is wrong: DIAPASON_DEBUG")
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" in newcomer("evaluate", "--traceback", **wrong).stderr


def test_stops_quietly_when_the_reader_has_seen_enough(loaded: Program):
    done = subprocess.run(
        ["sh", "-c", '"$@" | head -1', "sh", *COMMAND, "evaluate", "--all-periods"],
        env=loaded.environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_every_command_and_option_is_in_the_documentation():
    said = (ROOT / "docs" / "commands.md").read_text()
    for name, command in diapason.commands.items():
        assert f"### `diapason {name}" in said, name
        for option in command.params:
            if isinstance(option, click.Option):
                assert any(written in said for written in option.opts), (name, option.opts)

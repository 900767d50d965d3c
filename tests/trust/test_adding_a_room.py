"""docs/adding-a-room.md is true: the room that it describes is built from the page's own blocks, in
a copy of the project, and the lints and gates take it in without another word."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import prepared
from tests.trust.examples import TESTS

ROOT = TESTS.parent
PAGE = ROOT / "docs" / "adding-a-room.md"
COPIED = ("src", "tests", "tools", "docs", "plans", ".importlinter", "pyproject.toml", "README.md")
LEFT = shutil.ignore_patterns("__pycache__", "*.pyc", "var", "dist", ".mypy_cache", ".ruff_cache")
ROOM = "rehearsal"

_STEP = re.compile(
    r"^(?:(?:In `(?P<into>[^`]+)`, after `(?P<after>[^\n]+?)`)|(?:At the end of `(?P<end>[^`]+)`)"
    r"|`(?P<new>[^`]+)`):\n\n```\w*\n(?P<block>.*?)```$",
    re.MULTILINE | re.DOTALL,
)


def follow(page: str, copy: Path) -> list[str]:
    """Do in the copy what the page says; returns the files that it made."""
    made = []
    for step in _STEP.finditer(page):
        block = step["block"]
        if step["new"]:
            target = copy / step["new"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block, "utf-8")
            made.append(step["new"])
        elif step["end"]:
            with (copy / step["end"]).open("a", encoding="utf-8") as file:
                file.write(block)
        else:
            target = copy / step["into"]
            lines = target.read_text("utf-8").splitlines(keepends=True)
            places = [at for at, line in enumerate(lines) if line.strip() == step["after"].strip()]
            assert len(places) == 1, f"{step['into']}: {step['after']!r} is there {len(places)} ×"
            lines.insert(places[0] + 1, block)
            target.write_text("".join(lines), "utf-8")
    return made


class Copy:
    """A copy of the project, with a database of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, place / name, ignore=LEFT)
            else:
                shutil.copy(source, place / name)
        url = prepared.address("diapason_added_room")
        self.environment = os.environ | {
            "PYTHONPATH": str(place / "src"),
            "DATABASE_URL": url,
            prepared.INHERITED: prepared.database(),
            "DJANGO_SETTINGS_MODULE": "diapason.config.settings.test",
            "DIAPASON_HOME": str(place / "var"),
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        programs = Path(sys.executable).parent
        started = [str(programs / command[0]), *command[1:]]
        return subprocess.run(
            started, cwd=self.place, env=self.environment, capture_output=True, text=True
        )

    def expect(self, *command: str) -> None:
        done = self.run(*command)
        assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"


GATES = [
    f"tests/trust/test_{name}.py"
    for name in (
        "house",
        "routes",
        "pages",
        "queries",
        "wording",
        "personal_data",
        "tables",
        "docs",
    )
]


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_a_room_is_added_by_following_the_page(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    made = follow(PAGE.read_text("utf-8"), copy.place)
    assert f"src/diapason/{ROOM}/models.py" in made
    folders = [f"src/diapason/{ROOM}", f"tests/{ROOM}"]

    # The commands at the end of the page.
    copy.expect("python", "-m", "django", "makemigrations", ROOM)
    copy.expect("python", "-m", "diapason.config.messages")
    copy.expect("python", "-m", "diapason.config.reference")
    copy.expect("python", "tools/structure.py")

    copy.expect("ruff", "check", "--no-cache", *folders)
    copy.expect(
        "ruff", "format", "--no-cache", "--check", *(path for path in made if path.endswith(".py"))
    )
    copy.expect("djlint", "--lint", "--quiet", f"src/diapason/{ROOM}")
    copy.expect("lint-imports", "--no-cache")
    tests = ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    copy.expect(*tests, "--create-db", f"tests/{ROOM}", *GATES, "-k", f"{ROOM} or house or current")

    # The gates look at the room: a fault in it is found by each.
    views = copy.place / "src" / "diapason" / ROOM / "views.py"
    views.write_text(views.read_text().replace('@requires("rehearsal.report")\n', ""))
    offers = copy.place / "src" / "diapason" / ROOM / "offers.py"
    offers.write_text(offers.read_text().replace('fields=("reported_by",)', "fields=()"))
    catalogue = next(copy.place.glob(f"src/diapason/{ROOM}/locale/fr/LC_MESSAGES/django.po"))
    catalogue.write_text(catalogue.read_text().replace('msgid "Report"', 'msgid "Reporting"'))
    found = copy.run(*tests, "--reuse-db", *GATES, "-k", ROOM).stdout
    for test in ("routes.py", "personal_data.py", "wording.py"):
        assert re.search(rf"^FAILED tests/trust/test_{test}.*{ROOM}", found, re.M | re.I), found[
            -3000:
        ]

"""The laws of the house hold for every room that is there, and its picture is current."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trust.examples import TESTS

ROOT = TESTS.parent
SOURCES = ROOT / "src" / "diapason"
# Below the rooms, and the roof above them.
FLOORS_WITHOUT_ROOMS = {"kernel", "ui", "config"}
# What is no part of a room's inside: Django finds it by itself.
FOUND_BY_DJANGO = {"migrations", "templates", "templatetags", "management", "locale", "static"}
DOORS = {"api", "contracts"}
# A plan's file is read by the roof, for the commands that check and load it.
MORE_DOORS = {"plan": {"planfile"}}


def rooms(sources: Path) -> list[str]:
    return sorted(
        path.parent.name
        for path in sources.glob("*/apps.py")
        if path.parent.name not in FLOORS_WITHOUT_ROOMS
    )


def inside(room: Path) -> set[str]:
    """The parts of a room, files and packages."""
    found = {path.stem for path in room.glob("*.py")}
    found |= {path.parent.name for path in room.glob("*/__init__.py")}
    return found - FOUND_BY_DJANGO - {"__init__"}


def listed(contracts: configparser.ConfigParser, contract: str, key: str) -> set[str]:
    name = f"importlinter:contract:{contract}"
    if not contracts.has_section(name):
        return set()
    words = contracts[name][key].replace("|", "\n").split("\n")
    return {word.strip(" ()") for word in words if word.strip()}


def faults(room: str, sources: Path, contracts: configparser.ConfigParser) -> list[str]:
    """The contracts of .importlinter that a room lacks."""
    found = []
    if room not in listed(contracts, "floors", "layers"):
        found.append(f"{room} has no floor in the contract `floors`")
    if f"diapason.{room}" not in listed(contracts, "inside", "containers"):
        found.append(f"diapason.{room} is not among the containers of the contract `inside`")
    kept = inside(sources / room) - DOORS - MORE_DOORS.get(room, set())
    walls = listed(contracts, f"door-of-{room}", "protected_modules")
    open_walls = sorted(part for part in kept if f"diapason.{room}.{part}" not in walls)
    if open_walls:
        found.append(f"the contract `door-of-{room}` does not protect: {', '.join(open_walls)}")
    if walls and listed(contracts, f"door-of-{room}", "allowed_importers") != {f"diapason.{room}"}:
        found.append(f"the contract `door-of-{room}` lets others in")
    return found


def read_contracts() -> configparser.ConfigParser:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    return contracts


@pytest.mark.parametrize("room", rooms(SOURCES))
def test_every_room_has_its_contracts(room: str) -> None:
    assert not faults(room, SOURCES, read_contracts())


def test_the_picture_of_the_house_is_current() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "structure.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""},
    )
    assert done.returncode == 0, done.stderr


def test_a_room_without_contracts_is_found(tmp_path: Path) -> None:
    room = tmp_path / "attic"
    room.mkdir()
    for name in ("__init__", "apps", "models", "api"):
        (room / f"{name}.py").touch()
    assert rooms(tmp_path) == ["attic"]
    found = "\n".join(faults("attic", tmp_path, read_contracts()))
    assert "has no floor" in found
    assert "`inside`" in found
    assert "does not protect: apps, models" in found

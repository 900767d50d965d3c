"""The lints count among the tests, so that one closing line tells everything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = [name for name in ("src", "tests", "tools", "bench") if (ROOT / name).exists()]
# Floors and doors must not lie about what they take and give.
TYPED = ("actions", "api", "contracts")


def program(*command: str) -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / command[0], *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )
    assert done.returncode == 0, f"\n{done.stdout}\n{done.stderr}"


def typed_files() -> list[str]:
    source = ROOT / "src" / "diapason"
    rooms = [path for name in TYPED for path in source.glob(f"*/{name}.py")]
    rooms += [path for name in TYPED for path in source.glob(f"*/{name}/*.py")]
    return [str(source / "kernel"), *map(str, sorted(rooms))]


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "check", "--no-cache", *PLACES], id="style"),
        pytest.param(["ruff", "format", "--no-cache", "--check", *PLACES], id="format"),
        pytest.param(["lint-imports", "--no-cache"], id="floors and doors"),
        pytest.param(["djlint", "--lint", "--quiet", "src"], id="templates"),
    ],
)
def test_lint(command: list[str]) -> None:
    program(*command)


def test_types() -> None:
    assert len(typed_files()) > 1
    program("mypy", *typed_files())


@pytest.mark.parametrize("name", [".npmrc", "package.json", "package-lock.json", "Makefile"])
def test_parts_are_pinned_without_addresses(name: str) -> None:
    text = (ROOT / name).read_text().replace("http://127.0.0.1", "")
    assert "://" not in text
    assert "resolved" not in text or name == ".npmrc"


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=str)
def test_requirements_are_pinned_by_hash_without_addresses(path: Path) -> None:
    text = path.read_text()
    assert "://" not in text
    blocks = text.replace("\\\n", " ").splitlines()
    pinned = [line for line in blocks if line and not line.lstrip().startswith("#")]
    assert pinned
    for line in pinned:
        assert not line.startswith("-"), f"no option of the installer, no index: {line}"
        assert "==" in line, line
        assert "--hash=sha256:" in line, line


def test_no_source_file_is_longer_than_a_person_reads_at_once() -> None:
    """Past 400 lines a file becomes a package of the same name: docs/structure.md."""
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "src").rglob("*.html")]
    long = {
        str(path.relative_to(ROOT)): count
        for path in sources
        if "migrations" not in path.parts
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long

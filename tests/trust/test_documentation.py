"""What the documentation names exists, and what exists for its reader is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from diapason.config.cli.group import diapason as program

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
OPERATING = ROOT / "docs" / "operating.md"
INDEX = ROOT / "docs" / "README.md"
NAME = r"(?:DATABASE_URL|DIAPASON_[A-Z0-9_]*[A-Z0-9])"


def settings_read(sources: str) -> set[str]:
    """The settings that a program's text reads from its environment, by prefix too."""
    names = set(re.findall(rf'"({NAME})"', sources))
    ends = re.findall(r"\{prefix\}([A-Z]+)", sources)
    for prefix, kind in re.findall(
        r'(mail_server|file_storage)\("(DIAPASON_[A-Z0-9]+_)"\)', sources
    ):
        body = sources.partition(f"def {prefix}(")[2].partition("\ndef ")[0]
        names |= {kind + end for end in ends if "{prefix}" + end in body}
    return names


def settings_explained(page: str) -> set[str]:
    """The settings in the first column of the page's tables."""
    firsts = re.findall(r"^\| (`[^|]+) \|", page, re.M)
    return {name for cell in firsts for name in re.findall(rf"`({NAME})`", cell)}


def commands_quoted(text: str) -> Iterator[tuple[str, set[str]]]:
    """Each command of the program that stands in a block or between backticks, with its options."""
    blocks = re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", text, re.S)
    for line in "\n".join("".join(pair) for pair in blocks).splitlines():
        for name, rest in re.findall(r"(?:^|[/ ])diapason ([a-z]+(?:-[a-z]+)*)([^|;&]*)", line):
            yield name, set(re.findall(r"(?<!\w)--[a-z-]+", rest))


def unknown_commands(text: str, known: dict[str, click.Command]) -> list[str]:
    """Commands and options that the program does not have."""
    found = []
    for name, options in commands_quoted(text):
        if name not in known:
            found.append(name)
            continue
        theirs = {one for option in known[name].params for one in option.opts} | {"--help"}
        found += [f"{name} {option}" for option in sorted(options - theirs)]
    return found


def test_every_setting_is_explained_and_no_other():
    sources = "\n".join(path.read_text() for path in sorted((ROOT / "src").rglob("*.py")))
    assert settings_explained(OPERATING.read_text()) == settings_read(sources)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_quotes_commands_that_exist(page: Path):
    text = page.read_text()
    assert unknown_commands(text, program.commands) == []
    targets = re.findall(r"^([a-z%-]+):", (ROOT / "Makefile").read_text(), re.M)
    for target in re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", text, re.M):
        name = "".join(target)
        assert name in targets or ("bench-%" in targets and name.startswith("bench-")), name


def test_the_index_names_every_page():
    named = {
        (INDEX.parent / link).resolve()
        for link in re.findall(r"\(([^)]+\.md)\)", INDEX.read_text())
    }
    pages = {page for page in PAGES if "decisions" not in page.parts} - {INDEX}
    assert pages <= named


def test_decisions_have_numbers_of_their_own():
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert all(number.isdigit() for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_a_slip_of_the_documentation_is_seen():
    sources = 'text("DIAPASON_ONE", "") ; mail_server("DIAPASON_SMTP_")\n'
    sources += 'def mail_server(prefix):\n    text(f"{prefix}HOST", "")\n'
    assert settings_read(sources) == {"DIAPASON_ONE", "DIAPASON_SMTP_HOST"}
    assert settings_explained("| `DIAPASON_ONE` | none | `DIAPASON_TWO` |") == {"DIAPASON_ONE"}
    known = {"serve": click.Command("serve", params=[click.Option(["--port"])])}
    quoted = "`diapason serve --port 1 --prot 2` and\n```\n.venv/bin/diapason gone\n```\n"
    assert sorted(unknown_commands(quoted, known)) == ["gone", "serve --prot"]

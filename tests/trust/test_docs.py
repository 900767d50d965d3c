"""What an operator, a developer or a plan's author may use is in the documentation."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import click
import pytest
from django.utils.translation import override

from diapason.config.cli.group import diapason
from diapason.config.reference import PAGES
from diapason.kernel import measures, permissions, registries
from tests.trust.examples import TESTS

ROOT = TESTS.parent
DOCS = ROOT / "docs"
SOURCES = ROOT / "src" / "diapason"
# Functions of diapason.config.environment that read a setting, and the environment itself.
_READERS = {
    "text", "flag", "number", "listed", "chosen", "currency", "zone", "mapping", "origins",
    "secret", "database", "get", "getenv", "pop",
}  # fmt: skip
_SETTING = re.compile(r"^(DIAPASON_[A-Z0-9_]+|DATABASE_URL|PORT)$")
# Written by `make prove`.
_MADE = {"proofs.md"}
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def settings_read(root: Path) -> set[str]:
    """Every setting that the program reads from its environment."""
    found = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                called = node.func
                name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
                given = node.args[0]
                if name in _READERS and isinstance(given, ast.Constant):
                    found.add(given.value)
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                found.add(node.slice.value)
    return {name for name in found if isinstance(name, str) and _SETTING.match(name)}


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def unmentioned(names: set[str], text: str) -> list[str]:
    """The names that the text does not hold, as whole words."""
    return sorted(
        name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
    )


def test_every_setting_is_explained() -> None:
    settings = settings_read(SOURCES)
    assert "DATABASE_URL" in settings
    assert not unmentioned(settings, page("operating.md")), "explain them in docs/operating.md"


def test_every_setting_of_the_tests_is_explained() -> None:
    settings = settings_read(TESTS) - settings_read(SOURCES)
    assert not unmentioned(settings, page("testing.md")), "explain them in docs/testing.md"


def commands() -> dict[str, click.Command]:
    return dict(diapason.commands)


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_and_option_is_explained(name: str) -> None:
    text = page("commands.md")
    assert not unmentioned({name}, text), "explain it in docs/commands.md"
    options = {
        max(option.opts, key=len)
        for option in commands()[name].params
        if isinstance(option, click.Option) and not option.hidden
    }
    assert not unmentioned(options - {"--help"}, text), "explain them in docs/commands.md"


_OPTION = re.compile(r"`(--[a-z][a-z-]*)[^`]*`")
_LINE = re.compile(r"^(?:.*[ /])?diapason ([a-z-]+ .*--[a-z].*)$", re.M)
# Of programs that are not ours.
_FOREIGN = {"--locale"}


def options_named(text: str) -> set[str]:
    """Options that a page tells of: alone between its words, or on a command's line."""
    on_lines = {name for line in _LINE.findall(text) for name in re.findall(r"--[a-z-]+", line)}
    return {*_OPTION.findall(text), *on_lines} - _FOREIGN


def options_of(names: dict[str, click.Command]) -> set[str]:
    return {name for one in names.values() for option in one.params for name in option.opts}


@pytest.mark.parametrize("path", [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))], ids=str)
def test_every_option_that_a_page_tells_of_exists(path: Path) -> None:
    known = options_of(commands()) | {"--help"}
    assert options_named(path.read_text("utf-8")) <= known


def test_an_option_that_does_not_exist_is_found() -> None:
    said = options_named("Add `--replace x`, or:\n\n.venv/bin/diapason serve --port 1 --nothing\n")
    assert said == {"--replace", "--port", "--nothing"}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_written_pages_are_current(name: str) -> None:
    with override("en"):
        assert page(name) == PAGES[name](), "run `python -m diapason.config.reference`"


def test_every_measure_and_permission_is_explained() -> None:
    assert not unmentioned(set(measures.offered()), page("measures.md"))
    assert not unmentioned(set(permissions.declared()), page("permissions.md"))


def test_every_registry_is_explained() -> None:
    names = {
        name for name, value in vars(registries).items() if isinstance(value, registries.Registry)
    }
    assert "day_items" in names
    assert not unmentioned(names, page("adding-a-room.md"))


def broken_links(path: Path, text: str) -> list[str]:
    """Links to files that are not there."""
    return [
        target
        for target in _LINK.findall(text)
        if "://" not in target
        and not target.startswith(("#", "mailto:"))
        and Path(target.split("#")[0]).name not in _MADE
        and not (path.parent / target.split("#")[0]).exists()
    ]


@pytest.mark.parametrize(
    "path",
    [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_links_lead_somewhere(path: Path) -> None:
    assert not broken_links(path, path.read_text("utf-8"))


# A planted fault of each sort must be found.


def test_an_unexplained_setting_is_found(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(
        'A = text("DIAPASON_PLANTED", "")\nB = os.environ["DIAPASON_OTHER"]\n'
    )
    settings = settings_read(tmp_path)
    assert settings == {"DIAPASON_PLANTED", "DIAPASON_OTHER"}
    assert unmentioned(settings, page("operating.md")) == sorted(settings)


def test_a_name_inside_another_is_not_an_explanation() -> None:
    assert unmentioned({"--plan", "load"}, "use --plan-file and load-plan") == ["--plan", "load"]


def test_a_page_out_of_date_is_found() -> None:
    with permissions_lent("plan.planted"), override("en"):
        assert page("permissions.md") != PAGES["permissions.md"]()


def test_a_broken_link_is_found() -> None:
    assert broken_links(DOCS / "a.md", "see [this](no-such-page.md)") == ["no-such-page.md"]
    assert not broken_links(DOCS / "a.md", "see [this](operating.md#a) and [that](https://b.c)")


class permissions_lent:  # noqa: N801 - reads as a statement
    """A permission that is there inside the block only."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        permissions._declared[self.name] = next(iter(permissions._declared.values()))

    def __exit__(self, *_error: object) -> None:
        del permissions._declared[self.name]

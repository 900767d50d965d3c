from __future__ import annotations

from collections.abc import Iterator

import pytest

from diapason.kernel import postgres
from tests.config.program import Program


@pytest.fixture(scope="package")
def program(tmp_path_factory) -> Iterator[Program]:
    """The program with a home of its own, which the tests of this folder share; its tables
    are there. Whatever it left running is stopped at the end."""
    made = Program(tmp_path_factory.mktemp("program") / "home")
    made.make_tables()
    yield made
    postgres.stop_server(made.home / "postgres")


@pytest.fixture
def newcomer(tmp_path) -> Iterator[Program]:
    """The program as on its first day: nothing is installed in its home."""
    made = Program(tmp_path / "home")
    yield made
    postgres.stop_server(made.home / "postgres")


@pytest.fixture
def another(tmp_path) -> Iterator[Program]:
    """A second home with its tables, and nothing in them."""
    made = Program(tmp_path / "another" / "home")
    made.make_tables()
    yield made
    postgres.stop_server(made.home / "postgres")

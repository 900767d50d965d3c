from __future__ import annotations

from collections.abc import Iterator

import pytest

from diapason.kernel import postgres
from tests import prepared
from tests.config.program import Program


@pytest.fixture(scope="package")
def program(tmp_path_factory) -> Iterator[Program]:
    """The program with a home of its own, which the tests of this folder share; its tables
    are there. Whatever it left running is stopped at the end."""
    made = Program(tmp_path_factory.mktemp("program") / "home")
    prepared.fill(postgres.ensure_server(made.home / "postgres"))
    postgres.release_server(made.home / "postgres")
    yield made
    postgres.stop_server(made.home / "postgres")


@pytest.fixture
def newcomer(tmp_path) -> Iterator[Program]:
    """The program as on its first day: nothing is installed in its home."""
    made = Program(tmp_path / "home")
    yield made
    postgres.stop_server(made.home / "postgres")

"""Runs the real program, in a home of its own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import diapason
from diapason.kernel import postgres
from tests import prepared

SOURCES = Path(diapason.__file__).parents[1]
ROOT = SOURCES.parent
COMMAND = [sys.executable, "-m", "diapason.config.cli"]
OURS = ("DIAPASON_", "DATABASE_URL", "DJANGO_", "LANG", "LC_", "PORT", "PG")


@dataclass(frozen=True)
class Program:
    """The program, as somebody runs it whose instance lives in `home`."""

    home: Path

    def make_tables(self) -> None:
        """Copy the tables into the home, which has none: to migrate takes most of a minute."""
        prepared.fill(postgres.ensure_server(self.home / "postgres"))
        postgres.release_server(self.home / "postgres")

    def environment(self, **more: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        own = {"DIAPASON_HOME": str(self.home), "PYTHONPATH": str(SOURCES), "LANG": "C.UTF-8"}
        return kept | own | more

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            env=self.environment(**environment),
            cwd=self.home.parent,
            capture_output=True,
            text=True,
            timeout=240,
        )

    @contextlib.contextmanager
    def running(self, *arguments: str, **environment: str) -> Iterator[Running]:
        """Start `arguments` in a process group of their own; killed at the end if need be."""
        with (self.home.parent / f"stderr-{time.monotonic_ns()}").open("w+") as errors:
            process = subprocess.Popen(
                [*COMMAND, *arguments],
                env=self.environment(**environment),
                cwd=self.home.parent,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                process_group=0,
            )
            running = Running(process, Path(errors.name))
            try:
                yield running
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(60)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def processes(self) -> list[int]:
        """The numbers of the processes that live on this home, the database's own included."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                said = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
                if os.fsencode(self.home) in said and int(entry.name) != os.getpid():
                    found.append(int(entry.name))
        return found

    def wait_until_alone(self, seconds: float = 40) -> None:
        deadline = time.monotonic() + seconds
        while left := self.processes():
            assert time.monotonic() < deadline, f"still running: {left}"
            time.sleep(0.1)


@dataclass
class Running:
    """A command that goes on."""

    process: subprocess.Popen[str]
    errors: Path

    def address(self) -> str:
        """The address that it prints once it answers."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"http://\S+/", line):
                return found[0]
        raise AssertionError(f"it never answered: {self.said()}")

    def rest(self) -> str:
        """What it printed after the address, once it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.read()

    def said(self) -> str:
        """What it said on the standard error."""
        return self.errors.read_text()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


def get(address: str, path: str = "healthz") -> tuple[int, str]:
    with urllib.request.urlopen(address + path, timeout=30) as answer:
        return answer.status, answer.read().decode()

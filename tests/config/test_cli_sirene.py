"""`diapason load-sirene`: as a real process, in a memory that does not grow with the file."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from diapason.kernel import postgres
from tests.config.program import COMMAND, Program
from tests.directory.sirene import ESTABLISHMENTS, many, written

MEGABYTES = 1024
PROVING = bool(os.environ.get("DIAPASON_PROVE"))
# In megabytes; a program that only starts takes more than half of the smaller one.
MOST = 500 if PROVING else 250


@pytest.fixture
def furnished(program: Program, tmp_path: Path):
    """The program with a commune and a cultural activity."""
    postgres.ensure_server(program.home / "postgres")
    communes, activities = tmp_path / "communes.json", tmp_path / "naf.json"
    communes.write_text(json.dumps([{"code": "99101", "nom": "Ailleurs"}]))
    activities.write_text(json.dumps([{"id": "59.20Z", "label": "Musique"}]))
    assert program("load-communes", str(communes)).returncode == 0
    assert program("load-activities", str(activities), "--cultural", "59.20").returncode == 0
    yield program
    postgres.release_server(program.home / "postgres")


def load(program: Program, *arguments: str) -> tuple[str, str, float]:
    """What the command said on both outputs, and the most memory that it held, in megabytes."""
    most, began = 0, time.perf_counter()
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        process = subprocess.Popen(
            [*COMMAND, "load-sirene", *arguments],
            env=program.environment(),
            stdout=out,
            stderr=err,
        )
        # Not what `wait4` tells of the process: that begins with the memory of this one.
        status = Path(f"/proc/{process.pid}/status")
        while process.poll() is None:
            if held := re.search(r"VmHWM:\s+(\d+) kB", status.read_text()):
                most = int(held[1])
            time.sleep(0.02)
        out.seek(0)
        err.seek(0)
        said, told = out.read(), err.read()
    assert process.returncode == 0, told
    print(f"load-sirene {' '.join(arguments[1:])}: {time.perf_counter() - began:.0f} s")
    return said, told, most / MEGABYTES


@pytest.mark.proof
def test_a_file_is_tried_then_loaded_in_a_memory_that_does_not_grow(
    furnished: Program, tmp_path: Path
):
    rows, kept = (1_000_000, 50_000) if PROVING else (50_000, 1_000)
    file = str(
        written(tmp_path / "stock", ESTABLISHMENTS, many(rows, wanted_every=rows // kept), zipped=1)
    )
    tried, told, _peak = load(furnished, file, "--dry-run")
    assert f"Added: {kept}." in tried
    assert "dry run" in tried
    assert "stock.zip" in told
    out, _told, first = load(furnished, file, "--communes", "99101")
    assert f"Rows read: {rows}. Added: {kept}." in out
    # And again, when every one of them is known.
    again, _told, second = load(furnished, file)
    assert f"Added: 0. Changed: 0. As they were: {kept}." in again
    print(f"{rows} rows, {kept} of them kept: {first:.0f} MB at most, {second:.0f} MB again")
    assert max(first, second) < MOST

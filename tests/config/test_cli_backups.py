"""`diapason backup` and `diapason restore`, from one instance to another."""

from __future__ import annotations

import json
from pathlib import Path

from tests.config.program import ROOT, Program


def test_an_instance_moves_to_another_home(program: Program, another: Program, tmp_path: Path):
    loaded = program("load-plan", str(ROOT / "plans" / "clermont.yaml"))
    assert loaded.returncode == 0, loaded.stderr
    file = tmp_path / "instance.zip"
    made = program("backup", str(file))
    assert (made.returncode, made.stdout) == (0, f"The backup is in {file}.\n"), made.stderr
    again = program("backup", str(file))
    assert again.returncode == 1
    assert "exists already" in again.stderr

    put = another("restore", str(file))
    assert put.returncode == 0, put.stderr
    assert "is restored" in put.stdout
    one, other = (each("evaluate", "--at", "2020-06-30", "--json") for each in (program, another))
    assert one.returncode == 0, one.stderr
    assert one.stdout == other.stdout

    # What was restored is whole to whoever asks, the rules that live in the database included.
    found = {one["check"]: one for one in json.loads(another("doctor", "--json").stdout)}
    assert found["triggers"]["level"] == "good", found["triggers"]["message"]

    kept = another("restore", str(file))
    assert kept.returncode == 1
    assert "already holds something" in kept.stderr
    assert another("restore", str(file), "--overwrite").returncode == 0


def test_what_is_no_backup_is_refused_in_a_sentence(program: Program, tmp_path: Path):
    file = tmp_path / "broken.zip"
    file.write_bytes(b"PK")
    answer = program("restore", str(file), "--language", "fr")
    assert answer.returncode == 1
    assert "n’est pas une sauvegarde" in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_a_file_that_is_not_there_is_told_before_any_database(program: Program, tmp_path: Path):
    answer = program(
        "restore",
        str(tmp_path / "nowhere.zip"),
        "--language=fr",
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing",
    )
    assert answer.returncode == 2
    assert "n’existe pas" in answer.stderr
    assert "127.0.0.1" not in answer.stderr

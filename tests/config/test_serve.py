"""`serve` as a real process: it answers, stops with everything it started, and starts again."""

from __future__ import annotations

import os
import signal
import socket
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from diapason.kernel.postgres import supervisor
from tests.config.program import Program, get


def children(pid: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for(address: str, wanted: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            found, _body = get(address)
        except urllib.error.HTTPError as error:
            found = error.code
        if found == wanted:
            return
        time.sleep(0.02)
    raise AssertionError(f"{address} never answered {wanted}")


def test_answers_and_leaves_nothing_behind_when_stopped(program: Program):
    for number in (signal.SIGTERM, signal.SIGINT):
        with program.running("serve", "--port", "0") as serving:
            address = serving.address()
            assert get(address) == (200, "ok\n")
            assert len(children(serving.process.pid)) == 2  # the web server and the worker
            assert serving.stop(number) == 0
            assert program.processes() == []
            assert "Traceback" not in serving.said()


def test_starts_again_after_the_whole_group_was_killed(program: Program):
    with program.running("serve", "--port", "0") as serving:
        address = serving.address()
        port = address.rstrip("/").rpartition(":")[2]
        os.killpg(serving.process.pid, signal.SIGKILL)
        serving.process.wait()
    with program.running("serve", "--port", port) as serving:
        assert serving.address() == address
        assert get(address) == (200, "ok\n")
        assert serving.stop() == 0
    program.wait_until_alone()


@pytest.mark.parametrize("which", [0, 1])
def test_stops_when_a_child_dies(program: Program, which: int):
    with program.running("serve", "--port", "0") as serving:
        serving.address()
        os.kill(children(serving.process.pid)[which], signal.SIGKILL)
        assert serving.process.wait(60) == 1
        assert "stopped by itself" in serving.said()
        assert program.processes() == []


def test_two_share_a_home(program: Program):
    with (
        program.running("serve", "--port", "0") as one,
        program.running("serve", "--port", "0") as other,
    ):
        addresses = [one.address(), other.address()]
        assert addresses[0] != addresses[1]
        assert one.stop() == 0
        assert get(addresses[1]) == (200, "ok\n")
        with pytest.raises(urllib.error.URLError):
            get(addresses[0])
        assert other.stop() == 0
        assert program.processes() == []


def test_says_that_the_port_is_taken(newcomer: Program):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = newcomer("serve", "--port", port)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"diapason: Port {port} of 127.0.0.1 is taken by another program: stop that program, or "
        "choose another port with --port."
    ]
    assert not newcomer.home.exists(), "it looks before it leaps"


def test_is_not_well_without_its_database(program: Program):
    with program.running("serve", "--port", "0", "--no-worker") as serving:
        address = serving.address()
        server = supervisor.Postmaster(program.home / "postgres" / "data")
        server.signal(signal.SIGKILL)
        wait_for(address, 503)
        wait_for(address, 200)


def test_answers_many_at_once(program: Program):
    with program.running("serve", "--port", "0", "--workers", "1", "--threads", "8") as serving:
        address = serving.address()
        with ThreadPoolExecutor(16) as crowd:
            answers = list(crowd.map(lambda _: get(address), range(200)))
        assert set(answers) == {(200, "ok\n")}


def test_an_unreachable_database_is_told_in_one_sentence(newcomer: Program):
    done = newcomer("evaluate", DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "check DATABASE_URL" in done.stderr

"""Killed without warning while people write: nothing that was acknowledged is lost, nothing is
there twice, and the program serves again by itself."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.config.program import ROOT, Program, Running

PLAN = ROOT / "plans" / "clermont.yaml"
# Its figures are declared: no room counts it yet.
INDICATOR = "school-interventions"
KILLS = 10 if os.environ.get("DIAPASON_PROVE") else 1
WRITERS = 6

# Makes somebody who may declare figures, signed in; prints the cookie.
SIGN_IN = """
import django, json; django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from diapason.directory.models import Membership, Organisation, User
person = User.objects.create_user("writer@example.org", name="Writer")
Membership.objects.create(user=person, organisation=Organisation.objects.first(), role="advisor")
session = SessionStore()
session[SESSION_KEY] = str(person.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.save()
print(json.dumps(session.session_key))
"""
KEPT = """
import django, json; django.setup()
from diapason.plan.models import Reading
print(json.dumps([str(key) for key in
                  Reading.objects.exclude(request_key=None).values_list("request_key", flat=True)]))
"""


@dataclass
class Writers:
    """People who give figures, and give the same again as long as they had no answer."""

    port: int
    session: str
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10**9)))

    def work(self) -> None:
        while not self.stop.is_set():
            number, key = next(self.numbers), str(uuid.uuid4())
            while not self.stop.is_set():
                with contextlib.suppress(OSError, http.client.HTTPException):
                    if self._give(number, key):
                        self.acknowledged.add(key)
                        break
                time.sleep(0.05)

    def _give(self, number: int, key: str) -> bool:
        token = "0" * 32
        fields = {
            "value": str(number),
            "on": "2020-03-03",
            "source": f"register {number}",
            "request_key": key,
            "csrfmiddlewaretoken": token,
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(
                "POST",
                f"/workspace/readings/new/?indicator={INDICATOR}",
                urlencode(fields),
                {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Cookie": f"sessionid={self.session}; csrftoken={token}",
                },
            )
            status = connection.getresponse().status
        finally:
            connection.close()
        if status in {200, 400, 403, 404}:
            self.refused.append(f"{status} for {fields}")
        return status == 302


def run(program: Program, script: str) -> object:
    """Run a few lines against the instance and give what they print."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=program.environment(DJANGO_SETTINGS_MODULE="diapason.config.settings.base"),
        cwd=program.home.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return json.loads(done.stdout)


@contextlib.contextmanager
def serving(program: Program, port: int) -> Iterator[tuple[Running, float]]:
    """Serve on that port; gives the running program and how long it took to answer."""
    started = time.monotonic()
    with program.running("serve", "--port", str(port), "--no-worker") as running:
        assert urlsplit(running.address()).port == port
        yield running, time.monotonic() - started


def kill_everything(program: Program) -> None:
    """Kill -9 the server, its workers and the database, in no order."""
    victims = program.processes()
    assert len(victims) > 3, "the server, its workers and the database should be running"
    random.shuffle(victims)
    for victim in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)


@pytest.mark.proof
@pytest.mark.slow
def test_killed_while_people_write(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with serving(program, port):
        loaded = program("load-plan", str(PLAN))
        assert loaded.returncode == 0, loaded.stderr
        session = str(run(program, SIGN_IN))
    program.wait_until_alone()
    with serving(program, port) as (_running, cold):
        pass
    program.wait_until_alone()

    writers = Writers(port, session)
    threads = [threading.Thread(target=writers.work, daemon=True) for _n in range(WRITERS)]
    for thread in threads:
        thread.start()
    recoveries = []
    try:
        for _kill in range(KILLS):
            with serving(program, port) as (_running, took):
                recoveries.append(took)
                before = len(writers.acknowledged)
                deadline = time.monotonic() + 60
                while len(writers.acknowledged) < before + 5:
                    assert time.monotonic() < deadline, "nothing is written any more"
                    time.sleep(0.05)
                time.sleep(random.uniform(0.2, 2))
                kill_everything(program)
        with serving(program, port) as (_running, took):
            recoveries.append(took)
            time.sleep(2)
            writers.stop.set()
            for thread in threads:
                thread.join(30)
            kept = run(program, KEPT)
    finally:
        writers.stop.set()
    assert isinstance(kept, list)
    assert not writers.refused, writers.refused[:3]
    assert len(kept) == len(set(kept)), "a figure is there twice"
    lost = writers.acknowledged - set(kept)
    assert not lost, f"{len(lost)} of {len(writers.acknowledged)} acknowledged figures are lost"
    # The first start above found everything at rest: after a kill it may take three times as long.
    assert max(recoveries[1:]) <= 3 * max(cold, 1.0), (cold, recoveries)
    print(
        f"\n{KILLS} kills, {len(writers.acknowledged)} figures acknowledged, none lost or twice; "
        f"cold start {cold:.1f} s, slowest start after a kill {max(recoveries[1:]):.1f} s"
    )

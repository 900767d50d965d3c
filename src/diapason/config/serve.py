"""Runs the web server and the worker of jobs as children, and stops them together.

Nothing outlives `serve`: asked to stop, it stops its children; when one dies, it stops the others;
and when it is killed itself, the kernel tells the children, so that the next start finds the port
free.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from types import FrameType, TracebackType

from django.conf import settings

from diapason.config.failures import Failure
from diapason.config.words import spoken

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
GRACE = 25.0  # seconds for children to finish what they were doing
ANSWER_WITHIN = 90.0  # seconds
RETRY_PORT = 3.0  # seconds: what a killed server needs to let go of its port
_PR_SET_PDEATHSIG = 1


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address, not yet accepting; port 0 takes any free one.

    Raises `Failure` when the port is taken or the address is not of this machine.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise Failure(
            _("%s is not an address of this machine: try --host 127.0.0.1.") % host
        ) from error
    deadline = time.monotonic() + RETRY_PORT
    while True:
        opened = socket.socket(family, kind, protocol)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind(address)
            return opened
        except OSError as error:
            opened.close()
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.2)
                continue
            raise _address_refused(error, host, port) from error


def _address_refused(error: OSError, host: str, port: int) -> Failure:
    if error.errno == errno.EADDRINUSE:
        return Failure(
            _(
                "Port %(port)d of %(host)s is taken by another program: stop that program, or "
                "choose another port with --port."
            )
            % {"port": port, "host": host}
        )
    if error.errno == errno.EACCES:
        return Failure(
            _("This user may not use port %d: choose one above 1023 with --port.") % port
        )
    return Failure(_("%s is not an address of this machine: try --host 127.0.0.1.") % host)


def address(opened: socket.socket) -> str:
    """The address to give to a person who sits at this machine."""
    host, port = _reachable(opened)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _reachable(opened: socket.socket) -> tuple[str, int]:
    host, port = opened.getsockname()[:2]
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104


@dataclass
class Child:
    """A process of ours, leader of its own group."""

    name: str
    process: subprocess.Popen[bytes]

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def kill_group(self) -> None:
        """End at once whatever is left of it and of its own children, and see them gone."""
        self.process.kill()
        self.process.wait()
        deadline = time.monotonic() + 2  # those that nobody reaps stay in the group for ever
        with contextlib.suppress(ProcessLookupError, PermissionError):
            while time.monotonic() < deadline:
                os.killpg(self.process.pid, signal.SIGKILL)
                time.sleep(0.02)


class Interrupted(BaseException):
    """A signal asked to stop while we were not yet supervising."""


class Signals:
    """Inside, signals that ask to stop, and deaths of children, wake `wait` up.

    Until `watch` is called they raise `Interrupted` instead, wherever the program is.
    """

    def __enter__(self) -> Signals:
        self.reading, self.writing = os.pipe()
        for end in (self.reading, self.writing):
            os.set_blocking(end, False)
        self.before = {}
        for number in STOPPING:
            if signal.getsignal(number) is not signal.SIG_IGN or number is signal.SIGTERM:
                self.before[number] = signal.signal(number, self._interrupt)
        return self

    def __exit__(self, kind: type | None, error: object, trace: TracebackType | None) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self.before.items():
            signal.signal(number, handler)
        os.close(self.reading)
        os.close(self.writing)

    def watch(self) -> None:
        """From now on signals only wake `wait` up."""
        signal.set_wakeup_fd(self.writing, warn_on_full_buffer=False)
        self.before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, self._ignore)
        for number in list(self.before):
            signal.signal(number, self._ignore)

    def wait(self, seconds: float) -> bool:
        """Sleep until a signal arrives; true when it asks to stop."""
        select.select([self.reading], [], [], max(0, seconds))
        with contextlib.suppress(BlockingIOError):
            return any(number in STOPPING for number in os.read(self.reading, 4096))
        return False

    @staticmethod
    def _interrupt(number: int, frame: FrameType | None) -> None:
        raise Interrupted

    @staticmethod
    def _ignore(number: int, frame: FrameType | None) -> None:
        """The byte that it writes to the pipe is what counts."""


def start_child(
    name: str, command: Sequence[str], *, at_our_death: int, descriptors: Sequence[int] = ()
) -> Child:
    """Start a process that receives the signal `at_our_death` if we are killed."""
    return Child(
        name,
        subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            pass_fds=tuple(descriptors),
            process_group=0,
            preexec_fn=_follow(os.getpid(), at_our_death),
        ),
    )


def _follow(parent: int, number: int) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def follow() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os._exit(1)

    return follow


def web_server(opened: socket.socket, *, workers: int, threads: int) -> Child:
    """Start gunicorn on an open socket, which is then its own.

    Raises `Failure` when another program took the port meanwhile.
    """
    host, port = opened.getsockname()[:2]
    try:
        opened.listen(512)
    except OSError as error:
        raise _address_refused(error, host, port) from error
    opened.set_inheritable(True)
    command = [
        sys.executable, "-m", "gunicorn", "--config", "python:diapason.config.gunicorn",
        "--bind", f"fd://{opened.fileno()}", "--workers", str(workers), "--threads", str(threads),
    ]  # fmt: skip
    child = start_child(
        _("the web server"),
        command,
        at_our_death=signal.SIGINT,
        descriptors=[opened.fileno()],
    )
    opened.close()
    return child


def jobs_worker() -> Child:
    """Start the worker of jobs."""
    command = [sys.executable, "-m", "diapason.config.cli", "worker", "--language", spoken()]
    return start_child(_("the worker"), command, at_our_death=signal.SIGTERM)


def run(
    opened: socket.socket,
    signals: Signals,
    *,
    workers: int,
    threads: int,
    with_worker: bool,
    ready: Callable[[], None],
) -> None:
    """Serve until asked to stop. Calls `ready` once the address answers.

    Raises `Failure` when a child dies or does not answer. Nothing that this started is left.
    """
    reachable = _reachable(opened)
    children: list[Child] = []
    signals.watch()
    try:
        children.append(web_server(opened, workers=workers, threads=threads))
        deadline = time.monotonic() + ANSWER_WITHIN
        answered = False
        while True:
            if signals.wait(60 if answered else 0.1):
                return
            for child in children:
                if not child.running:
                    raise Failure(
                        _("%s stopped by itself; its last words are above.")
                        % child.name.capitalize()
                    )
            if not answered and _answers(*reachable):
                answered = True
                # Pages first: on a small machine both would start more slowly together.
                if with_worker:
                    children.append(jobs_worker())
                ready()
            if not answered and time.monotonic() > deadline:
                raise Failure(_("The web server did not answer within %d seconds.") % ANSWER_WITHIN)
    finally:
        stop(children, signals)


def stop(children: Sequence[Child], signals: Signals) -> None:
    """Stop the children, letting them finish what they were doing; a second signal does not."""
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            child.process.terminate()
    deadline = time.monotonic() + GRACE
    while any(child.running for child in children):
        if time.monotonic() > deadline or signals.wait(min(0.5, deadline - time.monotonic())):
            break
    for child in children:
        child.kill_group()


def _answers(host: str, port: int) -> bool:
    served = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), host)
    asked = http.client.HTTPConnection(host, port, timeout=5)
    try:
        asked.request("GET", "/healthz", headers={"Host": served, "X-Forwarded-Proto": "https"})
        return asked.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()

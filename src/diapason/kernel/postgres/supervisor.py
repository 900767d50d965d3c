"""The process that stands between the program and its own PostgreSQL.

It is started with the standard library alone, holds the server as its child,
restarts it when it dies, and stops it when nobody uses it any more. Who uses it
is known by file locks, which the kernel drops whatever way a process ends: a
killed owner leaves nothing behind.

Inside the folder:

``data``             the cluster
``run``              the Unix socket, readable by the owner alone
``users.lock``       shared by every process that uses the server
``start.lock``       exclusive while somebody starts it
``supervisor.lock``  exclusive during this process's life; holds its number
``server.log``       what PostgreSQL and this process say
"""

import contextlib
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from .identity import Identity

SUPERUSER = "diapason"
# A kernel refuses a socket address of 108 bytes; PostgreSQL adds its file name.
LONGEST_SOCKET_FOLDER = 88
LINGER = 2.0  # seconds without a user before the server is stopped
BEAT = 0.2  # seconds between two looks at the server and its users
PATIENCE = 60.0  # seconds during which a server that will not start is retried


class Lock:
    """An advisory lock on a file, dropped by the kernel when its holder dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, *, shared: bool = False) -> bool:
        """Take the lock if it is free; false when somebody else has it."""
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def take_before(self, deadline: float, *, shared: bool = False) -> bool:
        """Take the lock, waiting for it until `deadline` (monotonic seconds)."""
        while not self.take(shared=shared):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def release(self) -> None:
        """Drop the lock for this process and for those that inherited it."""
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Drop the lock and forget the file."""
        self.release()
        os.close(self.descriptor)

    def in_place(self) -> bool:
        """Say whether the file is still the one found at its path."""
        try:
            return os.path.samestat(os.fstat(self.descriptor), self.path.stat())
        except OSError:
            return False


class Postmaster:
    """The server process of a cluster, as its `postmaster.pid` tells of it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.pid_file = data / "postmaster.pid"

    def lines(self) -> list[str]:
        """Lines of the file: pid, folder, start, port, socket, address, memory, status."""
        try:
            return self.pid_file.read_text("utf-8", "surrogateescape").splitlines()
        except OSError:
            return []

    def pid(self) -> int | None:
        """Return the number of the living server, none when the file is stale."""
        lines = self.lines()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        return pid if pid > 1 and self._is_ours(pid) else None

    def port(self) -> int | None:
        """Port that the server listens on, or that names its socket."""
        lines = self.lines()
        return int(lines[3]) if len(lines) > 3 and lines[3].isdigit() else None

    def signal(self, number: int) -> None:
        """Send a signal to the server if it lives."""
        pid = self.pid()
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def stop(self, patience: float = 30.0) -> bool:
        """Stop the server: clients are cut first, then no clean checkpoint is waited for."""
        for number, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 10.0)):
            self.signal(number)
            deadline = time.monotonic() + seconds
            while self.pid() is not None:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.05)
            else:
                return True
        return False

    def clear_stale_file(self) -> None:
        """Remove a file that names a dead server, once its children are gone too.

        PostgreSQL itself removes a file whose process no longer exists. It
        does not when that number has since been given to another process, or
        when the dead server waits to be reaped by a parent that never does.
        """
        if self.lines() and self.pid() is None and not self._children():
            self.pid_file.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        proc = Path("/proc") / str(pid)
        if not Path("/proc/self/stat").exists():
            return True
        try:
            state = (proc / "stat").read_text(errors="replace").rpartition(")")[2].split()[0]
            command = (proc / "cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return state not in "ZX" and os.fsencode(self.data) in command

    def _children(self) -> bool:
        proc = Path("/proc")
        if not (proc / "self").exists():
            return True
        for entry in proc.iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    if (entry / "cwd").readlink() == self.data:
                        return True
        return False


def clean_environment() -> dict[str, str]:
    """Environment for PostgreSQL's programs: no locale nor PG* variable leaks in."""
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PG"))}
    return keep | {"TZ": "UTC"}


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fits_socket(folder: Path) -> bool:
    """Say whether a Unix socket may live in `folder`; a comma would end its name."""
    return len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and "," not in str(folder)


class Supervisor:
    """Keeps one server alive while somebody uses it."""

    def __init__(self, folder: Path, binaries: Path, *, durable: bool) -> None:
        self.folder, self.binaries, self.durable = folder, binaries, durable
        self.data, self.run_folder = folder / "data", folder / "run"
        self.postmaster = Postmaster(self.data)
        self.users = Lock(folder / "users.lock")
        self.mine = Lock(folder / "supervisor.lock")
        self.identity = Identity.choose(self.data)
        self.child: subprocess.Popen[bytes] | None = None
        self.asked_to_stop = False

    def supervise(self) -> int:
        """Start or adopt the server, watch it, stop it. Returns an exit code."""
        if not self.mine.take():
            return 0
        os.ftruncate(self.mine.descriptor, 0)
        os.pwrite(self.mine.descriptor, f"{os.getpid()}\n".encode(), 0)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if self.postmaster.pid() is None:
            self.create()
        return self.watch()

    def _ask_to_stop(self, *_: object) -> None:
        self.asked_to_stop = True

    def create(self) -> None:
        """Make the cluster if there is none yet; a half-made one never takes its place."""
        self.run_folder.mkdir(mode=0o700, exist_ok=True)
        self.identity.own(self.run_folder)
        if self.identity.uid is not None:
            self.folder.chmod(0o711)
        if self.data.exists():
            return
        if not self.identity.works(str(self.binaries / "postgres"), "--version"):
            raise SystemExit(self._why_not())
        making = self.folder / "data.new"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        secret = self.folder / "run" / "secret"
        secret.touch(mode=0o600)
        secret.write_text(os.urandom(24).hex())
        self.identity.own(making, secret)
        command = [
            str(self.binaries / "initdb"), f"--pgdata={making}", f"--username={SUPERUSER}",
            f"--pwfile={secret}", "--auth-local=trust", "--auth-host=scram-sha-256",
            "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--locale=C", "--no-instructions",
        ]  # fmt: skip
        if not self.durable:
            command.append("--no-sync")
        # Letters beyond ASCII are told from signs by the C library's own table
        # when full text is cut into words; a few systems do not have it.
        for extra in (["--lc-ctype=C.UTF-8"], []):
            done = subprocess.run(  # noqa: S603
                command + extra,
                preexec_fn=self.identity.prepare(),
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                cwd="/",
            )
            if done.returncode == 0:
                break
            for entry in making.iterdir():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        else:
            raise SystemExit("initdb could not make the database's files, see above")
        with (making / "postgresql.conf").open("a") as settings:
            settings.write("include_if_exists = 'diapason.conf'\n")
        making.rename(self.data)

    def _why_not(self) -> str:
        if self.identity.uid is None:
            return (
                f"PostgreSQL's programs in {self.binaries} do not run on this machine. "
                "Install a PostgreSQL server and name it in DATABASE_URL."
            )
        return (
            "PostgreSQL refuses to run as the superuser, this machine forbids user namespaces, "
            f"and the unprivileged user {self.identity.uid} cannot reach {self.binaries}. "
            "Run Diapason as an ordinary user, or move it to a folder that everybody may "
            "enter (such as /opt or /srv), or name a PostgreSQL server in DATABASE_URL."
        )

    def configure(self) -> None:
        """Write the server's settings; called before each of its starts."""
        if fits_socket(self.run_folder):
            quoted = str(self.run_folder).replace('"', '""').replace("'", "''")
            where = [
                "listen_addresses = ''", "port = 5432",
                f"unix_socket_directories = '\"{quoted}\"'", "unix_socket_permissions = 0700",
            ]  # fmt: skip
        else:
            where = [
                "listen_addresses = '127.0.0.1'", f"port = {self._port()}",
                "unix_socket_directories = ''",
            ]  # fmt: skip
        lines = [
            *where, "max_connections = 100", "shared_buffers = 128MB", "jit = off",
            "random_page_cost = 1.1", "timezone = 'UTC'", "log_timezone = 'UTC'",
            "lc_messages = 'C'", "log_line_prefix = '%m [%p] '", "log_checkpoints = off",
            "logging_collector = off",
        ]  # fmt: skip
        if not self.durable:
            lines += ["fsync = off", "full_page_writes = off", "synchronous_commit = off"]
        target = self.data / "diapason.conf"
        target.write_text("\n".join(lines) + "\n")
        target.chmod(0o600)
        self.identity.own(target)

    def _port(self) -> int:
        """The port of last time if nobody took it, so that clients find the server again."""
        settings = self.data / "diapason.conf"
        if settings.exists() and (old := re.search(r"(?m)^port = (\d+)", settings.read_text())):
            with socket.socket() as probe, contextlib.suppress(OSError):
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", int(old[1])))
                return int(old[1])
        return free_port()

    def start(self) -> None:
        """Start the server as a child."""
        self.postmaster.clear_stale_file()
        self.configure()
        self.child = subprocess.Popen(  # noqa: S603
            [str(self.binaries / "postgres"), "-D", str(self.data)],
            preexec_fn=self.identity.prepare(),
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )

    def watch(self) -> int:
        """Restart the server when it dies, stop it when nobody uses it."""
        last_used = trouble_since = time.monotonic()
        while True:
            now = time.monotonic()
            alive = self.alive()
            if not self.mine.in_place():
                self.postmaster.signal(signal.SIGQUIT)
                if self.child is not None:
                    self.child.send_signal(signal.SIGQUIT)
                return 1
            if self.asked_to_stop:
                break
            if self.users.take():
                if now - last_used > LINGER:
                    break
                self.users.release()
            else:
                last_used = now
            if alive:
                trouble_since = now
            elif now - trouble_since > PATIENCE:
                raise SystemExit(f"PostgreSQL did not start in {PATIENCE:.0f} seconds")
            else:
                self.start()
            time.sleep(BEAT if alive else min(BEAT + (now - trouble_since) / 4, 2))
        stopped = self.postmaster.stop() if self.child is None else self._stop_child()
        return 0 if stopped else 1

    def alive(self) -> bool:
        """Say whether the server runs, reaping it if it does not."""
        if self.child is not None:
            if self.child.poll() is None:
                return True
            self.child = None
        return self.postmaster.pid() is not None

    def _stop_child(self) -> bool:
        assert self.child is not None
        for number, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10)):
            self.child.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(seconds)
                return True
        return False


def main(folder: str, binaries: str, durable: str) -> int:
    """Detach from whoever started us, then supervise."""
    if os.fork() != 0:
        return 0
    os.setsid()
    os.chdir("/")
    if os.fork() != 0:
        os._exit(0)
    return Supervisor(Path(folder), Path(binaries), durable=durable == "durable").supervise()

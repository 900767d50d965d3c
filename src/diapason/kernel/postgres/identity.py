"""As whom the embedded server runs, which PostgreSQL does not let be the superuser."""

import contextlib
import ctypes
import os
import pwd
import subprocess
from collections.abc import Callable
from pathlib import Path

CLONE_NEWUSER = 0x10000000


class Identity:
    """As whom the server runs: PostgreSQL refuses the superuser.

    An ordinary user runs it as themselves. The superuser runs it in a user
    namespace of its own, which leaves the files theirs and needs no change of
    permission anywhere; where namespaces are forbidden, as an unprivileged
    user; and always as the owner of a cluster that already exists.
    """

    def __init__(self, uid: int | None, gid: int | None, *, namespace: bool) -> None:
        self.uid, self.gid, self.namespace = uid, gid, namespace

    @classmethod
    def choose(cls, data: Path) -> "Identity":
        """Choose for the cluster in `data`, which need not exist yet."""
        if os.geteuid() != 0:
            return cls(None, None, namespace=False)
        if data.exists() and (owner := data.stat()).st_uid != 0:
            return cls(owner.st_uid, owner.st_gid, namespace=False)
        namespace = cls(None, None, namespace=True)
        if os.environ.get("DIAPASON_NO_USER_NAMESPACE") != "1" and namespace.works("true"):
            return namespace
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                user = pwd.getpwnam(name)
                return cls(user.pw_uid, user.pw_gid, namespace=False)
        return cls(65534, 65534, namespace=False)

    def prepare(self) -> Callable[[], None] | None:
        """What the child does between its birth and its program."""
        if self.namespace:
            return enter_user_namespace
        if self.uid is None or self.gid is None:
            return None
        uid, gid = self.uid, self.gid

        def drop() -> None:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)

        return drop

    def own(self, *folders: Path) -> None:
        """Give folders of ours, never their parents, to the user of the server."""
        if self.uid is not None and self.gid is not None:
            for folder in folders:
                os.chown(folder, self.uid, self.gid)

    def works(self, *command: str) -> bool:
        """Say whether this identity can run a command."""
        try:
            done = subprocess.run(  # noqa: S603
                command, preexec_fn=self.prepare(), capture_output=True, timeout=30, cwd="/"
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0


def enter_user_namespace() -> None:
    """Become user 1000 of a new user namespace, without any privilege outside it."""
    uid, gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"1000 {uid} 1")
    Path("/proc/self/gid_map").write_text(f"1000 {gid} 1")

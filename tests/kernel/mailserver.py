"""A mail server of a few lines, that may kill whoever is handing it a letter.

Letters are handed over by SMTP, so that a test kills the sender at the moments that matter: before
the server has the letter, and after it has, but before the sender knows.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import os
import signal
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class Post:
    """The letters that the server has taken, in order. While `victim` is set, it is killed at the
    letter of number `at` (from 1), once that is taken (`taken`) or else before."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    at: int = 0
    taken: bool = False
    victim: int | None = None
    came: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def receive(self, raw: bytes) -> None:
        """Take a letter, unless this is the one at which the sender dies before that."""
        with self.lock:
            self.came += 1
            dies = self.victim is not None and self.came == self.at
            if not dies or self.taken:
                made = email.message_from_bytes(raw, policy=email.policy.default)
                assert isinstance(made, EmailMessage)
                self.letters.append(made)
            if dies and self.victim is not None:
                os.kill(self.victim, signal.SIGKILL)

    def ids_by_reader(self) -> dict[str, list[str]]:
        """What each reader got: the letters' own ids."""
        got: dict[str, list[str]] = {}
        for letter in self.letters:
            got.setdefault(str(letter["To"]), []).append(str(letter["Message-ID"]))
        return got


@contextlib.contextmanager
def receiving() -> Iterator[Post]:
    """A server on a port of its own, as long as the block lasts."""
    post = Post()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                self._talk()

        def _talk(self) -> None:
            self.say(b"220 here")
            while line := self.rfile.readline():
                verb = line[:4].upper()
                if verb == b"DATA":
                    self.say(b"354 go on")
                    post.receive(b"".join(iter(self.rfile.readline, b".\r\n")))
                    self.say(b"250 taken")
                elif verb == b"QUIT":
                    self.say(b"221 bye")
                    return
                else:
                    self.say(b"250 well")

        def say(self, words: bytes) -> None:
            self.wfile.write(words + b"\r\n")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Talk) as server:
        post.port = server.server_address[1]
        serving = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        serving.start()
        try:
            yield post
        finally:
            server.shutdown()
            serving.join()

"""A small service that speaks the few words of S3 that the program needs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Bucket(BaseHTTPRequestHandler):
    """A service that speaks the few words of S3 that the program needs, addressed by path."""

    held: dict[str, bytes]
    protocol_version = "HTTP/1.1"

    def _said(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "ETag": '"e"', **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Last-Modified", "Mon, 06 Jan 2020 10:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            size, _, rest = body.partition(b"\r\n")
            body = rest[: int(size.split(b";")[0], 16)]
        self.held[self.path.partition("?")[0]] = body
        self._said(200)

    def do_GET(self):
        if "prefix=" in self.path:
            return self._said(200, b"<ListBucketResult></ListBucketResult>")
        body = self.held.get(self.path.partition("?")[0])
        return self._said(404) if body is None else self._said(200, body)

    def do_HEAD(self):
        self.do_GET()

    def do_DELETE(self):
        self.held.pop(self.path, None)
        self._said(204)

    def log_message(self, *_):
        pass


@contextmanager
def serving() -> Iterator[tuple[str, dict[str, bytes]]]:
    """The service's address and what its buckets hold."""
    handler = type("Held", (Bucket,), {"held": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", handler.held
        server.shutdown()

"""A client on the same machine: times one request after the other, or many at once.

It shares the two cores with the server, for the product as for the references; the ratios, not the
seconds, are what is kept.
"""

from __future__ import annotations

import gzip
import http.client
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median, quantiles
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    sent: bytes
    seconds: float

    @property
    def body(self) -> bytes:
        """The content, unpacked."""
        packed = self.headers.get("Content-Encoding") == "gzip"
        return gzip.decompress(self.sent) if packed else self.sent


class Client:
    """One connection kept open, with the cookies and headers that it always sends; like every
    browser, it takes answers that are compressed."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self.port, self.headers = port, {"Accept-Encoding": "gzip", **(headers or {})}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields), form)

    def _ask(self, method: str, path: str, body: str | None, more: Mapping[str, str]) -> Answer:
        started = time.perf_counter()
        try:
            self.connection.request(method, path, body, self.headers | dict(more))
            answer = self.connection.getresponse()
        except (http.client.HTTPException, ConnectionError):
            # The server closed a connection that had been idle: ask once more, on a new one.
            self.connection.close()
            started = time.perf_counter()
            self.connection.request(method, path, body, self.headers | dict(more))
            answer = self.connection.getresponse()
        content = answer.read()
        return Answer(answer.status, answer.headers, content, time.perf_counter() - started)


def seconds(client: Client, path: str, times: int = 60, warm: int = 12) -> float:
    """The median time of a page, asked one time after the other by one client."""
    for _number in range(warm):
        _good(client.get(path), path)
    return median(_good(client.get(path), path).seconds for _number in range(times))


def p95(client: Client, paths: list[str]) -> float:
    """The time within which 95 of 100 of these pages come."""
    return quantiles([_good(client.get(path), path).seconds for path in paths], n=20)[-1]


def throughput(
    port: int, path: str, headers: Mapping[str, str], clients: int = 8, length: float = 4.0
) -> float:
    """Pages a second, for several clients at once."""
    counts = [0] * clients
    end = time.perf_counter() + length

    def work(place: int) -> None:
        own = Client(port, headers)
        while time.perf_counter() < end:
            _good(own.get(path), path)
            counts[place] += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / length


def weight(client: Client, path: str) -> int:
    """Bytes of an answer as a browser receives it, compressed where the server compresses."""
    answer = _good(client.get(path), path)
    if answer.headers.get("Content-Encoding"):
        return len(answer.sent)
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith("text/html"):
        # Pages are compressed by the proxy in front of the product: see docs/operating.md.
        return len(gzip.compress(answer.sent, 6))
    return len(answer.sent)


def _good(answer: Answer, path: str) -> Answer:
    if not 200 <= answer.status < 400:
        raise RuntimeError(f"{path} answered {answer.status}")
    return answer

"""A server of the product for the browser tests, with a world in its database:
`python -m tests.browser.served NAME READY`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIServer

import django


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def world(name: str) -> dict[str, Any]:
    """Make the records; returns what the tests must know of them: for each route, by person, the
    address of a page."""
    from django.utils.translation import override

    from tests.trust.routes import walk
    from tests.trust.world import PASSWORD, build, client_of, enlarge

    made = build(size=0 if name == "empty" else 1)
    if name == "full":
        enlarge(made, 5)
    pages: list[dict[str, str]] = []
    for route in walk():
        for role, person in made.people.items():
            try:
                mine = route.example.own(made, person) if route.open_to(person) else None
            except AttributeError:  # no such record in an empty world
                mine = None
            if mine is None:
                continue
            for language in ("fr", "en"):
                with override(language):
                    url = route.url(mine)
                # Addresses without language speak the first one.
                if language == "fr" or url.startswith("/en"):
                    page = {"route": route.name, "language": language, "role": role, "url": url}
                    pages.append(page)
            # One person of those who may is enough to look at a page.
            break
    people = {role: person for role, person in made.people.items() if person}
    return {
        "pages": pages,
        "accounts": {role: person.email for role, person in people.items()},
        "sessions": {
            role: client_of(person).cookies["sessionid"].value for role, person in people.items()
        },
        "password": PASSWORD,
    }


def main(name: str, ready: str) -> None:
    django.setup()
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    told = world(name)

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_args: Any) -> None:
            """Say nothing: failures are logged by the product."""

    server = Server(("127.0.0.1", 0), Quiet)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    told["url"] = f"http://127.0.0.1:{server.server_port}"
    written = Path(f"{ready}.new")
    written.write_text(json.dumps(told), "utf-8")
    written.replace(ready)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

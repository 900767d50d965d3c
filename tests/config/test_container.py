"""The container's files name what exists: settings, commands, folders, programs."""

import re
import socketserver
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import yaml

from diapason.config.cli.group import diapason as program

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
ENVIRONMENT = "src/diapason/config/environment.py"
OURS = {name: service for name, service in COMPOSE["services"].items() if "build" in service}


def settings_read() -> set[str]:
    """Names that the program reads from its environment."""
    quoted = re.compile(r'"(DATABASE_URL|DIAPASON_[A-Z0-9_]+)"')
    sources = (ROOT / "src").rglob("*.py")
    names = {name for path in sources for name in quoted.findall(path.read_text())}
    # Those that are read together, under a common prefix.
    ends = re.findall(r"\{prefix\}([A-Z_]+)", (ROOT / ENVIRONMENT).read_text())
    return names | {prefix + end for prefix in names if prefix.endswith("_") for end in ends}


def test_every_setting_named_exists():
    named = {name for service in OURS.values() for name in service["environment"]}
    named |= set(re.findall(r"\b(DIAPASON_[A-Z_]+)=", DOCKERFILE))
    named |= set(re.findall(r"\$\{(DIAPASON_[A-Z_]+)", (ROOT / "compose.yaml").read_text()))
    assert named
    assert named <= settings_read()


def test_every_command_exists_with_its_options():
    commands = [service["command"] for service in OURS.values()]
    commands += [re.findall(r'"([^"]+)"', DOCKERFILE.rpartition("\nCMD ")[2])]
    for name, command, *options in commands:
        assert name == "diapason"
        known = {text for one in program.commands[command].params for text in one.opts}
        assert {option for option in options if option.startswith("--")} <= known


def test_services_volumes_and_places_agree():
    kept = {
        volume.split(":")[0] for one in COMPOSE["services"].values() for volume in one["volumes"]
    }
    assert kept == set(COMPOSE["volumes"])
    home = re.search(r"DIAPASON_HOME=(\S+)", DOCKERFILE)[1]
    for service in OURS.values():
        assert f"files:{home}" in service["volumes"]
        assert set(service["depends_on"]) <= set(COMPOSE["services"])
    for port in COMPOSE["services"]["web"]["ports"]:
        assert port.startswith("127.0.0.1:"), "a proxy stands before it"


def test_no_secret_is_written_down():
    for service in COMPOSE["services"].values():
        for name, value in service["environment"].items():
            if name.startswith("POSTGRES_PASSWORD") or name == "DATABASE_URL":
                assert "${POSTGRES_PASSWORD:?" in value
            elif "PASSWORD" in name:
                assert re.fullmatch(r"\$\{[A-Z_]+:-\}", value)


def test_what_is_copied_exists_and_is_not_ignored():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    copied = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M)
    assert copied
    for line in copied:
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert f"!{source.split('/')[0]}" in ignored, source


def test_runs_as_an_ordinary_user():
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.M)[-1] not in {"root", "0"}


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_health_is_asked_in_the_name_of_the_site(status, code):
    asked: dict[str, str] = {}

    class Server(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.update(self.headers, path=self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with socketserver.TCPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        done = subprocess.run(
            [sys.executable, ROOT / "tools" / "healthcheck.py", str(port)],
            env={"DIAPASON_HOSTS": "plan.example.org, other.example.org"},
        )
        server.shutdown()
    assert done.returncode == code
    assert asked["Host"] == "plan.example.org"
    assert asked["path"] == "/healthz"


def test_health_is_bad_without_a_server():
    command = [sys.executable, ROOT / "tools" / "healthcheck.py", "9"]
    assert subprocess.run(command).returncode == 1

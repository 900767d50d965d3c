"""Pin newer versions of every part, with hashes and without addresses."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"


def python_packages() -> None:
    """Compile requirements/*.in; needs the program `uv`."""
    for name, more in (("base", []), ("dev", ["-c", "base.txt"])):
        command = [
            "uv", "pip", "compile", "--quiet", "--upgrade", "--generate-hashes",
            "--no-emit-index-url", "--python-version", "3.11", "--universal", "--no-header",
            *more, f"{name}.in", "-o", f"{name}.txt",
        ]  # fmt: skip
        subprocess.run(command, cwd=REQUIREMENTS, check=True)


def front_end_packages() -> None:
    """Let npm choose, then drop the pages where packages ask for money."""
    subprocess.run(
        ["npm", "update", "--ignore-scripts", "--package-lock-only"], cwd=ROOT, check=True
    )
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    try:
        python_packages()
        front_end_packages()
    except FileNotFoundError as missing:
        sys.exit(f"{missing.filename} is needed to pin versions and was not found")

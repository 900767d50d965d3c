"""Make sure that there is a browser for the tests that drive one."""

import os
import shutil
import subprocess
import sys

# The first one draws no windows of its own, which nobody would see: a page takes a third less.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
)


def find() -> str | None:
    """Path of a Chromium of this machine; `DIAPASON_BROWSER` names another one."""
    return os.environ.get("DIAPASON_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    """Install Debian's chromium where that is possible. Returns an exit code."""
    if find():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's chromium for the browser tests…", flush=True)
        _apt("update")
        for name in NAMES[:2]:  # the first one is not in every version of Debian
            _apt("install", "-y", "--no-install-recommends", name)
            if find():
                return 0
    print(
        "The browser tests need Chromium, which is not installed.\n"
        "On Debian: apt install chromium. Elsewhere: put it in DIAPASON_BROWSER.\n"
        "Without it those tests fail in continuous integration and are skipped elsewhere.",
        file=sys.stderr,
        flush=True,
    )
    return 1 if os.environ.get("CI") else 0


def _apt(*arguments: str) -> None:
    subprocess.run(
        ["apt-get", "-q", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    sys.exit(main())

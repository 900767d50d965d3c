"""Have .venv find the sources by a path relative to itself.

An absolute one breaks when the folder is moved, or has accents in its name and
the machine's language is not set up: Python reads it as the language says.
"""

import os
import sys
import sysconfig
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[1] / "src"


def main() -> int:
    """Rewrite what `pip install --editable` wrote; returns an exit code."""
    packages = Path(sysconfig.get_path("purelib"))
    links = list(packages.glob("__editable__.diapason-*.pth"))
    for link in links:
        link.write_text(os.path.relpath(SOURCES, packages.resolve()) + "\n", "ascii")
    return 0 if links else 1


if __name__ == "__main__":
    sys.exit(main())

"""The console script `diapason`."""

from __future__ import annotations

import os
import sys

from diapason.config import words


def main() -> None:
    """Run the command that the arguments name, and end with its exit code.

    0: good. 1: what was asked failed, or faults were found. 2: wrong usage.
    """
    # The commands' help is translated when their module is imported.
    words.speak(words.wanted(sys.argv[1:], os.environ))
    from diapason.config.cli.running import run

    sys.exit(run(sys.argv[1:]))

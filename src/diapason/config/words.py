"""The language of what the commands themselves say.

Commands speak before Django is set up, and some never set it up: their words, and those of click,
come from this package's catalogue through Python's own gettext.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

LANGUAGES = ("fr", "en")
CATALOGUES = Path(__file__).parent / "locale"


def wanted(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """`fr` or `en`: what `--language` says, else what the machine speaks, else English."""
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--language":
            said = value if equals else "".join(arguments[place + 1 : place + 2])
            if said in LANGUAGES:
                return said
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if said := environment.get(name, ""):
            return said[:2] if said[:2] in LANGUAGES else "en"
    return "en"


def speak(language: str) -> None:
    """From now on `gettext.gettext` answers in that language, in this process and its children."""
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("django", str(CATALOGUES))
    gettext.textdomain("django")


def spoken() -> str:
    """The language chosen by `speak`."""
    said = os.environ.get("LANGUAGE", "")
    return said if said in LANGUAGES else "en"

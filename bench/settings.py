"""The product as it is served, with the reference views beside it."""

from pathlib import Path

from diapason.config.settings.base import *  # noqa: F403
from diapason.config.settings.base import TEMPLATES

ROOT_URLCONF = "bench.urls"
TEMPLATES[0]["DIRS"] = [Path(__file__).parent / "templates"]

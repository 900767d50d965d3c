"""What `npm run build` writes is there, small, and asks nothing of anybody else."""

import gzip
import re
from pathlib import Path

import pytest

from diapason import ui

DIST = Path(ui.__file__).parent / "dist" / "ui"


def packed(name):
    content = (DIST / name).read_bytes()
    return len(content) if name.endswith(".woff2") else len(gzip.compress(content, 6))


def test_a_page_s_files_weigh_little():
    weights = {
        name: packed(name)
        for name in (
            "diapason.css",
            "diapason.js",
            "htmx.min.js",
            "fonts/source-sans-3.woff2",
            "fonts/bricolage-grotesque.woff2",
        )
    }
    assert weights["diapason.css"] < 25_000
    # The rest of 150 kB is for the page itself and its pictures.
    assert sum(weights.values()) < 125_000, weights


def test_the_stylesheet_calls_only_files_that_are_there():
    css = (DIST / "diapason.css").read_text("utf-8")
    called = re.findall(r"url\(\"?([^)\"]+)\"?\)", css)
    assert called
    for url in called:
        assert not url.startswith(("data:", "http", "//"))
        assert (DIST / url).is_file(), url


@pytest.mark.parametrize("name", ["diapason.js", "htmx.min.js"])
def test_scripts_are_built(name):
    assert (DIST / name).stat().st_size > 1000

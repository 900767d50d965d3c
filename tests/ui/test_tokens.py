"""Every pair of colours that may meet is legible."""

import re
from pathlib import Path

import pytest

from diapason.ui import tokens

SCSS = Path(tokens.__file__).parent / "scss" / "_tokens.scss"


@pytest.mark.parametrize(("text", "ground"), tokens.TEXT_PAIRS)
def test_text_is_legible_on_its_ground(text, ground):
    assert tokens.contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("mark", "ground"), tokens.GRAPHIC_PAIRS)
def test_marks_stand_out_from_their_ground(mark, ground):
    assert tokens.contrast(mark, ground) >= 3


def test_contrast_follows_the_reference_values():
    assert tokens.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert tokens.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_stylesheet_has_the_same_colours():
    declared = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", SCSS.read_text("utf-8")))
    for name, value in vars(tokens).items():
        if name.isupper() and isinstance(value, str):
            short = declared[name.lower().replace("_", "-")]
            full = short if len(short) == 7 else "#" + "".join(c * 2 for c in short[1:])
            assert full == value, name

"""The colours of `scss/_tokens.scss`, for what is drawn outside a stylesheet: PDF, mail, tests."""

BASALT = "#1d2126"
BASALT_2 = "#2a3037"
ASH = "#f6f4ef"
PAPER = "#fffdf9"
SHADE = "#faf7f1"
TRACK = "#eae6dc"
LINE = "#e4e0d6"
EDGE = "#857d70"
SLATE = "#56606b"
ON_DARK = "#ffffff"
ON_DARK_2 = "#b9c0c8"
LAVA = "#c2410c"
LAVA_DEEP = "#9a3412"
LAVA_WASH = "#fdeee2"
EMBER = "#f08a4b"
MOSS = "#2f6b46"
MOSS_DEEP = "#23543a"
MOSS_WASH = "#e3efe6"
AMBER = "#8a5a00"
AMBER_BAR = "#b7791f"
AMBER_WASH = "#fcf0d3"
ROSE = "#a01c33"
ROSE_WASH = "#fbe3e6"
GREY = "#a8a79f"
GREY_WASH = "#ecebe6"
SKY = "#1f5a80"
SKY_WASH = "#e4eef5"

# Which text stands on which ground: WCAG 2.2 asks 4.5 to 1 of each.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    (BASALT, ASH), (BASALT, PAPER), (BASALT, SHADE), (BASALT, SKY_WASH), (BASALT, AMBER_WASH),
    (BASALT, ROSE_WASH), (SLATE, ASH), (SLATE, PAPER), (SLATE, SHADE), (SLATE, GREY_WASH),
    (SLATE, LAVA_WASH), (SLATE, TRACK), (LAVA_DEEP, ASH), (LAVA_DEEP, PAPER),
    (LAVA_DEEP, LAVA_WASH), (LAVA, PAPER), (ON_DARK, LAVA), (ON_DARK, LAVA_DEEP),
    (ON_DARK, BASALT), (ON_DARK, BASALT_2), (ON_DARK_2, BASALT), (EMBER, BASALT),
    (MOSS, PAPER), (MOSS, ASH), (MOSS, MOSS_WASH), (MOSS_DEEP, MOSS_WASH), (AMBER, PAPER),
    (AMBER, ASH), (AMBER, AMBER_WASH), (ROSE, PAPER), (ROSE, ASH), (ROSE, ROSE_WASH),
    (SKY, PAPER), (SKY, SKY_WASH),
)  # fmt: skip

# Bars, marks, edges of fields and focus rings on their ground: 3 to 1.
GRAPHIC_PAIRS: tuple[tuple[str, str], ...] = (
    (MOSS, PAPER), (AMBER_BAR, PAPER), (ROSE, PAPER), (SKY, PAPER), (BASALT, TRACK),
    (EDGE, PAPER), (EDGE, ASH), (LAVA, ASH), (LAVA, PAPER), (LAVA, LAVA_WASH), (EMBER, BASALT),
)  # fmt: skip


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two `#rrggbb` colours, from 1 to 21 (WCAG 2.2's formula)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

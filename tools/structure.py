"""Draw the house as it stands, from its real imports: `python tools/structure.py`.

Writes docs/structure.svg: the floors of .importlinter, the rooms that are there, and an arrow for
each room that another one enters. `--check` writes nothing and says whether the picture is current.
"""

from __future__ import annotations

import configparser
import sys
from pathlib import Path
from xml.sax.saxutils import escape

import grimp

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "structure.svg"
PACKAGE = "diapason"
WIDTH, FLOOR, BOX, GAP, MARGIN = 980, 92, 44, 14, 150
# What each floor is for.
PURPOSES = {
    "config": "wires, decides nothing",
    "site": "the common pages",
    "desk": "the actions’ own rooms",
    "calls": "shared capabilities",
    "plan": "promises and figures",
    "directory": "who is who",
    "ui": "how it looks",
    "kernel": "what all stand on",
}


def floors() -> list[list[str]]:
    """The rooms of each floor, from the roof down."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    layers = contracts["importlinter:contract:floors"]["layers"].split("\n")
    return [[room.strip(" ()") for room in layer.split("|")] for layer in layers if layer.strip()]


def doors() -> set[tuple[str, str]]:
    """Which room enters which: (importer, imported)."""
    graph = grimp.build_graph(PACKAGE, include_external_packages=False, cache_dir=None)
    found = set()
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            rooms = tuple(module.split(".")[1] for module in (importer, imported) if "." in module)
            if len(rooms) == 2 and rooms[0] != rooms[1]:
                found.add(rooms)
    return found


def standing() -> set[str]:
    """The rooms that are built."""
    source = ROOT / "src" / PACKAGE
    return {path.parent.name for path in source.glob("*/__init__.py")}


def picture() -> str:
    """The drawing, as SVG; the same for the same house."""
    rows, built = floors(), standing()
    places: dict[str, tuple[float, float, float]] = {}
    parts = []
    for level, rooms in enumerate(rows):
        top = 24 + level * FLOOR
        width = (WIDTH - MARGIN - 24 - GAP * (len(rooms) - 1)) / len(rooms)
        purpose = PURPOSES.get(rooms[0], "")
        parts.append(
            f'<text x="24" y="{top + BOX / 2 + 5:.0f}" class="purpose">{escape(purpose)}</text>'
        )
        for place, room in enumerate(rooms):
            left = MARGIN + place * (width + GAP)
            places[room] = (left, top, width)
            kind = "room" if room in built else "coming"
            middle = left + width / 2
            parts.append(
                f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{BOX}" rx="8" '
                f'class="{kind}"/><text x="{middle:.1f}" y="{top + BOX / 2 + 5:.0f}" '
                f'class="name {kind}-name">{escape(room)}</text>'
            )
    for importer, imported in sorted(doors()):
        if importer in places and imported in places:
            parts.append(_arrow(places[importer], places[imported]))
    height = 24 + len(rows) * FLOOR
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'role="img" aria-labelledby="title">'
        '<title id="title">The rooms on their floors, and which room enters which</title>'
        "<style>text{font:15px sans-serif;fill:#1d2126}.purpose{font-size:12px;fill:#56606b}"
        ".name{text-anchor:middle;font-weight:600}.coming-name{fill:#56606b;font-weight:400}"
        ".room{fill:#fffdf9;stroke:#1d2126}.coming{fill:none;stroke:#56606b;"
        "stroke-dasharray:4 4}path{fill:none;stroke:#c2410c;stroke-opacity:.55;"
        "stroke-width:1.5}marker path{fill:#c2410c;stroke:none}</style>"
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>'
        f'<rect width="{WIDTH}" height="{height}" fill="#f6f4ef"/>' + "\n".join(parts) + "</svg>\n"
    )


def _arrow(start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    """From the bottom of a room to the top of another; far ones bend, so as not to cross boxes."""
    floors_between = round((end[1] - start[1]) / FLOOR)
    shift = 0.5 + 0.4 * ((floors_between - 1) / 7 if floors_between else 0)
    x1, y1 = start[0] + start[2] * shift, start[1] + BOX
    x2, y2 = end[0] + end[2] * shift, end[1] - 2
    bend = 0 if floors_between == 1 else 18 + 6 * floors_between
    return (
        f'<path d="M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1 + 24:.1f} {x2 + bend:.1f} '
        f'{y2 - 24:.1f} {x2:.1f} {y2:.1f}" marker-end="url(#tip)"/>'
    )


def main(arguments: list[str]) -> int:
    """Draw, or check; returns an exit code."""
    drawn = picture()
    if "--check" in arguments:
        current = PICTURE.exists() and PICTURE.read_text("utf-8") == drawn
        if not current:
            print("docs/structure.svg is out of date: python tools/structure.py", file=sys.stderr)
        return 0 if current else 1
    PICTURE.write_text(drawn, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

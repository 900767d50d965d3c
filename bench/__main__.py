"""`python -m bench [NAME …]`: measure, keep the results, write the table of docs/performance.md."""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import date
from pathlib import Path

from bench import server

RESULTS = Path("bench/results.json")
PAGE = Path("docs/performance.md")
START, END = "<!-- measured -->", "<!-- end of measured -->"


def main(names: list[str]) -> int:
    server.prepare()
    from bench import runs, world

    unknown = [name for name in names if name not in runs.RUNS]
    if unknown:
        print(f"No such run: {', '.join(unknown)}. There are: {', '.join(runs.RUNS)}.")
        return 2
    os.environ["DIAPASON_DEMONSTRATION"] = "1"
    os.environ["DIAPASON_TODAY"] = world.AT.isoformat()
    from django.conf import settings

    settings.DEMONSTRATION, settings.DEMONSTRATION_DAY = True, world.AT.isoformat()
    world.load()
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    failed = 0
    with server.served() as port:
        for name in names or list(runs.RUNS):
            print(f"{name}: {runs.RUNS[name].__doc__}")
            results = runs.RUNS[name](port)
            for one in results:
                mark = "  " if one.holds else "✗ "
                print(f"  {mark}{one.what}: {one.value:.2f} {one.unit}")
                failed += not one.holds
            kept[name] = {
                "on": date.today().isoformat(),  # noqa: DTZ011 - the day of the machine
                "python": platform.python_version(),
                "command": f"make bench-{name}",
                "results": [
                    {
                        "what": one.what,
                        "value": round(one.value, 3),
                        "unit": one.unit,
                        "at_most": one.at_most,
                        "at_least": one.at_least,
                        "holds": one.holds,
                    }
                    for one in results
                ],
            }
            RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    _write_page(kept)
    print(f"{failed} of the bars are not held." if failed else "Every bar is held.")
    return 0


def _write_page(kept: dict[str, dict]) -> None:
    """Put the tables between the two marks of the page."""
    lines = [START, ""]
    for name, run in kept.items():
        lines += [
            f"### {name}",
            "",
            f"`{run['command']}`, {run['on']}, Python {run['python']}.",
            "",
            "| what | measured | bar | held |",
            "|---|---|---|---|",
        ]
        for one in run["results"]:
            bar = ""
            if one["at_most"] is not None:
                bar = f"≤ {one['at_most']:g}"
            if one["at_least"] is not None:
                bar = f"≥ {one['at_least']:g}"
            held = "yes" if one["holds"] else "**no**"
            value = f"{one['value']:,.2f}".rstrip("0").rstrip(".")
            lines.append(
                f"| {one['what']} | {value} {one['unit']} | {bar} | {held if bar else ''} |"
            )
        lines.append("")
    text = PAGE.read_text()
    before, after = text.split(START)[0], text.split(END)[1]
    PAGE.write_text(before + "\n".join([*lines, END]) + after)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

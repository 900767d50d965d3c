"""Reading pages strictly, as a browser and a screen reader would."""

from __future__ import annotations

import html5lib
from django.http import HttpResponse

_HTML = "{http://www.w3.org/1999/xhtml}"


def parsed(response: HttpResponse):
    """The page's tree; fails on bad markup, on any number of h1 but one, on a field without a
    label, on an id twice, and on what a strict policy would block."""
    parser = html5lib.HTMLParser(strict=True)
    tree = parser.parse(response.content.decode())
    nodes = list(tree.iter())
    assert sum(node.tag == f"{_HTML}h1" for node in nodes) == 1
    ids = [node.attrib["id"] for node in nodes if "id" in node.attrib]
    assert len(ids) == len(set(ids)), ids
    labelled = {node.attrib.get("for") for node in nodes if node.tag == f"{_HTML}label"}
    for node in nodes:
        assert not {"style", "onclick", "onsubmit"} & node.attrib.keys()
        if node.tag == f"{_HTML}script" and "src" not in node.attrib:
            assert node.attrib.get("type") == "application/json"
        if node.tag in {f"{_HTML}input", f"{_HTML}select", f"{_HTML}textarea"}:
            if node.attrib.get("type") in {"hidden", "submit"} or "hidden" in node.attrib:
                continue
            assert node.attrib.get("id") in labelled or "aria-label" in node.attrib, node.attrib
    return tree


def words(response: HttpResponse) -> str:
    """What the page says, its spaces made single."""
    body = parsed(response).find(f"{_HTML}body")
    told = [
        text
        for node in body.iter()
        if node.tag not in {f"{_HTML}script", f"{_HTML}style"}
        for text in (node.text, node.tail)
        if text
    ]
    return " ".join(" ".join(told).split())

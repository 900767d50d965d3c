"""Reading a page strictly: what a browser, a screen reader or a strict policy would stumble on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from django.conf import settings
from django.urls import Resolver404, get_urlconf, resolve
from django.utils.translation import override

_HTML = "{http://www.w3.org/1999/xhtml}"
_HEADING = re.compile(r"h[1-6]")
_DATA = ("application/json", "application/ld+json")
_FIELDS = ("input", "select", "textarea")
# Fields that need no label of their own.
_UNLABELLED = {"hidden", "submit", "reset", "button", "image"}
# What a template leaves behind when it is wrong.
_LEFTOVERS = ("{{", "{%", "}}", "%}")
# Answered without a view of ours.
_FILES = ("/static/", "/media/")


def is_document(content_type: str, content: bytes) -> bool:
    """Whether this is a whole page, not a part that replaces one."""
    start = content[:200].lstrip().lower()
    return content_type.startswith("text/html") and start.startswith((b"<!doctype", b"<html"))


def language_of(path: str) -> str:
    """The language that an address announces."""
    return "en" if path == "/en" or path.startswith("/en/") else "fr"


@lru_cache(maxsize=4096)
def faults(content: bytes, language: str) -> tuple[str, ...]:
    """Everything that is wrong with a page, each as a sentence; empty for a good page."""
    text = content.decode()
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    root = parser.parse(text)
    found = [
        f"line {line}: {html5lib.constants.E[code] % details}"
        for (line, _column), code, details in parser.errors
    ]
    return tuple(dict.fromkeys([*found, *_Page(root, language).faults()]))


class _Page:
    def __init__(self, root: Element, language: str) -> None:
        self.root, self.language = root, language
        self.parents = {child: parent for parent in root.iter() for child in parent}
        self.nodes = [
            (str(node.tag).removeprefix(_HTML), node)
            for node in root.iter()
            if isinstance(node.tag, str)
        ]
        self.ids = [node.attrib["id"] for _tag, node in self.nodes if "id" in node.attrib]
        self.labelled = {node.get("for") for tag, node in self.nodes if tag == "label"}

    def faults(self) -> Iterator[str]:
        yield from self._head()
        yield from self._headings()
        yield from self._ids()
        for tag, node in self.nodes:
            yield from self._attributes(tag, node)
            yield from self._names(tag, node)
            if tag == "form":
                yield from self._form(node)
            for attribute in ("href", "action", "src"):
                if attribute in node.attrib:
                    yield from self._address(tag, attribute, node.attrib[attribute])
            for piece in (node.text, node.tail):
                if tag not in ("script", "style") and piece:
                    yield from _leftovers(piece)

    def _head(self) -> Iterator[str]:
        titles = [
            node for tag, node in self.nodes if tag == "title" and self._parent(node) == "head"
        ]
        if len(titles) != 1 or not text_of(titles[0]):
            yield "the page has no title, or more than one"
        language = self.root.get("lang")
        if language != self.language:
            yield f"the page says lang={language!r}, its address {self.language!r}"

    def _headings(self) -> Iterator[str]:
        levels = [
            (int(tag[1]), text_of(node)) for tag, node in self.nodes if _HEADING.fullmatch(tag)
        ]
        firsts = [words for level, words in levels if level == 1]
        if len(firsts) != 1:
            yield f"a page has one h1, not {len(firsts)}: {firsts}"
        above = 0
        for level, words in levels:
            if above and level > above + 1:
                yield f"the heading {words!r} is an h{level} under an h{above}"
            if not words:
                yield f"an h{level} is empty"
            above = level

    def _ids(self) -> Iterator[str]:
        for twice in sorted({name for name in self.ids if self.ids.count(name) > 1}):
            yield f"the id {twice!r} is there more than once"
        known = set(self.ids)
        for tag, node in self.nodes:
            for attribute in ("aria-labelledby", "aria-describedby", "for", "headers", "list"):
                for name in node.get(attribute, "").split():
                    if name not in known:
                        yield f"<{tag} {attribute}={name!r}> points at nothing"

    def _attributes(self, tag: str, node: Element) -> Iterator[str]:
        for name, value in node.attrib.items():
            if name == "style":
                yield f"<{tag}> has an inline style, which the security policy blocks"
            elif name.startswith("on"):
                yield f"<{tag}> has an inline {name}, which the security policy blocks"
            # What somebody typed comes back in `value`: it is a text, nothing follows it.
            elif name != "value" and value.strip().lower().startswith("javascript:"):
                yield f"<{tag}> has an address that is a program"
        if tag == "style":
            yield "an inline <style>, which the security policy blocks"
        if tag == "script" and "src" not in node.attrib and node.get("type") not in _DATA:
            yield "an inline <script>, which the security policy blocks"

    def _names(self, tag: str, node: Element) -> Iterator[str]:
        if tag == "img" and "alt" not in node.attrib:
            yield f"the picture {node.get('src')!r} has no alt"
        is_field = tag in _FIELDS and node.get("type") not in _UNLABELLED
        is_field = is_field and "hidden" not in node.attrib
        if is_field and not self._is_labelled(node):
            yield f"the field {node.get('name')!r} has no label"
        leads = tag == "button" or (tag == "a" and "href" in node.attrib)
        if leads and not (name_of(node) or node.get("aria-labelledby")):
            yield f"a <{tag}> says nothing to who cannot see it: {node.attrib}"

    def _is_labelled(self, node: Element) -> bool:
        spoken = node.get("aria-label") or node.get("aria-labelledby")
        return bool(spoken or node.get("id") in self.labelled or "label" in self._ancestors(node))

    def _form(self, node: Element) -> Iterator[str]:
        names = {field.get("name") for field in node.iter(f"{_HTML}input")}
        method = node.get("method", "get").lower()
        if method == "post" and "csrfmiddlewaretoken" not in names:
            yield f"the form {node.get('action', '')!r} has no CSRF token"
        if method == "get" and "csrfmiddlewaretoken" in names:
            yield f"the form {node.get('action', '')!r} puts its CSRF token in the address"

    def _address(self, tag: str, attribute: str, address: str) -> Iterator[str]:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return
        if not parts.path:
            fragment = unquote(parts.fragment)
            if tag == "a" and fragment and fragment not in (*self.ids, "top"):
                yield f"the link #{fragment} points at nothing"
            if tag == "a" and address in ("", "#"):
                yield "a link leads nowhere"
            return
        inside = parts.path.startswith("/") and not parts.path.startswith(_FILES)
        if inside and not answered(parts.path, get_urlconf() or settings.ROOT_URLCONF):
            yield f"<{tag} {attribute}={address!r}> leads to no page"

    def _parent(self, node: Element) -> str:
        parent = self.parents.get(node)
        return "" if parent is None else str(parent.tag).removeprefix(_HTML)

    def _ancestors(self, node: Element) -> Iterable[str]:
        found: Element | None = self.parents.get(node)
        while found is not None:
            yield str(found.tag).removeprefix(_HTML)
            found = self.parents.get(found)


@lru_cache(maxsize=65536)
def answered(path: str, routes: str) -> bool:
    """Whether one of the routes of a module answers this address, in the language that it
    announces."""
    try:
        with override(language_of(path)):
            resolve(unquote(path), routes)
    except Resolver404:
        return False
    return True


def text_of(node: Element) -> str:
    return " ".join("".join(node.itertext()).split())


def name_of(node: Any) -> str:
    """What a link or a button says, its pictures included."""
    spoken = [node.get("aria-label", ""), node.get("title", ""), text_of(node)]
    spoken += [picture.get("alt", "") for picture in node.iter(f"{_HTML}img")]
    spoken += [drawing.get("aria-label", "") for drawing in node.iter()]
    return " ".join(filter(None, spoken)).strip()


def _leftovers(piece: str) -> Iterator[str]:
    for mark in _LEFTOVERS:
        if mark in piece:
            yield f"a piece of a template is left: {piece.strip()[:60]!r}"
    if piece.strip() == "None":
        yield "a value that is not there is written “None”"

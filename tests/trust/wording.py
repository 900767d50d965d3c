"""What the product says: every sentence of the code and templates, and the French catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import engines
from django.template.base import Lexer, Node, NodeList, TokenType
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from diapason.config.messages import CONTEXT_END, PLURAL_END, read

SOURCES = Path(settings.PACKAGE)
CALLS = {
    "gettext": (0,),
    "gettext_lazy": (0,),
    "gettext_noop": (0,),
    "ngettext": (0, 1),
    "ngettext_lazy": (0, 1),
    "pgettext": (1,),
    "pgettext_lazy": (1,),
    "npgettext": (1, 2),
    "npgettext_lazy": (1, 2),
}
# In a template, a text in an attribute's or a tag's argument.
_UNDERSCORE = re.compile(r"""_\(\s*(?:"([^"]*)"|'([^']*)')\s*\)""")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)(?:![a-z])?(?::[^}]*)?\}")


@dataclass(frozen=True)
class Said:
    """A sentence and where it is said. `key` is how a catalogue knows it."""

    key: str
    where: str


def templates(root: Path = SOURCES) -> list[Path]:
    return sorted(
        path
        for path in root.rglob("templates/**/*")
        if path.suffix in {".html", ".txt", ".svg", ".xml"}
    )


def said_in_python(path: Path) -> Iterator[Said]:
    """Every text that a Python file has translated."""
    tree = ast.parse(path.read_text("utf-8"))
    names = {name: name for name in CALLS}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {
                alias.asname: alias.name
                for alias in node.names
                if alias.asname and alias.name in CALLS
            }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        if name not in names:
            continue
        places = CALLS[names[name]]
        given = node.args[: places[-1] + 1]
        texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in given]
        if len(texts) <= places[-1] or not all(isinstance(text, str) for text in texts):
            continue
        key = PLURAL_END.join(texts[place] for place in places)
        if places[0] == 1:
            key = f"{texts[0]}{CONTEXT_END}{key}"
        yield Said(key, f"{path}:{node.lineno}")


def said_in_template(path: Path, text: str | None = None) -> Iterator[Said]:
    """Every text that a template has translated."""
    source = path.read_text("utf-8") if text is None else text
    template = engines["django"].from_string(source).template
    for node in _nodes(template.nodelist):
        if isinstance(node, TranslateNode):
            literal = node.filter_expression.var
            message = getattr(literal, "literal", literal)
            if isinstance(message, str):
                context = node.message_context.var if node.message_context else ""
                yield Said(_with_context(context, str(message).replace("%", "%%")), str(path))
        elif isinstance(node, BlockTranslateNode):
            singular, _names = node.render_token_list(node.singular)
            texts = [singular]
            if node.plural and node.countervar:
                texts.append(node.render_token_list(node.plural)[0])
            context = node.message_context.var if node.message_context else ""
            yield Said(_with_context(context, PLURAL_END.join(texts)), str(path))
    for token in Lexer(source).tokenize():
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for match in _UNDERSCORE.finditer(token.contents):
                yield Said((match[1] or match[2] or "").replace("%", "%%"), str(path))


def _with_context(context: Any, message: str) -> str:
    return f"{context}{CONTEXT_END}{message}" if context else message


def _nodes(nodes: NodeList) -> Iterator[Node]:
    for node in nodes:
        yield node
        for name in node.child_nodelists:
            yield from _nodes(getattr(node, name, None) or NodeList())
        branches = getattr(node, "conditions_nodelists", [])
        for _condition, inner in branches:
            yield from _nodes(inner)


def said(root: Path = SOURCES) -> Iterator[Said]:
    """Every sentence of the product."""
    for path in sorted(root.rglob("*.py")):
        yield from said_in_python(path)
    for path in templates(root):
        yield from said_in_template(path)


def texts_in_python(path: Path) -> Iterator[str]:
    """Every text that stands in a Python file, the descriptions of its functions as read by help
    pages: a sentence may be kept in a table, and translated where it is told."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.FunctionDef) and (told := ast.get_docstring(node)):
            yield told


def catalogue_paths(root: Path = SOURCES) -> list[Path]:
    return sorted(root.rglob("locale/fr/LC_MESSAGES/django.po"))


def catalogue(root: Path = SOURCES) -> dict[str, str]:
    """The French of every sentence; what is fuzzy or empty is not there."""
    merged: dict[str, str] = {}
    for path in catalogue_paths(root):
        merged |= read(path)
    return merged


# How French is written.

_NO_BREAK = "\u00a0\u202f"
_WRONG_SPACE = re.compile(rf"(?<=\S) [:;?!»%€](?=\s|$|[<.,)…»])|« (?=\S)|«(?=[^\s{_NO_BREAK}])")
_MISSING_SPACE = re.compile(r"(?<=[\wÀ-ÿ)”»])[;?!»](?=\s|$|[<»)])|(?<=[A-Za-zÀ-ÿ)”»]):(?=\s|$)")
_STRAIGHT = re.compile(r"(?<=[A-Za-zÀ-ÿ])'(?=[A-Za-zÀ-ÿ%{])")
# What is not prose: addresses, markup, entities, keys.
_NOT_PROSE = re.compile(r"https?://\S+|<[^>]*>|&\w+;|%\(\w+\)[sd]|\{[^}]*\}|`[^`]*`")


def french_faults(text: str) -> list[str]:
    """What French typography asks and this text does not do."""
    prose = _NOT_PROSE.sub("x", text)
    found = []
    if _STRAIGHT.search(prose):
        found.append("a straight apostrophe instead of ’")
    if _WRONG_SPACE.search(prose):
        found.append("an ordinary space where French puts a no-break one")
    if _MISSING_SPACE.search(prose):
        found.append("no space before : ; ? ! or »")
    if "..." in prose:
        found.append("three dots instead of …")
    return found


def placeholders(text: str) -> set[str]:
    return {match[0] for match in _PLACEHOLDER.finditer(text)}


# What a template says without having it translated.

_HOLE = "\x00"
_UNREAD = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SPOKEN = re.compile(r"""\b(?:alt|title|aria-label|placeholder|label)=("([^"]*)"|'([^']*)')""")
_NOT_WORDS = re.compile(r'&#?\w+;|[\w-]+="[^"]*"')
_WORDS = re.compile(r"[A-Za-zÀ-ÿ]{2,}")


def literal_texts(source: str) -> list[str]:
    """The words that stand in a template outside translate and blocktranslate."""
    pieces, inside = [], ""
    for token in Lexer(source).tokenize():
        if token.token_type is TokenType.BLOCK:
            word = token.contents.split()[0]
            if word in {"blocktranslate", "blocktrans", "comment", "verbatim"}:
                inside = f"end{word}"
            elif word == inside:
                inside = ""
            pieces.append(_HOLE)
        elif token.token_type is TokenType.VAR:
            pieces.append(_HOLE)
        elif token.token_type is TokenType.TEXT and not inside:
            pieces.append(token.contents)
    text = _UNREAD.sub(" ", "".join(pieces))
    found = [match[2] or match[3] or "" for match in _SPOKEN.finditer(text)]
    found += _TAG.sub(_HOLE, text).split(_HOLE)
    told = [" ".join(_NOT_WORDS.sub(" ", piece).split()) for piece in found]
    return [words.strip("·/ ") for words in told if _WORDS.search(words)]

"""Compile the catalogues of translations: `python -m diapason.config.messages`.

Does in Python what `msgfmt` does, so that setting up needs no GNU gettext.
Only catalogues newer than their compiled file are compiled.
"""

import ast
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[1]
CONTEXT_END = "\x04"
PLURAL_END = "\x00"
# Header of a compiled catalogue: magic number, revision, count, two tables, no hash table.
HEADER = struct.Struct("<7I")
MAGIC = 0x950412DE


class CatalogueError(ValueError):
    """A catalogue is not written as it should; the message names file and line."""


def read(path: Path) -> dict[str, str]:
    """Messages of a `.po` file with their translations; fuzzy and empty ones are left out.

    Raises `CatalogueError`.
    """
    messages: dict[str, str] = {}
    for entry in _entries(path):
        translations = [text for key, text in sorted(entry.items()) if key.startswith("msgstr")]
        if "msgid" not in entry or not translations or not all(translations):
            continue
        key = entry["msgid"]
        if "msgctxt" in entry:
            key = entry["msgctxt"] + CONTEXT_END + key
        if "msgid_plural" in entry:
            key += PLURAL_END + entry["msgid_plural"]
        messages[key] = PLURAL_END.join(translations)
    return messages


def _entries(path: Path) -> Iterator[dict[str, str]]:
    entry: dict[str, str] = {}
    field, fuzzy = "", False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            if entry and field.startswith("msgstr"):
                if not fuzzy:
                    yield entry
                entry, field, fuzzy = {}, "", False
            if line.startswith("#,") and "fuzzy" in line:
                fuzzy = True
            continue
        name, _, text = line.partition(" ") if line[0] != '"' else (field, "", line)
        try:
            value = ast.literal_eval(text.strip())
        except (SyntaxError, ValueError) as error:
            raise CatalogueError(f"{path}:{number}: not a quoted text: {text}") from error
        if not name.startswith("msg") or not isinstance(value, str):
            raise CatalogueError(f"{path}:{number}: not understood: {line}")
        if name != field and name in {"msgid", "msgctxt"} and field.startswith("msgstr"):
            if not fuzzy:
                yield entry
            entry, fuzzy = {}, False
        field = name
        entry[field] = entry.get(field, "") + value
    if entry and not fuzzy:
        yield entry


def compiled(messages: dict[str, str]) -> bytes:
    """The `.mo` file of these messages, as Python's gettext reads it."""
    keys = sorted(messages, key=str.encode)
    texts = [key.encode() for key in keys] + [messages[key].encode() for key in keys]
    first_table = HEADER.size
    second_table = first_table + 8 * len(keys)
    position = second_table + 8 * len(keys)
    table = bytearray()
    for text in texts:
        table += struct.pack("<2I", len(text), position)
        position += len(text) + 1
    header = HEADER.pack(MAGIC, 0, len(keys), first_table, second_table, 0, position)
    return header + bytes(table) + b"".join(text + b"\0" for text in texts)


def compile_all(sources: Path = SOURCES) -> list[Path]:
    """Compile what changed under `sources`; returns the files written."""
    written = []
    for path in sorted(sources.rglob("locale/*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        made = target.with_suffix(".mo.new")
        made.write_bytes(compiled(read(path)))
        made.replace(target)
        written.append(target)
    return written


def main() -> int:
    """Compile everything; returns an exit code."""
    try:
        compile_all()
    except CatalogueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

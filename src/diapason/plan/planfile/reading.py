"""Read a plan file: the plan, or everything that is wrong with it."""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path as FilePath
from typing import Any

from diapason.plan.planfile.building import build
from diapason.plan.planfile.faults import ERROR, WARNING, Fault, dotted
from diapason.plan.planfile.model import PlanFile
from diapason.plan.planfile.sense import check_sense
from diapason.plan.planfile.shape import check_shape
from diapason.plan.planfile.source import MAX_BYTES, Path, Place, read_source
from diapason.plan.planfile.wording import LANGUAGES, phrase

MOST_FAULTS = 200
# A file that is one long mistake is not read to its end.
MOST_COLLECTED = 400


class _Enough(Exception):
    pass


class _Notebook:
    """Collects the faults of one file, in the reader's language, each once."""

    def __init__(self, file: str, language: str) -> None:
        self.file, self.language = file, language
        self.faults: set[Fault] = set()

    def report(
        self, code: str, place: Place, path: Path = (), level: str = ERROR, **details: Any
    ) -> None:
        message, mend = phrase(code, self.language, details)
        line, column = place
        where = dotted(path)[:300]
        self.faults.add(Fault(self.file, line, column, level, where, message, mend, code))
        if len(self.faults) >= MOST_COLLECTED:
            raise _Enough

    def sorted(self) -> list[Fault]:
        """By line; when they are too many, the errors come before the warnings."""
        faults = sorted(self.faults)
        if len(faults) <= MOST_FAULTS:
            return faults
        errors = [fault for fault in faults if fault.level == ERROR]
        warnings = [fault for fault in faults if fault.level == WARNING]
        kept = sorted((errors + warnings)[: MOST_FAULTS - 1])
        message, mend = phrase("too-many-faults", self.language, {"limit": MOST_FAULTS - 1})
        last = kept[-1].line
        level = ERROR if errors else WARNING
        return [*kept, Fault(self.file, last, 1, level, "", message, mend, "too-many-faults")]


def read(
    path: FilePath | str,
    *,
    known_measures: Collection[str] | None = None,
    known_rooms: Collection[str] | None = None,
    language: str = "en",
) -> tuple[PlanFile | None, list[Fault]]:
    """The plan of the file at ``path`` and its faults, ordered by line, at most 200.

    The plan is None when there is an error; warnings alone leave it. With ``known_measures`` (keys
    such as ``desk.enterprises_incubated``), a measure that an installed room doesn't offer is an
    error, and one of a room that isn't installed a warning. ``known_rooms`` names the installed
    rooms; by default those of the known measures. ``language`` is that of the sentences, ``en`` or
    ``fr``. Never raises for what the file holds; never reads more than 2 MB of it.
    """
    path = FilePath(path)
    notebook = _Notebook(str(path), _language(language))
    try:
        if path.is_dir():
            notebook.report("a-folder", (1, 1))
            return None, notebook.sorted()
        if not path.is_file():
            notebook.report("not-a-file", (1, 1))
            return None, notebook.sorted()
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        notebook.report("unreadable", (1, 1), value=error.strerror or "")
        return None, notebook.sorted()
    return parse(
        content,
        file=str(path),
        known_measures=known_measures,
        known_rooms=known_rooms,
        language=language,
    )


def parse(
    content: bytes,
    *,
    file: str,
    known_measures: Collection[str] | None = None,
    known_rooms: Collection[str] | None = None,
    language: str = "en",
) -> tuple[PlanFile | None, list[Fault]]:
    """As ``read``, for content already at hand; ``file`` names it in the faults."""
    language = _language(language)
    notebook = _Notebook(file, language)
    source = None
    with suppress(_Enough):
        source = read_source(content, notebook.report)
        if source is not None:
            check_shape(source, notebook.report, language)
            check_sense(source, notebook.report, language, known_measures, known_rooms)
    faults = notebook.sorted()
    if source is None or any(fault.level == ERROR for fault in faults):
        return None, faults
    return build(source.data), faults


def _language(language: str) -> str:
    """A language of the sentences: French for fr, fr-FR…, else English."""
    short = language.lower()[:2]
    return short if short in LANGUAGES else "en"

"""Which organisations the lines of a spreadsheet may be, for many lines at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from diapason.directory.contracts import OrganisationRow, RowLikeness
from diapason.directory.models import Organisation
from diapason.directory.queries.duplicates import ALIKE
from diapason.directory.queries.organisations import organisations
from diapason.kernel.spreadsheets import fold

# What half the names of a territory hold says nothing of whose name it is.
SAYS_NOTHING = frozenset(
    {"association", "assoc", "asso", "compagnie", "cie", "sa", "sarl", "sas", "sasu", "eurl"}
    | {"scop", "scic", "sci", "snc", "ei", "eirl", "societe", "groupe", "le", "la", "les", "l"}
    | {"de", "du", "des", "d", "et", "a", "au", "aux", "en", "the", "of", "and"}
)
# Names are compared where they share the beginning of a word, and no more than so many.
_BEGINNING = 4
_COMPARED = 300
# So many are shown for one line.
SHOWN = 5


def likely_rows(rows: Sequence[OrganisationRow]) -> dict[int, tuple[RowLikeness, ...]]:
    """For each line's number, the organisations that it may be, the likeliest first.

    By SIREN, e-mail address and name. Four queries at most, whatever the number of lines.
    """
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    _by_value(rows, found, "siren", _("the same SIREN"))
    _by_value(rows, found, "email", _("the same e-mail address"))
    names = _Names()
    for row in rows:
        for pk in names.like(row.name):
            found[row.number][pk].append(_("a similar name"))
    wanted = {pk for likely in found.values() for pk in likely}
    shown = organisations().in_bulk(wanted)
    return {
        number: tuple(
            _told(shown[pk], reasons)
            for pk, reasons in sorted(likely.items(), key=lambda one: (-len(one[1]), one[0]))
            if pk in shown
        )[:SHOWN]
        for number, likely in found.items()
    }


def _told(record: Organisation, reasons: list[str]) -> RowLikeness:
    commune = record.commune.name if record.commune else ""
    return RowLikeness(record.pk, str(record), commune, tuple(reasons))


def _by_value(
    rows: Sequence[OrganisationRow],
    found: dict[int, dict[int, list[str]]],
    field: str,
    reason: str,
) -> None:
    lines = defaultdict(list)
    for row in rows:
        if value := getattr(row, field).lower():
            lines[value].append(row.number)
    living = Organisation.objects.filter(merged_into__isnull=True).annotate(plain=Lower(field))
    for pk, value in living.filter(plain__in=lines).values_list("pk", "plain"):
        for number in lines[value]:
            found[number][pk].append(reason)


class _Names:
    """The names of all organisations, by the beginnings of their words."""

    def __init__(self) -> None:
        self.trigrams: list[tuple[int, frozenset[str]]] = []
        self.beginning: dict[str, list[int]] = defaultdict(list)
        living = Organisation.objects.filter(merged_into__isnull=True)
        for pk, name in living.values_list("pk", "name").iterator(chunk_size=5000):
            for plain in {fold(words) for words in name.values() if words}:
                for start in _beginnings(plain):
                    self.beginning[start].append(len(self.trigrams))
                self.trigrams.append((pk, trigrams(plain)))

    def like(self, name: str) -> list[int]:
        """The ids of those whose name is like this one, the likest first."""
        plain = fold(name)
        wanted = trigrams(plain)
        places: Counter[int] = Counter()
        # The rarest words first: what many names share is looked at last, or not at all.
        for start in sorted(_beginnings(plain), key=lambda one: len(self.beginning.get(one, ()))):
            places.update(self.beginning.get(start, ())[:_COMPARED])
            if len(places) >= _COMPARED:
                break
        best: dict[int, float] = {}
        for place in places:
            pk, theirs = self.trigrams[place]
            likeness = len(wanted & theirs) / len(wanted | theirs) if wanted | theirs else 0.0
            if likeness >= ALIKE:
                best[pk] = max(likeness, best.get(pk, 0.0))
        return sorted(best, key=lambda pk: (-best[pk], pk))[:SHOWN]


def _beginnings(plain: str) -> set[str]:
    words = plain.split()
    telling = [word for word in words if word not in SAYS_NOTHING]
    return {word[:_BEGINNING] for word in telling or words}


def trigrams(plain: str) -> frozenset[str]:
    """The threes of signs of each word, as PostgreSQL's own likeness of texts takes them."""
    return frozenset(_threes(plain.split()))


def _threes(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        padded = f"  {word} "
        yield from (padded[place : place + 3] for place in range(len(padded) - 2))

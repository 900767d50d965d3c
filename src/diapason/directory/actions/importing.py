"""Organisations from a spreadsheet: all of its lines, or none with a reason for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from diapason.directory.actions.organisations import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    free_codes,
    words_of,
    write_numbers,
)
from diapason.directory.contracts import (
    ADD,
    LEAVE,
    ImportedRow,
    OrganisationKind,
    OrganisationRow,
    RowFate,
    RowLikeness,
)
from diapason.directory.models import Organisation
from diapason.directory.queries import survivors
from diapason.directory.queries.likeness import likely_rows, trigrams
from diapason.kernel import audit
from diapason.kernel.jobs import Steps
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal, in_words, refuse_future, refuse_unsound
from diapason.kernel.spreadsheets import ImportRefused, RowRefusal, fold

# What a line may add to an organisation that is there, where it says nothing yet.
_FILLED = (
    "activity_id",
    "new_activity_id",
    "address",
    "postcode",
    "commune_id",
    "phone",
    "email",
    "url",
    "checked_on",
)
_CREATED = (*_FILLED, "siren", "siret")
UNNAMED = "organisation"
AT_A_TIME = 500
# Two names this little alike make a SIRET's owner doubtful: a person says whether it is the same.
_UNLIKE = 0.2


@dataclass
class _Line:
    """A line on its way: what it says, what is known of it, and what becomes of it."""

    row: OrganisationRow
    record: Organisation
    key: UUID
    fate: RowFate = RowFate.NEW
    there: Organisation | None = None
    made_it: bool = False
    likely: tuple[RowLikeness, ...] = ()
    filled: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def told(self) -> ImportedRow:
        there = self.there
        return ImportedRow(
            number=self.row.number,
            name=self.row.name,
            fate=self.fate,
            pk=there.pk if there is not None else None,
            found=str(there) if there is not None else "",
            filled=tuple(self.filled),
            kept=tuple(self.kept),
            likely=self.likely,
        )


@transaction.atomic
def import_organisations(
    *,
    by: Any,
    rows: Sequence[OrganisationRow],
    choices: Mapping[int, str] | None = None,
    rest: str = LEAVE,
    dry_run: bool = False,
    steps: Steps | None = None,
) -> list[ImportedRow]:
    """Add the organisations of a spreadsheet, and fill in those that are there.

    A line is the organisation that has its SIRET, or that the same line made before. One that only
    looks like an organisation that is there is nobody's until a person says so: `choices` tells,
    by the line's number, `ADD`, `LEAVE` or an organisation's id; `rest` is for those of which it
    tells nothing. Nothing that the directory says already is replaced. With `dry_run` the lines
    are only tried. `steps` is told how far it has got.

    Side effects: adds organisations, unverified and unlisted; fills empty fields of others, which
    get their next version. The same lines again change nothing.
    Raises ImportRefused, with a reason for each line in question, and then writes nothing;
    PermissionDenied unless `by` may edit organisations.
    """
    demand(by, "directory.edit_organisation")
    lines = _sound(rows)
    _find(lines)
    _decide(lines, choices or {}, rest)
    if not dry_run:
        with audit.done_by(by), in_words(Organisation):
            _write(lines, steps)
    return [line.told() for line in lines]


def _sound(rows: Sequence[OrganisationRow]) -> list[_Line]:
    """The lines as records; raises ImportRefused for those that cannot be."""
    lines, refusals = [], []
    seen: dict[Any, int] = {}
    for row in rows:
        try:
            line = _line(row)
            for what, name in ((line.record.siret, "siret"), (line.key, "name")):
                if what and what in seen:
                    raise Refusal(
                        _("Line %(number)s is the same organisation.") % {"number": seen[what]},
                        field=name,
                    )
                seen[what] = row.number
        except Refusal as refusal:
            refusals.append(RowRefusal(row.number, refusal.field, str(refusal)))
        else:
            lines.append(line)
    if refusals:
        raise ImportRefused(refusals)
    return lines


def _line(row: OrganisationRow) -> _Line:
    language = settings.LANGUAGE_CODE
    record = Organisation(
        # Until it has one of its own.
        code=UNNAMED,
        name=words_of({language: row.name}, LONGEST_NAME, "name"),
        kind=row.kind or OrganisationKind.COMPANY,
    )
    if not record.name:
        raise Refusal(_("Write the organisation’s name."), field="name")
    if does := words_of({language: row.description}, LONGEST_DESCRIPTION, "description"):
        record.description = does
    for each in _FILLED:
        setattr(record, each, getattr(row, each))
    write_numbers(record, siren=row.siren, siret=row.siret)
    refuse_unsound(record)
    refuse_future(record.checked_on, field="checked_on")
    return _Line(row, record, _key(record))


def _key(record: Organisation) -> UUID:
    """The same for the same line of any file, so that it makes one organisation."""
    said = [str(record.name), str(record.description), record.kind]
    said += [str(getattr(record, name) or "") for name in _CREATED]
    return uuid5(NAMESPACE_URL, "diapason:directory:row:" + "\x1f".join(said))


def _find(lines: Sequence[_Line]) -> None:
    """Find the organisation that each line is, and those that the others may be."""
    numbers = {line.record.siret for line in lines} - {""}
    rows = Organisation.objects.order_by("merged_into_id", "pk")
    # A living one comes before a merged one of the same number.
    of_number = dict(rows.filter(siret__in=numbers).values_list("siret", "pk"))
    living = rows.filter(siret__in=numbers, merged_into__isnull=True)
    of_number |= dict(living.values_list("siret", "pk"))
    keys = {line.key for line in lines}
    of_line = dict(rows.filter(request_key__in=keys).values_list("request_key", "pk"))
    ends = survivors([*of_number.values(), *of_line.values()])
    held = _held(ends.values())
    for line in lines:
        line.made_it = line.key in of_line
        found = of_line.get(line.key) or of_number.get(line.record.siret)
        line.there = held[ends[found]] if found is not None else None
    unknown = [line for line in lines if line.there is None]
    likely = likely_rows([_plain(line) for line in unknown])
    for line in unknown:
        line.likely = likely.get(line.row.number, ())


def _held(ids: Iterable[int]) -> dict[int, Organisation]:
    """Those organisations, held until the transaction ends, always in one order."""
    rows = Organisation.objects.select_for_update(no_key=True).order_by("pk")
    return {one.pk: one for one in rows.filter(pk__in=set(ids), merged_into__isnull=True)}


def _plain(line: _Line) -> OrganisationRow:
    return OrganisationRow(
        number=line.row.number,
        name=line.row.name,
        siren=line.record.siren,
        email=line.record.email,
    )


def _decide(lines: Sequence[_Line], choices: Mapping[int, str], rest: str) -> None:
    """Say what becomes of each line; raises ImportRefused for choices that cannot be."""
    chosen = {int(said) for said in choices.values() if said.isdecimal() and len(said) < 19}
    there = {line.there.pk: line.there for line in lines if line.there is not None}
    named = _held(chosen - there.keys()) | there
    refusals = []
    for line in lines:
        said = choices.get(line.row.number, "")
        try:
            _decide_one(line, said, rest, named)
        except Refusal as refusal:
            refusals.append(RowRefusal(line.row.number, refusal.field, str(refusal)))
    if refusals:
        raise ImportRefused(refusals)


def _decide_one(line: _Line, said: str, rest: str, named: Mapping[int, Organisation]) -> None:
    there = line.there
    if there is not None and not line.made_it and _unlike(line, there):
        reason = _("the same SIRET, another name")
        line.likely = (RowLikeness(there.pk, str(there), "", (reason,)),)
        line.there = None
        if said != str(there.pk):
            line.fate = RowFate.LEFT if said == LEAVE else RowFate.ASKED
            return
    if line.there is None and line.likely:
        answer = said or (rest if rest == ADD else "")
        if not answer:
            line.fate = RowFate.ASKED
            return
        if answer in {ADD, LEAVE}:
            line.fate = RowFate.NEW if answer == ADD else RowFate.LEFT
            return
        line.there = named.get(int(answer)) if answer.isdecimal() else None
        if line.there is None:
            raise Refusal(_("Choose another organisation: this one is not there any more."))
    if line.there is not None:
        _fill(line, line.there)
        line.fate = RowFate.FILLED if line.filled else RowFate.SAME


def _unlike(line: _Line, there: Organisation) -> bool:
    own = trigrams(fold(line.row.name))
    likeness = 0.0
    for name in there.name.values():
        theirs = trigrams(fold(name))
        likeness = max(likeness, len(own & theirs) / len(own | theirs) if own | theirs else 0.0)
    return likeness < _UNLIKE


def _fill(line: _Line, there: Organisation) -> None:
    """Put on the organisation what it does not say yet, and note what it says otherwise.

    Raises Refusal where the numbers show that the line is another organisation.
    """
    given = line.record
    for name in ("siret", "siren"):
        mine, theirs = getattr(given, name), getattr(there, name)
        if mine and theirs and mine != theirs:
            raise Refusal(
                _("%(name)s has another number, %(number)s: this line is not that organisation.")
                % {"name": there, "number": theirs},
                field=name if getattr(line.row, name) else "siret",
            )
        if mine and not theirs and not there.is_verified:
            setattr(there, name, mine)
            line.filled.append(name)
    for name in _FILLED:
        value, before = getattr(given, name), getattr(there, name)
        if value and not before:
            setattr(there, name, value)
            line.filled.append(name)
        elif value and value != before:
            line.kept.append(name)
    for name in ("name", "description"):
        words = getattr(given, name)
        if words and not getattr(there, name):
            setattr(there, name, words)
            line.filled.append(name)
        elif words and str(words) not in getattr(there, name).values():
            line.kept.append(name)


def _write(lines: Sequence[_Line], steps: Steps | None) -> None:
    fresh = [line for line in lines if line.fate is RowFate.NEW]
    codes = free_codes([line.row.name for line in fresh]) if fresh else []
    for line, code in zip(fresh, codes, strict=True):
        line.record.code, line.record.request_key = code, line.key
    filled = {
        line.there.pk: line.there
        for line in lines
        if line.fate is RowFate.FILLED and line.there is not None
    }
    if steps:
        steps.begin(len(fresh) + len(filled))
    for part in _parts([line.record for line in fresh], steps):
        Organisation.objects.bulk_create(part)
    for line in fresh:
        line.there = line.record
    fields = ["siren", "siret", "description", "name", "version"]
    fields += [name.removesuffix("_id") for name in _FILLED]
    for part in _parts(list(filled.values()), steps):
        for record in part:
            record.version += 1
        Organisation.objects.bulk_update(part, fields)


def _parts(records: Sequence[Organisation], steps: Steps | None) -> Iterator[list[Organisation]]:
    """The records, some at a time; `steps` is told of each part once it is written."""
    for start in range(0, len(records), AT_A_TIME):
        part = list(records[start : start + AT_A_TIME])
        yield part
        if steps:
            steps.step(len(part))

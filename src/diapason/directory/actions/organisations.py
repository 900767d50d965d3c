"""Organisations made, changed and verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import CharField, F, Func, Q, Value
from django.utils.text import slugify
from django.utils.translation import gettext as _

from diapason.directory.contracts import (
    ActivityRevision,
    OrganisationEntry,
    OrganisationFacts,
    PublishedField,
)
from diapason.directory.models import Activity, Commune, Organisation
from diapason.directory.models.identifiers import SIREN_LENGTH, SIRET_LENGTH, compact
from diapason.kernel import audit, clock
from diapason.kernel.audit import EditConflict
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal, in_words, once, refuse_future, refuse_unsound
from diapason.kernel.texts import Text

LONGEST_NAME = 200
LONGEST_DESCRIPTION = 5000


def register_organisations(*, entries: Iterable[OrganisationEntry]) -> dict[str, int]:
    """Make sure that each named organisation exists; gives their ids by code.

    Side effects: adds organisations that are missing, which a published plan names and the public
    directory therefore lists; of one that is there already, only an empty
    website is filled in, so that what its own people wrote stays.
    """
    ids: dict[str, int] = {}
    with transaction.atomic():
        for entry in entries:
            record, made = Organisation.objects.get_or_create(
                code=entry.code,
                defaults={
                    "name": Text(entry.name),
                    "kind": entry.kind,
                    "url": entry.url,
                    "listed": True,
                },
            )
            if not made and entry.url and not record.url:
                record.url = entry.url
                record.save(update_fields=["url"])
            ids[entry.code] = record.pk
    return ids


def create_organisation(
    *, by: Any, facts: OrganisationFacts, request_key: UUID | None = None
) -> Organisation:
    """Add an organisation. The same `request_key` again gives the one that it made before.

    Side effects: adds it; its number stays unverified.
    Raises Refusal for facts that cannot be, or that belong to another organisation;
    PermissionDenied unless `by` may edit organisations.
    """
    demand(by, "directory.edit_organisation")

    def make() -> Organisation:
        made = Organisation(request_key=request_key, invented=facts.invented)
        # The address never depends on the language in which the organisation was typed in.
        made.code = _free_code(Text(facts.name).in_language(settings.LANGUAGE_CODE))
        _write(made, facts)
        with audit.done_by(by), in_words(Organisation):
            made.save(force_insert=True)
        return made

    named = words_of(facts.name, LONGEST_NAME, "name")
    return once(Organisation, request_key, make, lambda found: found.name == named)


@transaction.atomic
def change_organisation(
    *, by: Any, organisation: Organisation, version: int, facts: OrganisationFacts
) -> Organisation:
    """Write what is known of an organisation; `version` is the one that `by` saw.

    Side effects: the organisation gets the next version, its former one stays in its history; a
    number that changes is no longer verified.
    Raises EditConflict where somebody wrote since `version`; Refusal for facts that cannot be and
    for a merged duplicate; PermissionDenied unless `by` may edit organisations.
    """
    demand(by, "directory.edit_organisation")
    locked = _locked(organisation, version)
    before = {name: getattr(locked, name) for name in _WRITTEN}
    _write(locked, facts)
    if before == {name: getattr(locked, name) for name in _WRITTEN}:
        return locked
    if (before["siren"], before["siret"]) != (locked.siren, locked.siret):
        locked.verified_at, locked.verified_by, locked.verified_with = None, None, ""
    return _save(by, locked)


@transaction.atomic
def verify_number(
    *, by: Any, organisation: Organisation, version: int, verified_with: str
) -> Organisation:
    """Say that the organisation's number was seen to be its own, and where.

    Side effects: dates and signs the verification; the organisation gets the next version.
    Raises EditConflict where somebody wrote since `version`; Refusal without a number, without
    saying where it was seen and for a merged duplicate; PermissionDenied unless `by` may edit.
    """
    demand(by, "directory.edit_organisation")
    seen_in = verified_with.strip()
    if not seen_in:
        raise Refusal(_("Say where you saw the number."), field="verified_with")
    locked = _locked(organisation, version)
    if not locked.siren:
        raise Refusal(_("There is no number to verify: write its SIREN or its SIRET first."))
    locked.verified_at, locked.verified_by, locked.verified_with = clock.now(), by, seen_in
    locked.checked_on = clock.today()
    refuse_unsound(locked)
    return _save(by, locked)


def locked_living(organisation: Organisation) -> Organisation:
    """The organisation, held until the transaction ends. Raises Refusal for a merged one."""
    locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if locked.merged_into_id is not None:
        raise Refusal(_("This organisation was merged into another: change that one."))
    return locked


def _locked(organisation: Organisation, version: int) -> Organisation:
    locked = locked_living(organisation)
    if locked.version != version:
        raise EditConflict(
            _(
                "Somebody changed this organisation while you were typing. Look at what they "
                "changed, then save again to keep your version."
            ),
            locked,
            version,
        )
    return locked


def _save(by: Any, record: Organisation) -> Organisation:
    record.version += 1
    with audit.done_by(by), in_words(Organisation):
        record.save()
    return record


_WRITTEN = (
    "name",
    "kind",
    "description",
    "siren",
    "siret",
    "activity_id",
    "new_activity_id",
    "address",
    "postcode",
    "commune_id",
    "phone",
    "email",
    "url",
    "group_id",
    "checked_on",
    "listed",
    "published",
)


def _write(record: Organisation, facts: OrganisationFacts) -> None:
    """Put the facts on the record, tidied; raises Refusal for those that cannot be."""
    record.name = words_of(facts.name, LONGEST_NAME, "name")
    if not record.name:
        raise Refusal(_("Write the organisation’s name."), field="name")
    record.description = words_of(facts.description, LONGEST_DESCRIPTION, "description")
    record.kind = facts.kind
    write_numbers(record, siren=facts.siren, siret=facts.siret)
    for name in ("address", "postcode", "phone", "email", "url"):
        setattr(record, name, getattr(facts, name).strip())
    record.checked_on = facts.checked_on
    refuse_future(facts.checked_on, field="checked_on")
    record.listed = facts.listed
    record.published = [each.value for each in PublishedField if each.value in facts.published]
    _link(record, facts)
    refuse_unsound(record)
    if record.siret:
        same = Organisation.objects.filter(siret=record.siret, merged_into__isnull=True)
        other = same.exclude(pk=record.pk).first()
        if other is not None:
            raise Refusal(_("%(name)s already has this SIRET.") % {"name": other}, field="siret")


def write_numbers(record: Organisation, *, siren: str, siret: str) -> None:
    """Put the numbers on the record; a SIRET tells the SIREN too. Raises Refusal for two that do
    not go together; whether each can be is the record's own rule."""
    record.siren, record.siret = compact(siren), compact(siret)
    whole = len(record.siret) == SIRET_LENGTH
    if whole and not record.siren:
        record.siren = record.siret[:SIREN_LENGTH]
    if whole and not record.siret.startswith(record.siren):
        raise Refusal(_("A SIRET begins with the SIREN of its enterprise."), field="siret")


def words_of(given: Mapping[str, str], longest: int, field: str) -> Text:
    """What was written, by language, tidied; raises Refusal for a text that is too long."""
    words = Text({code: text.strip() for code, text in given.items() if text and text.strip()})
    for text in words.values():
        if len(text) > longest:
            raise Refusal(
                _("This text has %(length)s characters: %(limit)s at most.")
                % {"length": len(text), "limit": longest},
                field=field,
            )
    return words


def _link(record: Organisation, facts: OrganisationFacts) -> None:
    for name, revision in (
        ("activity", ActivityRevision.SECOND),
        ("new_activity", ActivityRevision.THIRD),
    ):
        key = getattr(facts, f"{name}_id")
        if key and not Activity.objects.filter(pk=key, revision=revision).exists():
            raise Refusal(_("This activity is not in that list."), field=name)
        setattr(record, f"{name}_id", key)
    if facts.commune_id and not Commune.objects.filter(pk=facts.commune_id).exists():
        raise Refusal(_("No commune has this code."), field="commune")
    record.commune_id = facts.commune_id
    if facts.group_id is not None and facts.group_id != record.group_id:
        head = Organisation.objects.filter(pk=facts.group_id, merged_into__isnull=True).first()
        if head is None or head.pk == record.pk:
            raise Refusal(_("Choose another organisation as the head of the group."), field="group")
        if head.group_id is not None:
            raise Refusal(
                _("%(name)s is itself in a group: choose the head of that group.") % {"name": head},
                field="group",
            )
        if record.pk and Organisation.objects.filter(group_id=record.pk).exists():
            raise Refusal(
                _("This organisation is the head of a group: it cannot be in another one."),
                field="group",
            )
    record.group_id = facts.group_id


def _free_code(name: str) -> str:
    (code,) = free_codes([name])
    return code


def free_codes(names: Sequence[str]) -> list[str]:
    """A short name for addresses for each of these, that no organisation has yet; until the
    transaction ends, nobody else takes one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('directory.codes'))")
    stems = [slugify(name)[:70].strip("-") or "organisation" for name in names]
    taken = _codes_of(set(stems))
    codes = []
    for stem in stems:
        code, number = stem, 1
        while code in taken:
            number += 1
            code = f"{stem}-{number}"
        taken.add(code)
        codes.append(code)
    return codes


def _codes_of(stems: set[str]) -> set[str]:
    """The codes that are one of these stems, perhaps with a number."""
    rows = Organisation.objects.alias(
        stem=Func(
            F("code"),
            Value("-[0-9]+$"),
            Value(""),
            function="regexp_replace",
            output_field=CharField(),
        )
    )
    found = rows.filter(Q(code__in=stems) | Q(stem__in=stems))
    return set(found.values_list("code", flat=True))

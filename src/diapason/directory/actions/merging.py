"""Two rows that are one organisation: merged, and taken apart again."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from diapason.directory.contracts import OrganisationsMerged
from diapason.directory.models import Organisation
from diapason.kernel import audit
from diapason.kernel.events import publish
from diapason.kernel.permissions import demand
from diapason.kernel.refusals import Refusal, in_words


@transaction.atomic
def merge_organisations(*, by: Any, kept: Organisation, duplicate: Organisation) -> Organisation:
    """Say that `duplicate` is the same organisation as `kept`, which takes its place.

    Side effects: lists show the kept one only, the duplicate's page leads to it, and the kept one's
    page shows what both have; the duplicate keeps its row, its history and every record that
    refers to it, so that it can be taken apart again. Rooms are told (`OrganisationsMerged`) and
    may close what stands twice. Merged already, nothing changes.
    Raises Refusal for one and the same row, for a row that was itself merged elsewhere and for the
    head of a group; PermissionDenied unless `by` may edit organisations.
    """
    demand(by, "directory.edit_organisation")
    if kept.pk == duplicate.pk:
        raise Refusal(_("An organisation cannot be merged into itself."))
    # Always in one order, so that two who merge the same two never wait for each other for ever;
    # and not from those who only write a record that names one of them.
    rows = Organisation.objects.select_for_update(no_key=True).order_by("pk")
    held = {one.pk: one for one in rows.filter(pk__in=[kept.pk, duplicate.pk])}
    into, gone = held[kept.pk], held[duplicate.pk]
    if gone.merged_into_id == into.pk:
        return gone
    for one in (into, gone):
        if one.merged_into_id is not None:
            raise Refusal(
                _("%(name)s was itself merged meanwhile: look at what it leads to.") % {"name": one}
            )
    if Organisation.objects.filter(group=gone).exists():
        raise Refusal(
            _("%(name)s is the head of a group: give its members their other head first.")
            % {"name": gone}
        )
    gone.merged_into = into
    saved = _save(by, gone)
    with audit.done_by(by):
        publish(OrganisationsMerged(kept_id=into.pk, duplicate_id=gone.pk))
    return saved


@transaction.atomic
def unmerge_organisation(*, by: Any, duplicate: Organisation) -> Organisation:
    """Take a duplicate apart again: it was another organisation after all.

    Side effects: the organisation is as it was before it was merged. Not merged, nothing changes.
    Raises Refusal where another one bears its SIRET meanwhile; PermissionDenied unless `by` may
    edit organisations.
    """
    demand(by, "directory.edit_organisation")
    back = Organisation.objects.select_for_update(no_key=True).get(pk=duplicate.pk)
    if back.merged_into_id is None:
        return back
    back.merged_into = None
    return _save(by, back)


def _save(by: Any, record: Organisation) -> Organisation:
    record.version += 1
    with audit.done_by(by), in_words(Organisation):
        record.save(update_fields=["merged_into", "version"])
    return record

"""Loading an official list of activities."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import ActivityRevision, Loaded
from diapason.directory.models import Activity
from diapason.kernel.refusals import Refusal
from diapason.kernel.texts import Text

# The list is French; a file may give other languages in `labels`.
LANGUAGE = "fr"
LONGEST_CODE = 10


def load_activities(
    path: Path | str, *, revision: ActivityRevision, cultural: Sequence[str] = ()
) -> Loaded:
    """Load activities from a JSON file in the layout of `@socialgouv/codes-naf`.

    A list of activities at every level: `id` (the code), `label`, and perhaps `labels` by language.
    Those whose code begins with one of `cultural` are cultural or creative; without it, the marks
    that are there stay. Loaded twice, nothing changes.
    Side effects: adds activities, updates those that differ, removes none.
    Raises `Refusal` when the file is of another shape.
    """
    starts = tuple(start.strip().upper() for start in cultural if start.strip())
    wanted = {record["id"].upper(): record for record in _read(Path(path))}
    with transaction.atomic():
        known = {
            one.code: one
            for one in Activity.objects.select_for_update().filter(
                revision=revision, code__in=wanted
            )
        }
        fresh, changed = [], []
        for code, record in wanted.items():
            label = Text({LANGUAGE: record["label"], **record.get("labels", {})})
            there = known.get(code)
            if there is None:
                fresh.append(
                    Activity(
                        code=code,
                        revision=revision,
                        label=label,
                        cultural=code.startswith(starts) if starts else False,
                    )
                )
                continue
            mark = code.startswith(starts) if starts else there.cultural
            if (there.label, there.cultural) != (label, mark):
                there.label, there.cultural = label, mark
                changed.append(there)
        Activity.objects.bulk_create(fresh, batch_size=1000)
        Activity.objects.bulk_update(changed, ["label", "cultural"], batch_size=1000)
    return Loaded(added=len(fresh), changed=len(changed), unchanged=len(known) - len(changed))


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Refusal(_("%(file)s is not a readable JSON file.") % {"file": path.name}) from error
    if not isinstance(records, list) or not all(_is_activity(record) for record in records):
        raise Refusal(_("%(file)s is not a list of activities.") % {"file": path.name})
    return records


def _is_activity(record: Any) -> bool:
    return (
        isinstance(record, dict)
        and isinstance(record.get("id"), str)
        and 0 < len(record["id"]) <= LONGEST_CODE
        and isinstance(record.get("label"), str)
        and isinstance(record.get("labels", {}), dict)
    )

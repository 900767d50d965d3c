"""Loading the communes that the national statistics institute publishes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from diapason.directory.contracts import Loaded
from diapason.directory.models import Commune
from diapason.kernel.refusals import Refusal

# Only what is a commune today: delegated and associated ones share the code of another.
CURRENT = "commune-actuelle"


def load_communes(path: Path | str) -> Loaded:
    """Load communes from a JSON file in the layout of `@etalab/decoupage-administratif`.

    A list of communes (`code`, `nom`, `codesPostaux`, `population`) or of intercommunalities
    (`nom`, `membres`), which names the intercommunality of the communes that are there. The file
    may hold either; loaded twice, nothing changes.
    Side effects: adds communes, updates those that differ, removes none.
    Raises `Refusal` when the file is of another shape.
    """
    records = _read(Path(path))
    if records and "membres" in records[0]:
        return _load_intercommunalities(records)
    return _load(records)


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Refusal(_("%(file)s is not a readable JSON file.") % {"file": path.name}) from error
    if not isinstance(records, list) or not all(
        isinstance(record, dict)
        and {"code", "nom"} <= record.keys()
        and isinstance(record.get("membres", []), list)
        for record in records
    ):
        raise Refusal(
            _("%(file)s is not a list of communes or intercommunalities.") % {"file": path.name}
        )
    return records


def _load(records: list[dict[str, Any]]) -> Loaded:
    wanted = {
        record["code"]: Commune(
            code=record["code"],
            name=record["nom"],
            postcodes=list(record.get("codesPostaux", [])),
            population=record.get("population"),
        )
        for record in records
        if record.get("type", CURRENT) == CURRENT
    }
    with transaction.atomic():
        known = Commune.objects.select_for_update().in_bulk(wanted)
        fresh = [commune for code, commune in wanted.items() if code not in known]
        changed = []
        for code, there in known.items():
            now = wanted[code]
            before = (there.name, there.postcodes, there.population)
            after = (now.name, now.postcodes, now.population)
            if before != after:
                there.name, there.postcodes, there.population = after
                changed.append(there)
        Commune.objects.bulk_create(fresh, batch_size=1000)
        Commune.objects.bulk_update(changed, ["name", "postcodes", "population"], batch_size=1000)
    return Loaded(added=len(fresh), changed=len(changed), unchanged=len(known) - len(changed))


def _load_intercommunalities(records: list[dict[str, Any]]) -> Loaded:
    names = {
        member["code"]: record["nom"]
        for record in records
        for member in record["membres"]
        if "code" in member
    }
    with transaction.atomic():
        known = Commune.objects.select_for_update().in_bulk(names)
        changed = []
        for code, commune in known.items():
            if commune.intercommunality != names[code]:
                commune.intercommunality = names[code]
                changed.append(commune)
        Commune.objects.bulk_update(changed, ["intercommunality"], batch_size=1000)
    return Loaded(added=0, changed=len(changed), unchanged=len(known) - len(changed))

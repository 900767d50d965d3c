"""Loading the official register's stock files, in a memory that does not grow with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.utils.translation import gettext as _

from diapason.directory.actions.sirene import establishments, units
from diapason.directory.actions.sirene.files import Progress, Stock, StockFile
from diapason.directory.contracts import RegisterLoaded
from diapason.directory.models import Activity, Commune
from diapason.kernel.refusals import Refusal
from diapason.kernel.tables import folded

__all__ = ["Stock", "StockFile", "load_sirene", "stock_file"]

# So many establishments are written at once; between two batches, others can write.
BATCH = 1000


def load_sirene(
    *,
    files: Sequence[StockFile],
    communes: Iterable[str] = (),
    dry_run: bool = False,
    progress: Callable[[StockFile], Progress] = lambda file: lambda done: None,
) -> RegisterLoaded:
    """Bring in the territory's establishments of cultural activities, and what the register says
    of those that are there.

    `communes` narrows the territory to communes (by code) or intercommunalities (by name); without
    it, it is every commune that was loaded. Establishments come before their enterprises, whatever
    the order of `files`. With `dry_run` nothing is kept. Loaded twice, nothing changes.

    Side effects: in batches, each a transaction: adds organisations, unlisted, their number
    verified by the register; updates those whose SIRET is there where nobody declared otherwise.
    Raises Refusal without communes or cultural activities, and for a damaged file: what was
    written until then stays, and loading again goes on.
    """
    territory = _territory(communes)
    counts: Counter[str] = Counter()
    for file in sorted(files, key=lambda one: list(Stock).index(one.kind)):
        if file.kind is Stock.ESTABLISHMENTS:
            load: Any = establishments.Loading(territory, _cultural(), file.path.name)
        else:
            load = units.Loading()
        rows = load.wanted(file.rows(progress(file)), counts)
        while batch := list(islice(rows, BATCH)):
            with transaction.atomic():
                load.write(batch, counts)
                if dry_run:
                    transaction.set_rollback(True)
    return RegisterLoaded(
        **{name: counts[name] for name in ("read", "added", "changed", "unchanged", "closed")}
    )


def _territory(asked: Iterable[str]) -> frozenset[str]:
    """The codes of the communes of the territory."""
    wanted = [one.strip() for one in asked if one.strip()]
    if not wanted:
        every = frozenset(Commune.objects.values_list("code", flat=True))
        if not every:
            raise Refusal(_("No commune is loaded yet: run `diapason load-communes FILE` first."))
        return every
    found: set[str] = set()
    for one in wanted:
        named = Commune.objects.filter(code=one.upper()) | Commune.objects.annotate(
            group=folded("intercommunality")
        ).filter(group=folded(Value(one)))
        codes = set(named.values_list("code", flat=True))
        if not codes:
            raise Refusal(
                _("No commune has the code, and no intercommunality the name, “%(name)s”.")
                % {"name": one}
            )
        found |= codes
    return frozenset(found)


def _cultural() -> frozenset[int]:
    found = frozenset(Activity.objects.filter(cultural=True).values_list("pk", flat=True))
    if not found:
        raise Refusal(
            _(
                "No activity is cultural yet: run `diapason load-activities FILE --cultural CODE` "
                "first."
            )
        )
    return found


def stock_file(path: Path) -> StockFile:
    """The register's file at that path. Raises Refusal where it is another."""
    return StockFile(path)

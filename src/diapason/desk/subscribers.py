"""What the front desk does when other rooms tell that something happened."""

from __future__ import annotations

from diapason.desk.actions.merged import close_proposals_made_twice
from diapason.directory.contracts import OrganisationsMerged
from diapason.kernel.events import subscribe


@subscribe(OrganisationsMerged)
def one_proposal_to_one_structure(event: OrganisationsMerged) -> None:
    """Side effects: those of `close_proposals_made_twice`."""
    close_proposals_made_twice(organisation_id=event.kept_id)

"""What holds the seats of an offer, whoever writes to the tables."""

from __future__ import annotations

import pgtrigger

# The offer's row is locked before the seats are counted: of two who accept at once into the last
# seat, the second sees the first.
SEATS_MESSAGE = "This offer has no free seat: end a support first, or give the offer more seats."


class WithinSeats(pgtrigger.Trigger):
    """No offer holds more accepted projects than it has seats."""

    def __init__(self) -> None:
        super().__init__(
            name="within_seats",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            condition=pgtrigger.Q(new__state="accepted"),
            declare=[("seats_", "integer")],
            func=f"""
                SELECT seats INTO seats_ FROM desk_offer WHERE id = NEW.offer_id FOR UPDATE;
                IF (SELECT count(*) FROM desk_referral
                    WHERE offer_id = NEW.offer_id AND state = 'accepted' AND id <> NEW.id)
                    + (SELECT count(*) FROM desk_loan
                       WHERE offer_id = NEW.offer_id AND state = 'agreed') >= seats_
                THEN
                    RAISE EXCEPTION USING MESSAGE = '{SEATS_MESSAGE}', ERRCODE = 'check_violation',
                        CONSTRAINT = 'desk_referral_within_seats';
                END IF;
                RETURN NEW;
            """,  # noqa: S608 - only constants
        )


class WithinPromises(pgtrigger.Trigger):
    """No offer is promised to more projects than it has seats; who awaits an answer holds one."""

    def __init__(self) -> None:
        super().__init__(
            name="within_promises",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            condition=pgtrigger.Q(new__state="proposed"),
            declare=[("seats_", "integer")],
            func=f"""
                SELECT seats INTO seats_ FROM desk_offer WHERE id = NEW.offer_id FOR UPDATE;
                IF (SELECT count(*) FROM desk_referral
                    WHERE offer_id = NEW.offer_id AND state IN ('proposed', 'accepted'))
                    + (SELECT count(*) FROM desk_loan
                       WHERE offer_id = NEW.offer_id AND state = 'agreed') >= seats_
                THEN
                    RAISE EXCEPTION USING MESSAGE = '{SEATS_MESSAGE}', ERRCODE = 'check_violation',
                        CONSTRAINT = 'desk_referral_within_promises';
                END IF;
                RETURN NEW;
            """,  # noqa: S608 - only constants
        )

"""What the database itself refuses of organisations, whoever asks.

The messages reach people who go around the program. They are in English: the database does not
know the reader's language, and the actions refuse first.
"""

from __future__ import annotations

import pgtrigger


class VerifiedAsItWas(pgtrigger.Trigger):
    """A verified number is not replaced while the row still says that it was verified."""

    def __init__(self) -> None:
        super().__init__(
            name="verified_as_it_was",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            func="""
                IF OLD.verified_at IS NOT NULL
                   AND NEW.verified_at IS NOT DISTINCT FROM OLD.verified_at
                   AND ROW(NEW.siren, NEW.siret) IS DISTINCT FROM ROW(OLD.siren, OLD.siret)
                THEN
                    RAISE EXCEPTION USING
                        MESSAGE = 'This number was verified: a new one has to be verified anew.',
                        ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            """,
        )


class MergedIntoLiving(pgtrigger.Trigger):
    """Nothing is merged into a row that was itself merged: the way on never runs in a circle.

    The share lock makes two merges of the same two rows, one each way, wait for each other.
    """

    def __init__(self) -> None:
        super().__init__(
            name="merged_into_living",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            condition=pgtrigger.Q(new__merged_into__isnull=False),
            func="""
                PERFORM 1 FROM directory_organisation WHERE id = NEW.merged_into_id FOR SHARE;
                IF EXISTS (
                    SELECT 1 FROM directory_organisation
                    WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL
                ) AND (TG_OP = 'INSERT' OR NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id)
                THEN
                    RAISE EXCEPTION USING
                        MESSAGE = 'That organisation was itself merged: merge into the one it '
                                  'leads to.',
                        ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            """,
        )


class OneLevelOfGroup(pgtrigger.Trigger):
    """The head of a group has no head of its own, so that a group is whole on one level."""

    def __init__(self) -> None:
        super().__init__(
            name="one_level_of_group",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            condition=pgtrigger.Q(new__group__isnull=False),
            func="""
                PERFORM 1 FROM directory_organisation WHERE id = NEW.group_id FOR SHARE;
                IF EXISTS (
                    SELECT 1 FROM directory_organisation
                    WHERE id = NEW.group_id AND group_id IS NOT NULL
                ) OR EXISTS (SELECT 1 FROM directory_organisation WHERE group_id = NEW.id)
                THEN
                    RAISE EXCEPTION USING
                        MESSAGE = 'The head of a group has no head: name the one above all.',
                        ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            """,
        )

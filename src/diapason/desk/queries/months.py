"""Demand against capacity, month by month: who waited at the end of each, and which seats were
taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from diapason.desk.contracts import Need, Stage

MONTHS = 12

# For each month's last day: the projects without a seat, at the stage where they were that day; the
# seats on offer; those taken; those free, none of a structure that is away. A seat is a project's
# from the proposal on, until the structure declines or its support ends. A project or an offer with
# several needs counts in each.
_WAITING = """
    SELECT m.at, s.stage, n.need, count(DISTINCT c.id)
    FROM unnest(%(ends)s::date[]) AS m(at)
    JOIN desk_case c ON c.opened_on <= m.at AND (c.closed_on IS NULL OR c.closed_on > m.at)
    JOIN desk_casestage s ON s.case_id = c.id AND s.began_on <= m.at
        AND (s.ended_on IS NULL OR s.ended_on > m.at)
    CROSS JOIN LATERAL unnest(c.needs) AS n(need)
    WHERE NOT EXISTS (
        SELECT FROM desk_referral r
        WHERE r.case_id = c.id AND r.proposed_on <= m.at AND coalesce(r.ended_on,
            CASE r.state WHEN 'declined' THEN r.answered_on END, 'infinity') > m.at)
    GROUP BY GROUPING SETS ((m.at), (m.at, s.stage), (m.at, n.need))
"""
_SEATS = """
    SELECT m.at, s.stage, n.need, sum(o.seats) AS seats, sum(t.taken) AS taken,
        sum(CASE WHEN t.away THEN 0 ELSE greatest(o.seats - t.taken, 0) END) AS free
    FROM unnest(%(ends)s::date[]) AS m(at)
    JOIN desk_offer o ON o.starts <= m.at AND (o.ends IS NULL OR o.ends >= m.at)
    CROSS JOIN LATERAL (
        SELECT (SELECT count(*) FROM desk_referral r
                WHERE r.offer_id = o.id AND r.proposed_on <= m.at AND coalesce(r.ended_on,
                    CASE r.state WHEN 'declined' THEN r.answered_on END, 'infinity') > m.at)
            + (SELECT count(*) FROM desk_loan l
                WHERE l.offer_id = o.id AND l.state IN ('agreed', 'ended')
                    AND l.answered_on <= m.at AND (l.ended_on IS NULL OR l.ended_on > m.at))
            AS taken,
            EXISTS (SELECT FROM desk_absence a WHERE a.starts <= m.at AND a.ends >= m.at AND
                directory_survivor(a.structure_id) = directory_survivor(o.structure_id)) AS away) t
    CROSS JOIN LATERAL (SELECT NULL::text UNION ALL SELECT unnest(o.stages)) AS s(stage)
    CROSS JOIN LATERAL (SELECT NULL::text UNION ALL SELECT unnest(o.needs)) AS n(need)
    WHERE s.stage IS NULL OR n.need IS NULL
    GROUP BY m.at, s.stage, n.need
"""


@dataclass(frozen=True)
class Month:
    """The last day of a month (or today, for the one that runs), and what was so on it."""

    at: date
    waiting: int
    seats: int
    taken: int
    free: int

    @property
    def is_full(self) -> bool:
        return bool(self.seats) and not self.free

    @property
    def is_short(self) -> bool:
        return self.free < self.waiting


def ends_of_months(at: date, months: int = MONTHS) -> list[date]:
    """The last days of the months before, the oldest first, and the day itself."""
    days, first = [at], at.replace(day=1)
    while len(days) < months:
        before = first - timedelta(days=1)
        days.insert(0, before)
        first = before.replace(day=1)
    return days


class Course:
    """The months of every stage, every need and all together, in two queries."""

    def __init__(self, at: date, months: int = MONTHS) -> None:
        self.days = ends_of_months(at, months)
        self._waiting: dict[tuple[Any, ...], int] = {}
        self._seats: dict[tuple[Any, ...], tuple[int, int, int]] = {}
        with connection.cursor() as cursor:
            cursor.execute(_WAITING, {"ends": self.days})
            for day, stage, need, count in cursor.fetchall():
                self._waiting[day, stage, need] = count
            cursor.execute(_SEATS, {"ends": self.days})
            for day, stage, need, seats, taken, free in cursor.fetchall():
                self._seats[day, stage, need] = int(seats), int(taken), int(free)

    def of(self, *, stage: Stage | None = None, need: Need | None = None) -> list[Month]:
        """The months of a stage, of a need, or of all (one of the two at most)."""
        key = (stage.value if stage else None, need.value if need else None)
        return [
            Month(day, self._waiting.get((day, *key), 0), *self._seats.get((day, *key), (0, 0, 0)))
            for day in self.days
        ]


def months_full(months: Iterable[Month]) -> int:
    """At the end of how many of the months no seat was free."""
    return sum(one.is_full for one in months)

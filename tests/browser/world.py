"""The plan through which the journeys go, its people, and their browsers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from diapason.directory.contracts import Role
from diapason.kernel.measures import Unit
from tests.browser.hands import Words
from tests.directory.factories import person
from tests.plan.factories import (
    ActionFactory,
    AxisFactory,
    IndicatorFactory,
    PlanFactory,
    ReadingFactory,
    TargetFactory,
)
from tests.trust.world import client_of

TODAY = date(2019, 11, 25)
SAID_ON = date(2019, 6, 6)
PASSWORD = "a sentence that is long enough"

PLAN = {"fr": "Plan des ateliers", "en": "Workshops plan"}
ACTION = {"fr": "Ouvrir les ateliers", "en": "Open the workshops"}
INDICATOR = {"fr": "Visites des ateliers", "en": "Visits to the workshops"}
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


@dataclass(frozen=True)
class World:
    """`visits`: an indicator of 2019 that stands at 1,200 of 2,000."""

    advisor: Any
    manager: Any
    operator: Any
    plan: Any
    action: Any
    visits: Any


def build(language: str) -> World:
    """A new plan and its people, who read `language`."""
    people = {
        "advisor": member(Role.ADVISOR, language, "Ada Advisor"),
        "manager": member(Role.PROGRAMME_MANAGER, language, "Max Manager"),
        "operator": member(Role.OPERATOR, language, "Olga Operator"),
    }
    plan = PlanFactory(title=PLAN)
    axis = AxisFactory(plan=plan, title={"fr": "Accueillir", "en": "Welcome people"})
    action = ActionFactory(axis=axis, plan=plan, code="workshops", title=ACTION, short=ACTION)
    visits = IndicatorFactory(
        action=action, code="visits", title=INDICATOR, short=INDICATOR, unit=Unit.VISITS
    )
    TargetFactory(indicator=visits, low=Decimal(2000), high=Decimal(2000))
    ReadingFactory(indicator=visits, on=date(2019, 3, 3), value=Decimal(1200), source="Register A")
    return World(plan=plan, action=action, visits=visits, **people)


def member(role: Role, language: str, name: str) -> Any:
    """Somebody with that role, who signs in with the password of the tests."""
    made = person(
        role, name=name, language=language, email=f"{name.split()[0].lower()}@example.org"
    )
    made.set_password(PASSWORD)
    made.save()
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


class Journey:
    """One story on the site: several people, each with a browser of their own."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        words: Words,
        watched: Callable[[Page], list[str]],
        patience: int,
    ) -> None:
        self.browser, self.url, self.words = browser, url, words
        self._watched, self._patience = watched, patience
        self._contexts: list[BrowserContext] = []
        self._heard: list[list[str]] = []
        self._expected: list[str] = []

    def open(self, **options: Any) -> Page:
        """A page in a new browser profile; the options are Playwright's for a context."""
        context = self.browser.new_context(
            **{"locale": {"fr": "fr-FR", "en": "en-GB"}[self.words.language], **options}
        )
        context.set_default_timeout(self._patience)
        self._contexts.append(context)
        page = context.new_page()
        self._heard.append(self._watched(page))
        return page

    def expects(self, complaint: str) -> None:
        """The journey itself makes the browser complain of this, by taking the network away."""
        self._expected.append(complaint)

    def complaints(self) -> list[str]:
        return [
            said
            for heard in self._heard
            for said in heard
            if not any(expected in said for expected in self._expected)
        ]

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def address(self, name: str, *args: Any) -> str:
        with override(self.words.language):
            return f"{self.url}{reverse(name, args=args)}"

    def enter(self, page: Page, user: Any) -> None:
        """Be signed in already, where signing in is not what the journey is about."""
        session = client_of(user).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])
        page.goto(self.address("site:day"))

    def sign_in(self, page: Page, user: Any, hands: Any) -> None:
        """Sign in with a password; one's own day comes next."""
        page.goto(self.address("account_login"))
        hands.write(page.get_by_label(self.words("E-mail address")), user.email)
        hands.write(page.get_by_label(self.words("Password")), PASSWORD)
        hands.follow(page.locator("main").get_by_role("button", name=self.words("Sign in")).first)
        expect(page).to_have_url(self.address("site:day"))


@contextmanager
def downloaded(page: Page, path: Path) -> Iterator[Path]:
    """The file that what is done inside gives."""
    with page.expect_download() as given:
        yield path
    given.value.save_as(path)


def rows_of(path: Path) -> list[list[Any]]:
    """The rows of a spreadsheet or of a CSV file, headings first."""
    if path.suffix == ".xlsx":
        sheet = load_workbook(path, read_only=True).active
        return [list(row) for row in sheet.iter_rows(values_only=True)]
    text = path.read_text("utf-8-sig")
    return list(csv.reader(io.StringIO(text), csv.Sniffer().sniff(text, ",;\t")))


def total(rows: list[list[Any]], heading: str) -> Decimal:
    """The sum of a column."""
    place = rows[0].index(heading)
    return sum((Decimal(str(row[place]).replace(",", ".")) for row in rows[1:]), Decimal(0))


def optional(page: Page, words: Words, label: str) -> Locator:
    """The field that may stay empty, as its label says."""
    return page.get_by_label(f"{words(label)} {words('(optional)')}", exact=True)


def figure(page: Page) -> Locator:
    """The figure of an indicator's page."""
    return page.locator("section[aria-labelledby=figure-title] .figure").first

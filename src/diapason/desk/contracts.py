"""What crosses the front desk's door: the words in which projects and support are described."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Worded(StrEnum):
    """A closed list whose every member has words for people."""

    @property
    def label(self) -> Any:
        return _LABELS[type(self), self.value]

    @classmethod
    def choices(cls) -> list[tuple[str, Any]]:
        return [(one.value, one.label) for one in cls]


class Stage(Worded):
    """How far along a project is, in order."""

    IDEA = "idea"
    DEFINITION = "definition"
    STRUCTURING = "structuring"
    PROTOTYPING = "prototyping"
    INCUBATION = "incubation"
    ACCELERATION = "acceleration"

    @property
    def following(self) -> Stage:
        """The stage after this one; the last has none other."""
        stages = list(Stage)
        return stages[min(stages.index(self) + 1, len(stages) - 1)]


class Need(Worded):
    """What a project asks for."""

    ADVICE = "advice"
    FUNDING = "funding"
    LEGAL = "legal"
    MARKET = "market"
    NETWORK = "network"
    PLACE = "place"
    RECRUITING = "recruiting"
    SETTLING = "settling"
    SKILLS = "skills"
    TECHNOLOGY = "technology"


class Sector(Worded):
    """What a project is about. A closed list: figures are split by it in public."""

    MUSIC = "music"
    IMAGE = "image"
    GAMES = "games"
    STAGE_ARTS = "stage_arts"
    DIGITAL = "digital"
    OTHER = "other"


class Tongue(Worded):
    """A language in which a structure helps. The first two are those in which a project asks."""

    FRENCH = "fr"
    ENGLISH = "en"
    GERMAN = "de"
    SPANISH = "es"
    ITALIAN = "it"
    PORTUGUESE = "pt"
    UKRAINIAN = "uk"
    ARABIC = "ar"
    SIGNS = "signs"


class Gender(Worded):
    """What somebody who asks may say of themselves, to be counted and nothing else."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"


class Closing(Worded):
    """How a case ended."""

    DONE = "done"
    STOPPED = "stopped"
    ELSEWHERE = "elsewhere"


class ReferralState(Worded):
    """Where a structure stands with a project that was proposed to it."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"


class LoanState(Worded):
    """Where hours stand that one structure is asked to lend to the project of another."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    ENDED = "ended"


class OutcomeKind(Worded):
    """What support leads to, and is counted."""

    BUSINESS_CREATED = "business_created"
    JOBS_CREATED = "jobs_created"


class Verified(Worded):
    """How somebody made sure of an outcome."""

    DOCUMENT = "document"
    REGISTER = "register"
    DECLARED = "declared"


class Channel(Worded):
    """How somebody reached the welcome desk."""

    PHONE = "phone"
    EMAIL = "email"
    VISIT = "visit"


class Satisfied(Worded):
    """What a project's owner says of the help they got, the best first."""

    VERY = "very"
    RATHER = "rather"
    LITTLE = "little"
    NOT = "not"


class Difficulty(Worded):
    """What an enterprise struggles with; with `Need`, the words that every visit is noted in."""

    CASH = "cash"
    COSTS = "costs"
    CUSTOMERS = "customers"
    EQUIPMENT = "equipment"
    ISOLATION = "isolation"
    PAPERWORK = "paperwork"
    PREMISES = "premises"
    RECRUITING = "recruiting"
    RIGHTS = "rights"
    SKILLS = "skills"


class FindingKind(Worded):
    """What a visit found."""

    NEED = "need"
    DIFFICULTY = "difficulty"


class VisitState(Worded):
    """Where a visit stands."""

    ACCEPTED = "accepted"
    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class Rhythm(Worded):
    """How often somebody is written to about what is late."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"

    def falls_on(self, day: date) -> bool:
        """Daily is Monday to Friday, weekly is on Mondays."""
        return {"daily": day.weekday() < 5, "weekly": day.weekday() == 0}.get(self.value, False)


# Pairs rather than a dictionary: members of two lists may be the same word, and are then equal.
_WORDS: tuple[tuple[Worded, Any], ...] = (
    (Stage.IDEA, _("Idea")),
    (Stage.DEFINITION, _("Definition")),
    (Stage.STRUCTURING, _("Structuring")),
    (Stage.PROTOTYPING, _("Prototyping")),
    (Stage.INCUBATION, _("Incubation")),
    (Stage.ACCELERATION, _("Acceleration")),
    (Need.ADVICE, _("Advice on the project")),
    (Need.FUNDING, _("Funding")),
    (Need.LEGAL, _("Legal matters")),
    (Need.MARKET, _("Customers and markets")),
    (Need.NETWORK, _("Partners and contacts")),
    (Need.PLACE, _("A place to work")),
    (Need.RECRUITING, _("Recruiting")),
    (Need.SETTLING, _("Settling in: housing, schools, partner’s job")),
    (Need.SKILLS, _("Training")),
    (Need.TECHNOLOGY, _("Technology and equipment")),
    (Sector.MUSIC, _("Music")),
    (Sector.IMAGE, _("Film, animation and picture")),
    (Sector.GAMES, _("Video games")),
    (Sector.STAGE_ARTS, _("Stage arts")),
    (Sector.DIGITAL, _("Digital creation")),
    (Sector.OTHER, _("Another sector")),
    (Tongue.FRENCH, _("French")),
    (Tongue.ENGLISH, _("English")),
    (Tongue.GERMAN, _("German")),
    (Tongue.SPANISH, _("Spanish")),
    (Tongue.ITALIAN, _("Italian")),
    (Tongue.PORTUGUESE, _("Portuguese")),
    (Tongue.UKRAINIAN, _("Ukrainian")),
    (Tongue.ARABIC, _("Arabic")),
    (Tongue.SIGNS, _("Sign language")),
    (Gender.WOMAN, _("A woman")),
    (Gender.MAN, _("A man")),
    (Gender.OTHER, _("Otherwise")),
    (Closing.DONE, _("Support came to its end")),
    (Closing.STOPPED, _("The project stopped")),
    (Closing.ELSEWHERE, _("The project goes on elsewhere")),
    (ReferralState.PROPOSED, _("Awaits an answer")),
    (ReferralState.ACCEPTED, _("Accepted")),
    (ReferralState.DECLINED, _("Declined")),
    (ReferralState.ENDED, _("Support ended")),
    (LoanState.ASKED, _("Asked for")),
    (LoanState.AGREED, _("Lent")),
    (LoanState.REFUSED, _("Refused")),
    (LoanState.ENDED, _("Ended")),
    (OutcomeKind.BUSINESS_CREATED, _("Business created")),
    (OutcomeKind.JOBS_CREATED, _("Jobs created")),
    (Verified.DOCUMENT, _("A document was seen")),
    (Verified.REGISTER, _("The public register says so")),
    (Verified.DECLARED, _("The owner says so")),
    (Channel.PHONE, _("Phone")),
    (Channel.EMAIL, _("E-mail")),
    (Channel.VISIT, _("Visit")),
    (Rhythm.DAILY, _("Each working day")),
    (Rhythm.WEEKLY, _("Each Monday")),
    (Rhythm.NEVER, _("Never")),
    (Difficulty.CASH, _("Cash and funding")),
    (Difficulty.COSTS, _("Rising costs")),
    (Difficulty.CUSTOMERS, _("Finding customers")),
    (Difficulty.EQUIPMENT, _("Equipment")),
    (Difficulty.ISOLATION, _("Working alone")),
    (Difficulty.PAPERWORK, _("Formalities")),
    (Difficulty.PREMISES, _("Premises")),
    (Difficulty.RECRUITING, _("Recruiting")),
    (Difficulty.RIGHTS, _("Rights and contracts")),
    (Difficulty.SKILLS, _("Skills to acquire")),
    (FindingKind.NEED, _("Need")),
    (FindingKind.DIFFICULTY, _("Difficulty")),
    (VisitState.ACCEPTED, _("In the programme")),
    (VisitState.PLANNED, pgettext_lazy("visit", "Planned")),
    (VisitState.DONE, pgettext_lazy("visit", "Done")),
    (VisitState.CANCELLED, pgettext_lazy("visit", "Cancelled")),
    (Satisfied.VERY, _("It helped a lot")),
    (Satisfied.RATHER, _("It rather helped")),
    (Satisfied.LITTLE, _("It helped little")),
    (Satisfied.NOT, _("It did not help")),
)
_LABELS = {(type(one), one.value): words for one, words in _WORDS}

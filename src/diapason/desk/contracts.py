"""What crosses the front desk's door: the words in which projects and support are described."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diapason.kernel.worded import Worded


class Stage(Worded):
    """How far along a project is, in order."""

    IDEA = "idea", _("Idea")
    DEFINITION = "definition", _("Definition")
    STRUCTURING = "structuring", _("Structuring")
    PROTOTYPING = "prototyping", _("Prototyping")
    INCUBATION = "incubation", _("Incubation")
    ACCELERATION = "acceleration", _("Acceleration")

    @property
    def following(self) -> Stage:
        """The stage after this one; the last has none other."""
        stages = list(Stage)
        return stages[min(stages.index(self) + 1, len(stages) - 1)]


class Need(Worded):
    """What a project asks for."""

    ADVICE = "advice", _("Advice on the project")
    FUNDING = "funding", _("Funding")
    LEGAL = "legal", _("Legal matters")
    MARKET = "market", _("Customers and markets")
    NETWORK = "network", _("Partners and contacts")
    PLACE = "place", _("A place to work")
    RECRUITING = "recruiting", _("Recruiting")
    SETTLING = "settling", _("Settling in: housing, schools, partner’s job")
    SKILLS = "skills", _("Training")
    TECHNOLOGY = "technology", _("Technology and equipment")


class Sector(Worded):
    """What a project is about. A closed list: figures are split by it in public."""

    MUSIC = "music", _("Music")
    IMAGE = "image", _("Film, animation and picture")
    GAMES = "games", _("Video games")
    STAGE_ARTS = "stage_arts", _("Stage arts")
    DIGITAL = "digital", _("Digital creation")
    OTHER = "other", _("Another sector")


class Tongue(Worded):
    """A language in which a structure helps. The first two are those in which a project asks."""

    FRENCH = "fr", _("French")
    ENGLISH = "en", _("English")
    GERMAN = "de", _("German")
    SPANISH = "es", _("Spanish")
    ITALIAN = "it", _("Italian")
    PORTUGUESE = "pt", _("Portuguese")
    UKRAINIAN = "uk", _("Ukrainian")
    ARABIC = "ar", _("Arabic")
    SIGNS = "signs", _("Sign language")


class Gender(Worded):
    """What somebody who asks may say of themselves, to be counted and nothing else."""

    WOMAN = "woman", _("A woman")
    MAN = "man", _("A man")
    OTHER = "other", _("Otherwise")


class Closing(Worded):
    """How a case ended."""

    DONE = "done", _("Support came to its end")
    STOPPED = "stopped", _("The project stopped")
    ELSEWHERE = "elsewhere", _("The project goes on elsewhere")


class ReferralState(Worded):
    """Where a structure stands with a project that was proposed to it."""

    PROPOSED = "proposed", _("Awaits an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    ENDED = "ended", _("Support ended")


class LoanState(Worded):
    """Where hours stand that one structure is asked to lend to the project of another."""

    ASKED = "asked", _("Asked for")
    AGREED = "agreed", _("Lent")
    REFUSED = "refused", _("Refused")
    ENDED = "ended", _("Ended")


class OutcomeKind(Worded):
    """What support leads to, and is counted."""

    BUSINESS_CREATED = "business_created", _("Business created")
    JOBS_CREATED = "jobs_created", _("Jobs created")


class Verified(Worded):
    """How somebody made sure of an outcome."""

    DOCUMENT = "document", _("A document was seen")
    REGISTER = "register", _("The public register says so")
    DECLARED = "declared", _("The owner says so")


class Channel(Worded):
    """How somebody reached the welcome desk."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    VISIT = "visit", _("Visit")


class Satisfied(Worded):
    """What a project's owner says of the help they got, the best first."""

    VERY = "very", _("It helped a lot")
    RATHER = "rather", _("It rather helped")
    LITTLE = "little", _("It helped little")
    NOT = "not", _("It did not help")


class Difficulty(Worded):
    """What an enterprise struggles with; with `Need`, the words that every visit is noted in."""

    CASH = "cash", _("Cash and funding")
    COSTS = "costs", _("Rising costs")
    CUSTOMERS = "customers", _("Finding customers")
    EQUIPMENT = "equipment", _("Equipment")
    ISOLATION = "isolation", _("Working alone")
    PAPERWORK = "paperwork", _("Formalities")
    PREMISES = "premises", _("Premises")
    RECRUITING = "recruiting", _("Recruiting")
    RIGHTS = "rights", _("Rights and contracts")
    SKILLS = "skills", _("Skills to acquire")


class FindingKind(Worded):
    """What a visit found."""

    NEED = "need", _("Need")
    DIFFICULTY = "difficulty", _("Difficulty")


class VisitState(Worded):
    """Where a visit stands."""

    ACCEPTED = "accepted", _("In the programme")
    PLANNED = "planned", pgettext_lazy("visit", "Planned")
    DONE = "done", pgettext_lazy("visit", "Done")
    CANCELLED = "cancelled", pgettext_lazy("visit", "Cancelled")


class Rhythm(Worded):
    """How often somebody is written to about what is late."""

    DAILY = "daily", _("Each working day")
    WEEKLY = "weekly", _("Each Monday")
    NEVER = "never", _("Never")

    def falls_on(self, day: date) -> bool:
        """Daily is Monday to Friday, weekly is on Mondays."""
        return {"daily": day.weekday() < 5, "weekly": day.weekday() == 0}.get(self.value, False)

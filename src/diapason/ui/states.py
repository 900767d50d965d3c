"""How a state looks: a mark, a word and a tone together, never a colour alone."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diapason.ui import tokens


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The face of a state: the drawing's name, the tone's name, the word said by default."""

    mark: str
    tone: str
    word: str | Promise


STATES: dict[str, State] = {
    "ahead": State("ahead", "moss", _("Ahead")),
    "met": State("check", "moss", _("Met")),
    "on_track": State("check", "moss", _("On track")),
    "at_risk": State("triangle", "amber", _("At risk")),
    "missed": State("cross", "rose", _("Missed")),
    "counted": State("dot", "sky", _("Counted, no target")),
    "unknown": State("dashes", "grey", _("Not yet measurable")),
    # Tones by themselves, for states that belong to one room; these take their own words.
    "good": State("check", "moss", _("Done")),
    "warning": State("triangle", "amber", _("Attention")),
    "bad": State("cross", "rose", _("Refused")),
    "plain": State("dashes", "grey", _("Not started")),
    "waiting": State("clock", "sky", _("Waiting")),
}

FILLS: dict[str, str] = {
    "moss": tokens.MOSS,
    "amber": tokens.AMBER_BAR,
    "rose": tokens.ROSE,
    "grey": tokens.GREY,
    "sky": tokens.SKY,
}


def state(key: str) -> State:
    """The face of a state by its key; an unknown key is shown as `unknown`."""
    return STATES.get(key, STATES["unknown"])

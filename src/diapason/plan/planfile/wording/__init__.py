"""What each fault says, in English and in French: what is wrong, then what to write instead.

Plain dictionaries rather than gettext: a plan file is checked from a terminal or a build, where no
application is configured.
"""

from diapason.plan.planfile.wording import english, french

LANGUAGES = {"en": english, "fr": french}


def word(name: str, language: str) -> str:
    """A word of the sentences, in ``language``."""
    return LANGUAGES[language].WORDS[name]


def phrase(code: str, language: str, details: dict[str, object]) -> tuple[str, str]:
    """The two sentences of the fault ``code``: what is wrong, and what to write instead."""
    message, mend = LANGUAGES[language].SENTENCES[code]
    if language == "fr":
        # Typed with ordinary spaces; printed with those that never break a line.
        message, mend = _french_spaces(message), _french_spaces(mend)
    return message.format(**details), mend.format(**details)


def _french_spaces(text: str) -> str:
    for mark in (":", ";", "?", "!", "»"):
        text = text.replace(f" {mark}", f"\u00a0{mark}")
    return text.replace("« ", "«\u00a0")

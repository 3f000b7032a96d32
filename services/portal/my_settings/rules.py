"""How e-mails may come, and in which languages: the choices, and whether an answer is one of them."""

from __future__ import annotations

from collections.abc import Mapping

EMAILS = ("at-once", "daily", "none")
GOOD_NEWS = ("as-it-comes", "weekly")
# Each by its own name, as its speakers write it; a school may have written down another.
LANGUAGES: Mapping[str, str] = {
    "en": "English", "ar": "العربية", "bn": "বাংলা", "cy": "Cymraeg", "pl": "Polski", "pt": "Português",
    "ro": "Română", "so": "Soomaali", "uk": "Українська", "ur": "اردو",
}


def languages_with(held: str | None) -> dict[str, str]:
    """The languages to choose from, with the one that is held if it is not among them."""
    known = dict(LANGUAGES)
    if held and held not in known:
        known[held] = held
    return known


def is_email_choice(given: str) -> bool:
    return given in EMAILS


def is_good_news_choice(given: str) -> bool:
    return given in GOOD_NEWS


def is_language_choice(given: str, held: str | None) -> bool:
    """Whether it can be kept; nothing chosen leaves it to the school."""
    return not given or given in languages_with(held)

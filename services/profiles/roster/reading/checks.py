"""Small pure checks on single cells."""

import re
from datetime import date

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(UPN_LETTERS)} | {str(digit): digit for digit in range(10)}
_WEIGHTED = tuple({sign: weight * value for sign, value in _VALUES.items()} for weight in range(2, 14))
_UPN = re.compile(rf"[{UPN_LETTERS}][0-9]{{11}}[0-9{UPN_LETTERS}]")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(?:\.[^@\s,;<>\".]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,24}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ISO = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*)?")


def upn_check_letter(rest: str) -> str:
    """The letter that the twelve characters after it ask for. No list of authorities: such lists grow old."""
    return UPN_LETTERS[sum(map(dict.__getitem__, _WEIGHTED, rest)) % 23]


def upn_is_sound(upn: str) -> bool:
    return bool(_UPN.fullmatch(upn)) and upn_check_letter(upn[1:]) == upn[0]


def email_is_sane(email: str) -> bool:
    return len(email) <= 254 and _EMAIL.fullmatch(email) is not None


def phone_is_sane(phone: str) -> bool:
    return _PHONE.fullmatch(phone) is not None


def language_is_sane(language: str) -> bool:
    return _LANGUAGE.fullmatch(language) is not None


def iso_date(text: str) -> date | None:
    """The day if it is written year-month-day; any other order would be a guess, so it is None."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    try:
        return date.fromisoformat(match.group(1))
    except ValueError:
        return None

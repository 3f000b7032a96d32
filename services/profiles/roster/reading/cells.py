"""Checks the cells of one file and reports each that is wrong; the row itself stays where it can."""

from services.profiles.roster.reading import checks
from services.profiles.roster.reading.staging import Finding, Stage
from services.profiles.roster.reading.words import KINDS, LIVES_WITH, RESTRICTIONS, STATUS, YES_NO, fold


class Cells:
    """Each method gives the value to keep; what is not understood becomes the careful value and a problem."""

    def __init__(self, stage: Stage, kind: str, file: str, subject_kind: str) -> None:
        self._stage = stage
        self._kind = kind
        self.file = file
        self._subject_kind = subject_kind
        self.line = 0
        self.subject = ""

    def wrong(self, column: str, value: str, reason: str, refused: bool = False) -> None:
        subject_kind = self._subject_kind if self.subject else ""
        self._stage.report(
            Finding(self._kind, self.file, self.line, column, value, reason, subject_kind, self.subject, refused)
        )

    def refuse(self, column: str, value: str, reason: str) -> None:
        """The whole row is left out."""
        self.wrong(column, value, reason, refused=True)

    def is_left(self, status: str) -> int:
        known = STATUS.get(fold(status))
        if known is None:
            self.wrong("status", status, "This status is not known; the row was taken as active.")
            return 0
        return known

    def email(self, value: str) -> str | None:
        if not value:
            return None
        if checks.email_is_sane(value):
            return value
        self.wrong("email", value, "This is not an e-mail address; the person was taken without one.")
        return None

    def phone(self, column: str, value: str) -> str | None:
        if not value:
            return None
        if checks.phone_is_sane(value):
            return value
        self.wrong(column, value, "This is not a telephone number; the person was taken without it.")
        return None

    def language(self, value: str) -> str | None:
        if not value:
            return None
        if checks.language_is_sane(value):
            return value
        self.wrong("metadata.language", value, "Write the language as a code, such as en, pl or ur.")
        return None

    def upn(self, value: str) -> str | None:
        """Warned about, never refused, and never repeated: a UPN is a sealed key."""
        if not value:
            return None
        upper = value.upper()
        if not checks.upn_is_sound(upper):
            self.wrong("metadata.upn", "", "The check letter of this UPN does not fit; look for a slip in it.")
        return upper

    def prefers_voice(self, value: str) -> bool:
        meaning = YES_NO.get(fold(value), "") if value else "no"
        if not meaning:
            self.wrong("metadata.prefersVoice", value, "Write yes or no; taken as no.")
        return meaning == "yes"

    def relationship_kind(self, value: str) -> str:
        kind = KINDS.get(fold(value))
        if kind is None:
            self.wrong("relationshipRole", value, "This kind of relationship is not known; taken as 'other'.")
            return "other"
        return kind

    def responsibility(self, value: str) -> str:
        meaning = YES_NO.get(fold(value)) if value else "unknown"
        if meaning is None:
            self.wrong("metadata.parentalResponsibility", value, "Write yes, no or unknown; taken as unknown.")
            return "unknown"
        return meaning

    def restriction(self, value: str) -> int:
        """Anything but the three words is unknown: no right at all until the office has checked it."""
        code = RESTRICTIONS.get(value.casefold()) if value else 1
        if code is None:
            reason = "Write none, restricted or unknown; taken as unknown until checked."
            self.wrong("metadata.contactRestriction", value, reason)
            return 1
        return code

    def lives_with(self, value: str) -> str:
        meaning = LIVES_WITH.get(fold(value)) if value else "unknown"
        if meaning is None:
            self.wrong("metadata.livesWith", value, "Write yes, no or shared; taken as unknown.")
            return "unknown"
        return meaning

    def priority(self, value: str) -> int | None:
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) <= 3:
            return int(value)
        self.wrong("metadata.priority", value, "Write a whole number; taken as none.")
        return None

    def has_ended(self, column: str, value: str, past_ends: bool) -> int:
        """1 where the date is past and the operator has said that past dates end people."""
        if not value:
            return 0
        day = checks.iso_date(value)
        if day is None:
            self.wrong(column, value, "Write dates as year-month-day; the order is never guessed, so it was not used.")
            return 0
        today = self._stage.options.today
        return int(past_ends and today is not None and day < today)

"""What can go wrong, said once: each error knows its HTTP status, its words and whether trying again is worth while."""

from __future__ import annotations

from collections.abc import Mapping


class Problem(Exception):
    """An answer of RFC 9457. `errors` maps a field's path to plain words about it."""

    status = 500
    type = "unexpected"
    title = "Something went wrong here; nothing was changed"
    worth_retrying = False

    def __init__(self, detail: str = "", errors: Mapping[str, str] | None = None, retry_after_s: int | None = None):
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = dict(errors or {})
        self.retry_after_s = retry_after_s


class Invalid(Problem):
    status, type, title = 422, "invalid", "Something in this needs changing"


class SignInNeeded(Problem):
    status, type, title = 401, "sign-in-needed", "Sign in and try again"


class NotFound(Problem):
    """Also the answer for what is there but not for this caller: the two must look alike."""

    status, type, title = 404, "not-found", "There is nothing here"


class Conflict(Problem):
    status, type, title = 409, "conflict", "Somebody changed this a moment ago"


class Stale(Problem):
    status, type, title = 412, "stale", "This was changed after you opened it"


class TooMany(Problem):
    status, type, title = 429, "too-many", "Too many tries; please wait a little"
    worth_retrying = True


class Unavailable(Problem):
    status, type, title = 503, "unavailable", "This part is not answering just now"
    worth_retrying = True


class NotYet(Unavailable):
    """What this depends on has not arrived here yet; it will."""


class Refused(Exception):
    """A start or an operator's command that cannot go on, in words for the operator."""

"""Pure decisions about signing in: addresses, shared addresses, tokens, codes and where to go on."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

LINK_LIFE = timedelta(minutes=20)
IDLE = {"guardian": timedelta(hours=12), "staff": timedelta(hours=8), "operator": timedelta(hours=2),
        "pupil": timedelta(minutes=30)}
SEEN_EVERY = timedelta(minutes=5)  # how coarsely a session's last use is noted
MOST_LINKS = 5  # to one address while a link lives
MOST_WRONG_CODES = 5
ADDRESS = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]+\.[^@\s,;<>]{1,63}")


class Named(Protocol):
    """As much of a membership as the rule about shared addresses needs."""

    @property
    def school_id(self) -> str: ...
    @property
    def hat(self) -> str: ...
    @property
    def person_id(self) -> str: ...
    @property
    def given_name(self) -> str: ...
    @property
    def family_name(self) -> str: ...


def tidy_address(given: str) -> str:
    """An address as it is kept: no spaces around it, small letters."""
    return given.strip().lower()


def is_address(text: str) -> bool:
    return len(text) <= 320 and ADDRESS.fullmatch(text) is not None


def is_shared(members: Iterable[Named]) -> bool:
    """Whether these, who have one address, are two adults of one school.

    A parent who also works at the school is one adult there, with two entries of the same name.
    """
    by_school: dict[str, list[Named]] = defaultdict(list)
    for member in members:
        by_school[member.school_id].append(member)
    for found in by_school.values():
        people = {(member.hat, member.person_id) for member in found}
        names = {(member.given_name.casefold().strip(), member.family_name.casefold().strip()) for member in found}
        if len(people) > len({member.hat for member in found}) or len(names) > 1:
            return True
    return False


def token_of(secret: str, request_id: str) -> str:
    """What the link carries: the request, and the proof that we made it."""
    return f"{request_id}.{_sign(secret, 'link', request_id).hexdigest()}"


def request_of(secret: str, token: str) -> str | None:
    """The request that a link's token names, if the token is ours."""
    request_id, _, _proof = token.partition(".")
    return request_id if hmac.compare_digest(token_of(secret, request_id).encode(), token.encode()) else None


def code_of(secret: str, request_id: str) -> str:
    """The six digits for typing."""
    return f"{int.from_bytes(_sign(secret, 'code', request_id).digest()[:8], 'big') % 1_000_000:06d}"


def hash_of(secret_id: str) -> str:
    """What is kept of a session's id."""
    return hashlib.sha256(secret_id.encode()).hexdigest()


def tidy_code(given: str) -> str:
    """A child's code as it is compared: letters and digits alone, so that spaces, dashes and capitals do not matter."""
    return "".join(filter(str.isalnum, given.casefold()))[:60]


def hash_of_code(secret: str, school: str, code: str) -> str:
    """What is kept of a child's code: with the trust's secret, so that a copy of the table opens no door."""
    return hmac.new(secret.encode(), f"pupil-code:{school}:{tidy_code(code)}".encode(), hashlib.sha256).hexdigest()


def hash_of_identity(secret: str, issuer: str, subject: str) -> str:
    """What is kept of an account elsewhere: with the trust's secret, so that a copy of the table names nobody."""
    return hmac.new(secret.encode(), f"school-account\n{issuer}\n{subject}".encode(), hashlib.sha256).hexdigest()


def end_of_school_year(day: date) -> date:
    """The first day that a code of `day` is not good any more: 1 September."""
    return date(day.year + (day.month >= 9), 9, 1)


def local_path(given: str | None) -> str:
    """A path of this site to go on to, or the home page: never another site's address."""
    path = given or "/"
    if len(path) > 500 or not path.startswith("/") or path.startswith("//") or re.search(r"[\\\x00-\x20]", path):
        return "/"
    return path


def childs_path(given: str | None) -> str:
    """Where a child goes on to: one of their own pages."""
    wanted = local_path(given)
    return wanted if wanted.startswith("/me/") else "/me"


def _sign(secret: str, purpose: str, request_id: str) -> hmac.HMAC:
    return hmac.new(secret.encode(), f"{purpose}:{request_id}".encode(), hashlib.sha256)

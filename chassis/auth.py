"""Who is calling: short-lived signed tokens in, a `Principal` out. A token never says what may be done to whom.

The portal signs with a private Ed25519 key; services hold the public half alone. What a principal may do about a child
is asked of the rule at every act, so a right that is lost needs no token to expire.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from chassis.clock import Clock
from chassis.errors import SignInNeeded

ISSUER = "tandem-portal"
LIFETIME = timedelta(seconds=120)
CACHED_TOKENS = 2048


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller in one school (or, as operator, in none). `hat` is 'guardian', 'staff' or 'operator'."""

    account_id: str
    school: str
    person_id: str
    hat: str
    roles: frozenset[str] = field(default_factory=frozenset)

    def is_any(self, *who: str) -> bool:
        """Whether one of these names a hat or role of this caller."""
        return self.hat in who or bool(self.roles.intersection(who))


def new_key_pair() -> tuple[dict[str, Any], dict[str, Any]]:
    """A fresh (private, public) pair as JWK dictionaries."""
    key = OKPKey.generate_key("Ed25519", auto_kid=True)
    return key.as_dict(private=True), key.as_dict(private=False)


class TokenMaker:
    """Signs tokens; only the portal and the operator's tool hold one."""

    def __init__(self, private_jwk: dict[str, Any], clock: Clock):
        self._key = OKPKey.import_key(private_jwk)
        self._clock = clock

    def make(self, principal: Principal) -> str:
        """A token for this principal, good for `LIFETIME`."""
        claims = {
            "iss": ISSUER, "aud": "tandem", "sub": principal.account_id, "school": principal.school,
            "person": principal.person_id, "hat": principal.hat, "roles": sorted(principal.roles),
            "exp": int((self._clock.now() + LIFETIME).timestamp()),
        }
        return jwt.encode({"alg": "Ed25519", "kid": self._key.kid}, claims, self._key, algorithms=["Ed25519"])


class TokenReader:
    """Checks tokens; remembers the ones it has checked until they expire, because a page brings several calls."""

    def __init__(self, public_jwk: dict[str, Any], clock: Clock):
        self._key = OKPKey.import_key(public_jwk)
        self._clock = clock
        self._known: OrderedDict[str, tuple[Principal, float]] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, header: str | None) -> Principal:
        """The principal of an Authorization header, or SignInNeeded."""
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise SignInNeeded()
        now = self._clock.now().timestamp()
        with self._lock:
            known = self._known.get(token)
        if known is None:
            known = self._check(token)
            with self._lock:
                self._known[token] = known
                while len(self._known) > CACHED_TOKENS:
                    self._known.popitem(last=False)
        principal, expires = known
        if expires <= now:
            raise SignInNeeded()
        return principal

    def _check(self, token: str) -> tuple[Principal, float]:
        try:
            claims = jwt.decode(token, self._key, algorithms=["Ed25519"]).claims
        except (JoseError, ValueError) as error:
            raise SignInNeeded() from error
        if claims.get("iss") != ISSUER or claims.get("aud") != "tandem" or not isinstance(claims.get("exp"), int):
            raise SignInNeeded()
        principal = Principal(str(claims["sub"]), str(claims["school"]), str(claims["person"]), str(claims["hat"]),
                              frozenset(claims.get("roles", ())))
        return principal, float(claims["exp"])


Ask = Callable[[Any, Principal, str, str], None]
"""(unit of work, principal, right, id of the child) -> None, or NotFound: how a service asks the rule."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What a route declares: who may call it, and which right about which path argument is asked first."""

    who: tuple[str, ...]
    right: str | None = None
    about: str | None = None
    creates: bool = False

    @property
    def is_public(self) -> bool:
        return self.who == ("anyone",)



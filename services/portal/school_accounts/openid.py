"""One provider as the portal speaks to it: OpenID Connect's code flow with PKCE, by Authlib over the house's calls.

What comes back is taken only when its signature, issuer, audience, times and nonce are right. A provider that is slow
is left alone for a while, so that its trouble does not become the portal's.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.client import DEFAULT_HEADERS, OAuth2Client
from authlib.oauth2.rfc6749.parameters import prepare_token_request
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from chassis.adapters.http import HttpCaller, Reply
from chassis.clock import Clock
from chassis.errors import Unavailable
from services.portal.school_accounts.rules import Provider, is_safe_address

ALGORITHMS = ("RS256", "PS256", "ES256")  # what a provider signs with; never a shared secret, never nothing
LEEWAY_S = 120  # how far two clocks may be apart
KEPT = timedelta(hours=1)
KEYS_AGAIN = timedelta(minutes=1)  # how soon keys are asked for again when a token names one that is not known
REST = timedelta(seconds=10)
PATIENCE_S = 3.0
AT_ONCE, ROOM_S = 4, 1.0
DISCOVERY = "/.well-known/openid-configuration"
TIMES = ("exp", "iat", "nbf")


class Trouble(Exception):
    """It did not work: `reason` chooses the page, `cause` is for the log. Both are words of ours, never what came."""

    def __init__(self, reason: str, cause: str = ""):
        super().__init__(reason)
        self.reason, self.cause = reason, cause or reason


class Door:
    """A provider's door: the address to send somebody to, and who they are when they come back."""

    def __init__(self, provider: Provider, back: str, clock: Clock, caller: HttpCaller | None = None):
        self.provider = provider
        self._back, self._clock = back, clock
        self._caller = caller or HttpCaller(PATIENCE_S, outside=not provider.issuer.startswith("http:"))
        self._kept: dict[str, tuple[Any, datetime]] = {}
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._rests_until = clock.now()

    def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where to sign in. People are always asked which account: devices are shared, at home and in class."""
        provider = self.provider
        client = OAuth2Client(None, provider.client_id, scope=provider.scope, redirect_uri=self._back,
                              code_challenge_method="S256")
        hint = {"hd": next(iter(provider.domains))} if len(provider.domains) == 1 else {}
        address, _state = client.create_authorization_url(
            self._described("authorization_endpoint"), state, verifier, nonce=nonce, prompt="select_account", **hint)
        return str(address)

    def claims(self, code: str, verifier: str, nonce: str) -> Mapping[str, Any]:
        """What the provider says of whoever brought this code, checked; Trouble otherwise."""
        told = self._redeem(code, verifier)
        token, access = told.get("id_token"), told.get("access_token")
        if not isinstance(token, str):
            raise Trouble("doubtful", "no_id_token")
        wanted = {"nonce": nonce, "client_id": self.provider.client_id,
                  "access_token": access if isinstance(access, str) else None}
        try:
            read = self._decode(token)
            claims = CodeIDToken(read.claims, read.header, {
                "iss": {"essential": True, "value": self.provider.issuer},
                "aud": {"essential": True, "value": self.provider.client_id}}, wanted)
            claims.validate(int(self._clock.now().timestamp()), LEEWAY_S)
        except ClaimError as error:
            raise Trouble("clocks" if error.claim in TIMES and error.claim in read.claims else "doubtful",
                          f"claim_{error.claim}") from error
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Trouble("doubtful", getattr(error, "error", "") or "unreadable") from error
        return dict(claims)

    def _decode(self, token: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        try:
            return jwt.decode(token, self._keys(KEPT), registry=registry)
        except InvalidKeyIdError:  # the provider may have changed its keys
            return jwt.decode(token, self._keys(KEYS_AGAIN), registry=registry)

    def _keys(self, for_at_most: timedelta) -> KeySet:
        return KeySet.import_key_set(self._read(self._described("jwks_uri"), for_at_most))

    def _redeem(self, code: str, verifier: str) -> Mapping[str, Any]:
        body = prepare_token_request("authorization_code", "", self._back, code=code, code_verifier=verifier)
        address, headers, body = ClientAuth(
            self.provider.client_id, self.provider.client_secret, self._way_to_prove()).prepare(
            "POST", self._described("token_endpoint"), dict(DEFAULT_HEADERS), body)
        reply = self._call("POST", address, headers, body.encode())
        told = _object_in(reply)
        if reply.status != 200:
            if told.get("error") == "invalid_grant":
                raise Trouble("ended", "invalid_grant")
            raise Trouble("away", "invalid_client" if told.get("error") == "invalid_client" else "token_refused")
        return told

    def _way_to_prove(self) -> str:
        """How the provider wants to be shown the client's secret."""
        offered = self._description().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        ways = ("client_secret_basic", "client_secret_post")
        return next((way for way in ways if way in offered), ways[0])

    def _described(self, what: str) -> str:
        """One of the addresses that the provider says it has."""
        found = self._description().get(what)
        if not is_safe_address(found, self.provider.issuer):
            raise Trouble("away", "unsafe_address")
        return str(found)

    def _description(self) -> Mapping[str, Any]:
        found = self._read(self.provider.issuer.rstrip("/") + DISCOVERY, KEPT)
        if found.get("issuer") != self.provider.issuer:
            raise Trouble("away", "other_issuer")
        return found

    def _read(self, address: str, for_at_most: timedelta) -> Any:
        kept = self._kept.get(address)
        if kept is not None and self._clock.now() - kept[1] < for_at_most:
            return kept[0]
        reply = self._call("GET", address, {"Accept": "application/json"})
        found = _object_in(reply)
        if reply.status != 200 or not found:
            raise Trouble("away", "not_found_there")
        self._kept[address] = found, self._clock.now()
        return found

    def _call(self, method: str, address: str, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """A few at a time; after one that was not answered, none for some seconds."""
        if self._clock.now() < self._rests_until or not self._room.acquire(timeout=ROOM_S):
            raise Trouble("away", "resting")
        try:
            reply = self._caller.call(method, address, headers, body=body)
        except Unavailable as error:
            self._rests_until = self._clock.now() + REST
            raise Trouble("away", "no_answer") from error
        finally:
            self._room.release()
        if reply.status >= 500:
            raise Trouble("away", "broken_there")
        return reply


def _object_in(reply: Reply) -> Mapping[str, Any]:
    """The JSON object of a reply; an empty one in the place of anything else."""
    try:
        found = reply.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

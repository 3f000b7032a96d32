"""An OpenID provider on loopback: strict about its client, the way back and PKCE, and as wrong as a test wants it."""

from __future__ import annotations

import base64
import functools
import hashlib
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import flask
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

from chassis.adapters.http import HttpCaller

TENANT = "11111111-2222-4333-8444-555555555555"
CLIENT, SECRET = "tandem-at-brook", "a client secret for tests alone"
LIFE_S = 300


@functools.cache
def key(number: int) -> RSAKey:
    """A key to sign with, made once in a process."""
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": f"key-{number}"})


def hashed(text: str, half: bool = False) -> str:
    """As PKCE writes a challenge, and (half of it) as a token names the access token beside it."""
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16] if half else digest).rstrip(b"=").decode()


class OpenIdProvider:
    """Signs `person` in without asking; what a test sets makes it refuse, lie, hang or break."""

    def __init__(self) -> None:
        self.base, self.back = "", ""
        self.now: Callable[[], datetime] | None = None
        self.person: dict[str, Any] = {"sub": "subject-of-bell", "email": "bell@brook.example"}
        self.wrong: dict[str, Any] = {}  # claims in the place of the right ones; one that is None is left out
        self.described: dict[str, Any] = {}  # changes to what it says of itself
        self.token: Callable[[dict[str, Any]], str | None] = self.sign
        self.signs_with, self.shows = key(0), [key(0)]
        self.sends_back = self.answers = ""  # an error to send people back with; a status in the place of answers
        self.takes_basic = True
        self.hangs, self.let_go = False, threading.Event()
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    @property
    def issuer(self) -> str:
        return f"{self.base}/{TENANT}/v2.0"

    def visit(self, address: str) -> str:
        """Sign in there, as a browser that is sent to this address; the path that it is sent back to."""
        reply = HttpCaller(5.0).call("GET", address)
        assert reply.status == 302, reply.content
        return "/" + reply.headers["Location"].split("/", 3)[3]

    def sign(self, claims: dict[str, Any]) -> str | None:
        return jwt.encode({"alg": "RS256", "kid": self.signs_with.kid}, claims, self.signs_with, algorithms=["RS256"])

    def describe(self) -> Any:
        return {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_basic" if self.takes_basic
                                                          else "client_secret_post"], **self.described}

    def show_keys(self) -> Any:
        return {"keys": [shown.as_dict(private=False) for shown in self.shows]}

    def authorize(self) -> Any:
        args = flask.request.args
        assert (args["client_id"], args["redirect_uri"], args["response_type"]) == (CLIENT, self.back, "code")
        assert "openid" in args["scope"].split()
        assert args["prompt"] == "select_account"
        assert (args["code_challenge_method"], len(args["code_challenge"])) == ("S256", 43)
        assert len(args["state"]) >= 32 <= len(args["nonce"])
        if self.sends_back:
            return self._send_back(error=self.sends_back, state=args["state"])
        code = secrets.token_urlsafe(24)
        self._codes[code] = {"nonce": args["nonce"], "challenge": args["code_challenge"]}
        return self._send_back(code=code, state=args["state"], iss=self.issuer)

    def _send_back(self, **said: str) -> Any:
        return flask.redirect(f"{self.back}?{urlencode(said)}", 302)

    def redeem(self) -> Any:
        """A code once, from our client, for the way back it was made for and with the verifier of its challenge."""
        form = flask.request.form
        if not self._is_client():
            return {"error": "invalid_client"}, 401
        made = self._codes.pop(form["code"], None)
        if form["grant_type"] != "authorization_code" or form["redirect_uri"] != self.back or made is None \
                or hashed(form["code_verifier"]) != made["challenge"]:
            return {"error": "invalid_grant"}, 400
        access = secrets.token_urlsafe(16)
        told = {"access_token": access, "token_type": "Bearer", "expires_in": LIFE_S}
        token = self.token(self._claims(made["nonce"], access))
        return told | ({"id_token": token} if token is not None else {})

    def _is_client(self) -> bool:
        form, shown = flask.request.form, flask.request.authorization
        if not self.takes_basic:
            return shown is None and (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        return shown is not None and "client_secret" not in form \
            and (shown.username, shown.password) == (CLIENT, SECRET)

    def _claims(self, nonce: str, access: str) -> dict[str, Any]:
        assert self.now is not None
        now = int(self.now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + LIFE_S, "nonce": nonce,
                  "at_hash": hashed(access, half=True), **self.person, **self.wrong}
        return {name: value for name, value in claims.items() if value is not None}

    def app(self) -> flask.Flask:
        made = flask.Flask("provider")
        place = f"/{TENANT}/v2.0"
        made.add_url_rule(f"{place}/.well-known/openid-configuration", view_func=self.describe)
        made.add_url_rule(f"{place}/keys", view_func=self.show_keys)
        made.add_url_rule(f"{place}/authorize", view_func=self.authorize)
        made.add_url_rule(f"{place}/token", view_func=self.redeem, methods=["POST"])

        @made.before_request
        def note() -> Any:
            self.asked.append(flask.request.path.rpartition("/")[2])
            if self.hangs:
                self.let_go.wait(10)
            return ("broken", int(self.answers)) if self.answers and "authorize" not in flask.request.path else None

        return made


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        return None


@contextmanager
def run_provider() -> Iterator[OpenIdProvider]:
    """One that answers until the block is left."""
    provider = OpenIdProvider()
    server = make_server("127.0.0.1", 0, provider.app(), threaded=True, request_handler=_Silent)
    provider.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()

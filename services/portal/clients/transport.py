"""How the portal reaches the services: one port, over HTTP or straight into an app of the same process.

In the embedded platform a server that asked itself over HTTP would wait for its own threads, so it calls the apps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol, TypeVar

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from chassis.adapters.http import HttpCaller, Reply, read_reply
from chassis.auth import Principal, TokenMaker
from chassis.clock import Clock
from chassis.db import dump_json
from chassis.envelope import correlation_id
from chassis.errors import Unavailable

T = TypeVar("T")
TOKEN_KEPT = timedelta(seconds=60)  # half of a token's life
MOST_TOKENS = 2000
AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Call:
    """One call to a service about the caller's school. `key` makes a POST safe to send twice.

    `match` is the version that a change is made to (If-Match).
    """

    service: str
    method: str
    path: str
    who: Principal
    params: Mapping[str, Any] | None = None
    json: Any = None
    body: bytes | None = None
    key: str | None = None
    match: str | None = None

    @property
    def full_path(self) -> str:
        return f"/schools/{self.who.school}{self.path}"


class Transport(Protocol):
    """Sends a call and gives the JSON of the reply; raises the Problem that the service describes, or Unavailable."""

    def send(self, call: Call) -> Any: ...

    def fetch(self, call: Call) -> Reply:
        """The reply as it came, whatever its status; Unavailable when there is none."""
        ...

    def gather(self, reads: Sequence[Callable[[], T]]) -> list[T | None]:
        """What each read gives, in order; None in the place of one that did not answer in time."""
        ...


class Tokens:
    """Short-lived tokens, made once a minute for each caller."""

    def __init__(self, maker: TokenMaker, clock: Clock):
        self._maker, self._clock = maker, clock
        self._kept: dict[Principal, tuple[str, float]] = {}

    def headers(self, call: Call) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self._token(call.who)}"} if call.who.person_id else {}
        if call.json is not None:
            headers["Content-Type"] = "application/json"
        if call.key:
            headers["Idempotency-Key"] = call.key
        if call.match:
            headers["If-Match"] = f'"{call.match}"'
        if correlation_id.get():
            headers["X-Request-Id"] = correlation_id.get()
        return headers

    def _token(self, who: Principal) -> str:
        now = self._clock.now().timestamp()
        kept = self._kept.get(who)
        if kept is None or kept[1] <= now:
            if len(self._kept) >= MOST_TOKENS:
                self._kept.clear()
            kept = self._kept[who] = (self._maker.make(who), now + TOKEN_KEPT.total_seconds())
        return kept[0]


def body_of(call: Call) -> bytes | None:
    return call.body if call.json is None else dump_json(call.json).encode()


def call_here(app: Flask, call: Call, tokens: Tokens) -> Reply:
    """Straight into an app of this process."""
    builder = EnvironBuilder(call.full_path, method=call.method, headers=list(tokens.headers(call).items()),
                             query_string=dict(call.params or {}), data=body_of(call))
    try:
        chunks, status, headers = run_wsgi_app(app, builder.get_environ(), buffered=True)
    finally:
        builder.close()
    return Reply(int(status.split()[0]), dict(headers), b"".join(chunks))


class WsgiTransport:
    """Into the apps of this process, one call after the other: threads of one process gain nothing here."""

    def __init__(self, apps: Mapping[str, Flask], tokens: Tokens):
        self._apps, self._tokens = apps, tokens

    def send(self, call: Call) -> Any:
        return read_reply(self.fetch(call))

    def fetch(self, call: Call) -> Reply:
        return call_here(self._apps[call.service], call, self._tokens)

    def gather(self, reads: Sequence[Callable[[], T]]) -> list[T | None]:
        return [_or_none(read) for read in reads]


class HttpTransport:
    """Over HTTP, reads at the same time. `address` gives a service's base URL for a school, or None.

    `here` holds what this process answers itself: the portal's own operations.
    """

    def __init__(self, address: Callable[[str, str], str | None], tokens: Tokens, caller: HttpCaller | None = None):
        self._address, self._tokens = address, tokens
        self._caller = caller or HttpCaller()
        self.here: dict[str, Flask] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="portal-read")

    def send(self, call: Call) -> Any:
        return read_reply(self.fetch(call))

    def fetch(self, call: Call) -> Reply:
        if call.service in self.here:
            return call_here(self.here[call.service], call, self._tokens)
        base = self._address(call.who.school, call.service)
        if base is None:
            raise Unavailable()
        return self._caller.call(call.method, base.rstrip("/") + call.full_path, self._tokens.headers(call),
                                 call.params, body_of(call))

    def gather(self, reads: Sequence[Callable[[], T]]) -> list[T | None]:
        if len(reads) == 1:
            return [_or_none(reads[0])]
        return [future.result() for future in
                [self._pool.submit(copy_context().run, _or_none, read) for read in reads]]


def _or_none(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except Unavailable:
        return None

"""Calling other programs over HTTP: the one module that holds requests. Short waits, and safe verbs are tried again."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from chassis.errors import Conflict, Invalid, NotFound, Problem, Stale, TooMany, Unavailable

CONNECT_S = 1.0
AGAIN = Retry(total=1, connect=1, read=0, status=0, other=0, backoff_factor=0.05, allowed_methods={"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, read whole."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content) if self.content else None


class ReadsBody(Protocol):
    """A file, sent as it is read."""

    def read(self, size: int = -1, /) -> bytes: ...


class HttpCaller:
    """Makes calls; each thread keeps its own connections. Raises Unavailable when nothing answers in time.

    `outside`: the other program is somebody else's, and may be reached by the proxy that the environment names.
    """

    def __init__(self, timeout_s: float = 2.0, outside: bool = False):
        self._timeout, self._outside = (CONNECT_S, timeout_s), outside
        self._threads = threading.local()

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = self._threads.session = requests.Session()
            session.trust_env = self._outside  # calls between our own processes never go by way of a proxy
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=AGAIN))
        return session

    def call(self, method: str, url: str, headers: Mapping[str, str] | None = None,
             params: Mapping[str, Any] | None = None, body: bytes | ReadsBody | None = None) -> Reply:
        try:
            found = self._session().request(method, url, headers=dict(headers or {}), params=params, data=body,
                                            timeout=self._timeout, allow_redirects=False)
        except requests.RequestException as error:
            raise Unavailable(retry_after_s=2) from error
        return Reply(found.status_code, found.headers, found.content)


def read_reply(reply: Reply) -> Any:
    """The JSON of a good reply; the Problem that a refusal describes, so that it can be raised on."""
    if reply.status < 400:
        return reply.json()
    try:
        told = reply.json() or {}
    except ValueError:
        told = {}
    kinds: dict[int, type[Problem]] = {404: NotFound, 409: Conflict, 412: Stale, 413: Invalid, 422: Invalid,
                                       429: TooMany}
    kind = kinds.get(reply.status, Unavailable)
    wait = reply.headers.get("Retry-After", "")
    raise kind(str(told.get("detail", "")),
               {str(error.get("pointer", "/")): str(error.get("detail", "")) for error in told.get("errors", [])},
               int(wait) if wait.isdigit() else None)

"""The door for programs: what the operator's tool asks of a school's services goes on to the cell that serves it.

The token is the caller's own and is checked before anything is read; what may be done is for the service to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from werkzeug.wrappers import Request, Response

from chassis.adapters.http import HttpCaller
from chassis.auth import TokenReader
from chassis.errors import NotFound, Problem, Unavailable
from chassis.web import SCHOOL, problem_reply

ON_WAY = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "X-Request-Id", "traceparent")
ON_WAY_BACK = ("Content-Type", "ETag", "Retry-After", "X-Request-Id", "Cache-Control")
BLOCK = 256 * 1024
PATIENCE_S = 60.0


class Streamed:
    """A body that is passed on as it comes."""

    def __init__(self, source: IO[bytes]):
        self._source = source

    def read(self, size: int = -1, /) -> bytes:
        return self._source.read(size)

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._source.read(BLOCK), b"")


class Gateway:
    """A WSGI app for one service: /schools/<school>/... as that service answers it."""

    def __init__(self, service: str, tokens: TokenReader, address: Callable[[str, str], str | None]):
        self._service, self._tokens, self._address = service, tokens, address
        self._caller = HttpCaller(PATIENCE_S)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        try:
            reply: Response = self._pass_on(request)
        except Problem as problem:
            reply = problem_reply(problem)
        return reply(environ, start_response)

    def _pass_on(self, request: Request) -> Response:
        self._tokens.read(request.headers.get("Authorization"))
        parts = request.path.split("/")
        if len(parts) < 4 or parts[1] != "schools" or not SCHOOL.fullmatch(parts[2]):
            raise NotFound()
        base = self._address(parts[2], self._service)
        if base is None:
            raise Unavailable("No cell serves that. In a trust of several cells a roster is imported school by school.")
        headers = {name: request.headers[name] for name in ON_WAY if name in request.headers}
        found = self._caller.call(request.method, base.rstrip("/") + request.path, headers, request.args.to_dict(),
                                  Streamed(request.stream) if request.method in ("POST", "PUT", "PATCH") else None)
        return Response(found.content, found.status,
                        [(name, found.headers[name]) for name in ON_WAY_BACK if name in found.headers])

"""The HTTP edge of every service: app factory, guarded routes, problem details, health, metrics and OpenAPI.

A route is declared with `@allow(...)` directly under `@room.route(...)`. The guard reads the token, keeps the caller to
the school in the URL, opens the unit of work, asks the right, and hands the unit of work to the view as its first
argument. What is not allowed and what is not there get the very same reply.
"""

from __future__ import annotations

import functools
import hashlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import flask
import sqlalchemy as sa
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from werkzeug.exceptions import HTTPException

from chassis.auth import Ask, Guard, Principal, TokenReader
from chassis.clock import new_id
from chassis.db import KEPT_PLANS, dump_json, idempotency_keys
from chassis.envelope import correlation_id, traceparent
from chassis.errors import Conflict, Invalid, NotFound, Problem, Unavailable
from chassis.inbox import Subscriptions
from chassis.log import logger
from chassis.timers import TimerHandler
from chassis.unit_of_work import Database, UnitOfWork

MAX_BODY_BYTES = 1024 * 1024
PROBLEM_TYPE = "application/problem+json"
SCHOOL = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
REQUESTS = Counter("tandem_requests_total", "Requests by service and status", ["service", "status"])
SECONDS = Histogram("tandem_request_seconds", "Time to answer", ["service"])
KEPT = sa.select(idempotency_keys).where(*(column == sa.bindparam(column.name, type_=column.type)
                                           for column in idempotency_keys.primary_key))
log = logger("web")


@dataclass(slots=True)
class Service:
    """One service, wired: what its web processes and its worker need."""

    name: str
    database: Database
    tokens: TokenReader
    rooms: Sequence[Blueprint]
    ask: Ask
    schools: Callable[[], Sequence[str]]
    subscriptions: Subscriptions = field(default_factory=lambda: Subscriptions((), {}))
    timers: Mapping[str, TimerHandler] = field(default_factory=dict)
    chores: Sequence[Callable[[], int]] = ()
    labours: Sequence[Callable[[], int]] = ()
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def service() -> Service:
    """The service of the current app."""
    found: Service = flask.current_app.extensions["tandem"]
    return found


def principal() -> Principal:
    """Who is calling; only inside a guarded view."""
    caller: Principal = flask.g.principal
    return caller


def allow(*who: str, right: str | None = None, about: str = "pupil_id", creates: bool = False,
          opens: bool = True, notes: bool = False) -> Callable[..., Any]:
    """Guard a view: `who` names hats and roles ('anyone' makes it public); see the module's docstring.

    `right` is asked about the path argument `about`. `creates` honours Idempotency-Key. A view with `opens=False`
    gets no unit of work and opens its own (long work only). One that `notes` writes down that staff have read, so
    for them even a GET may write.
    """
    guard = Guard(who, right, about if right else None, creates)

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded(school: str, **arguments: Any) -> Any:
            _admit(guard, school)
            if not opens:
                return view(school=school, **arguments)
            flask.request.get_data(cache=True)  # read the body before a lock is held
            write = flask.request.method not in ("GET", "HEAD") or (notes and principal().hat == "staff")
            with service().database.unit_of_work(school, write=write) as uow:
                if guard.right:
                    service().ask(uow, principal(), guard.right, arguments[about])
                return once(uow, lambda: view(uow, **arguments)) if guard.creates else view(uow, **arguments)

        guarded.guard = guard  # type: ignore[attr-defined]
        return guarded

    return decorate


def _admit(guard: Guard, school: str) -> None:
    if not SCHOOL.fullmatch(school):
        raise NotFound()
    if guard.is_public:
        return
    caller = service().tokens.read(flask.request.headers.get("Authorization"))
    flask.g.principal = caller
    if caller.hat != "operator" and caller.school != school:
        raise NotFound()
    if not caller.is_any(*guard.who):
        raise NotFound()


def once(uow: UnitOfWork, act: Callable[[], Any]) -> Any:
    """Act at most once for this caller and Idempotency-Key, if any; the same request again gets the same reply."""
    key, caller, fingerprint = _read_key()
    if not key:
        return act()
    if (kept := kept_reply(uow)) is not None:
        return kept
    reply = flask.make_response(act())
    uow.connection.execute(sa.insert(idempotency_keys).values(
        school_id=uow.school, caller=caller, key=key, fingerprint=fingerprint, status=reply.status_code,
        reply=reply.get_data(as_text=True), created_at=uow.now))
    return reply


def kept_reply(uow: UnitOfWork) -> flask.Response | None:
    """What this caller was told under this Idempotency-Key before: for views that work long before they act `once`."""
    key, caller, fingerprint = _read_key()
    kept = key and uow.connection.execute(KEPT, {"school_id": uow.school, "caller": caller, "key": key}).first()
    if not kept:
        return None
    if kept.fingerprint != fingerprint:
        raise Conflict("This Idempotency-Key was used for something else.")
    return flask.Response(kept.reply, kept.status, content_type="application/json")


def _read_key() -> tuple[str, str, str]:
    """The Idempotency-Key or '', whose it is, and a fingerprint of what they ask for."""
    request, key = flask.request, flask.request.headers.get("Idempotency-Key", "")
    if not key:
        return "", "", ""
    if len(key) > 200:
        raise Invalid("The Idempotency-Key is too long: 200 characters at most.")
    fingerprint = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()
    return key, f"{principal().hat}:{principal().person_id}", fingerprint


def problem_reply(problem: Problem) -> flask.Response:
    """RFC 9457: what, where and why in plain words. A missing row and a refused one are the same bytes."""
    body: dict[str, Any] = {"type": f"/problems/{problem.type}", "title": problem.title, "status": problem.status}
    if problem.detail:
        body["detail"] = problem.detail
    if problem.errors:
        body["errors"] = [{"pointer": path, "detail": words} for path, words in problem.errors.items()]
    reply = flask.Response(dump_json(body), problem.status, content_type=PROBLEM_TYPE)
    if problem.retry_after_s:
        reply.headers["Retry-After"] = str(problem.retry_after_s)
    return reply


class FaultSchema(Schema):
    pointer = fields.String(required=True, metadata={"description": "Where, as a path into the request"})
    detail = fields.String(required=True, metadata={"description": "What, in plain words"})


class ProblemSchema(Schema):
    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.List(fields.Nested(FaultSchema))


class ProblemApi(Api):
    """flask-smorest, answering and documenting errors as application/problem+json."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> flask.Response:  # type: ignore[override]
        return _http_problem(error)

    def _register_responses(self) -> None:
        """Errors, and they alone, are problem details."""
        usual = Api.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM_TYPE
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = usual


def _http_problem(error: HTTPException) -> flask.Response:
    data = getattr(error, "data", None) or {}
    messages = data.get("messages") or {}
    status = error.code or 500
    problem = NotFound() if status == 404 else Problem()
    if status in (400, 413, 415, 422):
        problem = Invalid(errors=dict(_flatten(messages)))
    elif status not in (404, 500):
        problem.title, problem.type = error.name, "http"
    problem.status = status
    reply = problem_reply(problem)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            reply.headers[name] = value
    return reply


def _flatten(messages: Any, path: str = "") -> Sequence[tuple[str, str]]:
    if isinstance(messages, Mapping):
        found: list[tuple[str, str]] = []
        for key, value in messages.items():
            place = path if not path and key in ("json", "query", "files", "headers", "form") else f"{path}/{key}"
            found += _flatten(value, place)
        return found
    words = messages if isinstance(messages, str) else " ".join(str(part) for part in messages)
    return [(path or "/", words)]


def spec_options() -> dict[str, Any]:
    """What every OpenAPI document says; made anew for each app, because apispec writes into it."""
    bearer = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    return {"security": [{"bearer": []}], "components": {"securitySchemes": {"bearer": bearer}}}


def make_app(wired: Service, title: str) -> flask.Flask:
    """The WSGI app of a service: its rooms under /schools/<school>, health, metrics and its OpenAPI document."""
    app = flask.Flask(f"tandem.{wired.name}", static_folder=None)
    app.config.update(
        API_TITLE=title, API_VERSION="v1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json", API_SPEC_OPTIONS=spec_options(), MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.extensions["tandem"], wired.database.plans = wired, KEPT_PLANS
    api = ProblemApi(app)
    for room in (*wired.rooms, operations_room()):
        api.register_blueprint(room)
    app.register_error_handler(Problem, problem_reply)
    app.register_error_handler(HTTPException, _http_problem)
    app.register_error_handler(sa.exc.OperationalError, _database_away)
    app.register_error_handler(sa.exc.TimeoutError, _database_away)
    app.register_error_handler(Exception, _unexpected)
    answer_health(app, wired)
    _observe(app, wired)
    return app


def operations_room() -> Blueprint:
    """The operator's room, which every service has; imported late because its routes are guarded by this module."""
    from chassis.operations import room

    return room


def _database_away(_error: Exception) -> flask.Response:
    return problem_reply(Unavailable(retry_after_s=5))


def _unexpected(error: Exception) -> flask.Response:
    log.error("unexpected", reason=type(error).__name__, route=str(flask.request.url_rule), exc_info=error)
    return problem_reply(Problem())


def answer_health(app: flask.Flask, wired: Service) -> None:
    """/livez: the process answers; /readyz: so does its database. A broker that is away takes none out of rotation."""

    @app.get("/livez")
    def livez() -> str:
        return "ok"

    @app.get("/readyz")
    def readyz() -> flask.Response:
        with wired.database.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
        return flask.jsonify(status="ok", service=wired.name)


def _observe(app: flask.Flask, wired: Service) -> None:
    """Each request has an id, in its reply and in what it causes; how many there were, and how long they took."""
    @app.get("/metrics")
    def metrics() -> flask.Response:
        return flask.Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    @app.before_request
    def begin() -> None:
        flask.g.began = time.perf_counter()
        given = flask.request.headers.get("X-Request-Id", "")
        correlation_id.set(given if re.fullmatch(r"[A-Za-z0-9-]{8,64}", given) else new_id())
        parent = flask.request.headers.get("traceparent", "")
        traceparent.set(parent if re.fullmatch(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", parent) else "")

    @app.after_request
    def end(reply: flask.Response) -> flask.Response:
        reply.headers["X-Request-Id"] = correlation_id.get()
        reply.headers.setdefault("Cache-Control", "no-store")
        REQUESTS.labels(wired.name, str(reply.status_code)).inc()
        SECONDS.labels(wired.name).observe(time.perf_counter() - flask.g.began)
        return reply

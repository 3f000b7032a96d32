"""HTTP edge of strategies."""

from __future__ import annotations

from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.access.actions import note_read, note_reads
from services.profiles.strategies import actions, queries
from services.profiles.strategies.schemas import (
    StrategyCreateSchema,
    StrategyEndSchema,
    StrategyListSchema,
    StrategySchema,
    StrategyWordsSchema,
    TriedCreateSchema,
)

room = Blueprint("strategies", __name__, url_prefix="/schools/<school>")
EVERYBODY = ("guardian", "staff", "pupil")


def _shown(uow: UnitOfWork, strategy_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The strategy, and the version that a change of it must name."""
    found = queries.show_strategy(uow, principal(), strategy_id)
    return found, {"ETag": f'"{found["version"]}"'}


def _based_on() -> int | None:
    """Which version the caller has read; None when that was not said."""
    given = flask.request.headers.get("If-Match", "").strip('"')
    return int(given) if given.isdecimal() else None


@room.route("/pupils/<pupil_id>/strategies")
@allow(*EVERYBODY, right="see", notes=True)
@room.response(200, StrategyListSchema)
def list_strategies(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """What home and school do the same way for this child, as it stands for the caller."""
    note_read(uow, principal(), pupil_id, "strategies")
    return {"items": queries.list_strategies(uow, principal(), pupil_id), "after": None}


@room.route("/pupils/<pupil_id>/strategies", methods=["POST"])
@allow(*EVERYBODY, right="reply", creates=True)
@room.arguments(StrategyCreateSchema)
@room.response(201, StrategySchema)
def propose_strategy(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> Any:
    """Suggest something; it is suggested until home and school have both agreed."""
    return _shown(uow, actions.propose_strategy(uow, principal(), pupil_id, body).id)


@room.route("/strategies")
@allow("staff", notes=True)
@room.response(200, StrategyListSchema)
def list_waiting(uow: UnitOfWork) -> dict[str, Any]:
    """What waits for school's word, about the children whom I teach."""
    waiting = queries.list_waiting(uow, principal())
    note_reads(uow, principal(), [(item["pupil_id"], "strategies") for item in waiting])
    return {"items": waiting, "after": None}


@room.route("/strategies/<strategy_id>")
@allow(*EVERYBODY, notes=True)
@room.response(200, StrategySchema)
def show_strategy(uow: UnitOfWork, strategy_id: str) -> Any:
    """One strategy: its words, history, notes and chart; its ETag is its version."""
    found, headers = _shown(uow, strategy_id)
    note_read(uow, principal(), found["pupil_id"], "strategies")
    return found, headers


@room.route("/strategies/<strategy_id>", methods=["PUT"])
@allow(*EVERYBODY)
@room.arguments(StrategyWordsSchema)
@room.response(200, StrategySchema)
def change_strategy(uow: UnitOfWork, body: dict[str, Any], strategy_id: str) -> Any:
    """A new version, to be agreed anew; 412 when the one that If-Match names was changed since."""
    actions.change_strategy(uow, principal(), strategy_id, body, _based_on())
    return _shown(uow, strategy_id)


@room.route("/strategies/<strategy_id>/agree", methods=["POST"])
@allow(*EVERYBODY, creates=True)
@room.response(200, StrategySchema)
def agree_strategy(uow: UnitOfWork, strategy_id: str) -> Any:
    """Agree to the version that If-Match names: for school, or for oneself at home."""
    actions.agree_strategy(uow, principal(), strategy_id, _based_on())
    return _shown(uow, strategy_id)


@room.route("/strategies/<strategy_id>/keep", methods=["POST"])
@allow(*EVERYBODY, creates=True)
@room.response(200, StrategySchema)
def keep_strategy(uow: UnitOfWork, strategy_id: str) -> Any:
    """Looked at again, and kept for now."""
    actions.keep_strategy(uow, principal(), strategy_id)
    return _shown(uow, strategy_id)


@room.route("/strategies/<strategy_id>/end", methods=["POST"])
@allow(*EVERYBODY, creates=True)
@room.arguments(StrategyEndSchema)
@room.response(200, StrategySchema)
def end_strategy(uow: UnitOfWork, body: dict[str, Any], strategy_id: str) -> Any:
    """End it with a reason; an adult at home ends it for themselves."""
    actions.end_strategy(uow, principal(), strategy_id, **body)
    return _shown(uow, strategy_id)


@room.route("/strategies/<strategy_id>/tried", methods=["POST"])
@allow(*EVERYBODY, creates=True)
@room.arguments(TriedCreateSchema)
@room.response(201, StrategySchema)
def note_tried(uow: UnitOfWork, body: dict[str, Any], strategy_id: str) -> Any:
    """Say how it went."""
    actions.note_tried(uow, principal(), strategy_id, body)
    return _shown(uow, strategy_id)

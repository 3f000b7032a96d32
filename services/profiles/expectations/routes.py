"""HTTP edge of class pages."""

from __future__ import annotations

from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.expectations import actions, queries
from services.profiles.expectations.schemas import (
    ClassPageDueListSchema,
    ClassPageSchema,
    ClassPageWordsSchema,
    PublishedClassPageListSchema,
)

room = Blueprint("expectations", __name__, url_prefix="/schools/<school>")


def _shown(uow: UnitOfWork, class_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    found = queries.show_class(uow, principal(), class_id)
    return found, {"ETag": f'"{found["version"]}"'}


def _based_on() -> int:
    """Which version the caller has read."""
    given = flask.request.headers.get("If-Match", "").strip('"')
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise Invalid(errors={"/If-Match": "Say which version this changes."})
    return int(given)


@room.route("/classes/<class_id>/expectations")
@allow("staff")
@room.response(200, ClassPageSchema)
def show_class_page(uow: UnitOfWork, class_id: str) -> Any:
    """This half-term's page of a class, as its staff write it; the ETag is its version ("0": there is none)."""
    return _shown(uow, class_id)


@room.route("/classes/<class_id>/expectations", methods=["PUT"])
@allow("staff")
@room.arguments(ClassPageWordsSchema)
@room.response(200, ClassPageSchema)
def write_class_page(uow: UnitOfWork, body: dict[str, Any], class_id: str) -> Any:
    """Keep the draft; 412 when a colleague has written since."""
    actions.write_page(uow, principal(), class_id, _based_on(), body)
    return _shown(uow, class_id)


@room.route("/classes/<class_id>/expectations/publish", methods=["POST"])
@allow("staff", creates=True)
@room.response(200, ClassPageSchema)
def publish_class_page(uow: UnitOfWork, class_id: str) -> Any:
    """Let families read it; 412 when a colleague has written since, 409 when nothing is new."""
    actions.publish_page(uow, principal(), class_id, _based_on())
    return _shown(uow, class_id)


@room.route("/pupils/<pupil_id>/expectations")
@allow("guardian", "staff", "pupil", right="see")
@room.response(200, PublishedClassPageListSchema)
def list_class_pages(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """What the child's classes say to families, the newest of each class."""
    return {"items": queries.list_pages(uow, pupil_id)}


@room.route("/expectations/due")
@allow("staff")
@room.response(200, ClassPageDueListSchema)
def list_class_pages_due(uow: UnitOfWork) -> dict[str, Any]:
    """The caller's classes that have no page yet in this half-term."""
    return {"items": queries.list_due(uow, principal())}

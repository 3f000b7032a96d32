"""The HTTP edge of sharing."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.scheduling.sharing import actions, queries
from services.scheduling.sharing.schemas import SharingWishSchema

room = Blueprint("sharing", __name__, url_prefix="/schools/<school>",
                 description="What an adult wishes to share of a child's appointments")


@room.route("/pupils/<pupil_id>/sharing")
@allow("guardian", right="book")
@room.response(200, SharingWishSchema)
def show_sharing(uow: UnitOfWork, pupil_id: str) -> dict[str, bool]:
    """The caller's own wish; what anyone else chose, or whether there is anyone else, is never said."""
    return queries.get_wish(uow, pupil_id, principal().person_id)


@room.route("/pupils/<pupil_id>/sharing", methods=["PUT"])
@allow("guardian", right="book")
@room.arguments(SharingWishSchema)
@room.response(200, SharingWishSchema)
def set_sharing(uow: UnitOfWork, body: dict[str, Any], pupil_id: str) -> dict[str, bool]:
    """Say what may be shared; it is shared while all adults of the child say so."""
    actions.set_wish(uow, pupil_id, principal().person_id, body["shows_times"], body["together"])
    uow.flush()
    return queries.get_wish(uow, pupil_id, principal().person_id)

"""HTTP edge of a child's page."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal
from services.profiles.access.actions import note_read
from services.profiles.child_page import queries
from services.profiles.child_page.schemas import ChildPageSchema

room = Blueprint("child_page", __name__, url_prefix="/schools/<school>")


@room.route("/pupils/<pupil_id>/page")
@allow("guardian", "staff", "pupil", right="see", notes=True)
@room.response(200, ChildPageSchema)
def show_page(uow: UnitOfWork, pupil_id: str) -> dict[str, Any]:
    """What home, school and the child say of the child, as the caller may read it."""
    note_read(uow, principal(), pupil_id, "page")
    return queries.show_page(uow, principal(), pupil_id)

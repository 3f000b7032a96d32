"""HTTP edge of imports: send a file, see how far it is and what came of it, go on with it."""

from __future__ import annotations

from typing import Any

import flask
from flask_smorest import Blueprint

from chassis.errors import Invalid
from chassis.unit_of_work import UnitOfWork
from chassis.web import allow, principal, service
from services.profiles.roster import running
from services.profiles.roster.models import RosterImport
from services.profiles.roster.schemas import RosterImportListSchema, RosterImportSchema, RosterOptionsSchema

MOST_BYTES = 256 * 1024 * 1024
room = Blueprint("rosters", __name__, url_prefix="/schools/<school>")


@room.route("/rosters", methods=["POST"])
@allow("operator", "office", opens=False)
@room.arguments(RosterOptionsSchema, location="query")
@room.response(202, RosterImportSchema)
def send_roster(options: dict[str, Any], school: str) -> RosterImport:
    """Import a roster file, sent as the body. A school's office imports its own school of the file."""
    flask.request.max_content_length = MOST_BYTES
    chunks: list[bytes] = []
    while piece := flask.request.stream.read(running.CHUNK):
        chunks.append(piece)
    if not chunks:
        raise Invalid("Send the roster file as the body.")
    if principal().hat != "operator":  # an operator's tool says which person; everybody else is known by their sign-in
        options["chosen_by"] = principal().person_id
    with service().database.unit_of_work(school) as uow:
        return running.receive_roster(uow, chunks, options, f"{principal().hat}:{principal().person_id}")


@room.route("/rosters")
@allow("operator", "office")
@room.response(200, RosterImportListSchema)
def list_rosters(uow: UnitOfWork) -> dict[str, Any]:
    """The last imports, newest first; each one's report stands on its own page."""
    return {"items": running.list_imports(uow), "after": None}


@room.route("/rosters/<import_id>")
@allow("operator", "office")
@room.response(200, RosterImportSchema)
def show_roster(uow: UnitOfWork, import_id: str) -> RosterImport:
    """How far an import is, and its report."""
    return running.get_import(uow, import_id)


@room.route("/rosters/<import_id>/apply", methods=["POST"])
@allow("operator", "office")
@room.response(202, RosterImportSchema)
def apply_roster(uow: UnitOfWork, import_id: str) -> RosterImport:
    """Go on with an import that was checked or that waits."""
    return running.apply_import(uow, import_id)

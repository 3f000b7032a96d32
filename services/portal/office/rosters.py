"""Rosters: a file is checked, the difference read, and only then it is imported. Trust IT has the same pages."""

from __future__ import annotations

import re
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.auth import Principal
from chassis.errors import Invalid, NotFound
from services.portal.accounts.queries import Visitor, list_school_names
from services.portal.trust_work import trust_work
from services.portal.visiting import for_whom, the_office
from services.portal.wiring import portal

RUNNING = ("queued", "running")
TRUST = "trust"  # the tenant of files for several schools
MOST_PROBLEMS = 200


def add_pages(room: flask.Blueprint) -> None:
    for base in ("/office/rosters", "/trust/rosters", "/trust/<school>/rosters"):
        name = re.sub(r"\W+", "_", base.strip("/"))
        room.add_url_rule(base, view_func=list_rosters, endpoint=f"{name}_list")
        room.add_url_rule(base, view_func=send_roster, methods=["POST"], endpoint=f"{name}_send")
        room.add_url_rule(f"{base}/<import_id>", view_func=show_roster, endpoint=f"{name}_show")
        room.add_url_rule(f"{base}/<import_id>", view_func=apply_roster, methods=["POST"], endpoint=f"{name}_apply")


def _who(visitor: Visitor) -> tuple[Principal, str]:
    """As whom, and under which address: the office for its own school, trust IT for one school or for all at once."""
    if flask.request.path.startswith("/office/") == (visitor.hat == "operator"):
        raise NotFound()  # each has pages of its own
    if visitor.hat != "operator":
        return the_office(visitor, "office"), "/office/rosters"
    school = (flask.request.view_args or {}).get("school", TRUST)
    who = visitor.principal(school)
    if who is None or school not in (TRUST, *portal().place.schools()):
        raise NotFound()
    return who, "/trust/rosters" if school == TRUST else f"/trust/{school}/rosters"


@for_whom("office", "operator")
def list_rosters(visitor: Visitor, school: str = "") -> Any:
    """A form for a file, and the last imports. Where several cells serve the schools, trust IT chooses one first."""
    who, base = _who(visitor)
    if who.school == TRUST and not portal().place.takes_all_at_once():
        with trust_work(portal().database, "names of schools", write=False) as work:
            schools = list_school_names(work, portal().place.schools())
        return flask.render_template("office_rosters_of.html", schools=schools, back="/trust")
    return _page(visitor, base, who, {})


def _page(visitor: Visitor, base: str, who: Principal, errors: dict[str, str]) -> str:
    return flask.render_template("office_rosters.html", base=base, errors=errors, is_trust=who.school == TRUST,
                                 imports=portal().profiles.list_rosters(who))


@for_whom("office", "operator")
def send_roster(visitor: Visitor, school: str = "") -> Any:
    """Always a dry run first: nothing changes before somebody has read what would."""
    who, base = _who(visitor)
    file = flask.request.files.get("file")
    content = file.read() if file else b""
    if not content:
        return _page(visitor, base, who, {"file": _("Choose a file")}), 422
    options: dict[str, Any] = {"dry_run": 1}
    if flask.request.form.get("absent") == "none":
        options["restrictions_absent"] = "none"
    if who.school == TRUST and flask.request.form.get("create") == "yes":
        options["create_schools"] = 1
    try:
        sent = portal().profiles.send_roster(who, content, options)
    except Invalid as refused:
        return _page(visitor, base, who, {"file": refused.detail or _("This file can't be read")}), 422
    return flask.redirect(f"{base}/{sent['id']}", 303)


@for_whom("office", "operator")
def show_roster(visitor: Visitor, import_id: str, school: str = "") -> Any:
    """How far it is; then the difference, and every bad row by file, line and column."""
    who, base = _who(visitor)
    found = portal().profiles.show_roster(who, import_id)
    return flask.render_template(
        "office_roster.html", found=found, base=base, back=base, full=found["state"] not in RUNNING,
        refresh=2 if found["state"] in RUNNING else None, running=found["state"] in RUNNING, most=MOST_PROBLEMS)


@for_whom("office", "operator")
def apply_roster(visitor: Visitor, import_id: str, school: str = "") -> Any:
    who, base = _who(visitor)
    portal().profiles.apply_roster(who, import_id)
    return flask.redirect(f"{base}/{import_id}", 303)

"""One adult who is here twice: which entry stays, what merging opens and closes for each child, and then it is done."""

from __future__ import annotations

from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.rights import Duplicate, Merge
from services.portal.office.asking import done
from services.portal.office.families import OFFICE
from services.portal.sending import Errors, send
from services.portal.visiting import for_whom, the_office
from services.portal.wiring import portal

HERE = "/office/duplicates"
TWO = f"{HERE}/<one_id>/<other_id>"


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule(HERE, view_func=list_duplicates)
    room.add_url_rule(TWO, view_func=choose_entry)
    room.add_url_rule(TWO, view_func=merge_entries, methods=["POST"])


@for_whom(*OFFICE)
def list_duplicates(visitor: Visitor) -> Any:
    return flask.render_template("office_duplicates.html", done=flask.session.pop("done", ""),
                                 found=portal().rights.list_duplicates(the_office(visitor, *OFFICE)))


@for_whom(*OFFICE)
def choose_entry(visitor: Visitor, one_id: str, other_id: str) -> Any:
    """Which of the two stays; once that is chosen, what the merge would do. Nothing changes before the last button."""
    who, keep = the_office(visitor, *OFFICE), flask.request.args.get("keep")
    if keep in (one_id, other_id):
        return _check(portal().rights.preview_merge(who, keep, other_id if keep == one_id else one_id),
                      f"{HERE}/{one_id}/{other_id}", new_id())
    for found in portal().rights.list_duplicates(who):
        if (found["one"]["id"], found["other"]["id"]) == (one_id, other_id):
            errors = {"keep": _("Choose which entry stays")} if "go" in flask.request.args else None
            return _choose(found, errors), 422 if errors else 200
    raise NotFound()


def _choose(found: Duplicate, errors: Errors | None) -> str:
    return flask.render_template("office_duplicate.html", found=found, errors=errors, back=HERE)


def _check(merge: Merge, back: str, key: str, errors: Errors | None = None) -> str:
    return flask.render_template("office_merge.html", merge=merge, back=back, key=key, errors=errors, full=True)


@for_whom(*OFFICE)
def merge_entries(visitor: Visitor, one_id: str, other_id: str) -> Any:
    who, answers = the_office(visitor, *OFFICE), flask.request.form.to_dict()
    keep, key = answers.get("keep"), answers.get("key") or new_id()
    if keep not in (one_id, other_id):
        raise NotFound()
    drop = other_id if keep == one_id else one_id
    errors, status = send(lambda: portal().rights.merge(who, keep, drop, key))
    if errors:
        merge, back = portal().rights.preview_merge(who, keep, drop), f"{HERE}/{one_id}/{other_id}"
        return _check(merge, back, key, errors), status
    return done("merged", HERE)

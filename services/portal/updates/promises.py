"""What school promises about updates from home, and about whom it was not kept: for the head, the office and leads."""

from __future__ import annotations

from typing import Any

import flask
from flask_babel import gettext as _
from flask_babel import ngettext

from services.portal.accounts.queries import Visitor
from services.portal.updates.rules import PROMISES
from services.portal.visiting import for_whom, the_office
from services.portal.wiring import portal

SETS, SEES = ("office", "head"), ("office", "head", "dsl")


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule("/office/school/promise", view_func=show_promise)
    room.add_url_rule("/office/school/promise", view_func=set_promise, methods=["POST"])
    room.add_url_rule("/staff/updates/overdue", view_func=list_overdue)


def _lasting(hours: int) -> str:
    if hours < 24:
        return ngettext("Within %(num)s hour in which school is open", "Within %(num)s hours in which school is open",
                        hours)
    days = -(-hours // 24)
    return _("By the end of the next school day") if days == 1 else _("Within %(days)s school days", days=days)


@for_whom(*SETS)
def show_promise(visitor: Visitor) -> Any:
    who = the_office(visitor, *SETS)
    return _form(portal().wellbeing.show_promise(who))


def _form(hours: int, errors: dict[str, str] | None = None) -> str:
    choices = [(str(one), _lasting(one)) for one in sorted({*PROMISES, hours})]
    return flask.render_template("update_promise.html", hours=str(hours), choices=choices, errors=errors,
                                 done=flask.session.pop("done", ""), back="/office/school")


@for_whom(*SETS)
def set_promise(visitor: Visitor) -> Any:
    """It holds for what comes from now on."""
    who, given = the_office(visitor, *SETS), flask.request.form.get("hours", "")
    now = portal().wellbeing.show_promise(who)
    if given not in {str(one) for one in (*PROMISES, now)}:
        return _form(now, {"hours": _("Choose one")}), 422
    portal().wellbeing.set_promise(who, int(given))
    flask.session["done"] = "promise-set"
    return flask.redirect("/office/school/promise", 303)


@for_whom("staff")
def list_overdue(visitor: Visitor) -> Any:
    """Children about whom home waits; what it is about is for those whom home has chosen, who find it on Today."""
    if not visitor.is_any(*SEES):
        return flask.redirect("/staff", 303)
    who = the_office(visitor, *SEES)
    return flask.render_template("updates_overdue.html", items=portal().wellbeing.list_overdue(who), back="/staff")

"""Settings."""

from __future__ import annotations

from typing import Any

import flask

from services.portal.accounts.actions import sign_out
from services.portal.accounts.queries import Visitor, list_devices
from services.portal.trust_work import trust_work
from services.portal.visiting import for_whom
from services.portal.wiring import portal

room = flask.Blueprint("my_settings", __name__, template_folder="templates", url_prefix="/settings")


@room.get("")
@for_whom("guardian", "staff", "operator")
def show(visitor: Visitor) -> Any:
    with trust_work(portal().database, "devices", write=False) as work:
        devices = list_devices(work, visitor)
    return flask.render_template("my_settings.html", devices=devices, back="/", done=flask.session.pop("done", ""))


@room.post("/devices")
@for_whom("guardian", "staff", "operator")
def end_others(visitor: Visitor) -> Any:
    """Sign out everywhere but here, or at one place alone."""
    one = flask.request.form.get("device")
    with trust_work(portal().database, "sign out elsewhere") as work:
        for device in list_devices(work, visitor):
            if not device.is_this and one in (None, device.id_hash):
                sign_out(work, visitor.account_id, device.id_hash)
    flask.session["done"] = "signed-out-there"
    return flask.redirect("/settings", 303)

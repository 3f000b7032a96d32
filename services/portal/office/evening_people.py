"""Who comes to an evening, and who sits there: the pages of who is invited, and of blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flask
from flask_babel import gettext as _

from chassis.clock import new_id
from chassis.errors import NotFound
from services.portal.accounts.queries import Visitor
from services.portal.clients.setting_up import Block
from services.portal.office.asking import Answers, done
from services.portal.office.evening_setting import send_version
from services.portal.office.evenings import read_clock, year_choices
from services.portal.sending import Errors, alike
from services.portal.visiting import for_whom, the_office
from services.portal.wiring import portal
from services.portal.wordings import full_name

HERE = "/office/evenings/<evening_id>"
NUMBERS = ("slot_minutes", "gap_minutes", "run", "break_minutes")
NEW = {"slot_minutes": "10", "gap_minutes": "0", "run": "0", "break_minutes": "0", "open_to": "taught"}
SEATS = 3
AT = {"staff_ids": "who-0", "from": "from", "to": "to", "room": "room", "site": "site", "ways": "ways", "link": "link",
      "open_to": "open_to", **alike(NUMBERS)}


def add_pages(room: flask.Blueprint) -> None:
    room.add_url_rule(f"{HERE}/invited", view_func=ask_invited)
    room.add_url_rule(f"{HERE}/invited", view_func=set_invited, methods=["POST"])
    room.add_url_rule(f"{HERE}/blocks", view_func=list_blocks, endpoint="list_evening_blocks")
    room.add_url_rule(f"{HERE}/blocks/new", view_func=ask_block, endpoint="ask_new_block")
    room.add_url_rule(f"{HERE}/blocks/new", view_func=keep_block, endpoint="add_block", methods=["POST"])
    room.add_url_rule(f"{HERE}/blocks/<block_id>", view_func=ask_block)
    room.add_url_rule(f"{HERE}/blocks/<block_id>", view_func=keep_block, methods=["POST"])


@for_whom("office")
def ask_invited(visitor: Visitor, evening_id: str) -> Any:
    invited = portal().setting_up.show_invited(the_office(visitor, "office"), evening_id)
    return _invited_page(visitor, evening_id, {
        "classes": invited["class_ids"], "years": invited["years"],
        "children": [one["id"] for one in invited["pupils"]]}, {})


def _invited_page(visitor: Visitor, evening_id: str, chosen: Mapping[str, Sequence[str]], errors: Errors) -> str:
    who = the_office(visitor, "office")
    return flask.render_template(
        "office_evening_invited.html", evening=portal().scheduling.show_evening(who, evening_id), chosen=chosen,
        errors=errors, invited=portal().setting_up.show_invited(who, evening_id),
        classes=[(item["id"], item["title"]) for item in portal().profiles.list_classes(who)],
        years=year_choices(who), back=f"/office/evenings/{evening_id}")


@for_whom("office")
def set_invited(visitor: Visitor, evening_id: str) -> Any:
    who, form = the_office(visitor, "office"), flask.request.form
    chosen = {name: form.getlist(name) for name in ("classes", "years", "children")}
    said = {"class_ids": chosen["classes"], "years": chosen["years"], "pupil_ids": chosen["children"]}
    errors, status = send_version(
        lambda: portal().setting_up.set_invited(who, evening_id, said, form.get("version", "0")),
        {"class_ids": "classes", "years": "years", "pupil_ids": "children"})
    if errors:
        return _invited_page(visitor, evening_id, chosen, errors), status
    return done("evening-changed", f"/office/evenings/{evening_id}")


@for_whom("office")
def list_blocks(visitor: Visitor, evening_id: str) -> Any:
    who = the_office(visitor, "office")
    return flask.render_template(
        "office_evening_blocks.html", evening=portal().scheduling.show_evening(who, evening_id),
        blocks=portal().setting_up.list_blocks(who, evening_id)["items"], back=f"/office/evenings/{evening_id}",
        done=flask.session.pop("done", ""))


@for_whom("office")
def ask_block(visitor: Visitor, evening_id: str, block_id: str = "") -> Any:
    blocks = portal().setting_up.list_blocks(the_office(visitor, "office"), evening_id)
    evening = portal().scheduling.show_evening(the_office(visitor, "office"), evening_id)
    block = _find(blocks["items"], block_id)
    answers = _as_form(block) if block else {**NEW, "from": evening["from"], "to": evening["to"],
                                             "slot_minutes": str(evening["slot_minutes"])}
    ways = block["ways"] if block else ["in-person", "phone"]
    return _block_page(visitor, evening_id, (answers, ways), {}, block)


def _find(blocks: Sequence[Block], block_id: str) -> Block | None:
    """The block; None for a new one. NotFound for one that is not there."""
    if not block_id:
        return None
    found = next((one for one in blocks if one["id"] == block_id), None)
    if found is None:
        raise NotFound()
    return found


def _as_form(block: Block) -> Answers:
    kept = {name: str(dict(block)[name]) for name in (*NUMBERS, "from", "to", "room", "site", "link", "open_to",
                                                      "version")}
    seats = {f"who-{number}": one["id"] for number, one in enumerate(block["staff"])}
    return {**kept, **seats, "step_free": "yes" if block["step_free"] else ""}


def _block_page(visitor: Visitor, evening_id: str, said: tuple[Answers, Sequence[str]], errors: Errors,
                block: Block | None) -> str:
    who, (answers, ways) = the_office(visitor, "office"), said
    staff = portal().setting_up.list_blocks(who, evening_id)["staff"]
    seats = max(SEATS, len(block["staff"]) if block else 0)
    return flask.render_template(
        "office_evening_block.html", evening=portal().scheduling.show_evening(who, evening_id), block=block,
        answers=answers, ways=ways, errors=errors, seats=range(seats), key=answers.get("key") or new_id(),
        staff=[("", _("Nobody")), *((one["id"], full_name(one)) for one in staff)],
        version=block["version"] if block else "", back=f"/office/evenings/{evening_id}/blocks")


@for_whom("office")
def keep_block(visitor: Visitor, evening_id: str, block_id: str = "") -> Any:
    """Keep a new or a changed block, or take it off; where a colleague was faster the form shows what they saved."""
    who, form = the_office(visitor, "office"), flask.request.form
    answers, errors, status, ask = form.to_dict(), Errors(), 422, portal().setting_up
    _find(ask.list_blocks(who, evening_id)["items"], block_id)
    said = _read_block(answers, form.getlist("ways"), errors)
    version, path = answers.get("version", "0"), (evening_id, block_id)
    if answers.get("go") == "remove" and block_id:
        errors, status = send_version(lambda: ask.remove_block(who, path, version), AT)
    elif not errors and block_id:
        errors, status = send_version(lambda: ask.change_block(who, path, said, version), AT)
    elif not errors:
        errors, status = send_version(
            lambda: ask.add_block(who, evening_id, said, answers.get("key") or new_id()), AT)
    if errors:
        block = _find(ask.list_blocks(who, evening_id)["items"], block_id)
        return _block_page(visitor, evening_id, (answers, form.getlist("ways")), errors, block), status
    return done("block-removed" if answers.get("go") == "remove" else "block-kept",
                f"/office/evenings/{evening_id}/blocks")


def _read_block(answers: Answers, ways: list[str], errors: Errors) -> dict[str, Any]:
    """A block as scheduling is asked for it; what is wrong goes into `errors`."""
    seated = [answers[name] for name in sorted(answers) if name.startswith("who-") and answers[name]]
    said: dict[str, Any] = {"staff_ids": list(dict.fromkeys(seated)), "ways": ways,
                            "step_free": answers.get("step_free") == "yes",
                            "open_to": answers.get("open_to", "taught")}
    if not seated or not answers.get("who-0"):
        errors["who-0"] = _("Choose whose times these are")
    said |= {name: read_clock(answers, name, errors) for name in ("from", "to")}
    for name in NUMBERS:
        written = answers.get(name, "").strip() or "0"
        if written.isascii() and written.isdecimal() and len(written) < 5:
            said[name] = int(written)
        else:
            errors[name] = _("Write a number of minutes, like 10")
    said |= {name: answers.get(name, "").strip() for name in ("room", "site", "link")}
    if not ways:
        errors["ways"] = _("Choose at least one way to talk")
    return said

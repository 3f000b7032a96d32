"""Every service is laid out alike: the same names outside, rooms with the same names inside, all of them wired in."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint

from chassis.web import Service
from services.portal import app as portal_app
from tests.architecture.tree import ROOT, SERVICES, list_files, rooms_of
from tests.architecture.wired import built_services

SAME = ("app.py", "wsgi.py", "worker.py", "settings.py", "wiring.py", "subscriptions.py", "tables.py", "README.md",
        "__init__.py", "migrations/__init__.py")
IN_A_ROOM = ("routes", "schemas", "actions", "queries", "rules", "models", "events", "__init__")
# What else stands in a service or a room, and why it is no file of a usual name.
MORE_IN_SERVICE: Mapping[str, Mapping[str, str]] = {
    "profiles": {"signed.py": "whose words they are and who may read them, for every room",
                 "parts.py": "how each room gives its part of a child's page"},
    "scheduling": {"paging.py": "pages of a list, for every room",
                   "callers.py": "who calls and for whom, for every route of families and the office"},
    "portal": {
        "gateway.py": "the door for programs, to the services behind the portal",
        "failing.py": "what went wrong, in words, for every page", "looks.py": "how every page is dressed",
        "visiting.py": "who is at the door of every page",
        "standing.py": "where a parent, staff and the child stand",
        "sending.py": "what a service refuses, at the fields of every form",
        "wordings.py": "words for the services' short keys",
        "rights_words.py": "words for the keys of the relationship rule",
        "trust_work.py": "transactions over the trust's own tables", "babel.cfg": "where there are words to translate"},
}
MORE_IN_ROOM: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("profiles", "about_me"): {
        "readings": "who has read the page, and its deadlines", "journeys": "the page goes to another school"},
    ("profiles", "access"): {"pack": "what is taken away, as files"},
    ("profiles", "safeguarding"): {"pack": "what is handed over, as a file"},
    ("profiles", "partnerships"): {
        "closing": "how a loop closes, a part of the actions", "company": "who else comes into it, a part of them too",
        "reviews": "looking again: meetings, reminders, what is late", "showing": "one loop, for whoever asks",
        "views": "two views and notes, a part of the actions"},
    ("profiles", "roster"): {
        "reading": "reading files of several formats, by stages: a package of its own",
        "running": "imports, one by one",
        "changes": "writing what a file has changed",
        "pairs": "the relationships of a file, a part of the actions"},
    ("notifications", "deliveries"): {
        "claims": "which letters are whose to send", "sending": "the post: claims, sends, records",
        "letters": "a notice as a letter", "words": "what letters say",
        "news": "what the partnership's letters say"},
    ("scheduling", "appointments"): {
        "asking": "what is asked before somebody has a time, a part of the actions",
        "bulk": "many at once", "evening": "the night of an evening, a part of the queries and actions",
        "places": "where they are, a part of the actions", "times": "what is free, a part of the queries",
        "releasing": "how they are given back, a part of the actions"},
    ("scheduling", "checkins"): {"wishes": "how often, and when a family can: a part of the actions"},
    ("scheduling", "evenings"): {
        "blocks": "blocks and their slots, a part of the actions", "inviting": "who is invited, a part of them too",
        "copying": "last year's evening on a new day, a part of them too", "seating": "who sits where, a part of the "
        "queries", "arithmetic": "what an evening holds, a part of them too",
        "mending": "blocks that change while families have times in them, a part of the actions",
        "moving": "another day or other hours before anybody has a time, a part of them too"},
    ("scheduling", "people"): {"selects": "what other rooms join to, a part of the queries"},
    ("scheduling", "planning"): {
        "building": "an evening's rows as a problem", "running": "plans, one by one", "summary": "a plan in figures",
        "publishing": "a plan becomes appointments, a part of the actions",
        "replanning": "when times are lost, a part of them too", "units": "who gets which interpreter",
        "causes": "what has happened, and what it does, a part of them too",
        "standing": "an evening as it stands then, a part of the queries"},
    ("scheduling", "reviews"): {"talks": "talks outside evenings, a part of the actions",
                                "asks": "what profiles wishes, a part of the actions"},
    ("scheduling", "waitlist"): {"offering": "freed times are offered, a part of the actions"},
    ("scheduling", "nights"): {"figures": "an evening in numbers, a part of the queries"},
    ("scheduling", "resources"): {"offering": "what an evening offers, a part of the actions"},
    ("scheduling", "solver"): {
        "problem": "an evening as a problem: what goes in", "plan": "what comes out",
        "table": "the problem as numbers", "board": "the timetable while it is made", "grants": "who gets in",
        "bounds": "what no plan can be better than", "itinerary": "the best evening of one party",
        "build": "a first timetable", "phases": "who walks between all talks begins in step",
        "chains": "moves that push others on", "wander": "the search, step by step",
        "admit": "getting one more in", "exact": "small evenings, all of them tried",
        "ledger": "what it is worth who gets in", "search": "the whole way to a plan",
        "outcome": "a board as a plan", "replan": "the fewest changes", "fitting": "first come, first served",
        "reasons": "why a wish was met or not", "limits": "faults, and what an evening holds"},
    ("scheduling", "wishes"): {
        "marks": "what teachers mark before an evening", "forms": "who has answered, and whom a reminder reaches"},
    ("portal", "about_me"): {
        "writing": "one's own words", "suggesting": "other words for somebody else's", "words": "its names for keys",
        "support": "support for special needs", "travelling": "the page goes to another school"},
    ("portal", "accounts"): {
        "journeys": "tickets of pages that may travel",
        "access": "what ends with a right to see a child",
        "projection": "what the schools' state says of who may sign in", "limits": "how often something may be tried",
        "pupils": "children who sign in with a code", "code_words": "the words that codes are made of",
        "connected": "accounts elsewhere that open one here"},
    ("portal", "school_accounts"): {
        "openid": "a provider as the portal speaks to it", "words": "what its pages say when it did not work"},
    ("portal", "clients"): {
        "transport": "the one port", **{name: "the typed client of it" for name in (
            "night", "profiles", "about_me", "scheduling", "notifications", "operations", "consents", "access",
            "rights", "reviews", "check_ins", "strategies", "agreements", "praise", "heard", "voice", "wellbeing",
            "safeguarding", "partnerships", "progress", "expectations", "school_year", "setting_up", "wishes",
            "meetings", "planning", "itineraries", "waitlist")}},
    ("portal", "evenings"): {
        "asking": "the whole evening in one go", "waiting": "the waiting list, and what is offered from it"},
    ("portal", "on_behalf"): {
        "desk": "whose evening it is, and what is read of it", "asking": "the whole evening in one go",
        "times": "single times, and waiting for one"},
    ("portal", "office"): {name: "one of the office's pages" for name in (
        "families", "evenings", "rosters", "requests", "consents", "withdrawn", "family", "restrictions", "apart",
        "checks", "tester", "policy", "duplicates", "school", "school_year", "evening_people", "evening_setting",
        "evening_steps")} | {"asking": "what its question pages have alike"},
    ("portal", "updates"): {
        "changing": "the page that changes one", "promises": "what school promises, and did not keep"},
    ("portal", "talks"): {"noting": "the page that keeps what was agreed"},
    ("portal", "together"): {"opening": "its question pages", "deeds": "the forms of what is done in a loop"},
    ("portal", "planning"): {"words": "why, and what each aim got, in sentences"},
    ("portal", "wishes"): {"errand": "for whom a form is written", "marking": "staff before an evening"},
    ("portal", "sign_in"): {
        "devices": "a name for a browser", "letters": "the worker's part", "words": "what its letters say"},
    ("portal", "assets"): {
        "build": "makes the static files", "scss": "the styles that it makes them of", "js": "and the script"},
}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_same_names_as_every_other(service: str) -> None:
    folder = ROOT / "services" / service
    assert [name for name in SAME if not (folder / name).is_file()] == []
    assert list((folder / "migrations" / "versions").glob("0001_*.py"))


def unknown(found: Collection[str], usual: Collection[str], more: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """(what stands there under no known name, what is on the list of exceptions and not there)."""
    return sorted(set(found) - {*usual, *more}), sorted(set(more) - set(found))


def kept_in(folder: Path) -> list[Path]:
    """The parts of each kept file's path below a folder."""
    return [path.relative_to(folder) for path in list_files(f"{folder.relative_to(ROOT).as_posix()}/")]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_holds_nothing_without_a_known_name(service: str) -> None:
    here = {path.as_posix() for path in kept_in(ROOT / "services" / service) if len(path.parts) == 1}
    folders = {path.parts[0] for path in kept_in(ROOT / "services" / service) if len(path.parts) > 1}
    assert unknown(here, SAME, MORE_IN_SERVICE.get(service, {})) == ([], [])
    assert folders - {*rooms_of(service), "migrations"} <= ({"templates", "static"} if service == "portal" else set())


@pytest.mark.parametrize(("service", "room"), [(service, room) for service in SERVICES for room in rooms_of(service)])
def test_a_room_holds_files_of_known_names_alone(service: str, room: str) -> None:
    held = {path.parts[0].removesuffix(".py") for path in kept_in(rooms_of(service)[room])}
    usual = (*IN_A_ROOM, "templates") if service == "portal" else IN_A_ROOM
    assert unknown(held, usual, MORE_IN_ROOM.get((service, room), {})) == ([], [])


def test_no_exception_outlives_its_room() -> None:
    assert [key for key in MORE_IN_ROOM if key[1] not in rooms_of(key[0])] == []
    assert sorted(set(MORE_IN_SERVICE) - set(SERVICES)) == []


def unwired(service: str, listed: Collection[Any]) -> list[str]:
    """The rooms with routes whose blueprint nobody has put into the app."""
    return [room for room, folder in rooms_of(service).items() if (folder / "routes.py").is_file()
            and importlib.import_module(f"services.{service}.{room}.routes").room not in listed]


def test_every_room_with_routes_is_wired_in(tmp_path: Path) -> None:
    listed: dict[str, Collection[Blueprint]] = {"portal": portal_app.ROOMS}
    services: list[Service] = built_services(tmp_path)
    listed |= {service.name: service.rooms for service in services if service.name != "portal"}
    assert {service: unwired(service, listed[service]) for service in SERVICES} == {name: [] for name in SERVICES}

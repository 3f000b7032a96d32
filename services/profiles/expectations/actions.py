"""What can be done: write the page of a class for this half-term, and publish it."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from chassis.auth import Principal
from chassis.clock import new_id
from chassis.errors import Conflict, NotFound, Stale
from chassis.unit_of_work import UnitOfWork
from services.profiles.classes.queries import list_pupils
from services.profiles.expectations.events import expectation_published
from services.profiles.expectations.models import Expectation, PublishedExpectation
from services.profiles.expectations.queries import find_page, require_taught
from services.profiles.expectations.rules import WORDS
from services.profiles.people.events import state_version
from services.profiles.school_year.queries import half_term_now


def write_page(uow: UnitOfWork, caller: Principal, class_id: str, based_on: int, words: Mapping[str, str]) -> None:
    """Keep the draft of this half-term; Stale when somebody has written since it was read (0: there was none)."""
    require_taught(uow, caller, class_id)
    half_term = half_term_now(uow)
    page = _locked(uow, class_id)
    if based_on != (page.version if page else 0):
        raise Stale()
    if page is None:
        page = Expectation(id=new_id(), class_id=class_id, half_term_on=half_term[0], version=0,
                           published_version=None)
        uow.add(page)
    for name in WORDS:
        setattr(page, name, words[name])
    page.version += 1
    page.written_by, page.written_at = caller.person_id, uow.now
    uow.flush()


def publish_page(uow: UnitOfWork, caller: Principal, class_id: str, based_on: int) -> None:
    """Let families read the version that the caller has read, and tell them the first time."""
    require_taught(uow, caller, class_id)
    page = _locked(uow, class_id)
    if page is None:
        raise NotFound()
    if based_on != page.version:
        raise Stale()
    if page.published_version == page.version:
        raise Conflict("This page has been published already, and nothing was changed since.")
    uow.add(PublishedExpectation(
        expectation_id=page.id, version=page.version, class_id=class_id, half_term_on=page.half_term_on,
        published_by=caller.person_id, published_at=uow.now, **{name: getattr(page, name) for name in WORDS}))
    pupils = sorted(pupil.id for pupil in list_pupils(uow, class_id))
    uow.record(expectation_published(page, pupils, page.published_version is None, state_version(uow)))
    page.published_version = page.version
    uow.flush()


def _locked(uow: UnitOfWork, class_id: str) -> Expectation | None:
    page = find_page(uow, class_id, half_term_now(uow))
    if page is None:
        return None
    uow.session.execute(sa.select(Expectation.id).where(Expectation.id == page.id).with_for_update())
    uow.session.refresh(page)
    return page

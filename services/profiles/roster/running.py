"""Running imports: a queued import is read from its kept file and applied school by school, each in one transaction.

A process that dies leaves the import queued or running with its claim running out; it is begun again, and schools that
were done before are found unchanged.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.errors import Conflict, NotFound
from chassis.log import logger
from chassis.timers import set_timer
from chassis.unit_of_work import Database, UnitOfWork
from services.profiles.people.actions import open_school
from services.profiles.people.models import School
from services.profiles.roster.actions import ImportOptions, NotNow, import_school
from services.profiles.roster.models import TRUST, RosterChunk, RosterImport
from services.profiles.roster.queries import list_known_people, list_named_schools
from services.profiles.roster.reading import ReadingOptions, Refused, Staged, StagedSchool, stage

CHUNK = 1024 * 1024
KEPT = timedelta(hours=1)
UNFINISHED = ("queued", "running")
RUN, FORGET = "roster-run", "roster-forget"
log = logger("roster")


def receive_roster(uow: UnitOfWork, chunks: Sequence[bytes], options: dict[str, Any], who: str) -> RosterImport:
    """Keep an uploaded file and queue its import."""
    found = RosterImport(id=new_id(), state="queued", options=options, result=None, rows_done=0, requested_by=who,
                         created_at=uow.now, finished_at=None)
    uow.add(found, *(RosterChunk(import_id=found.id, number=number, content=content)
                     for number, content in enumerate(chunks)))
    uow.flush()
    set_timer(uow, RUN, found.id, uow.now)
    set_timer(uow, FORGET, found.id, uow.now + KEPT)
    return found


def list_imports(uow: UnitOfWork) -> Sequence[RosterImport]:
    """The last twenty, newest first."""
    return uow.all(sa.select(RosterImport).order_by(RosterImport.id.desc()).limit(20))


def get_import(uow: UnitOfWork, import_id: str) -> RosterImport:
    found: RosterImport | None = uow.get(RosterImport, import_id)
    if found is None:
        raise NotFound()
    return found


def apply_import(uow: UnitOfWork, import_id: str) -> RosterImport:
    """Go on with an import that was checked, or that waits because of the caps."""
    found = get_import(uow, import_id)
    if found.state not in ("checked", "waiting"):
        raise Conflict("This import is not waiting for you.")
    if not uow.all(sa.select(RosterChunk.number).where(RosterChunk.import_id == import_id).limit(1)):
        raise Conflict("The file is no longer kept. Send it again.")
    found.options = {**found.options, "dry_run": False, "confirm": True}
    found.state = "queued"
    set_timer(uow, RUN, found.id, uow.now)
    return found


def forget_file(uow: UnitOfWork, import_id: str) -> None:
    """Drop a file that was kept for a decision that did not come."""
    uow.session.execute(sa.delete(RosterChunk).where(RosterChunk.import_id == import_id))


class Runner:
    """Takes queued imports, one at a time, in a thread of the worker that nothing else waits for.

    A timer says where something was queued; only at the start, after whatever ended the last process, is everywhere
    looked.
    """

    def __init__(self, database: Database, schools: Callable[[], Sequence[str]],
                 place: Callable[[str], None] | None):
        self._database = database
        self._schools = schools
        self._place = place
        self._due: set[str] | None = None

    def wake(self, uow: UnitOfWork, _import_id: str) -> None:
        """The timer's word that this tenant has an import to run."""
        if self._due is not None:
            self._due.add(uow.school)

    def run_next(self) -> int:
        """Run what is queued; return how many imports were ended."""
        due, self._due = self._due, set()
        done = 0
        for tenant in (TRUST, *self._schools()) if due is None else sorted(due):
            with self._database.unit_of_work(tenant, write=False) as uow:
                waiting = uow.all(sa.select(RosterImport.id).where(RosterImport.state.in_(UNFINISHED))
                                  .order_by(RosterImport.id))
            for import_id in waiting:
                self._run(tenant, import_id)
                done += 1
        return done

    def _run(self, tenant: str, import_id: str) -> None:
        with tempfile.TemporaryDirectory(prefix="tandem-roster-") as folder:
            file = Path(folder) / "roster"
            options = self._begin(tenant, import_id, file)
            only = options.get("school") if tenant == TRUST else tenant
            result: dict[str, Any] = {"schools": [], "refused": None}
            state = "checked" if options.get("dry_run") else "applied"
            try:
                with file.open("rb") as source, stage(source, self._reading(tenant, import_id)) as staged:
                    if not staged.says_restrictions:
                        result["restrictions_absent"] = {"taken_as": options.get("restrictions_absent", "unknown"),
                                                         "chosen_by": options.get("chosen_by")}
                    waiting = self._run_schools(staged, options, only, result)
                state = "waiting" if waiting else state
            except Refused as refused:
                result["refused"], state = refused.reason, "refused"
        self._end(tenant, import_id, state, result)

    def _begin(self, tenant: str, import_id: str, file: Path) -> dict[str, Any]:
        with self._database.unit_of_work(tenant) as uow:
            found = get_import(uow, import_id)
            found.state = "running"
            with file.open("wb") as target:
                for content in uow.all(sa.select(RosterChunk.content).where(RosterChunk.import_id == import_id)
                                       .order_by(RosterChunk.number)):
                    target.write(content)
            return dict(found.options)

    def _reading(self, tenant: str, import_id: str) -> ReadingOptions:
        def progress(rows: int) -> None:
            with self._database.unit_of_work(tenant) as uow:
                uow.session.execute(sa.update(RosterImport).where(RosterImport.id == import_id).values(rows_done=rows))

        schools = self._schools() if tenant == TRUST else [tenant]
        return ReadingOptions(progress=_every(20_000, progress),
                              known_people=lambda: list_known_people(self._database, schools))

    def _run_schools(self, staged: Staged, options: dict[str, Any], only: str | None, result: dict[str, Any]) -> bool:
        named = list_named_schools(self._database, self._schools())
        placed = [(school, self._find(school, named)) for school in staged.schools()]
        if only is not None:
            placed = [(school, found) for school, found in placed if found == only]
            if not placed:
                raise Refused(f"The file holds no school that is {only} here.")
        unknown = [school for school, found in placed if found is None]
        if unknown and not options.get("create_schools"):
            listed = ", ".join(sorted(school.name or school.external_id for school in unknown))
            raise Refused(f"These schools are not here yet: {listed}. Add them, or allow the import to create them.")
        if unknown and self._place is None:
            raise Refused("This cell cannot place new schools. Add them with `tandem school add` first.")
        waiting = False
        wanted = ImportOptions(bool(options.get("dry_run")), bool(options.get("confirm")),
                               str(options.get("restrictions_absent") or "unknown"))
        for number, (school, found) in enumerate(placed):
            report, waits = self._run_school(staged, school, found, replace(wanted, tells_unplaced=not number))
            result["schools"].append(report)
            waiting = waiting or waits
        return waiting

    def _run_school(self, staged: Staged, school: StagedSchool, found: str | None,
                    wanted: ImportOptions) -> tuple[dict[str, Any], bool]:
        name = found or slug(school.name or school.external_id)
        if found is None and not wanted.dry_run and self._place is not None:
            self._place(name)
        try:
            with self._database.unit_of_work(name) as uow:
                if uow.get(School) is None:
                    open_school(uow, school.name)
                return import_school(uow, staged, school.external_id, wanted), False
        except NotNow as stopped:
            return stopped.report, stopped.waiting

    def _find(self, school: StagedSchool, named: Mapping[str, str]) -> str | None:
        """Our id of a school of the file, by its id there or by its name; None when it is not here."""
        names = (school.external_id, school.external_id.lower(), slug(school.name) if school.name else "")
        return next((named[name] for name in names if name in named), None)

    def _end(self, tenant: str, import_id: str, state: str, result: dict[str, Any]) -> None:
        with self._database.unit_of_work(tenant) as uow:
            found = get_import(uow, import_id)
            found.state, found.result, found.finished_at = state, result, uow.now
            if state in ("applied", "refused"):
                uow.session.execute(sa.delete(RosterChunk).where(RosterChunk.import_id == import_id))
        log.info("roster_import_ended", tenant=tenant, state=state, schools=len(result["schools"]))


def slug(name: str) -> str:
    """A school's name as an id for URLs and topics: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("'", "")
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "school"
    return f"{found}-school" if found == TRUST else found


def _every(step: int, report: Callable[[int], None]) -> Callable[[int], None]:
    """Call `report` only when another `step` rows are done: progress must not cost more than the work."""
    last = 0

    def seen(rows: int) -> None:
        nonlocal last
        if rows - last >= step:
            last = rows
            report(rows)

    return seen

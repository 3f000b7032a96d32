"""Finds out which form a file has, checks that the files it needs are there, and stages each."""

from collections.abc import Callable
from dataclasses import dataclass

from services.profiles.roster.reading import tables
from services.profiles.roster.reading.container import Container
from services.profiles.roster.reading.plain import load_plain
from services.profiles.roster.reading.shapes import Refused
from services.profiles.roster.reading.sheet import Column, Sheet
from services.profiles.roster.reading.staging import Finding, Stage
from services.profiles.roster.reading.words import fold

LOADERS: dict[str, Callable[..., bool | None]] = {
    "orgs": tables.load_orgs,
    "users": tables.load_users,
    "roles": tables.load_roles,
    "classes": tables.load_classes,
    "enrollments": tables.load_enrolments,
    "relationships": tables.load_relationships,
}
MANIFEST = (Column("propertyName", needed=True), Column("value", needed=True))


@dataclass(frozen=True, slots=True)
class Form:
    """What the file is. `kinds_present`: the files that were in it; the rest was not said, which is not 'nobody'."""

    name: str
    is_delta: bool
    says_restrictions: bool
    kinds_present: frozenset[str]


def load(container: Container, stage: Stage) -> Form:
    if container.single is not None:
        says = load_plain(container.single, stage)
        return Form("plain", False, says, frozenset(("orgs", "users", "classes", "enrollments", "relationships")))
    if "manifest.csv" in container.members:
        return _load_one_roster(container, stage)
    return _load_school_data_sync(container, stage)


def _load_one_roster(container: Container, stage: Stage) -> Form:
    manifest = _manifest(container, stage)
    name = _version(container, manifest)
    modes = {kind: _mode(kind, manifest, container, stage) for kind in LOADERS}
    present = frozenset(kind for kind, mode in modes.items() if mode != "absent")
    is_delta = "delta" in modes.values()
    if not is_delta:
        needed = ("orgs", "users", "roles") if name == "oneroster-1.2" else ("orgs", "users")
        for kind in needed:
            if kind not in present:
                raise Refused(f"{kind}.csv is missing. Export a full OneRoster zip, or mark the files as delta.")
    if not present:
        raise Refused("The zip holds none of the files of a roster. Export it again.")
    return Form(name, is_delta, _load_all(container, stage, present), present)


def _manifest(container: Container, stage: Stage) -> dict[str, str]:
    sheet = Sheet(container.members["manifest.csv"], MANIFEST, "manifest", stage)
    return {name.casefold(): value.casefold() for _line, (name, value) in sheet if name}


def _version(container: Container, manifest: dict[str, str]) -> str:
    said = manifest.get("oneroster.version", "")
    if said.startswith("1.2"):
        return "oneroster-1.2"
    if said.startswith("1.1"):
        return "oneroster-1.1"
    if said:
        raise Refused(f"OneRoster {said[:20]} is not read. Export OneRoster 1.1 or 1.2.")
    return "oneroster-1.2" if "roles.csv" in container.members else "oneroster-1.1"


def _mode(kind: str, manifest: dict[str, str], container: Container, stage: Stage) -> str:
    """bulk, delta or absent. An empty value is common in real files: then what is in the zip counts, as bulk."""
    there = f"{kind}.csv" in container.members
    said = fold(manifest.get(f"file.{kind}", ""))
    if said in ("bulk", "delta"):
        if not there:
            raise Refused(f"manifest.csv promises {kind}.csv but the zip does not hold it. Export the roster again.")
        return said
    if said == "absent" and there and kind != "relationships":
        reason = f"manifest.csv says that {kind}.csv is absent, but it is there; it was not read."
        stage.report(Finding("manifest", "manifest.csv", 1, f"file.{kind}", said, reason, refused=False))
        return "absent"
    if said not in ("", "absent"):
        raise Refused(f"manifest.csv says '{said[:20]}' of {kind}.csv. It must say bulk, delta or absent.")
    return "bulk" if there else "absent"


def _load_school_data_sync(container: Container, stage: Stage) -> Form:
    present = frozenset(kind for kind in LOADERS if f"{kind}.csv" in container.members)
    if not present:
        if any(name in container.members for name in ("school.csv", "student.csv")):
            raise Refused("This is an older School Data Sync form. Export School Data Sync v2.1, or OneRoster.")
        raise Refused(
            "There is no roster in it: neither manifest.csv (OneRoster) nor users.csv, roles.csv and orgs.csv "
            "(School Data Sync v2.1). See docs/roster-files.md."
        )
    for kind in ("orgs", "users", "roles"):
        if kind not in present:
            raise Refused(
                f"{kind}.csv is missing. School Data Sync v2.1 needs it; a OneRoster zip also needs manifest.csv."
            )
    return Form("sds-2.1", False, _load_all(container, stage, present), present)


def _load_all(container: Container, stage: Stage, present: frozenset[str]) -> bool:
    """True if something was said of restrictions."""
    says = False
    for kind, loader in LOADERS.items():
        if kind in present and loader(container.members[f"{kind}.csv"], stage):
            says = True
    return says

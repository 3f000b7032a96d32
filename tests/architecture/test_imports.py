"""Who may import whom: import-linter holds the contracts of pyproject.toml, and what it cannot say is held here."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import MODULES, PYTHON, ROOT, SERVICES, Import, imports_in, list_imports, name_of, rooms_of

DOORS = ("actions", "queries", "events", "schemas")
# The portal's clients are no room: one typed client for each service, made for every page.
NOT_ROOMS = {("portal", "clients")}

PEOPLE = "who is who is the vocabulary of the whole service: a row of people is the subject of every other room"
ROSTER = "an import writes all that a file describes in one go, by many rows at a time"
CHECKS = "what an address and a path of ours look like, asked of plain values at the edge"
SIGN_IN = "signing in works on the wishes that accounts keep: pages at the edge, letters in the worker"
RULE = "the rule's own function and rows are what this room shows or changes: nobody computes a right anew"
SCHOOL = "coming in by a school account is signing in: the same accounts, limits and names of devices"
CODES = "a teacher's page makes the codes that the child's door takes: one file holds both"
JOURNEYS = "an account keeps the tickets of its pages that travel, and this room is what brings them"
DOOR = "every public door is held by the same limit"
# Each line is a way into another room past its doors. The list can shrink; a new line needs a reason as good.
PAST_THE_DOORS = {
    ("services.profiles.about_me.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.access.actions", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.access.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.agreements.actions", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.child_page.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.classes.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.classes.routes", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.consents.actions", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.consents.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.heard.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.partnerships.company", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.partnerships.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.praise.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.relationships.actions", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.relationships.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.progress.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.school_year.actions", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.safeguarding.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.school_year.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.voice.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.strategies.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.support.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.wellbeing.actions", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.wellbeing.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.roster.actions", "services.profiles.people.models"): ROSTER,
    ("services.profiles.roster.actions", "services.profiles.classes.models"): ROSTER,
    ("services.profiles.roster.actions", "services.profiles.relationships.models"): ROSTER,
    ("services.profiles.roster.changes", "services.profiles.people.models"): ROSTER,
    ("services.profiles.roster.pairs", "services.profiles.classes.models"): ROSTER,
    ("services.profiles.roster.pairs", "services.profiles.relationships.models"): ROSTER,
    ("services.profiles.roster.running", "services.profiles.people.models"): ROSTER,
    ("services.profiles.duplicates.actions", "services.profiles.relationships.models"): RULE,
    ("services.profiles.duplicates.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.duplicates.queries", "services.profiles.relationships.models"): RULE,
    ("services.profiles.duplicates.queries", "services.profiles.relationships.rules"): RULE,
    ("services.profiles.families.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.families.queries", "services.profiles.relationships.models"): RULE,
    ("services.profiles.families.queries", "services.profiles.restrictions.models"): RULE,
    ("services.profiles.policy.actions", "services.profiles.relationships.models"): RULE,
    ("services.profiles.policy.actions", "services.profiles.relationships.rules"): RULE,
    ("services.profiles.policy.schemas", "services.profiles.relationships.rules"): RULE,
    ("services.profiles.restrictions.actions", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.tester.queries", "services.profiles.people.models"): PEOPLE,
    ("services.profiles.tester.queries", "services.profiles.relationships.models"): RULE,
    ("services.portal.about_me.travelling", "services.portal.accounts.journeys"): JOURNEYS,
    ("services.portal.unsubscribe.routes", "services.portal.accounts.limits"): DOOR,
    ("services.portal.inbox.routes", "services.portal.accounts.rules"): CHECKS,
    ("services.portal.sign_in.routes", "services.portal.accounts.rules"): CHECKS,
    ("services.portal.sign_in.routes", "services.portal.accounts.limits"): SIGN_IN,
    ("services.portal.sign_in.routes", "services.portal.accounts.pupils"): SIGN_IN,
    ("services.portal.pupil_codes.routes", "services.portal.accounts.pupils"): CODES,
    ("services.portal.school_accounts.routes", "services.portal.accounts.connected"): SCHOOL,
    ("services.portal.school_accounts.routes", "services.portal.accounts.limits"): SCHOOL,
    ("services.portal.school_accounts.routes", "services.portal.accounts.rules"): SCHOOL,
    ("services.portal.school_accounts.routes", "services.portal.sign_in.devices"): SCHOOL,
    ("services.portal.sign_in.letters", "services.portal.accounts.models"): SIGN_IN,
    ("services.portal.sign_in.letters", "services.portal.accounts.rules"): SIGN_IN,
}
OF_THE_ENVIRONMENT = ("environ", "environb", "getenv", "getenvb", "putenv", "unsetenv")
READS_THE_ENVIRONMENT = {
    "chassis.settings": "every service's settings",
    "services.portal.assets.build": "a tool run by hand: npm gets our surroundings and a PATH that has node",
}


def test_the_contracts_of_import_linter_are_kept() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"
    assert "0 broken" in done.stdout


def past_the_doors(imports: Iterable[Import]) -> set[tuple[str, str]]:
    """(importer, module) wherever one room takes something of another that is not one of its doors."""
    rooms = {f"services.{service}.{room}" for service in SERVICES for room in rooms_of(service)
             if (service, room) not in NOT_ROOMS}
    found = set()
    for item in imports:
        here, there = (".".join(name.split(".")[:3]) for name in (item.importer, item.module))
        inside = item.module.split(".")[3:4]
        if here != there and {here, there} <= rooms and inside and inside[0] not in DOORS:
            found.add((item.importer, item.module))
    return found


def test_a_room_never_imports_another_rooms_models_or_rules() -> None:
    found = past_the_doors(list_imports())
    assert sorted(found - set(PAST_THE_DOORS)) == [], f"only {', '.join(DOORS)} are open to other rooms"
    assert sorted(set(PAST_THE_DOORS) - found) == [], "nobody goes this way any more: take it off the list"


def beyond_the_standard_library(imports: Iterable[Import]) -> list[str]:
    return [f"{item.importer}:{item.line} {item.name}" for item in imports
            if item.name.split(".")[0] not in sys.stdlib_module_names]


def test_rules_import_the_standard_library_alone() -> None:
    rules = {name: path for name, path in MODULES.items() if name.startswith("services.") and name.endswith(".rules")}
    assert rules
    assert beyond_the_standard_library(
        item for name, path in rules.items() for item in imports_in(name, path.read_text())) == []


def reads_of_the_environment(text: str) -> Iterator[int]:
    """The lines that reach for this process's environment."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            if ast.unparse(node.value) == "os" and node.attr in OF_THE_ENVIRONMENT:
                yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module in ("os", "environs"):
            yield node.lineno


def test_the_environment_is_read_in_settings_and_by_the_operators_tool_alone() -> None:
    readers = {name: list(reads_of_the_environment(path.read_text())) for name, path in MODULES.items()}
    found = {name for name, lines in readers.items() if lines}
    allowed = {name for name in MODULES if name.startswith("tandem.") and not name.startswith("tandem.sample")}
    assert [f"{name_of(MODULES[name])}:{readers[name]}" for name in sorted(found - allowed)
            if name not in READS_THE_ENVIRONMENT] == []
    assert set(READS_THE_ENVIRONMENT) <= found



@pytest.mark.parametrize("service", SERVICES)
def test_no_service_names_another_not_even_in_its_tests(service: str) -> None:
    named = re.compile("|".join(rf"\bservices\.{other}\b" for other in SERVICES if other != service))
    folders = (ROOT / "services" / service, ROOT / "tests" / service)
    paths = [path for path in PYTHON if any(path.is_relative_to(folder) for folder in folders)]
    assert len(paths) > 2
    assert [name_of(path) for path in paths if named.search(path.read_text())] == []

"""Every setting is documented where its service is, and whatever the deployment sets is a setting that there is."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from chassis.settings import Setting
from tandem.cli import tandem
from tandem.topics import WANTED as TOPICS
from tests.architecture.tree import MODULES, ROOT, SERVICES, list_files

COMPOSE = (ROOT / "docker-compose.yml").read_text()
ROW = re.compile(r"^\| `([A-Z][A-Z_]+)` \| (.+) \|$", re.MULTILINE)
OUR_NAME = re.compile(r"(TANDEM|SERVICE|PROFILES|SCHEDULING|NOTIFICATIONS|PORTAL)_[A-Z_]+")


def settings_of(service: str) -> tuple[Setting, ...]:
    found: tuple[Setting, ...] = importlib.import_module(f"services.{service}.settings").SETTINGS
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_setting_stands_in_its_services_readme_with_its_default(service: str) -> None:
    rows = dict(ROW.findall((ROOT / "services" / service / "README.md").read_text()))
    settings = {setting.name: setting for setting in settings_of(service)}
    assert sorted(set(settings) - set(rows)) == [], "not documented"
    assert sorted(set(rows) - set(settings)) == [], "documented, and not there"
    for name, setting in settings.items():
        if setting.default is not None:
            assert rows[name].endswith(f"(`{setting.default}`)" if setting.default else "(none)"), name
        else:
            assert not re.search(r"\((`[^`]*`|none)\)$", rows[name]), f"{name} has no default"


def read_by_tandem(text: str) -> Iterator[str]:
    """The names that the operator's tool takes from the environment."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.keyword) and node.arg == "envvar" and isinstance(node.value, ast.Constant):
            yield str(node.value.value)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "os.environ.get":
            yield str(ast.literal_eval(node.args[0]))


def names_of_tandem() -> set[str]:
    return {setting.name for setting in TOPICS} | {found for name, path in MODULES.items() if name.startswith("tandem.")
            for found in read_by_tandem(path.read_text())}


def test_what_the_operators_tool_reads_is_documented() -> None:
    documents = "\n".join(path.read_text() for path in list_files("*.md"))
    assert sorted(name for name in names_of_tandem() if not re.search(rf"\b{name}\b", documents)) == []


def given_by_compose() -> dict[str, set[str]]:
    """The names that each process of the deployment is given."""
    processes: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
    return {name: set(process.get("environment", ())) for name, process in processes.items()
            if process["image"].startswith("tandem:")}


def test_everything_that_the_deployment_sets_is_a_setting_that_there_is() -> None:
    known = {setting.name for service in SERVICES for setting in settings_of(service)} | names_of_tandem()
    given = given_by_compose()
    assert given
    assert {process: sorted(names - known) for process, names in given.items() if names - known} == {}


def test_every_secret_that_the_deployment_asks_for_is_made_by_tandem_keys(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    assert CliRunner().invoke(tandem, ["keys", str(file)]).exit_code == 0
    made = set(re.findall(r"^([A-Z_]+)=", file.read_text(), re.MULTILINE))
    assert set(re.findall(r"\$\{([A-Z_]+)", COMPOSE)) == made


def test_no_document_names_a_setting_that_is_not_there() -> None:
    known = {setting.name for service in SERVICES for setting in settings_of(service)} | names_of_tandem()
    known |= {f"{name}_FILE" for name in known} | set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))
    found = {(path.name, match.group()) for path in list_files("*.md") for match in OUR_NAME.finditer(path.read_text())}
    assert sorted(item for item in found if item[1] not in known) == []

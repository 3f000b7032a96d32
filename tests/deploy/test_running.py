"""The operator's jobs on real parts, and the processes as a deployment starts them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
import yaml

from tests.fakes import FixedClock, Keys
from tests.parts.postgres import Postgres, free_port, wait_a_little

PATIENCE_S = 40
SERVICES = ("profiles", "scheduling", "notifications", "portal")


class Deployment:
    """A placement of one school, and processes started as deploy/images/start starts them."""

    def __init__(self, folder: Path):
        self.trust = folder / "trust.yaml"
        self.trust.write_text(yaml.safe_dump({"trust": "T", "cells": {"one-cell": {"schools": ["oakfield"]}}}))
        private, public = Keys(FixedClock()).pair
        self.env = {
            **os.environ, "TANDEM_TRUST": str(self.trust), "TANDEM_BUS": f"embedded:{folder / 'bus.db'}",
            "TANDEM_CELL": "one-cell", "TANDEM_PUBLIC_KEY": json.dumps(public), "TANDEM_SMTP": "127.0.0.1:9",
            "TANDEM_PORTAL_URL": "http://127.0.0.1:1", "PORTAL_SECRET": "for a test", "TANDEM_LOG": "WARNING",
            "PORTAL_PRIVATE_KEY": json.dumps(private)}
        self.processes: list[subprocess.Popen[bytes]] = []

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "tandem", *words], env=self.env, capture_output=True, text=True,
                              check=False, timeout=60)

    def start(self, *words: str, **env: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-m", *words], env={**self.env, **env}, start_new_session=True)
        self.processes.append(process)
        return process

    def ask(self, port: int, path: str) -> Any:
        """The status of a reply, once there is one."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as reply:
                    return reply.status
            except urllib.error.HTTPError as error:
                return error.code
            except OSError:
                assert time.monotonic() < deadline, f"nothing answers on {path}"
                wait_a_little()


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    made = Deployment(tmp_path)
    yield made
    for process in made.processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def test_databases_are_made_migrated_and_granted_and_a_second_time_changes_nothing(
        deployment: Deployment, postgres_server: Postgres, tmp_path: Path) -> None:
    owner = sa.make_url(postgres_server.url).set(drivername="postgresql+psycopg", database="x")
    pattern = owner.render_as_string(hide_password=False).replace("/x", "/{database}")
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE tandem_service LOGIN")
    deployment.env["TANDEM_OWNER_URL"] = pattern
    first, again = deployment.run("migrate"), deployment.run("migrate")
    assert first.returncode == 0, first.stderr
    assert first.stdout == again.stdout
    assert "one_cell_profiles" in first.stdout
    assert "portal" in first.stdout


def test_topics_are_planned_then_made(deployment: Deployment) -> None:
    before = json.loads(deployment.run("topics", "plan", "--json").stdout)
    assert {step["state"] for step in before} == {"missing"}
    after = json.loads(deployment.run("topics", "apply", "--json").stdout)
    assert [step["topic"] for step in after] == [step["topic"] for step in before]
    assert {step["state"] for step in after} == {"right"}


def test_keys_are_made_once(deployment: Deployment, tmp_path: Path) -> None:
    file = tmp_path / "deploy" / ".env"
    assert deployment.run("keys", str(file)).returncode == 0
    made = file.read_text()
    assert deployment.run("keys", str(file)).returncode == 1
    assert file.read_text() == made
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_served_and_worked_as_in_a_container(deployment: Deployment, service: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'service.db'}"
    web, health = free_port(), free_port()
    migrate = f"from tandem.databases import migrate_service; migrate_service({service!r}, {url!r})"
    subprocess.run([sys.executable, "-c", migrate], env=deployment.env, check=True, timeout=60)
    assert deployment.run("topics", "apply").returncode == 0
    env = {f"{service.upper()}_DATABASE_URL": url}
    deployment.start("gunicorn", "--bind", f"127.0.0.1:{web}", "--worker-class", "gthread", "--threads", "2",
                     f"services.{service}.wsgi:application()", **env)
    worker = deployment.start(f"services.{service}.worker", TANDEM_HEALTH=f"127.0.0.1:{health}", **env)
    assert deployment.ask(web, "/api/portal/readyz" if service == "portal" else "/readyz") == 200
    for path in ("/livez", "/readyz", "/metrics"):
        assert deployment.ask(health, path) == 200
    assert deployment.ask(health, "/else") == 404
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0

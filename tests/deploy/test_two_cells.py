"""Two cells and a portal as processes: the operator's tool reaches each school by way of the portal's door."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from tandem.sample import write_sample
from tests.deploy.test_running import Deployment, deployment
from tests.parts.postgres import free_port

__all__ = ["deployment"]
OAKFIELD, BIRCHWOOD = "oakfield-infant-school", "birchwood-high-school"
MIGRATE = "import sys; from tandem.databases import migrate_service as m; m(sys.argv[1], sys.argv[2])"


@pytest.fixture
def two_cells(deployment: Deployment, tmp_path: Path) -> Deployment:
    """Profiles in two cells, and the portal; scheduling and notifications are away."""
    ports = {"one": free_port(), "two": free_port(), "portal": free_port()}
    deployment.trust.write_text(yaml.safe_dump({"trust": "T", "cells": {
        cell: {"schools": [school], "services": {"profiles": f"http://127.0.0.1:{ports[cell]}"}}
        for cell, school in (("one", OAKFIELD), ("two", BIRCHWOOD))}}))
    assert deployment.run("topics", "apply").returncode == 0
    for cell, service in (("one", "profiles"), ("two", "profiles"), ("portal", "portal")):
        url = f"sqlite:///{tmp_path / cell}.db"
        subprocess.run([sys.executable, "-c", MIGRATE, service, url], env=deployment.env, check=True, timeout=60)
        env = {f"{service.upper()}_DATABASE_URL": url, "TANDEM_CELL": cell}
        deployment.start("gunicorn", "--bind", f"127.0.0.1:{ports[cell]}", "--worker-class", "gthread",
                         f"services.{service}.wsgi:application()", **env)
        deployment.start(f"services.{service}.worker", **env)
    for port in (ports["one"], ports["two"]):
        assert deployment.ask(port, "/readyz") == 200
    assert deployment.ask(ports["portal"], "/readyz") == 200
    deployment.env["TANDEM_URL"] = f"http://127.0.0.1:{ports['portal']}"
    return deployment


def test_rosters_come_in_school_by_school_and_status_says_who_does_not_answer(
        two_cells: Deployment, tmp_path: Path) -> None:
    file = tmp_path / "sample.zip"
    write_sample(file)
    whole = two_cells.run("roster", "import", str(file))
    assert (whole.returncode, "school by school" in whole.stderr) == (1, True), whole.stderr
    for school in (OAKFIELD, BIRCHWOOD):
        done = two_cells.run("roster", "import", str(file), "--school", school, "--json")
        assert done.returncode == 0, done.stderr
        (report,) = json.loads(done.stdout)["schools"]
        assert (report["school"], report["pupils"]["added"] > 50) == (school, True)
    rows = {(row["school"], row["service"]): row for row in json.loads(two_cells.run("status", "--json").stdout)}
    for school in (OAKFIELD, BIRCHWOOD):
        assert rows[school, "profiles"]["dead_letters"] == 0
        assert rows[school, "portal"]["dead_letters"] == 0
        assert "problem" in rows[school, "scheduling"]


def test_the_door_lets_nobody_through_without_a_token_and_nothing_but_schools(two_cells: Deployment) -> None:
    base = two_cells.env["TANDEM_URL"]
    for path in (f"/api/profiles/schools/{OAKFIELD}/status", "/api/profiles/metrics"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(base + path, timeout=10)
        assert refused.value.code == 401
        refused.value.close()

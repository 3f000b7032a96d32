"""`tandem up`: from an empty folder to a running platform that says where everything is."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path

import click

from chassis.errors import Refused
from tandem.client import PlatformClient
from tandem.data import DataFolder
from tandem.platform import Platform, migrate_all
from tandem.sample import write_sample
from tandem.serving import EmbeddedServer

TRUST = "Brook Learning Trust"
PATIENCE_S = 120


def start_platform(data: DataFolder, port: int, sample: bool) -> None:
    """Prepare what is missing, serve until stopped, and say so once it is ready."""
    os.environ["TANDEM_DATA"] = str(data.root)
    url = f"http://127.0.0.1:{port}"
    data.prepare(TRUST if sample else "My trust")
    migrate_all(data)
    wants_sample = sample and not data.placement().schools()
    EmbeddedServer(url, port, lambda platform: _welcome_soon(platform, wants_sample)).run()


def _welcome_soon(platform: Platform, wants_sample: bool) -> None:
    """Say hello from a thread of its own: the sample comes in through the front door, over HTTP."""
    threading.Thread(target=_welcome, args=(platform, wants_sample), daemon=True).start()


def _welcome(platform: Platform, wants_sample: bool) -> None:
    if wants_sample:
        click.echo("Importing the sample trust ...")
        _import_sample(platform)
    click.echo(f"\nTandem is up at {platform.url}")
    for school in platform.placement.schools():
        click.echo(f"  {school}")
    for name in platform.apps:
        click.echo(f"  {platform.url}/api/{name}/openapi.json")
    click.echo(f"  Mail lands in {platform.data.mail}")
    click.echo("  Look after it: .venv/bin/tandem status. Stop with Ctrl-C.\n")


def _import_sample(platform: Platform) -> None:
    client = PlatformClient(platform.data, platform.url)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sample.zip"
        write_sample(file)
        report = client.call("POST", "profiles", "/schools/trust/rosters", data=file.read_bytes(),
                             params={"create_schools": 1})
    deadline = time.monotonic() + PATIENCE_S
    while report["state"] in ("queued", "running"):
        if time.monotonic() > deadline:
            raise Refused("The sample did not come in within two minutes.")
        time.sleep(0.2)
        report = client.call("GET", "profiles", f"/schools/trust/rosters/{report['id']}")

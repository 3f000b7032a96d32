"""`tandem up`: from an empty folder to a running platform that says where everything is."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import click

from chassis.errors import Refused
from tandem.client import PlatformClient
from tandem.data import DataFolder
from tandem.databases import migrate_folder
from tandem.evenings import tell_evenings_to
from tandem.platform import Platform
from tandem.sample import write_sample
from tandem.serving import EmbeddedServer
from tandem.story import tell_story_to

TRUST = "Brook Learning Trust"
PATIENCE_S = 120
WELCOME_LIFE = timedelta(hours=12)
WELCOME = (
    ("amira.haddad@families.example", "a parent with children in two schools"),
    ("karim.haddad@families.example", "a parent of the same children, in a home of his own"),
    ("grace.bell@oakfield.example", "a teacher"),
    ("office@oakfield.example", "a school office"),
    ("safeguarding@oakfield.example", "a safeguarding lead"),
    ("head@oakfield.example", "a head teacher"),
)


def start_platform(data: DataFolder, port: int, sample: bool) -> None:
    """Prepare what is missing, serve until stopped, and say so once it is ready."""
    os.environ["TANDEM_DATA"] = str(data.root)
    url = f"http://127.0.0.1:{port}"
    data.prepare(TRUST if sample else "My trust")
    migrate_folder(data)
    wants_sample = sample and not data.placement().schools()
    EmbeddedServer(url, port, lambda platform: _welcome_soon(platform, wants_sample)).run()


def _welcome_soon(platform: Platform, wants_sample: bool) -> None:
    """Say hello from a thread of its own: the sample comes in through the front door, over HTTP."""
    threading.Thread(target=_welcome, args=(platform, wants_sample), daemon=True).start()


def _welcome(platform: Platform, wants_sample: bool) -> None:
    if wants_sample:
        click.echo("Importing the sample trust ...")
        _import_sample(platform)
        _wait_for_people(platform)
        tell_story_to(platform.data, platform.url)
        tell_evenings_to(platform.data, platform.url)
    click.echo(f"\nTandem is up at {platform.url}")
    if platform.placement.schools():
        for who, words in WELCOME:
            _show_link(platform, who, words)
    _show_link(platform, "trust-it", "trust IT")
    click.echo(f"  Mail lands at {platform.url}/dev/mail")
    click.echo("  Look after it: .venv/bin/tandem status. Stop with Ctrl-C.\n")


def _show_link(platform: Platform, who: str, words: str) -> None:
    """A one-time link to sign in by; people of a roster of one's own are invited by `tandem sign-in-link`."""
    with suppress(Refused):
        click.echo(f"  Sign in as {words}:\n    {platform.sign_in_link(who, WELCOME_LIFE)}")


def _wait_for_people(platform: Platform) -> None:
    """The portal learns who may sign in from the schools' own events."""
    deadline = time.monotonic() + PATIENCE_S
    for who, _words in WELCOME:
        while True:
            with suppress(Refused):
                platform.sign_in_link(who, WELCOME_LIFE)
                break
            if time.monotonic() > deadline:
                raise Refused("The portal did not hear of the sample's people within two minutes.")
            time.sleep(0.1)


def _import_sample(platform: Platform) -> None:
    client = PlatformClient(platform.data, platform.url)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sample.zip"
        write_sample(file)
        with file.open("rb") as body:
            report = client.call("POST", "profiles", "/schools/trust/rosters", {"create_schools": 1}, body)
    deadline = time.monotonic() + PATIENCE_S
    while report["state"] in ("queued", "running"):
        if time.monotonic() > deadline:
            raise Refused("The sample did not come in within two minutes.")
        time.sleep(0.2)
        report = client.call("GET", "profiles", f"/schools/trust/rosters/{report['id']}")

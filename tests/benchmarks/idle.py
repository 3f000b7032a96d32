"""What a worker costs that has nothing to do: 40 schools, each with its heartbeats, on the embedded pair."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tandem.client import PlatformClient
from tandem.data import DataFolder
from tandem.databases import migrate_folder
from tandem.sample import write_large
from tests.benchmarks.home import served, wait_until
from tests.benchmarks.measure import Figure

SCHOOLS, USERS = 40, 800
SETTLE_S, LOOK_S = 8, 30
MOST_CPU, MOST_MB = 2.0, 150.0
SERVICES = ("profiles", "notifications")  # the one that beats, and the one that listens to most


def fill(data: DataFolder) -> None:
    """Forty small schools, through the front door."""
    data.prepare("Large Trust")
    migrate_folder(data)
    file = data.root / "large.zip"
    write_large(file, USERS, SCHOOLS)
    with served(data) as base:
        client = PlatformClient(data, base)
        with file.open("rb") as body:
            sent = client.call("POST", "profiles", "/schools/trust/rosters", {"create_schools": 1}, body)
        wait_until(lambda: client.call("GET", "profiles", f"/schools/trust/rosters/{sent['id']}")["state"] == "applied")
    assert len(data.placement().schools()) == SCHOOLS


def start(data: DataFolder, service: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, f"{service.upper()}_DATABASE_URL": data.database_url(service), "TANDEM_LOG": "ERROR",
           "TANDEM_PUBLIC_KEY": json.dumps(data.public_key()), "TANDEM_TRUST": str(data.trust), "TANDEM_CELL": "main",
           "TANDEM_BUS": f"embedded:{data.bus}", "TANDEM_SMTP": "127.0.0.1:9", "TANDEM_PORTAL_URL": "http://127.0.0.1:9"}
    return subprocess.Popen([sys.executable, "-m", f"services.{service}.worker"], env=env)


def idle() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        data = DataFolder(Path(folder))
        fill(data)
        workers = [start(data, service) for service in SERVICES]
        try:
            time.sleep(SETTLE_S)  # what was left is read
            seen = [psutil.Process(worker.pid) for worker in workers]
            before = [sum(process.cpu_times()[:2]) for process in seen]
            time.sleep(LOOK_S)
            shares = [(sum(process.cpu_times()[:2]) - was) / LOOK_S * 100
                      for process, was in zip(seen, before, strict=True)]
            memory = max(process.memory_info().rss for process in seen) / 1024 / 1024
        finally:
            for worker in workers:
                worker.terminate()
                worker.wait(20)
    words = f"CPU of a core, {SCHOOLS} schools; {memory:.0f} MB at most"
    held = max(shares) < MOST_CPU and memory < MOST_MB
    return Figure("idle", None, min(shares), max(shares), 1, words,
                  f"< {MOST_CPU:.0f} %, < {MOST_MB:.0f} MB", held, max(shares), "%")

"""The embedded platform as an operator runs it: started, asked, killed, and started again with everything there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tandem.sample import write_sample
from tests.parts.postgres import free_port, wait_a_little

PATIENCE_S = 60


class Platform:
    """`tandem up` in a process of its own, and the operator's commands beside it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.env = {**os.environ, "TANDEM_DATA": str(folder / "data"), "PORT": str(free_port()),
                    "TANDEM_SAMPLE": "none"}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = self.folder / f"log-{time.monotonic_ns()}"
        with log.open("wb") as output:
            self.process = subprocess.Popen([sys.executable, "-m", "tandem", "up"], env=self.env, stdout=output,
                                            stderr=output, start_new_session=True)
        deadline = time.monotonic() + PATIENCE_S
        while "Look after it" not in log.read_text():
            assert self.process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            wait_a_little()

    def end(self, number: int) -> int:
        """Send a signal to the platform's own processes and wait until the first is gone."""
        assert self.process is not None
        if number == signal.SIGKILL:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        return self.process.wait(20)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "tandem", *arguments], env=self.env, capture_output=True,
                              text=True, check=False, timeout=120)

    def ask(self, *arguments: str) -> Any:
        done = self.run(*arguments, "--json")
        assert done.stdout, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    made = Platform(tmp_path)
    made.start()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.end(signal.SIGKILL)


def test_a_roster_comes_in_and_is_there_after_kill_9(platform: Platform, tmp_path: Path) -> None:
    file = tmp_path / "sample.zip"
    write_sample(file)
    refused = platform.run("roster", "import", str(file), "--json")
    assert refused.returncode == 1
    assert "Oakfield Infant School" in json.loads(refused.stdout)["refused"]
    done = platform.run("roster", "import", str(file), "--create-schools", "--json")
    assert done.returncode == 0, done.stderr
    assert sum(school["pupils"]["added"] for school in json.loads(done.stdout)["schools"]) >= 850
    platform.end(signal.SIGKILL)
    platform.start()
    rows = platform.ask("status")
    assert len(rows) == 12
    assert all(row["dead_letters"] == 0 for row in rows)
    again = platform.ask("roster", "import", str(file))
    assert all(school[kind]["added"] == 0 for school in again["schools"] for kind in ("pupils", "relationships"))


def test_it_stops_cleanly_on_ctrl_c(platform: Platform) -> None:
    assert platform.end(signal.SIGINT) == 0


def test_what_the_operator_gets_wrong_is_said_in_words(platform: Platform) -> None:
    platform.end(signal.SIGINT)
    done = platform.run("dead-letters", "list", "profiles", "nowhere")
    assert (done.returncode, "Nothing answers" in done.stderr, "Traceback" in done.stderr) == (1, True, False)

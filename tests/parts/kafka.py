"""A real Apache Kafka for tests: one node, started from Maven artifacts, on random loopback ports."""

from __future__ import annotations

import atexit
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.parts.postgres import PartMissing, free_port, wait_a_little

VERSION = "4.3.1"
CACHE = Path.home() / ".cache" / "tandem-test" / f"kafka-{VERSION}"
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>tandem</groupId><artifactId>broker</artifactId><version>1</version><dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{VERSION}</version></dependency>
<dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.1</version>
</dependency><dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId>
<version>2.25.1</version></dependency></dependencies></project>"""
LOGGING = """rootLogger.level=INFO
rootLogger.appenderRef.stdout.ref=STDOUT
appender.stdout.type=Console
appender.stdout.name=STDOUT
appender.stdout.layout.type=PatternLayout
appender.stdout.layout.pattern=%d %p %m (%c)%n
"""
JVM = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")


def artifacts() -> Path:
    """The folder of the broker's jars; fetched once and kept between runs."""
    if not shutil.which("java") or not shutil.which("mvn"):
        raise PartMissing("a real Kafka needs a JDK and Maven")
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (CACHE / "complete").exists():
            with tempfile.TemporaryDirectory() as folder:
                (Path(folder) / "pom.xml").write_text(POM)
                done = subprocess.run(
                    ["mvn", "-q", "-B", "-f", f"{folder}/pom.xml",
                     "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies",
                     "-DincludeScope=runtime", f"-DoutputDirectory={CACHE / 'lib'}"],
                    capture_output=True, timeout=500, check=False)
            if done.returncode:
                raise PartMissing(f"Maven could not fetch Kafka: {done.stdout.decode()[-300:]}")
            (CACHE / "complete").touch()
    return CACHE / "lib"


@dataclass
class Broker:
    """One broker that a test may stop, kill, pause and start again; its log stays between starts."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="tandem-kafka-")))
    port: int = field(default_factory=free_port)
    controller: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it takes requests."""
        fresh = not (self.folder / "server.properties").exists()
        if fresh:
            self._format()
        log = self.folder / f"log-{secrets.token_hex(4)}"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                self._java("kafka.Kafka", str(self.folder / "server.properties")), stdout=output, stderr=output)
        atexit.register(self.kill)
        deadline = time.monotonic() + 60
        while b"Kafka Server started" not in log.read_bytes():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise PartMissing(f"Kafka did not start: {log.read_text()[-400:]}")
            wait_a_little()

    def _java(self, *arguments: str) -> list[str]:
        return ["java", *JVM, f"-Dkafka.logs.dir={self.folder}", "-cp", f"{artifacts()}/*",
                f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}", *arguments]

    def _format(self) -> None:
        (self.folder / "log4j2.properties").write_text(LOGGING)
        listeners = f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self.controller}"
        settings = {
            "process.roles": "broker,controller", "node.id": "1", "listeners": listeners,
            "advertised.listeners": listeners, "controller.quorum.bootstrap.servers": f"127.0.0.1:{self.controller}",
            "controller.listener.names": "CONTROLLER", "inter.broker.listener.name": "PLAINTEXT",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "log.dirs": str(self.folder / "data"), "num.partitions": "1", "auto.create.topics.enable": "false",
            "offsets.topic.replication.factor": "1", "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1", "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1", "offsets.topic.num.partitions": "5",
            "transaction.state.log.num.partitions": "5", "log.cleaner.dedupe.buffer.size": "8388608",
            "num.network.threads": "2", "num.io.threads": "4", "log.index.size.max.bytes": "1048576",
            "group.initial.rebalance.delay.ms": "0", "group.min.session.timeout.ms": "1000",
        }
        properties = self.folder / "server.properties"
        properties.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        tool = "kafka.tools.StorageTool"
        made = subprocess.run(self._java(tool, "random-uuid"), capture_output=True, check=True)
        cluster = made.stdout.decode().strip().splitlines()[-1]
        done = subprocess.run(self._java(tool, "format", "--standalone", "-t", cluster, "-c", str(properties)),
                              capture_output=True, check=False)
        if done.returncode:
            raise PartMissing(f"Kafka's storage could not be formatted: {done.stderr.decode()[-300:]}")

    def _signal(self, number: int, wait_s: float | None) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            if wait_s is not None:
                try:
                    self._process.wait(wait_s)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait(5)

    def stop(self) -> None:
        self._signal(signal.SIGTERM, 20)

    def kill(self) -> None:
        self._signal(signal.SIGKILL, 5)

    def pause(self) -> None:
        self._signal(signal.SIGSTOP, None)

    def resume(self) -> None:
        self._signal(signal.SIGCONT, None)


def run_kafka() -> Iterator[str]:
    """The bootstrap servers of a broker for this process: KAFKA_BOOTSTRAP_SERVERS, or one of our own."""
    given = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if given:
        yield given
        return
    broker = Broker()
    try:
        broker.start()
        yield broker.bootstrap
    finally:
        broker.kill()
        shutil.rmtree(broker.folder, ignore_errors=True)

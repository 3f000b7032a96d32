"""What every test may use."""

from chassis.log import set_up_logging
from tests.parts.fixtures import chromium, kafka_server, postgres_server

set_up_logging("WARNING")

__all__ = ["chromium", "kafka_server", "postgres_server"]

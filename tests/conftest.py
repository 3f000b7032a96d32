"""What every test may use."""

from tests.parts.fixtures import kafka_server, postgres_server

__all__ = ["kafka_server", "postgres_server"]

"""What every test may use."""

from tests.parts.fixtures import postgres_server

__all__ = ["postgres_server"]

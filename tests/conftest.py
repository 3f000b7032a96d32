"""What every test may use."""

import pytest

from chassis.log import set_up_logging
from tests.parts.fixtures import chromium, kafka_server, postgres_server
from tests.parts.quick import keep_addresses, keep_statements, keep_templates, write_documents_late

LONGEST = ("test_in_chromium", "test_the_story", "test_an_evening", "test_killed", "test_stopped",
           "test_partnerships_states", "test_evening_model", "test_about_me_model")
keep_templates()
keep_addresses()
keep_statements()
write_documents_late()
set_up_logging("WARNING")

__all__ = ["chromium", "kafka_server", "postgres_server"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: where several work beside each other, nobody is left alone with one of them at the end."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)

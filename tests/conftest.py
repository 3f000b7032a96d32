"""What every test may use."""

from chassis.log import set_up_logging
from tests.parts.fixtures import chromium, kafka_server, postgres_server
from tests.parts.quick import keep_addresses, keep_templates, work_in_memory, write_documents_late

work_in_memory()
keep_templates()
keep_addresses()
write_documents_late()
set_up_logging("WARNING")

__all__ = ["chromium", "kafka_server", "postgres_server"]

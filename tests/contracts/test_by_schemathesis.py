"""Every operation tried by schemathesis against the running apps: no reply that the document does not describe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import CHECKS

from tests.isolation.world import OAKFIELD, live_a_day
from tests.journeys.house import Trust, open_trust

WANTED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
          "unsupported_method")
TRIES = hypothesis.settings(max_examples=8, deadline=None, derandomize=True, database=None,
                            suppress_health_check=list(hypothesis.HealthCheck))
# The trust's workers run meanwhile and draw random numbers, which Hypothesis would take for the strategy's.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the .random. module")


@pytest.fixture(scope="module")
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Trust, Any]]:
    for trust in open_trust(request, "embedded", tmp_path_factory.mktemp("schemathesis")):
        yield trust, live_a_day(trust)


@pytest.mark.parametrize("hat", ["office", "guardian", "operator"])
@pytest.mark.parametrize("service", ["profiles", "scheduling", "notifications"])
def test_every_reply_is_one_that_the_document_describes(lived: tuple[Trust, Any], service: str, hat: str) -> None:
    trust, ids = lived
    person, kind, roles = {"office": ("office", "staff", ("office",)), "guardian": (ids["guardian_id"], "guardian", ()),
                           "operator": ("it", "operator", ())}[hat]
    headers = trust.keys.header(person, kind, OAKFIELD, roles)
    schema = schemathesis.openapi.from_wsgi("/openapi.json", trust.clients[service].application)
    checks = [check for check in CHECKS.get_all() if check.__name__ in WANTED]
    for found in schema.get_all_operations():
        operation = found.ok()

        @TRIES
        @hypothesis.given(case=operation.as_strategy())
        def try_it(case: Any) -> None:
            case.path_parameters = {name: {"school": OAKFIELD, **ids}[name] for name in case.path_parameters or {}}
            case.call_and_validate(headers=headers, checks=checks)

        try_it()

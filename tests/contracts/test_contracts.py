"""The contracts are the truth: every schema is sound, every sample keeps it, and what profiles sends keeps it too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sqlalchemy as sa

from chassis.db import outbox
from tests.profiles.house import open_house

CONTRACTS = Path(__file__).parents[2] / "contracts" / "events"
SCHEMAS = sorted(path for path in CONTRACTS.glob("*/*.v*.json") if not path.name.endswith(".sample.json"))


def load(path: Path) -> Any:
    return json.loads(path.read_text())


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_schema_is_sound_and_its_sample_keeps_it(path: Path) -> None:
    schema, sample = load(path), load(path.with_suffix("").with_suffix("").parent / f"{path.stem}.sample.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(sample["data"], schema)
    assert sample["type"] == f"tandem.{path.parent.name}.{path.stem}"


def test_what_profiles_sends_keeps_its_contracts(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    update = {"kind": "sleep", "words": "Late.", "audience": "class", "until": "week"}
    shared = house.call("POST", "/pupils/p-sam/updates", "g-amira", update).json
    house.call("POST", f"/updates/{shared['id']}/acknowledge", "s-bell", {"reply": "Thanks."})
    house.call("POST", f"/updates/{shared['id']}/withdraw", "g-amira")
    house.call("POST", "/pupils/p-sam/praise", "s-bell", {"strength": "focus", "sentence": "Good."})
    house.call("POST", "/pupils/p-sam/guardians/g-karim/restrictions", "s-office", {"kind": "no contact"})
    with house.service.database.across_schools("test looks", write=False) as connection:
        rows = connection.execute(sa.select(outbox.c.headers, outbox.c.value)).all()
    seen = set()
    for row in rows:
        kind = dict(json.loads(row.headers))["ce_type"]
        name = kind.removeprefix("tandem.profiles.")
        jsonschema.validate(json.loads(row.value), load(CONTRACTS / "profiles" / f"{name}.json"))
        seen.add(name)
    house.service.database.close()
    assert {"update.shared.v1", "update.acknowledged.v1", "update.ended.v1", "praise.sent.v1", "rights.computed.v1",
            "rights.changed.v1", "heartbeat.sent.v1", "pupil.described.v1"} <= seen

"""What can be done: send good news home."""

from __future__ import annotations

from chassis.clock import new_id
from chassis.envelope import Fact
from chassis.unit_of_work import UnitOfWork
from services.profiles.people.events import state_version
from services.profiles.praise.models import Praise


def send_praise(uow: UnitOfWork, pupil_id: str, staff_id: str, strength: str, sentence: str) -> Praise:
    """Keep it, and announce it: every adult with the right to receive hears, each home separately."""
    praise = Praise(id=new_id(), pupil_id=pupil_id, staff_id=staff_id, strength=strength, sentence=sentence,
                    sent_at=uow.now)
    uow.add(praise)
    uow.record(Fact("tandem.profiles.praise.sent.v1", pupil_id, 1, {
        "praise_id": praise.id, "pupil_id": pupil_id, "staff_id": staff_id, "strength": strength},
        after=state_version(uow)))
    uow.flush()
    return praise

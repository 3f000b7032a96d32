"""The facts that are announced of the agreement: that there is a new one, and that somebody has agreed. No words."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.envelope import Fact
from chassis.unit_of_work import UnitOfWork
from services.profiles.agreements.models import AgreementAnswer
from services.profiles.people.events import state_version


def agreement_published(uow: UnitOfWork, agreement_id: str, pupil_ids: Sequence[str]) -> Fact:
    return Fact("tandem.profiles.agreement.published.v1", agreement_id, 1, {
        "agreement_id": agreement_id, "pupil_ids": list(pupil_ids), "to": "adults"}, after=state_version(uow))


def agreement_agreed(uow: UnitOfWork, answer: AgreementAnswer) -> Fact:
    return Fact("tandem.profiles.agreement.agreed.v1", answer.pupil_id, 1, {
        "agreement_id": answer.agreement_id, "pupil_id": answer.pupil_id, "voice": answer.voice},
        after=state_version(uow))

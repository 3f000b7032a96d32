"""What the portal asks of profiles about the home-school agreement: its text, and each one's own word on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from chassis.auth import Principal
from services.portal.clients.profiles import Person, Signature
from services.portal.clients.transport import Call, Transport


class Promises(TypedDict):
    """What each promises, line by line."""

    school: list[str]
    home: list[str]
    child: list[str]


class AgreementAnswer(TypedDict):
    answer: str
    words: str
    audience: str | None
    signature: Signature


class Agreement(Promises):
    """`mine` is the caller's own word; `answers` are those of others, as far as the caller may read them."""

    id: str
    number: int
    published_at: str
    mine: AgreementAnswer | None
    answers: list[AgreementAnswer]


class PupilAgreement(TypedDict):
    current: Agreement | None
    earlier: list[Agreement]


class AgreementDraft(Promises):
    number: int
    revision: int
    written_at: str


class SchoolAgreement(PupilAgreement):
    draft: AgreementDraft | None
    start: Promises


class PupilAgreed(TypedDict):
    pupil: Person
    adults: list[str]


class AgreementsClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def show_agreement(self, who: Principal, pupil_id: str) -> PupilAgreement:
        found: PupilAgreement = self._transport.send(Call("profiles", "GET", f"/pupils/{pupil_id}/agreement", who))
        return found

    def answer_agreement(self, who: Principal, pupil_id: str, body: Mapping[str, Any], key: str) -> PupilAgreement:
        found: PupilAgreement = self._transport.send(Call(
            "profiles", "POST", f"/pupils/{pupil_id}/agreement", who, json=dict(body), key=key))
        return found

    def show_school_agreement(self, who: Principal) -> SchoolAgreement:
        found: SchoolAgreement = self._transport.send(Call("profiles", "GET", "/agreement", who))
        return found

    def write_agreement(self, who: Principal, text: Mapping[str, list[str]], revision: str) -> SchoolAgreement:
        found: SchoolAgreement = self._transport.send(Call(
            "profiles", "PUT", "/agreement", who, json=dict(text), match=revision))
        return found

    def publish_agreement(self, who: Principal, revision: str) -> SchoolAgreement:
        found: SchoolAgreement = self._transport.send(Call(
            "profiles", "POST", "/agreement/publish", who, match=revision))
        return found

    def list_class_agreed(self, who: Principal, class_id: str) -> list[PupilAgreed]:
        found: list[PupilAgreed] = self._transport.send(
            Call("profiles", "GET", f"/classes/{class_id}/agreement", who))["items"]
        return found

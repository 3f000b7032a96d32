"""What the portal asks of profiles about consents: questions to every home, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from chassis.auth import Principal
from services.portal.clients.profiles import Person
from services.portal.clients.transport import Call, Transport


class Given(TypedDict):
    answer: str | None
    note: str
    answered_at: str | None


class AdultAnswer(Given):
    guardian: Person
    counts: bool
    earlier: list[Given]


class ConsentPupil(TypedDict):
    """For a parent the own answer; for staff the state, and for the office who said what."""

    pupil: Person
    answer: NotRequired[str | None]
    note: NotRequired[str]
    answered_at: NotRequired[str | None]
    state: NotRequired[str]
    adults: NotRequired[list[AdultAnswer]]


class Question(TypedDict):
    id: str
    title: str
    words: str
    closes_on: str
    is_open: bool


class Consent(Question):
    pupils: list[ConsentPupil]
    class_ids: NotRequired[list[str]]
    needs: NotRequired[str]
    asked_at: NotRequired[str]
    ended_at: NotRequired[str | None]


class ConsentsClient:
    """Each call is made as `who`, in the school that `who` names."""

    def __init__(self, transport: Transport):
        self._transport = transport

    def list_consents(self, who: Principal) -> list[Consent]:
        found: list[Consent] = self._transport.send(Call("profiles", "GET", "/consents", who))["items"]
        return found

    def show_consent(self, who: Principal, consent_id: str) -> Consent:
        found: Consent = self._transport.send(Call("profiles", "GET", f"/consents/{consent_id}", who))
        return found

    def ask_consent(self, who: Principal, wanted: Mapping[str, Any], key: str) -> Consent:
        found: Consent = self._transport.send(Call("profiles", "POST", "/consents", who, json=dict(wanted), key=key))
        return found

    def answer_consent(self, who: Principal, consent_id: str, pupil_id: str, answer: Mapping[str, str]) -> Consent:
        found: Consent = self._transport.send(Call(
            "profiles", "POST", f"/consents/{consent_id}/pupils/{pupil_id}/answer", who, json=dict(answer)))
        return found

    def end_consent(self, who: Principal, consent_id: str) -> Consent:
        found: Consent = self._transport.send(Call("profiles", "POST", f"/consents/{consent_id}/end", who))
        return found

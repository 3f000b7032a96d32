"""How the facts of profiles and scheduling are read here, by name, and what is announced here.

Fields that we do not know are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chassis.envelope import Event, Fact
from services.notifications.notices.rules import News, tells_guardian


@dataclass(frozen=True, slots=True)
class Telling:
    """One adult to be told one thing by one event."""

    event_id: str
    recipient_id: str
    recipient_hat: str
    pupil_id: str
    kind: str
    about_id: str
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same telling, however often its event comes."""
        return self.event_id, self.recipient_id, self.pupil_id


def read_shared(event: Event) -> list[Telling]:
    """update.shared: each named member of staff."""
    data = event.data
    told = {"kind": data.get("kind"), "until": data.get("until")}
    return [Telling(event.id, staff_id, "staff", data["pupil_id"], "update-shared", data["update_id"], told)
            for staff_id in dict.fromkeys(data["staff_ids"])]


def read_acknowledged(event: Event) -> Telling:
    data = event.data
    return Telling(event.id, data["guardian_id"], "guardian", data["pupil_id"], "update-acknowledged",
                   data["update_id"], {"staff_id": data.get("staff_id")})


def read_left(event: Event) -> list[Telling]:
    """pupil.left: staff who must know; nobody at home is told by us."""
    data = event.data
    return [Telling(event.id, staff_id, "staff", data["pupil_id"], "pupil-left", data["pupil_id"])
            for staff_id in dict.fromkeys(data.get("staff_ids") or ())]


def read_praise(event: Event, guardian_id: str) -> Telling:
    data = event.data
    return Telling(event.id, guardian_id, "guardian", data["pupil_id"], "praise", data["praise_id"],
                   {"strength": data.get("strength")})


def read_opened(event: Event, pupil_id: str, guardian_id: str) -> Telling:
    data = event.data
    return Telling(event.id, guardian_id, "guardian", pupil_id, "evening-opened", data["evening_id"],
                   {"on": data["on"], "respond_by": data.get("respond_by"), "way": data.get("way")})


def read_evening_cancelled(event: Event, adults: Mapping[str, Iterable[str]]) -> list[Telling]:
    """evening.cancelled: each adult of `adults` for each child, and once each member of staff who would sit there."""
    data = event.data
    told = {"on": data["on"]}
    about = ("evening-cancelled", data["evening_id"], told)
    return [*(Telling(event.id, one, "guardian", pupil_id, *about) for pupil_id in data["pupil_ids"]
              for one in adults.get(pupil_id, ())),
            *(Telling(event.id, one, "staff", "", *about) for one in dict.fromkeys(data["staff_ids"]))]


def read_evening_moved(event: Event, adults: Mapping[str, Iterable[str]]) -> list[Telling]:
    """evening.moved: each adult of `adults` for each child, and once each member of staff who sits there."""
    data = event.data
    told = {name: data[name] for name in ("on", "was_on", "starts_at", "ends_at", "respond_by")}
    about = ("evening-moved", data["evening_id"], told)
    return [*(Telling(event.id, one, "guardian", pupil_id, *about) for pupil_id in data["pupil_ids"]
              for one in adults.get(pupil_id, ())),
            *(Telling(event.id, one, "staff", "", *about) for one in dict.fromkeys(data["staff_ids"]))]


def read_appointment(event: Event, kind: str) -> list[Telling]:
    """appointment.booked, .moved and .cancelled: the guardian unless the cause forbids it, and the member of staff.

    Why it was cancelled is passed to nobody: it could give away what one adult must not learn of another. That a time
    was lost by a change at school is `again`: another day is offered.
    """
    data = event.data
    told = {name: data.get(name) for name in (
        "evening_id", "starts_at", "ends_at", "place", "sequence", "how")}
    if data.get("link"):
        told["link"] = data["link"]
    if data.get("cause") == "replanned":
        told["again"] = True
    common = (data["pupil_id"], kind, data["appointment_id"], told)
    tellings = [] if data.get("guardian_only") else [Telling(event.id, data["staff_id"], "staff", *common)]
    if data.get("guardian_id") and tells_guardian(data.get("cause", "")):
        tellings.append(Telling(event.id, data["guardian_id"], "guardian", *common))
    return tellings


def read_itinerary(event: Event) -> list[Telling]:
    """itinerary.planned: one adult, for each child the talks about that child: one letter tells them all together.

    Each child stands alone here, because the right to hear of one may end while that to hear of another stays.
    """
    data = event.data
    return [Telling(event.id, data["guardian_id"], "guardian", pupil_id, "itinerary-planned", data["evening_id"], {
        "on": data["on"], "talks": [{name: talk.get(name) for name in (
            "appointment_id", "starts_at", "ends_at", "how", "place", "room", "sequence", "link") if name in talk}
            for talk in data["talks"] if talk["pupil_id"] == pupil_id]}) for pupil_id in data["pupil_ids"]]


def read_published(event: Event) -> list[Telling]:
    """plan.published: once each member of staff who sees families that evening."""
    data = event.data
    return [Telling(event.id, staff_id, "staff", "", "plan-published", data["evening_id"], {"on": data["on"]})
            for staff_id in dict.fromkeys(data["staff_ids"])]


def read_alert(event: Event) -> list[Telling]:
    """alert.raised: each named member of staff; what it is about is looked up in the portal."""
    data = event.data
    return [Telling(event.id, staff_id, "staff", data["pupil_id"], f"alert-{data['kind']}"[:40], data["alert_id"])
            for staff_id in dict.fromkeys(data["staff_ids"])]


def read_asked(event: Event, pupil_id: str, guardian_id: str) -> Telling:
    data = event.data
    return Telling(event.id, guardian_id, "guardian", pupil_id, "consent-asked", data["consent_id"],
                   {"closes_on": data.get("closes_on")})


def pupils_of(event: Event) -> list[str]:
    """The children whom a fact is about: one, or as many as it names."""
    return list(dict.fromkeys(event.data.get("pupil_ids") or [event.data["pupil_id"]]))


def read_news(event: Event, kind: str, news: News, adults: Mapping[str, Iterable[str]]) -> list[Telling]:
    """Any fact of the partnership: the staff and guardians whom it names, or each adult of `adults`.

    Why something was called off is passed to nobody, and a guardian who lost the right to it is told nothing.
    """
    data = event.data
    staff = list(data.get("staff_ids") or _one(data, "staff_id", kind == "review-booked"))
    named = data.get("guardian_ids") or _one(data, "guardian_id", kind == "review-booked")
    told = {name: data.get(name) for name in news.keeps}
    tellings = []
    for pupil_id in pupils_of(event):
        guardians = adults.get(pupil_id, ()) if data.get("to") == "adults" else named
        if not news.rights or not tells_guardian(data.get("cause") or ""):
            guardians = ()
        people = [*((one, "staff") for one in staff), *((one, "guardian") for one in guardians)]
        tellings += [Telling(event.id, one, hat, pupil_id, kind, data.get(news.about) or pupil_id, told)
                     for one, hat in dict.fromkeys(people)]
    return tellings


def _one(data: Mapping[str, Any], name: str, is_theirs: bool) -> list[str]:
    """The one adult whom a booking is of; elsewhere such a field says who did it, and who did it is not told."""
    return [data[name]] if is_theirs and data.get(name) else []


def read_called(event: Event) -> list[Telling]:
    """colleague.called: each named member of staff. Who is at the door is for reception to say."""
    data = event.data
    return [Telling(event.id, staff_id, "staff", data["pupil_id"], "colleague-called", data["call_id"])
            for staff_id in dict.fromkeys(data["staff_ids"])]


def notice_withdrawn(notice: Any, cause: str) -> Fact:
    """One adult is no longer told one thing."""
    return Fact("tandem.notifications.notice.withdrawn.v1", notice.id, 1, {
        "notice_id": notice.id, "recipient_id": notice.recipient_id, "pupil_id": notice.pupil_id, "kind": notice.kind,
        "cause": cause})


def notice_resent(notice: Any, staff_id: str) -> Fact:
    """The school has decided that what was taken back is to be told after all."""
    return Fact("tandem.notifications.notice.resent.v1", notice.id, 1, {
        "notice_id": notice.id, "recipient_id": notice.recipient_id, "pupil_id": notice.pupil_id, "kind": notice.kind,
        "staff_id": staff_id})

"""What is written in the forms of wishes, read and shown. Pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

STEP_MINUTES = 15
NOT_ROWS = 3
MOST_RANKS, MOST_TALK = 12, 500
# Why an answer cannot be read, by a key for which the pages have words.
WHETHER, TWICE, TOO_LONG, ORDER, BOTH, NUMBER = "whether", "twice", "too-long", "order", "both", "number"


def list_clocks(start: str, end: str) -> list[str]:
    """The times of an evening to choose from, HH:MM; its start and end too."""
    first, last = (int(at[:2]) * 60 + int(at[3:]) for at in (start, end))
    inner = range(first - first % STEP_MINUTES + STEP_MINUTES, last, STEP_MINUTES)
    return [f"{at // 60:02d}:{at % 60:02d}" for at in (first, *inner, last)]


def list_ranks(child: Mapping[str, Any]) -> range:
    """The places that a child's teachers may be given."""
    return range(1, min(len(child["teachers"]), MOST_RANKS) + 1)


def show_answers(form: Mapping[str, Any]) -> dict[str, str]:
    """What a form holds, as its page shows it. A child's only teacher is the first wish until somebody says no."""
    answers = {"comes": form["comes"] or "", "earliest": form["earliest"] or "", "latest": form["latest"] or "",
               "how": form["how"], "call_on": form["call_on"], "version": str(form["version"])}
    for row, one in enumerate(form["not_times"]):
        answers |= {f"not-from-{row}": one["from"], f"not-to-{row}": one["to"]}
    for child in form["children"]:
        for rank, wish in enumerate(child["wishes"], 1):
            key = f"{child['id']}-{wish['staff_id']}"
            answers |= {f"rank-{key}": str(rank), f"talk-{key}": wish["talk_about"]}
        if not child["is_answered"] and len(child["teachers"]) == 1:
            answers.setdefault(f"rank-{child['id']}-{child['teachers'][0]['id']}", "1")
    return answers


def read_answers(answers: Mapping[str, str], form: Mapping[str, Any],
                 needs: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What is sent to school, and what cannot be read: a key of why by the field where it is."""
    faults: dict[str, str] = {}
    comes = answers.get("comes", "")
    if comes not in ("yes", "cannot"):
        faults["comes"] = WHETHER
    children = [{"pupil_id": child["id"], "wishes": _read_child(child, answers, faults)} for child in form["children"]]
    earliest, latest = answers.get("earliest", ""), answers.get("latest", "")
    body = {"comes": comes, "children": children, "elsewhere": [], "needs": [one for one in needs if one],
            "earliest": earliest or None, "latest": latest or None,
            "not_times": _read_not_times(answers, faults if comes == "yes" else {}),
            "how": answers.get("how") or form["how"], "call_on": answers.get("call_on", "").strip()}
    if comes == "yes":
        if earliest and latest and earliest >= latest:
            faults["latest"] = ORDER
        if body["how"] == "phone" and not body["call_on"]:
            faults["call_on"] = NUMBER
    return body, faults


def _read_child(child: Mapping[str, Any], answers: Mapping[str, str], faults: dict[str, str]) -> list[dict[str, str]]:
    """The teachers who have a place, in the order of their places."""
    chosen: dict[str, dict[str, str]] = {}
    for teacher in child["teachers"]:
        key = f"{child['id']}-{teacher['id']}"
        rank, talk = answers.get(f"rank-{key}", ""), answers.get(f"talk-{key}", "").strip()
        if len(talk) > MOST_TALK:
            faults[f"talk-{key}"] = TOO_LONG
        if rank not in {str(one) for one in list_ranks(child)}:
            continue
        if rank in chosen:
            faults[f"rank-{key}"] = TWICE
        chosen[rank] = {"staff_id": teacher["id"], "talk_about": talk}
    return [chosen[rank] for rank in sorted(chosen, key=int)]


def _read_not_times(answers: Mapping[str, str], faults: dict[str, str]) -> list[dict[str, str]]:
    found = []
    for row in range(NOT_ROWS):
        start, end = answers.get(f"not-from-{row}", ""), answers.get(f"not-to-{row}", "")
        if bool(start) != bool(end):
            faults[f"not-to-{row}" if start else f"not-from-{row}"] = BOTH
        elif start and start >= end:
            faults[f"not-to-{row}"] = ORDER
        elif start:
            found.append({"from": start, "to": end})
    return found


def field_of(pointer: str, body: Mapping[str, Any]) -> str:
    """Where on the page the service's words about this part of the body belong."""
    name, *rest = pointer.strip("/").split("/")
    if name == "not_times":
        return f"not-from-{rest[0]}" if rest else "not-from-0"
    if name == "children" and len(rest) > 2:
        child = body["children"][int(rest[0])]
        return f"rank-{child['pupil_id']}-{child['wishes'][int(rest[2])]['staff_id']}"
    return name if name in ("comes", "earliest", "latest", "how", "call_on", "needs") else "comes"


def list_same_day(appointments: Sequence[Mapping[str, Any]], evening: Mapping[str, Any],
                  site: str) -> list[dict[str, str]]:
    """Where an adult is at another school around an evening. Instants of services are alike: all UTC, ISO."""
    day = str(evening["on"])
    return [{"starts_at": one["starts_at"], "ends_at": one["ends_at"], "site": site[:60]} for one in appointments
            if one["starts_at"][:10] == day]

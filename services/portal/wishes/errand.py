"""For whom a form of wishes is written, and where its pages are."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.auth import Principal


@dataclass(frozen=True, slots=True)
class Errand:
    """A parent's own form, or that of an adult for whom the office writes."""

    who: Principal
    evening_id: str
    guardian_id: str | None = None

    @property
    def base(self) -> str:
        if self.guardian_id:
            return f"/office/evenings/{self.evening_id}/wishes/{self.guardian_id}"
        return f"/evenings/{self.evening_id}/wishes"

    @property
    def back(self) -> str:
        return f"/office/evenings/{self.evening_id}/wishes" if self.guardian_id else "/"

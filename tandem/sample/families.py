"""Homes of the sample trust: siblings across schools, two homes, carers, grandparents, and a few hard cases."""

import random
import unicodedata
from collections.abc import Sequence

from tandem.sample import names
from tandem.sample.people import Link, Person, Trust
from tandem.sample.rows import drama_phone, upn

HARD_CASES = {40: "restricted", 150: "restricted", 260: "restricted", 70: "unknown", 180: "unknown", 300: "unknown"}
FOSTER_FAMILY = 25
STAFF_FAMILIES = range(100, 112)
ROSTER_ROLE = {"parent": "parent", "grandparent": "relative", "relative": "relative"}


class Homes:
    """Fills the free places of the schools, one family after the other."""

    def __init__(self, trust: Trust, rng: random.Random, places: dict[str, list[tuple[str, str]]]) -> None:
        self._trust = trust
        self._rng = rng
        self._places = places
        self._emails = {person.email for person in trust.people.values()}
        self._number = 0

    def fill(self, staff: Sequence[Person]) -> None:
        staff_parents = iter(staff[5::4])
        family = 0
        while any(self._places.values()):
            family += 1
            parent = next(staff_parents, None) if family in STAFF_FAMILIES else None
            self._add_family(family, parent)

    def _add_family(self, number: int, staff_parent: Person | None) -> None:
        rng = self._rng
        language = rng.choice(names.LANGUAGES)
        surname = staff_parent.family if staff_parent else rng.choice(names.family(language))
        children = self._children(language, surname, rng.choices((1, 2, 3), (56, 34, 10))[0])
        if number == FOSTER_FAMILY:
            self._foster(children, language)
        else:
            self._parents(number, children, (language, surname), staff_parent)

    def _children(self, language: str, surname: str, count: int) -> list[Person]:
        children = []
        for given in self._rng.sample(names.given(language), count):
            free = [school for school, places in self._places.items() if places]
            if not free:
                break
            school = self._rng.choices(free, [len(self._places[name]) for name in free])[0]
            class_id, year = self._places[school].pop()
            self._number += 1
            child = Person(f"p-{self._number:05d}", given, surname, year=year, upn=upn(self._number), school=school)
            children.append(self._trust.add(child))
            self._trust.hold(child.id, "student", school)
            self._trust.enrolments.append((class_id, school, child.id, "student"))
        return children

    def _adult(self, language: str, surname: str) -> Person:
        rng = self._rng
        given = rng.choice(names.given(language))
        speaks = language if language == "en" or rng.random() < 0.6 else "en"
        voice = speaks != "en" and rng.random() < 0.2
        self._number += 1
        email = self._email(given, surname) if rng.random() < 0.93 else ""
        person = Person(f"g-{self._number:05d}", given, surname, email, drama_phone(rng.randrange(1000)), speaks, voice)
        return self._trust.add(person)

    def _email(self, given: str, surname: str) -> str:
        plain = unicodedata.normalize("NFKD", f"{given}.{surname}").encode("ascii", "ignore").decode().lower()
        email = f"{plain}@families.example"
        if email in self._emails:
            email = f"{plain}{self._number}@families.example"
        self._emails.add(email)
        return email

    def _parents(self, number: int, children: list[Person], home: tuple[str, str], staff_parent: Person | None) -> None:
        rng = self._rng
        language, surname = home
        shape = rng.choices(("together", "two homes", "one parent"), (66, 22, 12))[0]
        restriction = HARD_CASES.get(number, "none")
        if restriction != "none":
            shape = "two homes"
        apart = shape == "two homes"
        shared = apart and restriction == "none" and rng.random() < 0.6
        first = staff_parent or self._adult(language, surname)
        self._relate(children, first, ("parent", "yes"), ("none", "shared" if shared else "yes", 1))
        if shape != "one parent":
            other_name = rng.choice(names.family(language)) if apart else surname
            second = self._adult(language, other_name)
            responsibility = rng.choices(("yes", "no", "unknown"), (90, 6, 4))[0] if apart else "yes"
            lives = "shared" if shared else "no" if apart else "yes"
            self._relate(children, second, ("parent", responsibility), (restriction, lives, 2))
        self._others(children, (language, surname), apart)

    def _others(self, children: list[Person], home: tuple[str, str], apart: bool) -> None:
        draw = self._rng.random()
        if draw < 0.10:
            self._relate(children, self._adult(*home), ("grandparent", "no"), ("none", "no", 3))
        elif draw < 0.17 and apart:
            self._relate(children, self._adult(*home), ("step-parent", "no"), ("none", "yes", 3))
        elif draw > 0.93:
            self._relate(children, self._adult(*home), ("emergency contact", "no"), ("none", "no", 4))

    def _foster(self, children: list[Person], language: str) -> None:
        """A looked-after child: the authority shares responsibility, the carer has the care."""
        carer = self._adult("en", "Whitlock")
        worker = self._adult("en", "Ashworth")
        parent = self._adult(language, children[0].family)
        self._relate(children, carer, ("foster carer", "no"), ("none", "yes", 1))
        self._relate(children, worker, ("social worker", "yes"), ("none", "no", 2))
        self._relate(children, parent, ("parent", "yes"), ("unknown", "no", 3))

    def _relate(
        self, children: list[Person], adult: Person, standing: tuple[str, str], facts: tuple[str, str, int]
    ) -> None:
        kind, responsibility = standing
        restriction, lives_with, priority = facts
        for child in children:
            self._trust.relate(Link(child.id, adult.id, kind, responsibility, restriction, lives_with, priority))
            # A member of staff who is also a parent wears a second hat; they are not a second person.
            role_type = "secondary" if adult.school else "primary"
            self._trust.hold(adult.id, ROSTER_ROLE.get(kind, "guardian"), child.school, role_type)

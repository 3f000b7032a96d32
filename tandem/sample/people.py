"""The people of the sample trust, as plain records."""

from dataclasses import dataclass, field

from tandem.sample.rows import Row


@dataclass(frozen=True, slots=True)
class School:
    """A school of the trust and the years and classes that it teaches."""

    id: str
    name: str
    identifier: str
    domain: str
    years: tuple[int, ...]
    classes_per_year: int
    pupils: int


@dataclass(slots=True)
class Person:
    """Anyone: pupil, guardian, staff, or two of them at once."""

    id: str
    given: str
    family: str
    email: str = ""
    phone: str = ""
    language: str = ""
    prefers_voice: bool = False
    year: str = ""
    upn: str = ""
    school: str = ""
    agents: list[str] = field(default_factory=list)

    def row(self) -> Row:
        blank = ""
        name = (self.given, self.family, blank, blank)
        reach = (self.email, self.phone, blank, ",".join(self.agents), self.year, blank)
        ours = (self.upn, self.language, "true" if self.prefers_voice else blank)
        start = (self.id, blank, blank, "true", self.id, blank)
        return (*start, *name, *reach, blank, blank, blank, blank, self.school, blank, *ours)


@dataclass(frozen=True, slots=True)
class Link:
    """What is true of a pupil and an adult."""

    pupil: str
    adult: str
    kind: str
    responsibility: str
    restriction: str = "none"
    lives_with: str = "yes"
    priority: int = 1

    def row(self) -> Row:
        facts = (self.responsibility, self.restriction, self.lives_with, self.priority)
        return (self.pupil, self.adult, self.kind, *facts)


@dataclass(slots=True)
class Trust:
    """Everything that goes into the zip."""

    schools: tuple[School, ...]
    people: dict[str, Person] = field(default_factory=dict)
    roles: list[tuple[str, str, str, str]] = field(default_factory=list)
    classes: list[tuple[str, str, str, str]] = field(default_factory=list)
    enrolments: list[tuple[str, str, str, str]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def add(self, person: Person) -> Person:
        self.people[person.id] = person
        return person

    def hold(self, person: str, role: str, school: str, role_type: str = "primary") -> None:
        entry = (person, role_type, role, school)
        if entry not in self.roles[-6:]:
            self.roles.append(entry)

    def relate(self, link: Link) -> None:
        self.links.append(link)
        self.people[link.pupil].agents.append(link.adult)

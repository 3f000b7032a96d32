"""Brook Learning Trust: three schools, about nine hundred pupils, and the homes they come from."""

import random
import unicodedata
from dataclasses import replace

from tandem.sample import names
from tandem.sample.families import Homes
from tandem.sample.people import Link, Person, School, Trust
from tandem.sample.rows import drama_phone, upn

TRUST_ID = "brook"
TRUST_NAME = "Brook Learning Trust"
OAKFIELD = School("oakfield", "Oakfield Infant School", "999001", "oakfield.example", (0, 1, 2), 2, 180)
ST_BRIGIDS = School("st-brigids", "St Brigid's Primary School", "999002", "st-brigids.example", tuple(range(7)), 2, 360)
BIRCHWOOD = School("birchwood", "Birchwood High School", "999003", "birchwood.example", tuple(range(7, 12)), 3, 360)
SCHOOLS = (OAKFIELD, ST_BRIGIDS, BIRCHWOOD)
MAPLE = "oakfield-y2-maple"
# The three who lead each school: role in the roster, and how the id of each begins.
LEADERS = (("principal", "head"), ("siteAdministrator", "office"), ("ext:safeguardingLead", "safeguarding"))
SENCO = "ext:senco"
KNOWN_STAFF = {
    ("oakfield", "office"): ("Joan", "Price", "office@oakfield.example"),
    ("oakfield", "head"): ("Miriam", "Cole", "head@oakfield.example"),
    ("oakfield", "safeguarding"): ("Peter", "Lowe", "safeguarding@oakfield.example"),
    ("oakfield", "oakfield-y2-maple"): ("Grace", "Bell", "grace.bell@oakfield.example"),
}


def year_name(year: int) -> str:
    return f"Year {year}" if year else "Reception"


def build_trust(seed: int) -> Trust:
    """The same people for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - sample people, no secrets
    trust = Trust(SCHOOLS)
    for school in SCHOOLS:
        _add_classes(trust, school)
    staff = [person for school in SCHOOLS for person in _add_staff(trust, school, rng)]
    _add_haddads(trust)
    places = {school.id: _places(trust, school, rng) for school in SCHOOLS}
    Homes(trust, rng, places).fill(staff)
    for person in staff:
        person.phone = drama_phone(rng.randrange(1000))
    return trust


def _add_classes(trust: Trust, school: School) -> None:
    for year in school.years:
        for number in range(school.classes_per_year):
            if school is BIRCHWOOD:
                title = f"{year}{'ABC'[number]}"
            elif school is OAKFIELD:
                title = (("Hazel", "Willow"), ("Rowan", "Cherry"), ("Maple", "Beech"))[year][number]
            else:
                title = f"{year_name(year)} {names.CLASS_NAMES[(2 * year + number) % len(names.CLASS_NAMES)]}"
            word = title.lower().split()[-1]
            trust.classes.append((f"{school.id}-y{year}-{word}", title, school.id, year_name(year)))


def _add_staff(trust: Trust, school: School, rng: random.Random) -> list[Person]:
    made = []
    for role, place in LEADERS:
        made.append(_staff_member(trust, school, place, rng))
        trust.hold(made[-1].id, role, school.id)
    for class_id in [row[0] for row in trust.classes if row[2] == school.id]:
        teacher = _staff_member(trust, school, class_id, rng)
        trust.hold(teacher.id, "teacher", school.id)
        trust.enrolments.append((class_id, school.id, teacher.id, "teacher"))
        made.append(teacher)
    # A SENCO is a qualified teacher: the one of each school's second class is it too.
    trust.hold(made[len(LEADERS) + 1].id, SENCO, school.id, "secondary")
    for number in range(4):
        aide = _staff_member(trust, school, f"aide{number}", rng)
        trust.hold(aide.id, "aide", school.id)
        made.append(aide)
    return made


def _staff_member(trust: Trust, school: School, place: str, rng: random.Random) -> Person:
    language = rng.choice(names.LANGUAGES)
    given, family = rng.choice(names.given(language)), rng.choice(names.family(language))
    email = f"{ascii_word(given)}.{ascii_word(family)}@{school.domain}"
    if place in ("head", "office", "safeguarding"):
        email = f"{place}@{school.domain}"
    given, family, email = KNOWN_STAFF.get((school.id, place), (given, family, email))
    if any(person.email == email for person in trust.people.values()):
        email = email.replace("@", f"{len(trust.people)}@")
    return trust.add(Person(f"s-{school.id}-{len(trust.people):03d}", given, family, email, school=school.id))


def ascii_word(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", "").replace("'", "")


def _add_haddads(trust: Trust) -> None:
    """The family that the guide and the sign-in links know: two children in two schools, parents in two homes."""
    amira = Person("g-amira-haddad", "Amira", "Haddad", "amira.haddad@families.example", drama_phone(101), "ar")
    karim = Person("g-karim-haddad", "Karim", "Haddad", "karim.haddad@families.example", drama_phone(102), "en")
    sam = Person("p-sam-haddad", "Sam", "Haddad", year=year_name(2), upn=upn(990_001), school="oakfield")
    nadia = Person("p-nadia-haddad", "Nadia", "Haddad", year=year_name(8), upn=upn(990_002), school="birchwood")
    for person in (amira, karim, sam, nadia):
        trust.add(person)
    for child, class_id in ((sam, MAPLE), (nadia, "birchwood-y8-8a")):
        trust.hold(child.id, "student", child.school)
        trust.enrolments.append((class_id, child.school, child.id, "student"))
        link = Link(child.id, amira.id, "parent", "yes", lives_with="shared", priority=1)
        trust.relate(link)
        trust.relate(replace(link, adult=karim.id, priority=2))
        for adult in (amira, karim):
            trust.hold(adult.id, "parent", child.school)


def _places(trust: Trust, school: School, rng: random.Random) -> list[tuple[str, str]]:
    """(class, year) of every place that is still free, in a mixed order."""
    classes = [row for row in trust.classes if row[2] == school.id]
    places = [(classes[n % len(classes)][0], classes[n % len(classes)][3]) for n in range(school.pupils)]
    for class_id, _school, _person, role in trust.enrolments:
        taken = next((place for place in places if place[0] == class_id and role == "student"), None)
        if taken:
            places.remove(taken)
    rng.shuffle(places)
    return places

"""OneRoster 1.2.1 files: their columns, and a zip that comes out the same byte for byte every time."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

Row = tuple[object, ...]

HEADERS = {
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "courses": "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,"
    "subjectCodes",
    "classes": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "enrollments": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
    "beginDate,endDate",
    "users": "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,"
    "identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,"
    "preferredFamilyName,primaryOrgSourcedId,pronouns,metadata.upn,metadata.language,metadata.prefersVoice",
    "roles": "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
    "userProfileSourcedId",
    "relationships": "userSourcedId,relationshipUserSourcedId,relationshipRole,metadata.parentalResponsibility,"
    "metadata.contactRestriction,metadata.livesWith,metadata.priority",
}
NOT_SENT = ("categories", "classResources", "courseResources", "demographics", "lineItems", "resources", "results")
FIXED_TIME = (2020, 1, 1, 0, 0, 0)
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def upn(number: int) -> str:
    """A UPN with the right check letter; authority 000 does not exist, so it is nobody's."""
    rest = f"000{4000 + number // 1000:04d}20{number % 1000:03d}"
    total = sum(weight * int(digit) for weight, digit in zip(range(2, 14), rest, strict=True))
    return UPN_LETTERS[total % 23] + rest


def drama_phone(number: int) -> str:
    """Ofcom keeps 07700 900000 to 900999 for drama: they ring nowhere."""
    return f"07700 900{number % 1000:03d}"


def manifest() -> Iterator[Row]:
    yield ("manifest.version", "1.0")
    yield ("oneroster.version", "1.2")
    for name in sorted((*HEADERS, *NOT_SENT)):
        yield (f"file.{name}", "bulk" if name in HEADERS else "absent")
    yield ("source.systemName", "Tandem sample")
    yield ("source.systemCode", "tandem-sample")


class RosterZip:
    """Writes one file after the other, each row as it comes."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def __enter__(self) -> "RosterZip":
        self.write("manifest", "propertyName,value", manifest())
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    def add(self, name: str, rows: Iterable[Row]) -> None:
        self.write(name, HEADERS[name], rows)

    def write(self, name: str, header: str, rows: Iterable[Row]) -> None:
        # A fixed time and mode: else the same seed would give other bytes each second and on each system.
        entry = zipfile.ZipInfo(f"{name}.csv", FIXED_TIME)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3
        entry.external_attr = 0o644 << 16
        with (
            self._zip.open(entry, "w", force_zip64=True) as raw,
            io.TextIOWrapper(raw, encoding="utf-8", newline="") as text,
        ):
            text.write(header + "\r\n")
            csv.writer(text).writerows(rows)

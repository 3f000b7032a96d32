"""A file that cannot be trusted is refused in plain words, never with a traceback."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from services.profiles.roster.reading import ReadingOptions, Refused, stage

MANIFEST = "propertyName,value\noneroster.version,1.2\n"
USERS = "sourcedId,givenName,familyName\n" + "".join(f"p{number},Pia,One\n" for number in range(1, 6))
FILES = {
    "orgs": "sourcedId,name,type\nA,School A,school\n",
    "users": USERS,
    "roles": "userSourcedId,role,orgSourcedId\n" + "".join(f"p{number},student,A\n" for number in range(1, 6)),
    "enrollments": "classSourcedId,userSourcedId,role\n",
}


def packed(files: Mapping[str, str | bytes]) -> io.BytesIO:
    lines = "".join(f"file.{name},bulk\n" for name in files if name in FILES)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"manifest": MANIFEST + lines, **files}.items():
            archive.writestr(name if "." in name else f"{name}.csv", text)
    held.seek(0)
    return held


def refusal(source: io.BytesIO | Path, options: ReadingOptions | None = None) -> str:
    with pytest.raises(Refused) as caught:
        stage(source, options)
    return caught.value.reason


def test_a_truncated_zip_is_refused() -> None:
    whole = packed(FILES).getvalue()
    assert "cut short" in refusal(io.BytesIO(whole[: len(whole) // 2]))


def test_a_zip_with_damaged_bytes_is_refused() -> None:
    whole = bytearray(packed(FILES).getvalue())
    at = whole.index(b"users.csv") + 40
    whole[at : at + 20] = bytes(20)
    assert "users.csv cannot be read" in refusal(io.BytesIO(bytes(whole)))


def test_a_bomb_is_refused_by_ratio_and_by_size() -> None:
    bomb = packed({**FILES, "users": USERS + "\n" * 3_000_000})
    assert "times its size" in refusal(bomb)
    assert "larger than" in refusal(
        packed({**FILES, "users": USERS + "\n" * 3_000_000}), ReadingOptions(max_unpacked=1024**2)
    )


@pytest.mark.parametrize(
    "name", ["../users.csv", "/etc/users.csv", "a\\..\\users.csv", "C:users.csv", "a/../../users.csv"]
)
def test_a_zip_with_path_tricks_is_refused(name: str) -> None:
    assert "outside itself" in refusal(packed({**FILES, name: "x"}))


def test_a_symbolic_link_in_a_zip_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        entry = zipfile.ZipInfo("users.csv")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    assert "outside itself" in refusal(held)


def test_an_encrypted_zip_is_refused() -> None:
    whole = bytearray(packed(FILES).getvalue())
    at = whole.index(b"PK\x01\x02")
    whole[at + 8] |= 1
    assert "password" in refusal(io.BytesIO(bytes(whole)))


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("cp1252", "users.csv line 7 is not UTF-8 (it looks like Windows-1252"), ("utf-16", "UTF-16")],
)
def test_a_wrong_encoding_is_named_with_its_line(encoding: str, told: str) -> None:
    assert told in refusal(packed({**FILES, "users": (USERS + "g9,Zoë,Brontë\n").encode(encoding)}))


@pytest.mark.parametrize("missing", ["orgs", "users", "roles"])
def test_a_missing_file_is_named(missing: str) -> None:
    files = {name: text for name, text in FILES.items() if name != missing}
    assert f"{missing}.csv is missing" in refusal(packed(files))


def test_a_file_that_the_manifest_promises_but_the_zip_lacks_is_named() -> None:
    manifest = MANIFEST + "file.enrollments,bulk\n"
    files = {name: text for name, text in FILES.items() if name != "enrollments"}
    assert "promises enrollments.csv" in refusal(packed({**files, "manifest": manifest}))


def test_a_missing_column_is_named() -> None:
    assert "no column familyName" in refusal(packed({**FILES, "users": "sourcedId,givenName\np1,Pia\n"}))


def test_a_column_that_stands_twice_is_refused_rather_than_chosen() -> None:
    assert "two columns" in refusal(packed({**FILES, "users": "sourcedId,givenName,familyName,familyName\np,a,b,c\n"}))


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\xd0\xcf\x11\xe0rest of a workbook", b"\x00" * 4000, b'school,"never closed\n' * 9000]
)
def test_anything_that_is_not_a_roster_is_refused_in_plain_words(content: bytes) -> None:
    assert refusal(io.BytesIO(content))


def test_a_path_that_does_not_exist_is_refused_in_plain_words(tmp_path: Path) -> None:
    assert "cannot be opened" in refusal(tmp_path / "absent.zip")


def test_a_zip_of_other_files_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("photo.txt", "x")
    assert "no roster" in refusal(held)


def test_a_refused_file_leaves_nothing_behind(tmp_path: Path) -> None:
    refusal(packed({**FILES, "users": "sourcedId\n"}), ReadingOptions(temp_dir=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_row_that_never_ends_is_refused_before_it_fills_the_memory() -> None:
    endless = USERS + '"a\n",' * 2_000_000
    assert "far too long" in refusal(packed({**FILES, "users": endless}), ReadingOptions(max_ratio=10_000))

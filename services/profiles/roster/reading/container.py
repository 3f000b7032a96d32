"""Opens what was handed in - a zip, a folder or one CSV - and turns away what is not safe to open."""

import io
import os
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from services.profiles.roster.reading.shapes import ReadingOptions, Refused

READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError)
"""Everything that a damaged file may raise while it is read."""

RATIO_MATTERS_FROM = 1024**2
DAMAGED = "The zip is damaged or was cut short in transfer. Export it again, or upload it again."


@dataclass(frozen=True, slots=True)
class Member:
    """One CSV file, to be opened when its turn comes."""

    name: str
    open: Callable[[], IO[bytes]]


@dataclass(slots=True)
class Container:
    """The CSV files by lower-case name; `single` where one CSV was handed in by itself."""

    members: dict[str, Member]
    single: Member | None
    held: ExitStack

    def close(self) -> None:
        self.held.close()


def open_container(source: BinaryIO | Path, options: ReadingOptions) -> Container:
    """Raises Refused with plain words where the source is not safe or not a roster at all."""
    held = ExitStack()
    try:
        if isinstance(source, Path) and source.is_dir():
            return Container(_folder(source, options), None, held)
        stream, name = _stream(source, options, held)
        return _from_stream(stream, name, options, held)
    except READ_ERRORS as error:
        held.close()
        raise Refused("The file cannot be opened. Check that it exists, may be read and is whole.") from error
    except Refused:
        held.close()
        raise


def _stream(source: BinaryIO | Path, options: ReadingOptions, held: ExitStack) -> tuple[BinaryIO, str]:
    if isinstance(source, Path):
        return cast(BinaryIO, held.enter_context(source.open("rb"))), source.name
    name = Path(str(getattr(source, "name", "") or "roster.csv")).name
    if source.seekable():
        return source, name
    temporary = tempfile.TemporaryFile(dir=options.temp_dir)  # noqa: SIM115 - the exit stack closes it
    kept = cast(BinaryIO, held.enter_context(temporary))
    while block := source.read(1024**2):
        kept.write(block)
        if kept.tell() > options.max_unpacked:
            raise Refused(_too_large(options))
    return kept, name


def _from_stream(stream: BinaryIO, name: str, options: ReadingOptions, held: ExitStack) -> Container:
    stream.seek(0, os.SEEK_END)
    size = stream.tell()
    stream.seek(0)
    start = stream.read(8)
    stream.seek(0)
    if size == 0:
        raise Refused("The file is empty. Export the roster again.")
    if size > options.max_unpacked:
        raise Refused(_too_large(options))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("This is an Excel workbook. Save it as 'CSV UTF-8' and hand in that file.")
    if not start.startswith(b"PK"):
        member = Member(name, lambda: _again(stream))
        return Container({name.lower(): member}, member, held)
    try:
        archive = held.enter_context(zipfile.ZipFile(stream))
    except READ_ERRORS as error:
        raise Refused(DAMAGED) from error
    return Container(_archive(archive, options), None, held)


def _again(stream: BinaryIO) -> IO[bytes]:
    """The stream from its start, in a shell whose closing leaves the caller's stream open."""
    stream.seek(0)
    return cast(IO[bytes], _Shell(stream))


class _Shell(io.RawIOBase):
    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        block = self._inner.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)


def _too_large(options: ReadingOptions) -> str:
    return (
        f"Unpacked, the file is larger than {options.max_unpacked // 1024**2} MiB, the most that is read. "
        "Export fewer schools at a time."
    )


def _archive(archive: zipfile.ZipFile, options: ReadingOptions) -> dict[str, Member]:
    entries = archive.infolist()
    if len(entries) > options.max_entries:
        raise Refused(f"The zip holds {len(entries)} files; a roster has a dozen. Export the roster by itself.")
    if any(entry.filename.lower().startswith("xl/") for entry in entries):
        raise Refused("This is an Excel workbook. Save it as 'CSV UTF-8' and hand in that file.")
    # zipfile never hands out more bytes than the directory declares, so the declared sizes are true caps.
    if sum(entry.file_size for entry in entries) > options.max_unpacked:
        raise Refused(_too_large(options))
    members: dict[str, Member] = {}
    for entry in entries:
        _check_entry(entry, options)
        name = entry.filename.rsplit("/", 1)[-1]
        if entry.is_dir() or not name.lower().endswith(".csv") or entry.filename.startswith("__MACOSX/"):
            continue
        if name.lower() in members:
            raise Refused(f"The zip holds {name} twice, and nobody can tell which one counts. Leave one of them out.")
        members[name.lower()] = Member(name, _opener(archive, entry))
    return members


def _opener(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(entry)


def _check_entry(entry: zipfile.ZipInfo, options: ReadingOptions) -> None:
    # orig_filename is what stands in the file; zipfile itself already smooths some tricks away.
    path = entry.orig_filename
    shown = path[:60].encode("unicode_escape").decode()
    tricks = "\\" in path or "\0" in path or ":" in path or path.startswith("/") or ".." in path.split("/")
    if tricks or stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused(f"The zip names a file outside itself ({shown}). That is never right: do not use this file.")
    if entry.flag_bits & 0x1:
        raise Refused(f"{shown} in the zip is locked with a password. Export the roster without one.")
    ratio_counts = entry.file_size > RATIO_MATTERS_FROM
    if ratio_counts and entry.file_size > options.max_ratio * max(entry.compress_size, 1):
        raise Refused(f"{shown} would unpack to more than {options.max_ratio} times its size. No roster does.")


def _folder(folder: Path, options: ReadingOptions) -> dict[str, Member]:
    members: dict[str, Member] = {}
    total = 0
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != ".csv" or path.is_symlink() or not path.is_file():
            continue
        total += path.stat().st_size
        if total > options.max_unpacked:
            raise Refused(_too_large(options))
        if path.name.lower() in members:
            raise Refused(f"The folder holds {path.name} twice. Leave one of them out.")
        members[path.name.lower()] = Member(path.name, _file_opener(path))
    return members


def _file_opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")

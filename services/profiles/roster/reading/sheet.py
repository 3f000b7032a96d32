"""Streams one CSV file: decodes it, finds its columns by name, and turns away rows that do not fit the header."""

import csv
import difflib
import io
from collections.abc import Iterator
from functools import partial
from operator import itemgetter
from typing import NamedTuple, cast

from services.profiles.roster.reading.container import READ_ERRORS, Member
from services.profiles.roster.reading.shapes import Refused
from services.profiles.roster.reading.staging import Finding, Stage
from services.profiles.roster.reading.words import fold

LONGEST_LINE = 1024**2
LONGEST_ROW = 4 * 1024**2
LOOKS_LIKE = 0.84


class Column(NamedTuple):
    """A column that is read: its name in the file, other names that it goes by, and whether the file needs it."""

    name: str
    also: tuple[str, ...] = ()
    needed: bool = False


def text_lines(member: Member, pending: list[int]) -> Iterator[str]:
    """The lines of a UTF-8 file; raises Refused, with the line, where it is anything else.

    `pending` counts the bytes handed out since whoever reads last set it to 0: quoted cells may run over many lines,
    and a row without end would fill the memory.
    """
    number = 0
    try:
        with member.open() as opened, io.BufferedReader(cast(io.RawIOBase, opened), 256 * 1024) as buffered:
            for raw in iter(partial(buffered.readline, LONGEST_LINE), b""):
                number += 1
                if number == 1:
                    raw = _without_mark(raw, member)
                pending[0] += len(raw)
                if len(raw) == LONGEST_LINE or pending[0] > LONGEST_ROW:
                    raise Refused(f"{member.name}: the row that ends at line {number} is far too long for a roster.")
                yield raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            f"{member.name} line {number} is not UTF-8 (it looks like Windows-1252, Excel's older encoding). "
            "Save the file as 'CSV UTF-8' and try again; names would be spoilt otherwise."
        ) from error
    except READ_ERRORS as error:
        raise Refused(
            f"{member.name} cannot be read past line {number}: the file is damaged or was cut short. Export it again."
        ) from error


def _without_mark(raw: bytes, member: Member) -> bytes:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(f"{member.name} is encoded as UTF-16. Save it as 'CSV UTF-8' and try again.")
    return raw.removeprefix(b"\xef\xbb\xbf")


class Sheet:
    """One CSV file whose header has been read; iterating yields (line, stripped cells in the order of `columns`)."""

    def __init__(self, member: Member, columns: tuple[Column, ...], kind: str, stage: Stage) -> None:
        self.name = member.name
        self.kind = kind
        self._columns = columns
        self._stage = stage
        self._pending = [0]
        self._reader = csv.reader(text_lines(member, self._pending))
        self.unknown: list[str] = []
        header = self._read_header()
        self._width = len(header)
        self._places = self._find(header)
        stage.files[kind] = member.name

    def has(self, name: str) -> bool:
        return self._places[[column.name for column in self._columns].index(name)] >= 0

    def _read_header(self) -> list[str]:
        try:
            for row in self._reader:
                if any(cell.strip() for cell in row):
                    return row
        except csv.Error as error:
            raise self._broken() from error
        raise Refused(f"{self.name} is empty: it has no header row. Export it again.")

    def _find(self, header: list[str]) -> list[int]:
        seen: dict[str, int] = {}
        doubled = set()
        for place, title in enumerate(header):
            name = fold(title)
            if name in seen:
                doubled.add(name)
            elif name:
                seen[name] = place
        places = []
        for column in self._columns:
            names = [fold(name) for name in (column.name, *column.also)]
            if found := doubled.intersection(names):
                raise Refused(f"{self.name} has two columns named {found.pop()}. Leave one of them out.")
            # -1 picks the blank cell that is put at the end of every row.
            places.append(next((seen.pop(name) for name in names if name in seen), -1))
        self.unknown = [header[place].strip() for place in seen.values()]
        self._tell_misspelt([c.name for c, place in zip(self._columns, places, strict=True) if place < 0])
        lacking = [c.name for c, place in zip(self._columns, places, strict=True) if c.needed and place < 0]
        if lacking:
            raise Refused(f"{self.name} has no column {', '.join(lacking)}. See docs/roster-files.md for its columns.")
        return places

    def _tell_misspelt(self, absent: list[str]) -> None:
        by_fold = {fold(name): name for name in absent}
        for title in self.unknown:
            close = difflib.get_close_matches(fold(title), by_fold, 1, LOOKS_LIKE)
            if close:
                reason = f"This column is not read. Is it meant to be {by_fold[close[0]]}?"
                self._stage.report(Finding(self.kind, self.name, 1, title, "", reason, refused=False))

    def __iter__(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        reader, width, pick, strip = self._reader, self._width, itemgetter(*self._places), str.strip
        read = self._pending
        chunk = self._stage.options.chunk_rows
        count = pending = 0
        line = reader.line_num + 1
        try:
            for row in reader:
                read[0] = 0
                if len(row) != width and not self._fits(row, line):
                    line = reader.line_num + 1
                    continue
                row.append("")
                count += 1
                pending += 1
                yield line, tuple(map(strip, pick(row)))
                line = reader.line_num + 1
                if pending == chunk:
                    self._stage.progress(pending)
                    pending = 0
        except csv.Error as error:
            raise self._broken() from error
        self._stage.progress(pending)
        self._stage.counts[self.kind] = self._stage.counts.get(self.kind, 0) + count

    def _fits(self, row: list[str], line: int) -> bool:
        """Blank lines are passed over; blank cells too many are harmless; any other width may have shifted cells."""
        if not any(cell.strip() for cell in row):
            return False
        if len(row) > self._width and not any(cell.strip() for cell in row[self._width :]):
            del row[self._width :]
            return True
        reason = f"The row has {len(row)} cells where the header has {self._width}, so it was left out."
        self._stage.report(Finding(self.kind, self.name, line, "", "", reason))
        return False

    def _broken(self) -> Refused:
        return Refused(
            f"{self.name} cannot be read at about line {self._reader.line_num}: "
            "a quotation mark is opened and never closed, or the lines end in an unusual way. Export it again."
        )

"""Files of units as the house writes them: lines in, entries out, and every mistake told with its file, line, column.

Two sorts of files, told apart by their columns: administrative units one by one (`kien-giang-2020.csv`), and the
agencies and groups of a province (`kien-giang-agencies.csv`), a line of which may stand for one at each place of a
level.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import squeeze
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Kind

UNIT_COLUMNS = ("key", "code", "name", "level", "kind", "parent_code", "valid_from", "document")
AGENCY_COLUMNS = ("level", "at", "key", "parent", "name", "short_name", "kind", "groups", "aliases")
SIZE_COLUMNS = ("unit", "code", "on", "people", "households", "area_ha", "source")
_LABELS: Mapping[str, str] = {kind.value: str(kind.label) for kind in Kind}


@dataclass(frozen=True)
class Source:
    """Where an entry stands written: the file's name, and the line in it."""

    file: str
    line: int

    def wrong(self, column: str, template: str, /, **values: object) -> Invalid:
        """The error that a mistake in a column of this line is."""
        reason = template.format(**values) if values else template
        sentence = "Tệp {file}, dòng {line}, cột {column}: {reason}"
        return Invalid(sentence, field=column, file=self.file, line=self.line, column=column, reason=reason)


@dataclass(frozen=True)
class Entry:
    """One unit as a file describes it; `parent` and `groups` are keys, `parent_code` what a file of units names."""

    source: Source
    key: str
    name: str
    short_name: str
    code: str
    level: str
    kind: str
    valid_from: date
    parent: str = ""
    parent_code: str = ""
    document: str = ""
    aliases: tuple[str, ...] = ()
    groups: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class SizeEntry:
    """How large a unit was on a day, as a file says. Units: people, households, hectares; None is not known."""

    source: Source
    key: str
    code: str
    on: date
    people: int | None
    households: int | None
    area_ha: int | None
    told_by: str


def read_sizes(path: Path) -> list[SizeEntry]:
    """The sizes in a file.

    Raises: Invalid as `read`.
    """
    found = []
    for source, row in _rows(path):
        if missing := [column for column in SIZE_COLUMNS if column not in row]:
            raise Invalid("Tệp {file} thiếu cột {column}.", file=path.name, column=missing[0])
        figures = {column: _figure(source, row, column) for column in ("people", "households", "area_ha")}
        on = _day(source, row, "on")
        found.append(SizeEntry(source, key=row["unit"], code=row["code"], on=on, told_by=row["source"], **figures))
    return found


def _figure(source: Source, row: Mapping[str, str], column: str) -> int | None:
    if row[column] and not row[column].isdecimal():
        raise source.wrong(column, "“{value}” không phải số nguyên không âm.", value=row[column])
    return int(row[column]) if row[column] else None


def _day(source: Source, row: Mapping[str, str], column: str) -> date:
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        sentence = "“{day}” không phải ngày dạng năm-tháng-ngày (2025-01-04)."
        raise source.wrong(column, sentence, day=row[column]) from error


def read(path: Path, *, places: Sequence[Entry]) -> list[Entry]:
    """The entries of a file. Agencies stand at `places`, the administrative units read before.

    Raises: Invalid for a file that cannot be read, lacks a column, or has a wrong value in one.
    """
    rows = list(_rows(path))
    if not rows:
        return []
    names = set(rows[0][1])
    columns = AGENCY_COLUMNS if "at" in names else UNIT_COLUMNS
    if missing := [column for column in columns if column not in names]:
        raise Invalid("Tệp {file} thiếu cột {column}.", file=path.name, column=missing[0])
    if columns == AGENCY_COLUMNS:
        return [entry for source, row in rows for entry in _agencies(source, row, places)]
    return [_unit(source, row) for source, row in rows]


def _rows(path: Path) -> Iterator[tuple[Source, dict[str, str]]]:
    """The lines of a file with what stands in their columns; lines that begin with # are remarks."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid("Không đọc được tệp {file} (cần tệp CSV, UTF-8).", file=path.name) from error
    kept = [(number, line) for number, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")]
    table = csv.DictReader(line for _number, line in kept)
    for row in table:
        source = Source(path.name, kept[table.line_num - 1][0])
        if None in row or None in row.values():
            raise source.wrong("*", "Số cột không khớp với dòng tiêu đề.")
        yield source, {name: squeeze(value) for name, value in row.items()}


def _unit(source: Source, row: Mapping[str, str]) -> Entry:
    for column, longest in (("key", 160), ("code", 20), ("name", 255), ("document", 255)):
        if len(row[column]) > longest:
            raise source.wrong(column, "Dài quá {most} ký tự.", most=longest)
    if not row["name"]:
        raise source.wrong("name", "Chưa có tên.")
    if row["kind"] not in _LABELS:
        raise source.wrong("kind", "Không có loại đơn vị “{kind}”.", kind=row["kind"])
    return Entry(
        source=source,
        key=row["key"],
        name=row["name"],
        short_name=rules.bare_name(row["name"], kind_label=_LABELS[row["kind"]]),
        code=row["code"],
        level=row["level"],
        kind=row["kind"],
        valid_from=_day(source, row, "valid_from"),
        parent_code=row["parent_code"],
        document=row["document"],
    )


def _agencies(source: Source, row: Mapping[str, str], places: Sequence[Entry]) -> Iterator[Entry]:
    """The agency or group of a line, at each place of the level where it stands."""
    if places:
        pattern = Entry(
            source=source,
            key=row["key"],
            name=row["name"],
            short_name=row["short_name"] or row["name"],
            code="",
            level=row["level"],
            kind=row["kind"],
            valid_from=places[0].valid_from,
            parent=row["parent"],
            aliases=tuple(name.strip() for name in row["aliases"].split(";") if name.strip()),
            groups=tuple(row["groups"].split()),
        )
        yield from (_at(pattern, place) for place in places if place.level == row["at"])


def _at(pattern: Entry, place: Entry) -> Entry:
    words = {"name": place.name[:1].lower() + place.name[1:], "key": place.key, "parent": place.parent}
    return replace(
        pattern,
        key=pattern.key.format(**words),
        name=pattern.name.format(**words),
        short_name=pattern.short_name.format(**words),
        parent=pattern.parent or place.key,
        valid_from=place.valid_from,
        aliases=tuple(name.format(**words) for name in pattern.aliases),
        groups=tuple(key.format(**words) for key in pattern.groups),
    )

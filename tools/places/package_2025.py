"""What the package `vietnamadminunits` 1.0.4 knows: the units of June 2025, those of 1/7/2025, what became what.

Only facts are taken from it (names, official codes, which unit went into which); it is neither a dependency nor
copied. It names units by keys without marks; here they are joined by official codes, spelled one way, and everything
that ought to hold is checked before anything is written. It has no shares for divided communes and no dates.
"""

import json
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from places.kien_giang_2020 import spelled  # noqa: E402  # the path to the tools is set just above

from hieuhoc.registers.places import rules  # noqa: E402  # as above

DATA = ROOT / "src/hieuhoc/registers/places/data"
EFFECTIVE_ON = "2025-07-01"
# Of this day is the oldest list that shows the country after the mergers of communes in 2024.
KNOWN_SINCE = "2025-01-04"
KINDS = {
    "tỉnh": "tinh", "thành phố": "thanh_pho", "huyện": "huyen", "quận": "quan", "thị xã": "thi_xa",
    "xã": "xa", "phường": "phuong", "thị trấn": "thi_tran", "đặc khu": "dac_khu",
}  # fmt: skip
UNIT_COLUMNS = ("key", "code", "name", "level", "kind", "parent_code", "valid_from", "document")
ROW_COLUMNS = (
    "act", "source", "source_name", "target", "target_name", "target_kind", "target_level", "target_parent",
    "target_key", "share", "estimated", "duties", "note",
)  # fmt: skip
EQUAL_PARTS = "Chưa có số liệu về tỷ lệ chia; tạm tính các phần bằng nhau"


@dataclass(frozen=True)
class Place:
    """A unit of one of the two maps; `parent` is the code of what it stands under."""

    code: str
    name: str
    level: str
    parent: str

    @property
    def label(self) -> str:
        """The word for the kind, with which the name begins."""
        return next(label for label in KINDS if self.name.lower().startswith(label + " "))

    @property
    def kind(self) -> str:
        """The kind, taken from the name: releases of packages are wrong about it."""
        return KINDS[self.label]

    @property
    def bare(self) -> str:
        """The name without the word for the kind."""
        return rules.bare_name(self.name, kind_label=self.label)


@dataclass
class Country:
    """Both maps by code, and for each old commune (or district without communes) its heirs, the main one first."""

    old: dict[str, Place] = field(default_factory=dict)
    new: dict[str, Place] = field(default_factory=dict)
    heirs: dict[str, list[str]] = field(default_factory=dict)
    provinces: dict[str, str] = field(default_factory=dict)

    def province_of(self, code: str) -> str:
        """The code of the old province in which an old unit lies."""
        place = self.old[code]
        while place.parent:
            place = self.old[place.parent]
        return place.code


def read(folder: Path) -> Country:
    """Everything the package knows. `folder` holds the package itself (`…/vietnamadminunits`).

    Raises: SystemExit when the package contradicts itself.
    """
    country = Country()
    base = sqlite3.connect(f"file:{folder / 'data/dataset.db'}?mode=ro", uri=True)
    base.row_factory = sqlite3.Row
    by_key: dict[str, str] = {}
    for row in base.execute("SELECT * FROM admin_units_legacy ORDER BY provinceCode, districtCode, wardCode"):
        _take(country.old, row["provinceCode"], row["province"], "province", "")
        _take(country.old, row["districtCode"], row["district"], "district", row["provinceCode"])
        if row["ward"]:
            _take(country.old, row["wardCode"], row["ward"], "commune", row["districtCode"])
        by_key[row["provinceKey"]] = row["provinceCode"]
        by_key[f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"] = (
            row["wardCode"] or row["districtCode"]
        )
    new_by_key: dict[tuple[str, str], str] = {}
    for row in base.execute("SELECT * FROM admin_units ORDER BY provinceCode, wardCode"):
        _take(country.new, row["provinceCode"], row["province"], "province", "")
        _take(country.new, row["wardCode"], row["ward"], "commune", row["provinceCode"])
        new_by_key[row["provinceKey"], ""] = row["provinceCode"]
        new_by_key[row["provinceKey"], row["wardKey"]] = row["wardCode"]
    mapping = json.loads((folder / "data/converter_2025.json").read_text(encoding="utf-8"))
    for key, olds in mapping["DICT_PROVINCE"].items():
        country.provinces.update((by_key[old], new_by_key[key, ""]) for old in olds)
    for province, wards in mapping["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, olds in wards.items():
            for old in olds:
                country.heirs.setdefault(by_key[old], []).append(new_by_key[province, ward])
    for province, divided in mapping["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            ordered = sorted(parts, key=lambda part: (not part["isDefaultNewWard"], part["newWardKey"]))
            country.heirs.setdefault(by_key[old], []).extend(
                new_by_key[province, part["newWardKey"]] for part in ordered
            )
    _check(country)
    return country


def _take(places: dict[str, Place], code: str, name: str, level: str, parent: str) -> None:
    place = Place(code, spelled(name), level, parent)
    if places.setdefault(code, place) != place:
        raise SystemExit(f"code {code}: {places[code]} and {place}")


def _check(country: Country) -> None:
    above = {place.parent for place in country.old.values()}
    leaves = {code for code, place in country.old.items() if place.level != "province" and code not in above}
    if leaves != set(country.heirs):
        raise SystemExit(f"without an heir: {leaves - set(country.heirs)}, twice: {set(country.heirs) - leaves}")
    reached = {new for heirs in country.heirs.values() for new in heirs}
    communes = {code for code, place in country.new.items() if place.level == "commune"}
    if reached != communes or any(len(set(heirs)) != len(heirs) for heirs in country.heirs.values()):
        raise SystemExit(f"without a predecessor: {communes - reached}")
    for code, heirs in country.heirs.items():
        for heir in heirs:
            if country.new[heir].parent != country.provinces[country.province_of(code)]:
                raise SystemExit(f"{code} goes into {heir} of another province")


def unit_rows(country: Country, provinces: Iterable[str]) -> list[dict[str, str]]:
    """The units of the given provinces in June 2025, as our file of units has them; parents before children."""
    chosen, keys = set(provinces), old_keys(country)
    found = [place for code, place in country.old.items() if country.province_of(code) in chosen]
    order = {"province": 0, "district": 1, "commune": 2}
    return [
        {
            "key": keys[place.code],
            "code": place.code,
            "name": place.name,
            "level": place.level,
            "kind": place.kind,
            "parent_code": place.parent,
            "valid_from": KNOWN_SINCE,
            "document": "",
        }
        for place in sorted(found, key=lambda one: (order[one.level], one.code))
    ]


def old_keys(country: Country) -> dict[str, str]:
    """The keys of the units of June 2025: the name, then the names of what they stand in."""
    keys: dict[str, str] = {}
    taken: set[str] = set()
    for place in sorted(country.old.values(), key=lambda one: (len(one.code), one.code)):
        words, above = [place.name], country.old.get(place.parent)
        while above is not None:
            words.append(above.bare)
            above = country.old.get(above.parent)
        keys[place.code] = rules.key_for(words, taken=taken)
        taken.add(keys[place.code])
    return keys


def new_keys(country: Country) -> dict[str, str]:
    """The keys of the units of 1/7/2025: the name, then the province; the year where the old map has that key."""
    taken = set(old_keys(country).values())
    keys: dict[str, str] = {}
    for place in country.new.values():
        words = [place.name, country.new[place.parent].bare] if place.parent else [place.name]
        key = rules.key_for(words, taken=())
        if key in taken:
            key = rules.key_for([*words, EFFECTIVE_ON[:4]], taken=taken)
        keys[place.code] = key
        taken.add(key)
    return keys


def event_rows(country: Country, provinces: Iterable[str]) -> list[dict[str, str]]:
    """What became of everything in the given old provinces, as our file of an event has it.

    A unit that goes on alone keeps its life: it has a row only where its name, kind or code changes.
    """
    chosen = set(provinces)
    writer = _Rows(country)
    rows = [*writer.provinces(chosen), *writer.districts(chosen), *writer.communes(chosen)]
    return [dict.fromkeys(ROW_COLUMNS, "") | row for row in rows]


class _Rows:
    def __init__(self, country: Country) -> None:
        self.country = country
        self.keys = new_keys(country)
        self.described: set[str] = set()

    def provinces(self, chosen: set[str]) -> Iterator[dict[str, str]]:
        olds: dict[str, list[str]] = defaultdict(list)
        for old in sorted(chosen):
            olds[self.country.provinces[old]].append(old)
        for new, givers in sorted(olds.items()):
            if len(givers) > 1:
                for old in givers:
                    yield self._passing("merge", old, new)
            elif self.country.old[givers[0]] != self.country.new[new]:
                raise SystemExit(f"province {givers[0]} goes on alone and yet changes")

    def districts(self, chosen: set[str]) -> Iterator[dict[str, str]]:
        for code, place in sorted(self.country.old.items()):
            if place.level == "district" and place.parent in chosen:
                if code in self.country.heirs:  # an island without communes becomes a commune itself
                    (heir,) = self.country.heirs[code]
                    yield self._passing("merge", code, heir)
                else:
                    yield self._passing("abolish", code, self.country.provinces[place.parent])

    def communes(self, chosen: set[str]) -> Iterator[dict[str, str]]:
        olds: dict[str, list[str]] = defaultdict(list)
        for old, heirs in sorted(self.country.heirs.items()):
            if self.country.province_of(old) in chosen and self.country.old[old].level == "commune":
                for heir in heirs:
                    olds[heir].append(old)
        divided: dict[str, None] = {}
        for new, givers in sorted(olds.items()):
            whole = [old for old in givers if self.country.heirs[old] == [new]]
            divided.update((old, None) for old in givers if old not in whole)
            if len(givers) == 1 and whole:
                yield from self._going_on(whole[0], new)
            else:
                for old in whole:
                    yield self._passing("merge", old, new)
        for old in sorted(divided):
            heirs = self.country.heirs[old]
            for place, heir in enumerate(heirs):
                row = self._passing("divide", old, heir)
                share = {"share": str(Fraction(1, len(heirs))), "estimated": "x", "note": EQUAL_PARTS}
                yield row | share | {"duties": "" if place else "x"}

    def _going_on(self, old: str, new: str) -> Iterator[dict[str, str]]:
        before, after = self.country.old[old], self.country.new[new]
        if (before.name, old) == (after.name, new):
            return
        act = "recode" if before.name == after.name else "rename" if before.kind == after.kind else "rekind"
        row = {"act": act, "source": old, "source_name": before.name}
        if old != new:
            row |= {"target": new}
        if before.name != after.name:
            row |= {"target_name": after.name}
        if before.kind != after.kind:
            row |= {"target_kind": after.kind}
        yield row

    def _passing(self, act: str, old: str, new: str) -> dict[str, str]:
        target = self.country.new[new]
        row = {"act": act, "source": old, "source_name": self.country.old[old].name, "target": new}
        row["target_name"] = target.name
        goes_on = target.level == "province" and list(self.country.provinces.values()).count(new) == 1
        if new not in self.described and not goes_on:
            self.described.add(new)
            row |= {"target_kind": target.kind, "target_level": target.level, "target_key": self.keys[new]}
            row["target_parent"] = target.parent
        return row


def counts(rows: Sequence[Mapping[str, str]], column: str) -> dict[str, int]:
    """How often each value of a column occurs."""
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[row[column]] += 1
    return dict(found)


def demand(what: str, found: object, expected: object) -> None:
    """That a count is what it ought to be. Raises: SystemExit with what differs."""
    if found != expected:
        raise SystemExit(f"{what}: expected {expected}, found {found}")

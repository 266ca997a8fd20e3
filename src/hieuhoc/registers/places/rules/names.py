"""From the name of an agency as a document writes it to the units it may mean. Pure: names in, numbers out.

"Sở GDĐT", "Sở Giáo dục & Đào tạo" and "Sở Giáo dục và Đào tạo tỉnh Kiên Giang" are one name here: abbreviations are
written out, joining words dropped, and a place at the end ("tỉnh", "huyện An Biên") is taken off and kept apart. What
is left, the core, must then be the same; only slips of a letter in a long word are forgiven. A name whose place is
not written is looked for at the place of whoever wrote the document, then upwards. Where two units answer equally
well, neither is sure: a person chooses.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from hieuhoc.kernel.vietnamese import fold, sort_key
from hieuhoc.registers.places.rules.tree import (
    ADMINISTRATIVE,
    AGENCY,
    COMMUNE,
    DISTRICT,
    GROUP,
    PROVINCE,
    path_numbers,
)

SURE = 90.0
"""From this score on a match may be used without asking a person."""
DOUBTFUL = 80.0
"""The score of each of several units that answer a name equally well."""

# Written with a space where a writer may put "&", "-", a comma or nothing: "GD ĐT" also reads GD&ĐT and GDĐT.
_SHORT = {
    "btg": "ban tuyen giao",
    "bch": "ban chi huy",
    "bhxh": "bao hiem xa hoi",
    "btc": "ban to chuc",
    "b chqs": "bo chi huy quan su",
    "bcd": "ban chi dao",
    "bdbp": "bo doi bien phong",
    "bql": "ban quan ly",
    "ccb": "cuu chien binh",
    "dbqh": "dai bieu quoc hoi",
    "dai pt th": "dai phat thanh truyen hinh",
    "gd dt": "giao duc dao tao",
    "gd nn": "giao duc nghe nghiep",
    "gd tx": "giao duc thuong xuyen",
    "gtvt": "giao thong van tai",
    "hdnd": "hoi dong nhan dan",
    "kh cn": "khoa hoc cong nghe",
    "kh dt": "ke hoach dau tu",
    "kh kt": "khoa hoc ky thuat",
    "kkt": "khu kinh te",
    "ld ld": "lien doan lao dong",
    "ld tb xh": "lao dong thuong binh xa hoi",
    "lh pn": "lien hiep phu nu",
    "mttq": "mat tran to quoc",
    "mttqvn": "mat tran to quoc viet nam",
    "nn pt nt": "nong nghiep phat trien nong thon",
    "pt th": "phat thanh truyen hinh",
    "pgd dt": "phong giao duc dao tao",
    "qs": "quan su",
    "sgd dt": "so giao duc dao tao",
    "tn mt": "tai nguyen moi truong",
    "tncs": "thanh nien cong san",
    "tp": "thanh pho",
    "tt dt": "thong tin dien tu",
    "tt tt": "thong tin truyen thong",
    "tx": "thi xa",
    "ub mttq": "uy ban mat tran to quoc",
    "ub mttqvn": "uy ban mat tran to quoc viet nam",
    "ub nd": "uy ban nhan dan",
    "vh nt": "van hoa nghe thuat",
    "vh tt": "van hoa the thao",
    "vn": "viet nam",
    "vp": "van phong",
    "xh ht": "xa hoi hoc tap",
}
_WEAK = frozenset({"va", "cac", "cua", "nhung"})
_LOOSE = re.compile(r"\b(co lien quan|lien quan|tren dia ban tinh|tren dia ban|thuoc tinh quan ly)\b")
# Who is at the head of a body stands for it: "Chủ tịch UBND huyện", "Giám đốc Sở".
_HEADS = "giam doc|chu tich|thu truong|lanh dao|bi thu|truong(?= ban )|chanh(?= van phong| thanh tra| toa an)"
_BEFORE = re.compile(rf"^(?:(?:de nghi|yeu cau|dong chi|cac|{_HEADS})\s+)+")
_BRACKETS = re.compile(r"\([^)]*\)?")
_AFTER = re.compile(r"\s+cap tinh$")
_KIND_WORDS = {"tinh": (PROVINCE,), "huyen": (DISTRICT,), "thanh pho": (DISTRICT,), "thi xa": (DISTRICT,)}
_KIND_WORDS |= dict.fromkeys(("xa", "phuong", "thi tran", "dac khu"), (COMMUNE,))
_LONGEST_PLACE = 7


def _joinings(parts: Sequence[str]) -> Iterator[str]:
    """Every way of writing the parts together or apart: "gd dt", "gddt"."""
    if len(parts) == 1:
        yield parts[0]
        return
    for rest in _joinings(parts[1:]):
        yield f"{parts[0]} {rest}"
        yield f"{parts[0]}{rest}"


_ABBREVIATIONS = {
    tuple(way.split()): full.split() for short, full in _SHORT.items() for way in _joinings(short.split())
}
_LONGEST_ABBREVIATION = max(len(way) for way in _ABBREVIATIONS)


@lru_cache(maxsize=65536)
def plain(name: str) -> str:
    """A name reduced to what tells it apart: no marks, abbreviations written out, joining words dropped.

    Example:
        >>> plain("các Sở GD&ĐT"), plain("Sở Giáo dục và Đào tạo có liên quan")
        ('so giao duc dao tao', 'so giao duc dao tao')
    """
    text = " ".join(re.findall(r"[a-z0-9]+", fold(_BRACKETS.sub(" ", name))))
    text = _AFTER.sub("", _BEFORE.sub("", _LOOSE.sub(" ", text)))
    words = [word for word in text.split() if word not in _WEAK]
    full: list[str] = []
    while words:
        for size in range(min(_LONGEST_ABBREVIATION, len(words)), 0, -1):
            found = _ABBREVIATIONS.get(tuple(words[:size]))
            if found is not None or size == 1:
                full += found or words[:1]
                words = words[size:]
                break
    return " ".join(full)


def columns_for(*, name: str, short_name: str, level: str) -> dict[str, str]:
    """The stored columns by which a unit is found and sorted. Places sort by their bare name, agencies by the whole."""
    key = sort_key(short_name if level in ADMINISTRATIVE else name)
    return {"folded": fold(name)[:255], "sort_key": key[:1000]}


def searched_text(names: Iterable[str]) -> str:
    """Every name of a unit in one folded line, for search."""
    return " | ".join(dict.fromkeys(fold(name) for name in names if name))


def bare_name(name: str, *, kind_label: str) -> str:
    """The name without the word for its kind; a ward that has only a number keeps the word.

    Example:
        >>> bare_name("Thị trấn Thứ Ba", kind_label="thị trấn"), bare_name("Phường 1", kind_label="phường")
        ('Thứ Ba', 'Phường 1')
    """
    start, rest = name[: len(kind_label)], name[len(kind_label) :].strip()
    return rest if start.lower() == kind_label and rest and not rest.isdigit() else name


@dataclass(frozen=True)
class Named:
    """A unit under one of its names, on the day for which names are being read."""

    number: int
    name: str
    level: str
    path: str
    official: bool = True


@dataclass(frozen=True)
class Answer:
    """A unit that a name may mean.

    Units: `score` from 0 to 100; from `SURE` on it may be used without asking.
    """

    number: int
    score: float


@dataclass(frozen=True)
class _Entry:
    number: int
    place: int | None
    official: bool
    needs_place: bool


class Gazetteer:
    """All names of a register on one day, built once and asked many times."""

    def __init__(self, rows: Iterable[Named]) -> None:
        named = list(rows)
        self._paths = {row.number: row.path for row in named}
        self._levels = {row.number: row.level for row in named if row.level in ADMINISTRATIVE}
        self._places: dict[str, dict[int, None]] = defaultdict(dict)  # an ordered set
        self._cores: dict[str, dict[_Entry, None]] = defaultdict(dict)
        for row in named:
            if row.level in ADMINISTRATIVE:
                self._add_place(row)
        for row in named:
            self._add_core(row)
        self._all_cores = sorted(self._cores)
        self._provinces = sorted(number for number, level in self._levels.items() if level == PROVINCE)

    def match(self, name: str, *, within: str = "") -> list[Answer]:
        """The units that `name` may mean, best first; none is better than a wrong one.

        `within` is the path of whoever wrote the document: names without a place are looked for there, then upwards.
        """
        text = plain(name)
        if not text:
            return []
        home = self._home(within)
        for core, places in self._readings(text, home):
            if core in self._cores:
                return self._answers(core, places, home, best=100.0)
        for core, places in self._readings(text, home):
            near = self._near(core)
            if near and (answers := self._answers(near[0], places, home, best=near[1])):
                return answers
        return []

    def _add_place(self, row: Named) -> None:
        written = plain(row.name)
        keys = {written}
        if row.level in (PROVINCE, DISTRICT):
            kind = next((word for word in _KIND_WORDS if written.startswith(word + " ")), "")
            bare = written.removeprefix(kind).strip()
            keys.add(bare)
            if row.level == PROVINCE:
                keys.add("".join(word[0] for word in bare.split()))
        for key in keys:
            self._places[key][row.number] = None

    def _add_core(self, row: Named) -> None:
        above = self._place_of(row.path)
        text = plain(row.name)
        if row.level in (AGENCY, GROUP):
            for start, places in self._endings(text):
                # Only its own place is taken off: "Khu kinh tế Phú Quốc" is the province's.
                if start and above in places:
                    text = start
                    break
            else:
                level = self._levels.get(above) if above is not None else None
                text = next((s for s, word in self._generic(text) if level in _KIND_WORDS[word] and s), text)
        place = above if row.level in (AGENCY, GROUP) else self._above(row)
        # "Báo Kiên Giang" without its place is any newspaper.
        needs_place = " " not in text and text != plain(row.name)
        entry = _Entry(row.number, place, row.official, needs_place)
        self._cores[text][entry] = None

    def _place_of(self, path: str) -> int | None:
        return next((number for number in reversed(path_numbers(path)) if number in self._levels), None)

    def _above(self, row: Named) -> int | None:
        numbers = [number for number in path_numbers(row.path) if number in self._levels and number != row.number]
        return numbers[-1] if numbers else None

    def _home(self, within: str) -> tuple[int, ...]:
        """The places from which a name without a place is looked for, nearest first."""
        chain = tuple(number for number in reversed(path_numbers(within)) if number in self._levels)
        return chain or (tuple(self._provinces) if len(self._provinces) == 1 else ())

    def _endings(self, text: str) -> Iterator[tuple[str, Collection[int]]]:
        """Ways of taking a known place off the end: what is left, and the places it may be. Longest first."""
        words = text.split()
        for size in range(min(_LONGEST_PLACE, len(words)), 0, -1):
            places = self._places.get(" ".join(words[-size:]))
            if places:
                yield " ".join(words[:-size]), places

    @staticmethod
    def _generic(text: str) -> Iterator[tuple[str, str]]:
        """A bare word for a kind of place at the end ("tỉnh", "huyện"): what is left, and the word."""
        for word in _KIND_WORDS:
            if text.endswith(" " + word):
                yield text.removesuffix(word).strip(), word

    def _readings(self, text: str, home: tuple[int, ...]) -> Iterator[tuple[str, frozenset[int] | None]]:
        """Cores a text may have, with the places it names; None where it names none."""
        yield text, None
        for start, places in self._endings(text):
            if not start:
                continue
            yield start, frozenset(places)
            for inner, smaller in self._endings(start):
                # "xã Bình An huyện Châu Thành": the smaller place must lie in the larger.
                inside = frozenset(one for one in smaller if set(path_numbers(self._paths[one])) & set(places))
                if inside and inner:
                    yield inner, inside
                elif inside:
                    yield start, frozenset(places)
        for start, word in self._generic(text):
            here = frozenset(number for number in home if self._levels[number] in _KIND_WORDS[word])
            if here:
                yield start, here

    def _answers(self, core: str, places: frozenset[int] | None, home: tuple[int, ...], *, best: float) -> list[Answer]:
        entries = list(self._cores[core])
        if places is not None:
            return self._rank(self._nearest([entry for entry in entries if entry.place in places], home), best)
        entries = [entry for entry in entries if not entry.needs_place]
        for place in home:
            if here := [entry for entry in entries if entry.place == place]:
                return self._rank(here, best - 1)
        beneath = [entry for entry in entries if not home or entry.place is None or self._lies_in(entry.place, home)]
        return self._rank(beneath, best - 3)

    def _nearest(self, entries: list[_Entry], home: tuple[int, ...]) -> list[_Entry]:
        """Of places of one name, those in the writer's own district, or else in its province."""
        for place in home:
            inside = [one for one in entries if one.place and place in path_numbers(self._paths[one.place])]
            if inside:
                return inside
        return entries

    def _lies_in(self, place: int, home: tuple[int, ...]) -> bool:
        return home[-1] in path_numbers(self._paths[place])

    @staticmethod
    def _rank(entries: list[_Entry], best: float) -> list[Answer]:
        scores: dict[int, float] = {}
        for entry in entries:
            score = best if entry.official else best - 1
            scores[entry.number] = max(score, scores.get(entry.number, 0.0))
        top = max(scores.values(), default=0.0)
        leaders = [number for number, score in scores.items() if score == top]
        if len(leaders) > 1:
            scores = {number: min(score, DOUBTFUL) for number, score in scores.items()}
        return [Answer(number, score) for number, score in sorted(scores.items(), key=lambda item: (-item[1], item[0]))]

    def _near(self, core: str) -> tuple[str, float] | None:
        """The one known core that differs by slips of a letter only, and how alike they are."""
        if len(core) < 8:
            return None
        found = process.extract(core, self._all_cores, scorer=fuzz.ratio, score_cutoff=SURE, limit=4)
        near = [(other, min(score, 96.0)) for other, score, _ in found if is_slip(core, other)]
        return near[0] if len(near) == 1 else None


def is_slip(one: str, other: str) -> bool:
    """Whether two plain names differ only by slips: a letter in a word of four or more, or a missing space.

    Example:
        >>> is_slip("so giao duc dao tao", "so gaio duc dao tao"), is_slip("so noi vu", "so ngoai vu")
        (True, False)
    """
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    ones, others = one.split(), other.split()
    if len(ones) != len(others):
        return False
    wrong = [(a, b) for a, b in zip(ones, others, strict=True) if a != b]
    return len(wrong) <= 2 and all(
        min(len(a), len(b)) >= 4 and DamerauLevenshtein.distance(a, b) <= 1 for a, b in wrong
    )

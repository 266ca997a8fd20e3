"""Centres, classes and learners of the demonstration: invented, drawn from fixed seeds, always the same.

The volume is that of one real district in a year, for each of the province's districts: 400 classes and 29,000 turns of
attendance, half of them of people known by name. Nothing here says anything about a real place or person.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of
from hieuhoc.kernel.vietnamese import fold, sort_key
from hieuhoc.programme.learning.models import (
    Activity,
    Attendance,
    Enrolment,
    Equipment,
    HeadCount,
    Organiser,
    Post,
    Provider,
    Room,
    Session,
    Speaker,
    Topic,
)
from hieuhoc.project.demonstration import figures, words
from hieuhoc.project.demonstration.cast import CAST, PLACE
from hieuhoc.project.demonstration.written import Table, instant, tell_numbers, tell_sizes
from hieuhoc.registers.people import rules as people
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.rules import AGE_BANDS
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

INVENTED = "(số liệu giả định)"
DIRECTORS = {one.unit: one.full_name for one in CAST if one.role == "centre_director"}
"""Who of the cast leads the centre of which commune."""
TODAY = date(2020, 11, 16)
CLOSED = {(2020, 2), (2020, 3), (2020, 4)}  # nobody met
LIVE = "xa-thanh-hung-giong-rieng"
"""The commune whose centre has a class on the day of the demonstration."""


@dataclass(frozen=True)
class Scale:
    """How much a district holds in a year, since when, and how many people of a thousand of a commune ever came."""

    since: date = date(2017, 12, 15)
    classes: int = 400
    known: int = 50


USUAL = Scale()


class _Tables:
    """The tables that are filled, and the people of each commune."""

    def __init__(self) -> None:
        self.providers = Table(Provider, (
            "key", "kind", "name", "folded", "sort_key", "unit", "decision", "decided_on", "decided_by", "address",
            "latitude", "longitude", "phone", "email", "website", "opening_hours", "programmes", "is_public",
            "is_model", "with_culture_house", "own_premises", "has_seal", "has_internet", "has_bookshelf", "has_sound",
            "uses_computing", "edition", "valid_from",
        ))  # fmt: skip
        self.posts = Table(Post, ("provider", "role", "name", "occupation", "decision", "allowance", "valid_from"))
        self.rooms = Table(Room, ("provider", "name", "seats", "is_own", "lender"))
        self.equipment = Table(Equipment, ("provider", "name", "quantity", "is_own", "lender", "since_year"))
        self.people = Table(Person, (
            "name", "folded", "sort_key", "sex", "birth_year", "ethnicity", "phone", "identity_digest", "identity_end",
            "unit", "noted_at",
        ))  # fmt: skip
        self.activities = Table(Activity, (
            "code", "provider", "unit", "kind", "title", "folded", "topic", "field", "tags", "summary", "audience",
            "for_rural_workers", "place", "state", "enrolling", "enrol_until", "capacity", "fee", "is_public",
            "first_on", "last_on", "held_on", "why_cancelled", "made_at", "edition",
        ))  # fmt: skip
        self.organisers = Table(Organiser, ("activity", "kind", "unit", "name", "is_owner"))
        self.speakers = Table(Speaker, ("activity", "name", "post"))
        self.sessions = Table(Session, (
            "activity", "number", "starts_at", "ends_at", "on", "room", "place", "subject", "state", "why",
        ))  # fmt: skip
        self.enrolments = Table(Enrolment, (
            "activity", "person", "state", "place", "source", "secret", "asked_at", "first_on", "last_on",
        ))  # fmt: skip
        self.attendances = Table(Attendance, ("session", "enrolment", "mark", "marked_at", "edition"))
        self.heads = Table(HeadCount, ("session", "sex", "age_band", "count", "edition"))

    @property
    def all(self) -> list[Table]:
        return list(vars(self).values())

    def write(self, *, at_least: int = 1) -> None:
        for one in self.all:
            one.write(at_least=at_least)


@dataclass
class _Centre:
    """A commune's centre while its classes are drawn; `known` are the numbers of the people who ever come there."""

    unit: Unit
    effort: float
    number: int
    name: str
    room: int
    known: range
    draw: random.Random


@dataclass(frozen=True)
class _Topic:
    number: int
    code: str
    field: str


@dataclass(frozen=True)
class _Shape:
    """How a class goes: what it is called, how many sessions so many days apart, how many people, by name or not."""

    kind: str
    sessions: int
    every: int
    people: int
    is_named: bool


def fill(scale: Scale = USUAL) -> dict[str, int]:
    """Invent the register of providers, years of classes, and what is to come; how many rows of each table there are.

    The catalogue of topics is loaded before.
    """
    taught = [_Topic(*row) for row in Topic.objects.filter(code__in=words.TITLES).values_list("pk", "code", "field")]
    taught.sort(key=lambda topic: topic.code)
    tables = _Tables()
    for district, communes in _by_district().items():
        centres = [_centre(tables, unit, scale) for unit in communes]
        _beside(tables, district, communes[0])
        for period in _months(scale.since):
            for centre in _shared_out(centres, district, period, scale.classes):
                _past_class(tables, centre, period, taught, centres)
        for centre in centres:
            _classes_to_come(tables, centre, taught)
        tables.write(at_least=20_000)
    tables.write()
    tell_numbers(tables.all)
    tell_sizes(tables.all)
    return {one.model.__name__: one.model._default_manager.count() for one in tables.all}


def _by_district() -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    province = places.unit_by_key(f"tinh-{PLACE}")
    rows = places.units_on(TODAY, level="commune", under=province).select_related("unit__parent")
    for row in rows:
        found.setdefault(row.unit.parent.key if row.unit.parent else "", []).append(row.unit)
    return {key: found[key] for key in sorted(found)}


def _months(since: date) -> Iterator[Period]:
    """The months of the closing calendar from a day on that are over."""
    period = period_of(Rhythm.MONTH, since, Calendar.CLOSING)
    while period.last < TODAY:
        yield period
        period = period.following()


def _shared_out(centres: Sequence[_Centre], district: str, period: Period, classes: int) -> list[_Centre]:
    """Whose classes a district's classes of a month are; each year has as many, whatever months were closed."""
    year, month = period.last.year, period.last.month
    if (year, month) in CLOSED:
        return []
    draw = _drawn("classes", district, year, month)
    open_months = 12 - sum(one == year for one, _month in CLOSED)
    number = round(classes / open_months + draw.uniform(-0.5, 0.5))
    return draw.choices(centres, weights=[one.effort for one in centres], k=number)


# ---- centres and the people who come ---------------------------------------------------------------


def _centre(tables: _Tables, unit: Unit, scale: Scale) -> _Centre:
    place, draw = figures.place_of(unit.key), _drawn("centre", unit.key)
    name = f"Trung tâm học tập cộng đồng {_within(unit.name)}"
    since = date(draw.randrange(2005, 2016), draw.randrange(1, 13), draw.randrange(1, 28))
    own = draw.random() < 0.45
    number = _provider(tables, unit, "clc", name, since, draw, own_premises=own)
    _staff(tables, number, since, draw, director=DIRECTORS.get(unit.key, ""))
    room = 0
    for name_of_room in words.ROOMS[: draw.randrange(1, 4)]:
        room = tables.rooms.add(number, name_of_room, draw.randrange(30, 160, 10), own, "" if own else "UBND xã")
    for thing in draw.sample(words.EQUIPMENT, draw.randrange(2, 6)):
        is_own = draw.random() < 0.7
        tables.equipment.add(number, thing, draw.randrange(1, 30), is_own, "" if is_own else "Nhà văn hóa", 2018)
    known = _people(tables, unit, round(place.people * scale.known / 1000), draw)
    return _Centre(unit, place.effort, number, name, room, known, draw)


def _provider(tables: _Tables, unit: Unit, kind: str, name: str, since: date, draw: random.Random, **told: bool) -> int:
    def answer(likely: float) -> bool | None:
        return None if draw.random() < 0.06 else draw.random() < likely

    point = places.points_of([unit.key]).get(unit.key)
    latitude, longitude = (round(one + draw.uniform(-0.01, 0.01), 5) for one in point) if point else (None, None)
    return tables.providers.add(
        f"{_KEYS[kind]}-{unit.key}-{len(name)}"[:160] if kind == "club" else f"{_KEYS[kind]}-{unit.key}"[:160],
        kind, name, fold(name), sort_key(name)[:1000], unit.pk,
        f"{draw.randrange(100, 3000)}/QĐ-UBND", since, f"Ủy ban nhân dân {unit.parent.name if unit.parent else ''}",
        unit.name, latitude, longitude, "", "", "", "7 giờ – 17 giờ, thứ Hai đến thứ Sáu",
        f"Chuyên đề theo nhu cầu người dân {INVENTED}", True, answer(0.08), answer(0.35),
        told.get("own_premises", answer(0.4)), answer(0.9), answer(0.7), answer(0.75), answer(0.85), answer(0.5), 1,
        since,
    )  # fmt: skip


_KEYS: Mapping[str, str] = {
    "clc": "trung-tam-hoc-tap-cong-dong",
    "vocational": "trung-tam-gdnn-gdtx",
    "library": "thu-vien",
    "club": "cau-lac-bo",
}


def _staff(tables: _Tables, centre: int, since: date, draw: random.Random, *, director: str) -> None:
    """Who works at a centre; `director` is somebody of the cast where one of them leads it."""
    begun = max(since, date(2016, 7, 1))
    posts = [("director", "Phó Chủ tịch UBND xã"), ("deputy", "Chủ tịch Hội Khuyến học xã"), ("deputy", "Hiệu trưởng")]
    posts += [("accountant", "Kế toán UBND xã")] + [("collaborator", "Giáo viên")] * draw.randrange(1, 5)
    posts += [("seconded", "Giáo viên")] * (draw.random() < 0.3)
    for role, occupation in posts:
        sex = draw.choice(("female", "male"))
        decision, allowance = f"{draw.randrange(10, 400)}/QĐ-UBND", 300_000 if role in {"director", "deputy"} else None
        name = _name(draw, sex, "kinh")
        name = director or name if role == "director" else name
        tables.posts.add(centre, role, name, occupation, decision, allowance, begun)


def _within(name: str) -> str:
    """The name of a unit as it stands within another name: "xã Thạnh Hưng"."""
    return name[:1].lower() + name[1:]


def _beside(tables: _Tables, district: str, seat: Unit) -> None:
    """What else a district has: a vocational centre, a library, clubs in its first commune."""
    draw, here = _drawn("beside", district), _within(seat.name)
    around = _within(seat.parent.name if seat.parent else "")
    for kind, name in (
        ("vocational", f"Trung tâm Giáo dục nghề nghiệp – Giáo dục thường xuyên {around}"),
        ("library", f"Thư viện {around}"),
        ("club", f"Câu lạc bộ gia đình hạnh phúc {here}"),
        ("club", f"Câu lạc bộ khuyến nông {here}"),
    ):
        _provider(tables, seat, kind, name, date(2015, 1, 5), draw)


def _people(tables: _Tables, unit: Unit, number: int, draw: random.Random) -> range:
    first = 0
    share = draw.uniform(0.02, 0.3)
    for _turn in range(number):
        sex = "female" if draw.random() < 0.53 else "male"
        ethnicity = "khmer" if draw.random() < share else "kinh"
        born = TODAY.year - min(86, max(9, round(draw.gauss(41, 15))))
        name = _name(draw, sex, ethnicity)
        # Some lists say no more than a name.
        is_told = draw.random() < 0.94
        key = tables.people.add(
            name, fold(name), _order(name), sex if is_told else "", born if is_told else None,
            ethnicity if is_told else "", "", "", "", unit.pk, _beginning(),
        )  # fmt: skip
        first = first or key
    return range(first, first + number)


def _name(draw: random.Random, sex: str, ethnicity: str) -> str:
    surname = draw.choice(words.KHMER if ethnicity == "khmer" else words.SURNAMES)
    return f"{surname} {draw.choice(words.MIDDLE[sex])} {draw.choice(words.GIVEN[sex])}"


@cache
def _order(name: str) -> str:
    return people.order_of(name)


@cache
def _beginning() -> Any:
    return instant(_at(date(2018, 1, 2), 8))


# ---- classes ---------------------------------------------------------------------------------------


def _shape(draw: random.Random, topic: _Topic) -> _Shape:
    """Of five classes one is a course of people known by name, two are talks with a list, two talks with heads."""
    chance = draw.random()
    if topic.code in words.COURSES and chance < 0.36:
        return _Shape("class", draw.randrange(3, 7), draw.choice((3, 7)), draw.randrange(20, 46), is_named=True)
    if chance < 0.58:
        return _Shape("talk", 1, 0, draw.randrange(35, 116), is_named=True)
    kind = draw.choice(("talk", "talk", "workshop", "club", "reading_day"))
    return _Shape(kind, 1, 0, draw.randrange(45, 136), is_named=False)


def _past_class(
    tables: _Tables, centre: _Centre, period: Period, taught: Sequence[_Topic], near: Sequence[_Centre]
) -> None:
    draw = centre.draw
    topic = draw.choice(taught)
    shape = _shape(draw, topic)
    days = _days(draw, period, shape)
    if draw.random() < 0.02:
        number = _activity(tables, centre, topic, shape, days, "cancelled", why=f"Mưa bão {INVENTED}")
        _sessions(tables, number, centre, days, state="cancelled")
        return
    held = [day for day in days if day < TODAY]
    number = _activity(tables, centre, topic, shape, days, "ended" if held == days else "open", held_on=held[0])
    sessions = _sessions(tables, number, centre, days)
    if not shape.is_named:
        _heads(tables, sessions[0][0], shape.people, draw)
        return
    came = _sampled(centre, near, shape.people)
    _attend(tables, number, sessions, came, draw, likely=1 if shape.sessions == 1 else 0.85)


def _days(draw: random.Random, period: Period, shape: _Shape) -> list[date]:
    first = period.first + timedelta(days=draw.randrange((period.end - period.first).days))
    return [first + timedelta(days=shape.every * turn) for turn in range(shape.sessions)]


def _activity(
    tables: _Tables,
    centre: _Centre,
    topic: _Topic,
    shape: _Shape,
    days: Sequence[date],
    state: str,
    *,
    held_on: date | None = None,
    capacity: int | None = None,
    why: str = "",
) -> int:
    draw = centre.draw
    title = draw.choice(words.TITLES[topic.code])
    enrolling = "open" if capacity else ("staff" if shape.is_named else "none")
    audience = draw.choice(words.AUDIENCES)
    number = tables.activities.add(
        f"gd{tables.activities.following:06d}", centre.number, centre.unit.pk, shape.kind, title, fold(title),
        topic.number, topic.field, "", f"{title} {INVENTED}", audience, audience == words.RURAL, "Hội trường xã",
        state, enrolling, days[0] - timedelta(days=1) if capacity else None, capacity, 0, True, days[0], days[-1],
        held_on, why, instant(_at(min(days[0] - timedelta(days=14), TODAY - timedelta(days=6)), 9)), 1,
    )  # fmt: skip
    tables.speakers.add(number, _name(draw, "male", "kinh"), draw.choice(words.SPEAKERS))
    _organise(tables, number, centre, draw)
    return number


def _organise(tables: _Tables, number: int, centre: _Centre, draw: random.Random) -> None:
    """The owner, four times in five the centre, and those who hold it with them."""
    others = draw.sample(sorted(words.COMING_FROM), draw.choice((0, 0, 1, 1, 2)))
    if others and draw.random() < 0.25:
        tables.organisers.add(number, "clc", None, centre.name, False)
    else:
        others = ["clc", *others]
    for place, kind in enumerate(others):
        name = centre.name if kind == "clc" else f"{words.COMING_FROM[kind]} {centre.unit.name}"
        tables.organisers.add(number, kind, centre.unit.pk if not place else None, name, not place)


def _sessions(
    tables: _Tables, activity: int, centre: _Centre, days: Sequence[date], *, state: str = "", hour: int = 0
) -> list[tuple[int, date, Any]]:
    """The sessions of a class: number, day, and when it began, as the database takes it."""
    found = []
    hour = hour or centre.draw.choice((7, 8, 13, 14, 18))
    for turn, day in enumerate(days, start=1):
        told = state or ("held" if day < TODAY else "planned")
        starts, ends = _at(day, hour), _at(day, hour + 2)
        why = "Mưa bão" if told == "cancelled" else ""
        number = tables.sessions.add(
            activity, turn, instant(starts), instant(ends), day, centre.room, "", "", told, why
        )
        found.append((number, day, instant(starts)))
    return found


def _heads(tables: _Tables, session: int, number: int, draw: random.Random) -> None:
    """Heads, of women and men; at every third session by age too, and at every tenth not told apart."""
    chance = draw.random()
    if chance < 0.1:
        tables.heads.add(session, "", "", number, 1)
        return
    women = round(number * draw.uniform(0.42, 0.66))
    for sex, count in (("female", women), ("male", number - women)):
        if chance < 0.7:
            tables.heads.add(session, sex, "", count, 1)
            continue
        left = count
        for band, share in zip(AGE_BANDS, (0.05, 0.2, 0.3, 0.6), strict=False):
            some = round(left * share)
            left -= some
            tables.heads.add(session, sex, band, some, 1)
        tables.heads.add(session, sex, "61", left, 1)


def _sampled(centre: _Centre, near: Sequence[_Centre], number: int) -> list[int]:
    """People of the commune, and a few of another one of the district."""
    draw = centre.draw
    found = draw.sample(centre.known, min(number, len(centre.known)))
    guests = number // 25
    if guests and len(near) > 1:
        host = draw.choice([one for one in near if one is not centre])
        found[:guests] = draw.sample(host.known, min(guests, len(host.known)))
    return found


def _attend(
    tables: _Tables,
    activity: int,
    sessions: Sequence[tuple[int, date, Any]],
    came: Sequence[int],
    draw: random.Random,
    *,
    likely: float,
) -> None:
    """The enrolments of some people, and their marks at the sessions that were held."""
    held = [one for one in sessions if one[1] < TODAY]
    is_over = len(held) == len(sessions)
    for place, person in enumerate(came, start=1):
        there = [likely == 1 or draw.random() < likely for _one in held]
        days = [day for (_number, day, _at_), came_there in zip(held, there, strict=True) if came_there]
        is_done = is_over and len(sessions) > 1 and len(days) * 5 >= len(sessions) * 4
        enrolment = tables.enrolments.add(
            activity, person, "completed" if is_done else "enrolled", place, "list", _secret(tables), sessions[0][2],
            days[0] if days else None, days[-1] if days else None,
        )  # fmt: skip
        for (session, _day, moment), came_there in zip(held, there, strict=True):
            mark = "absent" if not came_there else "late" if draw.random() < 0.06 else "present"
            tables.attendances.add(session, enrolment, mark, moment, 1)


def _secret(tables: _Tables) -> str:
    return f"giadinh{tables.enrolments.following:020d}"


# ---- what is to come -------------------------------------------------------------------------------


def _classes_to_come(tables: _Tables, centre: _Centre, taught: Sequence[_Topic]) -> None:
    """Open classes of the next weeks, some of them full; in one commune one that meets today."""
    draw = centre.draw
    for _turn in range(draw.randrange(1, 4)):
        topic = draw.choice(taught)
        sessions = draw.randrange(2, 6) if topic.code in words.COURSES else 1
        shape = _Shape("class" if sessions > 1 else "talk", sessions, 4, draw.randrange(20, 61, 5), is_named=True)
        first = TODAY + timedelta(days=draw.randrange(1, 50))
        days = [first + timedelta(days=4 * turn) for turn in range(sessions)]
        number = _activity(tables, centre, topic, shape, days, "open", capacity=shape.people)
        _sessions(tables, number, centre, days)
        asked = draw.choice((0.2, 0.5, 0.8, 0.95, 1.15))
        _ask(tables, number, centre, round(shape.people * asked), shape.people)
    if centre.unit.key.startswith(LIVE):
        _live_class(tables, centre, next(one for one in taught if one.code == "tin-hoc"))


def _ask(tables: _Tables, activity: int, centre: _Centre, number: int, capacity: int) -> None:
    """Citizens who have asked for a place; the last ones wait."""
    for place, person in enumerate(_sampled(centre, (), number), start=1):
        moment = instant(_at(TODAY - timedelta(days=5), 8) + timedelta(minutes=place * 17))
        state = "enrolled" if place <= capacity else "waiting"
        tables.enrolments.add(activity, person, state, place, "citizen", _secret(tables), moment, None, None)


def _live_class(tables: _Tables, centre: _Centre, topic: _Topic) -> None:
    """A course of forty people that has met three times and meets again today."""
    days = [TODAY + timedelta(days=turn) for turn in (-10, -7, -4, 0, 3, 7)]
    shape = _Shape("class", len(days), 0, 40, is_named=True)
    number = _activity(tables, centre, topic, shape, days, "open", held_on=days[0])
    sessions = _sessions(tables, number, centre, days, hour=14)
    _attend(tables, number, sessions, _sampled(centre, (), 40), centre.draw, likely=0.9)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _drawn(*seeds: object) -> random.Random:
    return random.Random("|".join(str(one) for one in ("learning", *seeds)))  # noqa: S311 - the same each time

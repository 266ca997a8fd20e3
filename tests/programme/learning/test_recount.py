"""Stored figures of learning at every level, against a slow recount of what people did through the services."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from tests.factories.cast import Cast, give, make_user
from tests.factories.learning import make_provider
from tests.factories.places import make_commune, make_district

from hieuhoc.foundation.records import clock
from hieuhoc.kernel.errors import HouseError
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of
from hieuhoc.programme.learning.models import Activity, Attendance, Provider
from hieuhoc.programme.learning.services import activities, attendance, sessions
from hieuhoc.programme.learning.services.activities import Holder
from hieuhoc.programme.learning.services.attendance import Heads, Item, Sent, WalkIn
from hieuhoc.programme.learning.services.enrolments import enrol
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators import services as definitions
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.services import join_people, note_person
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports import collect
from hieuhoc.reports import services as reports

pytestmark = pytest.mark.django_db
NOVEMBER = period_of(Rhythm.MONTH, date(2020, 11, 1), Calendar.CLOSING)
FIRST, LAST = date(2020, 10, 25), date(2020, 12, 4)
WHOLES = ("CLASSES", "SESSIONS", "TURNS", "TURNS_NAMED", "ATTENDANCES", "LEARNERS")
SPLIT = (("CLASSES", "organiser=women"), ("CLASSES", "organiser=youth"), ("CLASSES", "organiser=clc"))
LETTERS = "abcdefghijklmnopqrst"


def at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(20)))


# ---- what people do ----------------------------------------------------------------------------------


def live(cast: Cast, draw: random.Random) -> list[Unit]:
    """An autumn of six communes in two districts: classes with one to three organisers, cancelled, moved, ended."""
    other = make_district(cast.province, "Huyện Đông")
    communes = [cast.commune, cast.next_door]
    communes += [make_commune(above, f"Xã {name}") for above in (cast.district, other) for name in ("Đông", "Tây")]
    director = make_user("giamdoc", "Giám Đốc")
    for unit in communes:
        give(director, "centre_director", unit)
    people = [
        note_person(
            by=director,
            name=f"Người {letter}{letter}",
            birth_year=draw.choice([None, 1950, 1985, 2008]),
            sex=draw.choice(["", "female", "male"]),
            unit=draw.choice(communes),
        )
        for letter in LETTERS
    ]
    for unit in communes[:5]:  # the last has no centre
        centres = [make_provider(unit), make_provider(unit, f"Câu lạc bộ {unit.name}", kind="club")]
        for provider in centres:
            for _turn in range(draw.randrange(1, 4)):
                hold(director, provider, people, communes, draw)
        if draw.random() < 0.4:  # what it held before it ended still counts
            Provider.objects.filter(pk=centres[0].pk).update(valid_to=date(2020, 11, draw.randrange(1, 29)))
    for kept, gone in zip(people[:7], people[10:17], strict=True):
        join_people(by=director, kept=kept, gone=gone)
    return communes


def hold(by: User, provider: Provider, people: list[Person], communes: list[Unit], draw: random.Random) -> None:
    """One class from its making to its end, or to its being given up."""
    partners = [Holder("women", f"Hội Phụ nữ {name}", draw.choice(communes)) for name in draw.sample("xyz", 2)]
    partners.append(Holder("youth", "Đoàn xã", provider.unit))
    activity = activities.make_activity(
        by=by,
        provider=provider,
        with_=draw.sample(partners, draw.randrange(4)),
        kind="class",
        title="Lớp",
        capacity=draw.choice([None, None, 4]),
    )
    days = [FIRST + timedelta(days=draw.randrange((LAST - FIRST).days)) for _turn in range(draw.randrange(2, 5))]
    for day in days:
        sessions.add_sessions(by=by, activity=activity, first=day, begins=time(8), ends=time(10))
    activities.move_activity(by=by, activity=activity, deed="open")
    learners = [enrol(by=by, activity=activity, person=one) for one in draw.sample(people, draw.randrange(5, 15))]
    for session in activity.sessions.order_by("pk"):
        if draw.random() < 0.2:
            sessions.cancel_session(by=by, session=session, why="mưa")
            continue
        marks: list[Item] = [
            Sent(uuid4(), one.pk, draw.choice(["present", "present", "late", "absent", ""]))
            for one in learners
            if draw.random() < 0.8
        ]
        if draw.random() < 0.3:
            marks.append(WalkIn(uuid4(), f"Khách {draw.choice(LETTERS)}{draw.choice(LETTERS)}", 1970))
        if draw.random() < 0.5:
            marks += [Heads(uuid4(), draw.randrange(30), sex="female"), Heads(uuid4(), draw.randrange(30))]
        attendance.take_marks(by=by, session=session, marks=marks)
    for deed in draw.sample(["end", "cancel"], draw.randrange(2)):
        try:
            activities.move_activity(by=by, activity=activity, deed=deed, why="hết người học")
        except HouseError:
            continue  # what was held is not cancelled


# ---- the same figures, row by row --------------------------------------------------------------------


def above(unit: Unit) -> Iterator[int]:
    """The unit and those it lies in."""
    one: Unit | None = unit
    while one is not None:
        yield one.pk
        one = one.parent


def recount(period: Period) -> Counter[tuple[str, str, int]]:
    """Every figure by name, part and unit, counted as a clerk would with a pencil."""
    found: Counter[tuple[str, str, int]] = Counter()
    learners: dict[int, set[int]] = defaultdict(set)
    for activity in Activity.objects.filter(provider__kind="clc"):
        held = [one for one in activity.sessions.all() if one.state == "held"]
        came: dict[int, date] = {}
        full: list[tuple[int, date, int]] = []
        told: Counter[tuple[str, str]] = Counter()
        for session in held:
            inside = period.first <= session.on < period.end
            there = set()
            for mark in Attendance.objects.filter(session=session).exclude(mark="absent"):
                person = mark.enrolment.person
                root = person.same_as_id or person.pk
                there.add(root)
                came[root] = min(came.get(root, session.on), session.on)
            heads = sum(one.count for one in session.heads.all())
            full.append((-heads, session.on, session.pk))
            if inside:
                told["SESSIONS", ""] += 1
                told["ATTENDANCES", ""] += len(there) + heads
                for unit in above(activity.unit):
                    learners[unit] |= there
        if held and period.first <= min(one.on for one in held) < period.end:
            told["CLASSES", ""] += 1
            for kind in {one.kind for one in activity.organisers.all()}:
                told["CLASSES", f"organiser={kind}"] += 1
        named = sum(period.first <= day < period.end for day in came.values())
        told["TURNS", ""] += named
        told["TURNS_NAMED", ""] += named
        if full and period.first <= min(full)[1] < period.end:
            told["TURNS", ""] -= min(full)[0]
        for (what, part), number in told.items():
            for unit in above(activity.unit):
                found[what, part, unit] += number
    for unit, who in learners.items():
        found["LEARNERS", "", unit] = len(who)
    return found


@pytest.mark.parametrize("seed", range(2))
def test_stored_figures_are_those_of_a_slow_recount_at_every_level(cast: Cast, seed: int) -> None:
    with clock.pinned(at(date(2020, 9, 1))):
        definitions.load_indicators()
        reports.load_forms(province=cast.province)
    draw = random.Random(seed)  # noqa: S311  # the same each time, no secret
    with clock.pinned(at(LAST)):
        communes = live(cast, draw)
        if connection.vendor == "postgresql":  # it learns by itself only of what is committed how much there is
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        collect.collect(NOVEMBER)
    plain = recount(NOVEMBER)
    units = {pk for unit in communes for pk in above(unit)}
    codes = [f"CLC.{name}" for name in WHOLES]
    stored = indicators.values(units, [NOVEMBER], codes=codes, bys=["", *(part for _name, part in SPLIT)])
    for unit in units:
        for name, part in [*((name, "") for name in WHOLES), *SPLIT]:
            value = stored[indicators.At(unit, f"CLC.{name}", NOVEMBER, part)].value
            assert (value or 0) == plain[name, part, unit], (name, part, unit)
        share = indicators.values([unit], [NOVEMBER], codes=["CLC.NAMED_SHARE"], bys=[""])
        told = share[indicators.At(unit, "CLC.NAMED_SHARE", NOVEMBER, "")].value
        if plain["TURNS", "", unit]:
            assert told == pytest.approx(100 * plain["TURNS_NAMED", "", unit] / plain["TURNS", "", unit])
    assert plain["CLASSES", "", cast.province.pk]

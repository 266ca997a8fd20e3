"""What learning counts: once where it is held, by the day it was held, and never what nobody recorded."""

import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.cast import Cast, give, make_user
from tests.factories.indicators import month, turn
from tests.factories.learning import make_activity, make_person, make_provider, make_session
from tests.factories.places import make_commune, make_district
from tests.factories.reorganisations import carry_out, heir, make_event

from hieuhoc.kernel.periods import Period, Rhythm
from hieuhoc.programme.learning import facts
from hieuhoc.programme.learning.models import (
    Activity,
    Allocation,
    Assessment,
    Attendance,
    Enrolment,
    GradingSet,
    HeadCount,
    Organiser,
    Post,
    Session,
    Spending,
)
from hieuhoc.programme.learning.services import money
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.places.models import Unit

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER, YEAR = month(2020, 11), month(2020, 12), turn(Rhythm.YEAR, 2020)
DAY = date(2020, 11, 3)


def counted(period: Period = NOVEMBER, *names: str) -> dict[tuple[str, int, str], int]:
    """Every fact by what, unit and part, each told once."""
    found: dict[tuple[str, int, str], int] = {}
    for one in facts.facts(period, names={f"learning.{name}" for name in names} if names else None):
        key = one.what.removeprefix("learning."), one.unit, one.by
        assert key not in found
        found[key] = one.value
    return found


def hold(activity: Activity, on: date = DAY) -> Session:
    session = make_session(activity, on)
    Session.objects.filter(pk=session.pk).update(state="held")
    held = activity.sessions.filter(state="held").order_by("on").values_list("on", flat=True)
    Activity.objects.filter(pk=activity.pk).update(held_on=held[0])
    return session


def attend(session: Session, person: Person, mark: str = "present") -> None:
    """A mark, as taking attendance writes it."""
    activity = session.activity
    enrolment, _new = Enrolment.objects.get_or_create(
        activity=activity,
        person=person,
        defaults={
            "place": activity.enrolments.count() + 1,
            "source": "staff",
            "secret": f"{activity.pk}-{person.pk}",
            "asked_at": timezone.now(),
        },
    )
    Attendance.objects.create(session=session, enrolment=enrolment, mark=mark, marked_at=timezone.now())
    came = enrolment.attendances.exclude(mark="absent").order_by("session__on").values_list("session__on", flat=True)
    if came:
        Enrolment.objects.filter(pk=enrolment.pk).update(first_on=min(came), last_on=max(came))


def heads(session: Session, count: int, sex: str = "", band: str = "") -> None:
    HeadCount.objects.create(session=session, sex=sex, age_band=band, count=count)


def test_an_activity_counts_once_in_the_period_of_its_first_session_held(cast: Cast) -> None:
    activity = make_activity(make_provider(cast.commune))
    hold(activity, date(2020, 11, 10))
    hold(activity, date(2020, 11, 20))
    found, later = counted(NOVEMBER, "classes", "sessions"), counted(DECEMBER, "classes", "sessions")
    here = cast.commune.pk
    assert (found["classes", here, ""], later["classes", here, ""]) == (1, 0)
    assert (found["sessions", here, ""], later["sessions", here, ""]) == (1, 1)
    assert (found["classes", here, "field=economy"], found["classes", here, "field=law"]) == (1, 0)


def test_a_class_with_three_organisers_is_one_class_and_one_of_each_of_them(cast: Cast) -> None:
    activity = make_activity(make_provider(cast.commune))
    Organiser.objects.create(activity=activity, kind="women", name="Hội Phụ nữ xã", unit=None)
    Organiser.objects.create(activity=activity, kind="women", name="Hội Phụ nữ huyện", unit=None)
    hold(activity)
    found = counted(NOVEMBER, "classes")
    parts = [
        found["classes", cast.commune.pk, by] for by in ("", "organiser=clc", "organiser=women", "organiser=youth")
    ]
    assert parts == [1, 1, 1, 0]


def test_a_commune_that_has_never_held_anything_here_has_no_figure(cast: Cast) -> None:
    make_provider(cast.next_door)
    hold(make_activity(make_provider(cast.commune)))
    units = {unit for what, unit, _by in counted() if what in {"classes", "turns", "sessions", "attendances"}}
    assert units == {cast.commune.pk}
    assert {unit for what, unit, _by in counted() if what == "learners"} == {
        cast.commune.pk,
        cast.district.pk,
        cast.province.pk,
    }


def test_what_other_bodies_hold_is_no_class_of_a_centre(cast: Cast) -> None:
    hold(make_activity(make_provider(cast.commune, "Thư viện huyện", kind="library")))
    assert not counted(NOVEMBER, "classes", "turns", "sessions")


def test_a_turn_is_one_person_in_one_activity_and_heads_of_the_fullest_session(cast: Cast) -> None:
    activity = make_activity(make_provider(cast.commune))
    one, two = hold(activity, DAY), hold(activity, DAY + timedelta(days=2))
    woman, man = make_person("Trần Thị Ba", sex="female", birth_year=1990), make_person("Lê Văn Tư", sex="")
    for session in (one, two):
        attend(session, woman)
    attend(two, man, "late")
    attend(one, make_person("Võ Văn Sáu"), "absent")
    heads(one, 5)
    heads(two, 4, "female")
    heads(two, 3, "male")
    found, here = counted(), cast.commune.pk
    assert (found["turns", here, ""], found["turns_named", here, ""]) == (9, 2)
    assert (found["turns", here, "sex=female"], found["turns", here, "sex=male"]) == (5, 3)
    assert (found["turns", here, "learner_age=26-35"], found["turns", here, "field=economy"]) == (1, 9)
    assert found["attendances", here, ""] == 3 + 5 + 7
    assert found["learners", here, ""] == 2


def test_turns_of_rural_workers_are_those_of_the_classes_for_them(cast: Cast) -> None:
    centre, elsewhere = make_provider(cast.commune), make_provider(cast.next_door)
    rural, other, abroad = (make_activity(one) for one in (centre, centre, elsewhere))
    for activity, number in ((rural, 30), (other, 11), (abroad, 7)):
        session = hold(activity)
        heads(session, number)
        attend(session, make_person("Danh Thị Út"))
    Activity.objects.filter(pk=rural.pk).update(for_rural_workers=True)
    found = counted(YEAR, "turns_rural")
    assert found == {("turns_rural", cast.commune.pk, ""): 31}  # of the other commune nobody has said anything
    (row,) = facts.rows_beneath(cast.binh, "learning.turns_rural", unit=cast.district, period=YEAR)
    assert row.count == 31
    assert counted(turn(Rhythm.YEAR, 2021), "turns_rural") == {("turns_rural", cast.commune.pk, ""): 0}


def test_what_nobody_recorded_of_anybody_has_no_parts(cast: Cast) -> None:
    heads(hold(make_activity(make_provider(cast.commune))), 30)
    found = counted(NOVEMBER, "turns")
    assert {by for _what, _unit, by in found if not by.startswith("field")} == {""}


def test_one_person_under_two_rows_is_one_turn_and_one_presence(cast: Cast) -> None:
    session = hold(make_activity(make_provider(cast.commune)))
    kept, gone = make_person("Danh Út"), make_person("Danh Út")
    attend(session, kept)
    attend(session, gone)
    Person.objects.filter(pk=gone.pk).update(same_as=kept)
    found, here = counted(), cast.commune.pk
    assert [found[what, here, ""] for what in ("turns", "turns_named", "attendances", "learners")] == [1, 1, 1, 1]


def test_somebody_who_learns_in_two_communes_is_one_person_of_the_district(cast: Cast) -> None:
    person = make_person("Trần Thị Ba", sex="female")
    for unit in (cast.commune, cast.next_door):
        attend(hold(make_activity(make_provider(unit))), person)
    found = counted(NOVEMBER, "learners", "turns")
    units = (cast.commune.pk, cast.next_door.pk, cast.district.pk, cast.province.pk)
    assert [found["learners", unit, "sex=female"] for unit in units] == [1, 1, 1, 1]
    assert [found["turns", unit, ""] for unit in units[:2]] == [1, 1]


def _random_house(cast: Cast, draw: random.Random) -> list[Unit]:
    """Classes of six communes, some people in several of them, some known under two rows."""
    other = make_district(cast.province, "Huyện Đông")
    communes = [
        cast.commune,
        cast.next_door,
        *(make_commune(d, f"Xã {n}") for d in (cast.district, other) for n in "ab"),
    ]
    people = [
        make_person(
            f"Người {letter}",
            birth_year=draw.choice([None, 1950, 1985, 2008]),
            sex=draw.choice(["", "female", "male"]),
        )
        for letter in "abcdefghijklmnopqrst"
    ]
    for unit in communes:
        provider = make_provider(unit)
        for _turn in range(draw.randrange(4)):
            activity = make_activity(provider)
            sessions = [hold(activity, DAY + timedelta(days=draw.randrange(-25, 25))) for _one in range(2)]
            for person in draw.sample(people, draw.randrange(8)):
                for session in draw.sample(sessions, draw.randrange(1, 3)):
                    attend(session, person, draw.choice(["present", "late", "absent"]))
            if draw.random() < 0.6:
                for session in sessions:
                    heads(session, draw.randrange(1, 40), "female")
                    heads(session, draw.randrange(1, 40))
    for kept, gone in zip(people[:4], people[10:14], strict=True):
        Person.objects.filter(pk=gone.pk).update(same_as=kept)
    return communes


def _plainly(period: Period, communes: list[Unit]) -> dict[tuple[str, int], int]:
    """The same figures, row by row."""
    found: Counter[tuple[str, int]] = Counter()
    people: dict[int, set[int]] = defaultdict(set)
    turns: dict[tuple[int, int], list[date]] = defaultdict(list)
    units = {}
    for one in Attendance.objects.exclude(mark="absent"):
        activity, on = one.session.activity, one.session.on
        root = one.enrolment.person.same_as_id or one.enrolment.person_id
        turns[activity.pk, root].append(on)
        units[activity.pk] = activity.unit
        if period.first <= on < period.end:
            for number in activity.unit.path.strip("/").split("/"):
                people[int(number)].add(root)
    for (activity, _root), days in turns.items():
        found["turns", units[activity].pk] += period.first <= min(days) < period.end
    for one in Activity.objects.all():
        full: list[Any] = [(-sum(h.count for h in s.heads.all()), s.on, s.pk) for s in one.sessions.all()]
        if full and min(full)[0] and period.first <= min(full)[1] < period.end:
            found["turns", one.unit_id] -= min(full)[0]
    return {**found, **{("learners", unit): len(who) for unit, who in people.items()}}


@pytest.mark.parametrize("seed", range(6))
def test_figures_are_those_of_a_plain_count_and_their_rows_add_up_to_them(cast: Cast, seed: int) -> None:
    communes = _random_house(cast, random.Random(seed))  # noqa: S311  # the same each time, no secret
    for period in (NOVEMBER, YEAR):
        found, plain = counted(period, "turns", "learners"), _plainly(period, communes)
        assert {(what, unit): n for (what, unit, by), n in found.items() if not by and n} == {
            key: n for key, n in plain.items() if n
        }
    director = make_user("giamdoc", "Giám Đốc")
    for unit in communes:
        give(director, "centre_director", unit)
    for what in ("classes", "sessions", "turns", "turns_named", "attendances", "learners"):
        told = counted(NOVEMBER, what)
        for unit in communes:
            rows = facts.rows_beneath(director, f"learning.{what}", unit=unit, period=NOVEMBER)
            assert sum(row.count for row in rows) == told.get((what, unit.pk, ""), 0)
    rows = facts.rows_beneath(director, "learning.learners", unit=cast.province, period=NOVEMBER)
    assert len(rows) == counted(NOVEMBER, "learners").get(("learners", cast.province.pk, ""), 0)


def test_rows_are_named_for_whoever_may_see_them_and_people_only_for_those_who_teach(cast: Cast) -> None:
    attend(hold(make_activity(make_provider(cast.commune), "Trồng khóm")), make_person("Danh Út"))
    told = {"unit": cast.commune, "period": NOVEMBER}
    assert [row.title for row in facts.rows_beneath(cast.an, "learning.turns", **told)] == ["Trồng khóm: 1 lượt"]
    assert facts.rows_beneath(cast.chi, "learning.turns", **told) == []
    assert facts.rows_beneath(cast.xuan, "learning.learners", **told) == []
    (row,) = facts.rows_beneath(cast.hue, "learning.learners", **told)
    assert "Danh" not in row.title


def test_centres_and_what_they_have_are_counted_on_the_last_day(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    centre.with_culture_house, centre.has_seal, centre.is_model = True, False, None
    centre.save()
    Post.objects.create(provider=centre, role="seconded", name="A", valid_from=date(2019, 1, 1))
    Post.objects.create(
        provider=centre, role="instructor", name="B", valid_from=date(2019, 1, 1), valid_to=date(2020, 6, 1)
    )
    found, here = counted(YEAR), cast.commune.pk
    assert [found["centres", here, by] for by in ("", "with_culture_house=yes", "with_culture_house=no")] == [1, 1, 0]
    assert (found["communes_covered", here, ""], found["centres_seal", here, ""]) == (1, 0)
    assert ("centres_model", here, "") not in found  # nobody has said
    assert (found["instructors", here, ""], found["seconded", here, ""]) == (1, 1)
    assert ("clubs", here, "") not in found
    assert not any(unit == cast.next_door.pk for _what, unit, _by in found)


def test_a_centre_that_has_ended_leaves_a_known_zero(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    type(centre).objects.filter(pk=centre.pk).update(valid_to=date(2020, 3, 1))
    found = counted(YEAR, "centres", "communes_covered")
    assert [found[what, cast.commune.pk, ""] for what in ("centres", "communes_covered")] == [0, 0]
    assert counted(turn(Rhythm.YEAR, 2019), "centres")["centres", cast.commune.pk, ""] == 1


def test_the_states_money_and_the_grades_of_the_year_are_counted(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    told = {"provider": centre, "noted_at": timezone.now(), "voucher": "C1"}
    for line, source, amount in (
        ("allowance", "state", 900_000),
        ("sessions", "state", 600_000),
        ("materials", "fund", 5),
    ):
        Spending.objects.create(line=line, source=source, amount=amount, on=DAY, **told)
    Spending.objects.create(line="other", source="state", amount=7, on=DAY, cancelled_at=timezone.now(), **told)
    Allocation.objects.create(
        provider=centre, year=2020, step="allocation", line="other", source="state", amount=1, noted_at=timezone.now()
    )
    grading = GradingSet.objects.create(code="thu", name="Thử", state="in_force", valid_from=date(2020, 1, 1))
    Assessment.objects.create(
        provider=centre, year=2020, grading=grading, state="verified", grade="good", verified_at=timezone.now()
    )
    found, here = counted(YEAR), cast.commune.pk
    assert found["state_support", here, ""] == 1_500_000
    parts = [found["state_support", here, f"support_kind={one}"] for one in ("allowance", "materials", "equipment")]
    assert parts == [900_000, 0, 0]
    grades = [found["centres_graded", here, by] for by in ("", "centre_grade=good", "centre_grade=weak")]
    assert grades == [1, 1, 0]
    assert counted(turn(Rhythm.YEAR, 2021), "state_support")["state_support", here, ""] == 0


def test_money_is_counted_by_source_and_a_centre_that_got_nothing_is_one_where_money_is_kept(cast: Cast) -> None:
    centre, poor, silent = (make_provider(unit) for unit in (cast.commune, cast.commune, cast.next_door))
    given = {"provider": centre, "year": 2020, "step": "allocation", "noted_at": timezone.now()}
    for source, line, amount in (("state", "materials", 12_000_000), ("fund", "other", 3_000_000)):
        Allocation.objects.create(line=line, source=source, amount=amount, document="QĐ 9", **given)
    Allocation.objects.create(line="other", source="state", amount=9, cancelled_at=timezone.now(), **given)
    Spending.objects.create(
        provider=centre, line="other", source="learners", amount=500_000, on=DAY, voucher="C1", noted_at=timezone.now()
    )
    names = ("money_allocated", "money_spent", "centres_unsupported", "support_norm")
    found, here = counted(YEAR, *names), cast.commune.pk
    assert [found["money_allocated", here, f"money_source={one}"] for one in ("state", "fund", "learners")] == [
        12_000_000,
        3_000_000,
        0,
    ]
    assert (found["money_allocated", here, ""], found["money_spent", here, ""]) == (15_000_000, 500_000)
    assert found["centres_unsupported", here, ""] == 1  # `poor`
    assert not any(unit == cast.next_door.pk for _what, unit, _by in found)  # `silent` keeps no money here
    for name, titles in (("money_allocated", ["QĐ 9: 12.000.000 đồng", "QĐ 9: 3.000.000 đồng"]), ("money_spent", None)):
        rows = facts.rows_beneath(cast.hue, f"learning.{name}", unit=cast.commune, period=YEAR)
        assert sum(row.count for row in rows) == found[name, here, ""]
        assert titles is None or sorted(row.title for row in rows) == titles
    told = {"unit": cast.district, "period": YEAR}
    assert [row.title for row in facts.rows_beneath(cast.hue, "learning.centres_unsupported", **told)] == [poor.name]
    assert facts.rows_beneath(cast.chi, "learning.money_allocated", **told) == []
    assert silent.name not in {row.title for row in facts.rows_beneath(cast.chi, "learning.support_norm", **told)}


def test_the_norm_of_a_commune_is_known_once_that_of_every_centre_is(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    make_provider(cast.commune, "Trung tâm mới", since=date(2020, 6, 1))
    money.load_norms()
    assert ("support_norm", cast.commune.pk, "") not in counted(YEAR, "support_norm")
    money.set_area(by=cast.binh, unit=cast.commune, area="II", valid_from=date(2015, 1, 1))
    assert counted(YEAR, "support_norm")["support_norm", cast.commune.pk, ""] == 25_000_000 + 30_000_000
    rows = facts.rows_beneath(cast.hue, "learning.support_norm", unit=cast.commune, period=YEAR)
    assert sorted(row.count for row in rows) == [25_000_000, 30_000_000]
    assert centre.key in rows[0].url or centre.key in rows[1].url


def test_a_grade_by_a_mere_draft_is_no_grade(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    draft = GradingSet.objects.create(code="thu", name="Thử", valid_from=date(2020, 1, 1))
    Assessment.objects.create(
        provider=centre, year=2020, grading=draft, state="verified", grade="good", verified_at=timezone.now()
    )
    assert counted(YEAR, "centres_graded") == {}


def test_after_a_merger_earlier_months_stay_with_the_old_commune_and_later_ones_go_to_its_heir(cast: Cast) -> None:
    early = make_activity(make_provider(cast.commune))
    attend(hold(early, date(2020, 10, 5)), make_person("Danh Út"))
    carry_out(cast, make_event(cast))
    attend(hold(early, date(2020, 11, 4)), make_person("Lý Mỹ"))
    before, after = counted(month(2020, 10), "turns"), counted(NOVEMBER, "turns", "learners")
    assert before["turns", cast.commune.pk, ""] == 1
    assert ("turns", cast.commune.pk, "") not in after
    assert (after["turns", heir().pk, ""], after["learners", heir().pk, ""]) == (1, 1)


def test_a_month_is_counted_in_a_fixed_number_of_queries(cast: Cast) -> None:
    for _turn in range(3):
        attend(hold(make_activity(make_provider(cast.commune))), make_person("Danh Út"))
    with CaptureQueriesContext(connection) as few:
        counted()
    for _turn in range(5):
        attend(hold(make_activity(make_provider(cast.next_door))), make_person("Danh Ba"))
    with CaptureQueriesContext(connection) as more:
        counted()
    assert len(more) == len(few)

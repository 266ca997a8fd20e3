"""Rounds: who is asked on which map, opened by the calendar or by hand, closed, published; forms and kinds."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.factories import places as factory
from tests.factories.cast import Cast
from tests.factories.indicators import month
from tests.factories.reports import LAYOUT, NOVEMBER, hand_in, make_definitions, make_kind, make_round, report_of

from hieuhoc.foundation.outbox.models import Message
from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.kernel.periods import period_from
from hieuhoc.registers.indicators.models import Total
from hieuhoc.reports import selectors, services
from hieuhoc.reports.models import FormVersion, Round, Submission

pytestmark = pytest.mark.django_db

TODAY = date(2020, 11, 16)


def levels(one: Round) -> set[tuple[str, str, date]]:
    return set(one.submissions.values_list("unit__name", "level", "due_on"))


# ---- opening ----------------------------------------------------------------------------------------


def test_every_unit_of_the_levels_owes_a_report_by_the_day_of_its_level(cast: Cast) -> None:
    one = make_round(cast)
    assert one.closes_on == date(2020, 11, 14)
    assert levels(one) == {
        (cast.commune.name, "commune", date(2020, 11, 17)),
        (cast.next_door.name, "commune", date(2020, 11, 17)),
        (cast.district.name, "district", date(2020, 11, 20)),
        (cast.province.name, "province", date(2020, 11, 24)),
    }
    assert trail.verify() is None


def test_agencies_that_are_named_owe_theirs(cast: Cast) -> None:
    kind = make_kind(
        cast, levels=["province", "agency"], sending={"province": 10, "agency": 4}, agencies=[cast.finance]
    )
    one = make_round(cast, kind)
    assert {level for _name, level, _due in levels(one)} == {"province", "agency"}
    assert report_of(one, cast.finance).due_on == date(2020, 11, 18)


def test_the_tree_of_the_periods_last_day_says_who_owes(cast: Cast) -> None:
    kind = make_kind(cast)
    fresh = factory.make_commune(cast.district, "Xã Mới", valid_from=date(2020, 11, 15))
    assert not make_round(cast, kind).submissions.filter(unit=fresh).exists()
    assert make_round(cast, kind, period=month(2020, 12)).submissions.filter(unit=fresh).exists()


def test_where_there_are_no_districts_communes_report_to_the_province(cast: Cast) -> None:
    other = factory.make_province("Tỉnh Hai Cấp")
    commune = factory.make_commune(other, "Xã Thẳng")
    kind = make_kind(cast)
    kind.root = other
    kind.save()
    one = services.rounds._open(trail.HOUSE, kind, NOVEMBER, dues={})
    assert {level for _name, level, _due in levels(one)} == {"commune", "province"}
    assert report_of(one, commune).unit.parent == other


def test_a_period_has_one_round_unless_it_was_cancelled(cast: Cast) -> None:
    kind = make_kind(cast)
    one = make_round(cast, kind)
    with pytest.raises(Conflict):
        make_round(cast, kind)
    services.cancel_round(by=cast.binh, round=one, why="Lặp")
    assert make_round(cast, kind).pk != one.pk


def test_days_of_ones_own_are_taken_when_a_working_day_lies_between(cast: Cast) -> None:
    kind = make_kind(cast)
    with pytest.raises(Invalid, match="ít nhất một ngày làm việc"):
        services.open_round(by=cast.binh, kind=kind, period=NOVEMBER, dues={"commune": date(2020, 11, 15)})
    one = services.open_round(by=cast.binh, kind=kind, period=NOVEMBER, dues={"commune": date(2020, 11, 30)})
    assert report_of(one, cast.commune).due_on == date(2020, 11, 30)
    assert report_of(one, cast.district).due_on == date(2020, 11, 20)


def test_a_period_of_another_calendar_is_refused(cast: Cast) -> None:
    kind = make_kind(cast)
    for key in ("xmc-2020", "2020-Q4", "rieng-20201101-20201110"):
        with pytest.raises(Invalid):
            services.open_round(by=cast.binh, kind=kind, period=period_from(key))


def test_an_ad_hoc_report_has_days_of_its_own_and_its_figures_lie_on_them(cast: Cast) -> None:
    kind = make_kind(cast, category="ad_hoc", calendar="own", levels=["commune"], sending={"commune": 1})
    span = period_from("rieng-20201101-20201110")
    one = services.open_round(by=cast.binh, kind=kind, period=span, closes_on=date(2020, 11, 12))
    hand_in(cast.an, report_of(one, cast.commune))
    assert Total.objects.get(unit=cast.province, indicator__code="RP.CLASSES").period.period == span


def test_the_tick_opens_what_the_calendar_asks_for_once(cast: Cast) -> None:
    make_kind(cast)
    assert services.open_rounds(on=date(2020, 11, 8)) == 0  # October is over for everybody, November not yet near
    assert services.open_rounds(on=date(2020, 11, 9)) == 1
    assert services.open_rounds(on=date(2020, 11, 20)) == 0
    assert Round.objects.get().period.key == "2020-11"


def test_a_house_that_was_off_for_some_days_opens_what_can_still_be_handed_in(cast: Cast) -> None:
    make_kind(cast)
    assert services.open_rounds(on=date(2020, 11, 23)) == 1
    assert Round.objects.get().period.key == "2020-11"


def test_a_regime_that_has_ended_and_one_that_is_not_periodic_open_nothing(cast: Cast) -> None:
    kind = make_kind(cast)
    services.end_kind(by=cast.binh, kind=kind, on=date(2020, 11, 1))
    assert services.open_rounds(on=date(2020, 11, 12)) == 0


# ---- going on ---------------------------------------------------------------------------------------


def test_progress_counts_every_report_by_level_and_standing(cast: Cast) -> None:
    one = make_round(cast)
    hand_in(cast.an, report_of(one, cast.commune))
    told = selectors.progress(cast.binh, one, on=date(2020, 11, 18))
    assert told == {"province": {"due": 1}, "district": {"due": 1}, "commune": {"submitted": 1, "overdue": 1}}


def test_the_consolidated_table_has_those_beneath_and_names_the_silent(cast: Cast) -> None:
    one = make_round(cast)
    hand_in(cast.an, report_of(one, cast.commune))
    table = selectors.consolidated(cast.dung, one, cast.district)
    assert [row.unit.name for row in table.rows] == [cast.commune.name, cast.next_door.name]
    assert [row.values[0].value for row in table.rows] == [4, None]
    assert table.totals[0].value == 4
    assert [row.unit.unit for row in table.silent] == [cast.next_door]
    with pytest.raises(Missing):
        selectors.consolidated(cast.chi, one, cast.district)


def test_lists_take_as_many_queries_for_many_units_as_for_few(cast: Cast) -> None:
    kind = make_kind(cast)
    make_round(cast, kind, period=month(2020, 10))  # so that both have a period before
    small = make_round(cast, kind)
    asked: dict[str, Any] = {
        "progress": lambda one: selectors.progress(cast.binh, one, on=TODAY),
        "rows": lambda one: list(selectors.submissions_in(cast.binh, one, on=TODAY)),
        "consolidated": lambda one: selectors.consolidated(cast.binh, one, cast.district),
        "sheet": lambda one: selectors.sheet(cast.binh, report_of(one, cast.district)),
        "owed": lambda _one: selectors.owed(cast.an, on=TODAY, q="bao cao"),
    }

    def counts(one: Round) -> dict[str, int]:
        found = {}
        for name, ask in asked.items():
            ask(one)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                ask(one)
            found[name] = len(queries)
        return found

    before = counts(small)
    for number in range(12):
        factory.make_commune(cast.district, f"Xã Thứ {number}")
    assert counts(make_round(cast, kind, period=month(2020, 12))) == before


# ---- ending -----------------------------------------------------------------------------------------


def test_what_is_approved_is_published_and_nothing_before(cast: Cast) -> None:
    one = make_round(cast)
    for user, unit in ((cast.an, cast.commune), (cast.chi, cast.next_door)):
        hand_in(user, report_of(one, unit))
    with pytest.raises(Invalid, match="chưa duyệt"):
        services.publish_round(by=cast.binh, round=one)
    for unit in (cast.commune, cast.next_door):
        services.approve(by=cast.dung, submission=report_of(one, unit))
    assert services.publish_round(by=cast.binh, round=one) > 0
    assert set(Total.objects.filter(period=one.period).values_list("state", flat=True)) == {"published"}
    with pytest.raises(Refused):
        services.publish_round(by=cast.xuan, round=one)
    with pytest.raises(Missing):
        services.publish_round(by=cast.dung, round=one)


def test_a_cancelled_round_asks_nobody_and_needs_a_reason(cast: Cast) -> None:
    one = make_round(cast)
    with pytest.raises(Invalid):
        services.cancel_round(by=cast.binh, round=one, why="")
    services.cancel_round(by=cast.binh, round=one, why="Gửi nhầm")
    assert selectors.owed(cast.an, on=TODAY) == []


# ---- forms and kinds --------------------------------------------------------------------------------


def draft(cast: Cast) -> FormVersion:
    make_definitions()
    return services.draft_form(by=cast.binh, name="Biểu mới", code="bieu-moi", owner=cast.education)


def test_a_draft_may_be_unfinished_but_only_a_whole_form_is_put_in_force(cast: Cast) -> None:
    version = draft(cast)
    half = {"sections": [{"key": "a", "heading": "A", "blocks": []}], "checks": []}
    services.edit_layout(by=cast.binh, version=version, layout=half)
    with pytest.raises(Invalid) as refused:
        services.put_in_force(by=cast.binh, version=version)
    assert refused.value.field == "layout"
    services.edit_layout(by=cast.binh, version=version, layout=LAYOUT)
    assert services.put_in_force(by=cast.binh, version=version).state == "in_force"
    with pytest.raises(Conflict):
        services.edit_layout(by=cast.binh, version=version, layout=half)


def test_a_new_version_leaves_open_rounds_with_the_one_they_began_with(cast: Cast) -> None:
    kind = make_kind(cast)
    one = make_round(cast, kind)
    fresh = services.new_version(by=cast.binh, form=kind.form)
    assert fresh.layout == LAYOUT
    with pytest.raises(Conflict):
        services.new_version(by=cast.binh, form=kind.form)
    changed = deepcopy(LAYOUT)
    changed["sections"][0]["heading"] = "Khác"
    services.edit_layout(by=cast.binh, version=fresh, layout=changed)
    services.put_in_force(by=cast.binh, version=fresh)
    one.refresh_from_db()
    assert (one.version.number, one.version.state) == (1, "retired")
    assert make_round(cast, kind, period=month(2020, 12)).version.number == 2
    hand_in(cast.an, report_of(one, cast.commune))


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"calendar": "moon"}, "calendar"),
        ({"rhythm": "week"}, "rhythm"),
        ({"levels": []}, "levels"),
        ({"levels": ["agency"], "sending": {"agency": 3}}, "agencies"),
        ({"sending": {"commune": 6, "district": 3, "province": 10}}, "sending_district"),
    ],
)
def test_a_regime_that_makes_no_sense_is_refused_at_its_field(cast: Cast, over: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        make_kind(cast, **over)
    assert refused.value.field == field


@pytest.mark.parametrize("name", ["an", "dung", "hanh", "xuan", "tri", "minh"])
def test_only_who_arranges_reports_makes_forms_kinds_and_rounds(cast: Cast, name: str) -> None:
    kind = make_kind(cast)
    one = make_round(cast, kind)
    by = cast.people[name]
    deeds: list[Any] = [
        lambda: services.draft_form(by=by, name="X", code="x", owner=cast.education),
        lambda: services.new_version(by=by, form=kind.form),
        lambda: services.edit_kind(by=by, kind=kind, opens_before=2),
        lambda: services.end_kind(by=by, kind=kind, on=date(2021, 1, 1)),
        lambda: services.open_round(by=by, kind=kind, period=month(2020, 12)),
        lambda: services.close_round(by=by, round=one),
        lambda: services.cancel_round(by=by, round=one, why="X"),
    ]
    for deed in deeds:
        with pytest.raises((Refused, Missing)):
            deed()
    assert Round.objects.get().state == "open"


# ---- reminding --------------------------------------------------------------------------------------


def letters() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("to", flat=True))


def test_all_who_are_late_are_reminded_by_their_reviewer_once_a_day(cast: Cast) -> None:
    one = make_round(cast, period=month(2020, 10))
    Message.objects.all().delete()
    with translation.override("en"):  # letters are Vietnamese, whatever language the reviewer reads
        assert services.remind_late(by=cast.dung, round=one, words="Gấp") == 2
    assert set(letters()) == {cast.an.email, cast.chi.email}
    body = Message.objects.get(to=cast.an.email).body
    assert "Lời nhắc: Gấp" in body
    assert "trễ" in body
    assert "tháng 10/2020" in body
    assert report_of(one, cast.commune).get_absolute_url() in body
    assert services.remind_late(by=cast.dung, round=one) == 0
    assert len(letters()) == 2


def test_those_who_were_chosen_are_reminded_before_their_day_and_nobody_else(cast: Cast) -> None:
    one = make_round(cast)
    Message.objects.all().delete()
    mine = report_of(one, cast.commune)
    assert services.remind_late(by=cast.dung, round=one, submissions=[mine]) == 1
    assert letters() == [cast.an.email]
    hand_in(cast.chi, report_of(one, cast.next_door))
    assert services.remind_late(by=cast.dung, round=one, submissions=[report_of(one, cast.next_door)]) == 0


def test_who_reviews_nothing_there_reminds_nobody(cast: Cast) -> None:
    one = make_round(cast, period=month(2020, 10))
    with pytest.raises(Refused):
        services.remind_late(by=cast.an, round=one, submissions=[report_of(one, cast.commune)])
    with pytest.raises(Missing):
        services.remind_late(by=cast.chi, round=one, submissions=[report_of(one, cast.commune)])
    assert not Submission.objects.filter(reminded_on__isnull=False).exists()


def test_the_house_writes_one_letter_for_all_that_somebody_owes(cast: Cast) -> None:
    kind = make_kind(cast)
    make_round(cast, kind)
    other = make_kind_beside(cast, kind.form)
    make_round(cast, other)
    Message.objects.all().delete()
    assert services.remind_owed(on=date(2020, 11, 14)) == 4  # three days ahead of the communes' day
    assert sorted(letters()) == sorted([cast.an.email, cast.chi.email])
    assert "Báo cáo tháng" in Message.objects.get(to=cast.an.email).body
    assert services.remind_owed(on=date(2020, 11, 14)) == 0
    assert services.remind_owed(on=date(2020, 11, 15)) == 0


def make_kind_beside(cast: Cast, form: Any) -> Any:
    return services.define_kind(
        by=cast.binh,
        code="thang-hai",
        name="Báo cáo tháng thứ hai",
        category="periodic",
        form=form,
        root=cast.province,
        recipient=cast.education,
        calendar="closing",
        rhythm="month",
        levels=["commune"],
        sending={"commune": 3},
        subject="Hai",
        valid_from=date(2020, 1, 1),
    )

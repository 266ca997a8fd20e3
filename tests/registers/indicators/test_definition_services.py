"""Who may define what an indicator means, and what becomes of the definitions before and above it."""

from dataclasses import replace
from datetime import date

import pytest
from tests.factories.cast import TODAY, Cast

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.registers.indicators import rules, selectors, services
from hieuhoc.registers.indicators.models import Definition, Family
from hieuhoc.registers.indicators.rules.breakdown import BreakdownValue

pytestmark = pytest.mark.django_db

NEW_YEAR = date(2021, 1, 1)
READERS = rules.Definition(
    code="T.READERS", name="Số bạn đọc", measure="person", kind="base", over_places="sum", over_time="last",
    levels=("commune", "district", "province"), calendar="closing", rhythms=("half", "year"),
    valid_from=date(2020, 1, 1),
)  # fmt: skip
SHARE = rules.Definition(
    code="T.SHARE", name="Tỷ lệ bạn đọc", measure="percent", kind="derived", decimals=1,
    formula="percent(T.READERS, GEN.POPULATION)", levels=("commune", "district", "province"), calendar="closing",
    rhythms=("year",), valid_from=date(2020, 1, 1),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _shipped() -> None:
    services.load_indicators()


@pytest.fixture
def family() -> Family:
    return Family.objects.get(code="CULTURE")


def put(cast: Cast, family: Family, *told: rules.Definition) -> list[Definition]:
    rows = [services.define_indicator(by=cast.binh, family=family, told=one) for one in told]
    return [services.put_in_force(by=cast.binh, definition=row) for row in rows]


def test_a_new_indicator_is_a_draft_until_it_is_put_in_force(cast: Cast, family: Family) -> None:
    row = services.define_indicator(by=cast.binh, family=family, told=READERS)
    assert (row.state, row.version) == ("draft", 1)
    with pytest.raises(Missing):
        selectors.definition_on("T.READERS", TODAY)
    services.put_in_force(by=cast.binh, definition=row)
    assert selectors.definition_on("T.READERS", TODAY) == row
    assert [entry.deed for entry in trail.history(row)] == [
        "indicators.definition.put_in_force",
        "indicators.definition.draft",
    ]


def test_only_those_who_keep_indicators_may_change_them(cast: Cast, family: Family) -> None:
    row = services.define_indicator(by=cast.binh, family=family, told=READERS)
    for person in (cast.an, cast.chi, cast.minh, cast.xuan, cast.nobody):
        with pytest.raises(Refused):
            services.define_indicator(by=person, family=family, told=SHARE)
        with pytest.raises(Refused):
            services.revise_indicator(by=person, indicator=row.indicator, told=READERS)
        with pytest.raises(Refused):
            services.put_in_force(by=person, definition=row)
        with pytest.raises(Refused):
            services.end_definition(by=person, definition=row, on=NEW_YEAR, why="x")


def test_a_code_is_taken_once(cast: Cast, family: Family) -> None:
    services.define_indicator(by=cast.binh, family=family, told=READERS)
    with pytest.raises(Invalid, match="Đã có chỉ số mang mã"):
        services.define_indicator(by=cast.binh, family=family, told=READERS)


def test_a_draft_may_lean_on_a_draft_but_not_hold_before_it(cast: Cast, family: Family) -> None:
    base = services.define_indicator(by=cast.binh, family=family, told=READERS)
    share = services.define_indicator(by=cast.binh, family=family, told=SHARE)
    with pytest.raises(Invalid, match=r"không có chỉ số “T.READERS”"):
        services.put_in_force(by=cast.binh, definition=share)
    services.put_in_force(by=cast.binh, definition=base)
    services.put_in_force(by=cast.binh, definition=share)
    assert {row.indicator.code for row in selectors.leaning_on("T.READERS", TODAY)} == {"T.SHARE"}


def test_a_new_version_ends_the_one_before_on_its_first_day(cast: Cast, family: Family) -> None:
    (first,) = put(cast, family, READERS)
    told = replace(READERS, name="Số bạn đọc có thẻ", valid_from=NEW_YEAR)
    second = services.revise_indicator(by=cast.binh, indicator=first.indicator, told=told)
    services.put_in_force(by=cast.binh, definition=second)
    assert selectors.definition_on("T.READERS", date(2020, 12, 31)).name == "Số bạn đọc"
    assert selectors.definition_on("T.READERS", NEW_YEAR).name == "Số bạn đọc có thẻ"
    first.refresh_from_db()
    assert (first.state, first.valid_to) == ("ended", NEW_YEAR)


def test_a_version_cannot_begin_before_the_one_it_follows(cast: Cast, family: Family) -> None:
    (first,) = put(cast, family, READERS)
    with pytest.raises(Invalid, match="phải bắt đầu sau ngày đó"):
        services.revise_indicator(by=cast.binh, indicator=first.indicator, told=replace(READERS, name="Khác"))


def test_a_draft_is_revised_in_its_place_and_says_what_changed(cast: Cast, family: Family) -> None:
    row = services.define_indicator(by=cast.binh, family=family, told=READERS)
    again = services.revise_indicator(by=cast.binh, indicator=row.indicator, told=replace(READERS, name="Tên mới"))
    assert again.pk == row.pk
    last = trail.history(row).first()
    assert last is not None
    assert last.changes == {"name": ["Số bạn đọc", "Tên mới"]}


def test_what_is_in_force_cannot_be_put_in_force_again(cast: Cast, family: Family) -> None:
    (row,) = put(cast, family, READERS)
    stale = Definition.objects.get(pk=row.pk)
    with pytest.raises((Conflict, Invalid)):
        services.put_in_force(by=cast.binh, definition=stale)


def test_a_change_that_breaks_an_indicator_above_is_refused(cast: Cast, family: Family) -> None:
    base, _ = put(cast, family, READERS, SHARE)
    told = replace(READERS, measure="turn", valid_from=NEW_YEAR)
    draft = services.revise_indicator(by=cast.binh, indicator=base.indicator, told=told)
    with pytest.raises(Invalid, match=r"T\.SHARE .*cùng đơn vị tính"):
        services.put_in_force(by=cast.binh, definition=draft)
    assert selectors.definition_on("T.READERS", NEW_YEAR).measure == "person"


def test_an_indicator_ends_with_a_reason_and_not_under_another(cast: Cast, family: Family) -> None:
    base, share = put(cast, family, READERS, SHARE)
    with pytest.raises(Invalid, match=r"T\.SHARE"):
        services.end_definition(by=cast.binh, definition=base, on=NEW_YEAR, why="Thôi dùng")
    with pytest.raises(Invalid, match="lý do"):
        services.end_definition(by=cast.binh, definition=share, on=NEW_YEAR, why=" ")
    with pytest.raises(Invalid, match="sau ngày bắt đầu"):
        services.end_definition(by=cast.binh, definition=share, on=date(2020, 1, 1), why="Thôi dùng")
    services.end_definition(by=cast.binh, definition=share, on=NEW_YEAR, why="Thôi dùng")
    services.end_definition(by=cast.binh, definition=base, on=NEW_YEAR, why="Thôi dùng")
    with pytest.raises(Missing):
        selectors.definition_on("T.READERS", NEW_YEAR)
    with pytest.raises(Conflict):
        services.end_definition(by=cast.binh, definition=base, on=NEW_YEAR, why="Thôi dùng")


def test_the_meaning_of_some_indicators_comes_with_all_they_lean_on(cast: Cast, family: Family) -> None:
    put(cast, family, READERS, SHARE)
    assert set(selectors.meanings_on(TODAY, ["T.SHARE"])) == {"T.SHARE", "T.READERS", "GEN.POPULATION"}
    assert selectors.meanings_on(TODAY, ["NO.SUCH"]) == {}


def test_the_list_is_searched_without_marks_and_narrowed_down() -> None:
    found = selectors.find_definitions(on=TODAY, text="hoc vien xoa mu chu")
    assert [row.indicator.code for row in found] == ["LIT.LEARNERS"]
    assert selectors.find_definitions(on=TODAY, is_key=True).count() == 12
    drafts = selectors.find_definitions(on=TODAY, state="draft")
    assert {row.state for row in drafts} == {"draft"}
    ended = selectors.find_definitions(on=date(2025, 7, 1), state="ended")
    assert {row.indicator.code for row in ended} >= {"LIT.DISTRICTS_L1", "GEN.DISTRICTS"}
    held = selectors.find_definitions(on=TODAY, state="in_force", family="KH", kind="derived")
    assert [row.indicator.code for row in held] == ["KH.MEMBER_RATE"]


def test_the_words_of_a_formula_name_parts() -> None:
    names = selectors.names_on(TODAY, ["CLC.COUNT"])
    words = selectors.formula_words(
        rules.parse("percent(CLC.COUNT[with_culture_house=yes], CLC.COUNT)"), names, selectors.breakdowns()
    )
    assert words == (
        "Số trung tâm học tập cộng đồng (kết hợp nhà văn hóa – thể thao xã) chia cho số trung tâm học tập cộng đồng, "
        "nhân 100"
    )


def test_an_open_breakdown_is_added_to_and_a_settled_one_only_renamed(cast: Cast) -> None:
    field = selectors.breakdown_by_code("beneficiary")
    farming, law = BreakdownValue("farming", "nông nghiệp"), BreakdownValue("law", "pháp luật")
    services.edit_breakdown(by=cast.binh, breakdown=field, values=[farming], note="")
    services.edit_breakdown(by=cast.binh, breakdown=field, values=[farming, law], note="")
    with pytest.raises(Invalid, match="Không bỏ được"):
        services.edit_breakdown(by=cast.binh, breakdown=field, values=[law], note="")
    sex = selectors.breakdown_by_code("sex")
    both = selectors.breakdown_meaning(sex).values
    with pytest.raises(Invalid, match="chỉ sửa được tên"):
        services.edit_breakdown(by=cast.binh, breakdown=sex, values=[*both, law], note="")
    with pytest.raises(Refused):
        services.edit_breakdown(by=cast.an, breakdown=field, values=[farming, law], note="")

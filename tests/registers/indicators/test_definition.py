"""A definition that makes no sense cannot be built, and one that does not fit the others is refused."""

from dataclasses import replace
from datetime import date

import pytest

from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.indicators import rules

PEOPLE = rules.Definition(
    code="T.PEOPLE", name="Số người", measure="person", kind="base", over_places="sum", over_time="last",
    levels=("commune", "district", "province"), calendar="closing", rhythms=("half", "year"),
    valid_from=date(2020, 1, 1), breakdowns=("sex",),
)  # fmt: skip
MEMBERS = replace(PEOPLE, code="T.MEMBERS", name="Số hội viên")
RATE = rules.Definition(
    code="T.RATE", name="Tỷ lệ", measure="percent", kind="derived", formula="percent(T.MEMBERS, T.PEOPLE)",
    levels=("district", "province"), calendar="closing", rhythms=("year",), valid_from=date(2020, 1, 1), decimals=1,
    breakdowns=("sex",),
)  # fmt: skip
KNOWN = {one.code: one for one in (PEOPLE, MEMBERS, RATE)}
SEX = rules.Breakdown(
    "sex", "Giới tính", (rules.breakdown.BreakdownValue("female", "nữ"), rules.breakdown.BreakdownValue("male", "nam"))
)
BREAKDOWNS = {"sex": SEX, "field": rules.Breakdown("field", "Lĩnh vực", is_open=True)}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "people"}, "code"),
        ({"code": "T"}, "code"),
        ({"name": "  "}, "name"),
        ({"measure": "ton"}, "measure"),
        ({"measure": "percent"}, "measure"),
        ({"kind": "other"}, "kind"),
        ({"levels": ()}, "levels"),
        ({"levels": ("moon",)}, "levels"),
        ({"levels": ("province",)}, "reported_at"),
        ({"reported_at": "hamlet"}, "reported_at"),
        ({"calendar": "own"}, "calendar"),
        ({"rhythms": ("day",)}, "rhythms"),
        ({"rhythms": ("year", "year")}, "rhythms"),
        ({"over_places": "mean"}, "over_places"),
        ({"over_time": "distinct"}, "over_time"),
        ({"decimals": 1}, "decimals"),
        ({"decimals": 9}, "decimals"),
        ({"direction": "left"}, "direction"),
        ({"formula": "T.X"}, "formula"),
        ({"fact": "plans"}, "fact"),
        ({"breakdowns": ("sex", "sex")}, "breakdowns"),
        ({"valid_to": date(2020, 1, 1)}, "valid_to"),
    ],
)
def test_a_base_figure_that_makes_no_sense_cannot_be_built(changed: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        replace(PEOPLE, **changed)  # type: ignore[arg-type]  # the wrong values are the point
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"formula": ""}, "formula"),
        ({"formula": "percent(T.A"}, "formula"),
        ({"fact": "plans.tasks"}, "fact"),
        ({"over_places": "sum"}, "over_places"),
    ],
)
def test_a_derived_one_that_makes_no_sense_cannot_be_built(changed: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        replace(RATE, **changed)  # type: ignore[arg-type]  # the wrong values are the point
    assert caught.value.field == field


def test_definitions_that_fit_are_let_through() -> None:
    assert rules.check_all(KNOWN.values(), breakdowns=BREAKDOWNS) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"formula": "percent(T.MEMBER, T.PEOPLE)"}, "Có phải là “T.MEMBERS”"),
        ({"formula": "T.RATE + T.RATE"}, "T.RATE → T.RATE"),
        ({"formula": "T.MEMBERS / T.PEOPLE"}, "Công thức cho ra “số”, đơn vị tính đã chọn là “phần trăm”"),
        ({"formula": "percent(T.MEMBERS[sex=x], T.PEOPLE)", "breakdowns": ()}, "không có giá trị “x”"),
        ({"formula": "percent(T.MEMBERS[field=x], T.PEOPLE)", "breakdowns": ()}, "không phân tổ theo “Lĩnh vực”"),
        ({"formula": "percent(T.MEMBERS[sex=male], T.PEOPLE)"}, "đã chọn sex=male"),
        ({"breakdowns": ("field",)}, "không phân tổ theo “Lĩnh vực”"),
        ({"breakdowns": ("moon",)}, "Không có phân tổ “moon”"),
        ({"rhythms": ("month",)}, "không có số liệu theo tháng"),
        ({"calendar": "school"}, "năm học"),
    ],
)
def test_one_that_does_not_fit_is_refused_with_the_reason(changed: dict[str, object], says: str) -> None:
    one = replace(RATE, **changed)  # type: ignore[arg-type]  # each case gives a field of its own type
    with pytest.raises(Invalid, match=says):
        rules.check_among(one, known=KNOWN, breakdowns=BREAKDOWNS)


def test_a_share_has_no_figure_below_where_its_parts_are_reported() -> None:
    known = {**KNOWN, "T.PEOPLE": replace(PEOPLE, levels=("province",), reported_at="province")}
    with pytest.raises(Invalid, match="không có số liệu ở cấp huyện"):
        rules.check_among(RATE, known=known, breakdowns=BREAKDOWNS)


def test_a_circle_through_others_is_found_before_anything_is_opened() -> None:
    other = replace(RATE, code="T.OTHER", formula="T.RATE")
    with pytest.raises(Invalid, match=r"T\.OTHER → T\.RATE → T\.OTHER|T\.RATE → T\.OTHER → T\.RATE"):
        rules.check_among(replace(RATE, formula="T.OTHER"), known={**KNOWN, "T.OTHER": other}, breakdowns=BREAKDOWNS)


def test_a_part_has_one_spelling() -> None:
    assert rules.read_by(" SEX = female, age=15-25 ") == "age=15-25,sex=female"
    assert rules.by_words("sex=female", BREAKDOWNS) == "nữ"
    assert rules.chosen_by("") == {}


def test_a_breakdown_without_parts_must_be_open() -> None:
    with pytest.raises(Invalid, match="chưa có giá trị nào"):
        rules.Breakdown("x", "X")

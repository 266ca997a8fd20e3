"""What a list of rows makes of a register: every way of reshaping, what follows from it, and every wrong list."""

from datetime import date
from fractions import Fraction

import pytest

from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.rules import Row, Standing

ON = date(2025, 7, 1)
LABELS = {
    "tinh": "tỉnh", "huyen": "huyện", "xa": "xã", "phuong": "phường", "thi_tran": "thị trấn", "dac_khu": "đặc khu",
    "thanh_pho": "thành phố", "thi_xa": "thị xã", "ap": "ấp", "khu_pho": "khu phố", "uy_ban": "Ủy ban nhân dân",
}  # fmt: skip


def stands(
    number: int, name: str, level: str, kind: str, parent: int | None = None, code: str = "", **over: object
) -> Standing:
    path = {None: "/", 1: "/1/", 2: "/1/2/", 3: "/1/3/", 10: "/1/2/10/", 11: "/1/2/11/"}.get(parent, f"/1/{parent}/")
    given: dict[str, object] = {"since": date(2018, 11, 1), "until": None} | over
    short = rules.bare_name(name, kind_label=LABELS.get(kind, ""))
    return Standing(
        number=number, key=f"don-vi-{number}", code=code, name=name, short_name=short, level=level, kind=kind,
        parent=parent, path=f"{path}{number}/", **given,  # type: ignore[arg-type]  # dates
    )  # fmt: skip


PROVINCE = stands(1, "Tỉnh Thử", "province", "tinh", None, "91")
UNITS = [
    PROVINCE,
    stands(2, "Huyện An Biên", "district", "huyen", 1, "908"),
    stands(3, "Huyện An Minh", "district", "huyen", 1, "909"),
    stands(10, "Xã Đông Thái", "commune", "xa", 2, "31006"),
    stands(11, "Xã Nam Thái", "commune", "xa", 2, "31000"),
    stands(12, "Thị trấn Thứ Ba", "commune", "thi_tran", 2, "30985"),
    stands(13, "Xã Vân Khánh", "commune", "xa", 3, "31042"),
    stands(20, "Ấp Một", "hamlet", "ap", 10),
    stands(21, "Ấp Hai", "hamlet", "ap", 11),
    stands(30, "Ủy ban nhân dân xã Đông Thái", "agency", "uy_ban", 10),
    stands(31, "Ủy ban nhân dân xã Nam Thái", "agency", "uy_ban", 11),
    stands(32, "Ủy ban nhân dân huyện An Biên", "agency", "uy_ban", 2),
    stands(33, "Ủy ban nhân dân Tỉnh Thử", "agency", "uy_ban", 1),
    stands(34, "Sở Nội vụ", "agency", "so", 1),
    stands(35, "Sở Tài chính", "agency", "so", 1),
    stands(40, "UBND các huyện", "group", "nhom", 1),
]
REGISTER = rules.Register(units=UNITS, kind_labels=LABELS, members={40: [32]})


def outcome_of(*rows: Row, register: rules.Register = REGISTER, on: date = ON) -> rules.Outcome:
    return rules.work_out(rows, register, on=on)


def problems_of(*rows: Row, register: rules.Register = REGISTER, on: date = ON) -> list[tuple[int, str, str]]:
    found = outcome_of(*rows, register=register, on=on).problems
    return [(one.row, one.column, one.error.sentence) for one in found]


MERGER = (
    Row("merge", "31006", "Xã Đông Thái", "31006", "Xã Đông Thái", "xa"),
    Row("merge", "31000", target="31006"),
)


def test_two_communes_that_merge_end_and_a_new_life_begins_even_under_the_old_name_and_code() -> None:
    outcome = outcome_of(*MERGER)
    assert not outcome.problems
    assert set(outcome.ended) >= {10, 11}
    formed = outcome.formed["new:31006"]
    assert (formed.name, formed.code, formed.level, formed.parent) == ("Xã Đông Thái", "31006", "commune", 2)


def test_hamlets_follow_their_commune_to_its_heir() -> None:
    outcome = outcome_of(*MERGER)
    assert outcome.changed[20].parent == outcome.changed[21].parent == "new:31006"


def test_committees_of_merged_communes_become_one_named_for_the_heir() -> None:
    outcome = outcome_of(*MERGER)
    heirs = {outcome.ended[number].main.ref for number in (30, 31)}
    assert len(heirs) == 1
    (heir,) = heirs
    assert isinstance(heir, str)
    assert outcome.formed[heir].name == "Ủy ban nhân dân xã Đông Thái"
    assert outcome.formed[heir].parent == "new:31006"


def test_a_commune_goes_into_one_that_stands_and_goes_on() -> None:
    outcome = outcome_of(Row("merge", "31000", target="31006", target_name="Xã Đông Thái"))
    assert not outcome.problems
    assert outcome.ended[11].main.ref == 10
    assert outcome.changed[21].parent == 10
    assert outcome.ended[31].main.ref == 30
    assert not outcome.formed


def test_a_divided_commune_has_heirs_with_exact_shares_and_one_of_them_takes_its_duties() -> None:
    outcome = outcome_of(
        Row("divide", "31042", target="1", target_name="Xã A", share="1/3", is_estimated=True),
        Row("divide", "31042", target="2", target_name="Xã B", share="1/3", is_estimated=True, takes_duties=True),
        Row("divide", "31042", target="3", target_name="Xã C", share="1/3", is_estimated=True),
    )
    assert not outcome.problems
    assert sum(heir.share for heir in outcome.ended[13].heirs) == 1
    assert outcome.ended[13].main.ref == "new:2"
    assert all(heir.is_estimated for heir in outcome.ended[13].heirs)


def test_a_part_that_is_transferred_leaves_the_rest_where_it_is() -> None:
    outcome = outcome_of(Row("transfer", "31006", target="31000", share="40%"))
    assert not outcome.problems
    assert outcome.parted[10][0].share == Fraction(2, 5)
    assert 10 not in outcome.ended


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        (Row("rename", "31006", target_name="Xã Đông Thái Mới"), "name", "Xã Đông Thái Mới"),
        (Row("rekind", "30985", target_name="Phường Thứ Ba"), "kind", "phuong"),
        (Row("recode", "31006", target="31007"), "code", "31007"),
        (Row("move", "31006", target_parent="909"), "parent", 3),
    ],
)
def test_a_life_goes_on_under_another_name_kind_code_or_parent(row: Row, field: str, value: object) -> None:
    outcome = outcome_of(row)
    assert not outcome.problems
    (changed,) = [one for one in outcome.changed.values() if one.row and one.number < 20]
    assert getattr(changed, field) == value
    assert not outcome.ended


def test_agencies_called_by_a_renamed_place_are_called_by_its_new_name() -> None:
    outcome = outcome_of(Row("rename", "31006", target_name="Xã Thái Đông"))
    assert outcome.changed[30].name == "Ủy ban nhân dân xã Thái Đông"


def test_a_level_that_is_abolished_leaves_its_communes_to_the_province() -> None:
    outcome = outcome_of(
        Row("abolish", "908", target="91"), Row("abolish", "909", target="91"),
        Row("merge", "don-vi-32", target="don-vi-33"),
    )  # fmt: skip
    assert not outcome.problems
    assert {outcome.changed[number].parent for number in (10, 11, 12, 13)} == {1}
    assert outcome.ended[2].main.ref == 1


def test_a_group_whose_members_have_all_ended_without_peers_ends_with_them() -> None:
    outcome = outcome_of(Row("abolish", "908", target="91"), Row("merge", "don-vi-32", target="don-vi-33"))
    assert outcome.ended[40].main.ref == 33


def test_the_committee_of_an_abolished_district_goes_into_that_of_the_province() -> None:
    assert outcome_of(Row("abolish", "908", target="91")).ended[32].main.ref == 33


def test_an_agency_of_an_abolished_district_without_an_heir_stops_the_event() -> None:
    office = stands(36, "Phòng Giáo dục và Đào tạo huyện An Biên", "agency", "phong", 2)
    register = rules.Register(units=[*UNITS, office], kind_labels=LABELS)
    (problem,) = problems_of(Row("abolish", "908", target="91"), register=register)
    assert problem[0] == 0
    assert "Phòng Giáo dục và Đào tạo huyện An Biên" in problem[2]
    assert "chưa có đơn vị kế thừa" in problem[2]
    rows = [Row("abolish", "908", target="91"), Row("merge", "don-vi-36", target="don-vi-34")]
    assert not problems_of(*rows, register=register)


def test_hamlets_of_a_divided_commune_need_rows_of_their_own() -> None:
    rows = [
        Row("divide", "31006", target="1", target_name="Xã A", share="1/2", takes_duties=True),
        Row("divide", "31006", target="2", target_name="Xã B", share="1/2"),
    ]
    (problem,) = problems_of(*rows)
    assert "Ấp Một" in problem[2]
    assert not problems_of(*rows, Row("move", "don-vi-20", target_parent="2"))


def test_one_department_succeeds_another() -> None:
    outcome = outcome_of(Row("merge", "don-vi-35", target="don-vi-34"))
    assert not outcome.problems
    assert outcome.ended[35].main.ref == 34
    assert rules.is_peer(outcome, {unit.number: unit for unit in UNITS}, 35)


def test_power_does_not_grow_a_district_passes_to_no_peer() -> None:
    outcome = outcome_of(Row("abolish", "908", target="91"), Row("merge", "don-vi-32", target="don-vi-33"))
    units = {unit.number: unit for unit in UNITS}
    assert not rules.is_peer(outcome, units, 2)
    assert not rules.is_peer(outcome, units, 32)


def test_a_code_on_the_left_and_the_same_code_on_the_right_are_two_lives() -> None:
    outcome = outcome_of(
        Row("merge", "91", target="91", target_name="Tỉnh Mới", target_kind="tinh"),
        Row("merge", "don-vi-33", target="ubnd-moi", target_name="Ủy ban nhân dân Tỉnh Mới", target_kind="uy_ban",
            target_level="agency", target_parent="91"),
    )  # fmt: skip
    assert not outcome.problems
    assert outcome.ended[1].main.ref == "new:91"
    assert outcome.formed["new:91"].parent is None
    assert outcome.changed[2].parent == outcome.changed[34].parent == "new:91"


WRONG = {
    "an unknown code": ([Row("merge", "99999", target="31006")], (1, "source"), "Không có đơn vị nào mang mã"),
    "another name than the register's": (
        [Row("merge", "31000", "Xã Nào Đó", "31006")],
        (1, "source_name"),
        "là “Xã Nam Thái”, không phải “Xã Nào Đó”",
    ),
    "a unit twice": (
        [Row("merge", "31000", target="31006"), Row("rename", "31000", target_name="Xã X")],
        (2, "source"),
        "đã có ở dòng 1",
    ),
    "shares that do not sum to one": (
        [
            Row("divide", "31042", target="1", target_name="Xã A", share="1/2", takes_duties=True),
            Row("divide", "31042", target="2", target_name="Xã B", share="1/3"),
        ],
        (2, "share"),
        "cộng lại bằng 5/6",
    ),
    "a share that cannot be read": (
        [Row("transfer", "31006", target="31000", share="nhiều")],
        (1, "share"),
        "Không đọc được",
    ),
    "a share of nothing": ([Row("transfer", "31006", target="31000", share="1/0")], (1, "share"), "Không đọc được"),
    "a share above one": ([Row("transfer", "31006", target="31000", share="120%")], (1, "share"), "không quá 1"),
    "a transfer of the whole": ([Row("transfer", "31006", target="31000")], (1, "share"), "phải nhỏ hơn 1"),
    "a merger of a part": ([Row("merge", "31000", target="31006", share="1/2")], (1, "share"), "phải bằng 1"),
    "two who take the duties": (
        [
            Row("divide", "31042", target="1", target_name="Xã A", share="1/2", takes_duties=True),
            Row("divide", "31042", target="2", target_name="Xã B", share="1/2", takes_duties=True),
        ],
        (2, "takes_duties"),
        "đúng một đơn vị nhận việc",
    ),
    "an unknown act": ([Row("explode", "31000", target="31006")], (1, "act"), "Không có cách sắp xếp"),
    "a new unit without a name": (
        [Row("merge", "31000", target="55555")],
        (1, "target_name"),
        "nếu là đơn vị mới, hãy ghi tên",
    ),
    "no unit at all on the right": ([Row("merge", "31000")], (1, "target"), "Hãy ghi mã hoặc tên"),
    "a unit into itself": ([Row("transfer", "31006", target="31006", share="1/2")], (1, "target"), "chính nó"),
    "a code that goes on with another": (
        [Row("recode", "31000", target="31006")],
        (1, "target"),
        "vẫn thuộc",
    ),
    "a circle": ([Row("move", "908", target_parent="31006")], (1, "target_parent"), "chính nó"),
    "a parent of the wrong level": (
        [Row("move", "31006", target_parent="31042")],
        (1, "target_parent"),
        "không phù hợp",
    ),
    "a parent that ends": (
        [Row("merge", "31042", target="31006"), Row("move", "don-vi-21", target_parent="31042")],
        (2, "target_parent"),
        "kết thúc trong cuộc sắp xếp này",
    ),
    "a kind of another level": ([Row("rekind", "31006", target_kind="huyen")], (1, "target_kind"), "không thuộc cấp"),
    "a row that changes nothing": (
        [Row("rename", "31006", target_name="Xã Đông Thái")],
        (1, "target"),
        "không thay đổi gì",
    ),
    "two rows that describe one new unit in two ways": (
        [
            Row("merge", "31006", target="5", target_name="Xã A"),
            Row("merge", "31000", target="5", target_name="Xã B"),
        ],
        (2, "target_name"),
        "đã ghi “Xã A”",
    ),
    "nothing at all": ([], (0, ""), "chưa có dòng nào"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_list_is_told_with_its_row_its_column_and_the_reason(case: str) -> None:
    rows, (row, column), reason = WRONG[case]
    found = problems_of(*rows)
    assert any((one[0], one[1]) == (row, column) and reason in one[2] for one in found), found


def test_a_unit_that_has_ended_or_not_begun_is_told_apart_from_an_unknown_one() -> None:
    once = {
        "70001": [rules.Once("Xã Đã Hết", date(2019, 1, 1), date(2021, 3, 1))],
        "70002": [rules.Once("Xã Chưa Có", date(2025, 8, 1), None)],
    }
    register = rules.Register(units=UNITS, kind_labels=LABELS, elsewhen=once)
    found = problems_of(Row("merge", "70001", target="31006"), Row("merge", "70002", target="31006"), register=register)
    assert [(one[0], one[1]) for one in found] == [(1, "source"), (2, "source")]
    assert "đã kết thúc hoặc đổi mã từ ngày 01/03/2021" in found[0][2]
    assert "chỉ bắt đầu từ ngày 01/08/2025" in found[1][2]


def test_a_day_before_a_later_change_of_a_unit_is_refused() -> None:
    changed = [*UNITS[:3], stands(10, "Xã Đông Thái", "commune", "xa", 2, "31006", until=date(2025, 9, 1))]
    register = rules.Register(units=changed, kind_labels=LABELS)
    (problem,) = problems_of(Row("rename", "31006", target_name="Xã X"), register=register)
    assert "01/09/2025" in problem[2]


@pytest.mark.parametrize(
    ("text", "share"),
    [("", "1"), ("1", "1"), ("1/3", "1/3"), (" 2 / 5 ", "2/5"), ("0,4", "2/5"), ("0.4", "2/5"), ("12,5%", "1/8")],
)
def test_a_share_is_read_exactly(text: str, share: str) -> None:
    assert str(rules.read_share(text)) == share


@pytest.mark.parametrize("text", ["0", "0%", "-1", "1/0", "2", "x", "1/2/3", "1e3", "٣"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        rules.read_share(text)

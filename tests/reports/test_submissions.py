"""A report's way: filled, handed in, returned, approved, locked; what of it reaches the register; who may."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.factories.cast import Cast
from tests.factories.indicators import assert_totals_hold
from tests.factories.reports import NOVEMBER, fill, hand_in, make_kind, make_round, report_of

from hieuhoc.engines.rollup import Fact as Counted
from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators import services as register
from hieuhoc.registers.indicators.models import Fact, Total
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports import access, selectors, services
from hieuhoc.reports.models import Figure, Round, Submission
from hieuhoc.reports.services import Given

pytestmark = pytest.mark.django_db


@pytest.fixture
def turn(cast: Cast) -> Round:
    return make_round(cast)


def of_an(turn: Round, cast: Cast) -> Submission:
    return report_of(turn, cast.commune)


def value(unit: Unit, code: str = "RP.CLASSES", by: str = "") -> Any:
    return indicators.values([unit.pk], [NOVEMBER], codes=[code], bys=[by])[
        indicators.At(unit.pk, code, NOVEMBER, by)
    ].value


def count(unit: Unit, number: int) -> None:
    """The house's own records say so."""
    register.count_facts(by=trail.HOUSE, facts=[Counted("test.classes", unit.pk, NOVEMBER, number)])


# ---- filling ----------------------------------------------------------------------------------------


def test_a_draft_is_kept_with_its_faults_and_reaches_no_total(cast: Cast, turn: Round) -> None:
    saved = services.fill(
        by=cast.an, submission=of_an(turn, cast), figures={"ttc.lop": Given(9), "luot.luot.tong": Given(3)}, edition=0
    )
    assert [finding.is_error for finding in saved.findings] == [True]
    assert "Mỗi lớp có người học. Hiện nay: Lượt người học (tổng số) 3; Số lớp 9." in saved.findings[0].error.sentence
    assert saved.findings[0].keys == ("luot.luot.tong", "ttc.lop")
    assert of_an(turn, cast).state == "draft"
    assert not Fact.objects.exists()


def test_of_two_editors_the_second_is_told_and_nothing_of_the_first_is_lost(cast: Cast, turn: Round) -> None:
    report = of_an(turn, cast)
    services.fill(by=cast.an, submission=report, figures={"ttc.lop": Given(4)}, edition=0)
    with pytest.raises(Conflict, match="Người khác vừa lưu"):
        services.fill(by=cast.dung, submission=report, figures={"ttc.lop": Given(5)}, edition=0)
    assert report.figures.get(key="ttc.lop").stated == 4


@pytest.mark.parametrize("key", ["ttc.khong_co", "ttc.binh_quan", "chung"])
def test_only_cells_that_take_a_figure_take_one(cast: Cast, turn: Round, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.fill(by=cast.an, submission=of_an(turn, cast), figures={key: Given(1)}, edition=0)
    assert refused.value.field == key
    assert not Figure.objects.exists()


@pytest.mark.parametrize(("key", "text"), [("chung", "a" * 201), ("muc", "khac"), ("khong_co", "a")])
def test_words_have_their_place_and_length(cast: Cast, turn: Round, key: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.fill(by=cast.an, submission=of_an(turn, cast), figures={}, narratives={key: text}, edition=0)
    assert refused.value.field == key


def test_saving_what_stands_already_is_no_new_edition(cast: Cast, turn: Round) -> None:
    report = fill(cast.an, of_an(turn, cast))
    again = fill(cast.an, report)
    assert again.edition == report.edition


# ---- handing in -------------------------------------------------------------------------------------


def test_a_report_that_is_handed_in_reaches_the_totals_of_all_above_as_provisional(cast: Cast, turn: Round) -> None:
    hand_in(cast.an, of_an(turn, cast))
    assert [value(unit) for unit in (cast.commune, cast.district, cast.province)] == [4, 4, 4]
    assert value(cast.province, "RP.TURNS", "sex=female") == 50
    assert set(Total.objects.values_list("state", flat=True)) == {"provisional"}
    report = of_an(turn, cast)
    assert (report.state, report.submitted_by) == ("submitted", cast.an)
    assert_totals_hold()
    assert trail.verify() is None


def test_what_is_missing_holds_the_report_back_and_unknown_is_not_zero(cast: Cast, turn: Round) -> None:
    with pytest.raises(Invalid, match="Nếu không có thì ghi 0") as refused:
        services.submit(by=cast.an, submission=of_an(turn, cast))
    assert refused.value.field == "ttc.lop"
    assert not Fact.objects.exists()
    report = fill(cast.an, of_an(turn, cast), classes=0, turns=(0, 0, 0))
    services.submit(by=cast.an, submission=report)
    assert value(cast.commune) == 0


def test_parts_that_do_not_make_the_whole_hold_it_back(cast: Cast, turn: Round) -> None:
    report = fill(cast.an, of_an(turn, cast), turns=(90, 50, 50))
    with pytest.raises(Invalid, match="cộng lại là 100, khác tổng số 90"):
        services.submit(by=cast.an, submission=report)


def test_a_part_larger_than_the_whole_holds_it_back(cast: Cast, turn: Round) -> None:
    report = fill(cast.an, of_an(turn, cast), turns=(90, 95, None))
    with pytest.raises(Invalid, match="là 95, lớn hơn tổng số 90"):
        services.submit(by=cast.an, submission=report)


def test_a_counted_figure_needs_no_typing_and_another_one_needs_a_reason(cast: Cast, turn: Round) -> None:
    count(cast.commune, 6)
    report = of_an(turn, cast)
    told = {"luot.luot.tong": Given(70)}
    report = services.fill(
        by=cast.an, submission=report, figures=told, narratives={"chung": "Tốt."}, edition=0
    ).submission
    report = services.submit(by=cast.an, submission=report)
    assert value(cast.commune) == 6
    services.withdraw(by=cast.an, submission=report)
    report = fill(cast.an, report, classes=8)
    with pytest.raises(Invalid, match="Hãy ghi lý do"):
        services.submit(by=cast.an, submission=report)
    services.fill(
        by=cast.an, submission=report, figures={"ttc.lop": Given(8, "Hai lớp chưa vào sổ")}, edition=report.edition
    )
    services.submit(by=cast.an, submission=of_an(turn, cast))
    fact = Fact.objects.get(unit=cast.commune, indicator__code="RP.CLASSES")
    assert (fact.counted, fact.stated, fact.value, fact.reason) == (6, 8, 8, "Hai lớp chưa vào sổ")


def test_a_district_shows_the_total_and_its_remark_is_no_figure(cast: Cast, turn: Round) -> None:
    hand_in(cast.an, of_an(turn, cast))
    hand_in(cast.chi, report_of(turn, cast.next_door), classes=5)
    report = report_of(turn, cast.district)
    with pytest.raises(Invalid, match="Hãy ghi lý do"):
        hand_in(cast.dung, report, classes=10, turns=(None, None, None))
    report = report_of(turn, cast.district)
    told = {"ttc.lop": Given(10, "Một lớp của huyện")}
    services.fill(by=cast.dung, submission=report, figures=told, narratives={"chung": "Tốt."}, edition=report.edition)
    services.submit(by=cast.dung, submission=report_of(turn, cast.district))
    assert value(cast.district) == value(cast.province) == 9
    figure = Figure.objects.get(submission=report, key="ttc.lop")
    assert (figure.stated, figure.shown, figure.reported, figure.expected) == (10, 9, 2, 2)
    assert not Fact.objects.filter(unit=cast.district).exists()


def test_a_report_to_which_all_comes_by_itself_is_handed_in_without_typing_a_figure(cast: Cast, turn: Round) -> None:
    hand_in(cast.an, of_an(turn, cast))
    report = report_of(turn, cast.province)
    services.fill(by=cast.binh, submission=report, figures={}, narratives={"chung": "Tốt."}, edition=0)
    done = services.submit(by=cast.binh, submission=report_of(turn, cast.province))
    shown = {figure.key: (figure.shown, figure.shown_of) for figure in done.figures.all()}
    assert shown["ttc.lop"] == (4, 1)
    assert shown["ttc.binh_quan"] == (45, 2)


# ---- what follows -----------------------------------------------------------------------------------


def test_withdrawn_its_figures_leave_the_totals(cast: Cast, turn: Round) -> None:
    report = hand_in(cast.an, of_an(turn, cast))
    services.withdraw(by=cast.an, submission=report)
    assert value(cast.province) is None
    assert of_an(turn, cast).state == "draft"
    assert_totals_hold()


def test_returned_it_stays_provisional_with_words_on_its_cells(cast: Cast, turn: Round) -> None:
    report = hand_in(cast.an, of_an(turn, cast))
    services.send_back(by=cast.dung, submission=report, why="Xem lại số lớp.", comments={"ttc.lop": "Thiếu một lớp?"})
    report = of_an(turn, cast)
    assert (report.state, report.returned_by, report.returned_why) == ("returned", cast.dung, "Xem lại số lớp.")
    assert [(one.key, one.text) for one in report.comments.all()] == [("ttc.lop", "Thiếu một lớp?")]
    assert value(cast.province) == 4
    services.settle_comment(by=cast.an, comment=report.comments.get())
    again = hand_in(cast.an, report, classes=5)
    assert value(cast.province) == 5
    assert again.returned_by == cast.dung  # who returned it stays in view
    assert_totals_hold()


def test_a_return_needs_a_reason_and_cells_that_exist(cast: Cast, turn: Round) -> None:
    report = hand_in(cast.an, of_an(turn, cast))
    with pytest.raises(Invalid) as refused:
        services.send_back(by=cast.dung, submission=report, why=" ")
    assert refused.value.field == "why"
    with pytest.raises(Invalid):
        services.send_back(by=cast.dung, submission=report, why="Sai", comments={"khong.co": "?"})
    assert of_an(turn, cast).state == "submitted"


def test_approved_its_facts_are_approved_and_returned_again_they_are_not(cast: Cast, turn: Round) -> None:
    report = hand_in(cast.an, of_an(turn, cast))
    services.approve(by=cast.dung, submission=report)
    assert set(Fact.objects.values_list("is_approved", flat=True)) == {True}
    services.send_back(by=cast.dung, submission=of_an(turn, cast), why="Sót một lớp.")
    assert set(Fact.objects.values_list("is_approved", flat=True)) == {False}
    assert_totals_hold()


def test_nobody_agrees_to_a_report_of_ones_own(cast: Cast, turn: Round) -> None:
    report = hand_in(cast.dung, of_an(turn, cast))
    with pytest.raises(Refused):
        services.approve(by=cast.dung, submission=report)
    services.approve(by=cast.binh, submission=report)
    assert of_an(turn, cast).approved_by == cast.binh


def test_a_locked_report_moves_no_more_until_it_is_unlocked_with_a_reason(cast: Cast, turn: Round) -> None:
    report = hand_in(cast.an, of_an(turn, cast))
    services.approve(by=cast.dung, submission=report)
    services.lock(by=cast.dung, submission=of_an(turn, cast))
    with pytest.raises(Conflict):
        services.send_back(by=cast.dung, submission=of_an(turn, cast), why="Sai")
    with pytest.raises(Conflict):
        fill(cast.an, of_an(turn, cast))
    with pytest.raises(Invalid):
        services.unlock(by=cast.dung, submission=of_an(turn, cast), why="")
    services.unlock(by=cast.dung, submission=of_an(turn, cast), why="Thanh tra yêu cầu")
    assert of_an(turn, cast).state == "approved"


def test_a_locked_report_shows_what_stood_there_when_it_was_handed_in(cast: Cast, turn: Round) -> None:
    hand_in(cast.an, of_an(turn, cast))
    report = report_of(turn, cast.district)
    services.fill(by=cast.dung, submission=report, figures={}, narratives={"chung": "Tốt."}, edition=0)
    services.submit(by=cast.dung, submission=report_of(turn, cast.district))
    services.approve(by=cast.binh, submission=report_of(turn, cast.district))
    services.lock(by=cast.binh, submission=report_of(turn, cast.district))
    hand_in(cast.chi, report_of(turn, cast.next_door), classes=5)
    shown = selectors.sheet(cast.dung, report_of(turn, cast.district)).cells["ttc.lop"]
    assert shown.value.value == 4
    assert value(cast.district) == 9


def test_who_is_excused_owes_nothing_until_asked_again(cast: Cast, turn: Round) -> None:
    services.excuse(by=cast.dung, submission=of_an(turn, cast), why="Xã đảo mất liên lạc")
    with pytest.raises(Conflict):
        fill(cast.an, of_an(turn, cast))
    services.ask_again(by=cast.dung, submission=of_an(turn, cast), why="Đã có liên lạc")
    assert fill(cast.an, of_an(turn, cast)).state == "draft"


def test_more_time_is_given_with_a_reason_and_only_forward(cast: Cast, turn: Round) -> None:
    report = of_an(turn, cast)
    with pytest.raises(Invalid):
        services.extend(by=cast.dung, submission=report, to=date(2020, 11, 17), why="Bão")
    with pytest.raises(Invalid):
        services.extend(by=cast.dung, submission=report, to=date(2020, 11, 25), why="")
    services.extend(by=cast.dung, submission=report, to=date(2020, 11, 25), why="Bão")
    assert of_an(turn, cast).deadline == date(2020, 11, 25)


def test_in_a_closed_round_nothing_is_filled_or_handed_in(cast: Cast, turn: Round) -> None:
    report = fill(cast.an, of_an(turn, cast))
    services.close_round(by=cast.binh, round=turn)
    for deed in (lambda: fill(cast.an, report), lambda: services.submit(by=cast.an, submission=report)):
        with pytest.raises(Conflict):
            deed()
    services.reopen_round(by=cast.binh, round=turn, why="Còn xã chưa nộp")
    assert services.submit(by=cast.an, submission=report).state == "submitted"


def test_late_is_told_by_the_day_of_handing_in(cast: Cast, turn: Round) -> None:
    with clock.pinned(datetime(2020, 11, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))):
        report = hand_in(cast.an, of_an(turn, cast))
    assert report.submitted_at is not None
    assert report.submitted_at.date() == date(2020, 11, 20)
    assert report.due_on == date(2020, 11, 17)


# ---- who may ----------------------------------------------------------------------------------------

_DEEDS: dict[str, Any] = {
    "fill": lambda by, one: services.fill(by=by, submission=one, figures={}, edition=one.edition),
    "submit": lambda by, one: services.submit(by=by, submission=one),
    "withdraw": lambda by, one: services.withdraw(by=by, submission=one),
    "return": lambda by, one: services.send_back(by=by, submission=one, why="Sai"),
    "approve": lambda by, one: services.approve(by=by, submission=one),
    "lock": lambda by, one: services.lock(by=by, submission=one),
    "unlock": lambda by, one: services.unlock(by=by, submission=one, why="Cần"),
    "excuse": lambda by, one: services.excuse(by=by, submission=one, why="Cần"),
    "extend": lambda by, one: services.extend(by=by, submission=one, to=date(2020, 12, 1), why="Cần"),
    "comment": lambda by, one: services.comment(by=by, submission=one, key="", text="Xem."),
}


@pytest.mark.parametrize("deed", _DEEDS)
def test_next_door_there_is_no_such_report(cast: Cast, turn: Round, deed: str) -> None:
    with pytest.raises(Missing):
        _DEEDS[deed](cast.chi, of_an(turn, cast))


@pytest.mark.parametrize("deed", _DEEDS)
@pytest.mark.parametrize("name", ["xuan", "tri"])
def test_who_only_reads_changes_nothing(cast: Cast, turn: Round, deed: str, name: str) -> None:
    with pytest.raises(Refused):
        _DEEDS[deed](cast.people[name], of_an(turn, cast))


@pytest.mark.parametrize("deed", ["return", "approve", "lock", "unlock", "excuse", "extend"])
def test_the_unit_itself_reviews_nothing(cast: Cast, turn: Round, deed: str) -> None:
    with pytest.raises(Refused):
        _DEEDS[deed](cast.an, of_an(turn, cast))


def test_the_district_reviews_its_communes_and_the_province_its_district_and_itself(cast: Cast, turn: Round) -> None:
    hand_in(cast.an, of_an(turn, cast))
    services.approve(by=cast.dung, submission=of_an(turn, cast))
    for unit, own, above in ((cast.district, cast.dung, cast.binh), (cast.province, cast.binh, cast.minh)):
        report = report_of(turn, unit)
        services.fill(by=own, submission=report, figures={}, narratives={"chung": "Tốt."}, edition=0)
        report = services.submit(by=own, submission=report_of(turn, unit))
        with pytest.raises(Refused):
            services.approve(by=own, submission=report)
        assert services.approve(by=above, submission=report).state == "approved"


def test_what_may_be_done_now_is_what_the_buttons_offer(cast: Cast, turn: Round) -> None:
    report = of_an(turn, cast)
    assert set(access_deeds(cast.an, report)) == {"fill", "submit", "comment"}
    assert set(access_deeds(cast.chi, report)) == set()
    report = hand_in(cast.an, report)
    assert set(access_deeds(cast.an, report)) == {"withdraw", "comment"}
    assert set(access_deeds(cast.dung, report)) >= {"return", "approve", "comment"}


def access_deeds(user: Any, report: Submission) -> list[str]:

    return access.possible_deeds(user, report)


def test_an_agency_shows_the_figures_of_its_place_and_states_none(cast: Cast) -> None:
    kind = make_kind(
        cast,
        levels=["commune", "agency"],
        sending={"commune": 3, "agency": 6},
        agencies=[cast.finance],
    )
    one = make_round(cast, kind)
    hand_in(cast.an, report_of(one, cast.commune))
    report = report_of(one, cast.finance)
    sheet = selectors.sheet(cast.hanh, report)
    assert sheet.unit == cast.province
    assert sheet.cells["ttc.lop"].value.value == 4
    with pytest.raises(Invalid):
        services.fill(by=cast.hanh, submission=report, figures={"ttc.lop": Given(9)}, edition=0)
    services.fill(by=cast.hanh, submission=report, figures={}, narratives={"chung": "Tốt."}, edition=0)
    done = services.submit(by=cast.hanh, submission=report_of(one, cast.finance))
    assert done.figures.get(key="ttc.lop").shown == 4
    assert value(cast.province) == 4

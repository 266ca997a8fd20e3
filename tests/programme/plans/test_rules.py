"""Decisions about tasks, as tables of cases."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Rhythm, period_of
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.plans import rules
from hieuhoc.programme.plans.rules import Standing
from hieuhoc.programme.plans.states import ASSIGNMENT, OPEN

TODAY = date(2020, 11, 16)


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


# ---- how an assignment stands ----------------------------------------------------------------------


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize(
    ("due_on", "standing"),
    [
        (None, Standing("none")),
        (day(-365), Standing("late", 365)),
        (day(-1), Standing("late", 1)),
        (day(0), Standing("today")),
        (day(1), Standing("soon", 1)),
        (day(7), Standing("soon", 7)),
        (day(8), Standing("later", 8)),
        (date.max, Standing("later", (date.max - TODAY).days)),
    ],
)
def test_open_work_stands_by_its_due_date_and_what_is_due_today_is_not_late(
    state: str, due_on: date | None, standing: Standing
) -> None:
    assert rules.standing(state, due_on=due_on, on=TODAY) == standing


@pytest.mark.parametrize(("state", "kind"), [("done", "waiting"), ("confirmed", "done"), ("cancelled", "cancelled")])
@pytest.mark.parametrize("due_on", [None, day(-10), day(0), day(10)])
def test_work_that_is_finished_is_never_late(state: str, kind: str, due_on: date | None) -> None:
    assert rules.standing(state, due_on=due_on, on=TODAY) == Standing(kind)
    assert not rules.is_overdue(state, due_on=due_on, on=TODAY)


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize(("due_on", "overdue"), [(None, False), (day(-1), True), (day(0), False), (day(1), False)])
def test_open_work_is_overdue_from_the_day_after(state: str, due_on: date | None, overdue: bool) -> None:
    assert rules.is_overdue(state, due_on=due_on, on=TODAY) is overdue


@given(st.sampled_from(sorted(ASSIGNMENT.states)), st.none() | st.dates(), st.dates())
def test_overdue_and_late_are_the_same(state: str, due_on: date | None, on: date) -> None:
    assert rules.is_overdue(state, due_on=due_on, on=on) == (rules.standing(state, due_on=due_on, on=on).kind == "late")


# ---- work of several units becomes one -------------------------------------------------------------


def part(state: str, percent: int = 0, note: str = "", due_on: date | None = None, unit: str = "Xã A") -> rules.Part:
    return rules.Part(unit, state, percent, note, due_on)


@pytest.mark.parametrize(
    ("parts", "state", "percent"),
    [
        ([part("assigned"), part("assigned")], "assigned", 0),
        ([part("assigned"), part("underway")], "underway", 0),
        ([part("assigned", 5), part("assigned")], "underway", 2),
        ([part("returned", 90), part("assigned")], "underway", 45),
        ([part("underway", 80), part("underway", 41)], "underway", 60),
        ([part("underway", 80), part("underway", 41), part("assigned")], "underway", 40),
        ([part("done", 100), part("underway", 99)], "underway", 99),
        ([part("done", 100), part("done", 100)], "done", 100),
        ([part("confirmed", 100), part("done", 100)], "done", 100),
        ([part("confirmed", 100), part("assigned")], "underway", 50),
        ([part("underway", 30)], "underway", 30),
    ],
)
def test_joined_work_is_done_when_all_were_and_has_begun_when_any_had(
    parts: list[rules.Part], state: str, percent: int
) -> None:
    joined = rules.join(parts)
    assert (joined.state, joined.percent) == (state, percent)


@pytest.mark.parametrize(
    ("days", "due_on"), [((1, 9), day(9)), ((9, 1, 4), day(9)), ((None, 3), None), ((None, None), None)]
)
def test_joined_work_is_due_when_the_last_of_it_was(days: tuple[int | None, ...], due_on: date | None) -> None:
    parts = [part("underway", due_on=None if one is None else day(one)) for one in days]
    assert rules.join(parts).due_on == due_on


def test_joined_work_keeps_the_words_of_each_under_its_name() -> None:
    parts = [part("underway", 80, "Đã mở 4 lớp.", unit="Xã An"), part("assigned", unit="Xã Bình")]
    parts.append(part("underway", 10, unit="Xã Chí"))
    assert rules.join(parts).note == "Xã An (80%): Đã mở 4 lớp.\nXã Chí (10%)"


def test_nothing_is_joined_out_of_nothing() -> None:
    with pytest.raises(Invalid):
        rules.join([])


@given(st.lists(st.tuples(st.sampled_from(OPEN), st.integers(0, 100)), min_size=1, max_size=8))
def test_joined_work_claims_no_more_than_was_done(shares: list[tuple[str, int]]) -> None:
    joined = rules.join([part(state, percent) for state, percent in shares])
    done = sum(percent for _state, percent in shares)
    assert joined.percent * len(shares) <= done < (joined.percent + 1) * len(shares)


# ---- recurrence ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("worded", "code"),
    [
        (None, ""),
        ("", ""),
        ("một lần", ""),
        ("hằng năm", "year"),
        ("Hàng năm", "year"),
        ("năm", "year"),
        ("6 tháng", "half"),
        ("sáu tháng một lần", "half"),
        ("định kỳ 6 tháng, hằng năm", "half"),
        ("quý", "quarter"),
        ("Hằng quý", "quarter"),
        ("3 tháng một lần", "quarter"),
        ("ba tháng", "quarter"),
        ("hằng tháng", "month"),
        ("tháng", "month"),
        ("thường xuyên", "continuous"),
        ("định kỳ", "periodic"),
        ("định kì", "periodic"),
    ],
)
def test_a_recurrence_has_the_code_of_its_words(worded: str | None, code: str) -> None:
    assert rules.recurrence_code(worded) == code
    assert code in rules.RECURRENCES


@given(st.none() | st.text(max_size=40))
def test_no_words_give_a_recurrence_that_does_not_exist(worded: str | None) -> None:
    assert rules.recurrence_code(worded) in rules.RECURRENCES


@pytest.mark.parametrize(
    ("recurrence", "code"),
    [
        ("year", "2020"),
        ("half", "2020-H2"),
        ("quarter", "2020-Q4"),
        ("month", "2020-11"),
        ("", None),
        ("continuous", None),
        ("periodic", None),
        ("weekly", None),
    ],
)
def test_only_what_names_a_calendar_has_a_turn(recurrence: str, code: str | None) -> None:
    turn = rules.occurrence(recurrence, on=TODAY)
    assert (turn and turn.code) == code


@pytest.mark.parametrize(
    ("rhythm", "deadline", "due_on"),
    [
        (None, None, None),
        (None, date(2021, 5, 1), date(2021, 5, 1)),
        (Rhythm.QUARTER, None, date(2020, 12, 31)),
        (Rhythm.QUARTER, date(2020, 12, 20), date(2020, 12, 20)),
        (Rhythm.QUARTER, date(2020, 10, 1), date(2020, 10, 1)),
        (Rhythm.QUARTER, date(2020, 9, 30), date(2020, 12, 31)),
        (Rhythm.QUARTER, date(2025, 12, 31), date(2020, 12, 31)),
        (Rhythm.YEAR, date(2020, 11, 25), date(2020, 11, 25)),
    ],
)
def test_a_turn_is_due_on_its_last_day_at_the_latest(
    rhythm: Rhythm | None, deadline: date | None, due_on: date | None
) -> None:
    period = period_of(rhythm, TODAY) if rhythm else None
    assert rules.due_of_occurrence(period, deadline=deadline) == due_on


@given(st.sampled_from(list(Rhythm)), st.dates(date(1900, 1, 1), date(9998, 12, 31)), st.none() | st.dates())
def test_a_turn_is_never_due_outside_itself(rhythm: Rhythm, on: date, deadline: date | None) -> None:
    period = period_of(rhythm, on)
    due_on = rules.due_of_occurrence(period, deadline=deadline)
    assert due_on is not None
    assert period.first <= due_on <= period.last


# ---- what may be reported --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "new", "note"), [(0, 0, ""), (0, 100, ""), (40, 40, ""), (40, 41, ""), (40, 39, "Làm lại."), (100, 0, "x")]
)
def test_progress_may_be_reported(last: int, new: int, note: str) -> None:
    rules.check_progress(last=last, new=new, note=note)


@pytest.mark.parametrize(
    ("last", "new", "note", "field"),
    [
        (0, -1, "", "percent"),
        (0, 101, "", "percent"),
        (0, 101, "Hơn cả xong.", "percent"),
        (40, 39, "", "note"),
        (40, 0, "  \n", "note"),
    ],
)
def test_progress_may_not_be_reported(last: int, new: int, note: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_progress(last=last, new=new, note=note)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("due_on", "issued_on"),
    [(None, None), (None, TODAY), (TODAY, None), (TODAY, TODAY), (day(1), TODAY)],
)
def test_a_due_date_may_stand_on_the_documents_own_day_or_after(due_on: date | None, issued_on: date | None) -> None:
    rules.check_due(due_on=due_on, issued_on=issued_on)


def test_a_due_date_before_the_document_is_invalid() -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_due(due_on=day(-1), issued_on=TODAY)
    assert refused.value.field == "due_on"


# ---- splitting -------------------------------------------------------------------------------------


def test_a_text_is_split_where_it_is_asked() -> None:
    assert rules.split_text("Rà soát; tạo điều kiện", at=8) == ("Rà soát;", "tạo điều kiện")


@pytest.mark.parametrize("at", [0, 22, 23, 999])
def test_a_half_without_words_is_invalid(at: int) -> None:
    with pytest.raises(Invalid) as refused:
        rules.split_text("Rà soát; tạo điều kiện", at=at)
    assert refused.value.field == "at"


def test_before_and_after_only_blanks_there_is_nothing_to_split() -> None:
    with pytest.raises(Invalid):
        rules.split_text("   Rà soát", at=3)


@given(st.text(max_size=60), st.integers(0, 60))
def test_a_split_keeps_every_word(text: str, at: int) -> None:
    try:
        first, second = rules.split_text(text, at=at)
    except Invalid:
        return
    assert text.index(first) <= text.index(second, text.index(first))
    assert "".join((first + second).split()) == "".join(text.split())


@given(st.text("ab ;.,:", max_size=40))
def test_at_every_cut_point_the_text_can_be_split(text: str) -> None:
    for at in rules.cut_points(text):
        assert 0 < at < len(text)
        assert text[:at].strip()
        assert text[at:].strip()
        rules.split_text(text, at=at)


def test_cut_points_are_the_marks_inside_and_not_those_at_the_end_or_in_numbers() -> None:
    text = "Chỉ đạo: rà soát, cập nhật 1.200 hộ; báo cáo."
    assert [text[:at].split()[-1] for at in rules.cut_points(text)] == ["đạo:", "soát,", "hộ;"]


@given(st.lists(st.text("ab c", min_size=1, max_size=20), min_size=1, max_size=6), st.data())
def test_the_stretches_of_words_that_stand_in_the_lines_say_those_words(lines: list[str], data: st.DataObject) -> None:
    words = " ".join(lines).split()
    if not words:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    text = " ".join(words[first : last + 1])
    flat = [" ".join(line.split()) for line in lines]
    found = rules.stretches(text, [line for line in flat if line])
    kept = [line for line in flat if line]
    assert " ".join(kept[line][begin:end] for line, begin, end in found).split() == text.split()


# ---- likeness --------------------------------------------------------------------------------------

texts = st.text("abcdeghiklmno ", min_size=3, max_size=60)


@given(texts, texts)
def test_likeness_is_a_percentage_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= rules.likeness(one, other) <= 100
    assert rules.likeness(one, other) == rules.likeness(other, one)


@pytest.mark.parametrize(
    ("below", "above", "least", "most"),
    [
        ("rà soát người mù chữ", "rà soát người mù chữ", 100, 100),
        ("rà soát người mù chữ trên địa bàn xã", "rà soát người mù chữ trên địa bàn tỉnh", 85, 99),
        ("mở lớp xóa mù chữ cho phụ nữ", "cho phụ nữ mở lớp xóa mù chữ", 100, 100),
        ("tổ chức ngày hội đọc sách", "kiểm tra an toàn lao động", 0, 44),
    ],
)
def test_texts_with_the_same_words_are_alike(below: str, above: str, least: int, most: int) -> None:
    assert least <= rules.likeness(fold(below), fold(above)) <= most


def test_the_nearest_come_best_first_and_none_under_the_floor() -> None:
    above = [
        (1, fold("kiểm tra an toàn lao động")),
        (2, fold("tổ chức ngày hội đọc sách cho học sinh")),
        (3, fold("tổ chức ngày hội đọc sách")),
    ]
    found = rules.nearest(fold("Tổ chức ngày hội đọc sách"), above)
    assert [key for key, _ in found] == [3, 2]
    assert found[0][1] == 100


@given(st.text("abc ", max_size=20), st.lists(st.text("abc ", max_size=20), max_size=10), st.integers(0, 5))
def test_the_nearest_are_few_sorted_and_above_the_floor(below: str, above: list[str], most: int) -> None:
    found = rules.nearest(below, list(enumerate(above)), most=most)
    scores = [score for _, score in found]
    assert len(found) <= most
    assert scores == sorted(scores, reverse=True)
    assert all(score >= rules.LIKENESS_FLOOR for score in scores)
    assert len({key for key, _ in found}) == len(found)


def test_two_files_of_one_document_have_the_same_words() -> None:
    one = ["KẾ HOẠCH", "Về việc  xây dựng “xã hội học tập”", "", "I. Mục tiêu"]
    other = ["Kế hoạch về việc xây dựng", "xã hội học tập; I - Mục tiêu."]
    assert rules.same_document_text(one) == rules.same_document_text(other)
    assert rules.same_document_text(one) != rules.same_document_text([*one, "II"])


# ---- obstacles -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("waited", "too_long"),
    [(timedelta(days=10), False), (timedelta(days=10, seconds=1), True), (timedelta(0), False)],
)
def test_an_obstacle_waits_too_long_after_ten_days(waited: timedelta, too_long: bool) -> None:
    now = datetime(2020, 11, 16, 8)
    assert rules.is_waiting_too_long(now - waited, now=now) is too_long

"""A list of learners as a workbook: every fault by row, column and reason; nothing taken in before it is accepted."""

import io
import time
from datetime import timedelta

import pytest
import python_calamine
import xlsxwriter
from django.core.files.storage import default_storage
from django.utils import timezone
from tests.factories.cast import Cast
from tests.factories.learning import make_activity, make_provider
from tests.factories.places import make_unit

from hieuhoc.foundation.jobs.models import Job, Result
from hieuhoc.foundation.jobs.working import Progress
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.programme.learning.documents.lists import list_template
from hieuhoc.programme.learning.intake import lists
from hieuhoc.programme.learning.models import Activity
from hieuhoc.programme.learning.rules.lists import COLUMNS, phone_in
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.services import note_person

pytestmark = pytest.mark.django_db
HEADINGS = ("Họ và tên", "Năm sinh", "Giới tính", "Điện thoại", "Nơi ở", "Số định danh")
Row = tuple[object, ...]


def book(rows: list[Row], headings: tuple[str, ...] = HEADINGS) -> bytes:
    """A workbook with a title above the headings, as people make them."""
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet()
    sheet.write(0, 0, "DANH SÁCH")
    for number, row in enumerate([headings, *rows], start=1):
        sheet.write_row(number, 0, row)
    made.close()
    return file.getvalue()


@pytest.fixture
def activity(cast: Cast) -> Activity:
    """A class of three places at An's commune."""
    return make_activity(make_provider(cast.commune), capacity=3)


def check(activity: Activity, *rows: Row) -> lists.Checked:
    return lists.check(activity=activity, content=book(list(rows)), name="list.xlsx")


def test_every_fault_is_told_by_row_column_and_reason(cast: Cast, activity: Activity) -> None:
    checked = check(
        activity,
        ("Lê Thị Một", 1980, "nữ", "0912345678", "Xã An Phú", ""),
        ("", 1980, "", "", "", ""),
        ("Lê Thị Ba", "80", "gái", "123", "Xã Ở Đâu", "12"),
        ("Lê Thị Tư", 2999, "", "", "", ""),
        ("Lê Thị Một", 1980, "nữ", "0912345678", "Xã An Phú", ""),
    )
    assert [(wrong.row, wrong.column) for wrong in checked.wrongs] == [
        (4, "Họ và tên"),
        (5, "Năm sinh"),
        (5, "Giới tính"),
        (5, "Điện thoại"),
        (5, "Nơi ở"),
        (5, "Số định danh"),
        (6, "Năm sinh"),
        (7, "Họ và tên"),
    ]
    assert "dòng 3" in checked.wrongs[-1].reason
    assert (checked.rows, checked.wrong_rows) == (5, 4)
    assert not Person.objects.exists()


def test_a_telephone_that_excel_took_for_a_number_gets_its_zero_back(activity: Activity) -> None:
    assert phone_in("912345678") == "0912345678"
    (ready,) = check(activity, ("Lê Thị Một", 1980, "nữ", 912345678, "", "")).ready
    assert ready.about.phone == "0912345678"


def test_a_place_is_found_by_its_name_around_the_class(cast: Cast, activity: Activity) -> None:
    own = make_unit("Ấp Một", "hamlet", "ap", cast.commune)
    make_unit("Ấp Một", "hamlet", "ap", cast.next_door)
    checked = check(
        activity,
        ("Lê Thị Một", 1980, "", "", "ap mot", ""),
        ("Lê Thị Hai", 1980, "", "", "Ấp Một, Xã Chí Hòa", ""),
        ("Lê Thị Ba", 1980, "", "", "Xã Chí Hòa", ""),
    )
    assert not checked.wrongs
    assert [one.about.unit and one.about.unit.parent_id for one in checked.ready] == [
        cast.commune.pk, cast.next_door.pk, cast.district.pk,
    ]  # fmt: skip
    assert checked.ready[0].about.unit == own


def test_nothing_is_taken_in_with_a_fault_until_it_is_given_up(cast: Cast, activity: Activity) -> None:
    checked = check(activity, ("Lê Thị Một", 1980, "", "", "", ""), ("Lê Thị Hai", "x", "", "", "", ""))
    with pytest.raises(Conflict):
        lists.take_in(by=cast.hue, activity=activity, checked=checked, choices={}, only_right=False)
    assert not Person.objects.exists()
    done = lists.take_in(by=cast.hue, activity=activity, checked=checked, choices={}, only_right=True)
    assert done == lists.Done(enrolled=1, waiting=0, there=0, new=1)


def test_whoever_is_known_is_taken_and_whoever_may_be_is_asked_about(cast: Cast, activity: Activity) -> None:
    by_card = note_person(by=cast.hue, name="Lê Thị Một", identity="091080012345")
    by_name = note_person(by=cast.hue, name="Lê Thị Hai", birth_year=1980, unit=cast.commune)
    checked = check(
        activity,
        ("Lê Thị Một", 1980, "", "", "", "091080012345"),
        ("Le Thi Hai", 1980, "", "", "Xã An Phú", ""),
        ("Lê Thị Hai", "", "", "", "Xã An Phú", ""),
    )
    assert checked.ready[0].certain == by_card
    assert [one.perhaps for one in checked.asked] == [(by_name,), (by_name,)]
    with pytest.raises(Conflict):
        lists.take_in(by=cast.hue, activity=activity, checked=checked, choices={4: by_card.pk}, only_right=False)
    done = lists.take_in(
        by=cast.hue, activity=activity, checked=checked, choices={4: by_name.pk, 5: None}, only_right=False
    )
    assert done == lists.Done(enrolled=3, waiting=0, there=0, new=1)
    assert set(activity.enrolments.values_list("person", flat=True)) >= {by_card.pk, by_name.pk}


def test_a_list_that_fails_in_the_middle_leaves_nothing(cast: Cast, activity: Activity) -> None:
    checked = check(activity, *((f"Lê Thị {word}", 1980, "", "", "", "") for word in ("Một", "Hai", "Ba", "Tư")))
    Activity.objects.filter(pk=activity.pk).update(state="cancelled")
    with pytest.raises(Conflict):
        lists.take_in(by=cast.hue, activity=activity, checked=checked, choices={}, only_right=False)
    assert not Person.objects.exists()


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused(cast: Cast, activity: Activity, content: bytes) -> None:
    with pytest.raises(Invalid):
        lists.keep(by=cast.hue, activity=activity, content=content, name="list.xlsx")


def test_the_template_has_the_columns_that_are_read_and_comes_back_empty(activity: Activity) -> None:
    content = list_template(activity)
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert any(list(row[: len(COLUMNS)]) == list(COLUMNS.values()) for row in rows)
    with pytest.raises(Invalid, match="không có dòng nào"):
        lists.check(activity=activity, content=content, name="list.xlsx")


def test_a_list_waits_for_the_one_who_sent_it_and_a_day_at_most(cast: Cast, activity: Activity) -> None:
    content = book([("Lê Thị Một", 1980, "", "", "", "")])
    token = lists.keep(by=cast.hue, activity=activity, content=content, name="list.xlsx")
    assert lists.kept(by=cast.hue, activity=activity, token=token) == content
    for by, other in ((cast.an, token), (cast.hue, "0" * 32), (cast.hue, "../../x")):
        with pytest.raises(Missing):
            lists.kept(by=by, activity=activity, token=other)
    assert lists.sweep() == 0
    assert lists.sweep(now=timezone.now() + timedelta(hours=25)) >= 1
    assert not default_storage.listdir(lists.FOLDER)[1]


def test_only_who_runs_the_class_sends_a_list(cast: Cast, activity: Activity) -> None:
    content = book([("Lê Thị Một", 1980, "", "", "", "")])
    with pytest.raises(Refused):
        lists.keep(by=cast.lan, activity=activity, content=content, name="list.xlsx")
    with pytest.raises(Missing):
        lists.keep(by=cast.chi, activity=activity, content=content, name="list.xlsx")


# ---- ten thousand ------------------------------------------------------------------------------------

ROWS, FAULTY, SECONDS = 10_000, 300, 10


def long_list() -> bytes:
    rows: list[Row] = []
    for number in range(ROWS):
        name = f"Nguyễn Thị {chr(65 + number % 26)}{chr(97 + number // 26 % 26)}{chr(97 + number // 676)}"
        born = (
            "không rõ" if number % (ROWS // FAULTY) == 0 and number // (ROWS // FAULTY) < FAULTY else 1950 + number % 50
        )
        rows.append((name, born, "nữ", f"09{number:08}", "Xã An Phú", f"{91_000_000_000 + number:012}"))
    return book(rows)


def test_ten_thousand_rows_with_three_hundred_faulty_are_judged_in_time_and_taken_in_whole(
    cast: Cast, activity: Activity
) -> None:
    content = long_list()
    started = time.perf_counter()
    checked = lists.check(activity=activity, content=content, name="list.xlsx")
    assert time.perf_counter() - started < SECONDS
    assert {wrong.column for wrong in checked.wrongs} == {"Năm sinh"}
    assert (checked.wrong_rows, len(checked.wrongs), len(checked.ready)) == (FAULTY, FAULTY, ROWS - FAULTY)
    assert not Person.objects.exists()
    token = lists.keep(by=cast.hue, activity=activity, content=content, name="list.xlsx")
    parameters = {"activity": activity.pk, "token": token, "choices": [], "only_right": True, "url": "/"}
    now = timezone.now()
    job = Job.objects.create(
        kind="learning.lists", title="x", owner_key=cast.hue.actor_key, parameters=parameters, seen_at=now,
        queued_at=now, state="running",
    )  # fmt: skip
    lists.take_in_list(job, Progress(job, 0, frozenset()))
    assert Person.objects.count() == activity.enrolments.count() == ROWS - FAULTY
    assert activity.enrolments.filter(state="enrolled").count() == 3
    assert Result.objects.get(job=job).outcome == "ok"
    again = lists.check(activity=activity, content=content, name="list.xlsx")
    assert all(one.certain for one in again.ready)

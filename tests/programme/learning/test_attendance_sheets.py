"""The sheet of attendance on paper, and its workbook back: taken whole, or every wrong cell named."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.factories.cast import TODAY, Cast
from tests.factories.learning import make_activity, make_provider, make_session
from tests.programme.learning.test_attendance import Class, book, make_class, mark, take

from hieuhoc.kernel.errors import Invalid
from hieuhoc.programme.learning.intake.sheets import TakenSheet, take_in_sheet
from hieuhoc.programme.learning.models import Attendance, SentMark
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.people.models import Person

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
FIRST_ROW, FIRST_COLUMN = 9, 5  # as Excel counts


@pytest.fixture
def lesson(cast: Cast) -> Class:
    return make_class(cast, learners=4)


def sheet_of(client: Client, lesson: Class, query: str = "") -> bytes:
    answer = client.get(reverse("learning:attendance-xlsx", args=[lesson.today.activity.code]) + query)
    assert answer.status_code == 200
    content: bytes = answer.content
    return content


def filled(content: bytes, cells: dict[str, Any]) -> bytes:
    """The workbook with these cells changed, as a spreadsheet program saves it."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    for place, value in cells.items():
        workbook["Điểm danh"][place] = value
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def take_in(lesson: Class, content: bytes, by: User | None = None) -> TakenSheet:
    return take_in_sheet(
        by=by or lesson.cast.lan, activity=lesson.today.activity, content=content, name="diem-danh.xlsx"
    )


def test_a_filled_sheet_of_the_series_comes_back_once(lesson: Class, signed_in: SignIn) -> None:
    one, two, three, four = lesson.learners
    content = filled(
        sheet_of(signed_in(lesson.cast.lan), lesson),
        {"E9": "x", "F9": "M", "E10": "v", "F11": "có mặt", "B13": "Kiều Oanh", "C13": 1985, "E13": "x", "F13": "x"},
    )
    for _time in range(2):
        taken = take_in(lesson, content)
        assert taken.faults == []
        assert {one.outcome for one in taken.outcomes} == {"taken"}
    walk_in = Person.objects.get(name="Kiều Oanh")
    came = walk_in.enrolments.get()
    assert book(lesson.first) == {one.pk: "present", two.pk: "absent", came.pk: "present"}
    assert book(lesson.today) == {one.pk: "late", three.pk: "present", came.pk: "present"}
    assert four.pk not in book(lesson.today)
    assert (came.first_on, came.last_on) == (TODAY - timedelta(days=7), TODAY)


def test_the_sheet_shows_what_stands_and_cells_left_alone_say_nothing(lesson: Class, signed_in: SignIn) -> None:
    one, two, *_rest = lesson.learners
    take(lesson.cast.lan, lesson.today, mark(one, "present"), mark(two, "late"))
    content = sheet_of(signed_in(lesson.cast.lan), lesson, f"?session={lesson.today.pk}")
    page = openpyxl.load_workbook(io.BytesIO(content))["Điểm danh"]
    assert [page["E9"].value, page["E10"].value, page["E11"].value] == ["x", "m", None]
    take(lesson.cast.hue, lesson.today, mark(one, "absent", seen=999, minute=1))
    before = SentMark.objects.count()
    assert take_in(lesson, content).outcomes == []
    assert SentMark.objects.count() == before
    assert book(lesson.today)[one.pk] == "absent"


def test_whoever_marked_differently_since_the_sheet_was_written_is_not_overwritten(
    lesson: Class, signed_in: SignIn
) -> None:
    one = lesson.learners[0]
    content = sheet_of(signed_in(lesson.cast.lan), lesson)
    take(lesson.cast.hue, lesson.today, mark(one, "absent"))
    (clash,) = take_in(lesson, filled(content, {"F9": "x"})).outcomes
    assert clash.outcome == "conflict"
    assert book(lesson.today) == {one.pk: "absent"}


def test_a_sheet_that_is_mended_and_sent_again_says_what_it_says_now(lesson: Class, signed_in: SignIn) -> None:
    one, content = lesson.learners[0], sheet_of(signed_in(lesson.cast.lan), lesson)
    for time, (sign, stands) in enumerate((("x", "present"), ("v", "absent"), ("x", "present"))):
        take_in(lesson, filled(content, {"F9": sign, "K1": f"bản {time}"}))
        assert book(lesson.today) == {one.pk: stands}


def test_every_wrong_cell_is_named_and_nothing_is_taken(lesson: Class, signed_in: SignIn) -> None:
    content = filled(
        sheet_of(signed_in(lesson.cast.lan), lesson),
        {
            "E9": "x",
            "E10": "ngủ",
            "B11": "Người Khác",
            "A12": 99,
            "B13": "Kiều Oanh",
            "C13": "năm ngoái",
            "D13": "khác",
            "E13": "x",
            "E14": "x",
            "B15": "Không Đến",
        },
    )
    taken = take_in(lesson, content)
    assert {f"{fault.column}{fault.row}" for fault in taken.faults} == {"E10", "B11", "A12", "C13", "D13", "B14", "E15"}
    assert all(fault.problem.sentence for fault in taken.faults)
    assert (taken.outcomes, Attendance.objects.count()) == ([], 0)


def test_the_sheet_of_another_class_is_refused_by_name(lesson: Class, signed_in: SignIn) -> None:
    other = make_activity(make_provider(lesson.cast.commune, "Trung tâm khác"), "Lớp khác")
    make_session(other, TODAY)
    content = sheet_of(signed_in(lesson.cast.lan), lesson)
    with pytest.raises(Invalid, match=lesson.today.activity.code):
        take_in_sheet(by=lesson.cast.lan, activity=other, content=content, name="diem-danh.xlsx")


def _zip(names: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in names.items():
            packed.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"khong phai tep Excel",
        _zip({"a.txt": b"a"}),
        _zip({"xl/workbook.xml": b"0" * 50_000_000}),
        b"PK" + b"0" * 5_000_001,
    ],
    ids=["nothing", "text", "archive", "bomb", "too large"],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(lesson: Class, content: bytes) -> None:
    with pytest.raises(Invalid) as found:
        take_in(lesson, content)
    assert found.value.field == "file"


def test_a_sheet_whose_hidden_part_was_changed_is_refused(lesson: Class, signed_in: SignIn) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(sheet_of(signed_in(lesson.cast.lan), lesson)))
    workbook["hieuhoc"]["A4"] = "77777"
    file = io.BytesIO()
    workbook.save(file)
    with pytest.raises(Invalid):
        take_in(lesson, file.getvalue())


def test_the_page_takes_a_sheet_and_shows_its_faults(lesson: Class, signed_in: SignIn) -> None:
    client = signed_in(lesson.cast.lan)
    address = reverse("learning:attendance-upload", args=[lesson.today.activity.code])
    content = sheet_of(client, lesson)
    wrong = client.post(address, {"file": SimpleUploadedFile("a.xlsx", filled(content, {"E10": "ngủ"}))})
    assert (wrong.status_code, "E10" in wrong.content.decode()) == (422, True)
    right = client.post(address, {"file": SimpleUploadedFile("a.xlsx", filled(content, {"F9": "x"}))}, follow=True)
    assert right.status_code == 200
    assert book(lesson.today) == {lesson.learners[0].pk: "present"}


def test_the_paper_is_printed_for_a_session_and_for_the_series(lesson: Class, signed_in: SignIn) -> None:
    client, code = signed_in(lesson.cast.lan), lesson.today.activity.code
    for number in range(10):
        make_session(lesson.today.activity, TODAY + timedelta(days=number + 1))
    for query in ("", f"?session={lesson.today.pk}"):
        printed = client.get(reverse("learning:attendance-pdf", args=[code]) + query)
        assert printed.content.startswith(b"%PDF")
        assert client.get(reverse("learning:attendance-word", args=[code]) + query).content.startswith(b"PK")
    assert client.get(reverse("learning:attendance-pdf", args=[code]) + "?session=0").status_code == 404
    assert signed_in(lesson.cast.xuan).get(reverse("learning:attendance-pdf", args=[code])).status_code == 403
    assert signed_in(lesson.cast.chi).get(reverse("learning:attendance-xlsx", args=[code])).status_code == 404

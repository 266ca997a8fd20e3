"""The register as a workbook: what comes out goes in unchanged; a wrong cell is named, and then nothing is in."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.cast import TODAY, Cast
from tests.factories.learning import make_provider
from tests.factories.reorganisations import workbook

from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Invalid
from hieuhoc.programme.learning.documents.providers import providers_workbook
from hieuhoc.programme.learning.intake.providers import take_in_providers
from hieuhoc.programme.learning.intake.rows import Taken
from hieuhoc.programme.learning.models import Provider
from hieuhoc.programme.learning.rules.provider_columns import COLUMNS
from hieuhoc.programme.learning.selectors.providers import providers
from hieuhoc.registers.accounts.models import User

pytestmark = pytest.mark.django_db

HEADINGS = ("Loại", "Tên", "Mã đơn vị", "Thành lập từ ngày", "Có internet", "Vĩ độ", "Kinh độ")


def take(by: User, *rows: tuple[Any, ...], only_right: bool = False) -> Taken:
    file = workbook(HEADINGS, rows, title="Danh mục")
    return take_in_providers(by=by, content=file.getvalue(), name="bang.xlsx", only_right=only_right)


def right(cast: Cast, name: str = "Thư viện xã") -> tuple[Any, ...]:
    return ("thư viện", name, cast.commune.key, date(2019, 3, 2), "có", "10,5", "105,25")


def test_a_right_row_founds_a_body(cast: Cast) -> None:
    taken = take(cast.an, right(cast))
    assert (taken.written, taken.same, taken.wrongs) == (1, 0, [])
    made = Provider.objects.get()
    assert (made.kind, made.name, made.valid_from, made.has_internet) == (
        "library",
        "Thư viện xã",
        date(2019, 3, 2),
        True,
    )


def test_the_same_file_twice_brings_nothing_new(cast: Cast) -> None:
    take(cast.an, right(cast))
    taken = take(cast.an, right(cast))
    assert (taken.written, taken.same) == (0, 1)
    assert Provider.objects.count() == 1


def test_every_wrong_cell_is_named_and_nothing_is_written(cast: Cast) -> None:
    before = Entry.objects.count()
    wrong: list[tuple[tuple[Any, ...], str]] = [
        (("quán cà phê", "A", cast.commune.key, date(2019, 3, 2), "", "", ""), "Loại"),
        (("thư viện", "", cast.commune.key, date(2019, 3, 2), "", "", ""), "Tên"),
        (("thư viện", "B", "khong-co", date(2019, 3, 2), "", "", ""), "Mã đơn vị"),
        (("thư viện", "C", cast.commune.key, "ba mươi", "", "", ""), "Thành lập từ ngày"),
        (("thư viện", "D", cast.commune.key, date(2019, 3, 2), "có lẽ", "", ""), "Có internet"),
        (("thư viện", "E", cast.commune.key, date(2019, 3, 2), "", "90", "105"), "Vĩ độ"),
        (("thư viện", "F", cast.commune.key, date(2019, 3, 2), "", "10", ""), "Kinh độ"),
        (("thư viện", "G", cast.next_door.key, date(2019, 3, 2), "", "", ""), "cả dòng"),
        (("trung tâm học tập cộng đồng", "H", cast.commune.key, date(2019, 3, 2), "", "", ""), "cả dòng"),
    ]
    taken = take(cast.an, right(cast), *(row for row, _column in wrong))
    told = [(one.sheet, one.row, one.column) for one in taken.wrongs]
    assert told == [("Danh mục", number, column) for number, (_row, column) in enumerate(wrong, start=3)]
    assert all(one.reason for one in taken.wrongs)
    assert (taken.written, Provider.objects.count(), Entry.objects.count()) == (0, 0, before)


def test_all_wrong_cells_of_a_row_are_named(cast: Cast) -> None:
    taken = take(cast.an, ("quán cà phê", "", "khong-co", "ba mươi", "có lẽ", "90", "5"))
    assert [one.column for one in taken.wrongs] == [
        "Loại",
        "Tên",
        "Mã đơn vị",
        "Thành lập từ ngày",
        "Có internet",
        "Vĩ độ",
        "Kinh độ",
    ]


def test_whoever_accepts_it_gets_what_is_right(cast: Cast) -> None:
    taken = take(
        cast.an, right(cast), ("thư viện", "", cast.commune.key, date(2019, 3, 2), "", "", ""), only_right=True
    )
    assert (taken.written, len(taken.wrongs)) == (1, 1)
    assert Provider.objects.get().name == "Thư viện xã"
    assert Entry.objects.filter(deed="learning.provider.found").count() == 1


def test_what_comes_out_goes_in_unchanged(cast: Cast) -> None:
    take(cast.an, right(cast), right(cast, "Thư viện ấp"))
    make_provider(cast.commune)
    content = providers_workbook(list(providers(cast.binh)), directors={}, on=TODAY)
    taken = take_in_providers(by=cast.binh, content=content, name="tai-ve.xlsx")
    assert (taken.written, taken.same, taken.wrongs) == (0, 3, [])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert set(COLUMNS.values()) <= {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell}


def test_a_column_left_out_is_not_touched(cast: Cast) -> None:
    take(cast.an, right(cast))
    file = workbook(HEADINGS[:4], [right(cast)[:4]])
    take_in_providers(by=cast.an, content=file.getvalue(), name="bang.xlsx")
    assert Provider.objects.get().has_internet is True


@pytest.mark.parametrize(
    "content", [b"", b"day khong phai la bang tinh", workbook(("A", "B"), [("1", "2")]).getvalue()]
)
def test_what_is_no_such_workbook_is_refused_whole(cast: Cast, content: bytes) -> None:
    with pytest.raises(Invalid) as trouble:
        take_in_providers(by=cast.an, content=content, name="bang.xlsx")
    assert trouble.value.field == "file"


def test_more_rows_ask_the_database_no_more_questions(cast: Cast) -> None:
    asked = []
    for rows in (20, 200):
        with CaptureQueriesContext(connection) as queries:
            taken = take(cast.an, *(right(cast, f"Thư viện {rows} số {number}") for number in range(rows)))
        assert taken.written == rows
        asked.append(sum(one["sql"].startswith("SELECT") for one in queries.captured_queries))
    assert asked[1] <= asked[0]


def test_a_second_row_of_a_body_founded_by_the_same_file_tells_it_anew(cast: Cast) -> None:
    library = right(cast)
    taken = take(cast.an, library, library, (*library[:4], "không", *library[5:]), library)
    assert (taken.written, taken.same, taken.wrongs) == (3, 1, [])
    made = Provider.objects.get()
    assert (made.has_internet, made.edition) == (True, 3)

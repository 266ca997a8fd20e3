"""The pages of workbooks at both widths: a wrong file is told in a table, an archive leads to its job."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from tests.factories.cast import Cast, make_cast
from tests.factories.indicators import make_indicator
from tests.factories.reports_pages import Reporting, make_reporting

from hieuhoc.engines.writer.form_workbook import form_workbook
from hieuhoc.engines.writer.forms import places
from hieuhoc.reports.selectors import workbooks

NewPage = Callable[..., Page]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def reporting(people: Cast) -> Reporting:
    for code in ("CLC.LOP", "CLC.HOCVIEN"):
        make_indicator(code, rhythms=("quarter", "half", "year"))
    make_indicator("LIT.MU", breakdowns=["sex"], rhythms=("quarter", "half", "year"))
    return make_reporting(people)


def test_a_wrong_workbook_and_an_archive_are_handed_over(
    people: Cast,
    reporting: Reporting,
    new_page: NewPage,
    size: dict[str, int],
    accessible: Callable[[Page], None],
) -> None:
    form = workbooks.filled_form(reporting.commune)
    book = openpyxl.load_workbook(io.BytesIO(form_workbook(form)))
    place = next(one for one in places(form) if one.key == "ttc.lop")
    book[place.sheet][place.reference] = -1
    file = io.BytesIO()
    book.save(file)
    page = new_page(size=size, user=people.an)
    page.goto(f"/reports/submissions/{reporting.commune.pk}/workbook/")
    accessible(page)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files("input[type=file]", {"name": "xa.xlsx", "mimeType": kind, "buffer": file.getvalue()})
    page.locator("main form[enctype] button[type=submit]").click()
    expect(page.get_by_text("số âm (-1)")).to_be_visible()
    accessible(page)
    page.goto(f"/reports/rounds/{reporting.round.pk}/workbooks/")
    expect(page.get_by_role("button", name="Tạo mẫu Excel cho các đơn vị")).to_be_visible()
    accessible(page)

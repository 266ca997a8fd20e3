"""The page of one report: filled, faulty, in two people's hands, handed in, returned with comments, approved."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.cast import Cast
from tests.factories.reports_pages import Reporting, make_reporting

from hieuhoc.registers.accounts.models import User
from hieuhoc.reports import selectors, services
from hieuhoc.reports.models import FormVersion, Submission

SignIn = Callable[[User], Client]
GOOD = {"f:ttc.lop": "12", "f:ttc.hv": "1.234", "f:xmc.l1.tong": "40", "f:xmc.l1.nu": "25", "n:chung": "Đã mở 12 lớp."}


@pytest.fixture
def reporting(cast: Cast) -> Reporting:
    return make_reporting(cast)


def address(one: Submission, deed: str = "") -> str:
    return f"/reports/submissions/{one.pk}/{deed}"


def save(client: Client, one: Submission, *, then: str = "stay", **typed: str) -> Any:
    one.refresh_from_db()
    return client.post(address(one, "fill/"), {"edition": str(one.edition), "then": then, **typed}, follow=True)


def stated(one: Submission) -> dict[str, int | None]:
    return dict(one.figures.values_list("key", "stated"))


def test_a_clerk_fills_the_sheet_in_with_numbers_as_they_are_written_here(
    cast: Cast, reporting: Reporting, signed_in: SignIn
) -> None:
    answer = save(signed_in(cast.an), reporting.commune, **GOOD)
    assert answer.status_code == 200
    assert stated(reporting.commune) == {"ttc.lop": 12, "ttc.hv": 1234, "xmc.l1.tong": 40, "xmc.l1.nu": 25}
    page = answer.content.decode()
    assert "Đã lưu nháp" in page
    assert 'value="1.234"' in page
    assert "Đã mở 12 lớp." in page


def test_a_wrong_cell_keeps_what_was_typed_and_holds_up_no_other(
    cast: Cast, reporting: Reporting, signed_in: SignIn
) -> None:
    answer = save(signed_in(cast.an), reporting.commune, **GOOD | {"f:ttc.lop": "mười hai"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="mười hai"' in page
    assert 'href="#f-ttc.lop"' in page
    assert 'aria-invalid="true"' in page
    assert "ttc.lop" not in stated(reporting.commune)
    assert stated(reporting.commune)["ttc.hv"] == 1234


def test_a_check_explains_itself_at_the_cell_and_above_with_a_link(
    cast: Cast, reporting: Reporting, signed_in: SignIn
) -> None:
    answer = save(signed_in(cast.an), reporting.commune, then="submit", **GOOD | {"f:ttc.hv": "5"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("Học viên không ít hơn số lớp.") >= 2
    assert 'href="#f-ttc.hv"' in page
    reporting.commune.refresh_from_db()
    assert reporting.commune.state == "draft"
    assert stated(reporting.commune)["ttc.hv"] == 5


def test_who_saves_second_loses_nothing(cast: Cast, reporting: Reporting, signed_in: SignIn) -> None:
    client, one = signed_in(cast.an), reporting.commune
    first = save(client, one, **GOOD)
    was, edition = first.context["was"], first.context["edition"]
    one.refresh_from_db()
    other = {"ttc.lop": services.Given(15), "ttc.hv": services.Given(1300)}
    services.fill(by=cast.an, submission=one, figures=other, edition=one.edition)
    answer = client.post(
        address(one, "fill/"), {**GOOD, "f:ttc.hv": "1.400", "edition": str(edition), "was": was, "then": "stay"}
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'value="15"' in page  # I left it alone: theirs
    assert 'value="1.400"' in page
    assert "1.300" in page
    assert stated(one)["ttc.hv"] == 1300  # nothing is kept before I say so again
    again = save(client, one, **{"f:ttc.lop": "15", "f:ttc.hv": "1.400"})
    assert again.status_code == 200
    assert stated(one)["ttc.hv"] == 1400


def test_save_and_next_leads_to_the_next_report_that_is_owed(
    cast: Cast, reporting: Reporting, signed_in: SignIn
) -> None:
    answer = save(signed_in(cast.an), reporting.commune, then="next", **GOOD)
    assert answer.redirect_chain[-1][0] == "/reports/"  # there is no other


def test_it_is_handed_in_returned_with_a_comment_on_the_cell_mended_and_approved(
    cast: Cast, reporting: Reporting, signed_in: SignIn
) -> None:
    clerk, district, one = signed_in(cast.an), signed_in(cast.dung), reporting.commune
    save(clerk, one, then="submit", **GOOD)
    one.refresh_from_db()
    assert one.state == "submitted"
    waiting = district.get("/reports/review/").content.decode()
    assert cast.commune.name in waiting
    refused = district.post(address(one, "return/"), {"why": "", "c:ttc.hv": "Đếm lại"})
    assert refused.status_code == 422
    assert "Đếm lại" in refused.content.decode()
    district.post(address(one, "return/"), {"why": "Sai số học viên", "c:ttc.hv": "Đếm lại"})
    page = clerk.get(address(one)).content.decode()
    assert "Sai số học viên" in page
    assert "Đếm lại" in page
    assert cast.dung.full_name in page
    comment = one.comments.get()
    save(clerk, one, then="submit", **GOOD | {"f:ttc.hv": "1.200", "settled": str(comment.pk)})
    comment.refresh_from_db()
    assert comment.settled_at is not None
    answer = district.post(address(one, "approve/"), follow=True)
    one.refresh_from_db()
    assert one.state == "approved"
    told = answer.content.decode()
    assert all(words in told for words in (cast.an.full_name, cast.dung.full_name, "Đã duyệt"))


def test_the_sheet_of_a_parent_shows_totals_that_open_and_takes_no_figure_but_a_remark(
    cast: Cast, reporting: Reporting, signed_in: SignIn
) -> None:
    save(signed_in(cast.an), reporting.commune, then="submit", **GOOD)
    client, one = signed_in(cast.dung), reporting.district
    page = client.get(address(one)).content.decode()
    assert f"/figures/{cast.district.key}/CLC.HOCVIEN/2020-Q3/" in page
    assert "1/2 đơn vị đã có số" in page
    assert "Ghi số khác" in page
    save(client, one, **{"f:ttc.hv": "1.300", "r:ttc.hv": "Xã bên chưa báo"})
    sheet = selectors.sheet(cast.dung, one)
    assert sheet.cells["ttc.hv"].value.value == 1234
    assert sheet.cells["ttc.hv"].stated == 1300


def test_nobody_opens_the_report_next_door(cast: Cast, reporting: Reporting, signed_in: SignIn) -> None:
    assert signed_in(cast.chi).get(address(reporting.commune)).status_code == 404
    assert signed_in(cast.chi).post(address(reporting.commune, "fill/"), GOOD).status_code == 404
    assert signed_in(cast.xuan).get(address(reporting.commune)).status_code == 200
    assert signed_in(cast.xuan).post(address(reporting.commune, "fill/"), GOOD).status_code == 403
    assert signed_in(cast.an).post(address(reporting.commune, "approve/")).status_code == 403


@pytest.mark.parametrize("deed", ["extend", "excuse"])
def test_a_deadline_is_extended_and_a_unit_excused_with_a_reason(
    deed: str, cast: Cast, reporting: Reporting, signed_in: SignIn
) -> None:
    client, one = signed_in(cast.dung), reporting.commune
    assert client.get(address(one, f"{deed}/")).status_code == 200
    assert client.post(address(one, f"{deed}/"), {"why": "", "to": "30/12/2020"}).status_code == 422
    assert client.post(address(one, f"{deed}/"), {"why": "Bão số 9", "to": "30/12/2020"}).status_code == 302
    one.refresh_from_db()
    assert one.state == ("cancelled" if deed == "excuse" else "waiting")
    assert bool(one.extended_to) == (deed == "extend")


def test_a_report_is_withdrawn_locked_and_printed(cast: Cast, reporting: Reporting, signed_in: SignIn) -> None:
    clerk, district, one = signed_in(cast.an), signed_in(cast.dung), reporting.commune
    save(clerk, one, then="submit", **GOOD)
    clerk.post(address(one, "withdraw/"))
    one.refresh_from_db()
    assert one.state == "draft"
    save(clerk, one, then="submit", **GOOD)
    district.post(address(one, "approve/"))
    district.post(address(one, "lock/"))
    one.refresh_from_db()
    assert one.state == "locked"
    assert "1.234" in clerk.get(address(one, "print/")).content.decode()
    assert district.post(address(one, "unlock/"), {"why": "Đính chính"}).status_code == 302


def test_a_sheet_of_a_thousand_cells_asks_as_often_as_one_of_four(
    cast: Cast, reporting: Reporting, signed_in: SignIn
) -> None:
    client, url = signed_in(cast.an), address(reporting.commune)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    rows = [{"key": f"r{number}", "indicator": "LIT.MU", "label": f"Dòng {number}"} for number in range(50)]
    columns = [{"key": f"c{number}", "label": f"Cột {number}", "by": ""} for number in range(20)]
    block = {"type": "table", "key": "to", "label": "Bảng to", "columns": columns, "rows": rows}
    layout = {"sections": [{"key": "kq", "heading": "Kết quả", "blocks": [block]}], "checks": []}
    FormVersion.objects.filter(pk=reporting.version.pk).update(layout=layout)
    with CaptureQueriesContext(connection) as many:
        answer = client.get(url)
    assert answer.content.decode().count("data-cell") == 1000
    assert len(many) <= len(few)

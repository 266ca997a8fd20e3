"""Whole pages and fragments, paging, downloads, and the kernel's errors as pages."""

import re

import pytest
from django.test import Client, RequestFactory

from hieuhoc.foundation.ui import pages

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("name", "status", "sentence"),
    [
        ("refused", 403, "Bạn không được duyệt báo cáo của xã khác."),
        ("missing", 404, "Không có nhiệm vụ này."),
        ("conflict", 409, "Chị Lan vừa sửa &lt;nhiệm vụ&gt; này."),
        ("invalid", 422, "Hạn phải sau ngày giao."),
    ],
)
def test_an_error_of_the_house_is_a_page_that_says_why_and_what_next(name: str, status: int, sentence: str) -> None:
    answer = Client().get(f"/fails/{name}/", headers={"accept-language": "vi"})
    page = answer.content.decode()
    assert answer.status_code == status
    assert sentence in page
    assert "<h1>" in page
    assert "Về trang đầu" in page
    assert 'aria-label="Chính"' in page


def test_for_htmx_an_error_is_a_notice_at_the_top_of_the_page() -> None:
    answer = Client().get("/fails/conflict/", headers=HTMX)
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#notices"
    assert "<html" not in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_a_boosted_link_gets_the_whole_error_page() -> None:
    answer = Client().get("/fails/missing/", headers={**HTMX, "HX-Boosted": "true"})
    assert "<html" in answer.content.decode()


def test_an_address_that_is_not_there_keeps_the_layout() -> None:
    answer = Client().get("/lost/", headers={"accept-language": "vi"})
    assert answer.status_code == 404
    assert "Không tìm thấy trang" in answer.content.decode()


def test_when_the_house_itself_breaks_the_page_still_comes() -> None:
    answer = Client(raise_request_exception=False).get("/breaks/", headers={"accept-language": "vi"})
    assert answer.status_code == 500
    assert "Hệ thống gặp lỗi" in answer.content.decode()
    assert "Hãy thử lại sau ít phút" in answer.content.decode()


def test_a_form_without_its_token_says_what_to_do() -> None:
    answer = pages.csrf_failure(RequestFactory().post("/"))
    assert answer.status_code == 403
    assert "Hãy quay lại trang trước" in answer.content.decode()


def test_htmx_gets_the_fragment_and_a_reader_the_whole_page() -> None:
    whole = Client().get("/rows/")
    piece = Client().get("/rows/", headers=HTMX)
    back = Client().get("/rows/", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()
    assert "<html" in back.content.decode()
    assert "<html" not in piece.content.decode()
    assert 'class="pager"' in piece.content.decode()
    assert "HX-Request" in whole["Vary"]
    assert "HX-Request" in piece["Vary"]


@pytest.mark.parametrize(("asked", "first"), [("", 1), ("2", 51), ("99", 101), ("-4", 101), ("abc", 1)])
def test_a_page_number_that_makes_no_sense_shows_the_nearest_page(asked: str, first: int) -> None:
    request = RequestFactory().get("/", {"page": asked})
    assert pages.page_of(request, range(1, 121), per_page=50)[0] == first


def test_the_pager_keeps_the_rest_of_the_query() -> None:
    page = Client().get("/rows/?q=xã&page=2", headers=HTMX).content.decode()
    assert re.search(r'rel="next" href="\?q=x%C3%A3&amp;page=3"', page)
    assert "Dòng 51–100 trong 120" in page


def test_a_download_has_a_vietnamese_name_and_a_plain_one() -> None:
    answer = pages.download(b"x", "Báo cáo quý IV.xlsx", "application/vnd.ms-excel")
    assert answer["Content-Disposition"] == (
        "attachment; filename=\"bao-cao-quy-iv.xlsx\"; filename*=UTF-8''B%C3%A1o%20c%C3%A1o%20qu%C3%BD%20IV.xlsx"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["../../etc/passwd", 'a";\r\nSet-Cookie: x=1', "...", "", "\x00"])
def test_no_file_name_can_write_headers_or_leave_its_folder(name: str) -> None:
    said = pages.download(b"", name, "text/plain")["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename=\"[a-z0-9.-]+\"; filename\*=UTF-8''[A-Za-z0-9._%~-]+", said)
    assert ".." not in said.split(";")[1] or "/" not in said


@pytest.mark.django_db
def test_an_address_with_a_null_character_is_refused_before_any_database_sees_it() -> None:
    assert Client().get("/accounts/login/?q=a%00b").status_code == 400

"""The tables that are signed: what stands in the files, opened with other libraries than they were written with."""

import io
from collections.abc import Callable
from datetime import date

import docx
import openpyxl
import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl.worksheet.worksheet import Worksheet
from tests.factories.cast import Cast
from tests.factories.places import make_agency
from tests.factories.plans import make_plan, make_task

from hieuhoc.programme.plans import services
from hieuhoc.programme.plans.models import Assignment, Plan
from hieuhoc.registers.accounts.models import User

SignIn = Callable[[User], Client]


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Two tasks: one for the commune and the finance department with a deadline, one for the district each year."""
    return make_plan(
        by=cast.binh,
        issuer=cast.committee,
        lead=cast.education,
        tasks=[
            make_task(
                "mở lớp học cho người lớn tuổi",
                leads=[cast.commune, cast.finance],
                values={"due_on": date(2020, 11, 4), "deadline_text": "trước ngày 4/11/2020"},
            ),
            make_task("=1+1 rà soát số liệu", leads=[cast.district], values={"recurrence": "year"}),
        ],
    )


def _sheet(client: Client, name: str, plan: Plan | None = None, query: str = "") -> Worksheet:
    answer = client.get(reverse(f"plans:{name}", args=[plan.pk] if plan else []) + query)
    assert answer.status_code == 200, answer.content[:300]
    assert answer["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def _words(sheet: Worksheet) -> list[list[str]]:
    rows = [[str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    return [row for row in rows if row]


def _text(sheet: Worksheet) -> str:
    return "\n".join(" | ".join(row) for row in _words(sheet))


def _document(client: Client, name: str, plan: Plan, query: str = "") -> "docx.document.Document":
    answer = client.get(reverse(f"plans:{name}", args=[plan.pk]) + query)
    assert answer.status_code == 200
    return docx.Document(io.BytesIO(answer.content))


def test_the_assignments_in_excel_are_an_annex_of_the_plan_ready_to_be_signed(
    signed_in: SignIn, cast: Cast, plan: Plan
) -> None:
    text = _text(_sheet(signed_in(cast.binh), "assignments-xlsx", plan))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "PHỤ LỤC PHÂN CÔNG NHIỆM VỤ" in text
    assert f"(Kèm theo Kế hoạch số 12/KH-UBND ngày 17 tháng 9 năm 2020 của {cast.committee.name})" in text
    assert "I. NHIỆM VỤ" in text
    assert "1 | Mở lớp học cho người lớn tuổi | Xã An Phú; Sở Tài chính | Trước ngày 4/11/2020 | Mục I, dòng 5" in text
    assert "TM. ỦY BAN NHÂN DÂN" in text
    assert "CHỦ TỊCH" in text


def test_what_a_task_says_never_becomes_a_formula(signed_in: SignIn, cast: Cast, plan: Plan) -> None:
    sheet = _sheet(signed_in(cast.binh), "assignments-xlsx", plan)
    found = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=1+1")]
    assert [cell.data_type for cell in found] == ["s"]


def test_the_assignments_in_word_carry_the_same_rows_and_the_signature(
    signed_in: SignIn, cast: Cast, plan: Plan
) -> None:
    Plan.objects.filter(pk=plan.pk).update(signer_name="Lâm Minh Thành", signer_post="Phó Chủ tịch")
    document = _document(signed_in(cast.binh), "assignments-docx", plan)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "Mở lớp học cho người lớn tuổi" in cells
    assert "Hằng năm" in cells
    signed = next(text for text in cells if "Lâm Minh Thành" in text)
    assert " ".join(signed.split()) == "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH Lâm Minh Thành"
    assert any("Kèm theo Kế hoạch số 12/KH-UBND" in each.text for each in document.paragraphs)


def test_a_department_signs_without_the_committee_and_stands_under_it(signed_in: SignIn, cast: Cast) -> None:
    own = make_plan(by=cast.hanh, issuer=cast.finance, lead=cast.finance, tasks=[make_task(leads=[cast.finance])])
    text = _text(_sheet(signed_in(cast.hanh), "progress-xlsx", own))
    assert "UBND TỈNH HÒA BẮC" in text or "ỦY BAN NHÂN DÂN TỈNH HÒA BẮC" in text
    assert "SỞ TÀI CHÍNH" in text
    assert "THỦ TRƯỞNG CƠ QUAN" in text
    assert "TM. ỦY BAN NHÂN DÂN" not in text


def test_the_progress_table_shows_each_agency_with_percent_standing_result_and_evidence(
    signed_in: SignIn, cast: Cast, plan: Plan
) -> None:
    work = Assignment.objects.get(unit=cast.commune)
    services.accept_assignment(by=cast.an, assignment=work)
    services.report_progress(by=cast.an, assignment=work, percent=40, note="Đã mở hai lớp")
    services.add_evidence(by=cast.an, assignment=work, content=b"Bien ban hop", name="bien-ban.txt", title="Biên bản")
    text = _text(_sheet(signed_in(cast.binh), "progress-xlsx", plan))
    assert "BẢNG TIẾN ĐỘ THỰC HIỆN" in text
    assert "(Số liệu đến ngày 16/11/2020)" in text
    assert "Xã An Phú | 2020-11-04 00:00:00 | 0.4 | Trễ hạn 12 ngày | Đã mở hai lớp | Biên bản" in text
    # The second agency keeps the number of the task.
    assert "1 | Mở lớp học cho người lớn tuổi | Sở Tài chính" in text
    document = _document(signed_in(cast.binh), "progress-docx", plan)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "40%" in cells
    assert "Biên bản" in cells
    assert any("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in cell for cell in cells)


def test_a_filter_narrows_the_paper_and_the_paper_says_so(signed_in: SignIn, cast: Cast, plan: Plan) -> None:
    client = signed_in(cast.binh)
    text = _text(_sheet(client, "progress-xlsx", plan, f"?unit={cast.finance.key}&standing=late"))
    assert "(Chỉ gồm nhiệm vụ của Sở Tài chính, tình trạng trễ hạn)" in text
    assert "Xã An Phú" not in text
    text = _text(_sheet(client, "assignments-xlsx", plan, f"?unit={cast.district.key}"))
    assert "rà soát" in text
    assert "lớp học" not in text
    assert "Chỉ gồm nhiệm vụ của Huyện Bình Trung" in text
    document = _document(client, "assignments-docx", plan, "?section=I&q=ra+soat")
    assert any("thuộc mục I, có chữ “ra soat”" in each.text for each in document.paragraphs)
    assert "Chỉ gồm" not in _text(_sheet(client, "assignments-xlsx", plan))


def test_progress_of_others_stays_out_of_a_clerks_paper(signed_in: SignIn, cast: Cast, plan: Plan) -> None:
    text = _text(_sheet(signed_in(cast.an), "progress-xlsx", plan))
    assert "Xã An Phú" in text
    assert "Sở Tài chính" not in text
    assert "trong phạm vi của đơn vị lập bảng" in text


def test_papers_of_a_plan_out_of_sight_are_missing_and_without_a_role_nothing_is_exported(
    signed_in: SignIn, cast: Cast, plan: Plan
) -> None:
    client = signed_in(cast.nobody)
    names = ("assignments-xlsx", "assignments-docx", "progress-xlsx", "progress-docx", "plan-print")
    assert {client.get(reverse(f"plans:{name}", args=[plan.pk])).status_code for name in names} == {404}
    assert {client.get(reverse(f"plans:{name}")).status_code for name in ("work-xlsx", "obstacles-xlsx")} == {403}
    committee = make_agency(cast.district, "Ủy ban nhân dân huyện Bình Trung", kind="uy_ban")
    district = make_plan(
        by=cast.dung, issuer=committee, lead=committee, tasks=[make_task(leads=[cast.commune])], number="7/KH-UBND"
    )
    assert signed_in(cast.hanh).get(reverse("plans:assignments-xlsx", args=[district.pk])).status_code == 404
    assert signed_in(cast.an).get(reverse("plans:assignments-xlsx", args=[district.pk])).status_code == 200


def test_the_printing_page_shows_either_table_and_what_it_leaves_out(signed_in: SignIn, cast: Cast, plan: Plan) -> None:
    client = signed_in(cast.binh)
    here = reverse("plans:plan-print", args=[plan.pk])
    page = client.get(here).content.decode()
    assert "Phân công nhiệm vụ" in page
    assert "Mở lớp học cho người lớn tuổi" in page
    assert "TM. ỦY BAN NHÂN DÂN" in page
    page = client.get(f"{here}?table=progress&unit={cast.finance.key}").content.decode()
    assert "Trễ hạn 12 ngày" in page
    assert "Chỉ gồm nhiệm vụ của Sở Tài chính" in page
    assert "Xã An Phú" not in page
    assert "Không có nhiệm vụ nào khớp" in client.get(f"{here}?q=khong-co-chu-nay").content.decode()


def test_ones_own_work_as_a_sheet_keeps_the_filter_of_the_page(signed_in: SignIn, cast: Cast, plan: Plan) -> None:
    client = signed_in(cast.an)
    text = _text(_sheet(client, "work-xlsx"))
    assert "Phạm Thị An – Xã An Phú, tính đến ngày 16/11/2020" in text
    assert "Mở lớp học cho người lớn tuổi | 12/KH-UBND, mục I, dòng 5" in text
    assert "rà soát" not in text
    assert "Mở lớp" not in _text(_sheet(client, "work-xlsx", query="?pile=done"))


def test_obstacles_as_a_sheet_name_who_is_waited_for_and_how_long(signed_in: SignIn, cast: Cast, plan: Plan) -> None:
    work = Assignment.objects.get(unit=cast.commune)
    services.raise_obstacle(by=cast.an, assignment=work, topic="money", title="Thiếu kinh phí", text="Chưa có nguồn.")
    text = _text(_sheet(signed_in(cast.binh), "obstacles-xlsx"))
    assert "Thiếu kinh phí | Chưa có nguồn. | Kinh phí | Xã An Phú" in text
    assert "Chờ cơ quan đầu mối | Sở Giáo dục và Đào tạo | 0" in text
    assert "Thiếu kinh phí" not in _text(_sheet(signed_in(cast.binh), "obstacles-xlsx", query="?topic=staff"))
    assert "Thiếu kinh phí" not in _text(_sheet(signed_in(cast.chi), "obstacles-xlsx"))


def test_a_paper_of_the_demonstration_is_marked_as_made_up(signed_in: SignIn, cast: Cast, plan: Plan) -> None:
    with override_settings(DEMONSTRATION=True):
        text = _text(_sheet(signed_in(cast.binh), "progress-xlsx", plan))
    assert "người và số liệu là giả định" in text


@pytest.mark.parametrize(
    "name", ["assignments-xlsx", "assignments-docx", "progress-xlsx", "progress-docx", "plan-print"]
)
def test_a_paper_asks_the_database_as_often_for_many_rows_as_for_few(signed_in: SignIn, cast: Cast, name: str) -> None:
    client = signed_in(cast.binh)

    def queries(count: int, number: str) -> int:
        tasks = [
            make_task(f"Nhiệm vụ thứ {place}", leads=[cast.commune, cast.finance], first_line=place, last_line=place)
            for place in range(1, count + 1)
        ]
        made = make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=tasks, number=number)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"plans:{name}", args=[made.pk])).status_code == 200
        return len(asked)

    queries(1, "0/KH")  # whatever is read once is read here
    assert queries(2, "1/KH") == queries(25, "2/KH")

"""A report as an official paper: its numbers are those of the sheet, lead to their pages, say where they come from."""

import io
from datetime import date
from typing import Any

import docx
import pdfplumber
import pypdfium2
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from docx.oxml.ns import qn
from tests.factories.cast import Cast
from tests.factories.indicators import make_indicator, month

from hieuhoc.engines.writer import Chart, Figure, Heading, Paper, Paragraph, Table
from hieuhoc.engines.writer.texts import plain
from hieuhoc.foundation.records import clock
from hieuhoc.kernel.periods import Calendar, Rhythm, period_of
from hieuhoc.reports import selectors, services
from hieuhoc.reports.documents.paper import report_paper, subject_of
from hieuhoc.reports.models import Form, FormVersion, ReportKind, Submission
from hieuhoc.reports.services import Given

pytestmark = pytest.mark.django_db

ADDRESS = "https://hieuhoc.example.vn/"
LAYOUT: dict[str, Any] = {
    "sections": [
        {
            "key": "kq",
            "heading": "Kết quả thực hiện",
            "blocks": [
                {"type": "narrative", "key": "chung", "label": "Đánh giá chung"},
                {
                    "type": "figures",
                    "key": "ttc",
                    "label": "Trung tâm học tập cộng đồng",
                    "cells": [{"key": "lop", "indicator": "CLC.TEST"}],
                },
                {
                    "type": "table",
                    "key": "xmc",
                    "label": "Bảng 1. Xóa mù chữ",
                    "columns": [{"key": "tong", "label": "Tổng số", "by": ""}],
                    "rows": [{"key": "mot", "label": "Người học", "indicator": "LIT.TEST"}],
                },
                {"type": "units", "key": "donvi", "label": "Theo đơn vị", "indicators": ["CLC.TEST"]},
                {"type": "chart", "key": "bd", "label": "Số lớp theo tháng", "indicator": "CLC.TEST", "over": "time"},
                {"type": "choice", "key": "muc", "label": "Mức", "options": [["dat", "Đạt"], ["chua", "Chưa đạt"]]},
                {"type": "progress", "key": "tiendo", "label": "Tiến độ nhiệm vụ"},
                {"type": "obstacles", "key": "vm", "label": "Khó khăn, vướng mắc"},
            ],
        }
    ],
    "checks": [],
}


@pytest.fixture
def kind(cast: Cast) -> ReportKind:
    make_indicator("CLC.TEST", measure="class", name="Số lớp")
    make_indicator("LIT.TEST", measure="person", name="Người học xóa mù chữ")
    form = Form.objects.create(code="thu", name="Biểu thử", owner=cast.education)
    FormVersion.objects.create(form=form, number=1, layout=LAYOUT, state="in_force", put_in_force_at=clock.now())
    return ReportKind.objects.create(
        code="thu",
        name="Báo cáo thử",
        category="periodic",
        form=form,
        root=cast.province,
        recipient=cast.education,
        calendar="closing",
        rhythm="month",
        levels=["commune", "district"],
        sending={"commune": 3, "district": 6},
        subject="Kết quả xây dựng xã hội học tập",
        bases=["Căn cứ Kế hoạch số 144/KH-UBND"],
        valid_from=date(2020, 1, 1),
    )


@pytest.fixture
def of_commune(cast: Cast, kind: ReportKind) -> Submission:
    """The report of a commune, filled and not sent."""
    one = services.open_round(by=cast.binh, kind=kind, period=month(2020, 12))
    submission = Submission.objects.get(round=one, unit=cast.commune)
    services.fill(
        by=cast.an,
        submission=submission,
        figures={"ttc.lop": Given(4), "xmc.mot.tong": Given(1234)},
        narratives={"chung": "Xã đã mở lớp.\n- Lớp xóa mù chữ;\n- Lớp nghề.", "muc": "dat"},
        edition=submission.edition,
    )
    submission.refresh_from_db()
    return submission


def paper_of(user: Any, submission: Submission) -> Paper:
    fresh = selectors.submission_by_key(user, submission.pk)
    return report_paper(user, selectors.sheet(user, fresh), address=ADDRESS)


def paper_of_in_vietnamese(user: Any, submission: Submission) -> Paper:
    with translation.override("vi"):
        return paper_of(user, submission)


def tables(paper: Paper) -> dict[str, Table]:
    return {block.caption: block for block in paper.blocks if isinstance(block, Table)}


def test_the_paper_says_what_the_sheet_says(cast: Cast, of_commune: Submission) -> None:
    paper = paper_of(cast.an, of_commune)
    assert paper.issuer == "Ủy ban nhân dân\nxã An Phú"
    assert (paper.place, paper.kind, paper.number) == ("An Phú", "Báo cáo", "/BC-UBND")
    assert paper.subject == "Kết quả xây dựng xã hội học tập, tháng 12/2020"
    assert paper.bases == ("Căn cứ Kế hoạch số 144/KH-UBND",)
    told = [
        (type(block).__name__, plain(block.text)) for block in paper.blocks if isinstance(block, Heading | Paragraph)
    ]
    assert told[:4] == [
        ("Heading", "Kết quả thực hiện"),
        ("Heading", "Đánh giá chung"),
        ("Paragraph", "Xã đã mở lớp."),
        ("Paragraph", "Lớp xóa mù chữ;"),
    ]
    assert ("Paragraph", "Đạt") in told
    figures = tables(paper)["Bảng 1. Trung tâm học tập cộng đồng"]
    assert figures.rows[0][1:3] == ("Số lớp", "lớp")
    assert figures.rows[0][3].value == 4
    assert figures.rows[0][4] is None, "the last period is unknown, not zero"
    assert tables(paper)["Bảng 2. Xóa mù chữ"].rows[0][2].value == 1234


def test_a_report_that_was_not_sent_is_a_draft_and_leads_nowhere_yet(cast: Cast, of_commune: Submission) -> None:
    paper = paper_of(cast.an, of_commune)
    assert paper.circulation == "Dự thảo"
    assert tables(paper)["Bảng 1. Trung tâm học tập cộng đồng"].rows[0][3].url == ""


def test_figures_that_were_sent_lead_to_their_source_pages(cast: Cast, of_commune: Submission) -> None:
    services.submit(by=cast.an, submission=of_commune)
    paper = paper_of(cast.an, of_commune)
    assert paper.circulation == ""
    figure = tables(paper)["Bảng 1. Trung tâm học tập cộng đồng"].rows[0][3]
    path = reverse("reports:figure", args=[cast.commune.key, "CLC.TEST", "2020-12"])
    assert figure == Figure(4, f"{ADDRESS.rstrip('/')}{path}")


def test_the_annex_names_source_and_completeness_of_each_figure(cast: Cast, of_commune: Submission) -> None:
    services.submit(by=cast.an, submission=of_commune)
    (annex,) = paper_of(cast.an, of_commune).annexes
    rows = [row for row in annex.blocks[0].rows if not isinstance(row, Heading)]
    assert [row[1].value for row in rows] == ["Số lớp", "Người học, Tổng số"]
    assert rows[0][2].value == 4
    assert rows[0][4:] == ("tháng 12/2020", "Xã An Phú báo trong báo cáo này", "1/1", "Tạm tính")


def test_a_remark_beside_a_total_stands_below_the_table_with_both_figures(cast: Cast, of_commune: Submission) -> None:
    services.submit(by=cast.an, submission=of_commune)
    above = Submission.objects.get(round=of_commune.round, unit=cast.district)
    services.fill(
        by=cast.dung,
        submission=above,
        figures={"ttc.lop": Given(6, "Hai lớp mở ngày cuối kỳ")},
        narratives={},
        edition=above.edition,
    )
    paper = paper_of(cast.dung, above)
    table = tables(paper)["Bảng 1. Trung tâm học tập cộng đồng"]
    assert (table.rows[0][3].value, table.rows[0][3].mark) == (4, "1")
    assert table.remarks == ("(1) Số lớp: số cộng từ cấp dưới là 4; đơn vị cho là 6 vì hai lớp mở ngày cuối kỳ.",)
    units = tables(paper)["Bảng 3. Theo đơn vị"]
    assert ("Xã An Phú", 4) in {(row[1], row[2]) for row in units.rows}
    charts = [block for block in paper.blocks if isinstance(block, Chart)]
    assert charts[0].title == "Biểu đồ 1. Số lớp theo tháng"
    assert charts[0].series[0].values[-1] == 4


def test_the_paper_is_the_same_and_the_page_is_not_whichever_language_its_reader_chose(
    cast: Cast, of_commune: Submission, client: Client
) -> None:
    services.submit(by=cast.an, submission=of_commune)
    with translation.override("en"):
        assert paper_of(cast.an, of_commune) == paper_of_in_vietnamese(cast.an, of_commune)
    client.force_login(cast.an)
    address = reverse("reports:submission-detail", args=[of_commune.pk])
    assert "tháng 12/2020" in client.get(address).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "tháng 12/2020" not in client.get(address).content.decode()


@pytest.mark.parametrize("ending", ["word", "pdf"])
def test_the_files_are_had_from_the_page_of_the_report(
    cast: Cast, of_commune: Submission, client: Client, ending: str
) -> None:
    services.submit(by=cast.an, submission=of_commune)
    client.force_login(cast.an)
    page = client.get(reverse("reports:submission-detail", args=[of_commune.pk])).content.decode()
    url = reverse(f"reports:submission-{ending}", args=[of_commune.pk])
    assert url in page
    answer = client.get(url)
    assert answer.status_code == 200
    link = f"http://testserver{reverse('reports:figure', args=[cast.commune.key, 'CLC.TEST', '2020-12'])}"
    if ending == "word":
        document = docx.Document(io.BytesIO(answer.content))
        assert document.tables[0].cell(1, 0).text.endswith("/BC-UBND")
        assert link in [one.target_ref for one in document.part.rels.values() if one.is_external]
        headings = [one for one in document.paragraphs if one.style.name == "Heading 2"]
        assert headings[0]._p.pPr.find(qn("w:numPr")) is not None
    else:
        assert len(pypdfium2.PdfDocument(answer.content)) >= 2
        with pdfplumber.open(io.BytesIO(answer.content)) as opened:
            assert link in [one["uri"] for page in opened.pages for one in page.hyperlinks]


def test_who_may_not_see_a_report_has_no_paper_of_it(cast: Cast, of_commune: Submission, client: Client) -> None:
    client.force_login(cast.chi)
    for name in ("submission-word", "submission-pdf"):
        assert client.get(reverse(f"reports:{name}", args=[of_commune.pk])).status_code == 404


def test_number_day_and_signer_are_kept_and_stand_on_the_paper(
    cast: Cast, of_commune: Submission, client: Client
) -> None:
    client.force_login(cast.an)
    url = reverse("reports:submission-paper", args=[of_commune.pk])
    assert client.get(url).status_code == 200
    given = {"number": "9/BC-UBND", "day": "05/02/2021", "place": "", "post": "Phó Chủ tịch", "signer": "Mai Văn A"}
    assert client.post(url, given).status_code == 302
    paper = paper_of(cast.an, of_commune)
    assert (paper.number, paper.day, paper.place) == ("9/BC-UBND", date(2021, 2, 5), "An Phú")
    assert paper.signer is not None
    assert paper.signer.authority == "TM. Ủy ban nhân dân"
    assert (paper.signer.post, paper.signer.name) == ("KT. Chủ tịch\nPhó Chủ tịch", "Mai Văn A")
    assert client.post(url, given | {"day": "hôm nay"}).status_code == 422
    client.force_login(cast.chi)
    assert client.post(url, given).status_code == 404


@pytest.mark.parametrize(
    ("subject", "rhythm", "calendar", "written"),
    [
        ("Kết quả xóa mù chữ", Rhythm.YEAR, Calendar.LITERACY, "Kết quả xóa mù chữ năm 2021"),
        ("Kết quả phổ cập", Rhythm.YEAR, Calendar.LITERACY, "Kết quả phổ cập, năm phổ cập, xóa mù chữ 2021"),
        ("Tình hình học tập", Rhythm.QUARTER, Calendar.CIVIL, "Tình hình học tập, quý IV/2020"),
        ("Tình hình quý IV/2020", Rhythm.QUARTER, Calendar.CIVIL, "Tình hình quý IV/2020"),
    ],
)
def test_a_subject_names_its_period_once(subject: str, rhythm: Rhythm, calendar: Calendar, written: str) -> None:
    assert subject_of(subject, period_of(rhythm, date(2020, 11, 16), calendar)) == written

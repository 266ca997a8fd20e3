"""Reports as workbooks: out with what stands in them, back in whole or not at all, many at once, side by side."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.factories.cast import Cast
from tests.factories.indicators import make_indicator
from tests.factories.office import recalculated
from tests.factories.reports_pages import Reporting, make_reporting

from hieuhoc.engines.writer.consolidated import consolidated_workbook
from hieuhoc.engines.writer.form_workbook import form_workbook
from hieuhoc.engines.writer.forms import Place, places
from hieuhoc.foundation.jobs.models import Job
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.indicators.models import Total
from hieuhoc.reports import selectors, services
from hieuhoc.reports.intake.opening import OpenWorkbook
from hieuhoc.reports.intake.workbooks import take_in
from hieuhoc.reports.models import Figure, Submission
from hieuhoc.reports.selectors import workbooks

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
GOOD = {"ttc.lop": 4, "ttc.hv": 120, "xmc.l1.tong": 30, "xmc.l1.nu": 18, "chung": "Tốt.", "muc": "Đạt"}


@pytest.fixture
def reporting(cast: Cast) -> Reporting:
    """A quarterly round of a form whose figures lie on quarters."""
    quarterly: dict[str, Any] = {"rhythms": ("quarter", "half", "year")}
    make_indicator("CLC.LOP", name="Số lớp đã mở", measure="class", **quarterly)
    make_indicator("CLC.HOCVIEN", name="Số học viên", **quarterly)
    make_indicator("LIT.MU", name="Số người mù chữ", breakdowns=["sex"], **quarterly)
    return make_reporting(cast)


def cells(submission: Submission) -> dict[str, Place]:
    return {place.key: place for place in places(workbooks.blank_form(submission)) if place.key}


def filled(submission: Submission, values: dict[str, Any]) -> bytes:
    """The report's workbook as it is handed out, with values written in by hand."""
    book = openpyxl.load_workbook(io.BytesIO(form_workbook(workbooks.filled_form(submission))))
    where = cells(submission)
    for key, value in values.items():
        book[where[key].sheet][where[key].reference] = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def figures(submission: Submission) -> dict[str, int | None]:
    return dict(Figure.objects.filter(submission=submission).values_list("key", "stated"))


def upload(client: Client, submission: Submission, content: bytes) -> HttpResponse:
    given = SimpleUploadedFile("xa.xlsx", content)
    answer: HttpResponse = client.post(reverse("reports:workbook-upload", args=[submission.pk]), {"file": given})
    return answer


# ---- one report --------------------------------------------------------------------------------------


def test_a_workbook_filled_by_hand_fills_the_report(reporting: Reporting, an: User, signed_in: SignIn) -> None:
    answer = upload(signed_in(an), reporting.commune, filled(reporting.commune, GOOD))
    assert answer.status_code == 302
    assert figures(reporting.commune) == {"ttc.lop": 4, "ttc.hv": 120, "xmc.l1.tong": 30, "xmc.l1.nu": 18}
    assert workbooks.words_of(reporting.commune) == {"chung": "Tốt.", "muc": "dat"}
    reporting.commune.refresh_from_db()
    assert reporting.commune.state == "draft"


def test_one_wrong_cell_keeps_the_whole_workbook_out_and_is_named(
    reporting: Reporting, an: User, signed_in: SignIn
) -> None:
    answer = upload(signed_in(an), reporting.commune, filled(reporting.commune, GOOD | {"xmc.l1.nu": -18}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "số âm (-18)" in page
    assert f"Phần 1, {cells(reporting.commune)['xmc.l1.nu'].reference}" in page
    assert figures(reporting.commune) == {}
    reporting.commune.refresh_from_db()
    assert reporting.commune.state == "waiting"


@pytest.mark.parametrize("whose", ["next_door", "district"])
def test_another_unit_s_workbook_changes_nothing(whose: str, reporting: Reporting, an: User, signed_in: SignIn) -> None:
    other: Submission = getattr(reporting, whose)
    answer = upload(signed_in(an), reporting.commune, filled(other, {}))
    assert answer.status_code == 422
    assert f"của đơn vị “{other.unit.name}”" in answer.content.decode()
    assert figures(reporting.commune) == {}


def test_another_period_s_workbook_changes_nothing(
    reporting: Reporting, cast: Cast, an: User, signed_in: SignIn
) -> None:
    period = reporting.round.period.period.following()
    services.open_round(by=cast.binh, kind=reporting.kind, period=period)
    later = Submission.objects.get(round__period__key=period.key, unit=cast.commune)
    answer = upload(signed_in(an), later, filled(reporting.commune, GOOD))
    assert answer.status_code == 422
    assert "không phải của kỳ" in answer.content.decode()
    assert figures(later) == {}


def test_the_workbook_brings_what_stands_in_the_report(reporting: Reporting, an: User, signed_in: SignIn) -> None:
    given = {"ttc.lop": services.Given(7, "Thêm lớp đêm")}
    services.fill(by=an, submission=reporting.commune, figures=given, narratives={"muc": "chua"}, edition=0)
    answer = signed_in(an).get(reverse("reports:workbook", args=[reporting.commune.pk]))
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    where = cells(reporting.commune)
    assert book["Phần 1"][where["ttc.lop"].reference].value == 7
    assert book["Phần 1"][where["ttc.lop#reason"].reference].value == "Thêm lớp đêm"
    assert book["Phần 2"][where["muc"].reference].value == "Chưa đạt"


def test_what_is_left_as_it_was_is_not_stated(reporting: Reporting, an: User) -> None:
    book = OpenWorkbook(filled(reporting.commune, {"ttc.lop": 4}), "a.xlsx")
    submission = selectors.submission_by_key(an, reporting.commune.pk)
    assert take_in(by=an, submission=submission, book=book).changed == 1
    assert figures(submission) == {"ttc.lop": 4}
    again = selectors.submission_by_key(an, reporting.commune.pk)
    assert take_in(by=an, submission=again, book=book).changed == 0


def test_a_unit_with_others_beneath_it_types_no_figure(reporting: Reporting) -> None:
    assert {key for key in cells(reporting.district) if not key.endswith("#reason")} == {"chung", "muc"}


def test_nobody_fills_the_report_next_door(reporting: Reporting, chi: User, signed_in: SignIn) -> None:
    client = signed_in(chi)
    assert upload(client, reporting.commune, b"x").status_code == 404
    assert client.get(reverse("reports:workbook", args=[reporting.commune.pk])).status_code == 404
    assert figures(reporting.commune) == {}


# ---- many at once ------------------------------------------------------------------------------------


def packed(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def send(client: Client, reporting: Reporting, files: dict[str, bytes]) -> Job:
    """Hand an archive over and let the worker do its work."""
    given = SimpleUploadedFile("goi.zip", packed(files))
    answer = client.post(reverse("reports:round-workbooks", args=[reporting.round.pk]), {"file": given})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    call_command("work", once=True)
    job = Job.objects.get()
    assert answer.headers["Location"] == job.get_absolute_url()
    return job


def test_an_archive_is_taken_in_file_by_file_and_a_bad_file_stops_no_other(
    reporting: Reporting, dung: User, signed_in: SignIn
) -> None:
    files = {
        "xã/a.xlsx": filled(reporting.commune, GOOD),
        "xã/b.xlsx": filled(reporting.next_door, GOOD | {"ttc.lop": "mười"}),
        "xã/c.xlsx": filled(reporting.commune, {"ttc.lop": 9}),
        "xã/d.xlsx": b"nonsense",
        "tinh.xlsx": filled(reporting.province, {}),
        "ghi chú.txt": b"x",
        "__MACOSX/xã/._a.xlsx": b"x",
    }
    job = send(signed_in(dung), reporting, files)
    assert (job.state, job.done, job.total) == ("done", 6, 6), job.note
    found = {row.name: row for row in job.results.all()}
    assert {name: row.outcome for name, row in found.items()} == {
        "xã/a.xlsx": "ok",
        "xã/b.xlsx": "refused",
        "xã/c.xlsx": "refused",
        "xã/d.xlsx": "refused",
        "tinh.xlsx": "refused",
        "ghi chú.txt": "refused",
    }
    assert "“mười” không phải là số" in found["xã/b.xlsx"].faults[0]
    assert "đã có một tệp khác" in found["xã/c.xlsx"].faults[0]
    assert "không phải là tệp Excel" in found["xã/d.xlsx"].faults[0]
    assert found["xã/a.xlsx"].url == reporting.commune.get_absolute_url()
    assert figures(reporting.commune)["ttc.lop"] == 4
    assert figures(reporting.next_door) == {}


def test_a_clerk_s_archive_fills_no_report_next_door(reporting: Reporting, an: User, signed_in: SignIn) -> None:
    job = send(signed_in(an), reporting, {"b.xlsx": filled(reporting.next_door, GOOD)})
    assert [row.outcome for row in job.results.all()] == ["refused"]
    assert figures(reporting.next_door) == {}


@pytest.mark.parametrize("content", [b"", b"not an archive", packed({})])
def test_what_is_no_archive_is_refused_at_once(
    content: bytes, reporting: Reporting, an: User, signed_in: SignIn
) -> None:
    given = SimpleUploadedFile("goi.zip", content)
    answer = signed_in(an).post(reverse("reports:round-workbooks", args=[reporting.round.pk]), {"file": given})
    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_a_bomb_within_an_archive_is_refused(reporting: Reporting, an: User, signed_in: SignIn) -> None:
    job = send(signed_in(an), reporting, {"a.xlsx": b"\0" * 9_000_000})
    assert "lớn bất thường" in job.results.get().faults[0]


@pytest.mark.parametrize("name", ["../../a.xlsx", "/etc/a.xlsx", "xã\\..\\a.xlsx", "C:\\a.xlsx"])
def test_a_path_that_leads_out_of_the_archive_is_refused(
    name: str, reporting: Reporting, an: User, signed_in: SignIn
) -> None:
    job = send(signed_in(an), reporting, {name: filled(reporting.commune, GOOD)})
    assert "có đường dẫn ra ngoài gói nén" in job.results.get().faults[0]
    assert figures(reporting.commune) == {}


def test_an_archive_within_an_archive_is_refused(reporting: Reporting, an: User, signed_in: SignIn) -> None:
    inner = packed({"a.xlsx": filled(reporting.commune, GOOD)})
    job = send(signed_in(an), reporting, {"a.zip": inner, "b.xlsx": inner})
    assert {row.outcome for row in job.results.all()} == {"refused"}
    assert figures(reporting.commune) == {}


def test_the_forms_of_all_units_come_as_one_archive(reporting: Reporting, dung: User, signed_in: SignIn) -> None:
    client = signed_in(dung)
    client.post(reverse("reports:round-forms", args=[reporting.round.pk]))
    call_command("work", once=True)
    job = Job.objects.get()
    assert job.state == "done", job.note
    content = b"".join(client.get(reverse("jobs:result", args=[job.pk])).streaming_content)  # type: ignore[attr-defined]  # a FileResponse
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert f"{reporting.commune.unit.name} ({reporting.commune.unit.key}).xlsx" in archive.namelist()
    name = next(name for name in archive.namelist() if reporting.commune.unit.key in name)
    assert upload(client, reporting.commune, archive.read(name)).status_code == 302


# ---- side by side ------------------------------------------------------------------------------------


@pytest.fixture
def handed_in(reporting: Reporting, an: User, chi: User) -> Iterator[Reporting]:
    """Both communes have handed in."""
    for user, submission, classes in ((an, reporting.commune, 4), (chi, reporting.next_door, 6)):
        given = {
            "ttc.lop": services.Given(classes),
            "ttc.hv": services.Given(10 * classes),
            "xmc.l1.tong": services.Given(3),
        }
        services.fill(by=user, submission=submission, figures=given, narratives={}, edition=0)
        services.submit(by=user, submission=Submission.objects.get(pk=submission.pk))
    return reporting


def test_the_consolidated_workbook_adds_up_to_the_stored_totals(
    handed_in: Reporting, dung: User, signed_in: SignIn
) -> None:
    address = reverse("reports:consolidated-workbook", args=[handed_in.round.pk])
    answer = signed_in(dung).get(address, {"unit": handed_in.district.unit.key})
    assert answer.status_code == 200
    formulas = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    stored = openpyxl.load_workbook(io.BytesIO(answer.content), data_only=True).worksheets[0]
    names = [stored.cell(row, 2).value for row in (10, 11)]
    assert set(names) == {handed_in.commune.unit.name, handed_in.next_door.unit.name}
    assert stored["D12"].value == 10 == stored["D10"].value + stored["D11"].value
    assert "SUM(D10:D11)" in formulas["D12"].value
    assert stored["G12"].value in (None, "")


def test_a_figure_given_instead_of_the_counted_one_bears_a_note_side_by_side(
    reporting: Reporting, an: User, dung: User
) -> None:
    given = {"ttc.lop": services.Given(4, "Hai lớp chưa vào sổ."), "ttc.hv": services.Given(40)}
    services.fill(by=an, submission=reporting.commune, figures=given, narratives={}, edition=0)
    told = workbooks.consolidated_form(dung, reporting.round, reporting.district.unit)
    page = openpyxl.load_workbook(io.BytesIO(consolidated_workbook(told))).worksheets[0]
    said = {cell.coordinate: cell.comment.text for row in page["D10:F11"] for cell in row if cell.comment}
    row = next(row for row in (10, 11) if page.cell(row, 2).value == reporting.commune.unit.name)
    assert said == {f"D{row}": "Đơn vị báo 4: Hai lớp chưa vào sổ."}
    assert any("Ô có dấu ở góc" in str(cell.value) for cells in page["A13:A16"] for cell in cells)


def test_libreoffice_makes_the_stored_totals_of_the_consolidated_workbook(
    handed_in: Reporting, dung: User, tmp_path: Path
) -> None:
    told = workbooks.consolidated_form(dung, handed_in.round, handed_in.district.unit)
    page = recalculated(consolidated_workbook(told), tmp_path).worksheets[0]
    stored = {total.indicator.code: total.value for total in Total.objects.filter(unit=handed_in.district.unit, by="")}
    assert stored == {"CLC.LOP": 10, "CLC.HOCVIEN": 100, "LIT.MU": 6}
    assert [page.cell(12, column).value for column in (4, 5, 6)] == [10, 100, 6]


def test_a_figure_given_instead_of_the_counted_one_bears_a_note_and_the_file_is_still_taken(
    reporting: Reporting, cast: Cast
) -> None:
    total = reporting.district
    layout = {cell.cell.key: cell for cell in selectors.sheets.standing_figures(total)}
    assert not layout["ttc.lop"].is_own
    Figure.objects.create(submission=total, key="ttc.lop", stated=9, reason="Đếm thiếu hai lớp")
    book = openpyxl.load_workbook(io.BytesIO(form_workbook(workbooks.filled_form(total))))
    notes = [cell.comment.text for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    assert notes == ["Số tính được chưa có, đơn vị cho là 9 vì đếm thiếu hai lớp."]
    opened = OpenWorkbook(filled(total, {"chung": "Tốt."}), "a.xlsx")
    assert take_in(by=cast.binh, submission=selectors.submission_by_key(cast.binh, total.pk), book=opened).changed == 1

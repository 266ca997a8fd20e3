"""Pages of what is owed, of rounds and kinds, and of the form builder: who may, what they show, what they do."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.factories.cast import Cast
from tests.factories.reports_pages import LAYOUT, Reporting, make_reporting

from hieuhoc.registers.accounts.models import User
from hieuhoc.reports import services
from hieuhoc.reports.models import Form, FormVersion, ReportKind, Round, Submission

SignIn = Callable[[User], Client]


@pytest.fixture
def reporting(cast: Cast) -> Reporting:
    return make_reporting(cast)


@pytest.fixture
def lead(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.binh)


def words(answer: Any) -> str:
    return str(answer.content.decode())


# ---- what is owed -----------------------------------------------------------------------------------


def test_what_is_late_stays_in_the_list_and_says_for_how_long(
    cast: Cast, reporting: Reporting, signed_in: SignIn
) -> None:
    page = words(signed_in(cast.an).get("/reports/"))
    late = (date(2020, 11, 16) - reporting.commune.due_on).days
    assert f"Quá hạn, trễ {late} ngày" in page
    assert "Làm báo cáo" in page


def test_the_list_is_narrowed_by_standing_and_by_words(cast: Cast, reporting: Reporting, signed_in: SignIn) -> None:
    client = signed_in(cast.an)
    assert "Không có báo cáo nào khớp" in words(client.get("/reports/?standing=approved"))
    assert "Quá hạn" in words(client.get("/reports/?standing=overdue"))
    assert "Không có báo cáo nào khớp" in words(client.get("/reports/?q=không-có"))


def test_the_list_comes_as_a_piece_where_htmx_asks(cast: Cast, reporting: Reporting, signed_in: SignIn) -> None:
    piece = words(signed_in(cast.an).get("/reports/", headers={"HX-Request": "true"}))
    assert "<html" not in piece
    assert "Làm báo cáo" in piece


def test_an_empty_list_says_what_will_come(cast: Cast, signed_in: SignIn) -> None:
    assert "Chưa phải nộp báo cáo nào" in words(signed_in(cast.an).get("/reports/"))
    assert "Bạn không phải nộp báo cáo" in words(signed_in(cast.xuan).get("/reports/"))
    assert "Không có báo cáo nào chờ bạn" in words(signed_in(cast.dung).get("/reports/review/"))
    assert "Chưa có đợt báo cáo nào" in words(signed_in(cast.binh).get("/reports/rounds/"))


# ---- rounds -----------------------------------------------------------------------------------------


def test_the_page_of_a_round_tells_who_is_late_by_level_and_unit(reporting: Reporting, lead: Client) -> None:
    page = words(lead.get(f"/reports/rounds/{reporting.round.pk}/"))
    assert "Xã An Phú" in page
    assert "Huyện Bình Trung" in page
    assert "Quá hạn" in page
    narrowed = words(lead.get(f"/reports/rounds/{reporting.round.pk}/?level=district"))
    assert "Huyện Bình Trung" in narrowed
    assert "Xã An Phú" not in narrowed


def test_several_units_get_a_later_deadline_at_once(cast: Cast, reporting: Reporting, signed_in: SignIn) -> None:
    url = f"/reports/rounds/{reporting.round.pk}/extend/"
    chosen = [str(reporting.commune.pk), str(reporting.next_door.pk)]
    client = signed_in(cast.dung)
    none = client.post(url, {"to": "30/12/2020", "why": "Bão"}, follow=True)
    assert "Chưa chọn đơn vị nào" in words(none)
    assert client.post(url, {"submissions": chosen, "to": "", "why": ""}).status_code == 422
    client.post(url, {"submissions": chosen, "to": "30/12/2020", "why": "Bão số 9"})
    given = Submission.objects.filter(pk__in=chosen).values_list("extended_to", flat=True)
    assert set(given) == {date(2020, 12, 30)}


def test_the_reviewer_reminds_those_who_are_late(reporting: Reporting, lead: Client) -> None:
    url = f"/reports/rounds/{reporting.round.pk}/remind/"
    assert lead.post(url, {"words": "Gửi sớm giúp", "all": "1"}, follow=True).status_code == 200
    reporting.commune.refresh_from_db()
    assert reporting.commune.reminded_on == date(2020, 11, 16)


def test_a_round_is_closed_opened_again_and_cancelled_after_a_question(reporting: Reporting, lead: Client) -> None:
    url = f"/reports/rounds/{reporting.round.pk}"
    for deed, sent, state in [
        ("close", {}, "closed"),
        ("reopen", {"why": "Còn thiếu"}, "open"),
        ("cancel", {"why": "Nhầm kỳ"}, "cancelled"),
    ]:
        assert lead.get(f"{url}/{deed}/").status_code == 200
        assert lead.post(f"{url}/{deed}/", sent).status_code == 302
        reporting.round.refresh_from_db()
        assert reporting.round.state == state


def test_an_ad_hoc_round_is_opened_with_days_of_its_own(cast: Cast, reporting: Reporting, lead: Client) -> None:
    services.define_kind(
        by=cast.binh,
        name="Báo cáo đột xuất",
        code="dot-xuat",
        category="ad_hoc",
        form=reporting.form,
        root=cast.province,
        recipient=cast.education,
        calendar="own",
        rhythm="year",
        levels=["commune"],
        sending={"commune": 5},
        agencies=[],
        opens_before=0,
        subject="Thiệt hại do bão",
        bases=[],
        document="",
        valid_from=date(2020, 1, 1),
    )
    kind = ReportKind.objects.get(code="dot-xuat")
    missing = lead.post("/reports/rounds/open/", {"kind": kind.pk})
    assert missing.status_code == 422
    assert "Hãy ghi ngày." in words(missing)
    sent = {"kind": kind.pk, "first": "1/11/2020", "last": "15/11/2020", "due_commune": "20/11/2020"}
    assert lead.post("/reports/rounds/open/", sent).status_code == 302
    opened = Round.objects.get(kind=kind)
    assert opened.submissions.count() == 2
    assert opened.dues == {"commune": "2020-11-20"}


def test_the_consolidated_table_adds_up_sorts_and_names_the_silent(
    cast: Cast, reporting: Reporting, signed_in: SignIn, lead: Client
) -> None:
    for user, one, count in [(cast.an, reporting.commune, 30), (cast.chi, reporting.next_door, 50)]:
        figures = {"ttc.lop": services.Given(3), "ttc.hv": services.Given(count)}
        services.fill(by=user, submission=one, figures=figures, edition=one.edition)
    services.submit(by=cast.an, submission=reporting.commune)
    url = f"/reports/rounds/{reporting.round.pk}/consolidated/?unit={cast.district.key}"
    page = words(lead.get(url))
    assert "1 đơn vị chưa nộp" in page
    assert "Xã Chí Hòa" in page
    assert ">30<" in page
    services.submit(by=cast.chi, submission=reporting.next_door)
    page = words(lead.get(f"{url}&sort=-ttc.hv"))
    assert page.index("Xã Chí Hòa") < page.index("Xã An Phú")
    assert ">80<" in page
    assert lead.get(f"/reports/rounds/{reporting.round.pk}/consolidated/print/").status_code == 200
    assert signed_in(cast.chi).get(url).status_code == 404


# ---- kinds ------------------------------------------------------------------------------------------


def kind_sent(cast: Cast, form: Form, **over: Any) -> dict[str, Any]:
    return {
        "name": "Báo cáo năm",
        "code": "nam",
        "category": "periodic",
        "form": form.pk,
        "root": cast.province.key,
        "recipient": cast.education.key,
        "calendar": "closing",
        "rhythm": "year",
        "levels": ["commune", "province"],
        "sending_commune": "4",
        "sending_province": "10",
        "opens_before": "15",
        "subject": "Kết quả năm",
        "bases": "Nghị định 09/2019/NĐ-CP\nKế hoạch 144/KH-UBND",
        "valid_from": "1/1/2020",
    } | over


def test_a_kind_is_defined_changed_and_ended(cast: Cast, reporting: Reporting, lead: Client) -> None:
    assert lead.post("/reports/kinds/new/", kind_sent(cast, reporting.form, subject="")).status_code == 422
    assert lead.post("/reports/kinds/new/", kind_sent(cast, reporting.form)).status_code == 302
    kind = ReportKind.objects.get(code="nam")
    assert kind.sending == {"commune": 4, "province": 10}
    assert len(kind.bases) == 2
    assert "Báo cáo năm" in words(lead.get("/reports/kinds/nam/"))
    assert 'value="4"' in words(lead.get("/reports/kinds/nam/edit/"))
    assert lead.post("/reports/kinds/nam/edit/", kind_sent(cast, reporting.form, name="Năm")).status_code == 302
    assert lead.post("/reports/kinds/nam/end/", {"valid_to": "1/1/2021"}).status_code == 302
    kind.refresh_from_db()
    assert kind.name == "Năm"
    assert kind.valid_to == date(2021, 1, 1)


def test_only_who_arranges_reports_arranges_them(cast: Cast, reporting: Reporting, signed_in: SignIn) -> None:
    for path in ("/reports/kinds/new/", "/reports/rounds/open/", "/reports/forms/new/"):
        assert signed_in(cast.dung).get(path).status_code == 403
    assert signed_in(cast.xuan).get(f"/reports/kinds/{reporting.kind.code}/edit/").status_code == 403
    assert signed_in(cast.xuan).get(f"/reports/kinds/{reporting.kind.code}/").status_code == 200


# ---- the form builder -------------------------------------------------------------------------------


def press(client: Client, version: FormVersion, deed: str, **sent: Any) -> Any:
    return client.post(f"/reports/versions/{version.pk}/change/", {"deed": deed, **sent}, follow=True)


def rows(name: str, *filled: dict[str, str], begun: int = 0) -> dict[str, str]:
    """What the rows of a list send."""
    sent = {f"{name}-TOTAL_FORMS": str(len(filled)), f"{name}-INITIAL_FORMS": str(begun)}
    for place, row in enumerate(filled):
        sent |= {f"{name}-{place}-{key}": value for key, value in row.items()}
    return sent


def test_a_form_is_made_button_by_button_and_put_in_force(cast: Cast, reporting: Reporting, lead: Client) -> None:
    sent = {"name": "Biểu thử", "code": "bieu-thu", "owner": cast.education.key}
    lead.post("/reports/forms/new/", sent)
    version = FormVersion.objects.get(form__code="bieu-thu")
    assert "Biểu mẫu chưa có mục nào." in words(lead.get(f"/reports/versions/{version.pk}/edit/"))
    press(lead, version, "add-section", **{"new-heading": "Kết quả"})
    made = press(lead, version, "add-block:ket_qua", **{"kind-ket_qua": "table", "label-ket_qua": "Bảng 1"})
    assert "Bảng phải có ít nhất một cột và một dòng." in words(made)  # told at the block
    table = {
        "block-label": "Bảng 1. Lớp",
        **rows("columns", {"key": "tong", "label": "Tổng số"}, {"label": "Nữ", "by": "sex=female"}, begun=1),
        **rows("rows", {"indicator": "LIT.MU", "required": "on"}, {"indicator": ""}),
    }
    saved = press(lead, version, "save-block:bang_1", **table)
    version.refresh_from_db()
    block = version.layout["sections"][0]["blocks"][0]
    assert block["rows"][0]["indicator"] == "LIT.MU"
    assert [one["by"] for one in block["columns"]] == ["", "sex=female"]
    assert "Số người mù chữ" in words(saved)  # in the preview beside
    assert lead.post(f"/reports/versions/{version.pk}/force/").status_code == 302
    version.refresh_from_db()
    assert version.state == "in_force"


def draft_of(lead: Client, reporting: Reporting) -> FormVersion:
    lead.post(f"/reports/forms/{reporting.form.code}/follow/")
    return FormVersion.objects.get(form=reporting.form, state="draft")


def test_every_deed_of_the_builder_can_be_undone(reporting: Reporting, lead: Client) -> None:
    version = draft_of(lead, reporting)
    for deed in ("block-down:ttc", "section-up:dg", "block-remove:xmc", "section-remove:dg"):
        press(lead, version, deed)
    version.refresh_from_db()
    assert [one["key"] for one in version.layout["sections"]] == ["kq"]
    for _ in range(4):
        assert lead.post(f"/reports/versions/{version.pk}/undo/").status_code == 302
    version.refresh_from_db()
    assert version.layout == LAYOUT
    assert "Không còn bước nào" in words(lead.post(f"/reports/versions/{version.pk}/undo/", follow=True))


def test_undo_takes_nothing_back_that_somebody_else_has_done_since(
    cast: Cast, reporting: Reporting, lead: Client
) -> None:
    version = draft_of(lead, reporting)
    press(lead, version, "section-remove:dg")
    version.refresh_from_db()
    services.edit_layout(by=cast.binh, version=version, layout=LAYOUT)
    lead.post(f"/reports/versions/{version.pk}/undo/")
    version.refresh_from_db()
    assert version.layout == LAYOUT


def test_an_unknown_indicator_is_said_at_its_row_and_nothing_typed_is_lost(reporting: Reporting, lead: Client) -> None:
    version = draft_of(lead, reporting)
    cells = rows("cells", {"key": "lop", "indicator": "CLC.LOPP"}, {"key": "hv", "indicator": "CLC.HOCVIEN"}, begun=2)
    answer = press(lead, version, "save-block:ttc", **{"block-label": "Trung tâm", **cells})
    assert answer.status_code == 422
    assert "CLC.LOPP" in words(answer)
    assert "Không có chỉ số đang dùng nào" in words(answer)
    version.refresh_from_db()
    assert version.layout == LAYOUT


def test_rows_keep_their_keys_when_they_move_and_checks_are_kept(reporting: Reporting, lead: Client) -> None:
    version = draft_of(lead, reporting)
    cells = rows("cells", {"key": "lop", "indicator": "CLC.LOP"}, {"key": "hv", "indicator": "CLC.HOCVIEN"}, begun=2)
    press(lead, version, "row-up:ttc:cells:1", **{"block-label": "Trung tâm", **cells})
    version.refresh_from_db()
    assert [one["key"] for one in version.layout["sections"][0]["blocks"][0]["cells"]] == ["hv", "lop"]
    told = {"rule": "CLC.LOP <= CLC.HOCVIEN", "level": "warning", "words": "Xem lại."}
    press(lead, version, "save-checks", **rows("checks", told))
    version.refresh_from_db()
    assert [one["rule"] for one in version.layout["checks"]] == ["CLC.LOP <= CLC.HOCVIEN"]


def test_the_builder_comes_as_a_piece_where_htmx_asks(reporting: Reporting, lead: Client) -> None:
    version = draft_of(lead, reporting)
    url = f"/reports/versions/{version.pk}/change/"
    piece = lead.post(url, {"deed": "block-down:ttc"}, headers={"HX-Request": "true"})
    assert piece.status_code == 200
    assert "<html" not in words(piece)
    assert 'id="builder"' in words(piece)


def test_a_version_in_force_is_shown_and_not_edited(
    cast: Cast, reporting: Reporting, lead: Client, signed_in: SignIn
) -> None:
    key = reporting.version.pk
    assert lead.get(f"/reports/versions/{key}/edit/").status_code == 302
    assert lead.post(f"/reports/versions/{key}/change/", {"deed": "block-down:ttc"}).status_code == 409
    assert "Bảng 1. Xóa mù chữ" in words(signed_in(cast.an).get(f"/reports/versions/{key}/"))
    assert lead.get(f"/reports/versions/{key}/retire/").status_code == 200
    assert lead.get("/reports/indicators/options/?q=hoc vien").json()["options"][0]["value"] == "CLC.HOCVIEN"

"""Where a figure comes from: two clicks from any figure to the record, within the reader's rights."""

import re

import pytest
from django.test import Client
from tests.factories import plans as factory
from tests.factories.cast import Cast
from tests.factories.indicators import make_indicator, month, turn

from hieuhoc.engines.rollup import Fact
from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.periods import Period, Rhythm
from hieuhoc.programme.plans.models import Assignment
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.indicators import services
from hieuhoc.registers.indicators.services import Stated, open_period
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports import collect
from hieuhoc.reports.models import Form, FormVersion, ReportKind, Round, Submission
from hieuhoc.reports.views import lineage

pytestmark = pytest.mark.django_db

SEPTEMBER = month(2020, 9)
QUARTER = turn(Rhythm.QUARTER, 2020, 3)


def submission_of(cast: Cast, unit: Unit, by: User) -> Submission:
    """A report that was handed in, as the rows of the tables."""
    form = Form.objects.get_or_create(code="thang", defaults={"name": "Báo cáo tháng", "owner": cast.education})[0]
    version = FormVersion.objects.get_or_create(form=form, number=1, defaults={"state": "in_force"})[0]
    kind = ReportKind.objects.get_or_create(
        code="thang",
        defaults={
            "name": "Báo cáo tháng",
            "category": "periodic",
            "form": form,
            "root": cast.province,
            "recipient": cast.education,
            "calendar": "closing",
            "rhythm": "month",
            "subject": "công tác tháng",
            "valid_from": SEPTEMBER.first,
        },
    )[0]
    turned = Round.objects.get_or_create(
        kind=kind,
        period=open_period(SEPTEMBER),
        defaults={"version": version, "opens_on": SEPTEMBER.first, "closes_on": SEPTEMBER.last},
    )[0]
    return Submission.objects.create(
        round=turned,
        unit=unit,
        level=unit.level,
        state="submitted",
        due_on=SEPTEMBER.last,
        submitted_at=clock.now(),
        submitted_by=by,
    )


def state(unit: Unit, code: str, value: int, source: str, *, period: Period = SEPTEMBER, reason: str = "") -> None:
    services.state_figures(
        by=trail.HOUSE, unit=unit, period=period, figures=[Stated(code, value, reason=reason)], source=source
    )


@pytest.fixture
def literacy(cast: Cast) -> Cast:
    make_indicator("LIT.KNOW", name="Số người biết chữ", fact="learning.literate")
    make_indicator("LIT.ALL", name="Số người trong độ tuổi")
    make_indicator(
        "LIT.RATE",
        name="Tỷ lệ biết chữ",
        kind="derived",
        formula="percent(LIT.KNOW, LIT.ALL)",
        measure="percent",
        over_time="none",
        decimals=1,
    )
    services.count_facts(by=trail.HOUSE, facts=[Fact("learning.literate", cast.commune.pk, SEPTEMBER, 93)])
    source = f"reports.submission:{submission_of(cast, cast.commune, cast.an).pk}"
    state(cast.commune, "LIT.KNOW", 90, source, reason="Ba người đã chuyển đi")
    state(cast.commune, "LIT.ALL", 100, source)
    return cast


def page(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_from_a_figure_of_the_province_to_the_report_are_two_clicks(client: Client, literacy: Cast) -> None:
    submission = Submission.objects.get()
    board = page(client, literacy.binh, f"/dashboard/{literacy.province.key}/indicators/?period=2020-09")
    found = re.search(r'href="(/figures/[^"]*LIT\.RATE/2020-09/)"', board)
    assert found
    made_of = page(client, literacy.binh, found[1])
    assert f'href="{submission.get_absolute_url()}"' in made_of


def test_a_derived_figure_says_its_formula_and_every_part(client: Client, literacy: Cast) -> None:
    told = page(client, literacy.binh, f"/figures/{literacy.province.key}/LIT.RATE/2020-09/")
    assert "Số người biết chữ chia cho số người trong độ tuổi, nhân 100" in told
    assert re.search(r"90,0 <small>%", told)
    assert "90 người" in told
    assert "100 người" in told
    assert f"/figures/{literacy.province.key}/LIT.KNOW/2020-09/" in told
    assert "rollup" not in told


def test_a_fact_says_who_stated_it_what_was_counted_and_why_they_differ(client: Client, literacy: Cast) -> None:
    told = page(client, literacy.an, f"/figures/{literacy.commune.key}/LIT.KNOW/2020-09/")
    assert "Phạm Thị An nộp" in told
    assert "đếm từ sổ sách được 93" in told
    assert "lý do: Ba người đã chuyển đi" in told
    assert "Chưa duyệt" in told


def test_a_sum_says_of_whom_it_is_made_and_who_is_silent(client: Client, literacy: Cast) -> None:
    told = page(client, literacy.dung, f"/figures/{literacy.district.key}/LIT.KNOW/2020-09/")
    assert f"/figures/{literacy.commune.key}/LIT.KNOW/2020-09/" in told
    assert "1 đơn vị chưa báo" in told
    assert "<li>Xã Chí Hòa</li>" in told
    quarter = page(client, literacy.dung, f"/figures/{literacy.district.key}/LIT.KNOW/{QUARTER.key}/")
    assert "Gồm các kỳ" in quarter
    assert f"/figures/{literacy.district.key}/LIT.KNOW/2020-09/" in quarter


def test_what_is_beneath_is_shown_within_the_reader_s_rights(client: Client, literacy: Cast) -> None:
    client.force_login(literacy.chi)
    assert client.get(f"/figures/{literacy.commune.key}/LIT.KNOW/2020-09/").status_code == 404
    assert client.get(f"/figures/{literacy.district.key}/LIT.KNOW/2020-09/").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"), [("KHONG.CO/2020-09/", 404), ("LIT.KNOW/2020-09/?by=%25%25", 422), ("lit.know/2020-09/", 200)]
)
def test_what_an_address_names_wrongly_is_said(client: Client, literacy: Cast, path: str, status: int) -> None:
    client.force_login(literacy.an)
    assert client.get(f"/figures/{literacy.commune.key}/{path}").status_code == status


def test_a_figure_that_nobody_has_given_says_so(client: Client, literacy: Cast) -> None:
    told = page(client, literacy.chi, f"/figures/{literacy.next_door.key}/LIT.KNOW/2020-09/")
    assert "Chưa có số liệu của LIT.KNOW." in told
    assert "Chưa có số liệu gốc nào." in told


def test_what_the_house_has_counted_leads_to_the_very_rows(client: Client, cast: Cast) -> None:
    make_indicator(
        "PLAN.DUE", name="Số nhiệm vụ đến hạn", measure="task", fact="plans.tasks_due", over_places="distinct"
    )
    tasks = [
        factory.make_task(text, leads=[cast.commune], values={"due_on": SEPTEMBER.last})
        for text in ("Mở lớp xóa mù chữ.", "Khảo sát người học.")
    ]
    plan = factory.make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=tasks)
    collect.collect(QUARTER)
    held = list(Assignment.objects.filter(plan=plan))
    assert len(held) == 2
    for unit in (cast.commune, cast.province):
        told = page(client, cast.minh, f"/figures/{unit.key}/PLAN.DUE/2020-09/")
        assert re.search(r"2 <small>nhiệm vụ", told)
        assert "Đếm từ sổ sách: 2 dòng" in told
        for one in held:
            assert f'href="{one.get_absolute_url()}"' in told
    assert "Đếm từ sổ sách: 2 dòng" in page(client, cast.minh, f"/figures/{cast.province.key}/PLAN.DUE/{QUARTER.key}/")


def test_a_share_says_what_each_unit_beneath_has_of_its_parts(client: Client, literacy: Cast) -> None:
    told = page(client, literacy.binh, f"/figures/{literacy.district.key}/LIT.RATE/2020-09/")
    row = re.search(r'<tr><th scope="row">' + literacy.commune.name + r"</th>(.*?)</tr>", told)
    assert row
    numbers = re.findall(r">([\d.,/]+)<", row[1])
    assert numbers == ["90", "100", "90,0", "1/1"]
    assert f'href="/figures/{literacy.commune.key}/LIT.RATE/2020-09/"' in row[1]


def test_what_was_taken_in_names_no_report_and_says_so_once(client: Client, literacy: Cast) -> None:
    rows = [(literacy.next_door.pk, SEPTEMBER, Stated("LIT.ALL", 70))]
    services.import_figures(by=trail.HOUSE, rows=rows, source="import:truoc-2020", is_approved=True)
    alone = page(client, literacy.binh, f"/figures/{literacy.next_door.key}/LIT.ALL/2020-09/")
    assert alone.count("nhập từ báo cáo cũ") == 1
    assert "Đơn vị báo" not in alone
    assert '<th scope="col">Nguồn</th>' not in alone
    both = page(client, literacy.binh, f"/figures/{literacy.district.key}/LIT.ALL/2020-09/")
    assert "Nhập từ báo cáo cũ" in both
    assert "Phạm Thị An nộp" in both


def test_a_long_list_of_facts_goes_on_on_further_pages(
    client: Client, literacy: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lineage, "MOST_FACTS", 1)
    state(literacy.next_door, "LIT.KNOW", 40, f"reports.submission:{Submission.objects.get().pk}")
    address = f"/figures/{literacy.district.key}/LIT.KNOW/2020-09/"
    first, second = page(client, literacy.binh, address), page(client, literacy.binh, f"{address}?page=2")
    assert "Dòng 1–1 trong 2" in first
    assert "Dòng 2–2 trong 2" in second
    share = page(client, literacy.binh, f"/figures/{literacy.district.key}/LIT.RATE/2020-09/")
    assert f'href="{address}#facts"' in share
    assert "Còn 1 số liệu gốc nữa: xem tất cả" in share

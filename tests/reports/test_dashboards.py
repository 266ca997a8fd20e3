"""The page of a unit, its indicators, one of them closely: what they say, to whom, and at what cost."""

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from tests.factories import places, reorganisations
from tests.factories.cast import TODAY, Cast
from tests.factories.indicators import make_indicator, month, turn

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.periods import Calendar, Period, Rhythm
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.indicators import services
from hieuhoc.registers.indicators.models import Indicator, Target
from hieuhoc.registers.indicators.services import Stated, open_period
from hieuhoc.registers.places.models import Succession, Unit
from hieuhoc.reports.models import Form, FormVersion, ReportKind, Round, Submission, Visit
from hieuhoc.reports.selectors import dashboards as reading

pytestmark = pytest.mark.django_db

YEAR = turn(Rhythm.YEAR, 2020)
BEFORE = turn(Rhythm.YEAR, 2019)
SEPTEMBER, OCTOBER = month(2020, 9), month(2020, 10)


def state(unit: Unit, value: int, *, code: str = "CLC.TURNS", period: Period = SEPTEMBER, by: str = "") -> None:
    services.state_figures(
        by=trail.HOUSE, unit=unit, period=period, figures=[Stated(code, value, by)], source="reports.submission:7"
    )


@pytest.fixture
def centres(cast: Cast) -> Cast:
    """Two communes with learners; one rate over them; the year has a target."""
    make_indicator("CLC.TURNS", name="Số lượt học", is_key=True, direction="up", breakdowns=["sex"], measure="turn")
    make_indicator("CLC.CLASSES", name="Số lớp", measure="class")
    make_indicator(
        "CLC.MEAN",
        name="Số lượt một lớp",
        kind="derived",
        formula="mean(CLC.TURNS over CLC.CLASSES)",
        measure="turn_per_class",
        over_time="none",
        decimals=1,
        is_key=True,
    )
    for unit, turns, classes in ((cast.commune, 120, 4), (cast.next_door, 45, 3)):
        for period in (SEPTEMBER, OCTOBER):
            state(unit, turns, period=period)
            state(unit, turns // 3, period=period, by="sex=female")
            state(unit, classes, code="CLC.CLASSES", period=period)
    return cast


def make_submission(cast: Cast, unit: Unit, *, due_on: date) -> Submission:
    """A report that is owed, as the rows of the tables."""
    form = Form.objects.get_or_create(code="thang", defaults={"name": "Báo cáo tháng", "owner": cast.education})[0]
    version = FormVersion.objects.get_or_create(form=form, number=1, defaults={"state": "in_force"})[0]
    given = {
        "name": "Báo cáo tháng",
        "category": "periodic",
        "form": form,
        "root": cast.province,
        "recipient": cast.education,
        "calendar": "closing",
        "rhythm": "month",
        "subject": "công tác tháng",
        "valid_from": OCTOBER.first,
    }
    kind = ReportKind.objects.get_or_create(code="thang", defaults=given)[0]
    days = {"version": version, "opens_on": OCTOBER.first, "closes_on": OCTOBER.last}
    turned = Round.objects.get_or_create(kind=kind, period=open_period(OCTOBER), defaults=days)[0]
    return Submission.objects.create(round=turned, unit=unit, level=unit.level, due_on=due_on)


def page(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_home_leads_to_the_unit_where_the_user_works(client: Client, centres: Cast) -> None:
    client.force_login(centres.an)
    assert client.get("/dashboard/")["Location"] == f"/dashboard/{centres.commune.key}/"
    client.force_login(centres.hanh)  # an officer of a department sees no more than the department
    assert client.get("/dashboard/")["Location"] == f"/dashboard/{centres.finance.key}/"
    client.force_login(centres.nobody)
    assert client.get("/dashboard/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/dashboard/{key}/",
        "/dashboard/{key}/indicators/",
        "/dashboard/{key}/indicators.xlsx",
        "/dashboard/{key}/indicators/CLC.TURNS/",
        "/dashboard/{key}/indicators/CLC.TURNS/trend.svg",
        "/dashboard/{key}/indicators/CLC.TURNS/tables.xlsx",
        "/figures/{key}/CLC.TURNS/2020-09/",
    ],
)
def test_nobody_sees_the_figures_of_a_unit_out_of_reach(client: Client, centres: Cast, address: str) -> None:
    client.force_login(centres.chi)
    assert client.get(address.format(key=centres.commune.key)).status_code == 404
    assert client.get(address.format(key=centres.district.key)).status_code == 404
    assert client.get(address.format(key=centres.next_door.key)).status_code == 200


def test_a_card_says_value_target_gap_place_and_completeness(client: Client, centres: Cast) -> None:
    Target.objects.create(
        indicator_id=_number("CLC.TURNS"),
        unit=centres.commune,
        period=open_period(YEAR),
        value=Decimal(500),
        document="144/KH-UBND",
        set_at=clock.now(),
        set_by_name="Bình",
    )
    told = page(client, centres.an, f"/dashboard/{centres.commune.key}/")
    assert "Số lượt học" in told
    assert f'<a href="/figures/{centres.commune.key}/CLC.TURNS/2020/"' in told
    assert re.search(r"<b><a [^>]*>240</a></b> <span>lượt", told)
    assert "Chỉ tiêu: 500 · còn thiếu 260 lượt" in told
    assert "Hạng 1 trong 2 đơn vị cùng cấp" in told
    assert "2/12 số liệu gốc đã có" in told


def test_the_place_among_peers_tells_no_value_of_theirs(client: Client, centres: Cast) -> None:
    told = page(client, centres.an, f"/dashboard/{centres.commune.key}/")
    assert "Hạng 1 trong 2" in told
    assert centres.next_door.name not in told
    assert ">90<" not in told


def test_unknown_is_a_dash_and_never_nought(client: Client, centres: Cast) -> None:
    told = page(client, centres.an, f"/dashboard/{centres.commune.key}/?period=2019")
    assert "Chỉ số chính chưa có số liệu" in told
    assert re.search(r"<a [^>]*>–</a>", told)
    assert not re.search(r"<b><a [^>]*>0</a></b>", told)
    assert "Hạng" not in told


def test_map_and_ranking_lead_to_the_figures_of_the_units_beneath(client: Client, centres: Cast) -> None:
    told = page(client, centres.dung, f"/dashboard/{centres.district.key}/?period=2020-09&indicator=CLC.TURNS")
    assert '<svg class="map"' in told
    assert f'<a href="/figures/{centres.commune.key}/CLC.TURNS/2020-09/" tabindex="-1"' in told
    assert "1. Xã An Phú" in told
    assert "2. Xã Chí Hòa" in told


def test_a_page_says_what_has_changed_since_the_last_visit(client: Client, centres: Cast) -> None:
    address = f"/dashboard/{centres.commune.key}/"

    def seen(hours: int) -> str:
        with clock.pinned(clock.now() + timedelta(hours=hours)):
            return page(client, centres.an, address)

    assert "Đây là lần đầu bạn xem trang này" in seen(1)
    assert "Đây là lần đầu bạn xem trang này" in seen(2)  # still the same sitting
    assert "Chưa có gì thay đổi" in seen(9)
    with clock.pinned(clock.now() + timedelta(hours=10)):
        state(centres.commune, 7, period=month(2020, 11))
    told = seen(20)
    assert f"/figures/{centres.commune.key}/CLC.TURNS/2020-11/" in told
    assert f"/figures/{centres.commune.key}/CLC.TURNS/2020-09/" not in told
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("asked", ["nonsense", "2020-13", "2020-Q9", "xmc-", "999999"])
def test_a_period_that_is_none_is_not_found(client: Client, centres: Cast, asked: str) -> None:
    client.force_login(centres.an)
    assert client.get(f"/dashboard/{centres.commune.key}/?period={asked}").status_code == 404
    assert client.get(f"/figures/{centres.commune.key}/CLC.TURNS/{asked}/").status_code == 404


def test_an_indicator_of_another_calendar_is_shown_for_its_year(centres: Cast) -> None:
    row = make_indicator("LIT.X", calendar="literacy", rhythms=["year"]).definitions.get()
    found = reading.period_of_indicator(row, turn(Rhythm.QUARTER, 2020, 3))
    assert found is not None
    assert (found.calendar, found.key) == (Calendar.LITERACY, "xmc-2020")
    monthly = make_indicator("CLC.Y", rhythms=["month"]).definitions.get()
    assert reading.period_of_indicator(monthly, YEAR) == month(2020, 12)


# ---- all indicators ----------------------------------------------------------------------------------------------


def test_every_indicator_has_a_row_and_the_list_is_searched_without_marks(client: Client, centres: Cast) -> None:
    address = f"/dashboard/{centres.commune.key}/indicators/"
    told = page(client, centres.an, address)
    assert [name in told for name in ("Số lượt học", "Số lớp", "Số lượt một lớp")] == [True, True, True]
    found = page(client, centres.an, f"{address}?q=so+lop")
    assert "Số lớp" in found
    assert "Số lượt học" not in found
    assert "Không có chỉ số nào như vậy" in page(client, centres.an, f"{address}?q=zzz")


def test_the_list_is_sorted_by_value_with_unknown_ones_at_the_end_of_the_best(client: Client, centres: Cast) -> None:
    told = page(client, centres.an, f"/dashboard/{centres.commune.key}/indicators/?sort=-value&period=2020-09")
    places_of = [told.index(f">{name}</a>") for name in ("Số lượt học", "Số lượt một lớp", "Số lớp")]
    assert places_of == sorted(places_of)


def test_the_workbook_has_one_row_for_each_indicator(client: Client, centres: Cast) -> None:
    client.force_login(centres.an)
    answer = client.get(f"/dashboard/{centres.commune.key}/indicators.xlsx?period=2020-09")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True) if row[0]}
    assert rows["CLC.TURNS"][4] == 120
    assert rows["CLC.MEAN"][4] == 30
    assert len([code for code in rows if str(code).startswith("CLC.")]) == 3


# ---- one indicator -----------------------------------------------------------------------------------------------


def test_an_indicator_is_shown_through_time_by_units_and_by_parts(client: Client, centres: Cast) -> None:
    told = page(client, centres.dung, f"/dashboard/{centres.district.key}/indicators/CLC.TURNS/?period=2020-10")
    for title in ("Theo thời gian", "Bản đồ", "Xếp hạng các đơn vị", "Từng đơn vị theo thời gian", "Phân tổ"):
        assert f"<h2>{title}" in told
    assert f"/figures/{centres.district.key}/CLC.TURNS/2020-10/?by=sex%3Dfemale" in told
    assert told.count("Xem bảng số liệu") >= 3


def test_two_periods_are_held_against_each_other_on_one_scale(client: Client, centres: Cast) -> None:
    state(centres.commune, 130, period=OCTOBER)
    address = f"/dashboard/{centres.district.key}/indicators/CLC.TURNS/?period=2020-10&against=2020-09"
    told = page(client, centres.dung, address)
    assert "So sánh hai kỳ" in told
    assert re.search(r"Xã An Phú</th><td[^>]*>120</td><td[^>]*>130</td><td[^>]*>\+10</td>", told)


def test_two_units_are_held_against_each_other_within_reach_only(client: Client, centres: Cast) -> None:
    address = f"/dashboard/{centres.commune.key}/indicators/CLC.TURNS/?period=2020-10&beside={centres.next_door.key}"
    assert "Xã Chí Hòa" in page(client, centres.dung, address)
    client.force_login(centres.an)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["trend", "ranking", "map", "multiples", "breakdown"])
def test_every_drawing_is_taken_away_as_svg_and_png(client: Client, centres: Cast, name: str) -> None:
    client.force_login(centres.dung)
    base = f"/dashboard/{centres.district.key}/indicators/CLC.TURNS/{name}"
    svg = client.get(f"{base}.svg?period=2020-10")
    assert svg["Content-Type"] == "image/svg+xml"
    assert svg.content.startswith(b"<svg ")
    assert "attachment" in svg["Content-Disposition"]
    png = client.get(f"{base}.png?period=2020-10")
    assert png.content.startswith(b"\x89PNG")


def test_a_drawing_that_does_not_exist_is_not_found(client: Client, centres: Cast) -> None:
    client.force_login(centres.dung)
    for name in ("trend.pdf", "secrets.svg", "trend"):
        assert client.get(f"/dashboard/{centres.district.key}/indicators/CLC.TURNS/{name}").status_code == 404


def test_the_tables_behind_the_charts_are_a_workbook(client: Client, centres: Cast) -> None:
    client.force_login(centres.dung)
    address = f"/dashboard/{centres.district.key}/indicators/CLC.TURNS/tables.xlsx?period=2020-10&against=2020-09"
    book = load_workbook(BytesIO(client.get(address).content))
    assert book.sheetnames == ["Theo thời gian", "Theo đơn vị", "So sánh kỳ", "Phân tổ"]
    rows = {row[0]: row for row in book["Theo đơn vị"].iter_rows(values_only=True)}
    assert rows["Xã An Phú"][1:] == (120, 1, 1, 1)


# ---- on another map ------------------------------------------------------------------------------------------------


def test_before_and_after_a_merger_the_map_is_told_by_either_units_or_by_both(client: Client, centres: Cast) -> None:
    reorganisations.carry_out(centres, reorganisations.make_event(centres))
    address = f"/dashboard/{centres.district.key}/?period=2020-09&indicator=CLC.TURNS"
    then = page(client, centres.dung, address)
    assert "Số liệu theo" in then
    assert "1. Xã An Phú" in then
    now = page(client, centres.dung, f"{address}&lens=now")
    assert "1. Xã Hòa Phú" in now
    assert re.search(r"<title>Xã Hòa Phú: 165 lượt</title>", now)
    both = page(client, centres.dung, f"{address}&lens=both")
    assert "Theo đơn vị lúc báo" in both
    assert "<title>Xã An Phú: 120 lượt</title>" in both
    assert "<title>Xã Hòa Phú: 165 lượt</title>" in both


def test_a_page_of_another_day_leads_to_the_units_before_or_after(client: Client, centres: Cast) -> None:
    reorganisations.carry_out(centres, reorganisations.make_event(centres))
    fresh = reorganisations.heir()
    told = page(client, centres.dung, f"/dashboard/{fresh.key}/?period=2020-09")
    assert f'<a href="/dashboard/{centres.commune.key}/?period=2020-09">Xã An Phú</a>' in told
    ended = page(client, centres.dung, f"/dashboard/{centres.commune.key}/?period=2020-09")
    assert f'<a href="/dashboard/{fresh.key}/?period=2020-09">Xã Hòa Phú</a>' in ended
    assert re.search(r"<b><a [^>]*>120</a></b>", ended)


def test_an_heir_out_of_reach_is_named_and_not_linked(client: Client, centres: Cast) -> None:
    ended, heir, day = centres.district, centres.province, date(2020, 11, 1)
    event = reorganisations.make_event(centres)
    Succession.objects.create(predecessor=ended, heir=heir, on=day, takes_duties=True, reorganisation=event)
    Unit.objects.filter(pk=ended.pk).update(valid_to=day)
    address = f"/dashboard/{ended.key}/?period=2020-09"
    told = page(client, centres.dung, address)
    assert f"Đơn vị kế thừa: {heir.name}." in re.sub(r"\s+", " ", told)
    assert f'<a href="/dashboard/{heir.key}/?period=2020-09">' in page(client, centres.xuan, address)


# ---- what is late ----------------------------------------------------------------------------------------------------


def test_late_reports_are_shown_the_unit_s_own_and_how_many_beneath(client: Client, centres: Cast) -> None:
    for unit in (centres.commune, centres.next_door, centres.district):
        make_submission(centres, unit, due_on=TODAY - timedelta(days=3))
    make_submission(centres, centres.province, due_on=TODAY + timedelta(days=3))
    told = page(client, centres.dung, f"/dashboard/{centres.district.key}/")
    assert "Trễ 3 ngày" in told
    assert "2/2 đơn vị chưa nộp" in told
    Submission.objects.filter(unit=centres.commune).update(state="submitted")
    Submission.objects.filter(unit=centres.next_door).update(extended_to=TODAY)
    assert "đơn vị chưa nộp" not in page(client, centres.dung, f"/dashboard/{centres.district.key}/")
    assert "Không có báo cáo nào trễ hạn." in page(client, centres.an, f"/dashboard/{centres.commune.key}/")


# ---- at what cost ----------------------------------------------------------------------------------------------------


def test_the_queries_of_a_page_do_not_grow_with_units_indicators_or_periods(client: Client, centres: Cast) -> None:
    def cost(address: str) -> int:
        page(client, centres.binh, address)
        with CaptureQueriesContext(connection) as queries:
            page(client, centres.binh, address)
        return len([one for one in queries if "django_session" not in one["sql"]])

    addresses = [
        f"/dashboard/{centres.province.key}/?period=2020",
        f"/dashboard/{centres.province.key}/indicators/?period=2020",
        f"/dashboard/{centres.province.key}/indicators/CLC.TURNS/?period=2020",
        f"/figures/{centres.province.key}/CLC.TURNS/2020/",
    ]
    places.make_commune(
        centres.district, "Xã chưa báo"
    )  # how much is expected of it is read once, for all who are silent
    before = [cost(address) for address in addresses]
    for number in range(6):
        unit = places.make_commune(centres.district, f"Xã số {number}")
        make_indicator(f"GEN.X{number}", is_key=True)
        for at in range(1, 10):
            state(unit, number + at, period=month(2020, at))
            state(unit, number + at, code=f"GEN.X{number}", period=month(2020, at))
    assert [cost(address) for address in addresses] == before


def _number(code: str) -> int:
    return Indicator.objects.get(code=code).pk

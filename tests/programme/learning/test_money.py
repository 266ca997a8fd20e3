"""A centre's money: which norm holds, what was allocated and spent, who may write it, and the pages of it."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.factories.cast import Cast
from tests.factories.learning import make_activity, make_provider

from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.programme.learning.models import Allocation, Norm, Provider, Spending
from hieuhoc.programme.learning.rules import money as rules
from hieuhoc.programme.learning.selectors import money as selectors
from hieuhoc.programme.learning.selectors import norms
from hieuhoc.programme.learning.services import money
from hieuhoc.registers.accounts.models import User

YEAR = 2020
GIVEN = {"step": "allocation", "source": "state", "document": "Quyết định 12"}


@pytest.fixture
def centre(cast: Cast) -> Provider:
    return make_provider(cast.commune)


def _norm(amount: int, *, area: str = "", path: str = "", occasion: str = "yearly", year: int = 2009) -> rules.NormRow:
    return rules.NormRow(occasion, area, amount, date(year, 1, 1), None, "Văn bản", path)


# ---- rules -------------------------------------------------------------------------------------------


def test_the_year_of_founding_has_the_founding_norm_and_later_years_the_yearly_one() -> None:
    norms = [_norm(30, occasion="founding"), _norm(20, area="I"), _norm(25, area="II")]
    told = {"founded_on": date(2015, 6, 1), "area": "II", "paths": ["/1/2/"]}
    amounts = [
        norm.amount if (norm := rules.norm_for(norms, year=year, **told)) else None  # type: ignore[arg-type]
        for year in (2014, 2015, 2016)
    ]
    assert amounts == [None, 30, 25]


def test_an_unknown_area_has_no_norm_of_an_area_and_a_local_norm_goes_first() -> None:
    told = {"founded_on": date(2015, 6, 1), "year": 2020, "paths": ["/1/2/"]}
    norms = [_norm(20, area="I")]
    assert rules.norm_for(norms, area="", **told) is None  # type: ignore[arg-type]
    norms += [_norm(40, path="/1/"), _norm(50, path="/9/")]
    found = rules.norm_for(norms, area="I", **told)  # type: ignore[arg-type]
    assert found is not None
    assert found.amount == 40


def test_a_norm_counts_from_its_day_on_to_the_day_before_its_end() -> None:
    old = rules.NormRow("yearly", "I", 20, date(2009, 1, 1), date(2020, 1, 1), "Cũ")
    new = rules.NormRow("yearly", "I", 35, date(2020, 1, 1), None, "Mới")
    told = {"founded_on": date(2010, 1, 1), "area": "I", "paths": ["/1/"]}
    found = [rules.norm_for([old, new], year=year, **told) for year in (2019, 2020)]  # type: ignore[arg-type]
    assert [one.amount if one else None for one in found] == [20, 35]


def test_the_parts_of_a_real_allocation_add_up_and_allowances_stay_outside_the_norm() -> None:
    parts = [
        ("allocated", "allowance", "state", 6_240_000),
        ("allocated", "allowance", "state", 9_360_000),
        ("allocated", "materials", "state", 18_025_000),
        ("spent", "materials", "state", 20_000_000),
        ("allocated", "materials", "fund", 1_000_000),
    ]
    told = rules.balance(parts, norm=25_000_000)
    assert told.whole.allocated == 33_625_000 + 1_000_000
    assert (told.counted, told.gap) == (18_025_000, 6_975_000)
    assert told.rows["materials", "state"].left == -1_975_000
    assert rules.balance(parts).gap is None


# ---- services ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_norms_that_ship_are_loaded_once() -> None:
    assert len(money.load_norms()) == 4
    assert money.load_norms() == []
    amounts = sorted(Norm.objects.values_list("occasion", "area", "amount"))
    assert amounts == [
        ("founding", "", 30_000_000),
        ("yearly", "I", 20_000_000),
        ("yearly", "II", 25_000_000),
        ("yearly", "III", 25_000_000),
    ]


def test_a_new_norm_ends_the_one_before_and_only_the_lead_department_sets_one(cast: Cast, centre: Provider) -> None:
    money.load_norms()
    told = {"occasion": "yearly", "area": "I", "amount": 35_000_000, "instrument": "Nghị quyết của tỉnh"}
    for nobody in (cast.hue, cast.an, cast.dung, cast.xuan):
        with pytest.raises(Refused):
            money.set_norm(by=nobody, valid_from=date(2020, 1, 1), **told)  # type: ignore[arg-type]
    money.set_norm(by=cast.binh, valid_from=date(2020, 1, 1), **told)  # type: ignore[arg-type]
    assert Norm.objects.get(area="I", valid_from=date(2009, 1, 1)).valid_to == date(2020, 1, 1)
    with pytest.raises(Invalid) as early:
        money.set_norm(by=cast.binh, valid_from=date(2019, 1, 1), **told)  # type: ignore[arg-type]
    assert early.value.field == "valid_from"
    money.set_area(by=cast.binh, unit=cast.commune, area="I", valid_from=date(2015, 1, 1))
    found = [norms.norm_of(centre, year) for year in (2019, 2020)]
    assert [norm.amount if norm else None for _area, norm in found] == [20_000_000, 35_000_000]


def test_the_centre_keeps_its_money_and_nobody_else_does(cast: Cast, centre: Provider) -> None:
    told = {"provider": centre, "year": YEAR, "line": "materials", "amount": 5_000_000, **GIVEN}
    assert money.note_allocation(by=cast.hue, **told).amount == 5_000_000  # type: ignore[arg-type]
    assert money.note_allocation(by=cast.an, **told).step == "allocation"  # type: ignore[arg-type]
    with pytest.raises(Missing):
        money.note_allocation(by=cast.chi, **told)  # type: ignore[arg-type]
    for reader in (cast.xuan, cast.dung, cast.binh, cast.lan):
        with pytest.raises(Refused):
            money.note_allocation(by=reader, **told)  # type: ignore[arg-type]
    assert Allocation.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"line": "gifts"}, "line"),
        ({"source": "lottery"}, "source"),
        ({"document": " "}, "document"),
        ({"year": 1999}, "year"),
    ],
)
def test_an_allocation_without_what_makes_it_one_is_not_noted(
    cast: Cast, centre: Provider, change: dict[str, object], field: str
) -> None:
    told = {"provider": centre, "year": YEAR, "line": "materials", "amount": 5, **GIVEN} | change
    with pytest.raises(Invalid) as wrong:
        money.note_allocation(by=cast.hue, **told)  # type: ignore[arg-type]
    assert wrong.value.field == field


def test_spending_has_a_voucher_a_day_that_has_come_and_a_class_of_this_centre(cast: Cast, centre: Provider) -> None:
    elsewhere = make_activity(make_provider(cast.next_door))
    told = {"provider": centre, "line": "sessions", "source": "state", "amount": 300_000}
    for change, field in (
        ({"voucher": " "}, "voucher"),
        ({"on": date(2020, 11, 17)}, "on"),
        ({"activity": elsewhere}, "activity"),
    ):
        given = {"on": date(2020, 11, 16), "voucher": "PC 01", **told} | change
        with pytest.raises(Invalid) as wrong:
            money.note_spending(by=cast.hue, **given)
        assert wrong.value.field == field
    assert not Spending.objects.exists()


def test_a_cancelled_line_stays_with_its_reason_and_counts_no_more(cast: Cast, centre: Provider) -> None:
    row = money.note_spending(
        by=cast.hue,
        provider=centre,
        on=date(2020, 3, 1),
        voucher="PC 01",
        line="sessions",
        source="state",
        amount=300_000,
    )
    with pytest.raises(Missing):
        money.cancel_line(by=cast.chi, row=row, why="Nhầm")
    with pytest.raises(Refused):
        money.cancel_line(by=cast.xuan, row=row, why="Nhầm")
    with pytest.raises(Invalid):
        money.cancel_line(by=cast.hue, row=row, why=" ")
    money.cancel_line(by=cast.hue, row=row, why="Ghi hai lần")
    with pytest.raises(Conflict):
        money.cancel_line(by=cast.hue, row=row, why="Ghi hai lần")
    told = selectors.balance_of([], selectors.spendings_of(centre, YEAR), norm=None)
    assert (told.whole.spent, Spending.objects.get().why_cancelled) == (0, "Ghi hai lần")


def test_the_list_finds_who_has_not_received_and_counts_each_amount_once(cast: Cast, centre: Provider) -> None:
    other = make_provider(cast.next_door)
    for amount in (7_000_000, 3_000_000):
        money.note_allocation(by=cast.hue, provider=centre, year=YEAR, line="materials", amount=amount, **GIVEN)
    for amount in (1_000_000, 500_000):
        money.note_spending(
            by=cast.hue,
            provider=centre,
            on=date(2020, 3, 1),
            voucher="PC",
            line="materials",
            source="state",
            amount=amount,
        )
    found = selectors.find_centres(cast.dung, year=YEAR, sort="-allocated")
    assert [(row.pk, row.allocated, row.spent) for row in found] == [
        (centre.pk, 10_000_000, 1_500_000),
        (other.pk, 0, 0),
    ]
    assert list(selectors.find_centres(cast.dung, year=YEAR, received="none")) == [other]
    assert list(selectors.find_centres(cast.chi, year=YEAR)) == [other]


def test_the_list_is_narrowed_by_area_and_lack_and_its_totals_are_those_of_its_lines(
    cast: Cast, centre: Provider
) -> None:
    other = make_provider(cast.next_door)
    money.load_norms()
    money.set_area(by=cast.binh, unit=cast.commune, area="I", valid_from=date(2015, 1, 1))
    told = {"provider": centre, "year": YEAR, "amount": 15_000_000, **GIVEN}
    money.note_allocation(by=cast.hue, line="materials", **told)  # type: ignore[arg-type]
    money.note_allocation(by=cast.hue, line="allowance", **told)  # type: ignore[arg-type]
    rows = selectors.find_rows(cast.dung, year=YEAR, sort="-gap")
    assert [(row.centre.pk, row.area, row.norm, row.gap) for row in rows] == [
        (centre.pk, "I", 20_000_000, 5_000_000),
        (other.pk, "", None, None),
    ]
    whole = selectors.totals_of(rows)
    assert (whole.centres, whole.allocated, whole.counted, whole.gap) == (2, 30_000_000, 15_000_000, 5_000_000)
    assert (whole.without, whole.unknown) == (1, 1)
    for narrowed, expected in (
        ({"area": "I"}, [centre]),
        ({"area": "unknown"}, [other]),
        ({"received": "short"}, [centre]),
    ):
        assert [row.centre for row in selectors.find_rows(cast.dung, year=YEAR, **narrowed)] == expected  # type: ignore[arg-type]
    sums = selectors.sums_by_line([row.centre for row in rows], YEAR)
    assert sums.whole.allocated == 30_000_000
    assert sums.rows["allowance", "state"].left == 15_000_000


# ---- pages -------------------------------------------------------------------------------------------


def test_a_director_keeps_the_money_of_a_year_through_the_pages(
    cast: Cast, centre: Provider, signed_in: Callable[[User], Client]
) -> None:
    money.load_norms()
    money.set_area(by=cast.binh, unit=cast.commune, area="II", valid_from=date(2015, 1, 1))
    client = signed_in(cast.hue)
    address = f"/learning/money/{centre.key}/{YEAR}/"
    given = {"line": "materials", "source": "state", "amount": "10000000"}
    wrong = client.post(f"{address}allocations/new/", {**given, "step": "allocation", "note": "Đợt một"})
    assert wrong.status_code == 422
    assert "Đợt một" in wrong.content.decode()
    client.post(f"{address}allocations/new/", {**given, "step": "allocation", "document": "QĐ 12"})
    client.post(f"{address}spendings/new/", {**given, "amount": "4000000", "on": "01/03/2020", "voucher": "PC 07"})
    page = client.get(address).content.decode()
    for told in ("PC 07", "QĐ 12", "6.000.000", "15.000.000", "triệu đồng"):
        assert told in page
    client.post(f"/learning/money/spendings/{Spending.objects.get().pk}/cancel/", {"why": "Ghi nhầm năm"})
    assert "Ghi nhầm năm" in client.get(address).content.decode()
    listed = client.get("/learning/money/?year=2020&received=some&sort=-spent").content.decode()
    assert centre.name in listed
    assert "10.000.000" in listed
    assert centre.name not in client.get("/learning/money/?year=2020&received=none").content.decode()
    assert "/learning/money/" in client.get("/learning/").content.decode()
    sheet = load_workbook(BytesIO(client.get("/learning/money/file/?year=2020").content)).active
    assert sheet is not None
    assert {10_000_000, 15_000_000} <= {cell.value for row in sheet.iter_rows() for cell in row}
    assert signed_in(cast.chi).get(address).status_code == 404
    assert signed_in(cast.lan).get(address).status_code == 403


def test_the_lead_department_sets_norms_through_the_pages(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    told = {
        "occasion": "yearly",
        "area": "",
        "amount": "22000000",
        "valid_from": "01/01/2020",
        "instrument": "Nghị quyết 5",
    }
    assert signed_in(cast.hue).post("/learning/money/norms/new/", told).status_code == 403
    client = signed_in(cast.binh)
    assert client.post("/learning/money/norms/new/", told).status_code == 302
    client.post("/learning/money/areas/new/", {"unit": cast.commune.key, "area": "III", "valid_from": "01/01/2020"})
    page = client.get("/learning/money/norms/").content.decode()
    for said in ("22.000.000", "Nghị quyết 5", cast.commune.name):
        assert said in page

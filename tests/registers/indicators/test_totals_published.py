"""Publishing totals and taking it back; the command that proves them; what a reorganisation does to them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from tests.factories import reorganisations
from tests.factories.cast import Cast
from tests.factories.indicators import assert_totals_hold, make_indicator, month, turn

from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, Invalid, Missing
from hieuhoc.kernel.periods import Period, Rhythm
from hieuhoc.registers.accounts import services as accounts
from hieuhoc.registers.indicators import selectors, services
from hieuhoc.registers.indicators.models import Fact, Total
from hieuhoc.registers.indicators.services import Stated
from hieuhoc.registers.places.models import Unit

SEPTEMBER, NOVEMBER = month(2020, 9), month(2020, 11)

pytestmark = pytest.mark.django_db


def state(unit: Unit, value: int, period: Period = SEPTEMBER, *, is_approved: bool = True) -> None:
    services.state_figures(
        by=trail.HOUSE,
        unit=unit,
        period=period,
        figures=[Stated("LIT.TEST", value)],
        source="reports.submission:1",
        is_approved=is_approved,
    )


def publish(cast: Cast, unit: Unit | None = None) -> int:
    return services.publish_totals(by=cast.minh, unit=unit or cast.province, period=SEPTEMBER)


def states(period: Period = SEPTEMBER) -> dict[str, str]:
    return dict(Total.objects.filter(period__key=period.key).values_list("unit__name", "state"))


def test_what_is_approved_is_published_with_all_beneath_it_and_says_who_did_it(cast: Cast) -> None:
    make_indicator()
    state(cast.commune, 40)
    assert publish(cast) == 3
    assert set(states().values()) == {"published"}
    assert publish(cast) == 0
    entry = Entry.objects.get(deed="indicators.reportingperiod.publish")
    assert (entry.actor_name, entry.changes["totals"]) == (cast.minh.actor_name, [0, 3])
    assert set(states(turn(Rhythm.YEAR, 2020)).values()) == {"provisional"}


def test_what_is_not_approved_or_not_there_is_not_published(cast: Cast) -> None:
    make_indicator()
    with pytest.raises(Invalid, match="Chưa có số liệu nào của tháng 9/2020"):
        publish(cast)
    state(cast.commune, 40)
    state(cast.next_door, 4, is_approved=False)
    with pytest.raises(Invalid, match="Còn 1 chỉ số"):
        publish(cast)
    assert publish(cast, cast.commune) == 1
    with pytest.raises(Missing):
        services.publish_totals(by=cast.minh, unit=cast.province, period=SEPTEMBER, codes=["LIT.NONE"])


def test_a_published_total_whose_number_changes_is_provisional_again_and_the_trail_says_so(cast: Cast) -> None:
    make_indicator()
    state(cast.commune, 40)
    state(cast.next_door, 4)
    publish(cast)
    state(cast.commune, 41, is_approved=False)
    assert states() == {
        cast.commune.name: "provisional",
        cast.next_door.name: "published",
        cast.district.name: "provisional",
        cast.province.name: "provisional",
    }
    fallen = Entry.objects.filter(deed="indicators.total.fall_back")
    assert sorted(entry.changes["value"] for entry in fallen) == [[40, 41], [44, 45], [44, 45]]


def test_a_published_total_that_goes_away_is_told_too(cast: Cast) -> None:
    make_indicator()
    state(cast.commune, 40)
    publish(cast)
    services.withdraw_figures(by=cast.an, unit=cast.commune, period=SEPTEMBER, source="reports.submission:1")
    assert not Total.objects.exists()
    fallen = Entry.objects.filter(deed="indicators.total.fall_back")
    assert [entry.changes["value"] for entry in fallen] == [[40, None]] * 3


def test_computing_anew_leaves_published_totals_published(cast: Cast) -> None:
    make_indicator()
    state(cast.commune, 40)
    publish(cast)
    assert services.recompute() == services.Changed()
    assert set(states().values()) == {"published"}


def test_publishing_is_taken_back_with_a_reason(cast: Cast) -> None:
    make_indicator()
    state(cast.commune, 40)
    publish(cast)
    with pytest.raises(Invalid, match="lý do"):
        services.unpublish_totals(by=cast.minh, unit=cast.province, period=SEPTEMBER, why=" ")
    assert services.unpublish_totals(by=cast.minh, unit=cast.province, period=SEPTEMBER, why="Thiếu một xã.") == 3
    assert states() == {
        cast.commune.name: "approved",
        cast.district.name: "provisional",
        cast.province.name: "provisional",
    }
    assert services.recompute() == services.Changed()


# ---- the command -----------------------------------------------------------------------------------


def proved(*words: str) -> str:
    out = StringIO()
    call_command("prove_totals", *words, stdout=out)
    return out.getvalue()


def test_the_command_names_every_total_that_differs_and_mends_it_when_told_to(cast: Cast) -> None:
    make_indicator(over_time="mean")
    state(cast.commune, 40)
    assert "đều khớp" in proved()
    Total.objects.filter(unit=cast.province, period__key="2020-09").update(value=41)
    Total.objects.filter(unit=cast.district, period__key="2020").delete()
    out = StringIO()
    with pytest.raises(CommandError, match="2 số tổng hợp khác") as caught:
        call_command("prove_totals", stdout=out)
    assert caught.value.returncode == 1
    assert f"LIT.TEST · {cast.province.name} · tháng 9/2020: đang lưu 41 (1/2), tính được 40 (1/2)" in out.getvalue()
    assert f"LIT.TEST · {cast.district.name} · năm 2020: đang lưu –, tính được 40 (1/24)" in out.getvalue()
    assert "thêm 1, sửa 1, bỏ 0" in proved("--mend")
    assert "đều khớp" in proved("--indicator", "LIT.TEST")
    with pytest.raises(CommandError, match=r"LIT\.NONE"):
        proved("--indicator", "LIT.NONE")


# ---- reorganisations -------------------------------------------------------------------------------


def test_the_account_that_is_kept_names_its_periods_in_vietnamese_whoever_carries_it_out(cast: Cast) -> None:
    make_indicator(rhythms=["month", "year"])
    state(cast.commune, 50, NOVEMBER)
    with translation.override("en"):
        event = reorganisations.carry_out(cast, reorganisations.make_event(cast))
    assert "tháng 11/2020" in [line["name"] for line in event.account]


def test_totals_of_periods_before_a_reorganisation_stay_and_those_after_follow_the_new_map(cast: Cast) -> None:
    make_indicator(rhythms=["month", "year"])
    state(cast.commune, 40)
    state(cast.next_door, 4)
    publish(cast)
    state(cast.commune, 50, NOVEMBER)
    event = reorganisations.carry_out(cast, reorganisations.make_event(cast))
    assert set(states().values()) == {"published"}
    assert states(NOVEMBER) == {}  # the commune stood no longer on 14 November
    assert_totals_hold()
    assert ["Số liệu của kỳ chưa kết thúc", "tháng 11/2020"] in [[line["sort"], line["name"]] for line in event.account]
    assert "không thuộc số tổng hợp nào" in proved()
    year = Total.objects.get(unit=cast.province, period__key="2020")
    assert (year.value, year.reported, year.expected) == (44, 2, 2 * 10 + 2)
    state(reorganisations.heir(), 60, NOVEMBER)
    assert states(NOVEMBER).keys() == {"Xã Hòa Phú", cast.district.name, cast.province.name}
    assert_totals_hold()


def test_taking_a_reorganisation_back_gives_the_totals_back(cast: Cast) -> None:
    make_indicator(rhythms=["month", "year"])
    for period in (SEPTEMBER, NOVEMBER):
        state(cast.commune, 40, period)
    columns = ("unit", "period", "value", "count", "reported", "expected", "approved")
    before = set(Total.objects.values_list(*columns))
    event = reorganisations.carry_out(cast, reorganisations.make_event(cast))
    accounts.take_back_reorganisation(by=cast.tri, event=event, why="Nhầm.")
    assert set(Total.objects.values_list(*columns)) == before
    assert_totals_hold()


def test_a_reorganisation_on_which_figures_stand_is_not_taken_back(cast: Cast) -> None:
    make_indicator()
    event = reorganisations.carry_out(cast, reorganisations.make_event(cast))
    state(reorganisations.heir(), 60, NOVEMBER)
    with pytest.raises(Conflict, match="Đã có dữ liệu gắn với đơn vị mới"):
        accounts.take_back_reorganisation(by=cast.tri, event=event, why="Nhầm.")
    assert Fact.objects.get().value == 60
    assert (
        selectors.values_of(cast.binh, cast.province, periods=[NOVEMBER], codes=["LIT.TEST"])[
            "LIT.TEST", NOVEMBER, ""
        ].value
        == 60
    )

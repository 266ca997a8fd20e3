"""The part of the demonstration's story that tells of numbers: indicators, years that have passed, rounds of reports.

Every figure is invented (`figures`), and says so in the words beside it. Past years are taken in as they were reported;
the rounds that are open on the day of the demonstration are filled through the same services that people use.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils import timezone

from hieuhoc.engines.rollup import Fact
from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of
from hieuhoc.programme.learning import facts as learning
from hieuhoc.programme.plans import facts as plans
from hieuhoc.project.demonstration import figures
from hieuhoc.project.demonstration.cast import CAST, CLERKS, OFFICERS, PLACE
from hieuhoc.registers.accounts import selectors as people
from hieuhoc.registers.indicators import services as indicators
from hieuhoc.registers.indicators.services import Aim, Stated
from hieuhoc.registers.places import facts as registers
from hieuhoc.registers.places import selectors as places
from hieuhoc.reports import collect, rules, selectors
from hieuhoc.reports import services as reports
from hieuhoc.reports.services import Given, PastReport

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit
    from hieuhoc.reports.models import ReportKind, Round

INVENTED = "(số liệu giả định)"
DISTRICT = f"huyen-giong-rieng-{PLACE}"
# The communes that owe the month of October still, by the beginnings of their keys: two of them are of that district.
SILENT = (
    "xa-ngoc-hoa-giong-rieng", "xa-vinh-phu-giong-rieng", "phuong-vinh-thong-rach-gia", "xa-vinh-tuy-go-quao",
    "thi-tran-vinh-thuan", "xa-vinh-thuan-vinh-thuan",
)  # fmt: skip
# How far the communes of the district are in November, whose reports are due on the day of the demonstration.
APPROVED = ("xa-hoa-hung", "xa-hoa-loi", "xa-hoa-thuan", "xa-long-thanh")
WAITING = ("xa-ban-thach", "thi-tran-giong-rieng", "xa-ngoc-chuc", "xa-ngoc-thanh", "xa-ngoc-thuan", "xa-thanh-loc")
BEGUN = ("xa-thanh-binh", "xa-thanh-hung", "xa-thanh-phuoc", "xa-vinh-thanh")
RETURNED = "xa-thanh-hoa"
MORE_SAID = ("xa-ngoc-chuc", 12, "Cộng thêm 12 lượt của một buổi nói chuyện chuyên đề chưa kịp ghi vào sổ.")
PAST = "import:truoc-2020"
KEPT_PARTS = ("sex=female", "centre_grade=")
"""What is kept beside the wholes of years before 2020."""
DISTINCT = "learning.learners"
MONTHLY = {f"learning.{name}" for name in ("classes", "sessions", "turns", "turns_named", "attendances")}
WORDS = {
    "ket_qua": f"Các chỉ số chính đều tăng so với kỳ trước; phong trào học tập được duy trì đều. {INVENTED}",
    "han_che": "Người lớn tuổi đi làm ăn xa, khó huy động ra lớp; một số trung tâm chưa có phòng học riêng.",
    "nhiem_vu": "Rà soát lại danh sách người chưa biết chữ theo từng ấp; mở lớp gắn với mùa vụ.",
    "kien_nghi": "Đề nghị bố trí kinh phí hoạt động thường xuyên cho trung tâm học tập cộng đồng.",
    "giai_phap": "Phân công hội viên khuyến học theo dõi từng tổ; vận động từng gia đình.",
    "ghi_chu": "",
}


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


BEGINNING = _at(date(2020, 9, 21), 8)  # the house is in use; what is older was reported on paper


def load_definitions() -> None:
    """The shipped indicators, forms and regimes, and the year's targets of the province."""
    with clock.pinned(_at(date(2020, 9, 17), 9)):
        indicators.load_indicators()
        reports.load_forms(province=places.unit_by_key(f"tinh-{PLACE}"))
        _set_targets()


def _set_targets() -> None:
    """Targets of the plan's own text where it names one; the others are the demonstration's."""
    binh, province = _user("binh.sgddt"), places.unit_by_key(f"tinh-{PLACE}")
    for code, year, value, document in (
        ("LIT.L1_RATE_15_60", 2020, Fraction(98), f"Chỉ tiêu của bản trình diễn {INVENTED}"),
        ("LIT.L2_RATE_15_60", 2020, Fraction(96), f"Chỉ tiêu của bản trình diễn {INVENTED}"),
        ("TITLE.FAMILY_RATE", 2020, Fraction(60), f"Chỉ tiêu của bản trình diễn {INVENTED}"),
        ("KH.MEMBER_RATE", 2020, Fraction(15), f"Chỉ tiêu của bản trình diễn {INVENTED}"),
        ("CLC.TURNS", 2020, Fraction(420_000), f"Chỉ tiêu của bản trình diễn {INVENTED}"),
    ):
        aim = Aim(unit=province, code=code, year=year, value=value, document=document)
        indicators.set_target(by=binh, aim=aim)


def take_in_past_years() -> None:
    """What the communes reported in the two years before, as far back as the register of units goes."""
    with clock.pinned(_at(date(2020, 9, 18), 8)):
        rows: list[tuple[int, Period, Stated]] = []
        for unit in _communes():
            place = figures.place_of(unit.key)
            rows += _stated(unit, _year(2019, Calendar.LITERACY), figures.literacy(place, 2019))
            for year in (2018, 2019):
                rows += _stated(unit, _year(year, Calendar.CIVIL), figures.titles(place, year))
                for half, month in ((1, 3), (2, 9)):
                    turn = period_of(Rhythm.HALF, date(year, month, 1), Calendar.CLOSING)
                    rows += _stated(unit, turn, figures.promotion(place, year, half))
        indicators.import_figures(by=trail.HOUSE, rows=rows, source=PAST, is_approved=True)


def count_learning() -> None:
    """What the books of the centres say, as far back as the register of units goes.

    Of the years before 2020 wholes, women and grades alone are kept: with all their parts they are most of the house's
    figures.
    """
    with clock.pinned(_at(date(2020, 11, 16), 5)):
        for year, first in ((2018, date(2018, 11, 1)), (2019, date(2018, 12, 20)), (2020, date(2019, 12, 20))):
            found: list[Fact] = []
            asked: list[tuple[str, Period]] = []
            for period, names in _counted_in(first):
                told = learning.facts(period, names=names)
                found += [one for one in told if year == 2020 or one.by.startswith(KEPT_PARTS) or not one.by]
                asked += [(name, period) for name in names]
            indicators.count_facts(by=trail.HOUSE, facts=found, complete=asked)


def _counted_in(first: date) -> Iterator[tuple[Period, Collection[str]]]:
    """The periods of a closing year from the month of a day on, with what is counted of each."""
    year = period_of(Rhythm.YEAR, first, Calendar.CLOSING)
    by_month = {name for name in learning.COUNTED if name in MONTHLY}
    for rhythm in (Rhythm.MONTH, Rhythm.QUARTER, Rhythm.YEAR):
        period = period_of(rhythm, first, Calendar.CLOSING)
        while period.first < year.end and period.first <= clock.today():
            if rhythm is Rhythm.MONTH:
                yield period, {*by_month, *({DISTINCT} if year.last.year == 2020 else ())}
            else:
                yield period, {DISTINCT, *(set(learning.COUNTED) - by_month if rhythm is Rhythm.YEAR else ())}
            period = period.following()


def hold_rounds() -> None:
    """Three rounds that are over, and the month that is due on the day of the demonstration."""
    first_half = period_of(Rhythm.HALF, date(2020, 3, 1), Calendar.CLOSING)
    hold_past_round("hkh-6-thang", first_half, lambda place: figures.promotion(place, 2020, 1))
    literacy = _year(2020, Calendar.LITERACY)
    hold_past_round("xmc-nam", literacy, lambda place: figures.literacy(place, 2020))
    october, november = _months(date(2020, 10, 1), date(2020, 11, 1))
    held = _held(october)
    hold_past_round("ttc-thang", october, lambda place: held[place.key], silent=SILENT)
    _running_month(november)


def count_work() -> None:
    """What the plan's own rows say of the periods that are open."""
    with clock.pinned(_at(date(2020, 11, 16), 6)):
        for turn in _months(date(2020, 10, 1), date(2020, 12, 1)):
            collect.collect(turn, names={*plans.COUNTED, *registers.COUNTED})


def hold_past_round(
    kind: str, period: Period, of: Callable[[figures.Place], figures.Figures], *, silent: tuple[str, ...] = ()
) -> None:
    """A round as it was: communes, then districts, then the province; `silent` communes have not reported.

    While a commune is silent, the province has not put the round together.
    """
    binh, minh = _user("binh.sgddt"), _user("minh.ubnd")
    with clock.pinned(max(_at(period.last - timedelta(days=5), 8), BEGINNING)):
        opened = reports.open_round(by=binh, kind=_kind(binh, kind), period=period)
    layout = selectors.asked_in(opened).layout
    officers = _officers()
    communes, districts, provinces = (_owing(opened, level) for level in ("commune", "district", "province"))
    for level, units in (
        ("commune", [unit for unit in communes if not (silent and unit.key.startswith(silent))]),
        ("district", districts),
        ("province", [] if silent else provinces),
    ):
        moment = max(_at(date.fromisoformat(opened.dues[level]), 15), BEGINNING)
        told = {
            unit.pk: PastReport(
                _figures(layout, of(figures.place_of(unit.key))) if level == "commune" else {},
                _words(layout),
                submitted_by=binh if level == "province" else officers.get(_district(unit), binh),
                submitted_at=moment,
                approved_by=minh if level == "province" else binh,
                approved_at=moment + timedelta(hours=20),
                is_locked=True,
            )
            for unit in units
        }
        with clock.pinned(moment + timedelta(hours=21)):
            reports.import_reports(by=trail.HOUSE, round=opened, told=told)


def _running_month(period: Period) -> None:
    """The month whose reports communes owe today: some agreed to, some waiting, some begun, one returned."""
    binh = _user("binh.sgddt")
    with clock.pinned(_at(date(2020, 11, 12), 8)):
        opened = reports.open_round(by=binh, kind=_kind(binh, "ttc-thang"), period=period)
    layout, officers, held = selectors.asked_in(opened).layout, _officers(), _held(period)
    units = _owing(opened, "commune")
    own = {unit.key.removesuffix(f"-giong-rieng-{PLACE}"): unit for unit in units if _district(unit) == DISTRICT}
    moment = _at(date(2020, 11, 15), 16)
    told = {}
    for place, unit in enumerate(units):
        if _district(unit) != DISTRICT and place % 3:
            by = officers.get(_district(unit), binh)
            agreed = binh if place % 2 else None
            told[unit.pk] = _sent(_figures(layout, held[unit.key]), by, moment, agreed)
    dung, clerks = _user("dung.giongrieng"), _clerks()
    for place, key in enumerate((*APPROVED, *WAITING)):
        given, reasons = _figures(layout, held[own[key].key]), {}
        if key == MORE_SAID[0]:
            given["lop.luot"] += MORE_SAID[1]
            reasons["lop.luot"] = MORE_SAID[2]
        agreed, sent_at = (dung if key in APPROVED else None), moment - timedelta(minutes=17 * (9 - place))
        told[own[key].pk] = _sent(given, clerks[own[key].key], sent_at, agreed, reasons)
    with clock.pinned(moment + timedelta(hours=2)):
        reports.import_reports(by=trail.HOUSE, round=opened, told=told)
    _by_hand(opened, {key: own[key] for key in (*BEGUN, RETURNED)}, held)


def _sent(
    given: dict[str, int], by: User, at: datetime, agreed: User | None, reasons: Mapping[str, str] | None = None
) -> PastReport:
    """A report of the month that runs; somebody agreed to it an hour later, or it still waits."""
    later = at + timedelta(hours=1) if agreed else None
    return PastReport(given, {}, by, at, approved_by=agreed, approved_at=later, reasons=reasons or {})


def _by_hand(opened: Round, own: Mapping[str, Unit], held: Mapping[str, figures.Figures]) -> None:
    """What the clerks of one district do themselves: some reports are only begun, one is returned with a word."""
    dung, clerks = _user("dung.giongrieng"), _clerks()
    layout = selectors.asked_in(opened).layout
    for place, (key, unit) in enumerate(own.items()):
        by, submission = clerks[unit.key], selectors.submissions_seen(dung).get(round=opened, unit=unit)
        given = {cell: Given(value) for cell, value in _figures(layout, held[unit.key]).items()}
        begun = given if key == RETURNED else dict(list(given.items())[:1])
        with clock.pinned(_at(date(2020, 11, 15), 9 + place)):
            reports.fill(by=by, submission=submission, figures=begun, edition=submission.edition, checked=False)
            if key != RETURNED:
                continue
            reports.submit(by=by, submission=submission)
        with clock.pinned(_at(date(2020, 11, 15), 14)):
            reports.send_back(
                by=dung,
                submission=submission,
                why="Số lượt người học chưa khớp với danh sách lớp.",
                comments={"lop.luot": "Danh sách lớp gửi kèm chỉ có 2 lớp; xem lại số lượt."},
            )


def _held(period: Period) -> dict[str, figures.Figures]:
    """What the house has counted of the centres of each commune in a month, by the keys of communes."""
    codes = {"learning.classes": "CLC.CLASSES", "learning.turns": "CLC.TURNS"}
    found: dict[str, figures.Figures] = {unit.key: {} for unit in _communes()}
    keys = {unit.pk: unit.key for unit in _communes()}
    for one in learning.facts(period, names=codes):
        found[keys[one.unit]][codes[one.what], one.by] = one.value
    return found


def _figures(layout: rules.Layout, found: figures.Figures) -> dict[str, int]:
    """Invented figures by the keys of the cells that ask for them."""
    return {cell.key: found[cell.indicator, cell.by] for cell in layout.cells if (cell.indicator, cell.by) in found}


def _words(layout: rules.Layout) -> dict[str, str]:
    return {block.key: WORDS[block.key] for block in layout.blocks if block.required and WORDS.get(block.key)}


def _owing(opened: Round, level: str) -> list[Unit]:
    """The units of a level that owe a report in a round, in their order."""
    rows = opened.submissions.filter(level=level).select_related("unit__parent").order_by("unit__sort_key")
    return [row.unit for row in rows]


def _officers() -> dict[str, User]:
    """Who reports for each district, by its key."""
    found = {}
    for person in (*CAST, *OFFICERS):
        user = people.user_by_email(f"{person.username}@demo.invalid")
        if person.role == "district_officer" and user is not None:
            found[person.unit] = user
    return found


def _clerks() -> dict[str, User]:
    """Who reports for each commune that has somebody in the demonstration, by its key."""
    clerks = [person for person in (*CAST, *CLERKS) if person.role == "commune_clerk"]
    return {person.unit: _user(person.username) for person in clerks}


def _district(unit: Unit) -> str:
    return unit.parent.key if unit.level == "commune" and unit.parent else unit.key


def _communes() -> list[Unit]:
    province = places.unit_by_key(f"tinh-{PLACE}")
    return [row.unit for row in places.units_on(date(2020, 9, 17), level="commune", under=province)]


def _stated(unit: Unit, period: Period, found: figures.Figures) -> Iterator[tuple[int, Period, Stated]]:
    if unit.holds_on(period.last):
        for (code, by), value in found.items():
            yield unit.pk, period, Stated(code, value, by)


def _year(year: int, calendar: Calendar) -> Period:
    return period_of(Rhythm.YEAR, date(year, 5, 1), calendar)


def _months(first: date, last: date) -> list[Period]:
    """The months of the closing calendar from that of one day to that of another, both by their first days."""
    found = [period_of(Rhythm.MONTH, first, Calendar.CLOSING)]
    while found[-1].last.replace(day=1) < last:
        found.append(found[-1].following())
    return found


def _kind(by: User, code: str) -> ReportKind:
    return selectors.kind_by_code(by, code)


def _user(username: str) -> User:
    user = people.user_by_email(f"{username}@demo.invalid")
    if user is None:
        raise LookupError(f"the demonstration has no account {username}")
    return user

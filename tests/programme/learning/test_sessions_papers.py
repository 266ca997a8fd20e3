"""What leaves the house of activities and sessions: papers to print, feeds of days; and what the desk counts."""

from collections.abc import Callable
from datetime import date, timedelta

import pypdfium2
import pytest
from django.test import Client
from icalendar import Calendar
from tests.factories.cast import TODAY, Cast
from tests.factories.learning import make_activity, make_provider, make_session

from hieuhoc.programme.learning.models import Activity, HeadCount, Organiser, Provider
from hieuhoc.programme.learning.services import activities, sessions
from hieuhoc.programme.learning.services.activities import Holder
from hieuhoc.registers.accounts.models import User

SignedIn = Callable[[User], Client]


@pytest.fixture
def centre(cast: Cast) -> Provider:
    return make_provider(cast.commune)


@pytest.fixture
def planned(cast: Cast, centre: Provider) -> Activity:
    activity = make_activity(centre, "Chăm sóc vườn xoài")
    for days in (1, 8, 15, 22, 29):
        make_session(activity, TODAY + timedelta(days=days))
    return activity


def words_of(content: bytes) -> tuple[int, str]:
    with pypdfium2.PdfDocument(content) as file:
        texts = [page.get_textpage().get_text_bounded() for page in file]
    return len(texts), " ".join(" ".join(texts).split())


# ---- papers ------------------------------------------------------------------------------------------


def test_the_sheet_to_hang_up_is_one_page_with_the_days_the_price_and_the_address(
    cast: Cast, planned: Activity, signed_in: SignedIn
) -> None:
    answer = signed_in(cast.hue).get(f"/learning/activities/{planned.code}/poster.pdf")
    assert answer["Content-Type"] == "application/pdf"
    pages, words = words_of(answer.content)
    assert pages == 1
    for part in ("Chăm sóc vườn xoài", "08:00–10:00", "và 2 buổi nữa", "Miễn phí", f"/classes/{planned.code}/"):
        assert part in words


def test_a_long_title_and_many_who_hold_it_stay_on_one_page(cast: Cast, planned: Activity, signed_in: SignedIn) -> None:
    Activity.objects.filter(pk=planned.pk).update(
        title="Tập huấn kỹ năng sử dụng dịch vụ công trực tuyến và thanh toán không dùng tiền mặt " * 2,
        audience="hội viên phụ nữ, nông dân, đoàn viên thanh niên và mọi người dân trên địa bàn xã",
    )
    for number in range(4):
        Organiser.objects.create(activity=planned, kind="women", name=f"Hội Liên hiệp Phụ nữ chi hội ấp {number}")
    answer = signed_in(cast.hue).get(f"/learning/activities/{planned.code}/poster.pdf")
    assert words_of(answer.content)[0] == 1


def test_a_timetable_names_every_session_and_says_which_is_cancelled(
    cast: Cast, planned: Activity, signed_in: SignedIn
) -> None:
    last = planned.sessions.last()
    assert last is not None
    sessions.cancel_session(by=cast.hue, session=last, why="Nước lên")
    client = signed_in(cast.hue)
    _pages, words = words_of(client.get(f"/learning/activities/{planned.code}/timetable.pdf").content)
    assert words.count("Chăm sóc vườn xoài") >= 5
    assert words.count("(đã hủy)") == 1
    first = TODAY + timedelta(days=1)
    month = client.get(f"/learning/calendar/timetable.pdf?month={first:%Y-%m}&provider={planned.provider.key}")
    assert f"{first:%d/%m/%Y}" in words_of(month.content)[1]


def test_the_timetable_of_a_body_elsewhere_is_not_found(cast: Cast, centre: Provider, signed_in: SignedIn) -> None:
    address = f"/learning/calendar/timetable.pdf?provider={centre.key}"
    assert signed_in(cast.chi).get(address).status_code == 404


# ---- feeds -------------------------------------------------------------------------------------------


def test_a_feed_of_a_body_tells_its_own_days_and_a_cancelled_one_says_so(cast: Cast, planned: Activity) -> None:
    first = planned.sessions.first()
    assert first is not None
    sessions.cancel_session(by=cast.hue, session=first, why="Mưa bão")
    make_session(make_activity(make_provider(cast.commune, "Thư viện xã", kind="library"), "Đọc sách"), TODAY)
    answer = Client().get(f"/centres/{planned.provider.key}/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    events = calendar.walk("VEVENT")
    assert [str(one["status"]) for one in events] == ["CANCELLED", *["CONFIRMED"] * 4]
    assert {str(one["summary"]) for one in events} == {"Chăm sóc vườn xoài"}
    assert len({str(one["uid"]) for one in events}) == 5
    for one in events:
        assert one.decoded("dtend") - one.decoded("dtstart") == timedelta(hours=2)
        assert one.decoded("dtstart").tzinfo is not None
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_a_draft_and_what_is_not_shown_are_in_no_feed(cast: Cast, planned: Activity) -> None:
    Activity.objects.filter(pk=planned.pk).update(is_public=False)
    draft = make_activity(planned.provider, "Chưa mở", state="draft")
    make_session(draft, TODAY)
    assert b"VEVENT" not in Client().get("/classes.ics").content
    assert b"VEVENT" not in Client().get(f"/centres/{planned.provider.key}/calendar.ics").content
    for code in (planned.code, draft.code):
        assert Client().get(f"/classes/{code}/calendar.ics").status_code == 404


# ---- who holds it, and what the desk counts ----------------------------------------------------------


def test_the_owner_may_be_another_than_the_centre_and_the_class_stays_one(
    cast: Cast, planned: Activity, signed_in: SignedIn
) -> None:
    women = activities.add_organiser(by=cast.hue, activity=planned, holder=Holder("women", "Hội Phụ nữ xã"))
    signed_in(cast.hue).post(f"/learning/activities/{planned.code}/organisers/{women.pk}/owner/")
    owners = planned.organisers.filter(is_owner=True)
    assert [one.name for one in owners] == ["Hội Phụ nữ xã"]
    assert planned.organisers.count() == 2
    assert signed_in(cast.hue).get(f"/learning/activities/{planned.code}/").status_code == 200


def test_who_only_reads_passes_nothing_on(cast: Cast, planned: Activity, signed_in: SignedIn) -> None:
    women = activities.add_organiser(by=cast.hue, activity=planned, holder=Holder("women", "Hội Phụ nữ xã"))
    address = f"/learning/activities/{planned.code}/organisers/{women.pk}/owner/"
    assert signed_in(cast.lan).post(address).status_code == 403
    assert signed_in(cast.chi).post(address).status_code == 404
    assert not planned.organisers.get(name="Hội Phụ nữ xã").is_owner


def test_the_desk_counts_a_class_of_two_once_and_the_units_beneath(
    cast: Cast, planned: Activity, signed_in: SignedIn
) -> None:
    activities.add_organiser(by=cast.hue, activity=planned, holder=Holder("women", "Hội Phụ nữ xã"))
    month = TODAY.replace(day=1)
    held = make_session(planned, month)
    sessions.hold_session(by=cast.hue, session=held)
    HeadCount.objects.create(session=held, count=31)
    page = signed_in(cast.hue).get("/learning/")
    assert (page.context["tally"].classes, page.context["tally"].turns) == (1, 31)
    assert page.context["tally"].beneath == []
    above = signed_in(cast.binh).get("/learning/").context["tally"]
    assert (above.classes, above.turns) == (1, 31)
    counted = {one.unit.pk: (one.classes, one.turns) for one in above.beneath}
    assert sum(classes for classes, _turns in counted.values()) == 1
    listed = signed_in(cast.binh).get(f"/learning/activities/?held={month:%Y-%m}")
    assert [one.pk for one, _badge in listed.context["rows"]] == [planned.pk]


def test_what_counts_in_another_month_is_not_in_the_list_of_this_one(
    cast: Cast, planned: Activity, signed_in: SignedIn
) -> None:
    Activity.objects.filter(pk=planned.pk).update(held_on=date(2020, 9, 30))
    assert list(signed_in(cast.hue).get("/learning/activities/?held=2020-10").context["rows"]) == []
    assert len(signed_in(cast.hue).get("/learning/activities/?held=2020-09").context["rows"]) == 1


def test_a_day_of_the_month_shows_its_first_sessions_and_says_how_many_there_are(
    cast: Cast, centre: Provider, signed_in: SignedIn
) -> None:
    for number in range(9):
        make_session(make_activity(centre, f"Chuyên đề {number}"), TODAY, hour=7 + number)
    draft = make_activity(centre, "Chưa mở", state="draft")
    make_session(draft, TODAY)
    page = signed_in(cast.hue).get(f"/learning/calendar/?month={TODAY:%Y-%m}")
    words = page.content.decode()
    assert page.context["counted"] == 9
    assert [f"Chuyên đề {number}" in words for number in range(9)] == [*[True] * 6, *[False] * 3]
    assert "9 buổi trong ngày" in words


def test_a_full_day_hides_nothing_of_the_days_to_come(cast: Cast, centre: Provider, signed_in: SignedIn) -> None:
    busy = make_activity(centre, "Ngày hội")
    for _turn in range(14):
        make_session(busy, TODAY)
    make_session(make_activity(centre, "Lớp tuần tới"), TODAY + timedelta(days=3))
    page = signed_in(cast.hue).get("/learning/")
    assert len(page.context["now_on"]) == 12
    assert "Lớp tuần tới" in page.content.decode()
    assert "Xem cả lịch" in page.content.decode()

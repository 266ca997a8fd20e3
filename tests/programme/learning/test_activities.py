"""Activities and their sessions: made, opened, moved, ended, cancelled; counted once whoever holds them; the pages."""

from collections.abc import Callable
from datetime import date, time

import pytest
from django.test import Client
from icalendar import Calendar
from tests.factories.cast import TODAY, Cast
from tests.factories.learning import make_activity, make_person, make_provider, make_session, make_topic

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.programme.learning.models import Activity, HeadCount, Provider, Room, Session
from hieuhoc.programme.learning.rules.sessions import days_of
from hieuhoc.programme.learning.selectors import activities as selectors
from hieuhoc.programme.learning.services import activities, enrolments, sessions
from hieuhoc.programme.learning.services.activities import Holder
from hieuhoc.registers.accounts.models import User

SignedIn = Callable[[User], Client]
EIGHT, TEN = time(8), time(10)


@pytest.fixture
def centre(cast: Cast) -> Provider:
    return make_provider(cast.commune)


@pytest.fixture
def draft(cast: Cast, centre: Provider) -> Activity:
    return activities.make_activity(by=cast.hue, provider=centre, kind="class", title="Trồng rau sạch")


def with_sessions(cast: Cast, activity: Activity, *days: date) -> list[Session]:
    return [sessions.add_sessions(by=cast.hue, activity=activity, first=day, begins=EIGHT, ends=TEN)[0] for day in days]


# ---- rules -------------------------------------------------------------------------------------------


def test_a_series_falls_on_its_days_of_the_week() -> None:
    monday = date(2020, 11, 16)
    assert days_of(monday, weekdays=[], number=3) == [monday, date(2020, 11, 23), date(2020, 11, 30)]
    assert days_of(monday, weekdays=[2, 4], number=3) == [date(2020, 11, 18), date(2020, 11, 20), date(2020, 11, 25)]


@pytest.mark.parametrize("number", [0, 201])
def test_a_series_is_neither_empty_nor_endless(number: int) -> None:
    with pytest.raises(Invalid):
        days_of(date(2020, 11, 16), weekdays=[], number=number)


# ---- making ------------------------------------------------------------------------------------------


def test_an_activity_is_its_providers_own_and_takes_the_field_of_its_topic(cast: Cast, centre: Provider) -> None:
    topic = make_topic()
    made = activities.make_activity(by=cast.hue, provider=centre, kind="talk", title="Phòng bệnh", topic=topic)
    owner = made.organisers.get()
    assert (made.unit, made.field, owner.is_owner, owner.kind, owner.name) == (
        cast.commune,
        "health",
        True,
        "clc",
        centre.name,
    )


@pytest.mark.parametrize("wrong", [{"title": "  "}, {"kind": "party"}, {"capacity": -1}])
def test_what_is_told_wrongly_makes_nothing(cast: Cast, centre: Provider, wrong: dict[str, object]) -> None:
    with pytest.raises(Exception, match=r".+"):
        activities.make_activity(by=cast.hue, provider=centre, **{"kind": "talk", "title": "Phòng bệnh", **wrong})
    assert not Activity.objects.exists()


def test_only_who_runs_the_centre_makes_activities_there(cast: Cast, centre: Provider) -> None:
    for user, error in ((cast.xuan, Refused), (cast.lan, Refused), (cast.chi, Missing)):
        with pytest.raises(error):
            activities.make_activity(by=user, provider=centre, kind="talk", title="Phòng bệnh")


def test_two_who_change_it_at_once_do_not_undo_each_other(cast: Cast, draft: Activity) -> None:
    activities.edit_activity(by=cast.hue, activity=draft, edition=1, title="Trồng rau")
    with pytest.raises(Conflict):
        activities.edit_activity(by=cast.an, activity=draft, edition=1, title="Trồng hoa")


def test_a_class_of_three_is_one_and_each_sees_it_as_theirs(cast: Cast, draft: Activity) -> None:
    activities.add_organiser(by=cast.hue, activity=draft, holder=Holder("women", "Hội Phụ nữ xã"))
    activities.add_organiser(by=cast.hue, activity=draft, holder=Holder("other", cast.finance.name, cast.finance))
    assert list(selectors.find_activities(cast.hanh)) == [draft]
    assert list(selectors.find_activities(cast.binh, organiser="women")) == [draft]
    assert Activity.objects.count() == 1
    with pytest.raises(Refused):
        activities.edit_activity(by=cast.hanh, activity=draft, edition=1, title="Của tài chính")
    with pytest.raises(Conflict):
        activities.remove_organiser(by=cast.hue, organiser=draft.organisers.get(is_owner=True))


# ---- sessions and states -----------------------------------------------------------------------------


def test_an_activity_without_sessions_is_not_opened(cast: Cast, draft: Activity) -> None:
    with pytest.raises(Invalid):
        activities.move_activity(by=cast.hue, activity=draft, deed="open")
    with_sessions(cast, draft, date(2020, 12, 1))
    assert activities.move_activity(by=cast.hue, activity=draft, deed="open").state == "open"


def test_the_days_of_an_activity_follow_its_sessions(cast: Cast, draft: Activity) -> None:
    first, second = with_sessions(cast, draft, date(2020, 11, 10), date(2020, 12, 1))
    sessions.hold_session(by=cast.lan, session=first)
    draft.refresh_from_db()
    assert (draft.first_on, draft.last_on, draft.held_on) == (date(2020, 11, 10), date(2020, 12, 1), date(2020, 11, 10))
    sessions.move_session(by=cast.hue, session=second, on=date(2020, 12, 8), begins=EIGHT, ends=TEN, why="Mưa bão")
    draft.refresh_from_db()
    assert draft.last_on == date(2020, 12, 8)
    sessions.cancel_session(by=cast.hue, session=second, why="Nước lên")
    draft.refresh_from_db()
    assert draft.last_on == date(2020, 11, 10)
    second.refresh_from_db()
    sessions.restore_session(by=cast.hue, session=second)
    first.refresh_from_db()
    sessions.undo_holding(by=cast.hue, session=first, why="Ghi nhầm")
    draft.refresh_from_db()
    assert draft.held_on is None


def test_a_room_holds_one_session_at_a_time(cast: Cast, centre: Provider, draft: Activity) -> None:
    room = Room.objects.create(provider=centre, name="Hội trường")
    day = date(2020, 12, 1)
    sessions.add_sessions(by=cast.hue, activity=draft, first=day, begins=EIGHT, ends=TEN, room=room)
    with pytest.raises(Invalid) as taken:
        sessions.add_sessions(by=cast.hue, activity=draft, first=day, begins=time(9), ends=time(11), room=room)
    assert taken.value.field == "room"
    sessions.add_sessions(by=cast.hue, activity=draft, first=day, begins=TEN, ends=time(11), room=room)


def test_what_was_held_is_ended_and_not_cancelled(cast: Cast, draft: Activity) -> None:
    past, to_come = with_sessions(cast, draft, date(2020, 11, 10), date(2020, 12, 1))
    activity = activities.move_activity(by=cast.hue, activity=draft, deed="open")
    sessions.hold_session(by=cast.hue, session=past)
    with pytest.raises(Conflict):
        activities.move_activity(by=cast.hue, activity=activity, deed="cancel", why="Thôi")
    with pytest.raises(Invalid):
        activities.move_activity(by=cast.hue, activity=activity, deed="end")
    sessions.cancel_session(by=cast.hue, session=to_come, why="Đã đủ nội dung")
    assert activities.move_activity(by=cast.hue, activity=activity, deed="end").state == "ended"


def test_cancelling_lets_every_session_go_and_says_why(cast: Cast, draft: Activity) -> None:
    with_sessions(cast, draft, date(2020, 12, 1), date(2020, 12, 8))
    activity = activities.move_activity(by=cast.hue, activity=draft, deed="open")
    activity = activities.move_activity(by=cast.hue, activity=activity, deed="cancel", why="Không đủ người")
    assert set(activity.sessions.values_list("state", flat=True)) == {"cancelled"}
    assert (activity.first_on, activity.why_cancelled) == (None, "Không đủ người")


def test_what_has_ended_or_was_cancelled_meets_no_more(cast: Cast, centre: Provider, draft: Activity) -> None:
    (session,) = with_sessions(cast, draft, TODAY)
    Activity.objects.filter(pk=draft.pk).update(state="ended")
    with pytest.raises(Conflict):
        sessions.move_session(by=cast.hue, session=session, on=date(2020, 11, 20), begins=EIGHT, ends=TEN)
    Activity.objects.filter(pk=draft.pk).update(state="draft")
    activities.move_activity(by=cast.hue, activity=draft, deed="cancel", why="mưa bão")
    with pytest.raises(Conflict):
        sessions.restore_session(by=cast.hue, session=session)


def test_a_session_is_moved_into_no_room_of_another_body(cast: Cast, draft: Activity) -> None:
    (session,) = with_sessions(cast, draft, TODAY)
    room = Room.objects.create(provider=make_provider(cast.next_door), name="Phòng 1")
    with pytest.raises(Invalid) as trouble:
        sessions.move_session(by=cast.hue, session=session, on=TODAY, begins=EIGHT, ends=TEN, room=room)
    assert trouble.value.field == "room"


def test_more_places_are_given_to_who_waits(cast: Cast, centre: Provider) -> None:
    activity = make_activity(centre, capacity=1)
    for name in ("Nguyễn Văn Một", "Trần Thị Hai"):
        enrolments.enrol(by=cast.hue, activity=activity, person=make_person(name))
    activities.edit_activity(by=cast.hue, activity=activity, edition=1, capacity=2)
    assert set(activity.enrolments.values_list("state", flat=True)) == {"enrolled"}


# ---- pages -------------------------------------------------------------------------------------------


def test_a_director_makes_and_opens_a_class_through_the_pages(
    cast: Cast, centre: Provider, signed_in: SignedIn
) -> None:
    client = signed_in(cast.hue)
    told = {
        "provider": centre.key,
        "title": "Nuôi lươn",
        "kind": "class",
        "field": "economy",
        "enrolling": "open",
        "fee": "0",
    }
    wrong = client.post("/learning/activities/new/", told | {"title": "", "place": "Nhà văn hóa ấp 3"})
    assert wrong.status_code == 422
    assert "Nhà văn hóa ấp 3" in wrong.content.decode()
    client.post("/learning/activities/new/", told | {"is_public": "on"})
    activity = Activity.objects.get()
    address = f"/learning/activities/{activity.code}/"
    hours = {"on": "01/12/2020", "begins": "18:00", "ends": "20:00", "number": "3", "weekdays": ["1", "3"]}
    client.post(f"{address}sessions/new/", hours)
    assert [one.on.isoformat() for one in activity.sessions.all()] == ["2020-12-01", "2020-12-03", "2020-12-08"]
    client.post(f"{address}move/open/")
    page = client.get(address).content.decode()
    assert "thứ ba 01/12/2020, 18:00–20:00" in page
    poster = client.get(f"{address}poster/").content.decode()
    assert "data:image/png;base64," in poster
    assert f"/classes/{activity.code}/" in poster


def test_a_topic_that_has_ended_stays_with_what_was_made_on_it(
    cast: Cast, centre: Provider, signed_in: SignedIn
) -> None:
    topic = make_topic()
    activity = activities.make_activity(by=cast.hue, provider=centre, kind="talk", title="Phòng bệnh", topic=topic)
    type(topic).objects.filter(pk=topic.pk).update(valid_to=TODAY)
    page = signed_in(cast.hue).get(f"/learning/activities/{activity.code}/edit/").content.decode()
    assert f'value="{topic.pk}" selected' in page


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2020-13", "nay"])
def test_a_month_that_is_none_shows_this_one(cast: Cast, signed_in: SignedIn, month: str) -> None:
    client = signed_in(cast.hue)
    for address in ("/learning/calendar/?month=", "/learning/activities/?month=", "/learning/activities/?held="):
        assert client.get(address + month).status_code == 200
    assert client.get(f"/learning/calendar/timetable.pdf?month={month}").status_code == 200


def test_the_desk_says_what_waits(cast: Cast, centre: Provider, signed_in: SignedIn) -> None:
    past = make_activity(centre, "Lớp đã qua")
    make_session(past, date(2020, 11, 10))
    now_on = make_activity(centre, "Lớp hôm nay")
    make_session(now_on, TODAY)
    page = signed_in(cast.hue).get("/learning/").content.decode()
    assert page.index("Lớp hôm nay") < page.index("Đã qua mà chưa điểm danh") < page.index("Lớp đã qua")
    assert "Lớp hôm nay" not in signed_in(cast.chi).get("/learning/").content.decode()


def test_the_month_and_the_feed_show_the_days(cast: Cast, centre: Provider, signed_in: SignedIn) -> None:
    activity = make_activity(centre, "Lớp tháng mười hai")
    make_session(activity, date(2020, 12, 1))
    assert "Lớp tháng mười hai" in signed_in(cast.hue).get("/learning/calendar/?month=2020-12").content.decode()
    for address in ("/classes.ics", f"/classes/{activity.code}/calendar.ics"):
        events = Calendar.from_ical(Client().get(address).content).walk("VEVENT")
        assert [str(one["summary"]) for one in events] == ["Lớp tháng mười hai"]


def test_a_file_that_is_no_picture_is_refused_and_a_picture_kept(cast: Cast, draft: Activity) -> None:
    with pytest.raises(Invalid):
        activities.keep_photo(by=cast.lan, activity=draft, content=b"MZ\x90\x00", name="anh.jpg")
    assert not draft.photos.exists()


def test_a_photo_of_another_class_is_withdrawn_and_brought_back(
    cast: Cast, draft: Activity, signed_in: SignedIn
) -> None:
    photo = activities.keep_photo(by=cast.lan, activity=draft, content=b"Danh sach", name="nham-lop.txt")
    page, file = f"/learning/activities/{draft.code}/", f"/learning/activities/{draft.code}/photos/{photo.pk}/"
    signed_in(cast.lan).post(f"{file}withdraw/")
    with pytest.raises(Conflict):
        activities.withdraw_photo(by=cast.lan, photo=photo)
    with pytest.raises(Refused):
        activities.restore_photo(by=cast.binh, photo=photo)
    assert "nham-lop.txt" in signed_in(cast.lan).get(page).content.decode()
    assert (
        "<a"
        not in signed_in(cast.binh).get(page).content.decode().partition("Ảnh, minh chứng")[2].partition("</section")[0]
    )
    assert [signed_in(who).get(file).status_code for who in (cast.lan, cast.binh)] == [200, 403]
    signed_in(cast.lan).post(f"{file}restore/")
    assert [signed_in(who).get(file).status_code for who in (cast.lan, cast.binh)] == [200, 200]
    told = [entry.deed.rpartition(".")[2] for entry in trail.history(draft)]
    assert told[:3] == ["restore_photo", "withdraw_photo", "keep_photo"]


def test_a_session_to_which_nobody_came_is_said_not_to_have_been_held(
    cast: Cast, draft: Activity, signed_in: SignedIn
) -> None:
    empty, full = with_sessions(cast, draft, date(2020, 11, 10), date(2020, 11, 11))
    for session in (empty, full):
        sessions.hold_session(by=cast.lan, session=session)
    HeadCount.objects.create(session=full, count=7)
    page = signed_in(cast.hue).get(f"/learning/activities/{draft.code}/").content.decode()
    assert f"/learning/sessions/{empty.pk}/undo/" in page
    assert f"/learning/sessions/{full.pk}/undo/" not in page
    assert signed_in(cast.hue).post(f"/learning/sessions/{full.pk}/undo/", {"why": "Nhầm"}).status_code == 409
    assert signed_in(cast.hue).post(f"/learning/sessions/{empty.pk}/undo/", {"why": ""}).status_code == 422
    signed_in(cast.hue).post(f"/learning/sessions/{empty.pk}/undo/", {"why": "Bấm nhầm"})
    empty.refresh_from_db()
    assert empty.state == "planned"
    assert signed_in(cast.hue).get(f"/learning/sessions/{empty.pk}/undo/").status_code == 409

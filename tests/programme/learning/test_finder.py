"""The public pages: finding, enrolling with a code, one's own link, being told; and nobody's data on any of them."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks
from tests.factories.cast import TODAY, Cast
from tests.factories.learning import make_activity, make_person, make_provider, make_session, make_topic

from hieuhoc.kernel.errors import Invalid
from hieuhoc.programme.learning.models import Activity, Enrolment, TopicWatch
from hieuhoc.programme.learning.selectors import finder
from hieuhoc.programme.learning.services import enrolments
from hieuhoc.programme.learning.services import finder as services
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.services import confirming

pytestmark = pytest.mark.django_db
SOON = TODAY + timedelta(days=4)
CITIZEN = {"name": "Huỳnh Thị Mười", "birth_year": "1975", "sex": "female", "phone": "0912 345 678"}

sent: list[tuple[str, str]] = []


def gateway(phone: str, text: str) -> None:
    """What a house plugs in to send messages: here they are only gathered."""
    sent.append((phone, text))


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()
    sent.clear()


@pytest.fixture
def activity(cast: Cast) -> Activity:
    """A class of two places at An's commune, to meet soon."""
    made = make_activity(make_provider(cast.commune), "Kỹ thuật trồng lúa", capacity=2)
    make_session(made, SOON)
    return made


def found(**asked: object) -> list[str]:
    return [one.title for one in finder.coming(finder.Asked(**asked), on=TODAY)]  # type: ignore[arg-type]


# ---- finding -----------------------------------------------------------------------------------------


def test_only_what_is_open_public_and_to_come_is_found(cast: Cast, activity: Activity) -> None:
    provider = activity.provider
    for title, changes in (
        ("Nháp", {"state": "draft"}),
        ("Đã hủy", {"state": "cancelled"}),
        ("Nội bộ", {"is_public": False}),
    ):
        other = make_activity(provider, title)
        make_session(other, SOON)
        Activity.objects.filter(pk=other.pk).update(**changes)
    make_session(make_activity(provider, "Đã qua"), TODAY - timedelta(days=1))
    make_activity(provider, "Chưa có buổi nào")
    make_session(make_activity(provider, "Ngày mai"), TODAY + timedelta(days=1))
    assert found() == ["Ngày mai", "Kỹ thuật trồng lúa"]


def test_a_class_is_found_by_place_field_topic_day_price_and_words(cast: Cast, activity: Activity) -> None:
    topic = make_topic()
    other = make_activity(make_provider(cast.next_door), "Phòng bệnh mùa mưa")
    make_session(other, SOON + timedelta(days=7))
    Activity.objects.filter(pk=other.pk).update(field="health", topic=topic, fee=50_000)
    here, there = [activity.title], [other.title]
    assert found(unit=cast.commune) == here
    assert found(unit=cast.district) == here + there
    assert found(field="health") == found(topic=topic) == found(text="phong BENH") == found(text="sot xuat") == there
    assert found(is_free=True) == found(until=SOON) == here
    assert found(since=SOON + timedelta(days=1)) == there
    assert found(text="khong co gi nhu the") == []


def test_the_nearest_come_first_with_how_far_they_are(cast: Cast, activity: Activity) -> None:
    far = make_activity(make_provider(cast.next_door), "Xa")
    make_session(far, SOON)
    for one, latitude in ((activity, 10.0), (far, 10.5)):
        one.provider.latitude, one.provider.longitude = latitude, 105.0
        one.provider.save()
    ordered = finder.nearest(finder.coming(finder.Asked(), on=TODAY), (10.45, 105.0))
    assert ordered == [(far.pk, 5.6), (activity.pk, 50.0)]
    page = Client().get("/classes/", {"near": "10.45,105.0"}).content.decode()
    assert page.index(">Xa<") < page.index("Kỹ thuật trồng lúa")
    assert "5,6 km" in page


@pytest.mark.parametrize(
    "query", ["?page=999", "?near=x", "?near=999,0", "?unit=khong&field=khong&topic=khong", "?since=x"]
)
def test_an_address_that_makes_no_sense_still_gives_the_list(activity: Activity, query: str) -> None:
    answer = Client().get(f"/classes/{query}")
    assert answer.status_code == 200


def test_places_left_are_told_and_who_waits_leaves_none(cast: Cast, activity: Activity) -> None:
    assert finder.places_left([activity]) == {activity.pk: 2}
    for name in ("Một", "Hai", "Ba"):
        enrolments.enrol(by=cast.hue, activity=activity, person=make_person(f"Người {name}"))
    assert finder.places_left([activity]) == {activity.pk: 0}
    Activity.objects.filter(pk=activity.pk).update(capacity=5)
    activity.refresh_from_db()
    assert finder.places_left([activity]) == {activity.pk: 0}


def test_the_topics_of_what_is_to_come_are_offered(activity: Activity) -> None:
    topic, _idle = make_topic(), make_topic("Nuôi lươn", field="economy")
    Activity.objects.filter(pk=activity.pk).update(topic=topic)
    page = Client().get("/classes/").content.decode()
    assert f'value="{topic.code}"' in page
    assert "Nuôi lươn" not in page


def test_a_map_on_which_nothing_stands_is_not_drawn(cast: Cast, activity: Activity) -> None:
    make_provider(cast.next_door)
    assert "Nơi nào có lớp" in Client().get("/classes/", {"unit": cast.district.key}).content.decode()
    page = Client().get("/classes/", {"unit": cast.district.key, "q": "không có gì"}).content.decode()
    assert "Nơi nào có lớp" not in page


def test_the_map_counts_the_classes_of_each_commune_and_leads_there(cast: Cast, activity: Activity) -> None:
    make_provider(cast.next_door)
    page = Client().get("/classes/", {"unit": cast.district.key}).content.decode()
    assert f"?unit={cast.commune.key}" in page
    assert f"{cast.commune.name}: 1" in page
    assert f"{cast.next_door.name}: 0" in page


def test_a_draft_or_a_class_of_the_house_is_no_page(cast: Cast, activity: Activity) -> None:
    assert Client().get(f"/classes/{activity.code}/").status_code == 200
    Activity.objects.filter(pk=activity.pk).update(is_public=False)
    assert Client().get(f"/classes/{activity.code}/").status_code == 404
    assert Client().get(f"/classes/{activity.code}/enrol/").status_code == 404
    assert Client().get("/classes/khong-co/").status_code == 404


# ---- enrolling ---------------------------------------------------------------------------------------


def token_in(page: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', page).group(1)  # type: ignore[union-attr]


@override_settings(DEMONSTRATION=True)
def test_a_citizen_enrols_with_the_code_shown_and_gives_the_place_up_by_the_link(activity: Activity) -> None:
    client, address = Client(), f"/classes/{activity.code}/enrol/"
    page = client.post(address, CITIZEN).content.decode()
    assert not Person.objects.exists()
    code = re.search(r"<strong>(\d{6})</strong>", page).group(1)  # type: ignore[union-attr]
    answer = client.post(address, {"token": token_in(page), "code": code})
    row = activity.enrolments.get()
    assert answer.url == f"/enrolments/{row.secret}/"
    assert (row.state, row.source, row.person.name, row.person.phone) == (
        "enrolled", "citizen", "Huỳnh Thị Mười", "0912345678",
    )  # fmt: skip
    assert "Bạn đã có chỗ" in client.get(answer.url).content.decode()
    assert client.post(f"{answer.url}cancel/").status_code == 302
    row.refresh_from_db()
    assert row.state == "cancelled"
    page = client.get(answer.url).content.decode()
    assert address in page  # whoever changes their mind comes back
    assert f"{answer.url}cancel/" not in page


@override_settings(MESSAGE_GATEWAY=f"{__name__}.gateway")
def test_the_code_leaves_through_the_gateway_and_is_on_no_page(activity: Activity) -> None:
    client, address = Client(), f"/classes/{activity.code}/enrol/"
    page = client.post(address, CITIZEN).content.decode()
    ((phone, text),) = sent
    code = re.search(r"\d{6}", text).group()  # type: ignore[union-attr]
    assert phone == "0912345678"
    assert code not in page
    wrong = client.post(address, {"token": token_in(page), "code": "000000" if code != "000000" else "1"})
    assert wrong.status_code == 422
    assert client.post(address, {"token": token_in(page), "code": code}).status_code == 302
    again = client.post(address, {"token": token_in(page), "code": code})
    assert again.status_code == 422  # a code is taken once


def test_without_a_gateway_nobody_is_sent_a_code_and_nobody_is_taken_for_certain(
    cast: Cast, activity: Activity
) -> None:
    known = make_person("Huỳnh Thị Mười", birth_year=1975)
    Person.objects.filter(pk=known.pk).update(phone="0912345678")
    assert Client().post(f"/classes/{activity.code}/enrol/", CITIZEN).status_code == 302
    assert activity.enrolments.get().person != known


@override_settings(MESSAGE_GATEWAY=f"{__name__}.gateway")
def test_whoever_shows_their_telephone_is_known_again_and_keeps_one_place(activity: Activity) -> None:
    rows = [
        services.enrol_citizen(activity=activity, name=name, birth_year=1975, phone="0912345678", is_confirmed=True)
        for name in ("Huỳnh Thị Mười", "huynh thi muoi")
    ]
    assert rows[0] == rows[1]
    assert Person.objects.count() == 1


def test_codes_and_tries_have_an_end() -> None:
    phone = "0912345678"
    for _time in range(confirming.MOST_CODES):
        confirming.ask_code(phone=phone, address="127.0.0.1")
    with pytest.raises(Invalid):
        confirming.ask_code(phone=phone, address="127.0.0.1")
    for _time in range(confirming.MOST_TRIES):
        with pytest.raises(Invalid):
            confirming.check_code(phone=phone, code="x")
    with pytest.raises(Invalid, match="hết hiệu lực"):
        confirming.check_code(phone=phone, code="x")


def test_many_who_try_a_code_at_once_have_no_more_tries_than_one() -> None:
    code = confirming.ask_code(phone="0912345678", address="127.0.0.1")

    def tried(turn: int) -> str:
        try:
            confirming.check_code(phone="0912345678", code=code if turn == 0 else f"{turn:06}")
        except Invalid as trouble:
            return str(trouble)
        return "taken"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(tried, range(confirming.MOST_TRIES + 20, 0, -1)))
    assert sum("Còn" in one for one in said) <= confirming.MOST_TRIES
    assert tried(0) != "taken"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"phone": "123"}, "Số điện thoại gồm"),
        ({"name": "7"}, "Hãy ghi họ và tên"),
        ({"birth_year": "85"}, "1900"),
        ({"birth_year": "2999"}, "sau năm nay"),
    ],
)
def test_what_is_filled_in_wrongly_is_said_and_kept(activity: Activity, changed: dict[str, str], words: str) -> None:
    answer = Client().post(f"/classes/{activity.code}/enrol/", CITIZEN | changed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Enrolment.objects.exists()


def test_a_program_that_fills_in_everything_enrols_nobody(activity: Activity) -> None:
    Client().post(f"/classes/{activity.code}/enrol/", CITIZEN | {"website": "http://x.example"})
    assert not Enrolment.objects.exists()


def test_a_seal_of_one_class_opens_no_other(cast: Cast, activity: Activity) -> None:
    other = make_activity(activity.provider, "Lớp khác")
    make_session(other, SOON)
    with override_settings(DEMONSTRATION=True):
        page = Client().post(f"/classes/{activity.code}/enrol/", CITIZEN).content.decode()
        answer = Client().post(f"/classes/{other.code}/enrol/", {"token": token_in(page), "code": "1"})
    assert answer.status_code == 302
    assert not Enrolment.objects.exists()


def test_whoever_waits_sees_their_turn_and_is_told_when_a_place_is_theirs(
    cast: Cast, activity: Activity, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = enrolments.enrol(by=cast.hue, activity=activity, person=make_person("Người Một"))
    enrolments.enrol(by=cast.hue, activity=activity, person=make_person("Người Hai"))
    rows = [
        services.enrol_citizen(
            activity=activity, name=name, birth_year=1975, phone=f"091234567{turn}", is_confirmed=True
        )
        for turn, name in enumerate(("Huỳnh Thị Mười", "Lê Văn Chín"))
    ]
    assert "lượt thứ 2" in Client().get(f"/enrolments/{rows[1].secret}/").content.decode()
    with override_settings(MESSAGE_GATEWAY=f"{__name__}.gateway"), django_capture_on_commit_callbacks(execute=True):
        enrolments.cancel_enrolment(by=cast.hue, enrolment=first)
    assert [phone for phone, _text in sent] == ["0912345670"]
    assert activity.code in sent[0][1]


# ---- being told --------------------------------------------------------------------------------------


def test_whoever_wished_for_it_is_told_once_when_it_opens(
    cast: Cast, activity: Activity, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    topic = make_topic()
    Activity.objects.filter(pk=activity.pk).update(topic=topic)
    activity.refresh_from_db()
    wishes = [
        ("0912345671", {"topic": topic}),
        ("0912345671", {"field": activity.field}),
        ("0912345672", {"unit": cast.district}),
        ("0912345673", {"unit": cast.next_door}),
        ("0912345674", {"field": "law"}),
    ]
    for phone, wish in wishes:
        services.watch(name="Lê Văn Chín", phone=phone, is_confirmed=True, **wish)  # type: ignore[arg-type]
    with override_settings(MESSAGE_GATEWAY=f"{__name__}.gateway"), django_capture_on_commit_callbacks(execute=True):
        assert services.tell_watchers(activity) == 2
    assert [phone for phone, _text in sent] == ["0912345671", "0912345672"]
    assert f"/classes/{activity.code}/" in sent[0][1]


@override_settings(DEMONSTRATION=True)
def test_a_wish_is_noted_with_a_code_and_dropped_by_its_link(cast: Cast, activity: Activity) -> None:
    client, wish = Client(), {"field": "economy", "unit": cast.commune.key}
    page = client.post("/classes/watch/", {"name": "Lê Văn Chín", "phone": "0912345678"} | wish).content.decode()
    code = re.search(r"<strong>(\d{6})</strong>", page).group(1)  # type: ignore[union-attr]
    answer = client.post("/classes/watch/", {"token": token_in(page), "code": code})
    noted = TopicWatch.objects.get()
    assert answer.url == f"/classes/watch/{noted.secret}/"
    assert (noted.field, noted.unit) == ("economy", cast.commune)
    assert cast.commune.name in client.get(answer.url).content.decode()
    client.post(answer.url)
    assert not TopicWatch.objects.exists()


# ---- nobody's data -----------------------------------------------------------------------------------


def test_no_public_page_holds_a_name_or_a_telephone_of_anybody(cast: Cast, activity: Activity) -> None:
    rows = [
        services.enrol_citizen(
            activity=activity, name=name, birth_year=1975, phone=f"091234567{turn}", is_confirmed=True
        )
        for turn, name in enumerate(("Huỳnh Thị Mười", "Lê Văn Chín", "Danh Út Nữ"))
    ]
    addresses = ["/classes/", f"/classes/{activity.code}/", f"/classes/{activity.code}/enrol/", "/classes/watch/"]
    addresses += [f"/enrolments/{row.secret}/" for row in rows]
    for address in addresses:
        page = Client().get(address).content.decode()
        for private in ("Mười", "Văn Chín", "Út Nữ", "09123456", "1975"):
            assert private not in page, address


def test_the_finder_asks_a_fixed_number_of_questions(activity: Activity) -> None:
    client = Client()
    with CaptureQueriesContext(connection) as few:
        client.get("/classes/")
    for number in range(15):
        make_session(make_activity(activity.provider, f"Lớp {number}", capacity=10), date(2020, 12, 1 + number))
    with CaptureQueriesContext(connection) as many:
        client.get("/classes/")
    assert len(many) == len(few)


@pytest.mark.parametrize("address", ["/classes/", "/classes/{code}/", "/classes/{code}/enrol/", "/classes/watch/"])
def test_a_first_visit_weighs_less_than_a_hundred_kilobytes_even_when_nothing_is_packed(
    activity: Activity, address: str
) -> None:
    for number in range(25):
        make_session(make_activity(activity.provider, f"Lớp {number}", capacity=10), SOON)
    page = Client().get(address.format(code=activity.code)).content
    files = set(re.findall(rb'(?:href|src)="/static/([^"]+)"', page))
    found = [finders.find(name.decode()) for name in files]
    assert len(files) >= 3
    assert len(page) + sum(Path(name).stat().st_size for name in found if name) < 100_000
    assert all(found)

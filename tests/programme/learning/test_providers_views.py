"""The pages of bodies that offer learning, by role, and what anybody may see without an account."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.cast import TODAY, Cast
from tests.factories.learning import make_activity, make_provider, make_session
from tests.factories.reorganisations import workbook

from hieuhoc.programme.learning.models import Equipment, Post, Provider, Room, Succession
from hieuhoc.programme.learning.services import provider_parts as parts
from hieuhoc.programme.learning.services import providers as services
from hieuhoc.registers.accounts.models import User

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


@pytest.fixture
def centre(cast: Cast) -> Provider:
    return make_provider(cast.commune)


def page_of(centre: Provider, name: str, *rest: int) -> str:
    return reverse(f"learning:{name}", args=[centre.key, *rest])


# ---- the list ------------------------------------------------------------------------------------------


def test_the_list_is_found_filtered_and_sorted(cast: Cast, signed_in: SignIn) -> None:
    make_provider(cast.commune, "Trung tâm Bến Đò")
    library = make_provider(cast.next_door, "Thư viện Áo Vàng", kind="library", since=date(2018, 1, 1))
    services.edit_provider(by=cast.binh, provider=library, edition=1, has_internet=False)
    client, here = signed_in(cast.dung), reverse("learning:provider-list")

    def names(**asked: str) -> list[str]:
        return [row["provider"].name for row in client.get(here, asked).context["rows"]]

    assert names() == ["Thư viện Áo Vàng", "Trung tâm Bến Đò"]
    assert names(q="ben do") == ["Trung tâm Bến Đò"]
    assert names(q="chi hoa") == ["Thư viện Áo Vàng"]
    assert names(kind="library") == ["Thư viện Áo Vàng"]
    assert names(unit=cast.commune.key) == ["Trung tâm Bến Đò"]
    assert names(feature="has_internet:no") == ["Thư viện Áo Vàng"]
    assert names(feature="has_internet:unknown") == ["Trung tâm Bến Đò"]
    assert names(feature="password:no") == names()
    assert names(sort="-founded") == ["Thư viện Áo Vàng", "Trung tâm Bến Đò"]
    assert names(standing="ended") == []


def test_nobody_sees_what_is_next_door(cast: Cast, signed_in: SignIn, centre: Provider) -> None:
    client = signed_in(cast.chi)
    assert client.get(reverse("learning:provider-list")).context["rows"] == []
    for name in ("provider-detail", "provider-edit", "provider-end", "post-new", "room-new", "equipment-new"):
        assert client.get(page_of(centre, name)).status_code == 404, name


def test_the_list_asks_as_often_for_many_as_for_few(cast: Cast, signed_in: SignIn, centre: Provider) -> None:
    client, here = signed_in(cast.dung), reverse("learning:provider-list")
    client.get(here)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(here)
    for number in range(12):
        one = make_provider(cast.commune, f"Câu lạc bộ {number}", kind="club")
        parts.appoint(by=cast.an, provider=one, role="director", name="Ai Đó", valid_from=TODAY)
    with CaptureQueriesContext(connection) as many:
        client.get(here)
    assert len(many) == len(few)


# ---- a body --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        # edit, end, post-new, room-new
        ("an", (200, 403, 200, 200)),
        ("hue", (200, 403, 200, 200)),
        ("dung", (403, 200, 200, 403)),
        ("binh", (200, 200, 200, 200)),
        ("lan", (403, 403, 403, 403)),
        ("xuan", (403, 403, 403, 403)),
    ],
)
def test_who_opens_which_page_of_a_centre_before_july_2025(
    cast: Cast, signed_in: SignIn, centre: Provider, who: str, statuses: tuple[int, ...]
) -> None:
    client = signed_in(getattr(cast, who))
    assert client.get(centre.get_absolute_url()).status_code == 200
    names = ("provider-edit", "provider-end", "post-new", "room-new")
    assert tuple(client.get(page_of(centre, name)).status_code for name in names) == statuses


def test_a_centre_shows_its_people_its_things_and_its_classes(cast: Cast, signed_in: SignIn, centre: Provider) -> None:
    parts.appoint(by=cast.dung, provider=centre, role="director", name="Lê Văn Tám", valid_from=TODAY)
    parts.add_room(by=cast.hue, provider=centre, name="Hội trường", seats=1200, is_own=False, lender="UBND xã")
    parts.add_equipment(by=cast.hue, provider=centre, name="Máy chiếu")
    make_session(make_activity(centre, "Kỹ thuật trồng nấm"), TODAY)
    text = signed_in(cast.hue).get(centre.get_absolute_url()).content.decode()
    for words in ("Lê Văn Tám", "Hội trường", "1.200", "mượn: UBND xã", "Máy chiếu", "Kỹ thuật trồng nấm"):
        assert words in text, words
    assert page_of(centre, "room-edit", Room.objects.get().pk) in text
    assert page_of(centre, "post-end", Post.objects.get().pk) not in text, "the district ends the director's post"


def test_a_body_is_founded_told_anew_and_ended_on_its_pages(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.binh)
    new = reverse("learning:provider-new")
    sent = {
        "kind": "clc",
        "name": "Trung tâm học tập cộng đồng xã An Phú",
        "unit": cast.commune.key,
        "valid_from": "01/05/2019",
        "has_internet": "yes",
        "has_seal": "no",
        "latitude": "10,01234",
        "longitude": "105,2",
        "is_public": "on",
    }
    assert client.post(new, sent | {"longitude": ""}).status_code == 422
    assert client.post(new, sent).status_code == 302
    made = Provider.objects.get()
    assert (made.has_internet, made.has_seal, made.has_sound) == (True, False, None)
    form = client.get(page_of(made, "provider-edit")).context["form"]
    told = {one.html_name: one.value() if one.value() is not None else "" for one in form}
    told["valid_from"], told["decided_on"], told["licensed_to"] = "01/05/2019", "", ""
    assert client.post(page_of(made, "provider-edit"), told | {"phone": "0297 3 111 222"}).status_code == 302
    assert client.post(page_of(made, "provider-edit"), told | {"phone": "1"}).status_code == 409
    made.refresh_from_db()
    assert (made.phone, made.has_internet, made.edition) == ("0297 3 111 222", True, 2)
    assert client.post(page_of(made, "provider-end"), {"on": "01/05/2019", "document": "1"}).status_code == 422
    assert client.post(page_of(made, "provider-end"), {"on": "16/11/2020", "document": "1"}).status_code == 302


def test_people_rooms_and_equipment_are_kept_on_their_pages(cast: Cast, signed_in: SignIn, centre: Provider) -> None:
    client = signed_in(cast.hue)
    person = {"role": "cashier", "name": "Ngô Thị Chín", "valid_from": "01/10/2020"}
    assert client.post(page_of(centre, "post-new"), person | {"role": "director"}).status_code == 422
    assert client.post(page_of(centre, "post-new"), person).status_code == 302
    post = Post.objects.get()
    assert client.post(page_of(centre, "post-end", post.pk), {"on": "16/11/2020"}).status_code == 302
    room = {"name": "Hội trường", "seats": "80", "lender": "UBND xã"}
    assert client.post(page_of(centre, "room-new"), room | {"is_own": "on"}).status_code == 422
    assert client.post(page_of(centre, "room-new"), room).status_code == 302
    assert client.post(page_of(centre, "room-edit", Room.objects.get().pk), room | {"seats": "90"}).status_code == 302
    assert Room.objects.get().seats == 90
    assert client.post(page_of(centre, "room-remove", Room.objects.get().pk)).status_code == 302
    thing = {"name": "Máy chiếu", "quantity": "2", "is_own": "on"}
    assert client.post(page_of(centre, "equipment-new"), thing).status_code == 302
    at = Equipment.objects.get().pk
    assert client.post(page_of(centre, "equipment-edit", at), thing | {"quantity": "3"}).status_code == 302
    assert Equipment.objects.get().quantity == 3
    assert client.post(page_of(centre, "equipment-remove", at)).status_code == 302
    assert not Room.objects.exists()
    assert not Equipment.objects.exists()


def test_the_parts_of_one_body_are_not_reached_through_another(cast: Cast, signed_in: SignIn, centre: Provider) -> None:
    other = make_provider(cast.commune, "Thư viện xã", kind="library")
    room = parts.add_room(by=cast.hue, provider=other, name="Phòng đọc")
    assert signed_in(cast.hue).get(page_of(centre, "room-edit", room.pk)).status_code == 404


# ---- rearranging ---------------------------------------------------------------------------------------


def test_the_list_leads_to_the_page_on_which_centres_are_rearranged(
    cast: Cast, signed_in: SignIn, centre: Provider
) -> None:
    other = make_provider(cast.commune, "Trung tâm thứ hai")
    client = signed_in(cast.dung)
    here = reverse("learning:provider-rearrange", args=[cast.commune.key])
    assert here in client.get(reverse("learning:provider-list")).content.decode()
    assert here not in signed_in(cast.an).get(reverse("learning:provider-list")).content.decode()
    assert signed_in(cast.an).get(here).status_code == 403
    assert signed_in(cast.chi).get(here).status_code == 404
    sent = {"before": [centre.key, other.key], "manner": "merged", "after": other.key, "on": "16/11/2020"}
    assert client.post(here, sent).status_code == 422
    assert client.post(here, sent | {"document": "45/QĐ-UBND"}).status_code == 302
    row = Succession.objects.get()
    assert (row.before, row.after) == (centre, other)
    text = client.get(other.get_absolute_url()).content.decode()
    assert centre.name in text
    assert "45/QĐ-UBND" in text
    undo = page_of(other, "succession-undo", row.pk)
    assert undo in text
    assert client.post(undo, {"why": "Ghi nhầm"}).status_code == 302
    assert not Succession.objects.exists()


def test_a_new_centre_needs_a_name(cast: Cast, signed_in: SignIn, centre: Provider) -> None:
    here = reverse("learning:provider-rearrange", args=[cast.commune.key])
    sent = {"before": [centre.key], "manner": "founded", "after": "new", "on": "16/11/2020", "document": "1"}
    client = signed_in(cast.dung)
    assert client.post(here, sent).status_code == 422
    assert client.post(here, sent | {"name": "Trung tâm mới"}).status_code == 302
    assert Provider.objects.get(name="Trung tâm mới").valid_from == TODAY


# ---- the workbook --------------------------------------------------------------------------------------


def test_a_workbook_goes_in_on_its_page_and_what_is_wrong_is_shown(cast: Cast, signed_in: SignIn) -> None:
    client, here = signed_in(cast.an), reverse("learning:provider-upload")
    headings = ("Loại", "Tên", "Mã đơn vị", "Thành lập từ ngày")
    good = ("thư viện", "Thư viện xã", cast.commune.key, date(2019, 3, 2))
    answer = client.post(here, {"file": workbook(headings, [good, ("thư viện", "", "", "")], title="Danh mục")})
    assert answer.status_code == 422
    assert "Danh mục" in answer.content.decode()
    assert not Provider.objects.exists()
    assert client.post(here, {"file": workbook(headings, [good])}).status_code == 302
    assert Provider.objects.get().name == "Thư viện xã"
    assert signed_in(cast.hue).get(here).status_code == 403
    got = client.get(reverse("learning:provider-download"))
    assert got.status_code == 200
    assert got["Content-Type"].endswith("sheet")


# ---- everybody -----------------------------------------------------------------------------------------


def test_anybody_sees_a_centre_and_nothing_that_is_not_public(cast: Cast, centre: Provider, client: Client) -> None:
    services.edit_provider(
        by=cast.hue, provider=centre, edition=1, phone="0297 3 111 222", opening_hours="Thứ hai – thứ sáu"
    )
    parts.appoint(by=cast.dung, provider=centre, role="director", name="Lê Văn Tám", valid_from=TODAY, allowance=987654)
    parts.appoint(by=cast.hue, provider=centre, role="cashier", name="Ngô Thị Chín", valid_from=TODAY)
    make_session(make_activity(centre, "Kỹ thuật trồng nấm"), TODAY)
    hidden = make_activity(centre, "Họp nội bộ")
    hidden.is_public = False
    hidden.save(update_fields=["is_public"])
    make_session(make_activity(centre, "Chưa công bố", state="draft"), TODAY)
    answer = client.get(reverse("learning:centre-detail", args=[centre.key]))
    text = answer.content.decode()
    assert answer.status_code == 200
    for words in ("Lê Văn Tám", "0297 3 111 222", "Thứ hai – thứ sáu", "Kỹ thuật trồng nấm"):
        assert words in text, words
    for words in ("Ngô Thị Chín", "Họp nội bộ", "Chưa công bố", "987654", "987.654"):
        assert words not in text, words
    listed = client.get(reverse("learning:centre-list"), {"q": "an phu"}).content.decode()
    assert reverse("learning:centre-detail", args=[centre.key]) in listed
    assert len(answer.content) < 30_000


def test_a_centre_that_is_not_shown_is_not_there(cast: Cast, centre: Provider, client: Client) -> None:
    services.edit_provider(by=cast.hue, provider=centre, edition=1, is_public=False)
    assert client.get(reverse("learning:centre-detail", args=[centre.key])).status_code == 404
    assert centre.name not in client.get(reverse("learning:centre-list")).content.decode()


def test_an_old_link_to_a_centre_leads_to_the_one_that_goes_on(cast: Cast, centre: Provider, client: Client) -> None:
    after = services.rearrange(
        by=cast.dung, before=[centre], manner="founded", on=TODAY, document="1", name="Trung tâm mới"
    )
    old = client.get(reverse("learning:centre-detail", args=[centre.key])).content.decode()
    assert reverse("learning:centre-detail", args=[after.key]) in old
    new = client.get(reverse("learning:centre-detail", args=[after.key])).content.decode()
    assert reverse("learning:centre-detail", args=[centre.key]) in new

"""The pages: who reaches them, what they show, how many questions they ask the database."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client
from django.test.utils import override_settings
from pytest_django import DjangoAssertNumQueries
from tests.factories.accounts import make_administrator, make_invitation, secret_in_last_letter
from tests.factories.cast import TODAY, Cast, give, make_user
from tests.factories.places import load_kien_giang, make_commune

from hieuhoc.foundation.records import trail
from hieuhoc.registers.accounts import services
from hieuhoc.registers.accounts.models import Grant, Invitation, User
from hieuhoc.registers.places.models import Unit

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def huyen(cast: Cast) -> User:
    """Administrator of the district."""
    return make_administrator(cast.district, "huyen")


# ---- who reaches what ------------------------------------------------------------------------------

# Each page, and what it answers to: an administrator of the district, the leader, a clerk, and no role at all.
PAGES = [
    ("/accounts/people/", 200, 200, 403, 403),
    ("/accounts/people/download/", 200, 200, 403, 403),
    ("/accounts/people/{an}/", 200, 200, 403, 403),
    ("/accounts/people/{binh}/", 404, 200, 403, 403),
    ("/accounts/people/{an}/edit/", 200, 403, 403, 403),
    ("/accounts/people/{binh}/edit/", 404, 403, 403, 403),
    ("/accounts/people/{an}/suspend/", 200, 403, 403, 403),
    ("/accounts/people/{binh}/suspend/", 404, 403, 403, 403),
    ("/accounts/people/{an}/restore/", 405, 405, 405, 405),
    ("/accounts/people/{an}/grants/new/", 200, 403, 403, 403),
    ("/accounts/people/{binh}/grants/new/", 404, 403, 403, 403),
    ("/accounts/people/{an}/grants/{grant_an}/end/", 200, 403, 403, 403),
    ("/accounts/people/{binh}/grants/{grant_binh}/end/", 404, 403, 403, 403),
    ("/accounts/people/{an}/grants/{grant_binh}/end/", 404, 403, 403, 403),
    ("/accounts/people/invitations/", 200, 403, 403, 403),
    ("/accounts/people/invitations/new/", 200, 403, 403, 403),
    ("/accounts/roles/", 200, 200, 200, 200),
    ("/accounts/profile/", 200, 200, 200, 200),
    ("/accounts/trail/", 200, 200, 403, 403),
    ("/accounts/demonstration/", 404, 404, 404, 404),
    ("/units/", 200, 200, 200, 403),
    ("/units/download/", 200, 200, 200, 403),
    ("/units/options/?q=xa", 200, 200, 200, 403),
    ("/units/{commune}/", 200, 200, 200, 403),
    ("/units/{finance}/", 200, 200, 200, 403),
    ("/units/khong-co/", 404, 404, 404, 403),
    ("/units/new/", 200, 403, 403, 403),
    ("/units/{commune}/edit/", 200, 403, 403, 404),
    ("/units/{finance}/edit/", 404, 403, 404, 404),
    ("/units/{commune}/end/", 200, 403, 403, 404),
    ("/units/{finance}/end/", 404, 403, 404, 404),
]


@pytest.mark.parametrize(("address", "administrator", "leader", "clerk", "nobody"), PAGES)
def test_every_page_answers_each_as_the_table_says(
    cast: Cast, huyen: User, signed_in: SignIn, address: str, administrator: int, leader: int, clerk: int, nobody: int
) -> None:
    places = {
        "an": cast.an.pk,
        "binh": cast.binh.pk,
        "grant_an": cast.an.grants.get().pk,
        "grant_binh": cast.binh.grants.get().pk,
        "commune": cast.commune.key,
        "finance": cast.finance.key,
    }
    url = address.format(**places)
    people = (huyen, cast.minh, cast.an, cast.nobody)
    answers = [signed_in(user).get(url).status_code for user in people]
    assert answers == [administrator, leader, clerk, nobody]
    assert Client().get(url).status_code in {302, 404, 405}


def test_chi_reaches_nothing_of_an(cast: Cast, signed_in: SignIn) -> None:
    chi = signed_in(cast.chi)
    for tail in ("", "edit/", "suspend/", "grants/new/", f"grants/{cast.an.grants.get().pk}/end/"):
        assert chi.get(f"/accounts/people/{cast.an.pk}/{tail}").status_code in {403, 404}
    page = chi.get(f"/units/{cast.commune.key}/").content.decode()
    assert "Phạm Thị An" not in page
    assert chi.post(f"/units/{cast.commune.key}/end/", {"on": "16/11/2020", "why": "x"}).status_code == 404


def test_an_invitation_elsewhere_cannot_be_touched(cast: Cast, huyen: User, signed_in: SignIn) -> None:
    elsewhere = make_invitation(cast.tri, cast.finance, role="agency_officer")
    here = make_invitation(cast.tri, cast.commune)
    client = signed_in(huyen)
    page = client.get("/accounts/people/invitations/").content.decode()
    assert f"/{here.pk}/withdraw/" in page
    assert f"/{elsewhere.pk}/withdraw/" not in page
    assert client.post(f"/accounts/people/invitations/{elsewhere.pk}/withdraw/").status_code == 404
    assert client.post(f"/accounts/people/invitations/{elsewhere.pk}/again/").status_code == 404
    assert client.post(f"/accounts/people/invitations/{here.pk}/again/").status_code == 302
    assert client.post(f"/accounts/people/invitations/{here.pk}/withdraw/").status_code == 302
    here.refresh_from_db()
    assert here.state == "withdrawn"


# ---- people ----------------------------------------------------------------------------------------


def test_the_list_shows_the_people_of_ones_own_units(cast: Cast, huyen: User, signed_in: SignIn) -> None:
    page = signed_in(huyen).get("/accounts/people/").content.decode()
    assert "Lê Văn Dũng" in page
    assert "Phạm Thị An" in page
    assert "Trần Thị Bình" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=pham+an", ["Phạm Thị An"]),
        ("q=PHẠM", ["Phạm Thị An"]),
        ("role=commune_clerk", ["Phạm Thị An", "Danh Thị Chi"]),
        ("role=commune_clerk&sort=-name", ["Danh Thị Chi", "Phạm Thị An"]),
        ("state=idle", ["Người Chưa Có Vai Trò"]),
        ("state=suspended", ["Võ Thị Hạnh"]),
        ("unit={next_door}", ["Danh Thị Chi"]),
        ("q=khongcoai", []),
        ("page=99&role=reader", ["Lý Thu Xuân"]),
    ],
)
def test_the_list_is_searched_filtered_and_sorted(cast: Cast, signed_in: SignIn, query: str, found: list[str]) -> None:
    services.suspend_user(by=cast.tri, user=cast.hanh, why="nghỉ")
    response = signed_in(cast.tri).get(f"/accounts/people/?{query.format(next_door=cast.next_door.key)}")
    assert [user.full_name for user in response.context["page"]] == found


def test_htmx_gets_the_rows_and_everybody_else_the_page(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.tri)
    assert b"<html" in client.get("/accounts/people/").content
    assert b"<html" not in client.get("/accounts/people/", headers=HTMX).content
    assert b"<html" not in client.get("/units/?q=xa", headers=HTMX).content
    assert b"<html" not in client.get("/accounts/trail/", headers=HTMX).content


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/accounts/people/", 12),
        ("/accounts/people/{an}/", 13),
        ("/accounts/trail/", 10),
        ("/accounts/roles/", 8),
        ("/units/", 9),
        ("/units/?view=list", 9),
        ("/units/{district}/", 19),
    ],
)
def test_a_page_asks_as_much_of_a_large_province_as_of_a_small_one(
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries, address: str, most: int
) -> None:
    for number in range(12):
        commune = make_commune(cast.district, f"Xã Số {number}")
        give(give(make_user(f"nguoi{number}", f"Người Số {number}"), "commune_clerk", commune), "reader", cast.district)
    client = signed_in(cast.tri)
    url = address.format(an=cast.an.pk, district=cast.district.key)
    with django_assert_max_num_queries(most):
        assert client.get(url).status_code == 200


def test_inviting_through_the_page_keeps_what_was_typed_when_something_is_wrong(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.tri)
    given = {
        "email": "moi@example.vn",
        "full_name": "Nguyễn Văn Mới",
        "role": "district_officer",
        "unit": "xa an phu",
        "valid_from": "16/11/2020",
    }
    wrong = client.post("/accounts/people/invitations/new/", given)
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "không giao được ở đơn vị" in page
    assert "Nguyễn Văn Mới" in page
    right = client.post("/accounts/people/invitations/new/", given | {"role": "commune_clerk"}, follow=True)
    assert "Đã gửi thư mời tới moi@example.vn" in right.content.decode()
    assert Invitation.objects.get().unit == cast.commune


def test_a_role_is_given_and_ended_through_the_pages(cast: Cast, signed_in: SignIn) -> None:
    client, base = signed_in(cast.tri), f"/accounts/people/{cast.an.pk}/"
    given = {"role": "reader", "unit_key": cast.district.key, "unit": "Huyện Bình Trung", "valid_from": "1/11/2020"}
    assert client.post(f"{base}grants/new/", given).status_code == 302
    grant = Grant.objects.get(user=cast.an, role="reader")
    assert "Huyện Bình Trung" in client.get(base).content.decode()
    assert client.post(f"{base}grants/{grant.pk}/end/", {"on": "16/11/2020", "why": ""}).status_code == 422
    assert client.post(f"{base}grants/{grant.pk}/end/", {"on": "16/11/2020", "why": "Xong việc"}).status_code == 302
    page = client.get(base).content.decode()
    assert "Đã kết thúc" in page
    assert "Xong việc" in page


def test_a_person_is_locked_corrected_and_unlocked_through_the_pages(cast: Cast, signed_in: SignIn) -> None:
    client, base = signed_in(cast.tri), f"/accounts/people/{cast.an.pk}/"
    assert client.post(f"{base}suspend/", {"why": "Mất máy"}).status_code == 302
    assert "Tài khoản đang bị khóa" in client.get(base).content.decode()
    assert client.post(f"{base}restore/").status_code == 302
    assert client.post(f"{base}restore/").status_code == 409
    given = {"full_name": "Phạm Thúy An", "title": "Công chức", "phone": "", "language": "vi"}
    assert client.post(f"{base}edit/", given).status_code == 302
    assert "Phạm Thúy An" in client.get(base).content.decode()


def test_what_a_person_does_elsewhere_is_counted_and_not_shown(cast: Cast, huyen: User, signed_in: SignIn) -> None:
    give(cast.an, "agency_officer", cast.finance)
    page = signed_in(huyen).get(f"/accounts/people/{cast.an.pk}/").content.decode()
    assert "Sở Tài chính" not in page
    assert "Còn 1 vai trò ở đơn vị ngoài phạm vi của bạn" in page
    assert "/suspend/" not in page


def test_the_list_downloads_as_a_workbook_in_which_text_stays_text(cast: Cast, signed_in: SignIn) -> None:
    evil = {"full_name": '=HYPERLINK("x")', "title": "+1", "phone": "-2", "language": "vi"}
    services.change_profile(by=cast.an, user=cast.an, **evil)
    response = signed_in(cast.tri).get("/accounts/people/download/?role=commune_clerk")
    assert response["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    rows = [[cell for cell in row if cell.value is not None] for row in sheet.iter_rows(min_row=5, max_row=6)]
    named = {row[1].value: row[1].data_type for row in rows}
    assert named == {'=HYPERLINK("x")': "s", "Danh Thị Chi": "s"}


# ---- one's own pages -------------------------------------------------------------------------------


def test_everybody_changes_their_own_profile_and_its_language(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.an)
    given = {"full_name": "Phạm Thị An", "title": "Công chức", "phone": "0912 345 678", "language": "en"}
    response = client.post("/accounts/profile/", given)
    assert response.status_code == 302
    assert response.cookies["django_language"].value == "en"
    cast.an.refresh_from_db()
    assert cast.an.phone == "0912 345 678"
    assert client.post("/accounts/profile/", given | {"full_name": ""}).status_code == 422


def test_the_page_of_roles_marks_ones_own(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.an).get("/accounts/roles/").content.decode()
    assert page.count("Vai trò của bạn") == 1


def test_an_invited_person_opens_an_account_and_is_signed_in(cast: Cast) -> None:
    make_invitation(cast.tri, cast.commune)
    client, url = Client(), f"/accounts/invitation/{secret_in_last_letter()}/"
    page = client.get(url).content.decode()
    assert "Nguyễn Văn Mới" in page
    given = {"username": "moi", "password": "mot-cau-that-dai-42", "password_again": "khac"}
    wrong = client.post(url, given)
    assert wrong.status_code == 422
    assert "Hai lần nhập mật khẩu không giống nhau" in wrong.content.decode()
    assert client.post(url, given | {"password_again": given["password"]}).status_code == 302
    assert client.get("/accounts/profile/").status_code == 200
    assert Client().get(url).status_code == 404


def test_an_invited_person_with_an_account_signs_in_and_takes_the_role(cast: Cast, signed_in: SignIn) -> None:
    make_invitation(cast.tri, cast.district, role="reader", email=cast.an.email)
    url = f"/accounts/invitation/{secret_in_last_letter()}/"
    assert f"/accounts/login/?next={url}" in Client().get(url).content.decode()
    assert signed_in(cast.chi).get(url).status_code == 403
    assert signed_in(cast.chi).post(url).status_code == 403
    assert signed_in(cast.an).get(url).status_code == 200
    assert signed_in(cast.an).post(url).status_code == 302
    assert cast.an.grants.filter(role="reader", unit=cast.district).exists()


def test_a_demonstration_opens_its_doors_to_its_own_accounts_only(cast: Cast) -> None:
    with override_settings(DEMONSTRATION=True):
        user = services.open_demonstration_account(
            by=trail.HOUSE, email="d@example.vn", full_name="Người Giả Định", title="", username="giadinh"
        )
        services.give_first_grant(by=trail.HOUSE, user=user, role="reader", unit=cast.commune, valid_from=TODAY)
        client = Client()
        page = client.get("/accounts/demonstration/").content.decode()
        assert "Người Giả Định" in page
        assert "Phạm Thị An" not in page
        assert client.post(f"/accounts/demonstration/{cast.an.pk}/").status_code == 404
        assert client.get(f"/accounts/demonstration/{user.pk}/").status_code == 405
        assert client.post(f"/accounts/demonstration/{user.pk}/").status_code == 302
        assert client.get("/accounts/profile/").status_code == 200
    assert Client().post(f"/accounts/demonstration/{user.pk}/").status_code == 404


# ---- the trail -------------------------------------------------------------------------------------


def test_the_trail_is_read_by_who_may_and_filtered(cast: Cast, huyen: User, signed_in: SignIn) -> None:
    services.suspend_user(by=cast.tri, user=cast.hanh, why="Chuyển công tác")
    services.suspend_user(by=huyen, user=cast.an, why="Mất máy")
    everything = signed_in(cast.tri).get("/accounts/trail/?deed=accounts.user.suspend")
    assert [line.subject for line in everything.context["lines"]] == ["Phạm Thị An", "Võ Thị Hạnh"]
    own = signed_in(huyen).get("/accounts/trail/")
    assert [line.subject for line in own.context["lines"]] == ["Phạm Thị An"]
    by_name = signed_in(cast.tri).get("/accounts/trail/?actor=do+quoc+tri")
    assert [line.subject for line in by_name.context["lines"]] == ["Võ Thị Hạnh"]
    later = signed_in(cast.tri).get("/accounts/trail/?since=17/11/2020")
    assert list(later.context["lines"]) == []
    unreadable = signed_in(cast.tri).get("/accounts/trail/?since=hom+qua")
    assert "Ngày chưa đúng" in unreadable.content.decode()


def test_the_trail_tells_deeds_and_changes_in_words(cast: Cast, signed_in: SignIn) -> None:
    services.suspend_user(by=cast.tri, user=cast.hanh, why="Chuyển công tác")
    line = signed_in(cast.tri).get("/accounts/trail/").context["lines"][0]
    assert (line.deed, line.who, line.why) == ("Khóa tài khoản", "Đỗ Quốc Trí, Quản trị", "Chuyển công tác")
    assert [(change.label, change.before, change.after) for change in line.changes] == [("Được dùng", "có", "không")]


def test_the_trail_of_a_loaded_province_is_told_too(cast: Cast, signed_in: SignIn) -> None:
    province = load_kien_giang()
    page = signed_in(give(cast.tri, "administrator", province)).get(f"/units/{province.key}/").content.decode()
    assert "Nạp danh mục đơn vị" in page
    assert "Số đơn vị" in page


# ---- the register of units -------------------------------------------------------------------------


def test_the_register_is_a_tree_until_something_is_looked_for(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.an)
    [root] = client.get("/units/").context["nodes"]
    own, district, *_agencies = root["children"]
    assert own["label"] == "Trang của Tỉnh Hòa Bắc"
    assert [child["label"] for child in district["children"][1:]] == ["Xã An Phú", "Xã Chí Hòa"]
    found = client.get("/units/?q=an+phu").context["page"]
    assert [row.name for row in found] == ["Xã An Phú"]
    assert [row.name for row in client.get("/units/?level=district").context["page"]] == ["Huyện Bình Trung"]


def test_the_register_shows_units_as_they_were_on_a_day(cast: Cast, signed_in: SignIn) -> None:
    given = {"name": "Xã An Phú Mới", "short_name": "", "code": "", "on": "01/11/2020", "document": "12/NQ-HĐND"}
    client = signed_in(cast.tri)
    assert client.post(f"/units/{cast.commune.key}/edit/", given).status_code == 302
    assert "Xã An Phú Mới" in client.get("/units/?q=an+phu").content.decode()
    before = client.get(f"/units/{cast.commune.key}/?on=31/10/2020")
    assert before.context["state"].name == "Xã An Phú"
    assert "12/NQ-HĐND" in before.content.decode()
    assert client.get(f"/units/{cast.commune.key}/?on=1/1/1999").status_code == 404


def test_a_unit_is_entered_and_ended_through_the_pages(cast: Cast, huyen: User, signed_in: SignIn) -> None:
    client = signed_in(huyen)
    given = {
        "name": "Phòng Tài chính – Kế hoạch",
        "level": "agency",
        "kind": "phong",
        "parent_key": cast.district.key,
        "parent": "Huyện Bình Trung",
        "valid_from": "01/10/2020",
    }
    assert client.post("/units/new/", given | {"parent_key": cast.finance.key}).status_code == 404
    assert client.post("/units/new/", given | {"name": ""}).status_code == 422
    assert client.post("/units/new/", given).status_code == 302
    unit = Unit.objects.get(name="Phòng Tài chính – Kế hoạch")
    assert client.post(f"/units/{unit.key}/end/", {"on": "16/11/2020", "why": "Giải thể"}).status_code == 302
    page = client.get(f"/units/{unit.key}/").content.decode()
    assert "Đơn vị này đã kết thúc" in page
    assert "/edit/" not in page


def test_pickers_find_units_without_marks_and_within_what_one_manages(
    cast: Cast, huyen: User, signed_in: SignIn
) -> None:
    def offered(user: User, query: str) -> list[str]:
        return [option["label"] for option in signed_in(user).get(f"/units/options/?{query}").json()["options"]]

    assert offered(cast.an, "q=tai+chinh") == ["Sở Tài chính"]
    assert offered(huyen, "q=so&within=user.manage") == []
    assert offered(huyen, "q=xa&within=user.manage&levels=commune") == ["Xã An Phú", "Xã Chí Hòa"]
    assert offered(cast.an, "q=xa&within=user.manage") == []
    assert offered(cast.an, "q=") == []


def test_the_register_downloads_as_a_workbook(cast: Cast, signed_in: SignIn) -> None:
    response = signed_in(cast.an).get("/units/download/?level=commune")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert [row[2] for row in sheet.iter_rows(min_row=5, max_row=6, values_only=True)] == ["Xã An Phú", "Xã Chí Hòa"]

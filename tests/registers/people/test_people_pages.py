"""The pages of people: who sees whom, what is masked, what is written into the trail, and the deeds by their forms."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.factories.cast import Cast

from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.services import note_person

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture
def bich(cast: Cast) -> Person:
    """Somebody who lives in An's commune."""
    return note_person(
        by=cast.hue,
        name="Trần Thị Bích",
        birth_year=1980,
        phone="0912345678",
        identity="091080012345",
        unit=cast.commune,
    )


@pytest.mark.parametrize(
    ("who", "status"), [("hue", 200), ("lan", 200), ("an", 200), ("chi", 404), ("xuan", 403), ("nobody", 403)]
)
def test_a_person_is_seen_by_who_teaches_there(
    cast: Cast, signed_in: SignedIn, bich: Person, who: str, status: int
) -> None:
    assert signed_in(cast.people[who]).get(f"/people/{bich.pk}/").status_code == status


def test_that_the_register_was_looked_through_is_noted_once_a_day(
    cast: Cast, signed_in: SignedIn, bich: Person
) -> None:
    for _time in range(2):
        signed_in(cast.lan).get("/people/")
    (entry,) = Entry.objects.filter(deed="people.person.see")
    assert (entry.subject_name, entry.changes) == (cast.commune.name, {"people": 1})
    page = signed_in(cast.binh).get(f"/units/{cast.commune.key}/").content.decode()
    assert "Xem thông tin cá nhân" not in page  # that is for whoever inspects the trail, not for a unit's own history


def test_the_list_masks_what_the_page_of_a_person_shows_and_notes(
    cast: Cast, signed_in: SignedIn, bich: Person
) -> None:
    client = signed_in(cast.lan)
    listed = client.get("/people/", {"q": "bich"}).content.decode()
    assert "Trần Thị Bích" in listed
    assert "0912345678" not in listed
    assert "091****678" in listed
    assert not trail.history(bich).filter(deed="people.person.see").exists()
    page = client.get(f"/people/{bich.pk}/").content.decode()
    assert "0912345678" in page
    assert "091080012345" not in page
    seen = trail.history(bich).get(deed="people.person.see")
    assert (seen.actor, seen.subject_name) == (cast.lan.actor_key, f"#{bich.pk}")


def test_who_teaches_next_door_finds_nobody_of_here(cast: Cast, signed_in: SignedIn, bich: Person) -> None:
    assert "Trần Thị Bích" not in signed_in(cast.chi).get("/people/", {"q": "bich"}).content.decode()
    assert signed_in(cast.xuan).get("/people/").status_code == 403
    assert Client().get("/people/").status_code == 302


@pytest.mark.parametrize("deed", ["edit", "forget"])
@pytest.mark.parametrize(("who", "status"), [("hue", 200), ("lan", 403), ("chi", 404), ("xuan", 403)])
def test_only_who_runs_classes_there_changes_anything(
    cast: Cast, signed_in: SignedIn, bich: Person, deed: str, who: str, status: int
) -> None:
    assert signed_in(cast.people[who]).get(f"/people/{bich.pk}/{deed}/").status_code == status


def test_a_person_is_mended_by_the_form(cast: Cast, signed_in: SignedIn, bich: Person) -> None:
    client, address = signed_in(cast.hue), f"/people/{bich.pk}/edit/"
    given = {"name": "Trần Thị Bích Vân", "birth_year": "1981", "unit": cast.commune.key}
    assert client.post(address, given | {"phone": "12"}).status_code == 422
    assert client.post(address, given).status_code == 302
    bich.refresh_from_db()
    assert (bich.name, bich.birth_year, bich.phone, bich.identity_end) == ("Trần Thị Bích Vân", 1981, "", "2345")


def test_two_rows_are_compared_joined_and_parted(cast: Cast, signed_in: SignedIn, bich: Person) -> None:
    other = note_person(by=cast.hue, name="Tran Thi Bich", birth_year=1980)
    Person.objects.filter(pk=other.pk).update(unit=cast.commune)
    client = signed_in(cast.hue)
    assert f"/people/{bich.pk}/join/{other.pk}/" in client.get(f"/people/{bich.pk}/").content.decode()
    assert client.get(f"/people/{bich.pk}/join/{other.pk}/").status_code == 200
    assert client.post(f"/people/{bich.pk}/join/{other.pk}/").status_code == 302
    assert client.get(f"/people/{other.pk}/").status_code == 404
    assert client.post(f"/people/{bich.pk}/part/{other.pk}/").status_code == 302
    assert client.get(f"/people/{other.pk}/").status_code == 200


def test_forgetting_asks_why_and_takes_the_name_from_every_page(cast: Cast, signed_in: SignedIn, bich: Person) -> None:
    client, address = signed_in(cast.hue), f"/people/{bich.pk}/forget/"
    assert client.post(address, {"why": ""}).status_code == 422
    assert client.post(address, {"why": "Đơn ngày 16/11/2020"}).status_code == 302
    assert "Bích" not in client.get(f"/people/{bich.pk}/").content.decode()
    assert client.get(f"/people/{bich.pk}/edit/").status_code == 409

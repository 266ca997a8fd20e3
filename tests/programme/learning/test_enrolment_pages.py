"""The pages of staff: the roster, adding somebody who may be known, completing, a list, certificates."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.factories.cast import TODAY, Cast
from tests.factories.learning import make_activity, make_person, make_provider, make_session

from hieuhoc.engines.writer import Column, Sheet, Table, workbook
from hieuhoc.foundation.jobs.models import Job
from hieuhoc.foundation.records.models import Entry
from hieuhoc.programme.learning.intake import lists
from hieuhoc.programme.learning.models import Activity, Certificate
from hieuhoc.programme.learning.services import enrolments
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.services import join_people, note_person

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture
def activity(cast: Cast) -> Activity:
    """A class of two places at An's commune, one session held."""
    made = make_activity(make_provider(cast.commune), capacity=2)
    make_session(made, TODAY - timedelta(days=2))
    made.sessions.update(state="held")
    return made


def address(activity: Activity, rest: str = "") -> str:
    return f"/learning/activities/{activity.code}/learners/{rest}"


def test_the_roster_shows_who_is_in_and_notes_the_look_once_a_day_without_names(
    cast: Cast, signed_in: SignedIn, activity: Activity
) -> None:
    person = note_person(by=cast.hue, name="Trần Thị Bích", phone="0912345678", unit=cast.commune)
    enrolments.enrol(by=cast.hue, activity=activity, person=person)
    for _time in range(2):
        page = signed_in(cast.lan).get(address(activity)).content.decode()
    assert "Trần Thị Bích" in page
    assert "0912345678" not in page
    (entry,) = Entry.objects.filter(deed="people.person.see")
    assert (entry.subject_name, entry.changes) == (activity.title, {"people": 1})


def test_somebody_new_is_written_down_and_enrolled(cast: Cast, signed_in: SignedIn, activity: Activity) -> None:
    given = {"name": "Trần Thị Bích", "birth_year": "1980", "unit": cast.commune.key}
    client = signed_in(cast.hue)
    assert client.post(address(activity, "new/"), given | {"phone": "1"}).status_code == 422
    assert client.post(address(activity, "new/"), given).status_code == 302
    assert activity.enrolments.get().person.name == "Trần Thị Bích"


@pytest.mark.parametrize("is_the_same", [True, False])
def test_who_may_be_the_same_is_asked_about_first(
    cast: Cast, signed_in: SignedIn, activity: Activity, is_the_same: bool
) -> None:
    known = note_person(by=cast.hue, name="Trần Thị Bích", birth_year=1980, unit=cast.commune)
    client = signed_in(cast.hue)
    given = {"name": "tran thi bich", "birth_year": "1980", "unit": cast.commune.key, "sex": "female"}
    page = client.post(address(activity, "new/"), given).content.decode()
    assert not activity.enrolments.exists()
    token = re.search(r'name="token" value="([^"]+)"', page).group(1)  # type: ignore[union-attr]  # it is there
    choice = str(known.pk) if is_the_same else "new"
    assert client.post(address(activity, "new/"), {"token": token, "choice": "999999"}).status_code == 409
    assert client.post(address(activity, "new/"), {"token": token, "choice": choice}).status_code == 302
    assert (activity.enrolments.get().person == known) is is_the_same
    assert Person.objects.count() == (1 if is_the_same else 2)


def test_looking_for_somebody_is_noted(cast: Cast, signed_in: SignedIn, activity: Activity) -> None:
    make_person("Trần Thị Bích", unit=cast.commune)
    client = signed_in(cast.hue)
    client.get(address(activity, "new/"), {"q": "nobody"})
    assert not Entry.objects.filter(deed="people.person.see").exists()
    client.get(address(activity, "new/"), {"q": "bich"})
    assert Entry.objects.get(deed="people.person.see").subject_name == activity.title


def test_an_identity_number_that_is_known_offers_nobody_else(
    cast: Cast, signed_in: SignedIn, activity: Activity
) -> None:
    note_person(by=cast.hue, name="Trần Thị Bích", identity="091080012345")
    given = {"name": "Trần Bích", "identity": "091080012345"}
    page = signed_in(cast.hue).post(address(activity, "new/"), given).content.decode()
    assert "Trần Thị Bích" in page
    assert 'value="new"' not in page
    assert "091080012345" not in page


def test_somebody_found_in_the_register_is_enrolled_by_one_button(
    cast: Cast, signed_in: SignedIn, activity: Activity
) -> None:
    here, there = make_person("Lê Văn Chín", unit=cast.commune), make_person("Lê Văn Mười", unit=cast.next_door)
    client = signed_in(cast.hue)
    page = client.get(address(activity, "new/"), {"q": "le van"}).content.decode()
    assert "Lê Văn Chín" in page
    assert "Lê Văn Mười" not in page
    assert client.post(address(activity, "new/"), {"person": here.pk}).status_code == 302
    assert client.post(address(activity, "new/"), {"person": there.pk}).status_code == 404
    assert activity.enrolments.get().person == here


def test_staff_tick_who_completed_and_issue_certificates(cast: Cast, signed_in: SignedIn, activity: Activity) -> None:
    rows = [enrolments.enrol(by=cast.hue, activity=activity, person=make_person(name)) for name in ("Lê A", "Lê B")]
    rows[0].attendances.create(session=activity.sessions.get(), mark="present", marked_at=rows[0].asked_at)
    client = signed_in(cast.hue)
    page = client.get(address(activity)).content.decode()
    boxes = dict(re.findall(r'name="done" value="(\d+)"[^>]*?( checked)?>', page))
    assert boxes == {str(rows[0].pk): " checked", str(rows[1].pk): ""}
    client.post(address(activity, "complete/"), {"done": [rows[0].pk]})
    root = f"/learning/activities/{activity.code}/certificates/"
    assert client.post(f"{root}issue/", {}).status_code == 422
    client.post(f"{root}issue/", {"who": [rows[0].pk]})
    one = Certificate.objects.get()
    assert one.number in client.get(root).content.decode()
    assert client.get(f"{root}{one.pk}.pdf").content.startswith(b"%PDF")
    assert client.get(f"{root}{one.pk}.docx").content.startswith(b"PK")
    assert client.post(f"{root}{one.pk}/revoke/", {"why": ""}).status_code == 422
    assert client.post(f"{root}{one.pk}/revoke/", {"why": "Ghi sai"}).status_code == 302
    assert client.get(f"{root}{one.pk}.pdf").status_code == 404
    assert client.post(address(activity, f"{rows[0].pk}/undo/"), {"why": "Nhầm"}).status_code == 302
    assert client.get(address(activity, "download/")).content.startswith(b"PK")


def test_what_somebody_learns_is_on_one_page_under_whichever_row(
    cast: Cast, signed_in: SignedIn, activity: Activity
) -> None:
    kept, gone = make_person("Lê A", unit=cast.commune), make_person("Lê Á", unit=cast.commune)
    elsewhere = make_activity(make_provider(cast.next_door), "Lớp bên cạnh")
    enrolments.enrol(by=cast.chi, activity=elsewhere, person=kept)
    enrolments.enrol(by=cast.hue, activity=activity, person=gone)
    join_people(by=cast.hue, kept=kept, gone=gone)
    client = signed_in(cast.hue)
    assert f"/people/{kept.pk}/learning/" in client.get(f"/people/{kept.pk}/").content.decode()
    page = client.get(f"/people/{kept.pk}/learning/").content.decode()
    assert activity.title in page
    assert "Lớp bên cạnh" not in page
    assert signed_in(cast.xuan).get(f"/people/{kept.pk}/learning/").status_code == 403


def test_the_roster_names_the_row_that_is_kept_and_leads_to_its_page(
    cast: Cast, signed_in: SignedIn, activity: Activity
) -> None:
    gone, kept = (make_person(name, unit=cast.commune) for name in ("Trần Thị Bich", "Trần Thị Bích"))
    enrolments.enrol(by=cast.hue, activity=activity, person=gone)
    join_people(by=cast.hue, kept=kept, gone=gone)
    client = signed_in(cast.hue)
    page = client.get(address(activity)).content.decode()
    (link,) = re.findall(r'href="(/people/\d+/)">Trần Thị Bích<', page)
    assert client.get(link).status_code == 200
    assert "Trần Thị Bich" not in page


def test_a_person_who_stands_in_a_class_twice_since_two_rows_were_joined_is_pointed_out(
    cast: Cast, signed_in: SignedIn, activity: Activity
) -> None:
    one, other = (note_person(by=cast.hue, name=name, unit=cast.commune) for name in ("Trần Bích", "Trần Thị Bích"))
    for person in (one, other):
        enrolments.enrol(by=cast.hue, activity=activity, person=person)
    assert "Cùng một người" not in signed_in(cast.hue).get(address(activity)).content.decode()
    join_people(by=cast.hue, kept=other, gone=one)
    assert signed_in(cast.hue).get(address(activity)).content.decode().count("Cùng một người với số 1:") == 1


def test_numbers_that_no_row_can_have_are_nobodys(cast: Cast, signed_in: SignedIn, activity: Activity) -> None:
    client, number = signed_in(cast.hue), "9" * 25
    for place, name in (("learners/complete/", "done"), ("certificates/issue/", "who")):
        answer = client.post(f"/learning/activities/{activity.code}/{place}", {name: number})
        assert answer.status_code in (302, 422), place


def test_somebody_gives_up_and_the_next_comes_in(cast: Cast, signed_in: SignedIn, activity: Activity) -> None:
    rows = [
        enrolments.enrol(by=cast.hue, activity=activity, person=make_person(name)) for name in ("Lê A", "Lê B", "Lê C")
    ]
    signed_in(cast.hue).post(address(activity, f"{rows[0].pk}/cancel/"))
    assert [row.state for row in activity.enrolments.order_by("place")] == ["cancelled", "enrolled", "enrolled"]


# ---- a list ------------------------------------------------------------------------------------------


def sent(*rows: tuple[str, str]) -> io.BytesIO:
    columns = (Column("Họ và tên", 50), Column("Năm sinh", 20))
    file = io.BytesIO(workbook([Sheet(name="Danh sách", title="Danh sách", table=Table(columns, rows))]))
    file.name = "danh-sach.xlsx"
    return file


def test_a_list_is_judged_shown_and_taken_in_when_it_is_accepted(
    cast: Cast, signed_in: SignedIn, activity: Activity
) -> None:
    known = make_person("Danh Út", birth_year=1980)
    client = signed_in(cast.hue)
    rows = (("Danh Út", "1980"), ("Lê Tám", "1981"), ("Lê Chín", "tám mươi"))
    checking = client.post(address(activity, "list/"), {"file": sent(*rows)}).url
    page = client.get(checking).content.decode()
    assert "Năm sinh gồm bốn chữ số" in page
    assert not activity.enrolments.exists()
    row = re.search(r'name="same-(\d+)"', page).group(1)  # type: ignore[union-attr]  # it is there
    assert client.post(checking, {f"same-{row}": known.pk}).status_code == 409
    assert client.post(checking, {f"same-{row}": "x", "only_right": "yes"}).status_code == 422
    assert client.post(checking, {f"same-{row}": known.pk, "only_right": "yes"}).status_code == 302
    assert {one.person.name for one in activity.enrolments.all()} == {"Danh Út", "Lê Tám"}
    assert client.get(checking).status_code == 404


def test_a_list_that_is_given_up_leaves_nothing(cast: Cast, signed_in: SignedIn, activity: Activity) -> None:
    client = signed_in(cast.hue)
    assert client.post(address(activity, "list/"), {"file": io.BytesIO(b"x")}).status_code == 422
    checking = client.post(address(activity, "list/"), {"file": sent(("Lê Tám", "1981"))}).url
    assert client.post(f"{checking}drop/").status_code == 302
    assert client.get(checking).status_code == 404
    assert not Person.objects.exists()


def test_a_long_list_is_taken_in_by_a_job(
    cast: Cast, signed_in: SignedIn, activity: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "LONG", 1)
    client = signed_in(cast.hue)
    checking = client.post(address(activity, "list/"), {"file": sent(("Lê Tám", "1981"), ("Lê Chín", "1982"))}).url
    job = Job.objects.get(owner_key=cast.hue.actor_key) if client.post(checking, {}).status_code == 302 else None
    assert job is not None
    assert (job.kind, job.total, job.parameters["only_right"]) == ("learning.lists", 2, False)
    assert not activity.enrolments.exists()

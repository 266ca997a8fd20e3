"""The page of attendance without script, what phones send, and who gets what."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.cast import TODAY, Cast
from tests.factories.learning import make_activity, make_provider, make_session
from tests.programme.learning.test_attendance import Class, book, make_class, mark, take

from hieuhoc.programme.learning.models import Attendance, HeadCount, SentMark
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.people.models import Person

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def lesson(cast: Cast) -> Class:
    return make_class(cast, learners=4)


def page(lesson: Class) -> str:
    return reverse("learning:attendance", args=[lesson.today.pk])


def send(client: Client, told: Any, **more: Any) -> Any:
    return client.post(reverse("learning:attendance-sync"), json.dumps(told), content_type="application/json", **more)


def sending(lesson: Class, *marks: str, keys: list[str] | None = None) -> dict[str, Any]:
    items = [
        {"key": key, "kind": "mark", "enrolment": one.pk, "mark": said, "seen": 0, "at": "2020-11-16T00:05:00+07:00"}
        for one, said, key in zip(lesson.learners, marks, keys or [str(uuid.uuid4()) for _ in marks], strict=False)
    ]
    return {"session": lesson.today.pk, "user": None, "items": items}


# ---- without script ----------------------------------------------------------------------------------


def test_a_form_writes_the_marks_that_differ_and_being_sent_twice_writes_once(lesson: Class, signed_in: SignIn) -> None:
    client, (one, two, three, four) = signed_in(lesson.cast.lan), lesson.learners
    typed = {"key": str(uuid.uuid4())}
    for learner, said in ((one, "present"), (two, "late"), (three, ""), (four, "absent")):
        typed |= {f"mark-{learner.pk}": said, f"was-{learner.pk}": ":0"}
    for _time in range(2):
        answer = client.post(page(lesson), typed, follow=True)
        assert answer.status_code == 200
    assert book(lesson.today) == {one.pk: "present", two.pk: "late", four.pk: "absent"}
    assert SentMark.objects.count() == 3
    assert "Nguyễn Văn An" in answer.content.decode()


def test_two_forms_that_were_open_at_once_show_both_marks_and_the_choice_settles_it(
    lesson: Class, signed_in: SignIn
) -> None:
    client, one = signed_in(lesson.cast.lan), lesson.learners[0]
    take(lesson.cast.hue, lesson.today, mark(one, "absent"))
    answer = client.post(page(lesson), {f"mark-{one.pk}": "present", f"was-{one.pk}": ":0"}, follow=True)
    shown = answer.content.decode()
    assert "Trương Thị Huệ" in shown
    assert "Ngô Ngọc Lan" in shown
    clash, standing = SentMark.objects.get(outcome="conflict"), Attendance.objects.get()
    settle = reverse("learning:attendance-settle", args=[lesson.today.pk, clash.pk])
    stale = client.post(settle, {"choice": "sent", "edition": standing.edition + 7}, follow=True)
    assert "vừa ghi khác" in stale.content.decode()
    client.post(settle, {"choice": "sent", "edition": standing.edition})
    assert book(lesson.today) == {one.pk: "present"}


def test_a_walk_in_and_heads_come_by_forms_too(lesson: Class, signed_in: SignIn) -> None:
    client, key = signed_in(lesson.cast.lan), str(uuid.uuid4())
    came = {"key": key, "name": "Trần Thị Chín", "birth_year": "1990", "sex": "female"}
    for _time in range(2):
        client.post(reverse("learning:attendance-walk-in", args=[lesson.today.pk]), came)
    assert Person.objects.filter(name="Trần Thị Chín").count() == 1
    heads = reverse("learning:attendance-heads", args=[lesson.today.pk])
    client.post(heads, {"key": key, "heads-female_36-60": "12", "was-female_36-60": "0:0"})
    assert HeadCount.objects.get().count == 12
    assert client.post(heads, {"heads-_": "mười", "was-_": "0:0"}).status_code == 422
    wrong = client.post(reverse("learning:attendance-walk-in", args=[lesson.today.pk]), {"name": ""})
    assert wrong.status_code == 422


def test_the_list_of_sessions_shows_those_of_these_days_whose_attendance_one_takes(
    lesson: Class, signed_in: SignIn
) -> None:
    far = make_session(make_activity(make_provider(lesson.cast.next_door), "Lớp bên cạnh"), TODAY)
    make_session(lesson.today.activity, TODAY + timedelta(days=30))
    shown = signed_in(lesson.cast.lan).get(reverse("learning:sessions"))
    assert {one.pk for one in shown.context["page"]} == {lesson.first.pk, lesson.today.pk}
    assert far.activity.title not in shown.content.decode()
    assert signed_in(lesson.cast.nobody).get(reverse("learning:sessions")).status_code == 403


def test_the_file_of_what_was_not_sent_is_taken_once_and_only_from_whoever_marked_it(
    lesson: Class, signed_in: SignIn
) -> None:
    lan, address = lesson.cast.lan, reverse("learning:sessions")
    items = [
        one | {"session": lesson.today.pk, "user": lan.pk, "label": "Ai đó"}
        for one in sending(lesson, "present")["items"]
    ]
    items.append({"key": str(uuid.uuid4()), "kind": "heads", "count": 4, "session": lesson.today.pk, "user": lan.pk})

    def give(user: User, content: bytes) -> int:
        file = SimpleUploadedFile("chua-gui.json", content)
        status: int = signed_in(user).post(address, {"file": file}).status_code
        return status

    content = json.dumps({"items": items}).encode()
    assert [give(lan, content), give(lan, content)] == [302, 302]
    assert (book(lesson.today), HeadCount.objects.get().count) == ({lesson.learners[0].pk: "present"}, 4)
    assert SentMark.objects.count() == 2
    broken = json.dumps({"items": [items[0] | {"key": "x"}]}).encode()
    strange = [b"", b"[]", b"{}", b'{"items": [3]}', broken]
    assert [give(lan, one) for one in strange] == [422] * 5
    assert give(lesson.cast.hue, content) == 422


# ---- phones ---------------------------------------------------------------------------------------------


def test_a_sending_is_answered_key_by_key_with_the_state_of_the_session(lesson: Class, signed_in: SignIn) -> None:
    client, told = signed_in(lesson.cast.lan), sending(lesson, "present", "late", "asleep")
    first, again = send(client, told), send(client, told)
    assert [one["outcome"] for one in first.json()["outcomes"]] == ["taken", "taken", "refused"]
    assert first.json()["outcomes"] == again.json()["outcomes"]
    state = first.json()["state"]
    assert [one["mark"] for one in state["learners"]].count("present") == 1
    assert len(state["learners"]) == 4
    assert SentMark.objects.count() == 3


def test_an_item_that_cannot_be_read_is_refused_and_holds_up_no_other(lesson: Class, signed_in: SignIn) -> None:
    told = sending(lesson, "present")
    broken = [
        {"key": str(uuid.uuid4())} | rest
        for rest in (
            {"kind": "dance"},
            {"kind": "mark", "enrolment": "x", "mark": "present"},
            {"kind": "mark", "enrolment": 2**40, "mark": "present"},
            {"kind": "mark", "enrolment": lesson.learners[1].pk, "mark": ["present"]},
            {"kind": "heads", "count": -3},
            {"kind": "walk_in", "name": "A\0B"},
        )
    ]
    answer = send(signed_in(lesson.cast.lan), told | {"items": [*broken, *told["items"]]})
    outcomes = {one["key"]: one for one in answer.json()["outcomes"]}
    assert {outcomes[one["key"]]["outcome"] for one in broken} == {"refused"}
    assert all(outcomes[one["key"]]["why"] for one in broken)
    assert book(lesson.today) == {lesson.learners[0].pk: "present"}


@pytest.mark.parametrize("told", [[], {"items": 3}, {"session": "x", "items": []}, {"session": 1, "items": [{}]}, None])
def test_what_is_no_sending_is_answered_with_a_sentence(lesson: Class, signed_in: SignIn, told: Any) -> None:
    if isinstance(told, dict) and told.get("session") == 1:
        told = told | {"session": lesson.today.pk}
    answer = send(signed_in(lesson.cast.lan), told)
    assert (answer.status_code, bool(answer.json()["sentence"])) == (422, True)
    garbage = signed_in(lesson.cast.lan).post(
        reverse("learning:attendance-sync"), b"\xff{", content_type="application/json"
    )
    assert garbage.status_code == 422


def test_what_no_phone_sends_is_refused_and_breaks_nothing(lesson: Class, signed_in: SignIn) -> None:
    client = signed_in(lesson.cast.lan)
    for body in ("[" * 100_000, f'{{"session": {lesson.today.pk}, "items": {"[" * 50_000}'):
        answer = client.post(reverse("learning:attendance-sync"), body, content_type="application/json")
        assert answer.status_code == 422
    odd: list[dict[str, Any]] = [
        {"kind": "walk_in", "name": "Cao Thị \ud800", "mark": "present"},
        {"kind": "mark", "enrolment": lesson.learners[0].pk, "mark": "\ud800"},
        {"kind": "mark", "enrolment": lesson.learners[0].pk, "mark": "late", "at": "0001-01-01T00:00:00+14:00"},
    ]
    items = [{"key": str(uuid.uuid4()), **one} for one in odd]
    answer = send(client, {"session": lesson.today.pk, "user": None, "items": items})
    outcomes = {one["key"]: one["outcome"] for one in answer.json()["outcomes"]}
    assert [outcomes[one["key"]] for one in items] == ["refused", "refused", "taken"]
    assert client.get(page(lesson)).status_code == 200


def test_a_name_that_is_none_is_said_at_its_field_and_kept(lesson: Class, signed_in: SignIn) -> None:
    walk_in = reverse("learning:attendance-walk-in", args=[lesson.today.pk])
    answer = signed_in(lesson.cast.lan).post(walk_in, {"name": "Lê Thị 5", "birth_year": "1980"})
    assert answer.status_code == 422
    assert 'value="Lê Thị 5"' in answer.content.decode()


def test_whoever_is_signed_out_is_told_so_and_not_sent_to_another_page(lesson: Class, signed_in: SignIn) -> None:
    assert send(Client(), sending(lesson, "present")).status_code == 401
    asked = Client().get(reverse("learning:attendance-sync")).json()
    assert (asked["user"], bool(asked["csrf"])) == (None, True)
    asked = signed_in(lesson.cast.lan).get(reverse("learning:attendance-sync")).json()
    assert (asked["user"], asked["name"]) == (lesson.cast.lan.pk, "Ngô Ngọc Lan")


def test_items_of_another_person_are_not_taken_under_this_name(lesson: Class, signed_in: SignIn) -> None:
    told = sending(lesson, "present") | {"user": lesson.cast.hue.pk}
    assert send(signed_in(lesson.cast.lan), told).status_code == 403
    assert book(lesson.today) == {}


def test_who_may_not_take_attendance_is_refused_and_next_door_finds_nothing(lesson: Class, signed_in: SignIn) -> None:
    for user, status in ((lesson.cast.xuan, 403), (lesson.cast.chi, 404)):
        client = signed_in(user)
        assert client.get(page(lesson)).status_code == status
        assert send(client, sending(lesson, "present")).status_code == status
    assert book(lesson.today) == {}


def test_a_sending_needs_the_token(lesson: Class) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(lesson.cast.lan, backend="django.contrib.auth.backends.ModelBackend")
    assert send(client, sending(lesson, "present")).status_code == 403
    token = client.get(reverse("learning:attendance-sync")).json()["csrf"]
    assert send(client, sending(lesson, "present"), headers={"X-CSRFToken": token}).status_code == 200


def test_the_worker_is_open_code_that_answers_for_the_sessions(client: Client) -> None:
    answer = client.get(reverse("learning:attendance-worker"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert b"respondWith" in answer.content


def test_many_learners_are_shown_and_taken_in_as_many_queries_as_few(cast: Cast, signed_in: SignIn) -> None:
    client, counts = signed_in(cast.lan), []
    for lesson in (make_class(cast, learners=4), make_class(cast, learners=20)):
        client.get(page(lesson))
        with CaptureQueriesContext(connection) as queries:
            client.get(page(lesson))
            send(client, sending(lesson, *["present"] * 20))
        counts.append(len(queries))
    assert counts[0] == counts[1]

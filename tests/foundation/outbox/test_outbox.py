"""Messages wait, leave once, and are tried again when they could not."""

import io
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings
from tests.foundation.outbox import post_office

from hieuhoc.foundation.outbox import services
from hieuhoc.foundation.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office(settings: Settings) -> Iterator[list[str]]:
    settings.EMAIL_BACKEND = "tests.foundation.outbox.post_office.Backend"
    post_office.sent.clear()
    yield post_office.sent
    post_office.sent.clear()


def post(subject: str = "Đôn đốc", to: str = "an@example.vn", key: str = "") -> Message | None:
    return services.post(to=to, subject=subject, body="Việc này trễ 3 ngày.", key=key)


def test_a_message_waits_until_it_is_sent_and_leaves_once(office: list[str]) -> None:
    message = post()
    assert message is not None
    assert office == []
    assert services.send_waiting() == 1
    assert services.send_waiting() == 0
    message.refresh_from_db()
    assert office == ["Đôn đốc"]
    assert message.sent_at is not None
    assert message.problem == ""


def test_the_oldest_message_leaves_first_and_no_more_than_asked_for(office: list[str]) -> None:
    for number in range(5):
        post(f"Thư {number}")
    assert services.send_waiting(most=3) == 3
    assert office == ["Thư 0", "Thư 1", "Thư 2"]
    assert services.send_waiting() == 2


def test_the_same_key_is_queued_once_even_after_it_was_sent() -> None:
    assert post(key="remind:1") is not None
    assert post(key="remind:1") is None
    services.send_waiting()
    assert post(key="remind:1") is None
    assert Message.objects.count() == 1


def test_messages_without_a_key_are_queued_each_time() -> None:
    assert post() is not None
    assert post() is not None
    assert Message.objects.count() == 2


def test_a_subject_is_one_line_of_at_most_200_letters() -> None:
    message = post("Đôn đốc:\r\nBcc: ai-do@example.vn " + "a" * 300)
    assert message is not None
    assert message.subject.startswith("Đôn đốc: Bcc: ai-do@example.vn a")
    assert len(message.subject) == 200


def test_a_message_of_a_deed_that_failed_is_never_queued() -> None:
    with pytest.raises(ZeroDivisionError):
        _post_and_fail()
    assert Message.objects.count() == 0


@transaction.atomic
def _post_and_fail() -> float:
    post()
    return 1 / 0


@pytest.mark.parametrize("address", ["no-server@example.vn", "unknown@example.vn", "a@b.vn\nBcc: c@d.vn"])
def test_a_message_that_cannot_leave_stays_with_its_problem_and_holds_no_other_up(
    office: list[str], address: str
) -> None:
    message = post("Không tới", to=address)
    assert message is not None
    post("Tới nơi")
    assert services.send_waiting() == 1
    message.refresh_from_db()
    assert office == ["Tới nơi"]
    assert message.sent_at is None
    assert message.problem != ""


def test_what_failed_is_tried_ever_more_seldom_and_given_up_in_the_end() -> None:
    message = post(to="no-server@example.vn")
    assert message is not None
    now = message.queued_at
    waits = []
    for _ in range(services.MOST_ATTEMPTS):
        services.send_waiting(now=now)
        message.refresh_from_db()
        waits.append(round((message.next_attempt_at - now) / timedelta(minutes=1)))
        assert services.send_waiting(now=message.next_attempt_at - timedelta(seconds=1)) == 0
        message.refresh_from_db()
        now = message.next_attempt_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128]
    assert message.attempts == services.MOST_ATTEMPTS
    services.send_waiting(now=now + timedelta(days=365))
    message.refresh_from_db()
    assert message.attempts == services.MOST_ATTEMPTS


def test_what_failed_leaves_once_the_server_answers_again(office: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    message = post(to="no-server@example.vn")
    assert message is not None
    services.send_waiting()
    monkeypatch.delitem(post_office.REFUSED, "no-server@example.vn")
    assert services.send_waiting(now=timezone.now() + timedelta(minutes=2)) == 1
    message.refresh_from_db()
    assert (message.problem, message.attempts) == ("", 2)
    assert office == ["Đôn đốc"]


def test_the_command_says_how_many_left() -> None:
    post()
    out = io.StringIO()
    call_command("send_messages", stdout=out)
    assert out.getvalue() == "Đã gửi 1 thư.\n"


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_no_message_twice(office: list[str]) -> None:
    for number in range(20):
        post(f"Thư {number}")
    together = threading.Barrier(2)
    counts: list[int] = []

    def send() -> None:
        try:
            together.wait(10)
            counts.append(services.send_waiting())
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(60)
    close_old_connections()
    assert sorted(office) == sorted(f"Thư {number}" for number in range(20))
    assert sum(counts) == 20

"""The same report sent several times at one moment, in real threads with connections of their own: it is done once."""

import threading

import pytest
from django.db import connection
from django.test import Client
from tests.factories import plans as factory
from tests.factories.cast import make_cast

from hieuhoc.programme.plans.models import Assignment, Obstacle
from hieuhoc.registers.accounts import services

TIMES = 4


@pytest.mark.django_db(transaction=True)
def test_a_report_sent_several_times_at_once_is_done_once_and_answered_alike() -> None:
    cast = make_cast()
    task = factory.make_task("Mở lớp học.", leads=[cast.commune])
    plan = factory.make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=[task])
    address = f"/api/v1/assignments/{Assignment.objects.get(plan=plan).pk}/obstacles"
    _token, secret = services.make_token(by=cast.an, name="Bảng", may_report=True)
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "cung-mot-luc"}
    sent = {"topic": "staff", "title": "Thiếu người", "text": "Chưa có."}
    together = threading.Barrier(TIMES)
    answers: list[tuple[int, str, str]] = []

    def ask() -> None:
        try:
            together.wait(20)
            answer = Client(headers=headers).post(address, sent, content_type="application/json")
            repeated = answer.headers.get("Idempotency-Replayed", "")
            answers.append((answer.status_code, answer.content.decode(), repeated))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {status for status, _body, _repeated in answers} == {201}
    assert len({body for _status, body, _repeated in answers}) == 1
    assert sorted(repeated for _status, _body, repeated in answers) == ["", *["true"] * (TIMES - 1)]
    assert Obstacle.objects.count() == 1

"""The round of what recurs."""

import pytest
from django.core import mail
from django.core.management import call_command

from hieuhoc.foundation.outbox import services as outbox
from hieuhoc.project.management.commands.tick import do_round


@pytest.mark.django_db
def test_a_round_sends_what_waits_and_says_how_much(capsys: pytest.CaptureFixture[str]) -> None:
    outbox.post(to="an@example.vn", subject="Nhắc việc", body="Có việc đến hạn.")
    call_command("tick")
    assert "messages sent: 1" in capsys.readouterr().out
    assert [message.to for message in mail.outbox] == [["an@example.vn"]]


@pytest.mark.django_db
def test_a_second_round_finds_nothing_to_do() -> None:
    outbox.post(to="an@example.vn", subject="Nhắc việc", body="Có việc đến hạn.")
    do_round()
    assert {done for _, done in do_round()} == {0}

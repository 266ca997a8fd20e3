"""The two commands of whoever runs the server."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from tests.factories.accounts import secret_in_last_letter
from tests.factories.cast import TODAY, Cast

from hieuhoc.registers.accounts.models import Grant, Invitation
from hieuhoc.registers.accounts.roles import describe


def test_the_first_administrator_is_invited_from_the_command_line(cast: Cast) -> None:
    Grant.objects.filter(user=cast.tri).update(valid_to=TODAY)
    said = io.StringIO()
    call_command("invite_administrator", "dau@example.vn", "Người Đầu Tiên", cast.province.key, stdout=said)
    assert said.getvalue().strip().endswith(f"/accounts/invitation/{secret_in_last_letter()}/")
    assert Invitation.objects.get().role == "administrator"


def test_the_command_says_why_it_cannot(cast: Cast) -> None:
    with pytest.raises(CommandError, match="đã có người quản trị"):
        call_command("invite_administrator", "dau@example.vn", "Người Đầu Tiên", cast.province.key)
    with pytest.raises(CommandError, match="Không tìm thấy đơn vị"):
        call_command("invite_administrator", "dau@example.vn", "Người Đầu Tiên", "khong-co")


def test_the_reference_page_of_roles_is_written_anew(tmp_path: Path) -> None:
    call_command("write_roles", tmp_path / "reference" / "roles.md", stdout=io.StringIO())
    assert (tmp_path / "reference" / "roles.md").read_text(encoding="utf-8") == describe()

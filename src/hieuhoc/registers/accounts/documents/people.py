"""The list of users as a workbook."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from hieuhoc.registers.accounts.documents.workbook import Cell, Column, lead_of, workbook
from hieuhoc.registers.accounts.models import User


def people_workbook(people: Iterable[User], *, on: date) -> bytes:
    """The list of users with their roles of a day (each carries its grants as `held`)."""
    rows: list[Sequence[Cell]] = []
    for number, user in enumerate(people, start=1):
        roles = "\n".join(f"{grant.role_named.name} – {grant.unit.name}" for grant in user.held)  # type: ignore[attr-defined]  # prefetched by selectors.people
        seen = timezone.localtime(user.last_login).date() if user.last_login else None
        state = _("Đang dùng") if user.is_active else _("Đã khóa")
        rows.append((number, user.full_name, user.title, user.email, user.phone, roles, state, seen))
    columns = [
        Column(_("Số TT"), 7),
        Column(_("Họ và tên"), 26),
        Column(_("Chức vụ"), 24),
        Column(_("Thư điện tử"), 30),
        Column(_("Điện thoại"), 15),
        Column(_("Vai trò và đơn vị"), 46),
        Column(_("Trạng thái"), 13),
        Column(_("Đăng nhập gần nhất"), 13),
    ]
    return workbook(_("DANH SÁCH NGƯỜI DÙNG"), lead_of(on), columns, rows)

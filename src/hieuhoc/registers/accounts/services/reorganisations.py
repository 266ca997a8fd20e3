"""Who may reorganise units: prepared by an administrator of a province, approved by somebody else who leads it.

The register itself asks nobody; here it is asked, and then the register does it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from hieuhoc.kernel.errors import HouseError, Missing, Refused
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import services as places
from hieuhoc.registers.places.selectors import rows as words

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Reorganisation, ReorganisationRow

PREPARE, APPROVE = Permission.REORGANISATION_PREPARE, Permission.REORGANISATION_APPROVE


def require_own(user: User, event: Reorganisation, *permissions: Permission) -> None:
    """Let pass who may do one of these in a province, with an event that somebody of their province prepared.

    Raises: Refused without such a role; Missing for an event of another province's people.
    """
    if not any(access.may_in_a_province(user, permission) for permission in permissions):
        raise Refused(_("Việc này thuộc về người có vai trò ở cấp tỉnh."))
    if event.prepared_by not in access.overseen(user, *permissions, of=PREPARE):
        raise Missing(_("Không tìm thấy cuộc sắp xếp này."))


def require_scope(user: User, event: Reorganisation) -> None:
    """Let pass who may prepare or approve at every unit that the rows of an event name.

    Of provinces that become one by the event, it is enough to be of one.

    Raises: Refused, with the name of a unit elsewhere.
    """
    own = [*access.scopes(user, PREPARE), *access.scopes(user, APPROVE)]
    concerned = words.concerned(event)
    mine = {unit.pk for unit in own}
    joined = {number for group in concerned.joined if group & mine for number in group}
    own += [unit for unit in concerned.units if unit.pk in joined]
    for unit in concerned.units:
        if not any(access.covers(above, unit) for above in own):
            raise Refused("“{unit}” nằm ngoài phạm vi của bạn; cần người có vai trò ở tỉnh ấy.", unit=unit.name)


def prepare_reorganisation(
    *,
    by: User,
    title: str,
    effective_on: date,
    document_number: str = "",
    document_on: date | None = None,
    document_issuer: str = "",
    note: str = "",
) -> Reorganisation:
    """Begin an event. Raises: Refused; Invalid as the register."""
    access.require_of_a_province(by, PREPARE)
    return places.prepare_reorganisation(
        by=by,
        title=title,
        effective_on=effective_on,
        document_number=document_number,
        document_on=document_on,
        document_issuer=document_issuer,
        note=note,
    )


def change_reorganisation(
    *,
    by: User,
    event: Reorganisation,
    title: str,
    effective_on: date,
    document_number: str,
    document_on: date | None,
    document_issuer: str,
    note: str,
) -> Reorganisation:
    """Say otherwise what an event is called, on what paper it stands, when it takes effect. Raises: as the register."""
    require_own(by, event, PREPARE)
    return places.change_reorganisation(
        by=by,
        event=event,
        title=title,
        effective_on=effective_on,
        document_number=document_number,
        document_on=document_on,
        document_issuer=document_issuer,
        note=note,
    )


def set_rows(*, by: User, event: Reorganisation, rows: Sequence[words.Row]) -> None:
    """Give an event exactly these rows. Raises: Refused; Conflict, Invalid as the register."""
    require_own(by, event, PREPARE)
    places.set_rows(by=by, event=event, rows=rows)


@transaction.atomic
def bring_rows(
    *, by: User, event: Reorganisation, typed: Sequence[Mapping[str, str]], keep_wrong: bool = False
) -> list[tuple[int, str, HouseError]]:
    """Give an event the rows of a file; what is wrong with them comes back as place (0: the whole), heading, reason.

    While something is wrong nothing is changed, unless `keep_wrong` asks for the rows nonetheless, to be mended there.

    Raises: Refused; Conflict once it is no draft; Invalid for more rows, or longer texts, than an event may have.
    """
    require_own(by, event, PREPARE)
    places.set_rows(by=by, event=event, rows=[words.read_row(row) for row in typed])
    problems = places.try_reorganisation(event).problems
    if problems and not keep_wrong:
        transaction.set_rollback(True)
    return [(problem.row, problem.heading, problem.error) for problem in problems]


def add_row(*, by: User, event: Reorganisation, typed: Mapping[str, str]) -> ReorganisationRow:
    """Add a row as it was typed. Raises: Refused; Conflict, Invalid as the register."""
    require_own(by, event, PREPARE)
    return places.add_row(by=by, event=event, row=words.read_row(typed))


def change_row(*, by: User, event: Reorganisation, position: int, typed: Mapping[str, str]) -> ReorganisationRow:
    """Write a row anew. Raises: Refused; Conflict, Invalid, Missing as the register."""
    require_own(by, event, PREPARE)
    return places.change_row(by=by, event=event, position=position, row=words.read_row(typed))


def remove_row(*, by: User, event: Reorganisation, position: int) -> None:
    """Take a row out. Raises: Refused; Conflict, Missing as the register."""
    require_own(by, event, PREPARE)
    places.remove_row(by=by, event=event, position=position)


def submit_reorganisation(*, by: User, event: Reorganisation) -> Reorganisation:
    """Hand an event to whoever approves it. Raises: Refused; Invalid while a row is wrong; Conflict."""
    require_own(by, event, PREPARE)
    require_scope(by, event)
    return places.submit_reorganisation(by=by, event=event)


def approve_reorganisation(*, by: User, event: Reorganisation) -> Reorganisation:
    """Approve an event that somebody else prepared; it is carried out when its day has come.

    Raises: Refused for one's own, or without the role; Conflict, Invalid as the register.
    """
    require_own(by, event, APPROVE)
    require_scope(by, event)
    return places.approve_reorganisation(by=by, event=event)


def return_reorganisation(*, by: User, event: Reorganisation, why: str) -> Reorganisation:
    """Hand an event back with a reason: whoever approves, and whoever prepares while it waits.

    Raises: Refused; Invalid without a reason; Conflict.
    """
    require_own(by, event, PREPARE, APPROVE)
    require_scope(by, event)
    return places.return_reorganisation(by=by, event=event, why=why)


def execute_reorganisation(*, by: User, event: Reorganisation) -> Reorganisation:
    """Carry out an event that was approved. Raises: Refused; Conflict, Invalid as the register."""
    require_own(by, event, PREPARE)
    require_scope(by, event)
    return places.execute_reorganisation(by=by, event=event)


def take_back_reorganisation(*, by: User, event: Reorganisation, why: str) -> Reorganisation:
    """Undo an event while nothing has been built on it. Raises: Refused; Conflict, Invalid as the register."""
    require_own(by, event, PREPARE)
    require_scope(by, event)
    return places.take_back_reorganisation(by=by, event=event, why=why)


def discard_reorganisation(*, by: User, event: Reorganisation) -> Reorganisation:
    """Put an event aside. Raises: Refused; Conflict."""
    require_own(by, event, PREPARE)
    return places.discard_reorganisation(by=by, event=event)


def restore_reorganisation(*, by: User, event: Reorganisation) -> Reorganisation:
    """Take up again an event that was put aside. Raises: Refused; Conflict."""
    require_own(by, event, PREPARE)
    return places.restore_reorganisation(by=by, event=event)


def execute_shipped(
    *, by: User, until: date, progress: Callable[[str], None] = lambda step: None
) -> list[Reorganisation]:
    """Lead the demonstration through the real reorganisations up to a day.

    Raises: Refused on a house that is no demonstration, or without the role; Invalid as the register.
    """
    if not settings.DEMONSTRATION:
        raise Refused("Chỉ bản trình diễn mới đi qua được các cuộc sắp xếp có sẵn.")
    access.require_of_a_province(by, PREPARE)
    return places.execute_shipped(by=by, until=until, progress=progress)

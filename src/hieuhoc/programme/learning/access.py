"""Who may do what where learning happens: refused (403) when it can be seen, missing (404) when not.

What is asked of activities stands in `selectors/seeing.py`, for reading needs it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hieuhoc.foundation.records import clock
from hieuhoc.kernel.errors import Refused
from hieuhoc.programme.learning.models import Provider
from hieuhoc.programme.learning.rules import founding, grading
from hieuhoc.programme.learning.selectors.seeing import activities_seen, activities_where, may_with, require_with
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

__all__ = [
    "activities_seen",
    "activities_where",
    "may_assess",
    "may_decide",
    "may_edit",
    "may_verify",
    "may_with",
    "require_assessing",
    "require_deciding",
    "require_editing",
    "require_verifying",
    "require_with",
]


def may_edit(user: User, provider: Provider) -> bool:
    """Whether `user` keeps what is told of a body: address, staff, rooms, equipment."""
    return access.may(user, Permission.PROVIDER_EDIT, at=provider.unit)


def require_editing(user: User, provider: Provider) -> None:
    """Let the user pass who keeps what is told of a body. Raises: Refused, Missing."""
    access.require(user, Permission.PROVIDER_EDIT, at=provider.unit)


def may_decide(user: User, kind: str, *, at: Unit) -> bool:
    """Whether `user` may found, rearrange or end a body of this kind at a unit, and appoint its leaders, today.

    Until 30/6/2025 the district decides on community learning centres, then the commune: rules/founding.py.
    """
    levels = {unit.level for unit in access.scopes(user, Permission.PROVIDER_FOUND) if access.covers(unit, at)}
    return founding.may_decide(kind, levels=levels, on=clock.today())


def require_deciding(user: User, kind: str, *, at: Unit) -> None:
    """Let the user pass who may found, rearrange, end and appoint there today. Raises: Refused, Missing."""
    access.require(user, Permission.PROVIDER_FOUND, at=at)
    if not may_decide(user, kind, at=at):
        who = founding.competence(kind, on=clock.today())
        raise Refused(who.why_not if who else "Vai trò của bạn không bao gồm thao tác này.")


def may_assess(user: User, body: Provider) -> bool:
    """Whether `user` fills in the assessment of a body's year, as somebody of its own level."""
    scopes = access.scopes(user, Permission.GRADE_ASSESS)
    reaching = (unit for unit in scopes if access.covers(unit, body.unit))
    return any(grading.assesses(scope=unit.level, body=body.unit.level) for unit in reaching)


def require_assessing(user: User, body: Provider) -> None:
    """Let the user pass who assesses a body. Raises: Refused, Missing."""
    access.require(user, Permission.GRADE_ASSESS, at=body.unit)
    if not may_assess(user, body):
        raise Refused("Cơ sở tự chấm, cấp trên thẩm định; bạn không chấm thay cơ sở.")


def may_verify(user: User, body: Provider) -> bool:
    """Whether `user` verifies the assessment of a body's year, as somebody of the level above."""
    scopes = access.scopes(user, Permission.GRADE_VERIFY)
    reaching = (unit for unit in scopes if access.covers(unit, body.unit))
    return any(grading.verifies(is_same=unit.pk == body.unit_id, body=body.unit.level) for unit in reaching)


def require_verifying(user: User, body: Provider) -> None:
    """Let the user pass who verifies the assessment of a body. Raises: Refused, Missing."""
    access.require(user, Permission.GRADE_VERIFY, at=body.unit)
    if not may_verify(user, body):
        raise Refused("Phiếu của cơ sở ở đơn vị bạn do cấp trên thẩm định.")

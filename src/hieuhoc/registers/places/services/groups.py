"""Whom a group stands for."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.places.models import Membership, Unit


@transaction.atomic
def set_members(*, by: trail.Actor, group: Unit, members: Sequence[Unit], on: date) -> list[Membership]:
    """Let a group stand, from `on`, for exactly these units. What is already with its holders stays with them.

    Raises: Invalid when the group is none, a member is itself a group, or a member does not stand on that day;
        Invalid (field `on`) when the members were set for a later day.
    """
    group = Unit.objects.select_for_update().get(pk=group.pk)
    _check(group, members, on=on)
    present = {row.member_id: row for row in group.memberships.filter(valid_to__isnull=True).select_related("member")}
    if any(row.valid_from > on for row in present.values()):
        raise Invalid(_("Thành viên của nhóm đã được thay đổi sau ngày này."), field="on")
    wanted = {member.pk: member for member in members}
    leaving = [row for number, row in present.items() if number not in wanted]
    coming = [member for number, member in wanted.items() if number not in present]
    Membership.objects.filter(pk__in=[row.pk for row in leaving if row.valid_from < on]).update(valid_to=on)
    # Taken in and out on one day, it never was a member on any day: no half-open span can say so.
    Membership.objects.filter(pk__in=[row.pk for row in leaving if row.valid_from == on]).delete()
    added = Membership.objects.bulk_create(
        [Membership(group=group, member=member, valid_from=on) for member in coming], batch_size=400
    )
    if leaving or coming:
        changes = {"members": [sorted(row.member.name for row in leaving), sorted(one.name for one in coming)]}
        trail.record(by=by, deed="places.unit.set_members", what=group, changes=changes | {"on": ["", f"{on}"]})
    return added


def _check(group: Unit, members: Sequence[Unit], *, on: date) -> None:
    if not group.is_group:
        raise Invalid(_("Chỉ nhóm đơn vị mới có thành viên."), field="group")
    for member in members:
        if member.is_group:
            raise Invalid(_("Một nhóm không thể là thành viên của nhóm khác."), field="members")
        if not member.holds_on(on):
            raise Invalid(_("%(name)s không tồn tại vào ngày đã chọn.") % {"name": member.name}, field="members")

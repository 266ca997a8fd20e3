"""Activities: made, changed, opened, ended, cancelled; who holds them, which tasks they serve, who speaks, pictures."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hieuhoc.foundation.records import attachments, clock, trail
from hieuhoc.foundation.records.pictures import without_place
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning import access, states
from hieuhoc.programme.learning.models import (
    Activity,
    ActivityTask,
    Organiser,
    Photo,
    Provider,
    Session,
    Speaker,
)
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.services.enrolments import fill_places
from hieuhoc.programme.learning.services.finder import tell_watchers
from hieuhoc.programme.learning.services.sessions import settle_days
from hieuhoc.programme.plans import selectors as plans
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.people.services.telling import tell_later

if TYPE_CHECKING:
    from hieuhoc.programme.plans.models import Task
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

# Letters and digits that nobody takes for another when a code is read aloud.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_OWN_KINDS = {"clc": "clc", "school": "school", "library": "culture", "museum": "culture", "culture_house": "culture"}
COLUMNS = (
    "kind",
    "title",
    "topic",
    "field",
    "tags",
    "summary",
    "audience",
    "for_rural_workers",
    "place",
    "planned",
    "enrolling",
    "enrol_until",
    "capacity",
    "fee",
    "is_public",
)


@dataclass(frozen=True)
class Holder:
    """Who holds an activity: a kind of organiser, a name, and the unit of the register where it is one."""

    kind: str
    name: str
    unit: Unit | None = None


@transaction.atomic
def make_activity(
    *, by: User, provider: Provider, owner: Holder | None = None, with_: Sequence[Holder] = (), **columns: Any
) -> Activity:
    """Make an activity of a provider; its owner is the provider itself unless somebody else is named.

    `columns` are those of the table that `COLUMNS` names. Raises: Refused, Missing; Invalid with the field.
    """
    accounts.require(by, Permission.ACTIVITY_RUN, at=provider.unit)
    if not provider.holds_on(clock.today()):
        raise Conflict("Cơ sở này không còn hoạt động.")
    activity = Activity(provider=provider, unit=provider.unit, code=_new_code(), made_at=clock.now())
    _write(activity, columns)
    activity.save()
    owner = owner or Holder(_OWN_KINDS.get(provider.kind, "other"), provider.name, provider.unit)
    Organiser.objects.create(activity=activity, is_owner=True, kind=owner.kind, name=owner.name, unit=owner.unit)
    for one in with_:
        Organiser.objects.create(activity=activity, kind=one.kind, name=one.name, unit=one.unit)
    trail.record(by=by, deed="learning.activity.make", what=activity)
    return activity


@transaction.atomic
def edit_activity(*, by: User, activity: Activity, edition: int, **columns: Any) -> Activity:
    """Change what is told of an activity; more places are given to whoever waits.

    Raises: Refused, Missing; Conflict when somebody changed it meanwhile, or it was cancelled; Invalid with the field.
    """
    activity = _locked(by, activity)
    if activity.edition != edition:
        raise Conflict("Có người vừa sửa lớp này trước bạn. Hãy tải lại trang.")
    if activity.state == "cancelled":
        raise Conflict("Lớp đã hủy, không sửa được nữa.")
    before = {name: getattr(activity, name) for name in COLUMNS}
    _write(activity, columns)
    activity.edition += 1
    activity.save()
    changes = {name: [_plain(was), _plain(getattr(activity, name))] for name, was in before.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    trail.record(by=by, deed="learning.activity.edit", what=activity, changes=changes)
    if before["capacity"] != activity.capacity:
        fill_places(by=by, activity=activity)
    return activity


@transaction.atomic
def move_activity(*, by: User, activity: Activity, deed: str, why: str = "") -> Activity:
    """Open, end, reopen or cancel an activity.

    Opening tells those who wished to hear of it; cancelling lets its sessions to come not take place and tells who is
    enrolled. Raises: Refused, Missing; Conflict from another state; Invalid without sessions or a reason.
    """
    activity = _locked(by, activity)
    if deed == "open" and not activity.sessions.exclude(state="cancelled").exists():
        raise Invalid("Hãy thêm ít nhất một buổi trước khi mở lớp.")
    if deed == "end" and activity.sessions.filter(state="planned", on__gt=clock.today()).exists():
        raise Invalid("Lớp còn buổi chưa học. Hãy hủy những buổi ấy trước khi kết thúc.")
    if deed == "cancel" and activity.held_on is not None:
        raise Conflict("Lớp đã học ít nhất một buổi nên không hủy được; hãy kết thúc lớp.")
    trail.move(by=by, row=activity, machine=states.ACTIVITY, deed=deed, why=why)
    if deed == "open":
        tell_watchers(activity)
    if deed == "cancel":
        _let_go(activity, why)
    return activity


def _let_go(activity: Activity, why: str) -> None:
    activity.why_cancelled = why
    activity.save(update_fields=["why_cancelled"])
    Session.objects.filter(activity=activity, state="planned").update(state="cancelled", why=why[:255])
    settle_days(activity)
    people = activity.enrolments.filter(state__in=["enrolled", "waiting"]).exclude(person__phone="")
    for phone in sorted(set(people.values_list("person__phone", flat=True))):
        tell_later(phone=phone, text=f"Hiếu Học: “{activity.title}” không tổ chức nữa. {why}")


# ---- who holds it, what it serves, who speaks, what shows that it took place -------------------------


@transaction.atomic
def add_organiser(*, by: User, activity: Activity, holder: Holder) -> Organiser:
    """Let somebody hold an activity beside its owner. Raises: Refused, Missing; Invalid with the field."""
    activity = _locked(by, activity)
    if holder.kind not in kinds.ORGANISERS:
        raise Invalid("Hãy chọn loại đơn vị.", field="kind")
    if not holder.name.strip():
        raise Invalid("Hãy ghi tên đơn vị phối hợp.", field="name")
    row = Organiser(activity=activity, kind=holder.kind, name=holder.name.strip(), unit=holder.unit)
    if activity.organisers.filter(kind=row.kind, name=row.name).exists():
        raise Invalid("Đơn vị này đã có trong danh sách phối hợp.", field="name")
    row.save()
    trail.record(by=by, deed="learning.activity.add_organiser", what=activity, changes={"organisers": [None, row.name]})
    return row


@transaction.atomic
def remove_organiser(*, by: User, organiser: Organiser) -> None:
    """Let a co-organiser go. Raises: Refused, Missing; Conflict for the owner."""
    activity = _locked(by, organiser.activity)
    if organiser.is_owner:
        raise Conflict("Đơn vị chủ trì không bỏ được.")
    changes = {"organisers": [organiser.name, None]}
    trail.record(by=by, deed="learning.activity.remove_organiser", what=activity, changes=changes)
    organiser.delete()


@transaction.atomic
def pass_on(*, by: User, organiser: Organiser) -> None:
    """Let a co-organiser be the owner, and the owner hold it with them. Raises: Refused, Missing."""
    activity = _locked(by, organiser.activity)
    owner = activity.organisers.get(is_owner=True)
    if owner.pk == organiser.pk:
        return
    activity.organisers.filter(pk=owner.pk).update(is_owner=False)
    activity.organisers.filter(pk=organiser.pk).update(is_owner=True)
    changes = {"owner": [owner.name, organiser.name]}
    trail.record(by=by, deed="learning.activity.pass_on", what=activity, changes=changes)


@transaction.atomic
def link_task(*, by: User, activity: Activity, task: Task) -> ActivityTask:
    """Say that an activity serves a task of a plan that `by` sees. Raises: Refused, Missing."""
    activity = _locked(by, activity)
    plans.plan_by_key(by, task.plan_id)
    row, is_new = ActivityTask.objects.get_or_create(activity=activity, task=task)
    if is_new:
        trail.record(by=by, deed="learning.activity.link_task", what=activity, changes={"tasks": [None, task.code]})
    return row


@transaction.atomic
def unlink_task(*, by: User, link: ActivityTask) -> None:
    """Take such a link away. Raises: Refused, Missing."""
    activity = _locked(by, link.activity)
    changes = {"tasks": [link.task.code, None]}
    trail.record(by=by, deed="learning.activity.unlink_task", what=activity, changes=changes)
    link.delete()


@transaction.atomic
def add_speaker(*, by: User, activity: Activity, name: str, post: str = "") -> Speaker:
    """Say who speaks or teaches. Raises: Refused, Missing; Invalid (field `name`)."""
    activity = _locked(by, activity)
    if not name.strip():
        raise Invalid("Hãy ghi họ và tên.", field="name")
    row = Speaker.objects.create(activity=activity, name=name.strip(), post=post.strip())
    trail.record(by=by, deed="learning.activity.add_speaker", what=activity, changes={"speakers": [None, row.name]})
    return row


@transaction.atomic
def remove_speaker(*, by: User, speaker: Speaker) -> None:
    """Say that somebody does not speak after all. Raises: Refused, Missing."""
    activity = _locked(by, speaker.activity)
    changes = {"speakers": [speaker.name, None]}
    trail.record(by=by, deed="learning.activity.remove_speaker", what=activity, changes=changes)
    speaker.delete()


@transaction.atomic
def keep_photo(*, by: User, activity: Activity, content: bytes, name: str, caption: str = "") -> Photo:
    """Keep a picture or paper that shows that an activity took place; not where the camera noted that it stood.

    Whoever takes attendance may. Raises: Refused, Missing; Invalid (field `file`) for what is no such file.
    """
    access.require_with(by, Permission.ATTENDANCE_TAKE, activity)
    file = attachments.keep(content=without_place(content), name=name)
    row = Photo.objects.create(activity=activity, file=file, caption=caption.strip(), kept_at=clock.now())
    trail.record(by=by, deed="learning.activity.keep_photo", what=activity, changes={"photos": [None, file.name]})
    return row


@transaction.atomic
def withdraw_photo(*, by: User, photo: Photo) -> Photo:
    """Show a photo or paper of an activity to nobody any more, for it was the wrong one; it can be brought back.

    Whoever runs the activity may, and whoever takes attendance in it. Raises: Refused, Missing; Conflict when it was
    withdrawn before.
    """
    return _show_photo(by, photo, is_shown=False)


@transaction.atomic
def restore_photo(*, by: User, photo: Photo) -> Photo:
    """Bring a withdrawn photo or paper back. Raises: Refused, Missing; Conflict when it was not withdrawn."""
    return _show_photo(by, photo, is_shown=True)


def _show_photo(by: User, photo: Photo, *, is_shown: bool) -> Photo:
    photo = (
        Photo.objects.select_for_update(of=("self",))
        .select_related("activity__provider__unit", "file")
        .get(pk=photo.pk)
    )
    activity = photo.activity
    access.require_with(by, Permission.ATTENDANCE_TAKE, activity)
    if photo.is_withdrawn != is_shown:
        raise Conflict("Tệp này đã trở lại rồi." if is_shown else "Tệp này đã được rút rồi.")
    photo.is_withdrawn = not is_shown
    photo.save(update_fields=["is_withdrawn"])
    name = photo.file.name
    changes = {"photos": [None, name] if is_shown else [name, None]}
    deed = "learning.activity.restore_photo" if is_shown else "learning.activity.withdraw_photo"
    trail.record(by=by, deed=deed, what=activity, changes=changes)
    return photo


def _locked(by: User, activity: Activity) -> Activity:
    activity = Activity.objects.select_for_update(of=("self",)).select_related("provider__unit").get(pk=activity.pk)
    access.require_with(by, Permission.ACTIVITY_RUN, activity)
    return activity


def _write(activity: Activity, columns: dict[str, Any]) -> None:
    for name in columns.keys() - set(COLUMNS):
        raise TypeError(f"an activity has no column {name}")
    planned = activity.planned_id
    for name, value in columns.items():
        setattr(activity, name, value)
    if activity.topic is not None:
        activity.field = activity.topic.field
    if not activity.title.strip():
        raise Invalid("Hãy ghi tên lớp, chuyên đề.", field="title")
    if activity.kind not in kinds.ACTIVITIES:
        raise Invalid("Hãy chọn hình thức.", field="kind")
    if activity.planned is not None and activity.planned.plan.provider_id != activity.provider_id:
        raise Invalid("Lớp trong kế hoạch này thuộc trung tâm khác.", field="planned")
    if activity.planned is not None and activity.planned_id != planned and activity.planned.plan.state != "approved":
        raise Invalid("Kế hoạch năm chưa được duyệt nên chưa lập lớp từ kế hoạch được.", field="planned")
    activity.title, activity.folded = activity.title.strip(), fold(activity.title)
    activity.full_clean(exclude=["provider", "unit"])


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice(_LETTERS) for _turn in range(6))
        if not Activity.objects.filter(code=code).exists():
            return code


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)

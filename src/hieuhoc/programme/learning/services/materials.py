"""Sharing learning materials, withdrawing them, using them in classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from hieuhoc.foundation.records import attachments, clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning import access
from hieuhoc.programme.learning.models import Activity, Material, MaterialUse
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.rules import materials as rules
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hieuhoc.foundation.records.models import Attachment
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

KINDS = frozenset({"pdf", "docx", "xlsx", "pptx", "png", "jpg", "webp", "txt"})
COLUMNS = ("title", "author", "summary", "topic", "field", "language", "licence", "form", "url")


@transaction.atomic
def share(*, by: User, unit: Unit, content: bytes | None = None, file_name: str = "", **columns: Any) -> Material:
    """Put a material into the library, for a unit: a file, or a link in `url`; `columns` are those of COLUMNS.

    Raises: Refused, Missing; Invalid with the field.
    """
    accounts.require(by, Permission.MATERIAL_SHARE, at=unit)
    material = Material(unit=unit, changed_at=_now())
    _write(material, columns, has_file=content is not None)
    material.file = _kept(content, file_name)
    material.save()
    trail.record(by=by, deed="learning.material.share", what=material)
    return material


@transaction.atomic
def edit(
    *, by: User, material: Material, edition: int, content: bytes | None = None, file_name: str = "", **columns: Any
) -> Material:
    """Change what is told of a material of our own, or its file.

    Raises: Refused, Missing; Conflict when somebody else was quicker; Invalid with the field.
    """
    material = _locked(by, material)
    if material.repository_id is not None:
        raise Invalid("Học liệu lấy từ kho khác chỉ sửa được ở kho ấy.")
    if material.edition != edition:
        raise Conflict("Có người vừa sửa học liệu này. Hãy mở lại trang.")
    before = {name: str(getattr(material, name) or "") for name in (*COLUMNS, "file")}
    _write(material, columns, has_file=content is not None or material.file_id is not None)
    if content is not None:
        material.file = _kept(content, file_name)
    after = {name: str(getattr(material, name) or "") for name in before}
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if changes:
        _save(material)
        trail.record(by=by, deed="learning.material.edit", what=material, changes=changes)
    return material


@transaction.atomic
def withdraw(*, by: User, material: Material) -> Material:
    """Show a material to nobody any more; classes that used it keep it. Raises: Refused, Missing, Conflict."""
    material = _locked(by, material)
    if material.is_withdrawn:
        raise Conflict("Học liệu này đã được rút.")
    material.is_withdrawn = True
    _save(material)
    trail.record(by=by, deed="learning.material.withdraw", what=material)
    return material


@transaction.atomic
def restore(*, by: User, material: Material) -> Material:
    """Bring a withdrawn material back. Raises: Refused, Missing, Conflict; Invalid where its repository deleted it."""
    material = _locked(by, material)
    if not material.is_withdrawn:
        raise Conflict("Học liệu này không bị rút.")
    if material.is_gone:
        raise Invalid("Kho nguồn đã xóa học liệu này nên không đưa trở lại được.")
    material.is_withdrawn = False
    _save(material)
    trail.record(by=by, deed="learning.material.restore", what=material)
    return material


@transaction.atomic
def use(*, by: User, activity: Activity, material: Material) -> MaterialUse:
    """Say that an activity uses a material; once. Raises: Refused, Missing; Invalid for a withdrawn one."""
    access.require_with(by, Permission.ACTIVITY_RUN, activity)
    material = Material.objects.select_for_update(of=("self",)).get(pk=material.pk)
    if material.is_withdrawn:
        raise Invalid("Học liệu này đã được rút.")
    row, is_new = MaterialUse.objects.get_or_create(activity=activity, material=material)
    if is_new:
        changes = {"materials": [None, material.title]}
        trail.record(by=by, deed="learning.activity.add_material", what=activity, changes=changes)
    return row


@transaction.atomic
def stop_using(*, by: User, activity: Activity, material: Material) -> None:
    """Take a material out of an activity. Raises: Refused, Missing; Conflict when it is not used there."""
    access.require_with(by, Permission.ACTIVITY_RUN, activity)
    gone, _ = MaterialUse.objects.filter(activity=activity, material=material).delete()
    if not gone:
        raise Conflict("Lớp này không dùng học liệu ấy nữa.")
    changes = {"materials": [material.title, None]}
    trail.record(by=by, deed="learning.activity.remove_material", what=activity, changes=changes)


def _now() -> Any:
    # Whole seconds, for that is how finely other repositories are told of changes.
    return clock.now().replace(microsecond=0)


def _kept(content: bytes | None, name: str) -> Attachment | None:
    return None if content is None else attachments.keep(content=content, name=name, allowed=KINDS)


def _locked(by: User, material: Material) -> Material:
    material = Material.objects.select_for_update(of=("self",)).select_related("unit", "topic").get(pk=material.pk)
    if material.unit is None:
        accounts.require_of_a_province(by, Permission.MATERIAL_SHARE)
    else:
        accounts.require(by, Permission.MATERIAL_SHARE, at=material.unit)
    return material


def _save(material: Material) -> None:
    material.changed_at = _now()
    material.edition += 1
    material.save()


def _write(material: Material, columns: Mapping[str, Any], *, has_file: bool) -> None:
    for name in columns.keys() - set(COLUMNS):
        raise TypeError(f"a material has no column {name}")
    for name, value in columns.items():
        setattr(material, name, value.strip() if isinstance(value, str) else value)
    if material.topic is not None:
        material.field = material.topic.field
    if material.field not in kinds.FIELDS:
        raise Invalid("Hãy chọn lĩnh vực.", field="field")
    rules.check(
        title=material.title,
        url=material.url,
        has_file=has_file,
        language=material.language,
        form=material.form,
        licence=material.licence,
    )
    material.folded = folded_of(material.title, material.author)
    material.full_clean(exclude=["file"])


def folded_of(title: str, author: str) -> str:
    """What a material is found by: its title and author without marks, cut to the column."""
    return fold(f"{title} {author}".strip())[:255].strip()

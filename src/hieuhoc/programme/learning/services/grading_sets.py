"""Sets of criteria by which bodies are graded: written as drafts, put in force, followed by new versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.db import transaction
from django.db.models import Max

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.programme.learning import states
from hieuhoc.programme.learning.models import GradingSet
from hieuhoc.programme.learning.rules import grading, kinds
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "grading-clc.yaml"


@transaction.atomic
def load_grading(path: Path = SHIPPED) -> GradingSet | None:
    """Add the draft that ships, when no set has its code yet; None when one has."""
    told: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    if GradingSet.objects.filter(code=told["code"]).exists():
        return None
    grading.read(told["content"])
    made = GradingSet(
        code=told["code"],
        name=told["name"],
        source=told["source"],
        valid_from=told["from"],
        content=told["content"],
    )
    made.full_clean()
    made.save()
    trail.record(by=trail.HOUSE, deed="learning.gradingset.load", what=made)
    return made


@transaction.atomic
def draft_set(
    *,
    by: User,
    code: str,
    name: str,
    content: Mapping[str, Any],
    valid_from: date,
    source: str = "",
    provider_kind: str = "clc",
) -> GradingSet:
    """Begin a set for a kind of body as a draft. Raises: Refused; Invalid with the field."""
    _require_writing(by)
    if provider_kind not in kinds.PROVIDERS:
        raise Invalid("Hãy chọn loại cơ sở.", field="provider_kind")
    if GradingSet.objects.filter(code=code).exists():
        raise Invalid("Mã “{code}” đã có bộ tiêu chí khác dùng.", field="code", code=code)
    grading.read(content)
    made = GradingSet(
        code=code,
        name=name.strip(),
        provider_kind=provider_kind,
        content=dict(content),
        valid_from=valid_from,
        source=source.strip(),
    )
    made.full_clean()
    made.save()
    trail.record(by=by, deed="learning.gradingset.draft", what=made)
    return made


@transaction.atomic
def edit_set(
    *,
    by: User,
    row: GradingSet,
    edition: int,
    name: str,
    content: Mapping[str, Any],
    valid_from: date,
    source: str = "",
) -> GradingSet:
    """Change a draft that no centre has been assessed by.

    Raises: Refused; Conflict when it is in force, in use or changed by another; Invalid with the field.
    """
    row = _locked_set(by, row)
    if row.state != "draft":
        raise Conflict("Bộ tiêu chí đã dùng thì không sửa được; hãy lập phiên bản mới.")
    if row.assessments.exists():
        raise Conflict("Đã có trung tâm chấm theo bản nháp này; hãy lập phiên bản mới để sửa.")
    if row.edition != edition:
        raise Conflict("Người khác vừa sửa bộ tiêu chí này. Hãy tải lại trang rồi sửa tiếp.")
    grading.read(content)
    before = row.name
    row.name, row.content, row.source, row.valid_from = name.strip(), dict(content), source.strip(), valid_from
    row.edition += 1
    row.full_clean()
    row.save()
    trail.record(by=by, deed="learning.gradingset.edit", what=row, changes={"name": [before, row.name]})
    return row


@transaction.atomic
def new_version(*, by: User, row: GradingSet) -> GradingSet:
    """A draft with the content of a set, under the next number. Raises: Refused."""
    row = _locked_set(by, row)
    last = GradingSet.objects.filter(code=row.code).aggregate(last=Max("number"))["last"]
    made = GradingSet(
        code=row.code,
        number=last + 1,
        name=row.name,
        provider_kind=row.provider_kind,
        source=row.source,
        content=row.content,
        valid_from=clock.today(),
    )
    made.full_clean()
    made.save()
    trail.record(by=by, deed="learning.gradingset.draft", what=made)
    return made


@transaction.atomic
def put_in_force(*, by: User, row: GradingSet, valid_from: date, source: str) -> GradingSet:
    """Grade by this set from a day on; the one in force for the same kind is retired that day.

    Raises: Refused; Conflict when it is no draft; Invalid (field `source`) without the instrument, or (field
        `valid_from`) not after the day from which the set in force holds.
    """
    row = _locked_set(by, row)
    grading.read(row.content)
    if not source.strip():
        raise Invalid("Hãy ghi văn bản ban hành bộ tiêu chí.", field="source")
    before = GradingSet.objects.select_for_update().filter(provider_kind=row.provider_kind, state="in_force")
    for other in before:
        if valid_from <= other.valid_from:
            raise Invalid("Ngày áp dụng phải sau ngày áp dụng của bộ đang dùng.", field="valid_from")
        _retire(by, other, valid_from)
    row.valid_from, row.source = valid_from, source.strip()
    trail.move(by=by, row=row, machine=states.GRADING, deed="put_in_force")
    row.full_clean()
    row.save(update_fields=["valid_from", "source"])
    return row


@transaction.atomic
def retire_set(*, by: User, row: GradingSet, on: date) -> GradingSet:
    """Grade by a set no more from a day on. Raises: Refused; Conflict when not in force; Invalid (field `on`)."""
    row = _locked_set(by, row)
    if on <= row.valid_from:
        raise Invalid("Ngày thôi dùng phải sau ngày bắt đầu dùng.", field="on")
    _retire(by, row, on)
    return row


def _retire(by: User, row: GradingSet, on: date) -> None:
    trail.move(by=by, row=row, machine=states.GRADING, deed="retire", changes={"valid_to": [None, on.isoformat()]})
    row.valid_to = on
    row.save(update_fields=["valid_to"])


def _require_writing(by: User) -> None:
    access.require_of_a_province(by, Permission.CATALOGUE_EDIT)


def _locked_set(by: User, row: GradingSet) -> GradingSet:
    _require_writing(by)
    locked: GradingSet = GradingSet.objects.select_for_update().get(pk=row.pk)
    return locked

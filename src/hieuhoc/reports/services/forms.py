"""Making forms: drafts that may be unfinished, versions in force that are followed and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.reports import access, rules, selectors, states
from hieuhoc.reports.models import Form, FormVersion

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

EMPTY: dict[str, Any] = {"sections": [], "checks": []}


@transaction.atomic
def draft_form(*, by: User, name: str, code: str, owner: Unit, description: str = "") -> FormVersion:
    """Begin a form, with its first draft.

    Raises: Refused, Missing; Invalid for a code that is taken, or without a name.
    """
    access.require_arranging_at(by, owner)
    if not name.strip():
        raise Invalid("Hãy ghi tên biểu mẫu.", field="name")
    if Form.objects.filter(code=code).exists():
        raise Invalid("Mã “{code}” đã có biểu mẫu khác dùng.", field="code", code=code)
    form = Form.objects.create(name=name.strip(), code=code, owner=owner, description=description.strip())
    version = FormVersion.objects.create(form=form, number=1, layout=EMPTY)
    trail.record(by=by, deed="reports.form.draft", what=form)
    return version


@transaction.atomic
def edit_layout(*, by: User, version: FormVersion, layout: Mapping[str, Any]) -> FormVersion:
    """Keep another layout of a draft. It may be unfinished: it is checked when it is put in force.

    Raises: Refused, Missing; Conflict when the version is no draft.
    """
    version = _locked(version)
    access.require_arranging_of(by, version.form)
    if version.state != "draft":
        raise Conflict("Phiên bản này đã được đưa vào dùng, không sửa được nữa. Hãy lập phiên bản mới.")
    if version.layout == layout:
        return version
    version.layout = dict(layout)
    version.save(update_fields=["layout"])
    trail.record(by=by, deed="reports.formversion.edit", what=version)
    return version


@transaction.atomic
def put_in_force(*, by: User, version: FormVersion) -> FormVersion:
    """Put a draft in force; the version before it is retired. Rounds that are open keep the one they were opened with.

    Raises: Refused, Missing; Conflict; Invalid (field `layout`) with the first fault of the layout.
    """
    version = _locked(version)
    access.require_arranging_of(by, version.form)
    known, breakdowns = selectors.meanings_for_forms()
    rules.layout_from(version.layout, known=known, breakdowns=breakdowns)
    for older in FormVersion.objects.select_for_update().filter(form=version.form, state="in_force"):
        trail.move(by=by, row=older, machine=states.FORM, deed="retire")
    version.put_in_force_at = clock.now()
    version.save(update_fields=["put_in_force_at"])
    trail.move(by=by, row=version, machine=states.FORM, deed="put_in_force")
    return version


@transaction.atomic
def new_version(*, by: User, form: Form) -> FormVersion:
    """Begin the next version as a copy of the last. Raises: Refused, Missing; Conflict with a draft."""
    form = Form.objects.select_for_update(of=("self",)).select_related("owner").get(pk=form.pk)
    access.require_arranging_of(by, form)
    last = form.versions.order_by("-number").first()
    if form.versions.filter(state="draft").exists():
        raise Conflict("Biểu mẫu đã có một bản nháp.")
    kept = form.versions.filter(state="in_force").first() or last
    version = FormVersion.objects.create(
        form=form, number=(last.number if last else 0) + 1, layout=kept.layout if kept else EMPTY
    )
    trail.record(by=by, deed="reports.formversion.draft", what=version)
    return version


@transaction.atomic
def retire(*, by: User, version: FormVersion) -> FormVersion:
    """Use a version no longer, or throw a draft away. Raises: Refused, Missing; Conflict."""
    version = _locked(version)
    access.require_arranging_of(by, version.form)
    trail.move(by=by, row=version, machine=states.FORM, deed="discard" if version.state == "draft" else "retire")
    return version


def _locked(version: FormVersion) -> FormVersion:
    rows = FormVersion.objects.select_for_update(of=("self",)).select_related("form__owner")
    found: FormVersion = rows.get(pk=version.pk)
    return found

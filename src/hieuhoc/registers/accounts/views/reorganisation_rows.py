"""The rows of a reorganisation: written on a page, or sent as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import in_words, say
from hieuhoc.kernel.errors import Conflict, Missing
from hieuhoc.registers.accounts import access, documents, forms, intake, services
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.views.request import UserRequest
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.selectors import rows as words

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Reorganisation

_TAKING_PART = (Permission.REORGANISATION_PREPARE, Permission.REORGANISATION_APPROVE)
_NEEDED = ("act", "source", "target")
SHOWN_WRONGS = 200


def row_create(request: UserRequest, pk: int) -> HttpResponse:
    event = _draft(request, pk)
    form = forms.RowForm(request.POST or None, on=event.effective_on)
    if request.method == "POST" and form.is_valid():
        row = forms.attempt(form, lambda: services.add_row(by=request.user, event=event, typed=_typed(form)))
        if row:
            messages.success(request, _("Đã thêm dòng %(number)d.") % {"number": row.position})
            more = "another" in request.POST
            return redirect("units:row-create" if more else "units:reorganisation-detail", pk=event.pk)
    return _row_page(request, form, event, title=_("Thêm dòng"), may_go_on=True)


def row_edit(request: UserRequest, pk: int, position: int) -> HttpResponse:
    event = _draft(request, pk)
    row = next((row for row in places.rows_of(event) if row.position == position), None)
    if row is None:
        raise Missing(_("Không có dòng này."))
    initial = {name: getattr(row, name) for name, _heading in words.row_columns()}
    form = forms.RowForm(request.POST or None, on=event.effective_on, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = forms.attempt(
            form, lambda: services.change_row(by=request.user, event=event, position=position, typed=_typed(form))
        )
        if done:
            messages.success(request, _("Đã lưu dòng %(number)d.") % {"number": position})
            return redirect("units:reorganisation-detail", pk=event.pk)
    return _row_page(request, form, event, title=_("Dòng %(number)d") % {"number": position}, position=position)


@require_POST
def row_remove(request: UserRequest, pk: int, position: int) -> HttpResponse:
    event = _draft(request, pk)
    services.remove_row(by=request.user, event=event, position=position)
    messages.success(request, _("Đã bỏ dòng %(number)d; các dòng sau được đánh số lại.") % {"number": position})
    return redirect("units:reorganisation-detail", pk=event.pk)


def rows_upload(request: UserRequest, pk: int) -> HttpResponse:
    """Rows out of a workbook take the place of those of the event; a wrong cell is named, and nothing then changes."""
    event = _draft(request, pk)
    form = forms.RowsFileForm(request.POST or None, request.FILES or None)
    wrongs: list[intake.Wrong] = []
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data["keep_wrong"]
        found = forms.attempt(form, lambda: (_bring(request, event, form.cleaned_data["file"], keep_wrong=kept),))
        if found and (not found[0] or kept):
            sentence = _("Đã nạp các dòng của tệp.") if not found[0] else _("Đã nạp; còn chỗ chưa đúng, xem Chạy thử.")
            messages.success(request, sentence)
            return redirect("units:reorganisation-detail", pk=event.pk)
        wrongs = found[0] if found else []
    context = _frame(event, _("Nạp các dòng từ tệp")) | {
        "form": form,
        "event": event,
        "wrongs": wrongs[:SHOWN_WRONGS],
        "number_of_wrongs": len(wrongs),
        "submit_label": _("Nạp tệp"),
    }
    return pages.render(
        request, "accounts/units/rows_upload.html", context, status=422 if form.errors or wrongs else 200
    )


def _bring(
    request: UserRequest, event: Reorganisation, file: UploadedFile[Any], *, keep_wrong: bool
) -> list[intake.Wrong]:
    headings = {name: str(heading) for name, heading in words.row_columns()}
    lines = intake.read_lines(content=file.read(), name=file.name or "", headings=headings, needed=_NEEDED)
    problems = services.bring_rows(
        by=request.user, event=event, typed=[line.cells for line in lines], keep_wrong=keep_wrong
    )
    wrongs = []
    for place, heading, error in problems:
        line = lines[place - 1] if place else intake.Line("", 0)
        wrongs.append(intake.Wrong(line.sheet, line.number, in_words(heading), say(error)))
    return wrongs


@require_safe
def rows_download(request: UserRequest, pk: int) -> HttpResponse:
    access.require_somewhere(request.user, Permission.UNIT_READ)
    event = places.reorganisation(pk)
    if event.state not in ("approved", "executed"):
        services.require_own(request.user, event, *_TAKING_PART)
    rows = [places.row_values(row) for row in places.rows_of(event)]
    content = documents.rows_workbook(rows, title=event.title, document=event.document, effective_on=event.effective_on)
    return pages.download(content, f"{event.title}.xlsx", documents.XLSX)


@require_safe
def rows_template(request: UserRequest) -> HttpResponse:
    if not any(access.may_in_a_province(request.user, one) for one in _TAKING_PART):
        access.require_of_a_province(request.user, _TAKING_PART[0])
    return pages.download(documents.rows_template(), _("Mẫu sắp xếp đơn vị.xlsx"), documents.XLSX)


def _draft(request: UserRequest, pk: int) -> Reorganisation:
    access.require_of_a_province(request.user, Permission.REORGANISATION_PREPARE)
    event = places.reorganisation(pk)
    services.require_own(request.user, event, Permission.REORGANISATION_PREPARE)
    if event.state != "draft":
        raise Conflict(_("Cuộc sắp xếp này không còn là bản soạn, không sửa được nữa."))
    return event


def _typed(form: Form) -> dict[str, str]:
    return {name: str(value) for name, value in form.cleaned_data.items()}


def _frame(event: Reorganisation, title: str) -> dict[str, Any]:
    here = reverse("units:reorganisation-detail", args=[event.pk])
    crumbs = [
        {"label": _("Đơn vị"), "url": reverse("units:list")},
        {"label": _("Sắp xếp đơn vị"), "url": reverse("units:reorganisation-list")},
        {"label": event.title, "url": here},
        {"label": title},
    ]
    return {"title": title, "lead": event.title, "crumbs": crumbs, "cancel_url": here}


def _row_page(
    request: UserRequest,
    form: Form,
    event: Reorganisation,
    *,
    title: str,
    position: int | None = None,
    may_go_on: bool = False,
) -> HttpResponse:
    context = _frame(event, title) | {
        "form": form,
        "event": event,
        "position": position,
        "may_go_on": may_go_on,
        "submit_label": _("Lưu dòng"),
    }
    return pages.render(request, "accounts/units/row_form.html", context, status=422 if form.errors else 200)

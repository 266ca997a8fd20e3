"""The register of units as files: out of the house, and new units and sizes into it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import attachments, clock
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Conflict
from hieuhoc.registers.accounts import access, documents, forms, intake, selectors, services
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.views.request import UserRequest, above_asked, day_asked
from hieuhoc.registers.accounts.views.unit_changes import crumbs
from hieuhoc.registers.places import selectors as places

SHOWN_FAULTS = 200
SHOWN_ROWS = 100
_SEALED_FOR = 24 * 3600  # seconds in which what was checked may be entered
_NEEDED = ("name", "parent_code")


@require_safe
def unit_download(request: UserRequest) -> HttpResponse:
    """The register on a day: a workbook, or plain rows for ?format=csv; the filters of the list apply."""
    access.require_somewhere(request.user, Permission.UNIT_READ)
    on = day_asked(request, "on", default=clock.today())
    text, level = request.GET.get("q", ""), request.GET.get("level", "")
    found = places.filtered_units(on=on, text=text, level=level, under=above_asked(request, on))
    rows = selectors.unit_lines(found, on=on)
    if request.GET.get("format") == "csv":
        return pages.download(documents.units_csv(rows), _("Danh mục đơn vị.csv"), documents.CSV)
    return pages.download(documents.units_workbook(rows, on=on), _("Danh mục đơn vị.xlsx"), documents.XLSX)


@require_safe
def unit_template(request: UserRequest) -> HttpResponse:
    access.require_somewhere(request.user, Permission.UNIT_EDIT)
    return pages.download(documents.units_template(), _("Mẫu nhập đơn vị.xlsx"), documents.XLSX)


def unit_import(request: UserRequest) -> HttpResponse:
    """A file is checked first; what it would bring is shown, and brought in when that is confirmed."""
    access.require_somewhere(request.user, Permission.UNIT_EDIT)
    if request.method == "POST" and "seal" in request.POST:
        return _bring_in(request)
    form = forms.UnitsFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        found = forms.attempt(form, lambda: _checked(request, form.cleaned_data["file"]))
        if found:
            context = found
    wrong = bool(form.errors or context.get("wrongs"))
    return _page(request, form, context, status=422 if wrong else 200)


def _page(request: UserRequest, form: forms.UnitsFileForm, context: dict[str, Any], *, status: int) -> HttpResponse:
    title = _("Nhập đơn vị từ tệp")
    frame = {
        "form": form,
        "title": title,
        "crumbs": crumbs(title),
        "submit_label": _("Kiểm tra tệp"),
        "cancel_url": reverse("units:list"),
    }
    return pages.render(request, "accounts/units/unit_import.html", frame | context, status=status)


def _checked(request: UserRequest, file: UploadedFile[Any]) -> dict[str, Any]:
    content, name = file.read(), file.name or ""
    lines = _lines(content, name)
    trial = services.try_import(by=request.user, rows=[line.cells for line in lines])
    wrongs = [_wrong(lines, fault) for fault in trial.faults]
    if wrongs:
        return {"wrongs": wrongs[:SHOWN_FAULTS], "number_of_wrongs": len(wrongs)}
    kept = attachments.keep(content=content, name=name, allowed={"xlsx", "txt"}, megabytes=intake.MEGABYTES)
    return {
        "trial": trial,
        "units": trial.units[:SHOWN_ROWS],
        "more_units": max(0, len(trial.units) - SHOWN_ROWS),
        "sizes": trial.sizes[:SHOWN_ROWS],
        "more_sizes": max(0, len(trial.sizes) - SHOWN_ROWS),
        "file_name": name,
        "kinds": dict(places.kind_choices()),
        "seal": signing.dumps([kept.pk, request.user.pk], salt="units-import"),
    }


def _lines(content: bytes, name: str) -> list[intake.Line]:
    headings = {column: str(selectors.UNIT_COLUMNS[column]) for column in selectors.IMPORTED_COLUMNS}
    return intake.read_lines(content=content, name=name, headings=headings, needed=_NEEDED)


def _wrong(lines: Sequence[intake.Line], fault: services.Fault) -> intake.Wrong:
    line = lines[fault.place]
    heading = selectors.UNIT_COLUMNS.get(fault.column)
    return intake.Wrong(line.sheet, line.number, str(heading) if heading else "", fault.reason)


def _bring_in(request: UserRequest) -> HttpResponse:
    """The very file that was checked, once more from the store: what was shown is what is entered."""
    try:
        pk, user = signing.loads(request.POST["seal"], salt="units-import", max_age=_SEALED_FOR)
    except signing.BadSignature as error:
        raise Conflict(_("Lần kiểm tra này đã hết hiệu lực. Hãy chọn lại tệp.")) from error
    if user != request.user.pk:
        raise Conflict(_("Lần kiểm tra này đã hết hiệu lực. Hãy chọn lại tệp."))
    kept = attachments.kept(pk)
    lines = _lines(attachments.content_of(kept), kept.name)
    brought = services.import_units(by=request.user, rows=[line.cells for line in lines])
    words = {"units": len(brought.units), "sizes": len(brought.sizes)}
    messages.success(request, _("Đã nhập %(units)d đơn vị mới và %(sizes)d số liệu quy mô.") % words)
    return redirect("units:list")

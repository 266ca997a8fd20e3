"""Reports as workbooks: the form to fill in, the filled one back, many at once, and a round side by side."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hieuhoc.engines.writer.consolidated import consolidated_workbook
from hieuhoc.engines.writer.form_workbook import form_workbook
from hieuhoc.foundation.jobs import services as jobs
from hieuhoc.foundation.records import attachments, clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.reports import access, selectors
from hieuhoc.reports.forms.workbooks import ArchiveForm, WorkbookForm
from hieuhoc.reports.intake.archives import HAND_OUT, TAKE_IN
from hieuhoc.reports.intake.opening import OpenWorkbook
from hieuhoc.reports.intake.workbooks import Taken, take_in
from hieuhoc.reports.models import Round
from hieuhoc.reports.selectors import workbooks
from hieuhoc.reports.views.shown import crumbs

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ARCHIVE_MEGABYTES = 50


@require_safe
def workbook(request: UserRequest, key: int) -> HttpResponse:
    """The form of a report as a workbook, with what stands in it now."""
    submission = selectors.submission_by_key(request.user, key)
    form = workbooks.filled_form(submission)
    name = f"{submission.round.version.form.code} {submission.unit.name} {submission.round.period.key}.xlsx"
    return pages.download(form_workbook(form, written_at=clock.now()), name, XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
def workbook_upload(request: UserRequest, key: int) -> HttpResponse:
    """A filled workbook back into its report: kept whole, or not at all with every wrong cell named."""
    submission = selectors.submission_by_key(request.user, key)
    access.require_deed(request.user, submission, "fill")
    form, taken = WorkbookForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            book = OpenWorkbook(given.read(), attachments.safe_name(given.name))
            taken = take_in(by=request.user, submission=submission, book=book)
        except Invalid as error:
            form.add_error("file" if error.field == "file" else None, say(error))
        else:
            if not taken.faults:
                messages.success(request, _said(taken))
                return redirect(submission)
    context = {
        "title": _("Nhận số liệu từ tệp Excel"),
        "lead": f"{submission.unit.name} · {submission.round}",
        "submission": submission,
        "form": form,
        "submit_label": _("Nhận tệp"),
        "cancel_url": submission.get_absolute_url(),
        "faults": [
            {"place": f"{fault.sheet}, {fault.column}{fault.row}", "label": fault.label, "problem": say(fault.problem)}
            for fault in (taken.faults if taken else ())
        ],
        "crumbs": crumbs({"label": str(submission), "url": submission.get_absolute_url()}, {"label": _("Tệp Excel")}),
    }
    is_wrong = bool(form.errors or (taken and taken.faults))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return pages.render(request, "reports/workbooks/upload.html", context, status=status)


def _said(taken: Taken) -> str:
    if not taken.changed:
        return _("Tệp không có gì khác với số liệu đang có.")
    words = ngettext("Đã nhận %(count)s ô từ tệp Excel.", "Đã nhận %(count)s ô từ tệp Excel.", taken.changed)
    return words % {"count": taken.changed} + " " + _("Hãy xem lại rồi nộp.")


# ---- many at once -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def round_workbooks(request: UserRequest, key: int) -> HttpResponse:
    """An archive of filled workbooks of a round: handed over here, taken in by a job."""
    one = selectors.round_by_key(request.user, key)
    form = ArchiveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_queue(request, one, form.cleaned_data["file"]))
        except Invalid as error:
            form.add_error("file", say(error))
    context = {
        "title": _("Nhận nhiều tệp Excel một lúc"),
        "lead": str(one),
        "round": one,
        "form": form,
        "submit_label": _("Nhận các tệp"),
        "cancel_url": one.get_absolute_url(),
        "waiting": len(workbooks.fillable(request.user, one)),
        "crumbs": crumbs({"label": str(one), "url": one.get_absolute_url()}, {"label": _("Tệp Excel")}),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "reports/workbooks/archive.html", context, status=status)


def _queue(request: UserRequest, one: Round, given: UploadedFile[bytes]) -> str:
    """Keep the archive and queue its taking in; the address of the job."""
    kept = attachments.keep(content=given.read(), name=given.name or "", allowed={"zip"}, megabytes=ARCHIVE_MEGABYTES)
    job = jobs.queue(
        by=request.user,
        kind=TAKE_IN,
        title=_("Nhận tệp Excel: %(round)s") % {"round": one},
        parameters={"round": one.pk, "attachment": kept.pk},
    )
    return job.get_absolute_url()


@require_POST
def round_forms(request: UserRequest, key: int) -> HttpResponse:
    """The forms of all units that the user may fill in, as one archive; made by a job."""
    one = selectors.round_by_key(request.user, key)
    job = jobs.queue(
        by=request.user,
        kind=HAND_OUT,
        title=_("Mẫu Excel của các đơn vị: %(round)s") % {"round": one},
        parameters={"round": one.pk},
    )
    return redirect(job)


@require_safe
def consolidated(request: UserRequest, key: int) -> HttpResponse:
    """A round's figures of the units beneath one, side by side, with totals that are sums."""
    one = selectors.round_by_key(request.user, key)
    unit = selectors.consolidating_unit(request.user, one, request.GET.get("unit", ""))
    content = consolidated_workbook(workbooks.consolidated_form(request.user, one, unit), written_at=clock.now())
    return pages.download(content, f"Tổng hợp {one.kind.code} {unit.name} {one.period.key}.xlsx", XLSX)


urlpatterns = [
    path("reports/submissions/<int:key>/workbook.xlsx", workbook, name="workbook"),
    path("reports/submissions/<int:key>/workbook/", workbook_upload, name="workbook-upload"),
    path("reports/rounds/<int:key>/workbooks/", round_workbooks, name="round-workbooks"),
    path("reports/rounds/<int:key>/workbooks/forms/", round_forms, name="round-forms"),
    path("reports/rounds/<int:key>/consolidated.xlsx", consolidated, name="consolidated-workbook"),
]

"""The official paper of a report, as Word and as PDF."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hieuhoc.engines.writer import pdf, word
from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.reports import access, selectors, services
from hieuhoc.reports.documents.paper import report_paper
from hieuhoc.reports.forms.papers import PaperForm
from hieuhoc.reports.models import Submission
from hieuhoc.reports.views.shown import crumbs

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def papers_of(submission: Submission, *, may_note: bool) -> list[dict[str, Any]]:
    """The buttons with which a report is had as an official paper."""
    key = [submission.pk]
    found: list[dict[str, Any]] = [
        {"label": label, "url": reverse(f"reports:{name}", args=key), "icon": "download", "download": True}
        for label, name in ((_("Báo cáo Word"), "submission-word"), (_("Báo cáo PDF"), "submission-pdf"))
    ]
    if may_note:
        url = reverse("reports:submission-paper", args=key)
        found.append({"label": _("Số, ngày, người ký"), "url": url, "icon": "edit", "download": False})
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def submission_paper(request: UserRequest, key: int) -> HttpResponse:
    """Number, day and signer of the official paper of a report."""
    submission = selectors.submission_by_key(request.user, key)
    access.require_deed(request.user, submission, "comment")
    form = PaperForm(request.POST or None, initial=submission.paper)
    if request.method == "POST" and form.is_valid():
        services.note_paper(by=request.user, submission=submission, paper=form.told())
        messages.success(request, _("Đã ghi thông tin văn bản."))
        return redirect(submission)
    title = _("Số, ngày, người ký")
    context = {
        "title": title,
        "form": form,
        "submit_label": _("Ghi"),
        "cancel_url": submission.get_absolute_url(),
        "lead": f"{submission.unit.name} · {submission.round}",
        "crumbs": crumbs({"label": str(submission), "url": submission.get_absolute_url()}, {"label": title}),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/form.html", context, status=status)


@require_safe
def submission_word(request: UserRequest, key: int) -> HttpResponse:
    """The report as a Word file that can be edited, numbered and signed."""
    return _download(request, key, word, ".docx", DOCX)


@require_safe
def submission_pdf(request: UserRequest, key: int) -> HttpResponse:
    """The report as a PDF file for the archive."""
    return _download(request, key, pdf, ".pdf", PDF)


def _download(
    request: UserRequest, key: int, write: Callable[..., bytes], ending: str, content_type: str
) -> HttpResponse:
    submission = selectors.submission_by_key(request.user, key)
    sheet = selectors.sheet(request.user, submission)
    made = report_paper(request.user, sheet, address=request.build_absolute_uri("/"))
    name = f"Báo cáo {submission.round.kind.code} {submission.unit.name} {sheet.period.key}{ending}"
    return pages.download(write(made, written_at=clock.now()), name, content_type)


urlpatterns = [
    path("reports/submissions/<int:key>/paper/", submission_paper, name="submission-paper"),
    path("reports/submissions/<int:key>/report.docx", submission_word, name="submission-word"),
    path("reports/submissions/<int:key>/report.pdf", submission_pdf, name="submission-pdf"),
]

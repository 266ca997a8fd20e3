"""The official paper of a report, as Word and as PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.engines.writer import pdf, word
from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.reports import selectors
from hieuhoc.reports.documents.paper import report_paper
from hieuhoc.reports.models import Submission

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def papers_of(submission: Submission) -> list[dict[str, Any]]:
    """The buttons with which a report is had as an official paper."""
    return [
        {"label": label, "url": reverse(f"reports:{name}", args=[submission.pk]), "icon": "download", "download": True}
        for label, name in ((_("Báo cáo Word"), "submission-word"), (_("Báo cáo PDF"), "submission-pdf"))
    ]


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
    path("reports/submissions/<int:key>/report.docx", submission_word, name="submission-word"),
    path("reports/submissions/<int:key>/report.pdf", submission_pdf, name="submission-pdf"),
]

"""Attendance on paper: the sheet of a session or of the series out, the filled workbook back in."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from hieuhoc.engines.writer import pdf, word
from hieuhoc.foundation.records import attachments, clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.programme.learning.documents.sheets import Register, attendance_paper, attendance_workbook
from hieuhoc.programme.learning.forms.sheets import SheetForm
from hieuhoc.programme.learning.intake.sheets import TakenSheet, take_in_sheet
from hieuhoc.programme.learning.models import Activity, Session
from hieuhoc.programme.learning.selectors import attendance as selectors
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.people.services import see_roster

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
MOST_SESSIONS = 60


def _chosen(request: UserRequest, activity: Activity) -> list[Session]:
    """The session that the address names (`?session=`), or the whole series. Raises: Missing."""
    found = selectors.sessions_of(activity)
    asked = request.GET.get("session", "")
    if asked:
        found = [one for one in found if str(one.pk) == asked]
    if not found:
        raise Missing("Không tìm thấy buổi học này.")
    return found[:MOST_SESSIONS]


def _register(request: UserRequest, code: str) -> Register:
    activity = selectors.activity_to_mark(request.user, code)
    sessions = _chosen(request, activity)
    learners, marks = selectors.rolls(activity, sessions)
    see_roster(by=request.user, what=activity, number=len(learners))
    return Register(activity, sessions, learners, marks)


def _name(register: Register, ending: str) -> str:
    which = f" buổi {register.sessions[0].number}" if len(register.sessions) == 1 else ""
    return f"Điểm danh {register.activity.code}{which}{ending}"


@require_safe
def attendance_xlsx(request: UserRequest, code: str) -> HttpResponse:
    """The sheet as a workbook that can be filled in and sent back."""
    register = _register(request, code)
    content = attendance_workbook(register, key=uuid.uuid4(), written_at=clock.now())
    return pages.download(content, _name(register, ".xlsx"), XLSX)


@require_safe
def attendance_pdf(request: UserRequest, code: str) -> HttpResponse:
    """The sheet to print."""
    register = _register(request, code)
    return pages.download(pdf(attendance_paper(register), written_at=clock.now()), _name(register, ".pdf"), PDF)


@require_safe
def attendance_word(request: UserRequest, code: str) -> HttpResponse:
    """The sheet as a Word file."""
    register = _register(request, code)
    return pages.download(word(attendance_paper(register), written_at=clock.now()), _name(register, ".docx"), DOCX)


@require_http_methods(["GET", "HEAD", "POST"])
def attendance_upload(request: UserRequest, code: str) -> HttpResponse:
    """The papers of an activity's attendance, and a filled workbook back: taken whole, or every wrong cell named."""
    activity = selectors.activity_to_mark(request.user, code)
    sessions = _chosen(request, activity)
    form, taken = SheetForm(request.POST or None, request.FILES or None), TakenSheet()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            name = attachments.safe_name(given.name)
            taken = take_in_sheet(by=request.user, activity=activity, content=given.read(), name=name)
        except Invalid as error:
            form.add_error("file" if error.field == "file" else None, say(error))
        else:
            if not taken.faults:
                _tell(request, taken)
                return redirect("learning:attendance", sessions[-1].pk)
    title = _("Phiếu điểm danh trên giấy")
    context = {
        "title": title,
        "lead": activity.title,
        "activity": activity,
        "session": sessions[0] if len(sessions) == 1 else None,
        "asked": f"?session={sessions[0].pk}" if len(sessions) == 1 else "",
        "form": form,
        "submit_label": _("Nhận phiếu"),
        "cancel_url": reverse("learning:attendance", args=[sessions[0].pk]),
        "faults": [
            {"place": f"{fault.column}{fault.row}", "problem": say(fault.problem)} for fault in taken.faults[:300]
        ],
        "crumbs": [
            {"label": _("Buổi học"), "url": reverse("learning:sessions")},
            {"label": activity.title, "url": activity.get_absolute_url()},
            {"label": title},
        ],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or taken.faults else HTTPStatus.OK
    return pages.render(request, "learning/attendance/upload.html", context, status=status)


def _tell(request: UserRequest, taken: TakenSheet) -> None:
    counts = [one.outcome for one in taken.outcomes]
    if counts.count("taken"):
        words = ngettext("Đã ghi %(count)s mục.", "Đã ghi %(count)s mục.", counts.count("taken"))
        messages.success(request, words % {"count": counts.count("taken")})
    if counts.count("conflict"):
        words = ngettext(
            "%(count)s mục khác với người khác đã ghi: mở từng buổi để chọn.",
            "%(count)s mục khác với người khác đã ghi: mở từng buổi để chọn.",
            counts.count("conflict"),
        )
        messages.warning(request, words % {"count": counts.count("conflict")})
    for sentence in sorted({say(one.why) for one in taken.outcomes if one.why is not None}):
        messages.error(request, sentence)
    if not counts:
        messages.info(request, _("Phiếu không có gì khác với điều đã ghi."))


urlpatterns = [
    path("learning/activities/<slug:code>/attendance.xlsx", attendance_xlsx, name="attendance-xlsx"),
    path("learning/activities/<slug:code>/attendance.pdf", attendance_pdf, name="attendance-pdf"),
    path("learning/activities/<slug:code>/attendance.docx", attendance_word, name="attendance-word"),
    path("learning/activities/<slug:code>/attendance/", attendance_upload, name="attendance-upload"),
]

"""Enrolling by a list: the empty workbook, sending it filled in, what is wrong with it, accepting it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hieuhoc.foundation.jobs import services as jobs
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Invalid
from hieuhoc.programme.learning.documents import lists as documents
from hieuhoc.programme.learning.documents.enrolments import XLSX
from hieuhoc.programme.learning.forms.enrolments import ListForm
from hieuhoc.programme.learning.forms.fields import attempt
from hieuhoc.programme.learning.intake import lists
from hieuhoc.programme.learning.models import Activity
from hieuhoc.programme.learning.views.enrolments import activity_for, crumbs
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission

SHOWN_WRONGS = 500


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def list_upload(request: UserRequest, code: str) -> HttpResponse:
    activity = activity_for(request, code, Permission.ACTIVITY_RUN)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        token = attempt(form, lambda: _kept(request, activity, content, file.name))
        if token:
            return redirect("learning:list-check", code=code, token=token)
    context = {
        "activity": activity,
        "form": form,
        "title": _("Nhập danh sách"),
        "crumbs": crumbs(activity, _("Nhập danh sách")),
        "template_url": reverse("learning:list-template", args=[code]),
    }
    return pages.render(request, "learning/lists/upload.html", context, status=422 if form.errors else 200)


def _kept(request: UserRequest, activity: Activity, content: bytes, name: str) -> str:
    """The token of a list that can be read; one that cannot be read at all is not kept."""
    lists.check(activity=activity, content=content, name=name)
    return lists.keep(by=request.user, activity=activity, content=content, name=name)


@require_safe
def list_template(request: UserRequest, code: str) -> HttpResponse:
    activity = activity_for(request, code, Permission.ACTIVITY_RUN)
    name = _("Danh sách người học %(code)s.xlsx") % {"code": code}
    return pages.download(documents.list_template(activity), name, XLSX)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def list_check(request: UserRequest, code: str, token: str) -> HttpResponse:
    """What is right and wrong in a list, and who may be known; nothing is written before it is accepted here."""
    activity = activity_for(request, code, Permission.ACTIVITY_RUN)
    content = lists.kept(by=request.user, activity=activity, token=token)
    if request.method == "POST":
        choices = _choices(request)
        only_right = request.POST.get("only_right") == "yes"
        checked = lists.check(activity=activity, content=content, name="list.xlsx")
        if len(checked.ready) > lists.LONG:
            return _queued(request, activity, token, choices, only_right, len(checked.ready))
        done = lists.take_in(
            by=request.user,
            activity=activity,
            checked=checked,
            choices=lists.choices_of(choices),
            only_right=only_right,
        )
        lists.drop(by=request.user, activity=activity, token=token)
        messages.success(request, lists.told(done))
        return redirect("learning:learners", code=code)
    checked = lists.check(activity=activity, content=content, name="list.xlsx")
    context = {
        "activity": activity,
        "checked": checked,
        "wrongs": checked.wrongs[:SHOWN_WRONGS],
        "more_wrongs": max(len(checked.wrongs) - SHOWN_WRONGS, 0),
        "known": sum(one.certain is not None for one in checked.ready),
        "token": token,
        "title": _("Kiểm danh sách"),
        "crumbs": crumbs(activity, _("Kiểm danh sách")),
        "drop_url": reverse("learning:list-drop", args=[code, token]),
    }
    return pages.render(request, "learning/lists/check.html", context)


def _choices(request: UserRequest) -> list[list[str]]:
    """Row and person of each answer. Raises: Invalid for what the page does not send."""
    found = []
    for name, value in request.POST.items():
        row = name.removeprefix("same-")
        if name.startswith("same-") and isinstance(value, str):
            if not row.isdecimal() or not (value.isdecimal() or value == ""):
                raise Invalid("Biểu mẫu gửi lên không đúng.")
            found.append([row, value])
    return found


def _queued(
    request: UserRequest, activity: Activity, token: str, choices: list[list[str]], only_right: bool, rows: int
) -> HttpResponse:
    job = jobs.queue(
        by=request.user,
        kind="learning.lists",
        title=_("Nhập danh sách: %(title)s") % {"title": activity.title},
        parameters={
            "activity": activity.pk,
            "token": token,
            "choices": choices,
            "only_right": only_right,
            "url": reverse("learning:learners", args=[activity.code]),
        },
        total=rows,
    )
    return redirect(job)


@require_POST
def list_drop(request: UserRequest, code: str, token: str) -> HttpResponse:
    activity = activity_for(request, code, Permission.ACTIVITY_RUN)
    lists.drop(by=request.user, activity=activity, token=token)
    messages.success(request, _("Đã bỏ danh sách. Chưa có gì được nhập."))
    return redirect("learning:learners", code=code)


_ROOT = "learning/activities/<slug:code>/learners/list/"
urlpatterns = [
    path(_ROOT, list_upload, name="list-upload"),
    path(f"{_ROOT}template/", list_template, name="list-template"),
    path(f"{_ROOT}<slug:token>/", list_check, name="list-check"),
    path(f"{_ROOT}<slug:token>/drop/", list_drop, name="list-drop"),
]

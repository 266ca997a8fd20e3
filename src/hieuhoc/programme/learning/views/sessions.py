"""Pages of sessions: added one by one or as a series, moved, cancelled, restored, said not to have been held."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.programme.learning import access, states
from hieuhoc.programme.learning.forms.activities import MoveForm, ReasonForm, SessionsForm, usual_hours
from hieuhoc.programme.learning.models import Activity, Session
from hieuhoc.programme.learning.selectors import activities as selectors
from hieuhoc.programme.learning.services import sessions as services
from hieuhoc.programme.learning.views.activity_shown import crumbs, when
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def session_add(request: UserRequest, code: str) -> HttpResponse:
    """Add one session, or a series."""
    activity = selectors.activity_by_code(request.user, code)
    access.require_with(request.user, Permission.ACTIVITY_RUN, activity)
    form = SessionsForm(request.POST or None, rooms=activity.provider.rooms.all(), initial=usual_hours(clock.today()))

    def save() -> str:
        told = dict(form.cleaned_data)
        made = services.add_sessions(by=request.user, activity=activity, first=told.pop("on"), **told)
        return ngettext("Đã thêm %(count)s buổi.", "Đã thêm %(count)s buổi.", len(made)) % {"count": len(made)}

    return _form_page(request, form, activity, title=_("Thêm buổi học"), save=save)


def _session(request: UserRequest, pk: int) -> Session:
    session = selectors.session_seen(request.user, pk)
    access.require_with(request.user, Permission.ACTIVITY_RUN, session.activity)
    return session


@require_http_methods(FORM_METHODS)
def session_move(request: UserRequest, pk: int) -> HttpResponse:
    """Give a session another time, place or subject."""
    session = _session(request, pk)
    if session.state != "planned":
        raise Conflict("Buổi này đã học hoặc đã hủy, không dời được nữa.")
    rooms = session.activity.provider.rooms.all()
    form = MoveForm(request.POST or None, rooms=rooms, initial=MoveForm.initial_of(session))

    def save() -> str:
        services.move_session(by=request.user, session=session, **form.cleaned_data)
        return _("Đã lưu. Nếu đổi giờ, người đã ghi danh được nhắn tin.")

    return _form_page(request, form, session.activity, title=_("Dời, sửa buổi học"), save=save)


def _form_page(
    request: UserRequest, form: django_forms.Form, activity: Activity, *, title: str, save: Callable[[], str]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            said = save()
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, said)
            return redirect(activity)
    context = {
        "title": title,
        "form": form,
        "submit_label": _("Lưu"),
        "cancel_url": activity.get_absolute_url(),
        "crumbs": crumbs(activity, title),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/form.html", context, status=status)


@require_http_methods(FORM_METHODS)
def session_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Let a session not take place; asked first, with the reason."""
    session = _session(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.cancel_session(by=request.user, session=session, why=form.cleaned_data["why"])
        messages.success(request, _("Đã hủy buổi học. Người đã ghi danh được nhắn tin."))
        return redirect(session.activity)
    return _asked(
        request,
        session,
        form,
        title=_("Hủy buổi học"),
        question=_("Hủy buổi %(when)s?") % {"when": when(session)},
        consequence=_("Người đã ghi danh được nhắn tin. Có thể khôi phục buổi này sau."),
    )


@require_http_methods(FORM_METHODS)
def session_undo(request: UserRequest, pk: int) -> HttpResponse:
    """Say that a session was not held after all; asked first, with the reason. Only where nobody came."""
    session = _session(request, pk)
    states.SESSION.after("undo", state=session.state, why="?")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.undo_holding(by=request.user, session=session, why=form.cleaned_data["why"])
        messages.success(request, _("Đã ghi là chưa học. Có thể dời hoặc hủy buổi này."))
        return redirect(session.activity)
    return _asked(
        request,
        session,
        form,
        title=_("Bỏ ghi là đã học"),
        question=_("Ghi là buổi %(when)s chưa học?") % {"when": when(session)},
        consequence=_("Buổi này thôi được tính vào số liệu, kể cả của kỳ đã qua."),
    )


def _asked(
    request: UserRequest, session: Session, form: ReasonForm, *, title: str, question: str, consequence: str
) -> HttpResponse:
    """What is asked before a deed that needs a reason."""
    context = {
        "title": title,
        "question": question,
        "consequence": consequence,
        "submit_label": title,
        "cancel_url": session.activity.get_absolute_url(),
        "danger": True,
        "form": form,
        "crumbs": crumbs(session.activity, title),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/confirm.html", context, status=status)


@require_POST
def session_restore(request: UserRequest, pk: int) -> HttpResponse:
    """Let a cancelled session take place after all."""
    session = _session(request, pk)
    try:
        services.restore_session(by=request.user, session=session)
    except Invalid as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("Đã khôi phục buổi học."))
    return redirect(session.activity)


urlpatterns = [
    path("learning/activities/<slug:code>/sessions/new/", session_add, name="session-add"),
    path("learning/sessions/<int:pk>/move/", session_move, name="session-move"),
    path("learning/sessions/<int:pk>/cancel/", session_cancel, name="session-cancel"),
    path("learning/sessions/<int:pk>/undo/", session_undo, name="session-undo"),
    path("learning/sessions/<int:pk>/restore/", session_restore, name="session-restore"),
]

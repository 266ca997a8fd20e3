"""Pages of the catalogue of topics."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import chips, select
from hieuhoc.foundation.ui.wording import capital_choices, say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.programme.learning.forms.topics import EndTopicForm, TopicForm
from hieuhoc.programme.learning.models import Topic
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.selectors import topics as selectors
from hieuhoc.programme.learning.services import topics as services
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission


@require_safe
def topic_list(request: UserRequest) -> HttpResponse:
    """The catalogue: searched, by field; those in use, or all."""
    access.require_somewhere(request.user, Permission.LEARNING_READ)
    asked, today = request.GET, clock.today()
    selects = [
        select(
            "field",
            _("Lĩnh vực"),
            [("", _("Mọi lĩnh vực")), *capital_choices(kinds.FIELDS.items())],
            asked.get("field", ""),
        ),
        select("when", _("Hiệu lực"), [("", _("Đang dùng")), ("all", _("Tất cả"))], asked.get("when", "")),
    ]
    on = None if asked.get("when") == "all" else today
    page = pages.page_of(
        request, selectors.find_topics(text=asked.get("q", ""), field=asked.get("field", ""), on=on), per_page=50
    )
    context = {
        "title": _("Chủ đề học tập"),
        "page": page,
        "q": asked.get("q", ""),
        "selects": selects,
        "chips": chips(request, selects),
        "today": today,
        "may_edit": access.has(request.user, Permission.CATALOGUE_EDIT),
    }
    return pages.render(request, "learning/topic_list.html", context, fragment="learning/_topic_rows.html")


def _edit(request: UserRequest, topic: Topic | None) -> HttpResponse:
    access.require_somewhere(request.user, Permission.CATALOGUE_EDIT)
    names = ("code", "name", "field", "source", "tags", "valid_from")
    initial = {name: getattr(topic, name) for name in names} if topic else {"valid_from": clock.today()}
    form = TopicForm(request.POST or None, initial=initial)
    if topic:
        form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            if topic is None:
                services.add_topic(by=request.user, **told)
            else:
                told.pop("code")
                services.edit_topic(by=request.user, topic=topic, **told)
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, _("Đã lưu chủ đề."))
            return redirect("learning:topic-list")
    title = _("Sửa chủ đề") if topic else _("Thêm chủ đề")
    context: dict[str, Any] = {
        "title": title,
        "form": form,
        "submit_label": _("Lưu"),
        "cancel_url": reverse("learning:topic-list"),
        "crumbs": _crumbs(title),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/form.html", context, status=status)


def _crumbs(title: str) -> list[dict[str, str]]:
    return [{"label": _("Chủ đề học tập"), "url": reverse("learning:topic-list")}, {"label": title}]


@require_http_methods(["GET", "HEAD", "POST"])
def topic_new(request: UserRequest) -> HttpResponse:
    """Add a topic."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def topic_edit(request: UserRequest, topic: str) -> HttpResponse:
    """Change a topic."""
    return _edit(request, selectors.topic_by_code(topic))


@require_http_methods(["GET", "HEAD", "POST"])
def topic_end(request: UserRequest, topic: str) -> HttpResponse:
    """Offer a topic no more."""
    access.require_somewhere(request.user, Permission.CATALOGUE_EDIT)
    one = selectors.topic_by_code(topic)
    form = EndTopicForm(request.POST or None, initial={"valid_to": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_topic(by=request.user, topic=one, on=form.cleaned_data["valid_to"])
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, _("Chủ đề sẽ không được chọn cho lớp mới nữa."))
            return redirect("learning:topic-list")
    context = {
        "title": _("Thôi dùng chủ đề"),
        "question": _("Thôi dùng chủ đề “%(name)s”?") % {"name": one.name},
        "consequence": _("Lớp đã tổ chức về chủ đề này vẫn giữ nguyên."),
        "submit_label": _("Thôi dùng"),
        "cancel_url": reverse("learning:topic-list"),
        "form": form,
        "crumbs": _crumbs(one.name),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/confirm.html", context, status=status)


urlpatterns = [
    path("learning/topics/", topic_list, name="topic-list"),
    path("learning/topics/new/", topic_new, name="topic-new"),
    path("learning/topics/<slug:topic>/edit/", topic_edit, name="topic-edit"),
    path("learning/topics/<slug:topic>/end/", topic_end, name="topic-end"),
]

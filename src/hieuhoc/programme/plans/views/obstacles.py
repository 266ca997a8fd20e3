"""Pages for obstacles, their answers and counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Invalid
from hieuhoc.programme.plans import access, rules, selectors, services, states
from hieuhoc.programme.plans.forms.obstacles import FreeWordsForm, ObstacleForm, WordsForm
from hieuhoc.programme.plans.models import Obstacle
from hieuhoc.programme.plans.views.shown import select
from hieuhoc.registers.accounts.access import UserRequest

PER_PAGE = 40


@require_safe
def obstacle_list(request: UserRequest) -> HttpResponse:
    """The obstacles that the user may see, narrowed; open ones by default, longest waiting first."""
    words, topic, unit = (request.GET.get(name, "") for name in ("q", "topic", "unit"))
    state = request.GET.get("state", "open")
    found = selectors.find_obstacles(request.user, words=words, state=state, topic=topic, unit=unit)
    page = pages.page_of(request, found, per_page=PER_PAGE)
    now = clock.now()
    shown = [("open", _("Đang mở")), ("all", _("Tất cả")), *states.OBSTACLE.choices()]
    context = {
        "page": page,
        "rows": [
            (one, (now - one.waiting_since).days, rules.is_waiting_too_long(one.waiting_since, now=now))
            for one in page.object_list
        ],
        "q": words,
        "selects": [
            select("state", _("Trạng thái"), shown, state),
            select("topic", _("Lĩnh vực"), [("", _("Tất cả")), *Obstacle.TOPICS], topic),
        ],
        "is_narrowed": bool(words or topic or unit or state != "open"),
    }
    return pages.render(request, "plans/obstacle_list.html", context, fragment="plans/_obstacle_rows.html")


@require_safe
def obstacle_counts(request: UserRequest) -> HttpResponse:
    """Obstacles counted by topic and by unit, how old they are, and how long each step takes."""
    aged_before = clock.now() - timedelta(days=rules.ESCALATION_DAYS)
    context = {
        "by_topic": selectors.obstacle_counts(request.user, by="topic", aged_before=aged_before),
        "by_unit": selectors.obstacle_counts(request.user, by="unit", aged_before=aged_before),
        "ages": selectors.obstacle_ages(request.user, now=clock.now()),
        "waits": selectors.average_waits(request.user),
        "days": rules.ESCALATION_DAYS,
    }
    return pages.render(request, "plans/obstacle_counts.html", context)


def obstacle_raise(request: UserRequest, key: int) -> HttpResponse:
    """Report what blocks an assignment."""
    assignment = selectors.assignment_by_key(request.user, key)
    access.require_on_assignment(request.user, assignment, allowed=access.may_raise(request.user, assignment))
    form = ObstacleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            obstacle = services.raise_obstacle(by=request.user, assignment=assignment, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field or None, error.sentence)
        else:
            messages.success(request, _("Đã gửi vướng mắc tới %(name)s.") % {"name": obstacle.holder.name})
            return redirect(obstacle)
    context = {"form": form, "assignment": assignment, "task": assignment.task, "plan": assignment.plan}
    return pages.render(request, "plans/obstacle_raise.html", context, status=422 if form.errors else 200)


def _page(
    request: UserRequest, obstacle: Obstacle, *, filled: dict[str, Form] | None = None, status: int = 200
) -> HttpResponse:
    """The page of one obstacle; `filled` brings back a form that was not accepted."""
    user = request.user
    allowed = {
        "answer": access.may_answer(user, obstacle),
        "escalate": access.may_escalate(user, obstacle),
        "close": access.may_close(user, obstacle),
        "reopen": access.may_close(user, obstacle),
        "withdraw": access.may_close(user, obstacle),
    }
    blank = {"answer": WordsForm, "escalate": WordsForm, "reopen": WordsForm, "close": FreeWordsForm}
    deeds = [deed for deed in states.OBSTACLE.possible(obstacle.state) if allowed[deed]]
    context = {
        "obstacle": obstacle,
        "title": obstacle.title,
        "crumbs": [{"label": _("Vướng mắc"), "url": reverse("plans:obstacle-list")}, {"label": obstacle.title}],
        "steps": selectors.steps_of(obstacle),
        "deeds": deeds,
        "forms": {deed: blank.get(deed, FreeWordsForm)() for deed in deeds} | (filled or {}),
        "waited": (clock.now() - obstacle.waiting_since).days,
        "is_late": obstacle.state in {"raised", "escalated"}
        and rules.is_waiting_too_long(obstacle.waiting_since, now=clock.now()),
    }
    return pages.render(request, "plans/obstacle_detail.html", context, status=status)


@require_safe
def obstacle_detail(request: UserRequest, key: int) -> HttpResponse:
    """One obstacle: what it is, where it waits, every step and how long it took."""
    return _page(request, selectors.obstacle_by_key(request.user, key))


def _step(request: UserRequest, key: int, *, deed: str, form: Form, act: Callable[..., Any], said: str) -> HttpResponse:
    obstacle = selectors.obstacle_by_key(request.user, key)
    if form.is_valid():
        try:
            act(by=request.user, obstacle=obstacle, words=form.cleaned_data["words"])
        except Invalid as error:
            form.add_error("words", error.sentence)
        else:
            messages.success(request, said)
            return redirect(obstacle)
    return _page(request, obstacle, filled={deed: form}, status=422)


@require_POST
def obstacle_answer(request: UserRequest, key: int) -> HttpResponse:
    """Answer it."""
    form = WordsForm(request.POST)
    act = services.answer_obstacle
    return _step(request, key, deed="answer", form=form, act=act, said=_("Đã trả lời và báo cho người nêu."))


@require_POST
def obstacle_escalate(request: UserRequest, key: int) -> HttpResponse:
    """Pass it up."""
    form = WordsForm(request.POST)
    act = services.escalate_obstacle
    return _step(request, key, deed="escalate", form=form, act=act, said=_("Đã chuyển lên cơ quan ban hành kế hoạch."))


@require_POST
def obstacle_close(request: UserRequest, key: int) -> HttpResponse:
    """Close it."""
    form = FreeWordsForm(request.POST)
    return _step(request, key, deed="close", form=form, act=services.close_obstacle, said=_("Đã đóng vướng mắc."))


@require_POST
def obstacle_reopen(request: UserRequest, key: int) -> HttpResponse:
    """Say that the answer did not help."""
    form = WordsForm(request.POST)
    return _step(request, key, deed="reopen", form=form, act=services.reopen_obstacle, said=_("Đã nêu lại vướng mắc."))


@require_POST
def obstacle_withdraw(request: UserRequest, key: int) -> HttpResponse:
    """Take it back."""
    form = FreeWordsForm(request.POST)
    return _step(request, key, deed="withdraw", form=form, act=services.withdraw_obstacle, said=_("Đã rút vướng mắc."))


urlpatterns = [
    path("obstacles/", obstacle_list, name="obstacle-list"),
    path("obstacles/counts/", obstacle_counts, name="obstacle-counts"),
    path("obstacles/<int:key>/", obstacle_detail, name="obstacle-detail"),
    path("obstacles/<int:key>/answer/", obstacle_answer, name="obstacle-answer"),
    path("obstacles/<int:key>/escalate/", obstacle_escalate, name="obstacle-escalate"),
    path("obstacles/<int:key>/close/", obstacle_close, name="obstacle-close"),
    path("obstacles/<int:key>/reopen/", obstacle_reopen, name="obstacle-reopen"),
    path("obstacles/<int:key>/withdraw/", obstacle_withdraw, name="obstacle-withdraw"),
    path("assignments/<int:key>/obstacle/", obstacle_raise, name="obstacle-raise"),
]

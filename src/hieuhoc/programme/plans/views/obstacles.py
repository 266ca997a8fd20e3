"""Pages for obstacles, their answers and counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import chips, fact, select
from hieuhoc.foundation.ui.templatetags.ui import lasting, vn_datetime
from hieuhoc.foundation.ui.wording import choices, say
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.programme.plans import access, rules, selectors, services, states
from hieuhoc.programme.plans.forms.obstacles import (
    AnswerForm,
    EscalateForm,
    FreeWordsForm,
    ObstacleForm,
    ReopenForm,
    WordsForm,
)
from hieuhoc.programme.plans.models import Obstacle, ObstacleStep
from hieuhoc.registers.accounts.access import UserRequest

PER_PAGE = 40


def asked_for(request: UserRequest) -> dict[str, Any]:
    """What the address asks of the list of obstacles, in the words of `selectors.find_obstacles`."""
    words, topic, unit, plan = (request.GET.get(name, "") for name in ("q", "topic", "unit", "plan"))
    return {
        "words": words,
        "state": request.GET.get("state", "open"),
        "topic": topic,
        "unit": unit,
        "plan": int(plan) if plan.isdecimal() else None,
        "waited": _waited(request.GET.get("waited", "")),
        "now": clock.now(),
    }


def _waited(text: str) -> selectors.Waited | None:
    """The span that "7-14" or "10-" names; None for anything else."""
    least, dash, most = text.partition("-")
    if not dash or not least.isdecimal() or (most and not most.isdecimal()):
        return None
    return selectors.Waited(int(least), int(most) if most else None)


def span_of(waited: selectors.Waited) -> tuple[str, str]:
    """A span of days as the address writes it, and in words."""
    if waited.most is None:
        return f"{waited.least}-", _("từ %(least)s ngày") % {"least": waited.least}
    last = waited.most - 1
    return f"{waited.least}-{waited.most}", _("%(least)s–%(last)s ngày") % {"least": waited.least, "last": last}


@require_safe
def obstacle_list(request: UserRequest) -> HttpResponse:
    """The obstacles that the user may see, narrowed; open ones by default, longest waiting first."""
    wanted = asked_for(request)
    page = pages.page_of(request, selectors.find_obstacles(request.user, **wanted), per_page=PER_PAGE)
    now, state, topic, unit = wanted["now"], wanted["state"], wanted["topic"], wanted["unit"]
    spans = [span_of(age) for age in (*selectors.AGES, selectors.Waited(rules.ESCALATION_DAYS))]
    units = selectors.units_with_obstacles(request.user)
    plan = request.GET.get("plan", "")
    selects = [
        select(
            "state",
            _("Trạng thái"),
            [("open", _("Đang mở")), ("all", _("Tất cả")), *choices(states.OBSTACLE.choices())],
            state,
        ),
        select("topic", _("Lĩnh vực"), [("", _("Tất cả")), *Obstacle.TOPICS], topic),
        select("unit", _("Cơ quan nêu"), [("", _("Tất cả")), *((one.key, one.name) for one in units)], unit),
        select("waited", _("Chờ trả lời"), [("", _("Tất cả")), *spans], request.GET.get("waited", "")),
    ]
    if plan:
        named = selectors.plans(request.user).filter(pk=wanted["plan"] or 0).first()
        selects.append(select("plan", _("Kế hoạch"), [("", _("Tất cả")), (plan, str(named or plan))], plan))
    context = {
        "page": page,
        "rows": [
            (one, (now - one.waiting_since).days, rules.is_waiting_too_long(one.waiting_since, now=now))
            for one in page.object_list
        ],
        "q": wanted["words"],
        "selects": selects,
        "chips": chips(request, selects),
        "is_narrowed": any(request.GET.get(name) for name in ("q", "topic", "unit", "plan", "waited"))
        or state != "open",
    }
    return pages.render(request, "plans/obstacle_list.html", context, fragment="plans/_obstacle_rows.html")


def _counted(rows: list[selectors.ObstacleCount], *, by: str) -> list[list[dict[str, Any] | int]]:
    """Counts as the rows of a table, each number leading to the obstacles that it counts."""
    here = reverse("plans:obstacle-list")
    too_long = f"waited={rules.ESCALATION_DAYS}-"
    return [
        [
            {"text": one.name, "url": f"{here}?state=all&{by}={one.key}"},
            _number(one.open, f"{here}?{by}={one.key}"),
            _number(one.aged, f"{here}?{by}={one.key}&{too_long}"),
            _number(one.total, f"{here}?state=all&{by}={one.key}"),
        ]
        for one in rows
    ]


def _number(count: int, url: str) -> dict[str, Any] | int:
    """A count that leads to what it counts; nought leads nowhere."""
    return {"text": count, "url": url} if count else 0


@require_safe
def obstacle_counts(request: UserRequest) -> HttpResponse:
    """Obstacles counted by topic and by unit, how old they are, and how long each step takes."""
    now, here = clock.now(), reverse("plans:obstacle-list")
    aged_before = now - timedelta(days=rules.ESCALATION_DAYS)
    numbers = [
        {"label": _("Đang mở"), "number": True},
        {"label": _("Chờ quá %(days)s ngày") % {"days": rules.ESCALATION_DAYS}, "number": True},
        {"label": _("Tất cả"), "number": True},
    ]
    waits = selectors.average_waits(request.user)
    steps = [
        ("escalate", _("Trước khi chuyển lên")),
        ("answer", _("Trước khi trả lời")),
        ("close", _("Trước khi đóng")),
    ]
    context = {
        "crumbs": [{"label": _("Vướng mắc"), "url": here}, {"label": _("Thống kê")}],
        "topic_columns": [{"label": _("Lĩnh vực")}, *numbers],
        "by_topic": _counted(selectors.obstacle_counts(request.user, by="topic", aged_before=aged_before), by="topic"),
        "unit_columns": [{"label": _("Cơ quan")}, *numbers],
        "by_unit": _counted(selectors.obstacle_counts(request.user, by="unit", aged_before=aged_before), by="unit"),
        "age_columns": [{"label": _("Đã chờ")}, {"label": _("Vướng mắc"), "number": True}],
        "by_age": [
            [span_of(age)[1], _number(count, f"{here}?waited={span_of(age)[0]}")]
            for age, count in selectors.obstacle_ages(request.user, now=now)
        ],
        "waits": [fact(words, lasting(round(waits[deed] * 3600))) for deed, words in steps if deed in waits],
    }
    return pages.render(request, "plans/obstacle_counts.html", context)


def obstacle_raise(request: UserRequest, key: int) -> HttpResponse:
    """Report what blocks an assignment."""
    assignment = selectors.assignment_by_key(request.user, key)
    access.require_on_assignment(request.user, assignment, allowed=access.may_raise(request.user, assignment))
    form = ObstacleForm(request.POST or None)
    trouble, status = "", HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            obstacle = services.raise_obstacle(by=request.user, assignment=assignment, **form.cleaned_data)
        except Conflict as error:
            trouble, status = say(error), HTTPStatus.CONFLICT
        except Invalid as error:
            form.add_error(error.field or None, say(error))
        else:
            messages.success(request, _("Đã gửi vướng mắc tới %(name)s.") % {"name": obstacle.holder.name})
            return redirect(obstacle)
    plan = assignment.plan
    context = {
        "form": form,
        "trouble": trouble,
        "assignment": assignment,
        "task": assignment.task,
        "plan": plan,
        "crumbs": [
            {"label": _("Việc của tôi"), "url": reverse("plans:desk")},
            {"label": f"{plan} · {assignment.task.code}", "url": assignment.get_absolute_url()},
            {"label": _("Nêu vướng mắc")},
        ],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else status
    return pages.render(request, "plans/obstacle_raise.html", context, status=status)


_STEPS = {
    "raise": (gettext_lazy("Nêu vướng mắc"), "wait"),
    "answer": (gettext_lazy("Trả lời"), "done"),
    "escalate": (gettext_lazy("Chuyển lên cấp trên"), "due"),
    "close": (gettext_lazy("Đóng"), "done"),
    "reopen": (gettext_lazy("Nêu lại"), "due"),
    "withdraw": (gettext_lazy("Rút"), "neutral"),
}


def _told(step: ObstacleStep) -> dict[str, Any]:
    """A step as a line of the timeline; what was raised stands at the top of the page already."""
    deed, state = _STEPS[step.deed]
    who = f"{step.by.full_name}, {step.by.title}" if step.by.title else step.by.full_name
    if step.deed != "raise":
        who += " · " + _("sau %(time)s") % {"time": lasting(step.waited_seconds)}
    return {"deed": deed, "state": state, "who": who, "at": step.at, "why": "" if step.deed == "raise" else step.words}


_FORMS: dict[str, type[WordsForm] | type[FreeWordsForm]] = {
    "answer": AnswerForm,
    "escalate": EscalateForm,
    "reopen": ReopenForm,
    "close": FreeWordsForm,
    "withdraw": FreeWordsForm,
}


def _page(
    request: UserRequest,
    obstacle: Obstacle,
    *,
    filled: Mapping[str, Form] | None = None,
    trouble: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page of one obstacle; `filled` brings back a form that was not accepted, `trouble` says why."""
    filled = filled or {}
    deeds = [
        deed
        for deed in states.OBSTACLE.possible(obstacle.state)
        if deed in _FORMS and access.may_do_on_obstacle(request.user, obstacle, deed)
    ]
    waits = obstacle.state in {"raised", "escalated"}
    units = {"key": obstacle.unit.key}
    facts = [
        fact(_("Cơ quan nêu"), obstacle.unit.name, url=reverse("units:detail", kwargs=units)),
        fact(_("Người nêu"), obstacle.raised_by.full_name),
        fact(_("Nêu lúc"), vn_datetime(obstacle.raised_at)),
        fact(_("Lĩnh vực"), obstacle.get_topic_display()),
    ]
    if waits:
        facts.append(fact(_("Đang chờ"), obstacle.holder.name))
    context = {
        "obstacle": obstacle,
        "title": obstacle.title,
        "crumbs": [
            {"label": _("Vướng mắc"), "url": reverse("plans:obstacle-list")},
            {"label": f"{obstacle.plan} · {obstacle.assignment.task.code}"},
        ],
        "entries": [_told(step) for step in selectors.steps_of(obstacle)],
        "facts": facts,
        "forms": {deed: filled.get(deed) or _FORMS[deed]() for deed in deeds},
        "trouble": trouble,
        "kept": [str(form.data.get("words", "")) for deed, form in filled.items() if deed not in deeds],
        "waited": (clock.now() - obstacle.waiting_since).days if waits else None,
        "is_late": waits and rules.is_waiting_too_long(obstacle.waiting_since, now=clock.now()),
    }
    return pages.render(request, "plans/obstacle_detail.html", context, status=status)


@require_safe
def obstacle_detail(request: UserRequest, key: int) -> HttpResponse:
    """One obstacle: what it is, where it waits, every step and how long it took."""
    return _page(request, selectors.obstacle_by_key(request.user, key))


def _step(request: UserRequest, key: int, *, deed: str, act: Callable[..., Obstacle], said: str) -> HttpResponse:
    """One step of an obstacle. What was typed is never lost: not to an empty field, nor to somebody who was quicker."""
    obstacle = selectors.obstacle_by_key(request.user, key)
    form = _FORMS[deed](request.POST)
    # Asked here too, so that nobody who may not is shown a form; of the state the service has the last word.
    access.require_on_obstacle(request.user, obstacle, allowed=access.may_do_on_obstacle(request.user, obstacle, deed))
    if not form.is_valid():
        return _page(request, obstacle, filled={deed: form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        act(by=request.user, obstacle=obstacle, words=form.cleaned_data["words"])
    except Conflict as error:
        now = selectors.obstacle_by_key(request.user, key)
        return _page(request, now, filled={deed: form}, trouble=say(error), status=HTTPStatus.CONFLICT)
    messages.success(request, said)
    return redirect(obstacle)


@require_POST
def obstacle_answer(request: UserRequest, key: int) -> HttpResponse:
    """Answer it."""
    said = _("Đã trả lời và báo cho người nêu.")
    return _step(request, key, deed="answer", act=services.answer_obstacle, said=said)


@require_POST
def obstacle_escalate(request: UserRequest, key: int) -> HttpResponse:
    """Pass it up."""
    said = _("Đã chuyển lên cơ quan ban hành kế hoạch.")
    return _step(request, key, deed="escalate", act=services.escalate_obstacle, said=said)


@require_POST
def obstacle_close(request: UserRequest, key: int) -> HttpResponse:
    """Close it."""
    return _step(request, key, deed="close", act=services.close_obstacle, said=_("Đã đóng vướng mắc."))


@require_POST
def obstacle_reopen(request: UserRequest, key: int) -> HttpResponse:
    """Say that the answer did not help."""
    return _step(request, key, deed="reopen", act=services.reopen_obstacle, said=_("Đã nêu lại vướng mắc."))


@require_POST
def obstacle_withdraw(request: UserRequest, key: int) -> HttpResponse:
    """Take it back."""
    return _step(request, key, deed="withdraw", act=services.withdraw_obstacle, said=_("Đã rút vướng mắc."))


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

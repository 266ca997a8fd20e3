"""Pages for the list of plans, a plan with its tree, matrix and overview, and a task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from hieuhoc.foundation.records import attachments, clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import chips, fact, select
from hieuhoc.foundation.ui.wording import choices, say
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.plans import access, rules, selectors, services, states
from hieuhoc.programme.plans.forms.plans import AssignForm, WhyForm
from hieuhoc.programme.plans.models import Plan
from hieuhoc.programme.plans.views.shown import agency_facts, lens_of, plan_tabs, plan_title, shortened, time_facts
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.selectors import told
from hieuhoc.registers.places import selectors as places

TASKS_PER_PAGE = 60
AGENCIES_PER_PAGE = 25
LEVELS = (
    ("", gettext_lazy("Mọi cấp")),
    ("province", gettext_lazy("Cấp tỉnh")),
    ("district", gettext_lazy("Cấp huyện")),
    ("commune", gettext_lazy("Cấp xã")),
)
ORDERS = (
    ("", gettext_lazy("Như văn bản")),
    ("due", gettext_lazy("Hạn gần trước")),
    ("late", gettext_lazy("Trễ nhiều trước")),
)


@require_safe
def plan_list(request: UserRequest) -> HttpResponse:
    """The plans that the user may see."""
    wanted = {name: request.GET.get(name, "") for name in ("q", "state", "issuer")}
    found = selectors.find_plans(request.user, words=wanted["q"], state=wanted["state"], issuer=wanted["issuer"])
    page = pages.page_of(request, found, per_page=30)
    tallies = selectors.tallies(list(page.object_list), on=clock.today())
    context = {
        "page": page,
        "rows": [(plan, tallies.get(plan.pk, selectors.Tally())) for plan in page.object_list],
        "may_take_in": selectors.may_take_in(request.user),
        "q": wanted["q"],
        "selects": [
            select("state", _("Trạng thái"), [("", _("Tất cả")), *choices(states.PLAN.choices())], wanted["state"]),
            select("issuer", _("Ban hành"), [("", _("Mọi cơ quan")), ("own", _("Đơn vị tôi"))], wanted["issuer"]),
        ],
        "is_narrowed": any(wanted.values()),
    }
    return pages.render(request, "plans/plan_list.html", context, fragment="plans/_plan_rows.html")


def _on_plan(request: UserRequest, key: int, *, tab: str) -> tuple[Plan, dict[str, Any]]:
    """A plan and what every one of its pages shows."""
    plan = selectors.plan_by_key(request.user, key)
    context = {
        "plan": plan,
        "title": plan_title(plan),
        "tabs": plan_tabs(plan, active=tab),
        "crumbs": [{"label": _("Kế hoạch"), "url": reverse("plans:plan-list")}, {"label": str(plan)}],
        "may_follow": access.may_follow(request.user, plan),
        "may_remind": access.may_remind(request.user, plan),
    }
    return plan, context


@require_safe
def plan_detail(request: UserRequest, key: int) -> HttpResponse:
    """A plan: how it stands, and its tasks by section, narrowed as the user likes."""
    plan, context = _on_plan(request, key, tab="tasks")
    if plan.state in {"draft", "discarded"}:
        return redirect("plans:plan-review", key=plan.pk)
    today = clock.today()
    wanted = selectors.TaskFilter(
        words=request.GET.get("q", ""),
        **{name: request.GET.get(name, "") for name in ("unit", "role", "standing", "section", "recurrence")},
    )
    order = request.GET.get("order", "")
    found = selectors.find_tasks(plan, wanted, on=today, order=order)
    page = pages.page_of(request, found, per_page=TASKS_PER_PAGE)
    by_task = selectors.tally_by_task(plan, on=today)
    selects = _task_selects(plan, wanted, selectors.tally_by_agency(plan, on=today), order)
    context |= {
        "tally": selectors.tallies([plan], on=today).get(plan.pk, selectors.Tally()),
        "page": page,
        "tasks": [(task, by_task.get(task.pk, selectors.Tally())) for task in page.object_list],
        "wanted": wanted,
        "q": wanted.words,
        "selects": selects,
        "chips": chips(request, selects),
        "is_in_order": order not in {"due", "late"},
    }
    return pages.render(request, "plans/plan_detail.html", context, fragment="plans/_task_rows.html")


def _task_selects(
    plan: Plan, wanted: selectors.TaskFilter, agencies: list[selectors.AgencyStanding], order: str
) -> list[Any]:
    units = places.units_by_number([agency.unit_id for agency in agencies])
    named = sorted(units.values(), key=lambda unit: unit.sort_key)
    standings = [
        ("", _("Tất cả")),
        ("late", _("Có việc trễ hạn")),
        ("open", _("Đang thực hiện")),
        ("waiting", _("Chờ xác nhận")),
        ("done", _("Có việc hoàn thành")),
        ("new", _("Có việc chưa nhận")),
        ("unassigned", _("Chưa giao")),
    ]
    tops = [(s.path, f"{s.path}. {s.heading[:60]}") for s in selectors.sections(plan) if s.level <= 2]
    return [
        select("unit", _("Cơ quan"), [("", _("Tất cả")), *((u.key, u.name) for u in named)], wanted.unit),
        select("standing", _("Tình trạng"), standings, wanted.standing),
        select("section", _("Mục"), [("", _("Tất cả")), *tops], wanted.section),
        select(
            "recurrence", _("Lặp lại"), [("", _("Tất cả")), *choices(rules.RECURRENCES.items())[1:]], wanted.recurrence
        ),
        select("order", _("Thứ tự"), ORDERS, order),
    ]


def _through_lens(request: UserRequest, plan: Plan) -> tuple[list[selectors.AgencyStanding], dict[str, Any]]:
    """The agencies of a plan by the lens that is chosen, and what the page says of it.

    Where no agency of the plan has ended there is one lens only, and nothing to choose or to say.
    """
    today = clock.today()
    agencies = selectors.tally_by_agency(plan, on=today)
    if not any(agency.last_day for agency in agencies):
        return agencies, {"tree": None, "selects": [], "said": {}}
    lens = lens_of(request, on=today)
    tree = selectors.map_of_agencies(agencies) if lens.is_restated else None
    shown = selectors.agencies_restated(agencies, on=today, tree=tree) if tree else agencies
    return shown, {"tree": tree, "selects": [lens.choice], "said": {"lens_said": lens.said}}


def _at_level(request: UserRequest, found: list[Any], level_of: Callable[[Any], str], *others: Any) -> dict[str, Any]:
    """The rows of the chosen level, page by page, and the lists to choose from: the level, and others."""
    level = request.GET.get("level", "")
    rows = [row for row in found if level_of(row) == level] if level in dict(LEVELS[1:]) else found
    return {
        "page": pages.page_of(request, rows, per_page=AGENCIES_PER_PAGE),
        "selects": [*others, select("level", _("Cấp"), LEVELS, level)],
        "is_narrowed": len(rows) < len(found),
    }


@require_safe
def plan_matrix(request: UserRequest, key: int) -> HttpResponse:
    """Agencies against sections: who holds how much where, and what is late."""
    plan, context = _on_plan(request, key, tab="matrix")
    today = clock.today()
    agencies, lens = _through_lens(request, plan)
    table = selectors.matrix(plan, agencies, on=today, tree=lens["tree"])
    context |= _at_level(request, table.rows, lambda row: str(row[0].level), *lens["selects"]) | lens["said"]
    here = reverse("plans:plan-detail", args=[plan.pk])
    context["columns"] = [{"label": column.path, "url": f"{here}?section={column.path}"} for column in table.columns]
    context["legend"] = [fact(column.path, column.heading) for column in table.columns]
    context["rows"] = [
        {
            "label": _agency_label(agency),
            "url": f"{here}?unit={agency.key}",
            "cells": [
                {
                    "value": total or "",
                    "url": f"{here}?unit={agency.key}&section={column.path}" if total else "",
                    "state": "late" if late else "",
                }
                for column, (total, late) in zip(table.columns, cells, strict=True)
            ],
        }
        for agency, cells in context["page"].object_list
    ]
    return pages.render(request, "plans/plan_matrix.html", context, fragment="plans/_matrix_rows.html")


def _agency_label(agency: selectors.AgencyStanding) -> str:
    """What an agency is called in a table; with its last day when it is no more, marked where a share is estimated."""
    name = agency.short_name or agency.name
    if agency.last_day:
        name = _("%(name)s (đến %(day)s)") % {"name": name, "day": write_date(agency.last_day)}
    return _("%(name)s (ước tính)") % {"name": name} if agency.is_estimated else name


@require_safe
def plan_overview(request: UserRequest, key: int) -> HttpResponse:
    """How the plan stands, on one page, for whoever has three minutes."""
    plan, context = _on_plan(request, key, tab="overview")
    today = clock.today()
    agencies, lens = _through_lens(request, plan)
    context |= _at_level(request, agencies, lambda agency: str(agency.level), *lens["selects"]) | lens["said"]
    late = [one for one in agencies if one.tally.late]
    context |= {
        "today": today,
        "tally": selectors.tallies([plan], on=today).get(plan.pk, selectors.Tally()),
        "late_agencies": late[:10],
        "late_count": len(late),
        "sections": selectors.tally_by_section(plan, on=today),
        "obstacles": selectors.find_obstacles(request.user, state="open", plan=plan.pk)[:5],
        "coverage": selectors.coverage(plan),
        "next_due": selectors.next_due(request.user, plan, on=today),
    }
    return pages.render(request, "plans/plan_overview.html", context, fragment="plans/_agency_rows.html")


@require_safe
def plan_text(request: UserRequest, key: int) -> HttpResponse:
    """The document's own text, each line numbered, with the tasks that were read from it."""
    plan, context = _on_plan(request, key, tab="text")
    by_line: dict[int, list[Any]] = {}
    for task in selectors.tasks(plan):
        by_line.setdefault(task.first_line, []).append(task)
    reading = plan.reading
    context |= {
        "lines": [(number, text, by_line.get(number, ())) for number, text in enumerate(reading.lines, start=1)],
        "reading": reading,
    }
    return pages.render(request, "plans/plan_text.html", context)


@require_safe
def plan_file(request: UserRequest, key: int) -> FileResponse:
    """The file as it was handed in."""
    return attachments.response(selectors.plan_by_key(request.user, key).file)


@require_safe
def plan_history(request: UserRequest, key: int) -> HttpResponse:
    """What was done to the plan as a whole."""
    plan, context = _on_plan(request, key, tab="history")
    entries, shows_all = trail.history(plan), request.GET.get("all") == "1"
    if not shows_all:
        entries = entries.exclude(deed__startswith="plans.draft.")
    page = pages.page_of(request, entries)
    context |= {"page": page, "entries": [asdict(line) for line in told(page.object_list)], "shows_all": shows_all}
    return pages.render(request, "plans/plan_history.html", context)


def _ending(request: UserRequest, key: int, *, deed: str) -> HttpResponse:
    plan, context = _on_plan(request, key, tab="")
    access.require_on_plan(request.user, plan, allowed=access.may_follow(request.user, plan))
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = services.close_plan if deed == "close" else services.reopen_plan
        act(by=request.user, plan=plan, why=form.cleaned_data["why"])
        messages.success(request, _("Đã kết thúc kế hoạch.") if deed == "close" else _("Đã mở lại kế hoạch."))
        return redirect(plan)
    context |= {"form": form, "deed": deed}
    return pages.render(request, "plans/plan_end.html", context, status=422 if form.errors else 200)


def plan_close(request: UserRequest, key: int) -> HttpResponse:
    """End a plan, with a reason."""
    return _ending(request, key, deed="close")


def plan_reopen(request: UserRequest, key: int) -> HttpResponse:
    """Take up an ended plan again, with a reason."""
    return _ending(request, key, deed="reopen")


def _task_page(request: UserRequest, key: int, form: AssignForm | None = None, *, status: int = 200) -> HttpResponse:
    task = selectors.task_by_key(request.user, key)
    today = clock.today()
    wanted = request.GET.get("state", "")
    held = selectors.assignments(request.user).filter(task=task).order_by("-period", "unit__sort_key", "pk")
    page = pages.page_of(request, held.filter(state=wanted) if wanted else held, per_page=AGENCIES_PER_PAGE)
    may_assign = task.plan.state == "issued" and access.may_follow(request.user, task.plan)
    below = list(selectors.tasks_below(request.user, task))
    tallies = selectors.tally_below(below, on=today)
    context = {
        "task": task,
        "plan": task.plan,
        "title": shortened(task.text, most=110),
        "crumbs": [
            {"label": _("Kế hoạch"), "url": reverse("plans:plan-list")},
            {"label": str(task.plan), "url": task.plan.get_absolute_url()},
            {"label": task.code},
        ],
        "page": page,
        "rows": [(one, rules.standing(one.state, due_on=one.due_on, on=today)) for one in page.object_list],
        "selects": [
            select("state", _("Tình trạng"), [("", _("Tất cả")), *choices(states.ASSIGNMENT.choices())], wanted),
        ],
        "is_narrowed": bool(wanted),
        "tally": selectors.tally_by_task(task.plan, on=today).get(task.pk, selectors.Tally()),
        "below": [(link, tallies.get(link.below_id, selectors.Tally())) for link in below],
        "below_total": sum(tally.total for tally in tallies.values()),
        "below_confirmed": sum(tally.confirmed for tally in tallies.values()),
        "above": selectors.tasks_above(task),
        "facts": [*agency_facts(task, task.agencies.all()), *time_facts(task)],
        "form": form or (AssignForm() if may_assign else None),
        "history": [asdict(line) for line in told(trail.history(task)[:20])],
    }
    return pages.render(request, "plans/task_detail.html", context, fragment="plans/_holder_rows.html", status=status)


@require_safe
def task_detail(request: UserRequest, key: int) -> HttpResponse:
    """A task: its words and where they stand, who holds it, and how far each has come."""
    return _task_page(request, key)


@require_POST
def task_assign(request: UserRequest, key: int) -> HttpResponse:
    """Give a task to one more agency."""
    task = selectors.task_by_key(request.user, key)
    access.require_on_plan(request.user, task.plan, allowed=access.may_follow(request.user, task.plan))
    form, status = AssignForm(request.POST), HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            opened = services.assign_task(by=request.user, task=task, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field or None, say(error))
        except Conflict as error:
            form.add_error("unit", say(error))
            status = HTTPStatus.CONFLICT
        else:
            messages.success(request, _("Đã giao cho %(count)s cơ quan.") % {"count": len(opened)})
            return redirect(task)
    return _task_page(request, key, form, status=status)


urlpatterns = [
    path("plans/", plan_list, name="plan-list"),
    path("plans/<int:key>/", plan_detail, name="plan-detail"),
    path("plans/<int:key>/matrix/", plan_matrix, name="plan-matrix"),
    path("plans/<int:key>/overview/", plan_overview, name="plan-overview"),
    path("plans/<int:key>/text/", plan_text, name="plan-text"),
    path("plans/<int:key>/file/", plan_file, name="plan-file"),
    path("plans/<int:key>/history/", plan_history, name="plan-history"),
    path("plans/<int:key>/close/", plan_close, name="plan-close"),
    path("plans/<int:key>/reopen/", plan_reopen, name="plan-reopen"),
    path("tasks/<int:key>/", task_detail, name="task-detail"),
    path("tasks/<int:key>/assign/", task_assign, name="task-assign"),
]

"""Each correction of a draft: edited, split, joined, added, marked, linked, taken back."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.programme.plans import intake, rules, selectors, services
from hieuhoc.programme.plans.forms.intake import (
    AddTaskForm,
    AgencyFormSet,
    LinkForm,
    SplitForm,
    TaskForm,
    agency_values,
    task_values,
)
from hieuhoc.programme.plans.models import Plan, Task, TaskAgency
from hieuhoc.programme.plans.views import review
from hieuhoc.registers.accounts.access import UserRequest

FORMS_ONLY = require_http_methods(["GET", "HEAD", "POST"])


@FORMS_ONLY
def draft_edit(request: UserRequest, key: int, task: int) -> HttpResponse:
    """Correct one task: its words, agencies, due date, recurrence, product."""
    plan = review.draft(request, key)
    row = selectors.draft_task(plan, task)
    form, leads, coordinators = _task_forms(row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and "more" not in request.POST:
        # All three are asked, so that every mistake is shown at once.
        if all([form.is_valid(), leads.is_valid(), coordinators.is_valid()]):
            try:
                done = _edit(request, plan, row, form, leads, coordinators)
            except Invalid as error:
                form.add_error(error.field if error.field in form.fields else None, say(error))
            except Conflict as error:
                return _edited_meanwhile(request, plan, row, error)
            else:
                return review.answer(request, plan, _("Đã lưu %(code)s.") % {"code": done.code}, task=done)
        return _edit_page(request, plan, row, (form, leads, coordinators), status=422)
    return _edit_page(request, plan, row, (form, leads, coordinators))


def _task_forms(task: Task, sent: QueryDict | None) -> tuple[TaskForm, Any, Any]:
    agencies = list(task.agencies.all())
    units = [one.unit for one in agencies if one.unit]
    if sent is not None and sent.get("more") in {"lead", "coordinate"}:
        sent = sent.copy()
        name = f"{sent['more']}-TOTAL_FORMS"
        sent[name] = str(min(int(sent.get(name, "0") or 0), 79) + 1)
    form = TaskForm(sent, initial=task_values(task), auto_id=f"edit-{task.pk}-%s")
    sets = [
        AgencyFormSet(
            sent,
            prefix=role,
            form_kwargs={"units": units},
            initial=agency_values(agencies, role),
            auto_id=f"edit-{task.pk}-%s",
        )
        for role in (TaskAgency.LEAD, TaskAgency.COORDINATE)
    ]
    return form, sets[0], sets[1]


def _edit(request: UserRequest, plan: Plan, task: Task, form: TaskForm, leads: Any, coordinators: Any) -> Task:
    return services.edit_task(
        by=request.user,
        plan=plan,
        task=task.pk,
        leads=[services.NamedAgency(*one) for one in leads.named()],
        coordinators=[services.NamedAgency(*one) for one in coordinators.named()],
        **form.cleaned_data,
    )


def _edited_meanwhile(request: UserRequest, plan: Plan, task: Task, error: Conflict) -> HttpResponse:
    """The form again with what was typed, that may now be sent knowing what the other one wrote."""
    task = selectors.draft_task(plan, task.pk)
    sent = request.POST.copy()
    sent["version"] = str(task.version)
    form, leads, coordinators = _task_forms(task, sent)
    form.is_valid()
    form.add_error(None, say(error))
    return _edit_page(request, plan, task, (form, leads, coordinators), now=review.card_of(task), status=409)


def _edit_page(
    request: UserRequest,
    plan: Plan,
    task: Task,
    forms: tuple[TaskForm, Any, Any],
    *,
    now: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    form, leads, coordinators = forms
    context = _one_task(request, plan, task) | {
        "form": form,
        "sets": [(_("Cơ quan chủ trì"), leads), (_("Cơ quan phối hợp"), coordinators)],
        "now": now,
        "title": _("Sửa %(code)s") % {"code": task.code},
    }
    fragment = "plans/intake/_edit.html"
    response = pages.render(request, "plans/intake/edit.html", context, fragment=fragment, status=status)
    if status == 409:
        response["HX-Retarget"], response["HX-Reswap"] = f"#task-{task.pk}", "outerHTML"
    return response


def _one_task(request: UserRequest, plan: Plan, task: Task) -> dict[str, Any]:
    """What the pages about one task of a draft show around it."""
    here = reverse("plans:plan-review", args=[plan.pk])
    back = f"?{request.GET.urlencode()}" if request.GET else ""
    lines = plan.reading.lines[task.first_line - 1 : task.last_line] if task.first_line else []
    return {
        "plan": plan,
        "task": task,
        "source": " ".join(" ".join(line.split()) for line in lines),
        "doubts": intake.explain(task.doubts),
        "back": back,
        "cancel_url": f"{here}{back}#task-{task.pk}",
        "crumbs": [
            {"label": _("Kế hoạch"), "url": reverse("plans:plan-list")},
            {"label": plan.number or _("Bản đọc"), "url": f"{here}{back}"},
            {"label": task.code},
        ],
    }


@FORMS_ONLY
def draft_split(request: UserRequest, key: int, task: int) -> HttpResponse:
    """Cut a task in two, at a mark of punctuation or at the cursor."""
    plan = review.draft(request, key)
    row = selectors.draft_task(plan, task)
    form = SplitForm(request.POST or None, initial={"version": row.version}, auto_id=f"split-{row.pk}-%s")
    if request.method == "POST" and form.is_valid():
        try:
            services.split_task(by=request.user, plan=plan, task=row.pk, **form.cleaned_data)
        except Invalid as error:
            form.add_error("at", say(error))
        else:
            return review.answer(request, plan, _("Đã tách %(code)s.") % {"code": row.code})
    edges = [0, *rules.cut_points(row.text), len(row.text)]
    context = _one_task(request, plan, row) | {
        "form": form,
        "pieces": [(row.text[here:there].strip(), there) for here, there in pairwise(edges)],
        "title": _("Tách %(code)s") % {"code": row.code},
    }
    status = 422 if form.errors else 200
    return pages.render(request, "plans/intake/split.html", context, fragment="plans/intake/_split.html", status=status)


@require_POST
def draft_merge(request: UserRequest, key: int, task: int) -> HttpResponse:
    """Join a task with the one after it."""
    plan = review.draft(request, key)
    version = request.POST.get("version", "")
    try:
        seen = int(version) if version.isdecimal() else 0
        row = services.merge_tasks(by=request.user, plan=plan, task=task, version=seen)
    except Invalid as error:
        raise Conflict(error.template, **error.values) from error
    return review.answer(request, plan, _("Đã gộp %(code)s với nhiệm vụ sau nó.") % {"code": row.code})


MARKED = {
    "check": lambda code: _("Đã soát %(code)s.") % {"code": code},
    "uncheck": lambda code: _("Cần soát lại %(code)s.") % {"code": code},
    "dismiss": lambda code: _("Đã loại %(code)s.") % {"code": code},
    "restore": lambda code: _("Đã lấy lại %(code)s.") % {"code": code},
}


@require_POST
def draft_mark(request: UserRequest, key: int, task: int, deed: str) -> HttpResponse:
    """Check, uncheck, dismiss or restore a task."""
    plan = review.draft(request, key)
    row = services.mark_task(by=request.user, plan=plan, task=task, deed=deed)
    return review.answer(request, plan, MARKED[deed](row.code), task=row)


@FORMS_ONLY
def draft_add(request: UserRequest, key: int) -> HttpResponse:
    """Add a task that the reader missed, from a line of the text where one is named."""
    plan = review.draft(request, key)
    sections = selectors.sections(plan)
    form = AddTaskForm(request.POST or None, sections=sections, initial=_from_line(plan, request.GET.get("line", "")))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            task = services.add_task(
                by=request.user,
                plan=plan,
                section=given["section"],
                text=given["text"],
                line=given["line"] or 0,
            )
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, _("Đã thêm %(code)s. Hãy chọn cơ quan thực hiện.") % {"code": task.code})
            return redirect(f"{reverse('plans:draft-edit', args=[plan.pk, task.pk])}?show=order")
    here = reverse("plans:plan-review", args=[plan.pk])
    context = {
        "form": form,
        "plan": plan,
        "title": _("Thêm nhiệm vụ"),
        "submit_label": _("Thêm nhiệm vụ"),
        "cancel_url": f"{here}{f'#line-{line}' if (line := request.GET.get('line', '')) else ''}",
        "crumbs": [
            {"label": _("Kế hoạch"), "url": reverse("plans:plan-list")},
            {"label": plan.number or _("Bản đọc"), "url": here},
            {"label": _("Thêm nhiệm vụ")},
        ],
    }
    return pages.render(request, "plans/intake/add.html", context, status=422 if form.errors else 200)


def _from_line(plan: Plan, line: str) -> dict[str, Any]:
    """What a task from a line of the text begins with."""
    lines = plan.reading.lines
    if not line.isdecimal() or not 1 <= int(line) <= len(lines):
        return {}
    section = selectors.section_at(plan, int(line))
    return {
        "line": int(line),
        "text": " ".join(lines[int(line) - 1].split()),
        "section": str(section.pk) if section else "",
    }


@require_POST
def draft_link(request: UserRequest, key: int) -> HttpResponse:
    """Say which unit a name means, wherever the draft uses it."""
    plan = review.draft(request, key)
    form = LinkForm(request.POST)
    if not form.is_valid():
        context = review.whole(request, plan)
        for row in context.get("names", ()):
            if row["name"] == form.data.get("name"):
                row["form"] = form
        context |= {"title": _("Tên chưa có trong danh mục")}
        return pages.render(
            request, "plans/intake/review.html", context, fragment="plans/intake/_review.html", status=422
        )
    name, unit = form.cleaned_data["name"], form.cleaned_data["unit"]
    count = services.link_agency(by=request.user, plan=plan, name=name, unit=unit)
    said = _("“%(name)s” là %(unit)s trong %(count)s nhiệm vụ.") % {"name": name, "unit": unit.name, "count": count}
    return review.answer(request, plan, said)


@require_POST
def draft_check_rest(request: UserRequest, key: int) -> HttpResponse:
    """Check every task of which the reader is sure."""
    plan = review.draft(request, key)
    count = services.check_rest(by=request.user, plan=plan, surer_than=selectors.DOUBTFUL_BELOW)
    return review.answer(request, plan, _("Đã đánh dấu %(count)s nhiệm vụ là đã soát.") % {"count": count})


@require_POST
def draft_undo(request: UserRequest, key: int) -> HttpResponse:
    """Take the last correction back."""
    plan = review.draft(request, key)
    name = services.undo_step(by=request.user, plan=plan)
    return review.answer(request, plan, _("Đã hoàn tác: %(name)s.") % {"name": name})


_TASK = "plans/<int:key>/review/tasks/<int:task>/"
urlpatterns = [
    path("plans/<int:key>/review/undo/", draft_undo, name="draft-undo"),
    path("plans/<int:key>/review/check-rest/", draft_check_rest, name="draft-check-rest"),
    path("plans/<int:key>/review/add/", draft_add, name="draft-add"),
    path("plans/<int:key>/review/names/", draft_link, name="draft-link"),
    path(f"{_TASK}edit/", draft_edit, name="draft-edit"),
    path(f"{_TASK}split/", draft_split, name="draft-split"),
    path(f"{_TASK}merge/", draft_merge, name="draft-merge"),
    *(path(f"{_TASK}{deed}/", draft_mark, {"deed": deed}, name=f"draft-{deed}") for deed in MARKED),
]

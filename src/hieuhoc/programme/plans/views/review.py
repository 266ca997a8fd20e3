"""The page on which a reading is checked beside the text, and what it answers to a correction (`drafts`)."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Conflict
from hieuhoc.programme.plans import access, intake, selectors
from hieuhoc.programme.plans.forms.intake import LinkForm
from hieuhoc.programme.plans.models import Plan, Task, TaskAgency
from hieuhoc.programme.plans.views.shown import plan_title
from hieuhoc.registers.accounts.access import UserRequest

PER_PAGE = 50
SHOWN = {"doubtful": "doubtful", "order": "", "unassigned": "unassigned", "dismissed": "dismissed", "names": "names"}


def draft(request: UserRequest, key: int) -> Plan:
    """A draft that the user may correct. Raises: Missing, Refused; Conflict when it is one no longer."""
    plan = selectors.plan_by_key(request.user, key)
    access.require_on_plan(request.user, plan, allowed=access.may_draft(request.user, plan))
    if plan.state != "draft":
        raise Conflict(_("Bản đọc này đã được xác nhận hoặc bỏ, không sửa được nữa."))
    return plan


# ---- the page ----------------------------------------------------------------------------------------


@require_safe
def plan_review(request: UserRequest, key: int) -> HttpResponse:
    """The text beside what was read from it."""
    plan = selectors.plan_by_key(request.user, key)
    if plan.state in {"issued", "closed"}:
        return redirect("plans:plan-detail", key=plan.pk)
    access.require_on_plan(request.user, plan, allowed=access.may_draft(request.user, plan))
    if plan.state == "discarded":
        return pages.render(request, "plans/intake/discarded.html", {"plan": plan, "title": plan_title(plan)})
    context = whole(request, plan) | {
        "title": _("Soát bản đọc %(plan)s") % {"plan": plan.number or plan.kind},
        "crumbs": [{"label": _("Kế hoạch"), "url": reverse("plans:plan-list")}, {"label": str(plan)}],
    }
    return pages.render(request, "plans/intake/review.html", context, fragment="plans/intake/_review.html")


def whole(request: UserRequest, plan: Plan) -> dict[str, Any]:
    """Everything that the page shows of a draft."""
    head = _head(request, plan)
    lines = selectors.source_lines(plan)
    if head["show"] == "names":
        names = selectors.name_guesses(plan, on=clock.today())
        return head | {
            "names": [_name_row(one, at) for at, one in enumerate(names)],
            "lines": _lines(plan, lines, set()),
        }
    found = selectors.draft_tasks(plan, show=SHOWN[head["show"]])
    page = pages.page_of(request, found, per_page=PER_PAGE)
    cards = [card_of(task) for task in page.object_list]
    return head | {
        "page": page,
        "cards": cards,
        "lines": _lines(plan, lines, {card["task"].pk for card in cards}),
        "notes": plan.reading.notes,
    }


def _head(request: UserRequest, plan: Plan) -> dict[str, Any]:
    """How far the checking has come, and what else can be shown."""
    counts = selectors.draft_counts(plan)
    show = request.GET.get("show", "")
    if show not in SHOWN:
        show = "doubtful" if counts.proposed else "order"
    labels = {
        "doubtful": (_("Cần soát (nghi ngờ trước)"), counts.proposed),
        "order": (_("Theo thứ tự văn bản"), counts.total),
        "unassigned": (_("Chưa giao được"), counts.unassigned),
        "names": (_("Tên chưa có trong danh mục"), counts.unlinked),
        "dismissed": (_("Đã loại"), counts.dismissed),
    }
    return {
        "plan": plan,
        "counts": counts,
        "show": show,
        "back": f"?{request.GET.urlencode()}" if request.GET else "",
        "step": selectors.last_step(plan),
        "sure_from": selectors.DOUBTFUL_BELOW,
        "may_issue": access.may_issue(request.user, plan),
        "tabs": [
            {"label": label, "url": f"?show={name}", "active": name == show, "count": count}
            for name, (label, count) in labels.items()
            if count or name in {"doubtful", "order"} or name == show
        ],
    }


def _lines(plan: Plan, lines: Iterable[selectors.SourceLine], here: set[int], *, swap: bool = False) -> SafeString:
    """The text, line by line, with its tasks: linked on this page where they are on it, else where they stand in order.

    Written here and not in a template, since a document has thousands of lines; every word of it is escaped.
    `swap` is for lines that htmx puts in place.
    """
    add = reverse("plans:draft-add", args=[plan.pk])
    mark = ' hx-swap-oob="true"' if swap else ""
    return SafeString("\n".join(_line(line, add, mark, here) for line in lines))


def _line(line: selectors.SourceLine, add: str, mark: str, here: set[int]) -> str:
    kind = ' class="heading"' if line.is_heading else ' class="open"' if line.is_open else ""
    words = "".join(
        f'<span class="sentence found" data-tasks="{keys}">{escape(piece)}</span>' if keys else escape(piece)
        for piece, keys in line.pieces
    )
    marks = "".join(
        f' <a class="chip" href="{"" if one.key in here else _page_in_order(one.place)}#task-{one.key}">'
        f"{escape(one.code)}</a>"
        for one in line.marks
    )
    number = f'<a class="no" href="{add}?line={line.number}" tabindex="-1">{line.number}</a>'
    return f'<li id="line-{line.number}"{kind}{mark}>{number}<p>{words}{marks}</p></li>'


def _page_in_order(place: int) -> str:
    return f"?show=order&amp;page={place // PER_PAGE + 1}"


def card_of(task: Task) -> dict[str, Any]:
    agencies = list(task.agencies.all())
    return {
        "task": task,
        "url": reverse("plans:draft-card", args=[task.plan_id, task.pk]),
        "leads": [one for one in agencies if one.role == TaskAgency.LEAD],
        "coordinators": [one for one in agencies if one.role == TaskAgency.COORDINATE],
        "doubts": intake.explain(task.doubts),
    }


def _name_row(one: selectors.UnlinkedName, at: int) -> dict[str, Any]:
    form = LinkForm(initial={"name": one.name}, auto_id=f"name-{at}-%s")
    return {"name": one.name, "uses": one.uses, "leads": one.leads, "guesses": one.guesses, "form": form}


# ---- answers ------------------------------------------------------------------------------------------


def _back(request: UserRequest, plan: Plan, anchor: str = "") -> HttpResponse:
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{reverse('plans:plan-review', args=[plan.pk])}{query}{anchor}")


def answer(request: UserRequest, plan: Plan, said: str, *, task: Task | None = None) -> HttpResponse:
    """What a correction changed: one card with its lines, or the whole; without htmx the page again."""
    if not pages.wants_fragment(request):
        messages.success(request, said)
        return _back(request, plan, f"#task-{task.pk}" if task else "")
    if task is None:
        response = pages.render(request, "plans/intake/_review.html", whole(request, plan) | {"said": said})
        response["HX-Retarget"], response["HX-Reswap"] = "#review", "outerHTML"
        return response
    task = selectors.draft_task(plan, task.pk)
    touched = range(task.first_line, task.last_line + 1)
    lines = selectors.source_lines(plan, only=touched) if task.first_line else []
    context = _head(request, plan) | {
        "said": said,
        "card": card_of(task),
        "lines": _lines(plan, lines, {mark.key for line in lines for mark in line.marks}, swap=True),
    }
    return pages.render(request, "plans/intake/_answer.html", context)


@require_safe
def draft_card(request: UserRequest, key: int, task: int) -> HttpResponse:
    """One task as it stands, where its form was given up."""
    plan = draft(request, key)
    if not pages.wants_fragment(request):
        return _back(request, plan, f"#task-{task}")
    card = card_of(selectors.draft_task(plan, task))
    return pages.render(request, "plans/intake/_task.html", _head(request, plan) | {"card": card})


urlpatterns = [
    path("plans/<int:key>/review/", plan_review, name="plan-review"),
    path("plans/<int:key>/review/tasks/<int:task>/", draft_card, name="draft-card"),
]

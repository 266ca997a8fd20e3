"""Pages for local plans under a plan: links and coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import select
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.plans import access, rules, selectors, services
from hieuhoc.programme.plans.forms.cascade import AddLinkForm, ConfirmAlikeForm
from hieuhoc.programme.plans.models import Plan, Task, TaskLink
from hieuhoc.programme.plans.views.shown import lens_of, plan_tabs, plan_title
from hieuhoc.registers.accounts.access import UserRequest

TASKS_PER_PAGE = 25
ALIKE_STEPS = (90, 80, 70, 60)  # percent, from which proposals may be confirmed at once
UNTOUCHED_PER_PAGE = 40
UNTOUCHED_SHOWN = 8  # on the page of coverage; the rest has a page of its own


def _context(request: UserRequest, plan: Plan, *, tab: str) -> dict[str, Any]:
    """What both pages show around their content."""
    return {
        "plan": plan,
        "title": plan_title(plan),
        "tabs": plan_tabs(plan, active=tab),
        "crumbs": [{"label": _("Kế hoạch"), "url": reverse("plans:plan-list")}, {"label": str(plan)}],
        "may_follow": access.may_follow(request.user, plan),
        "may_remind": access.may_remind(request.user, plan),
    }


# ---- coverage --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CoverageRow:
    """An agency on the page: its plan or its draft under this one, how that stands, what it takes up."""

    row: selectors.UnitCoverage
    state: str  # issued | draft | none
    plan: Plan | None  # that the user may open
    tally: selectors.Tally

    def fits(self, state: str, words: str) -> bool:
        """Whether the row fits the page's filter."""
        return state in {"", self.state} and all(word in fold(self.row.unit.name) for word in fold(words).split())


def _coverage_rows(request: UserRequest, plan: Plan, found: list[selectors.UnitCoverage]) -> list[CoverageRow]:
    open_to_user = {one.pk: one for one in selectors.plans_below(request.user, plan)}
    drafts = {one.issuer_id: one for one in open_to_user.values() if one.state == "draft"}
    tallies = selectors.tallies([one.plan for one in found if one.plan], on=clock.today())
    rows = []
    for one in found:
        draft = drafts.get(one.unit.pk) or drafts.get(one.unit.parent_id or 0)
        if one.plan:
            shown = open_to_user.get(one.plan.pk)
            rows.append(CoverageRow(one, "issued", shown, tallies.get(one.plan.pk, selectors.Tally())))
        else:
            rows.append(CoverageRow(one, "draft" if draft else "none", draft, selectors.Tally()))
    order = ("none", "draft", "issued")
    return sorted(rows, key=lambda row: order.index(row.state))


def _kinds(covered: selectors.Coverage) -> dict[str, tuple[str, list[selectors.UnitCoverage]]]:
    """The agencies with duties by kind, those first that a plan is addressed to before all."""
    levels: dict[str, list[selectors.UnitCoverage]] = {}
    for one in covered.units:
        levels.setdefault(one.unit.parent.level if one.unit.parent else "", []).append(one)
    named = {
        "province": (_("UBND cấp tỉnh"), levels.get("province", [])),
        "district": (_("UBND cấp huyện"), levels.get("district", [])),
        "commune": (_("UBND cấp xã"), levels.get("commune", [])),
        "agencies": (_("Sở, ngành, cơ quan khác"), list(covered.agencies)),
    }
    return {kind: pair for kind, pair in named.items() if pair[1]}


@require_safe
def plan_coverage(request: UserRequest, key: int) -> HttpResponse:
    """Who has issued a plan of their own under this one, and which tasks nobody below took up."""
    plan = selectors.plan_by_key(request.user, key)
    lens = lens_of(request, on=clock.today())
    covered = selectors.coverage(plan, is_restated=lens.is_restated)
    kinds = _kinds(covered)
    who, state, words = (request.GET.get(name, "") for name in ("who", "state", "q"))
    who = who if who in kinds else next(iter(kinds), "")
    everybody = _coverage_rows(request, plan, kinds[who][1] if who else [])
    states = [("", _("Tất cả")), ("none", _("Chưa có")), ("draft", _("Đang soạn")), ("issued", _("Đã ban hành"))]
    context = _context(request, plan, tab="coverage") | {
        "coverage": covered,
        "untouched": covered.untouched[:UNTOUCHED_SHOWN],
        "counts": {name: sum(1 for row in everybody if row.state == name) for name in ("issued", "draft", "none")},
        "total": len(everybody),
        "page": pages.page_of(request, [row for row in everybody if row.fits(state, words)], per_page=30),
        "who": who,
        "who_label": kinds[who][0] if who else "",
        "q": words,
        "selects": [
            select(
                "who", _("Cơ quan"), [(kind, f"{label} ({len(rows)})") for kind, (label, rows) in kinds.items()], who
            ),
            select("state", _("Kế hoạch riêng"), states, state),
        ],
        "is_narrowed": bool(state or words),
    }
    if covered.has_ended:
        context["selects"] = [lens.choice, *context["selects"]]
        context["lens_said"] = lens.said
    return pages.render(request, "plans/plan_coverage.html", context, fragment="plans/_coverage_rows.html")


@require_safe
def plan_untouched(request: UserRequest, key: int) -> HttpResponse:
    """The tasks given to committees below that no plan below takes up."""
    plan = selectors.plan_by_key(request.user, key)
    covered = selectors.coverage(plan)
    page = pages.page_of(request, covered.untouched, per_page=UNTOUCHED_PER_PAGE)
    context = _context(request, plan, tab="coverage") | {"coverage": covered, "page": page}
    return pages.render(request, "plans/plan_untouched.html", context)


# ---- links -----------------------------------------------------------------------------------------


def likeness_words(score: int) -> str:
    """How alike two tasks are, in words. Units: percent."""
    if score >= 90:
        return _("gần như trùng")
    if score >= 75:
        return _("rất giống")
    if score >= 60:
        return _("khá giống")
    return _("hơi giống") if score >= rules.LIKENESS_FLOOR else _("ít giống")


def _card(task: Task) -> dict[str, Any]:
    """A task of the local plan with the tasks above that it may carry out, the rejected ones apart."""
    links = [(link, likeness_words(link.likeness)) for link in getattr(task, "links", ())]
    return {
        "task": task,
        "links": [pair for pair in links if pair[0].state != "rejected"],
        "rejected": [pair for pair in links if pair[0].state == "rejected"],
    }


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _adding(request: UserRequest, task: Task) -> dict[str, Any]:
    """The search among the tasks above, opened beneath one task."""
    find = request.GET.get("find", "")
    found = selectors.candidates_above(task, words=find)
    return {"find": find, "found": [(one, score, likeness_words(score)) for one, score in found]}


def _links_page(
    request: UserRequest, plan: Plan, *, form: ConfirmAlikeForm | None = None, status: int = 200
) -> HttpResponse:
    show = request.GET.get("show", "all")
    show = show if show in selectors.LINK_SHOWS else "all"
    words = request.GET.get("q", "")
    page = pages.page_of(request, selectors.tasks_to_link(plan, show=show, words=words), per_page=TASKS_PER_PAGE)
    cards = [_card(task) for task in page.object_list]
    adding = _number(request.GET.get("add", ""))
    for card in cards:
        if card["task"].pk == adding:
            card["adding"] = _adding(request, card["task"])
    counts = selectors.link_counts(plan)
    shows = [
        ("all", _("Tất cả nhiệm vụ")),
        ("proposed", _("Có đề xuất chờ quyết định")),
        ("linked", _("Đã gắn")),
        ("alone", _("Chưa gắn")),
    ]
    alike = selectors.proposals_by_likeness(plan)
    form = form or ConfirmAlikeForm()
    context = _context(request, plan, tab="links") | {
        "above": plan.above,
        "cards": cards,
        "page": page,
        "counts": counts,
        "alike": [(least, n) for least in ALIKE_STEPS if (n := sum(1 for score in alike if score >= least))],
        "form": form,
        "may_link": access.may_draft(request.user, plan),
        "selects": [select("show", _("Hiện"), shows, show)],
        "q": words,
        "back": request.GET.urlencode(),
        "is_narrowed": bool(words or show != "all"),
    }
    return pages.render(request, "plans/plan_links.html", context, fragment="plans/_link_cards.html", status=status)


@require_safe
def plan_links(request: UserRequest, key: int) -> HttpResponse:
    """The tasks of a local plan beside those of the plan above, with what is proposed and what is decided."""
    return _links_page(request, selectors.plan_by_key(request.user, key))


def _back(request: UserRequest, plan: Plan, task: Task | None = None) -> HttpResponse:
    """To the page of links as it was, at the task that was decided."""
    query = QueryDict(request.POST.get("back", ""), mutable=True)
    for name in ("add", "find"):
        query.pop(name, None)
    anchor = f"#task-{task.pk}" if task else ""
    return redirect(f"{reverse('plans:plan-links', args=[plan.pk])}?{query.urlencode()}{anchor}")


def _decided(request: UserRequest, link: TaskLink) -> HttpResponse:
    """The one card anew where htmx asks for it, else the page at that card."""
    plan = link.below.plan
    if not pages.wants_fragment(request):
        return _back(request, plan, link.below)
    context = {
        "card": _card(selectors.task_to_link(plan, link.below_id)),
        "plan": plan,
        "may_link": access.may_draft(request.user, plan),
        "back": request.POST.get("back", ""),
        "counts": selectors.link_counts(plan),
    }
    return pages.render(request, "plans/_link_answer.html", context)


@require_POST
def links_propose(request: UserRequest, key: int) -> HttpResponse:
    """Look for likenesses once more; what was decided stays."""
    plan = selectors.plan_by_key(request.user, key)
    made = services.propose_links(by=request.user, plan=plan)
    if made:
        messages.success(request, _("Đã tìm thấy %(count)s đề xuất mới.") % {"count": made})
    else:
        messages.info(request, _("Không có đề xuất mới. Những nhiệm vụ còn lại có thể gắn bằng tay."))
    return _back(request, plan)


@require_POST
def links_confirm(request: UserRequest, key: int) -> HttpResponse:
    """Confirm at once every proposal above a likeness."""
    plan = selectors.plan_by_key(request.user, key)
    form = ConfirmAlikeForm(request.POST)
    if not form.is_valid():
        access.require_on_plan(request.user, plan, allowed=access.may_draft(request.user, plan))
        return _links_page(request, plan, form=form, status=422)
    done = services.confirm_links(by=request.user, plan=plan, least=form.cleaned_data["least"])
    messages.success(request, _("Đã xác nhận %(count)s đề xuất.") % {"count": done})
    return _back(request, plan)


@require_POST
def link_confirm(request: UserRequest, key: int) -> HttpResponse:
    """The task below does carry out the task above."""
    link = selectors.link_by_key(request.user, key)
    return _decided(request, services.decide_link(by=request.user, link=link, deed="confirm"))


@require_POST
def link_reject(request: UserRequest, key: int) -> HttpResponse:
    """The two tasks have nothing to do with one another."""
    link = selectors.link_by_key(request.user, key)
    return _decided(request, services.decide_link(by=request.user, link=link, deed="reject"))


@require_POST
def link_add(request: UserRequest, key: int) -> HttpResponse:
    """Tie two tasks that the proposals missed."""
    plan = selectors.plan_by_key(request.user, key)
    access.require_on_plan(request.user, plan, allowed=access.may_draft(request.user, plan))
    form = AddLinkForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Hãy chọn một nhiệm vụ của kế hoạch cấp trên trong danh sách."))
    below = selectors.task_to_link(plan, form.cleaned_data["below"])
    above = selectors.task_above(request.user, plan, form.cleaned_data["above"])
    try:
        services.add_link(by=request.user, below=below, above=above)
    except Conflict as error:
        messages.warning(request, say(error))
    else:
        messages.success(request, _("Đã gắn với %(code)s của %(plan)s.") % {"code": above.code, "plan": plan.above})
    return _back(request, plan, below)


urlpatterns = [
    path("plans/<int:key>/coverage/", plan_coverage, name="plan-coverage"),
    path("plans/<int:key>/coverage/tasks/", plan_untouched, name="plan-untouched"),
    path("plans/<int:key>/links/", plan_links, name="plan-links"),
    path("plans/<int:key>/links/propose/", links_propose, name="links-propose"),
    path("plans/<int:key>/links/confirm/", links_confirm, name="links-confirm"),
    path("plans/<int:key>/links/add/", link_add, name="link-add"),
    path("links/<int:key>/confirm/", link_confirm, name="link-confirm"),
    path("links/<int:key>/reject/", link_reject, name="link-reject"),
]

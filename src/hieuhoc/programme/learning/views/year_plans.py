"""Pages of a centre's year: whose plan stands how, one plan with its classes and needs, and the deeds on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import chips, fact, select
from hieuhoc.foundation.ui.wording import capital_choices, in_words, say
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.programme.learning import states
from hieuhoc.programme.learning.documents import year_plans as documents
from hieuhoc.programme.learning.forms.year_plans import NeedsForm, PlannedClassForm, SummaryForm, WhyForm
from hieuhoc.programme.learning.models import PlannedClass, Provider, Topic, YearPlan
from hieuhoc.programme.learning.rules import planning
from hieuhoc.programme.learning.selectors import topics
from hieuhoc.programme.learning.selectors import year_plans as selectors
from hieuhoc.programme.learning.services import year_plans as services
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.selectors import told
from hieuhoc.registers.places import selectors as places

BADGES = {"draft": "neutral", "submitted": "wait", "returned": "late", "approved": "done"}
_COLUMNS = (
    "title",
    "kind",
    "topic",
    "month",
    "place",
    "speaker",
    "organisers",
    "learners",
    "cost",
    "source",
)


def _badge(plan: YearPlan | None) -> dict[str, str]:
    if plan is None:
        return {"state": "neutral", "label": _("Chưa lập")}
    return {"state": BADGES[plan.state], "label": in_words(states.YEAR_PLAN.states[plan.state])}


def _year_asked(request: UserRequest) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else clock.today().year
    return year if planning.FIRST_YEAR <= year <= planning.LAST_YEAR else clock.today().year


@require_safe
def year_plan_list(request: UserRequest) -> HttpResponse:
    """Every centre in scope and how its plan of a year stands."""
    access.require_somewhere(request.user, Permission.LEARNING_READ)
    year, asked, now = _year_asked(request), request.GET, clock.today().year
    named = [
        ("", _("Mọi tình trạng")),
        (selectors.NONE_YET, _("Chưa lập")),
        *capital_choices(states.YEAR_PLAN.choices()),
    ]
    selects = [
        select("year", _("Năm"), [(str(one), str(one)) for one in range(now + 1, now - 5, -1)], str(year)),
        select("state", _("Tình trạng"), named, asked.get("state", "")),
    ]
    found = selectors.find_centres(request.user, year=year, text=asked.get("q", ""), state=asked.get("state", ""))
    page = pages.page_of(request, found, per_page=50)
    plans = selectors.plans_of(list(page.object_list), year=year)
    context = {
        "title": _("Kế hoạch năm của trung tâm"),
        "page": page,
        "rows": [(centre, *plans.get(centre.pk, (None, None)), _badge(_plan(plans, centre))) for centre in page],
        "year": year,
        "q": asked.get("q", ""),
        "selects": selects,
        "chips": chips(request, selects[1:]),
    }
    return pages.render(request, "learning/year_plan_list.html", context, fragment="learning/_year_plan_rows.html")


def _plan(plans: dict[int, tuple[YearPlan, planning.Progress]], centre: Provider) -> YearPlan | None:
    return plans[centre.pk][0] if centre.pk in plans else None


def _crumbs(centre: Provider, year: int, *more: str) -> list[dict[str, str]]:
    links = [{"label": _("Kế hoạch năm"), "url": reverse("learning:year-plan-list")}]
    whole = {"label": f"{centre.name}, {year}", "url": reverse("learning:year-plan", args=[centre.key, year])}
    return [*links, whole, *({"label": label} for label in more)]


@require_safe
def year_plan(request: UserRequest, key: str, year: int) -> HttpResponse:
    """One centre's year: needs, planned classes by month, progress, and what may be done now."""
    centre = selectors.centre_seen(request.user, key)
    planning.check_year(year)
    plan = selectors.plan_seen(request.user, centre, year)
    classes = selectors.classes_of(plan) if plan else []
    may_make = access.may(request.user, Permission.YEAR_PLAN_MAKE, at=centre.unit)
    may_approve = access.may(request.user, Permission.YEAR_PLAN_APPROVE, at=centre.unit)
    context = {
        "title": _("Kế hoạch năm %(year)s") % {"year": year},
        "crumbs": [*_crumbs(centre, year)[:-1], {"label": f"{centre.name}, {year}"}],
        "centre": centre,
        "year": year,
        "plan": plan,
        "badge": _badge(plan),
        "classes": classes,
        "progress": planning.progress((row.cost, row.made, row.held) for row in classes),
        "needs": selectors.needs_summed(centre, year)[:20],
        "may_make": may_make,
        "may_edit": may_make and (plan is None or plan.state in services.OPEN),
        "may_run": access.may(request.user, Permission.ACTIVITY_RUN, at=centre.unit)
        and plan is not None
        and plan.state == "approved",
        "deeds": _deeds(request, plan, may_make=may_make, may_approve=may_approve),
        "years": (year - 1, year + 1),
        "history": [asdict(line) for line in told(trail.history(plan)[:20])] if plan else [],
        "facts": _facts(plan),
    }
    return pages.render(request, "learning/year_plan.html", context)


def _facts(plan: YearPlan | None) -> list[dict[str, str]]:
    if plan is None:
        return []
    facts = []
    if plan.submitted_at and plan.submitted_by:
        facts.append(fact(_("Người trình"), plan.submitted_by.get_full_name()))
    if plan.summary:
        facts.append(fact(_("Mục tiêu, ghi chú"), plan.summary))
    return facts


def _deeds(
    request: UserRequest, plan: YearPlan | None, *, may_make: bool, may_approve: bool
) -> list[tuple[str, str, str]]:
    """The deeds that this user may do on the plan now: word of the address, label, variant of the button."""
    if plan is None:
        return []
    named = {
        "submit": (_("Trình duyệt"), "go", may_make),
        "withdraw": (_("Rút về"), "quiet", may_make),
        "approve": (_("Duyệt"), "go", may_approve and plan.submitted_by_id != request.user.pk),
        "return": (_("Trả lại"), "plain", may_approve),
        "reopen": (_("Mở lại để sửa"), "quiet", may_approve),
    }
    possible = states.YEAR_PLAN.possible(plan.state)
    return [(deed, label, variant) for deed, (label, variant, may) in named.items() if may and deed in possible]


@require_safe
def year_plan_file(request: UserRequest, key: str, year: int) -> HttpResponse:
    """The planned classes as a workbook."""
    centre = selectors.centre_seen(request.user, key)
    plan = selectors.plan_seen(request.user, centre, year)
    if plan is None:
        raise Missing("Trung tâm chưa lập kế hoạch năm này.")
    content = documents.year_plan_workbook(centre, plan, selectors.classes_of(plan))
    return pages.download(content, f"Kế hoạch {year} {centre.name}.xlsx", documents.XLSX)


# ---- deeds -------------------------------------------------------------------------------------------


@require_http_methods(["POST"])
def year_plan_begin(request: UserRequest, key: str, year: int) -> HttpResponse:
    """Begin the plan of a year."""
    centre = selectors.centre_seen(request.user, key)
    return redirect(services.begin_year_plan(by=request.user, provider=centre, year=year))


@require_http_methods(["POST"])
def year_plan_copy(request: UserRequest, key: str, year: int) -> HttpResponse:
    """Take over the classes of the year before."""
    plan = _begun(request, key, year)
    try:
        count = services.copy_classes(by=request.user, plan=plan)
    except Invalid as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("Đã chép %(count)s lớp từ năm trước.") % {"count": count})
    return redirect(plan)


def _begun(request: UserRequest, key: str, year: int) -> YearPlan:
    centre = selectors.centre_seen(request.user, key)
    plan = selectors.plan_seen(request.user, centre, year)
    if plan is None:
        raise Missing("Trung tâm chưa lập kế hoạch năm này.")
    return plan


@require_http_methods(["GET", "HEAD", "POST"])
def year_plan_move(request: UserRequest, key: str, year: int, deed: str) -> HttpResponse:
    """Submit, withdraw, approve, return or reopen; asked first, with a reason where one is needed."""
    plan = _begun(request, key, year)
    if deed not in states.YEAR_PLAN.moves:
        raise Missing("Không tìm thấy trang này.")
    needed = Permission.YEAR_PLAN_MAKE if deed in ("submit", "withdraw") else Permission.YEAR_PLAN_APPROVE
    access.require(request.user, needed, at=plan.provider.unit)
    states.YEAR_PLAN.after(deed, state=plan.state, why="?")
    form = WhyForm(request.POST or None) if states.YEAR_PLAN.moves[deed].reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        why = form.cleaned_data["why"] if form else ""
        try:
            services.move_year_plan(by=request.user, plan=plan, deed=deed, why=why)
        except Invalid as error:
            messages.error(request, say(error))
        else:
            messages.success(request, _("Đã ghi nhận."))
        return redirect(plan)
    label = {
        "submit": _("Trình duyệt"),
        "withdraw": _("Rút về"),
        "approve": _("Duyệt"),
        "return": _("Trả lại"),
        "reopen": _("Mở lại để sửa"),
    }[deed]
    context = {
        "title": label,
        "question": _("%(deed)s kế hoạch năm %(year)s của %(centre)s?")
        % {"deed": label, "year": year, "centre": plan.provider.name},
        "submit_label": label,
        "cancel_url": plan.get_absolute_url(),
        "form": form,
        "crumbs": _crumbs(plan.provider, year, label),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/confirm.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def year_plan_summary(request: UserRequest, key: str, year: int) -> HttpResponse:
    """Say what the year is for."""
    plan = _begun(request, key, year)
    access.require(request.user, Permission.YEAR_PLAN_MAKE, at=plan.provider.unit)
    form = SummaryForm(request.POST or None, initial={"summary": plan.summary})

    def save() -> object:
        return services.write_summary(by=request.user, plan=plan, summary=form.cleaned_data["summary"])

    return _form_page(request, form, plan.provider, year, title=_("Mục tiêu, ghi chú"), save=save)


@require_http_methods(["GET", "HEAD", "POST"])
def planned_new(request: UserRequest, key: str, year: int) -> HttpResponse:
    """Put a class into the plan; the plan is begun by its first class."""
    centre = selectors.centre_seen(request.user, key)
    access.require(request.user, Permission.YEAR_PLAN_MAKE, at=centre.unit)
    today = clock.today()
    month = today.month if today.year == year else 1
    form = PlannedClassForm(request.POST or None, topics=topics.topics_on(today), initial={"month": month})

    def save() -> object:
        plan = services.begin_year_plan(by=request.user, provider=centre, year=year)
        return services.plan_class(by=request.user, plan=plan, **form.cleaned_data)

    return _form_page(request, form, centre, year, title=_("Thêm lớp vào kế hoạch"), save=save)


@require_http_methods(["GET", "HEAD", "POST"])
def planned_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change a planned class."""
    planned = selectors.planned_seen(request.user, pk)
    plan, centre = planned.plan, planned.plan.provider
    access.require(request.user, Permission.YEAR_PLAN_MAKE, at=centre.unit)
    offered = topics.topics_on(clock.today()) | Topic.objects.filter(pk=planned.topic_id or 0)
    initial = {name: getattr(planned, name) for name in _COLUMNS}
    form = PlannedClassForm(request.POST or None, topics=offered.distinct(), initial=initial)

    def save() -> object:
        return services.plan_class(by=request.user, plan=plan, planned=planned, **form.cleaned_data)

    return _form_page(request, form, centre, plan.year, title=_("Sửa lớp trong kế hoạch"), save=save)


@require_http_methods(["GET", "HEAD", "POST"])
def planned_drop(request: UserRequest, pk: int) -> HttpResponse:
    """Take a class out of the plan."""
    planned: PlannedClass = selectors.planned_seen(request.user, pk)
    plan = planned.plan
    access.require(request.user, Permission.YEAR_PLAN_MAKE, at=plan.provider.unit)
    if request.method == "POST":
        services.drop_class(by=request.user, planned=planned)
        messages.success(request, _("Đã bỏ lớp khỏi kế hoạch."))
        return redirect(plan)
    context = {
        "title": _("Bỏ lớp khỏi kế hoạch"),
        "question": _("Bỏ “%(title)s” khỏi kế hoạch?") % {"title": planned.title},
        "submit_label": _("Bỏ khỏi kế hoạch"),
        "cancel_url": plan.get_absolute_url(),
        "danger": True,
        "crumbs": _crumbs(plan.provider, plan.year, _("Bỏ lớp")),
    }
    return pages.render(request, "ui/pages/confirm.html", context)


def _form_page(
    request: UserRequest,
    form: django_forms.Form,
    centre: Provider,
    year: int,
    *,
    title: str,
    save: Callable[[], object],
    template: str = "ui/pages/form.html",
    said: str = "",
    **more: Any,
) -> HttpResponse:
    """A form of the year; what is invalid is said at its field, and what was typed is kept."""
    back = reverse("learning:year-plan", args=[centre.key, year])
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, said or _("Đã lưu."))
            return redirect(more.get("next_url") or back)
    context = {
        "title": title,
        "centre": centre,
        "year": year,
        "form": form,
        "submit_label": _("Lưu"),
        "cancel_url": back,
        "crumbs": _crumbs(centre, year, title),
        **more,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, template, context, status=status)


# ---- needs -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: UserRequest, key: str, year: int) -> HttpResponse:
    """Note what people of a hamlet would learn; what was noted so far stands beneath."""
    centre = selectors.centre_seen(request.user, key)
    access.require(request.user, Permission.YEAR_PLAN_MAKE, at=centre.unit)
    planning.check_year(year)
    standing = places.units_on(clock.today(), level="hamlet", under=centre.unit).select_related("unit")
    hamlets = [row.unit for row in standing]
    form = NeedsForm(request.POST or None, topics=topics.topics_on(clock.today()), units=[*hamlets, centre.unit])

    def save() -> object:
        told = form.cleaned_data
        return services.note_needs(
            by=request.user,
            provider=centre,
            year=year,
            unit=form.unit(),
            people=form.people(),
            words=told["words"],
            others=told["others"] or 0,
        )

    return _form_page(
        request,
        form,
        centre,
        year,
        title=_("Nhu cầu học tập năm %(year)s") % {"year": year},
        save=save,
        template="learning/needs.html",
        said=_("Đã ghi nhu cầu. Có thể ghi tiếp cho ấp khác."),
        next_url=reverse("learning:needs", args=[centre.key, year]),
        noted=selectors.needs_of(centre, year),
    )


@require_http_methods(["POST"])
def need_drop(request: UserRequest, pk: int) -> HttpResponse:
    """Take back a need that was noted wrongly."""
    need = selectors.need_seen(request.user, pk)
    services.drop_need(by=request.user, need=need)
    messages.success(request, _("Đã bỏ dòng nhu cầu."))
    return redirect("learning:needs", need.provider.key, need.year)


@require_safe
def needs_sheet(request: UserRequest, key: str, year: int) -> HttpResponse:
    """The survey on paper: a page to print, one for each hamlet."""
    centre = selectors.centre_seen(request.user, key)
    context = {
        "title": _("Phiếu khảo sát nhu cầu học tập năm %(year)s") % {"year": year},
        "centre": centre,
        "year": year,
        "topics": topics.topics_on(clock.today()),
        "crumbs": _crumbs(centre, year, _("Phiếu khảo sát")),
    }
    return pages.render(request, "learning/needs_sheet.html", context)


_ONE = "learning/year-plans/<slug:key>/<int:year>/"
urlpatterns = [
    path("learning/year-plans/", year_plan_list, name="year-plan-list"),
    path(_ONE, year_plan, name="year-plan"),
    path(f"{_ONE}file/", year_plan_file, name="year-plan-file"),
    path(f"{_ONE}begin/", year_plan_begin, name="year-plan-begin"),
    path(f"{_ONE}copy/", year_plan_copy, name="year-plan-copy"),
    path(f"{_ONE}summary/", year_plan_summary, name="year-plan-summary"),
    path(f"{_ONE}classes/new/", planned_new, name="planned-new"),
    path(f"{_ONE}needs/", needs, name="needs"),
    path(f"{_ONE}needs/sheet/", needs_sheet, name="needs-sheet"),
    path(f"{_ONE}move/<slug:deed>/", year_plan_move, name="year-plan-move"),
    path("learning/planned/<int:pk>/edit/", planned_edit, name="planned-edit"),
    path("learning/planned/<int:pk>/drop/", planned_drop, name="planned-drop"),
    path("learning/needs/<int:pk>/drop/", need_drop, name="need-drop"),
]

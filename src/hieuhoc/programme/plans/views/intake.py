"""Pages for taking a document in, correcting its head, issuing the plan or putting its draft aside."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Conflict, HouseError, Invalid
from hieuhoc.programme.plans import access, intake, selectors, services
from hieuhoc.programme.plans.forms.intake import HeaderForm, TakeInForm
from hieuhoc.programme.plans.models import Plan
from hieuhoc.programme.plans.views import drafts, review
from hieuhoc.programme.plans.views.shown import plan_title
from hieuhoc.registers.accounts.access import UserRequest

FORMS_ONLY = require_http_methods(["GET", "HEAD", "POST"])
MOST_ABOVE = 200


def crumbs(plan: Plan | None, last: str) -> list[dict[str, str]]:
    """The way to a page of a draft."""
    way = [{"label": _("Kế hoạch"), "url": reverse("plans:plan-list")}]
    if plan is not None:
        way.append({"label": plan.number or _("Bản đọc"), "url": reverse("plans:plan-review", args=[plan.pk])})
    return [*way, {"label": last}]


@FORMS_ONLY
def plan_take_in(request: UserRequest) -> HttpResponse:
    """Hand a document in, or go on with one that is being checked."""
    access.require_taking_in_somewhere(request.user)
    above = selectors.plans_above(request.user)[:MOST_ABOVE]
    form = TakeInForm(request.POST or None, request.FILES or None, above=above)
    if request.method != "POST":
        return _take_in_page(request, TakeInForm(above=above, initial={"above": request.GET.get("above", "")}))
    if not form.is_valid():
        return _take_in_page(request, form, status=422)
    try:
        plan = _take_in(request, form.cleaned_data)
    except services.TakenInBefore as error:
        return _take_in_page(request, TakeInForm(above=above), known=error, status=409)
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, say(error))
        return _take_in_page(request, form, status=422)
    return redirect("plans:plan-review", key=plan.pk)


def _take_in(request: UserRequest, given: dict[str, Any]) -> Plan:
    file = given["file"]
    plan = intake.take_in(
        by=request.user, content=file.read(), name=file.name, issuer=given["issuer"], above=given.get("above")
    )
    count = plan.tasks.count()
    said = ngettext("Đã đọc được %(count)d nhiệm vụ.", "Đã đọc được %(count)d nhiệm vụ.", count) % {"count": count}
    messages.success(request, f"{said} {_('Hãy soát những chỗ nghi ngờ trước; mỗi lần sửa được lưu ngay.')}")
    return plan


def _take_in_page(
    request: UserRequest, form: TakeInForm, *, known: services.TakenInBefore | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "known": known,
        "drafts": selectors.drafts(request.user)[:20],
        "discarded": selectors.drafts(request.user, state="discarded")[:5],
        "crumbs": crumbs(None, _("Đưa kế hoạch vào")),
    }
    return pages.render(request, "plans/intake/take_in.html", context, status=status)


def _header_values(plan: Plan) -> dict[str, Any]:
    names = ("kind", "number", "issued_on", "place", "issuer_name", "subject", "signer_name", "signer_post")
    return {name: getattr(plan, name) for name in names} | {
        "issuer": plan.issuer.key,
        "lead": plan.lead.key if plan.lead else "",
        "above": str(plan.above_id or ""),
        "seen": services.header_mark(plan),
    }


@FORMS_ONLY
def draft_header(request: UserRequest, key: int) -> HttpResponse:
    """Correct what stands at the head and the foot of the document."""
    plan = review.draft(request, key)
    above = selectors.plans_above(request.user, plan=plan)[:MOST_ABOVE]
    form = HeaderForm(request.POST or None, above=above, initial=_header_values(plan))
    form.know([plan.issuer, plan.lead])
    if request.method == "POST" and form.is_valid():
        try:
            _edit_header(request, plan, dict(form.cleaned_data))
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        except Conflict as error:
            return _header_page(request, plan, _typed_again(form, plan, error), now=plan, status=409)
        else:
            messages.success(request, _("Đã lưu thông tin văn bản."))
            return redirect("plans:plan-review", key=plan.pk)
    return _header_page(request, plan, form, status=422 if form.errors else 200)


def _edit_header(request: UserRequest, plan: Plan, given: dict[str, Any]) -> None:
    rest = {name: given.pop(name, None) for name in ("issuer", "lead", "above")}
    seen = given.pop("seen")
    services.edit_header(by=request.user, plan=plan, header=services.Header(**given), seen=seen, **rest)


def _typed_again(form: HeaderForm, plan: Plan, error: HouseError) -> HeaderForm:
    """The form with what was typed, that may now be sent knowing what the other one wrote."""
    sent = QueryDict(mutable=True)
    sent.update(form.data)
    sent["seen"] = services.header_mark(plan)
    again = HeaderForm(sent, above=form.plans_above.values())
    again.is_valid()
    again.add_error(None, say(error))
    return again


def _header_page(
    request: UserRequest, plan: Plan, form: HeaderForm, *, now: Plan | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "plan": plan,
        "reading": plan.reading,
        "now": now,
        "crumbs": crumbs(plan, _("Thông tin văn bản")),
        "cancel_url": reverse("plans:plan-review", args=[plan.pk]),
    }
    return pages.render(request, "plans/intake/header.html", context, status=status)


@FORMS_ONLY
def plan_issue(request: UserRequest, key: int) -> HttpResponse:
    """Say what issuing the plan will do; then do it."""
    plan = review.draft(request, key)
    access.require_on_plan(request.user, plan, allowed=access.may_issue(request.user, plan))
    hindrances = services.hindrances(plan)
    if request.method == "POST" and not hindrances:
        services.issue_plan(by=request.user, plan=plan)
        messages.success(request, _("Đã xác nhận %(plan)s; các cơ quan đã nhận việc.") % {"plan": plan_title(plan)})
        return redirect("plans:plan-detail", key=plan.pk)
    context = {
        "plan": plan,
        "outcome": selectors.outcome(plan, on=clock.today()),
        "hindrances": hindrances,
        "crumbs": crumbs(plan, _("Xác nhận kế hoạch")),
    }
    return pages.render(request, "plans/intake/issue.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def plan_discard(request: UserRequest, key: int) -> HttpResponse:
    """Put a draft aside."""
    plan = services.discard_draft(by=request.user, plan=selectors.plan_by_key(request.user, key))
    messages.success(request, _("Đã bỏ bản đọc %(plan)s. Vẫn có thể lấy lại.") % {"plan": plan_title(plan)})
    return redirect("plans:plan-review", key=plan.pk)


@require_POST
def plan_restore(request: UserRequest, key: int) -> HttpResponse:
    """Take up a draft that was put aside."""
    plan = services.restore_draft(by=request.user, plan=selectors.plan_by_key(request.user, key))
    messages.success(request, _("Đã lấy lại bản đọc %(plan)s.") % {"plan": plan_title(plan)})
    return redirect("plans:plan-review", key=plan.pk)


urlpatterns = [
    path("plans/new/", plan_take_in, name="plan-take-in"),
    path("plans/<int:key>/header/", draft_header, name="draft-header"),
    path("plans/<int:key>/issue/", plan_issue, name="plan-issue"),
    path("plans/<int:key>/discard/", plan_discard, name="plan-discard"),
    path("plans/<int:key>/restore/", plan_restore, name="plan-restore"),
    *review.urlpatterns,
    *drafts.urlpatterns,
]

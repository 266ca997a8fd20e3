"""Pages of report kinds: who reports what, when and to whom."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import fact
from hieuhoc.foundation.ui.wording import in_words, say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.selectors import told
from hieuhoc.registers.indicators.rules.definition import CALENDARS, RHYTHMS
from hieuhoc.reports import access, selectors, services
from hieuhoc.reports.forms.kinds import OWN, EndForm, KindForm, kind_initial
from hieuhoc.reports.models import ReportKind
from hieuhoc.reports.views.shown import LEVEL_NAMES, crumbs, desk_tabs


def calendar_words(kind: ReportKind) -> str:
    """The calendar and rhythm of a kind: "quý, kỳ báo cáo hành chính (chốt ngày 14)"."""
    if kind.calendar == OWN[0]:
        return str(OWN[1])
    return f"{in_words(RHYTHMS[kind.rhythm])}, {in_words(CALENDARS[kind.calendar])}"


@require_safe
def kind_list(request: UserRequest) -> HttpResponse:
    """The kinds that the user may see."""
    words = request.GET.get("q", "")
    page = pages.page_of(request, selectors.kinds_seen(request.user, words=words), per_page=30)
    context = {
        "page": page,
        "rows": [(kind, calendar_words(kind)) for kind in page.object_list],
        "q": words,
        "tabs": desk_tabs("kinds"),
        "today": clock.today(),
        "may_arrange": access.may_arrange_somewhere(request.user),
        "is_narrowed": bool(words),
    }
    return pages.render(request, "reports/kind_list.html", context, fragment="reports/_kind_rows.html")


@require_safe
def kind_detail(request: UserRequest, code: str) -> HttpResponse:
    """A kind: what it asks, who owes it, by which days, and its rounds."""
    kind = selectors.kind_by_code(request.user, code)
    context = {
        "kind": kind,
        "title": kind.name,
        "crumbs": crumbs({"label": _("Loại báo cáo"), "url": reverse("reports:kind-list")}, {"label": kind.name}),
        "facts": _facts(kind),
        "sending": [
            (name, kind.sending[level]) for level, name in LEVEL_NAMES.items() if kind.sending.get(level) is not None
        ],
        "agencies": kind.agencies.all(),
        "rounds": selectors.rounds_seen(request.user, kind=kind.code)[:12],
        "may_arrange": access.may_arrange(request.user, kind),
        "history": [asdict(line) for line in told(trail.history(kind)[:20])],
    }
    return pages.render(request, "reports/kind_detail.html", context)


def _facts(kind: ReportKind) -> list[dict[str, str]]:
    facts = [
        fact(_("Mã"), kind.code),
        fact(_("Loại"), kind.get_category_display()),
        fact(_("Biểu mẫu"), kind.form.name, url=kind.form.get_absolute_url()),
        fact(_("Phạm vi"), kind.root.name, url=reverse("units:detail", args=[kind.root.key])),
        fact(_("Cơ quan nhận, tổng hợp"), kind.recipient.name, url=reverse("units:detail", args=[kind.recipient.key])),
        fact(_("Kỳ báo cáo"), calendar_words(kind)),
        fact(_("Trích yếu"), kind.subject),
    ]
    if kind.document:
        facts.append(fact(_("Văn bản quy định"), kind.document))
    return facts


def _edit(request: UserRequest, kind: ReportKind | None) -> HttpResponse:
    """The form of a kind, new or known."""
    initial = kind_initial(kind) if kind else {"valid_from": clock.today()} | _usual(request.user)
    form = KindForm(request.POST or None, kind=kind, initial=initial)
    form.know_units(initial)
    if request.method == "POST" and form.is_valid():
        try:
            if kind is None:
                saved = services.define_kind(by=request.user, **form.content())
            else:
                saved = services.edit_kind(by=request.user, kind=kind, **form.content())
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, _("Đã lưu loại báo cáo."))
            return redirect(saved)
    title = _("Sửa loại báo cáo") if kind else _("Lập loại báo cáo")
    back = kind.get_absolute_url() if kind else reverse("reports:kind-list")
    context: dict[str, Any] = {
        "title": title,
        "form": form,
        "submit_label": _("Lưu"),
        "cancel_url": back,
        "crumbs": crumbs({"label": _("Loại báo cáo"), "url": reverse("reports:kind-list")}, {"label": title}),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "reports/kind_edit.html", context, status=status)


def _usual(user: User) -> dict[str, Any]:
    """What a new kind begins with: the calendar of official reports, in the whole scope of whoever makes it."""
    scopes = accounts.scopes(user, Permission.REPORT_ARRANGE)
    usual = {"calendar": "closing", "rhythm": "quarter", "category": "periodic", "levels": ["commune", "district"]}
    return usual | ({"root": scopes[0].key} if scopes else {})


@require_http_methods(["GET", "HEAD", "POST"])
def kind_new(request: UserRequest) -> HttpResponse:
    """Define a kind."""
    access.require_arranging(request.user)
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def kind_edit(request: UserRequest, code: str) -> HttpResponse:
    """Change a kind; rounds that are open keep their days."""
    kind = selectors.kind_by_code(request.user, code)
    access.require_arranging_of(request.user, kind)
    return _edit(request, kind)


@require_http_methods(["GET", "HEAD", "POST"])
def kind_end(request: UserRequest, code: str) -> HttpResponse:
    """Say from which day on a kind no longer holds."""
    kind = selectors.kind_by_code(request.user, code)
    access.require_arranging_of(request.user, kind)
    form = EndForm(request.POST or None, initial={"valid_to": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_kind(by=request.user, kind=kind, on=form.cleaned_data["valid_to"])
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, _("Đã kết thúc loại báo cáo."))
            return redirect(kind)
    context = {
        "title": _("Kết thúc loại báo cáo"),
        "question": _("Ngừng áp dụng “%(name)s”?") % {"name": kind.name},
        "consequence": _("Các đợt đã mở vẫn làm tiếp; không tự mở đợt mới sau ngày này."),
        "submit_label": _("Kết thúc"),
        "cancel_url": kind.get_absolute_url(),
        "danger": True,
        "form": form,
        "crumbs": crumbs({"label": kind.name, "url": kind.get_absolute_url()}, {"label": _("Kết thúc")}),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/confirm.html", context, status=status)


urlpatterns = [
    path("reports/kinds/", kind_list, name="kind-list"),
    path("reports/kinds/new/", kind_new, name="kind-new"),
    path("reports/kinds/<slug:code>/", kind_detail, name="kind-detail"),
    path("reports/kinds/<slug:code>/edit/", kind_edit, name="kind-edit"),
    path("reports/kinds/<slug:code>/end/", kind_end, name="kind-end"),
]

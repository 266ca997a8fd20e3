"""Pages of centres' money: who received what, one centre's year with its vouchers, norms and areas."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hieuhoc.foundation.records import attachments, clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import chips, select
from hieuhoc.foundation.ui.wording import in_words, say
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.programme.learning.documents import money as documents
from hieuhoc.programme.learning.forms.money import AllocationForm, AreaForm, NormForm, SpendingForm
from hieuhoc.programme.learning.forms.year_plans import WhyForm
from hieuhoc.programme.learning.models import Activity, Allocation, Provider, Spending
from hieuhoc.programme.learning.rules import kinds, money, planning
from hieuhoc.programme.learning.selectors import money as selectors
from hieuhoc.programme.learning.services import money as services
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places

_ANYWHERE = ("GET", "HEAD", "POST")


def year_asked(request: UserRequest) -> int:
    """The year of `?year=`; this one where that makes no sense."""
    asked, now = request.GET.get("year", ""), clock.today().year
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else now
    return year if planning.FIRST_YEAR <= year <= planning.LAST_YEAR else now


def _found(request: UserRequest, year: int) -> Any:
    asked = request.GET
    return selectors.find_centres(
        request.user,
        year=year,
        text=asked.get("q", ""),
        received=asked.get("received", ""),
        unit=places.unit_or_none(asked.get("unit", "")),
        sort=asked.get("sort", ""),
    )


@require_safe
def money_list(request: UserRequest) -> HttpResponse:
    """Every centre in scope: allocated, spent, and what is lacking of the norm in a year."""
    access.require_somewhere(request.user, Permission.MONEY_READ)
    year, asked, now = year_asked(request), request.GET, clock.today().year
    received = [
        ("", _("Tất cả")),
        (selectors.NOT_RECEIVED, _("Chưa được giao")),
        (selectors.RECEIVED, _("Đã được giao")),
    ]
    selects = [
        select("year", _("Năm"), [(str(one), str(one)) for one in range(now + 1, now - 8, -1)], str(year)),
        select("received", _("Kinh phí"), received, asked.get("received", "")),
    ]
    page = pages.page_of(request, _found(request, year), per_page=50)
    context = {
        "title": _("Kinh phí của trung tâm"),
        "crumbs": [_desk(), {"label": _("Kinh phí")}],
        "page": page,
        "rows": selectors.with_norms(list(page.object_list), year=year),
        "year": year,
        "q": asked.get("q", ""),
        "unit": places.unit_or_none(asked.get("unit", "")),
        "selects": selects,
        "chips": chips(request, selects[1:]),
    }
    return pages.render(request, "learning/money/list.html", context, fragment="learning/money/_rows.html")


def _desk() -> dict[str, str]:
    return {"label": _("Học tập"), "url": reverse("learning:desk")}


@require_safe
def money_file(request: UserRequest) -> HttpResponse:
    """The list as a workbook."""
    access.require_somewhere(request.user, Permission.MONEY_READ)
    year = year_asked(request)
    rows = selectors.with_norms(list(_found(request, year)), year=year)
    return pages.download(documents.money_workbook(rows, year=year), f"Kinh phí {year}.xlsx", documents.XLSX)


def _crumbs(centre: Provider, year: int, *more: str) -> list[dict[str, str]]:
    whole = {"label": f"{centre.name}, {year}", "url": reverse("learning:money-detail", args=[centre.key, year])}
    trailing = [{"label": label} for label in more]
    return [{"label": _("Kinh phí"), "url": reverse("learning:money-list")}, whole, *trailing]


@require_safe
def money_detail(request: UserRequest, key: str, year: int) -> HttpResponse:
    """One centre's year: estimate, allocation, spending with vouchers, and what is left."""
    centre = selectors.centre_seen(request.user, key)
    planning.check_year(year)
    norm, area = selectors.norm_of(centre, year), selectors.area_of(centre, year)
    allocations, spendings = selectors.allocations_of(centre, year), selectors.spendings_of(centre, year)
    told = selectors.balance_of(allocations, spendings, norm=norm.amount if norm else None)
    lines = list(kinds.LINES)
    ordered = sorted(told.rows.items(), key=lambda row: (lines.index(row[0][0]), row[0][1]))
    context = {
        "title": _("Kinh phí năm %(year)s") % {"year": year},
        "crumbs": [*_crumbs(centre, year)[:-1], {"label": f"{centre.name}, {year}"}],
        "centre": centre,
        "year": year,
        "balance": told,
        "balance_rows": [
            (capfirst(in_words(kinds.LINES[line])), capfirst(in_words(kinds.SOURCES[source])), sums)
            for (line, source), sums in ordered
        ],
        "norm": norm,
        "is_founding": money.occasion_of(centre.valid_from, year)[0] == money.FOUNDING,
        "area": capfirst(in_words(kinds.AREAS[area])) if area else "",
        "allocations": allocations,
        "spendings": spendings,
        "may_keep": access.may(request.user, Permission.MONEY_KEEP, at=centre.unit),
        "years": (year - 1, year + 1),
    }
    return pages.render(request, "learning/money/detail.html", context)


@require_http_methods(_ANYWHERE)
def allocation_new(request: UserRequest, key: str, year: int) -> HttpResponse:
    """Note an estimate or an allocation."""
    centre = selectors.centre_seen(request.user, key)
    planning.check_year(year)
    access.require(request.user, Permission.MONEY_KEEP, at=centre.unit)
    form = AllocationForm(request.POST or None)

    def save() -> object:
        return services.note_allocation(by=request.user, provider=centre, year=year, **form.cleaned_data)

    title = _("Ghi dự toán, kinh phí được giao")
    return _form_page(request, form, title, _crumbs(centre, year, title), save)


@require_http_methods(_ANYWHERE)
def spending_new(request: UserRequest, key: str, year: int) -> HttpResponse:
    """Note spending, by its voucher."""
    centre = selectors.centre_seen(request.user, key)
    planning.check_year(year)
    access.require(request.user, Permission.MONEY_KEEP, at=centre.unit)
    held = Activity.objects.filter(provider=centre, first_on__year=year).order_by("-first_on", "pk")
    today = clock.today()
    initial = {"on": today} if today.year == year else {}
    form = SpendingForm(request.POST or None, request.FILES or None, activities=held, initial=initial)

    def save() -> object:
        told = dict(form.cleaned_data)
        file = told.pop("file")
        if told["on"].year != year:
            raise Invalid("Ngày chi phải trong năm {year}.", field="on", year=year)
        content, name = (file.read(), file.name) if file else (None, "")
        return services.note_spending(by=request.user, provider=centre, content=content, file_name=name, **told)

    title = _("Ghi khoản chi")
    return _form_page(request, form, title, _crumbs(centre, year, title), save)


@require_http_methods(_ANYWHERE)
def allocation_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Count an estimate or an allocation no more."""
    row = selectors.allocation_seen(request.user, pk)
    return _cancel(request, row, row.year)


@require_http_methods(_ANYWHERE)
def spending_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Count a line of spending no more."""
    row = selectors.spending_seen(request.user, pk)
    return _cancel(request, row, row.on.year)


def _cancel(request: UserRequest, row: Allocation | Spending, year: int) -> HttpResponse:
    centre = row.provider
    access.require(request.user, Permission.MONEY_KEEP, at=centre.unit)
    form = WhyForm(request.POST or None)
    back = reverse("learning:money-detail", args=[centre.key, year])
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_line(by=request.user, row=row, why=form.cleaned_data["why"])
        except Invalid as error:
            form.add_error("why", say(error))
        else:
            messages.success(request, _("Đã hủy dòng kinh phí."))
            return redirect(back)
    context = {
        "title": _("Hủy dòng kinh phí"),
        "question": _("Hủy “%(line)s” khỏi kinh phí năm %(year)s?") % {"line": row.get_line_display(), "year": year},
        "consequence": _("Dòng vẫn hiện kèm lý do, nhưng không tính vào số liệu nữa."),
        "submit_label": _("Hủy dòng này"),
        "cancel_url": back,
        "danger": True,
        "form": form,
        "crumbs": _crumbs(centre, year, _("Hủy dòng")),
    }
    return pages.render(request, "ui/pages/confirm.html", context, status=_status(form))


@require_safe
def spending_file(request: UserRequest, pk: int) -> FileResponse:
    """The file of a voucher."""
    row = selectors.spending_seen(request.user, pk)
    if row.file is None:
        raise Missing("Khoản chi này không có tệp chứng từ.")
    return attachments.response(row.file)


# ---- norms and areas ---------------------------------------------------------------------------------


@require_safe
def norm_list(request: UserRequest) -> HttpResponse:
    """Norms by instrument and day, and of which kind of area each commune is."""
    access.require_somewhere(request.user, Permission.MONEY_READ)
    page = pages.page_of(request, selectors.find_areas(request.user, text=request.GET.get("q", "")), per_page=50)
    context = {
        "title": _("Định mức hỗ trợ trung tâm"),
        "crumbs": [{"label": _("Kinh phí"), "url": reverse("learning:money-list")}, {"label": _("Định mức")}],
        "norms": selectors.norms(),
        "page": page,
        "q": request.GET.get("q", ""),
        "may_edit": access.has(request.user, Permission.CATALOGUE_EDIT),
    }
    return pages.render(request, "learning/money/norms.html", context)


@require_http_methods(_ANYWHERE)
def norm_new(request: UserRequest) -> HttpResponse:
    """Set a norm."""
    access.require_somewhere(request.user, Permission.CATALOGUE_EDIT)
    form = NormForm(request.POST or None, initial={"valid_from": clock.today()})
    return _norms_form(
        request, form, _("Đặt định mức"), lambda: services.set_norm(by=request.user, **form.cleaned_data)
    )


@require_http_methods(_ANYWHERE)
def area_new(request: UserRequest) -> HttpResponse:
    """Say of which kind of area a commune is."""
    access.require_somewhere(request.user, Permission.CATALOGUE_EDIT)
    form = AreaForm(request.POST or None, initial={"valid_from": clock.today()})
    return _norms_form(
        request, form, _("Ghi khu vực của xã"), lambda: services.set_area(by=request.user, **form.cleaned_data)
    )


def _norms_form(request: UserRequest, form: django_forms.Form, title: str, save: Callable[[], object]) -> HttpResponse:
    crumbs = [{"label": _("Định mức hỗ trợ"), "url": reverse("learning:money-norms")}, {"label": title}]
    return _form_page(request, form, title, crumbs, save)


def _form_page(
    request: UserRequest,
    form: django_forms.Form,
    title: str,
    crumbs: list[dict[str, str]],
    save: Callable[[], object],
) -> HttpResponse:
    """A form that leads back to the page before it; what is invalid is said at its field."""
    back = crumbs[-2]["url"]
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, _("Đã lưu."))
            return redirect(back)
    context = {
        "title": title,
        "form": form,
        "submit_label": _("Lưu"),
        "cancel_url": back,
        "crumbs": crumbs,
    }
    return pages.render(request, "ui/pages/form.html", context, status=_status(form))


def _status(form: django_forms.Form) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


_ONE = "learning/money/<slug:key>/<int:year>/"
urlpatterns = [
    path("learning/money/", money_list, name="money-list"),
    path("learning/money/file/", money_file, name="money-file"),
    path("learning/money/norms/", norm_list, name="money-norms"),
    path("learning/money/norms/new/", norm_new, name="norm-new"),
    path("learning/money/areas/new/", area_new, name="area-new"),
    path("learning/money/allocations/<int:pk>/cancel/", allocation_cancel, name="allocation-cancel"),
    path("learning/money/spendings/<int:pk>/cancel/", spending_cancel, name="spending-cancel"),
    path("learning/money/spendings/<int:pk>/file/", spending_file, name="spending-file"),
    path(_ONE, money_detail, name="money-detail"),
    path(f"{_ONE}allocations/new/", allocation_new, name="allocation-new"),
    path(f"{_ONE}spendings/new/", spending_new, name="spending-new"),
]

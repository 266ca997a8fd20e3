"""Pages of centres' money: who received what in a year, and one centre's year with its vouchers."""

from __future__ import annotations

from typing import Any

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
from hieuhoc.foundation.ui.wording import capital_choices, in_words, say
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.programme.learning.documents import money as documents
from hieuhoc.programme.learning.forms.money import AllocationForm, SpendingForm
from hieuhoc.programme.learning.forms.year_plans import WhyForm
from hieuhoc.programme.learning.models import Allocation, Provider, Spending
from hieuhoc.programme.learning.rules import kinds, money, planning
from hieuhoc.programme.learning.selectors import money as selectors
from hieuhoc.programme.learning.selectors import norms
from hieuhoc.programme.learning.services import money as services
from hieuhoc.programme.learning.views.asking import (
    ANYWHERE,
    form_page,
    status_of,
    unit_asked,
    unit_select,
    year_asked,
    year_select,
)
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission


def _found(request: UserRequest, year: int) -> list[selectors.Row]:
    asked = request.GET
    return selectors.find_rows(
        request.user,
        year=year,
        text=asked.get("q", ""),
        received=asked.get("received", ""),
        area=asked.get("area", ""),
        unit=unit_asked(request),
        sort=asked.get("sort", ""),
    )


@require_safe
def money_list(request: UserRequest) -> HttpResponse:
    """Every centre in scope: allocated, spent, and what is lacking of the norm in a year."""
    access.require_somewhere(request.user, Permission.MONEY_READ)
    year, selects = year_asked(request), _selects(request)
    rows = _found(request, year)
    page, totals = pages.page_of(request, rows, per_page=50), selectors.totals_of(rows)
    context = {
        "title": _("Kinh phí của trung tâm"),
        "crumbs": [{"label": _("Học tập"), "url": reverse("learning:desk")}, {"label": _("Kinh phí")}],
        "page": page,
        "rows": [(row, in_words(kinds.AREAS[row.area]) if row.area else "") for row in page.object_list],
        "totals": totals,
        "cards": [
            _card(_("Được giao"), totals.allocated),
            _card(_("Đã chi"), totals.spent),
            _card(_("Còn thiếu so với định mức"), totals.gap)
            | {"url": _narrowed(request, received=selectors.SHORT), "state": "late"},
        ],
        "without_url": _narrowed(request, received=selectors.NOT_RECEIVED),
        "unknown_url": _narrowed(request, area=selectors.NO_AREA),
        "year": year,
        "q": request.GET.get("q", ""),
        "selects": selects,
        "chips": chips(request, selects[1:]),
    }
    return pages.render(request, "learning/money/list.html", context, fragment="learning/money/_rows.html")


def _card(label: str, amount: int) -> dict[str, Any]:
    return {"label": label, "value": money.millions(amount), "unit": _("triệu đồng")}


def _selects(request: UserRequest) -> list[dict[str, Any]]:
    asked = request.GET
    received = [
        ("", _("Tất cả")),
        (selectors.NOT_RECEIVED, _("Chưa được giao")),
        (selectors.RECEIVED, _("Đã được giao")),
        (selectors.SHORT, _("Chưa đủ định mức")),
    ]
    areas = [("", _("Mọi khu vực")), *capital_choices(kinds.AREAS.items()), (selectors.NO_AREA, _("Chưa rõ khu vực"))]
    return [
        year_select(year_asked(request), last=clock.today().year + 1),
        *unit_select(request, Permission.MONEY_READ),
        select("area", _("Khu vực"), areas, asked.get("area", "")),
        select("received", _("Kinh phí"), received, asked.get("received", "")),
    ]


def _narrowed(request: UserRequest, **more: str) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    for name, value in more.items():
        asked[name] = value
    return f"?{asked.urlencode()}"


@require_safe
def money_file(request: UserRequest) -> HttpResponse:
    """The list as a workbook: every centre, then what they come to by line and source."""
    access.require_somewhere(request.user, Permission.MONEY_READ)
    year = year_asked(request)
    rows = _found(request, year)
    told = selectors.sums_by_line([row.centre for row in rows], year)
    content = documents.money_workbook(rows, told, year=year)
    return pages.download(content, _("Kinh phí trung tâm %(year)s.xlsx") % {"year": year}, documents.XLSX)


def _crumbs(centre: Provider, year: int, *more: str) -> list[dict[str, str]]:
    whole = {"label": f"{centre.name}, {year}", "url": reverse("learning:money-detail", args=[centre.key, year])}
    trailing = [{"label": label} for label in more]
    return [{"label": _("Kinh phí"), "url": f"{reverse('learning:money-list')}?year={year}"}, whole, *trailing]


@require_safe
def money_detail(request: UserRequest, key: str, year: int) -> HttpResponse:
    """One centre's year: estimate, allocation, spending with vouchers, and what is left."""
    centre = selectors.centre_seen(request.user, key)
    planning.check_year(year)
    area, norm = norms.norm_of(centre, year)
    allocations, spendings = selectors.allocations_of(centre, year), selectors.spendings_of(centre, year)
    told = selectors.balance_of(allocations, spendings, norm=norm.amount if norm else None)
    now = clock.today().year
    context = {
        "title": _("Kinh phí năm %(year)s") % {"year": year},
        "crumbs": [*_crumbs(centre, year)[:-1], {"label": f"{centre.name}, {year}"}],
        "centre": centre,
        "year": year,
        "balance": told,
        "cards": [
            _card(_("Dự toán"), told.whole.estimate),
            _card(_("Được giao"), told.whole.allocated),
            _card(_("Đã chi"), told.whole.spent),
            _card(_("Còn lại"), told.whole.left),
        ],
        "balance_rows": [
            (capfirst(in_words(kinds.LINES[line])), in_words(kinds.SOURCES[source]), sums)
            for (line, source), sums in money.in_order(told)
        ],
        "norm": norm,
        "is_founding": money.occasion_of(centre.valid_from, year)[0] == money.FOUNDING,
        "area": capfirst(in_words(kinds.AREAS[area])) if area else "",
        "allocations": allocations,
        "spendings": spendings,
        "may_keep": access.may(request.user, Permission.MONEY_KEEP, at=centre.unit),
        "years": [one for one in range(now + 1, now - 4, -1) if one != year],
    }
    return pages.render(request, "learning/money/detail.html", context)


@require_http_methods(ANYWHERE)
def allocation_new(request: UserRequest, key: str, year: int) -> HttpResponse:
    """Note an estimate or an allocation."""
    centre = selectors.centre_seen(request.user, key)
    planning.check_year(year)
    access.require(request.user, Permission.MONEY_KEEP, at=centre.unit)
    form = AllocationForm(request.POST or None)

    def save() -> object:
        return services.note_allocation(by=request.user, provider=centre, year=year, **form.cleaned_data)

    return form_page(request, form, _crumbs(centre, year, _("Ghi dự toán, kinh phí được giao")), save)


@require_http_methods(ANYWHERE)
def spending_new(request: UserRequest, key: str, year: int) -> HttpResponse:
    """Note spending, by its voucher."""
    centre = selectors.centre_seen(request.user, key)
    planning.check_year(year)
    access.require(request.user, Permission.MONEY_KEEP, at=centre.unit)
    held = selectors.activities_of(centre, year)
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

    return form_page(request, form, _crumbs(centre, year, _("Ghi khoản chi")), save)


@require_http_methods(ANYWHERE)
def allocation_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Count an estimate or an allocation no more."""
    row = selectors.allocation_seen(request.user, pk)
    return _cancel(request, row, row.year)


@require_http_methods(ANYWHERE)
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
    return pages.render(request, "ui/pages/confirm.html", context, status=status_of(form))


@require_safe
def spending_file(request: UserRequest, pk: int) -> FileResponse:
    """The file of a voucher."""
    row = selectors.spending_seen(request.user, pk)
    if row.file is None:
        raise Missing("Khoản chi này không có tệp chứng từ.")
    return attachments.response(row.file)


_ONE = "learning/money/<slug:key>/<int:year>/"
urlpatterns = [
    path("learning/money/", money_list, name="money-list"),
    path("learning/money/file/", money_file, name="money-file"),
    path("learning/money/allocations/<int:pk>/cancel/", allocation_cancel, name="allocation-cancel"),
    path("learning/money/spendings/<int:pk>/cancel/", spending_cancel, name="spending-cancel"),
    path("learning/money/spendings/<int:pk>/file/", spending_file, name="spending-file"),
    path(_ONE, money_detail, name="money-detail"),
    path(f"{_ONE}allocations/new/", allocation_new, name="allocation-new"),
    path(f"{_ONE}spendings/new/", spending_new, name="spending-new"),
]

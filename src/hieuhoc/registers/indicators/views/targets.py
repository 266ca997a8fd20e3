"""Targets by unit and year: the list, the table in which they are set, one target with its prospect, and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import in_words, period_words
from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import documents, forms, intake, rules, selectors, services
from hieuhoc.registers.indicators.forms.fields import unit_or_none
from hieuhoc.registers.indicators.models import Target
from hieuhoc.registers.indicators.views.changes import SHOWN_WRONGS
from hieuhoc.registers.indicators.views.shown import fact, number_asked, select, sent

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

_STATES = {
    "reached": "done",
    "on_course": "done",
    "behind": "late",
    "not_yet": "due",
    "missed": "late",
    "unknown": "wait",
    "unjudged": "neutral",
}


@require_safe
def target_list(request: UserRequest) -> HttpResponse:
    """The targets that the user may see; searched, by unit, year and indicator."""
    access.require_somewhere(request.user, Permission.INDICATOR_READ)
    page = pages.page_of(request, _found(request))
    asked, user = request.GET, request.user
    years = [("", _("Mọi năm")), *((str(year), str(year)) for year in selectors.years_with_targets(user))]
    unit = unit_or_none(asked.get("unit", ""))
    may_set = {row.unit_id: access.may(user, Permission.TARGET_SET, at=row.unit) for row in page}
    shown = _shown(page)
    context = {
        "title": _("Chỉ tiêu"),
        "page": page,
        "rows": [{**_row(row, shown), "may_set": may_set[row.unit_id]} for row in page],
        "q": asked.get("q", ""),
        "unit": unit,
        "code": asked.get("code", ""),
        "selects": [select("year", _("Năm"), years, asked.get("year", ""))],
        "may_set": access.has(user, Permission.TARGET_SET),
        "crumbs": [{"label": _("Chỉ số"), "url": reverse("indicators:list")}, {"label": _("Chỉ tiêu")}],
    }
    return pages.render(request, "indicators/target_list.html", context, fragment="indicators/_targets.html")


@require_safe
def target_download(request: UserRequest) -> HttpResponse:
    """The targets of the list as a workbook, which may be filled in and brought back."""
    access.require_somewhere(request.user, Permission.INDICATOR_READ)
    rows = list(_found(request))
    shown = _shown(rows)
    content = documents.targets_workbook(((row, shown.get(row.indicator.code)) for row in rows), on=clock.today())
    return pages.download(content, _("Chỉ tiêu.xlsx"), documents.XLSX)


def _found(request: UserRequest) -> Any:
    asked = request.GET
    return selectors.find_targets(
        request.user,
        text=asked.get("q", ""),
        unit=unit_or_none(asked.get("unit", "")),
        year=number_asked(request, "year"),
        code=asked.get("code", "").upper(),
        sort=asked.get("sort", ""),
    )


def _shown(rows: Iterable[Target]) -> dict[str, rules.Definition]:
    """What the indicators of some targets mean, or meant last; called as the reader calls them."""
    codes = {row.indicator.code for row in rows}
    found = selectors.shown_on(clock.today()).filter(indicator__code__in=codes)
    return {row.indicator.code: replace(selectors.meaning_of(row), name=selectors.called(row)) for row in found}


def _row(row: Target, shown: Mapping[str, rules.Definition]) -> dict[str, Any]:
    one = shown[row.indicator.code]
    return {"target": row, "name": one.name, "value": _value(row, one), "year": row.period.period.year}


def _value(row: Target, one: rules.Definition) -> str:
    places = max(one.decimals, -min(int(row.value.normalize().as_tuple().exponent), 0))
    counted = one.shown_in.counted(Fraction(row.value))
    return rules.write_value(counted, one.shown_in, decimals=places, sign=in_words(one.shown_in.sign))


@require_safe
def target_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One target: what is lacking, the figures of the years, and where they lead at the present pace."""
    target = selectors.target_seen(request.user, pk)
    found = selectors.aimed(request.user, target)
    one, prospect = found.definition, found.prospect

    sign = in_words(one.shown_in.sign)

    def said(value: Any) -> str:
        counted = None if value is None else one.shown_in.counted(value)
        return rules.write_value(counted, one.shown_in, decimals=max(one.decimals, 1), sign=sign) or "–"

    code = target.indicator.code
    context = {
        "title": _shown([target])[target.indicator.code].name,
        "target": target,
        "badge": {"state": _STATES[prospect.verdict], "label": in_words(prospect.words)},
        "facts": [
            fact(_("Đơn vị"), target.unit.name, url=reverse("units:detail", args=[target.unit.key])),
            fact(_("Chỉ số"), code, url=reverse("indicators:detail", args=[code])),
            fact(_("Kỳ"), str(target.period)),
            fact(_("Văn bản giao"), target.document),
            fact(_("Người nhập"), target.set_by_name),
            fact(_("Ghi chú"), target.note),
        ],
        "standing": [
            fact(_("Chỉ tiêu"), _value(target, one)),
            fact(_("Số liệu năm mới nhất"), said(prospect.value)),
            fact(_("Còn thiếu"), said(max(prospect.gap, Fraction(0)) if prospect.gap is not None else None)),
            fact(_("Thay đổi một năm"), said(prospect.trend)),
            fact(_("Dự báo khi đến hạn"), said(prospect.forecast)),
        ],
        "years": [
            {
                "period": period_words(period),
                "value": said(_as_shown(value.value, one)),
                "of": (value.reported, value.expected),
            }
            for period, value in found.years
        ],
        "may_set": access.may(request.user, Permission.TARGET_SET, at=target.unit),
        "crumbs": [*_crumbs(), {"label": target.unit.name}],
    }
    return pages.render(request, "indicators/target_detail.html", context)


def _as_shown(value: Any, one: rules.Definition) -> Any:
    return None if value is None else one.shown_in.shown(value)


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("Chỉ số"), "url": reverse("indicators:list")},
        {"label": _("Chỉ tiêu"), "url": reverse("indicators:target-list")},
    ]


def target_edit(request: UserRequest) -> HttpResponse:
    """The targets of one unit for one year as a table; first the unit and the year are asked for."""
    access.require_somewhere(request.user, Permission.TARGET_SET)
    asked = forms.TargetsOfForm(request.GET or None, initial={"year": clock.today().year})
    if not request.GET or not asked.is_valid():
        return _ask_whose(request, asked)
    unit, year = asked.cleaned_data["unit"], asked.cleaned_data["year"]
    access.require(request.user, Permission.TARGET_SET, at=unit)
    form = _targets_form(request, unit, year)
    if request.method == "POST" and form.is_valid():
        done = forms.attempt(form, lambda: _save(request, form, unit=unit, year=year))
        if done:
            words = {"count": done, "unit": unit.name, "year": year}
            messages.success(request, _("Đã giao %(count)d chỉ tiêu năm %(year)d cho %(unit)s.") % words)
            return redirect(reverse("indicators:target-list") + f"?unit={unit.key}&year={year}")
    title = _("Chỉ tiêu năm %(year)d của %(unit)s") % {"unit": unit.name, "year": year}
    context = {
        "form": form,
        "title": title,
        "submit_label": _("Lưu chỉ tiêu"),
        "cancel_url": reverse("indicators:target-list") + f"?unit={unit.key}&year={year}",
        "crumbs": [*_crumbs(), {"label": title}],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "indicators/target_form.html", context, status=status)


def _ask_whose(request: UserRequest, form: forms.TargetsOfForm) -> HttpResponse:
    title = _("Giao chỉ tiêu")
    context = {
        "form": form,
        "title": title,
        "lead": _("Chọn đơn vị và năm."),
        "cancel_url": reverse("indicators:target-list"),
        "crumbs": [*_crumbs(), {"label": title}],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "indicators/target_whose.html", context, status=status)


def _targets_form(request: UserRequest, unit: Unit, year: int) -> forms.TargetsForm:
    """Rows for the key indicators and those that have a target; any other may be chosen."""
    day = date(year, 5, 1)
    known = {
        code: one
        for code, one in sorted(selectors.meanings_on(day).items())
        if unit.level in one.levels and "year" in one.rhythms
    }
    found = selectors.find_targets(request.user, unit=unit, year=year)
    before = {row.indicator.code: row for row in found if row.indicator.code in known}
    rows = [code for code, one in known.items() if one.is_key or code in before]
    return forms.TargetsForm(sent(request), known=known, rows=rows, before=before)


def _save(request: UserRequest, form: forms.TargetsForm, *, unit: Unit, year: int) -> int:
    told = form.cleaned_data
    aims = [
        services.Aim(unit=unit, code=code, year=year, value=value, document=told["document"], note=told["note"])
        for code, value in form.changed()
    ]
    try:
        return services.set_targets(by=request.user, aims=aims)
    except Invalid as problem:
        field = problem.field if problem.field in form.fields else ""
        raise Invalid("{problem}", field=field, problem=problem) from problem


def target_take_back(request: UserRequest, pk: int) -> HttpResponse:
    target = selectors.target_seen(request.user, pk)
    access.require(request.user, Permission.TARGET_SET, at=target.unit)
    form = forms.TakeBackForm(sent(request))
    back = reverse("indicators:target-detail", args=[target.pk])
    if request.method == "POST" and form.is_valid():
        done = forms.attempt(
            form, lambda: services.take_back_target(by=request.user, target=target, **form.cleaned_data)
        )
        if done:
            messages.success(request, _("Đã bỏ chỉ tiêu của %(unit)s.") % {"unit": target.unit.name})
            return redirect("indicators:target-list")
    title = _("Bỏ chỉ tiêu")
    one = _shown([target])[target.indicator.code]
    words = {"name": one.name, "unit": target.unit.name, "year": target.period.period.year}
    context = {
        "form": form,
        "title": title,
        "danger": True,
        "submit_label": title,
        "cancel_url": back,
        "question": _("Bỏ chỉ tiêu “%(name)s” năm %(year)d của %(unit)s?") % words,
        "consequence": _("Trang của đơn vị không còn so với chỉ tiêu này. Nhật ký giữ lại giá trị đã giao."),
        "crumbs": [*_crumbs(), {"label": title}],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/confirm.html", context, status=status)


def target_upload(request: UserRequest) -> HttpResponse:
    """Targets from a workbook, all or none."""
    access.require_somewhere(request.user, Permission.TARGET_SET)
    form = forms.RowsFileForm(sent(request), request.FILES or None)
    wrongs: list[intake.Wrong] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        taken = forms.attempt(
            form, lambda: intake.take_in_targets(by=request.user, content=file.read(), name=file.name or "")
        )
        if taken and not taken.wrongs:
            words = {"written": taken.written, "same": taken.same}
            messages.success(request, _("Đã giao %(written)d chỉ tiêu; %(same)d chỉ tiêu không đổi.") % words)
            return redirect("indicators:target-list")
        wrongs = taken.wrongs if taken else []
    title = _("Nhập chỉ tiêu từ tệp")
    context = {
        "form": form,
        "title": title,
        "lead": _("Tải bảng chỉ tiêu về, sửa hoặc thêm dòng rồi gửi lại. Một ô sai thì cả tệp không được nhập."),
        "wrongs": wrongs[:SHOWN_WRONGS],
        "number_of_wrongs": len(wrongs),
        "template_url": reverse("indicators:target-download"),
        "submit_label": _("Nhập tệp"),
        "cancel_url": reverse("indicators:target-list"),
        "crumbs": [*_crumbs(), {"label": title}],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or wrongs else HTTPStatus.OK
    return pages.render(request, "indicators/upload.html", context, status=status)


urlpatterns = [
    path("targets/", target_list, name="target-list"),
    path("targets/edit/", target_edit, name="target-edit"),
    path("targets/download/", target_download, name="target-download"),
    path("targets/upload/", target_upload, name="target-upload"),
    path("targets/<int:pk>/", target_detail, name="target-detail"),
    path("targets/<int:pk>/take-back/", target_take_back, name="target-take-back"),
]

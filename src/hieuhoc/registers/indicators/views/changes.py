"""Changing what indicators mean: each deed a page of its own."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Conflict, Missing
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import forms, intake, rules, selectors, services
from hieuhoc.registers.indicators.models import Definition, Indicator
from hieuhoc.registers.indicators.views.definitions import checked_formula
from hieuhoc.registers.indicators.views.shown import sent

SHOWN_WRONGS = 200


def indicator_create(request: UserRequest) -> HttpResponse:
    access.require_somewhere(request.user, Permission.INDICATOR_EDIT)
    initial = {"valid_from": clock.today(), "reported_at": "commune", "kind": "base", "calendar": "closing"}
    families = list(selectors.families())
    form = _definition_form(request, families=families, initial=initial | {"levels": list(rules.LEVELS)})
    if _is_saving(request) and form.is_valid():
        family = next(one for one in families if one.code == form.cleaned_data["family"])
        row = forms.attempt(form, lambda: services.define_indicator(by=request.user, family=family, told=form.told()))
        if row:
            messages.success(request, _("Đã thêm bản nháp của chỉ số %(code)s.") % {"code": row.indicator.code})
            return redirect("indicators:detail", code=row.indicator.code)
    return _definition_page(request, form, title=_("Thêm chỉ số"), back=reverse("indicators:list"))


def indicator_edit(request: UserRequest, code: str) -> HttpResponse:
    """Revise the draft of an indicator, or write one that follows the definition in force."""
    access.require_somewhere(request.user, Permission.INDICATOR_EDIT)
    indicator = selectors.indicator_by_code(code)
    row = _revisable(indicator)
    is_draft = row.state == selectors.DRAFT
    initial = {} if is_draft else {"valid_from": services.next_day(row)}
    form = _definition_form(request, of=selectors.meaning_of(row), initial=initial)
    if _is_saving(request) and form.is_valid():
        done = forms.attempt(
            form, lambda: services.revise_indicator(by=request.user, indicator=indicator, told=form.told())
        )
        if done:
            messages.success(request, _("Đã lưu bản nháp của chỉ số %(code)s.") % {"code": indicator.code})
            return redirect(reverse("indicators:detail", args=[indicator.code]) + f"?version={done.version}")
    title = _("Sửa bản nháp") if is_draft else _("Soạn phiên bản mới")
    return _definition_page(
        request, form, title=title, back=reverse("indicators:detail", args=[indicator.code]), of=indicator
    )


def _revisable(indicator: Indicator) -> Definition:
    """The draft, else the last definition: what a new one begins with."""
    versions = selectors.versions_of(indicator)
    return next((row for row in versions if row.state == selectors.DRAFT), versions[0])


def _is_saving(request: UserRequest) -> bool:
    """Whether the form is to be saved; the other button only has its formula checked."""
    return request.method == "POST" and "check" not in request.POST


def _definition_form(request: UserRequest, **named: Any) -> forms.DefinitionForm:
    named.setdefault("families", ())
    return forms.DefinitionForm(sent(request), breakdowns=selectors.breakdowns().values(), **named)


def _definition_page(
    request: UserRequest, form: forms.DefinitionForm, *, title: str, back: str, of: Indicator | None = None
) -> HttpResponse:
    text = str(form["formula"].value() or "")
    crumbs = [{"label": _("Chỉ số"), "url": reverse("indicators:list")}]
    if of is not None:
        crumbs.append({"label": of.code, "url": reverse("indicators:detail", args=[of.code])})
    context = checked_formula(text, clock.today()) | {
        "form": form,
        "title": title,
        "lead": of.code if of else "",
        "submit_label": _("Lưu bản nháp"),
        "cancel_url": back,
        "crumbs": [*crumbs, {"label": title}],
    }
    wrong = _is_saving(request) and form.errors
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return pages.render(request, "indicators/indicator_form.html", context, status=status)


def indicator_put_in_force(request: UserRequest, code: str) -> HttpResponse:
    access.require_somewhere(request.user, Permission.INDICATOR_EDIT)
    indicator = selectors.indicator_by_code(code)
    row = _revisable(indicator)
    if row.state != selectors.DRAFT:
        raise Conflict(_("Chỉ số này không có bản nháp nào đang chờ."))
    if request.method == "POST":
        services.put_in_force(by=request.user, definition=row)
        messages.success(request, _("Đã đưa chỉ số %(code)s vào dùng.") % {"code": indicator.code})
        return redirect(reverse("indicators:detail", args=[indicator.code]) + f"?version={row.version}")
    words = {"name": row.name, "day": write_date(row.valid_from)}
    return _confirm_page(
        request,
        indicator,
        title=_("Đưa vào dùng"),
        question=_("Dùng “%(name)s” từ ngày %(day)s?") % words,
        consequence=_(
            "Từ lúc này định nghĩa không sửa được nữa, chỉ thay được bằng phiên bản sau. "
            "Phiên bản đang dùng kết thúc vào ngày đó."
        ),
    )


def indicator_end(request: UserRequest, code: str) -> HttpResponse:
    access.require_somewhere(request.user, Permission.INDICATOR_EDIT)
    indicator = selectors.indicator_by_code(code)
    row = next((one for one in selectors.versions_of(indicator) if one.state == selectors.IN_FORCE), None)
    if row is None:
        raise Missing(_("Chỉ số này không có định nghĩa nào đang dùng."))
    form = forms.EndForm(sent(request), initial={"on": services.next_day(row)})
    if request.method == "POST" and form.is_valid():
        done = forms.attempt(
            form, lambda: services.end_definition(by=request.user, definition=row, **form.cleaned_data)
        )
        if done:
            messages.success(request, _("Đã kết thúc chỉ số %(code)s.") % {"code": indicator.code})
            return redirect("indicators:detail", code=indicator.code)
    return _confirm_page(
        request,
        indicator,
        title=_("Kết thúc chỉ số"),
        question=_("Không dùng “%(name)s” nữa?") % {"name": row.name},
        consequence=_("Các báo cáo từ ngày đã chọn không còn chỉ số này. Số liệu đã có giữ nguyên."),
        form=form,
    )


def _confirm_page(
    request: UserRequest,
    indicator: Indicator,
    *,
    title: str,
    question: str,
    consequence: str,
    form: forms.EndForm | None = None,
) -> HttpResponse:
    back = reverse("indicators:detail", args=[indicator.code])
    context = {
        "title": title,
        "question": question,
        "consequence": consequence,
        "submit_label": title,
        "cancel_url": back,
        "danger": form is not None,
        "form": form,
        "crumbs": [
            {"label": _("Chỉ số"), "url": reverse("indicators:list")},
            {"label": indicator.code, "url": back},
            {"label": title},
        ],
    }
    wrong = form is not None and form.errors
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return pages.render(request, "ui/pages/confirm.html", context, status=status)


def indicator_upload(request: UserRequest) -> HttpResponse:
    """Definitions from a workbook become drafts, all or none."""
    access.require_somewhere(request.user, Permission.INDICATOR_EDIT)
    form = forms.RowsFileForm(sent(request), request.FILES or None)
    wrongs: list[intake.Wrong] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        taken = forms.attempt(
            form,
            lambda: intake.take_in_definitions(by=request.user, content=file.read(), name=file.name or ""),
        )
        if taken and not taken.wrongs:
            words = {"written": taken.written, "same": taken.same}
            messages.success(request, _("Đã lưu %(written)d bản nháp; %(same)d chỉ số không đổi.") % words)
            return redirect(reverse("indicators:list") + "?state=draft")
        wrongs = taken.wrongs if taken else []
    title = _("Nhập chỉ số từ tệp")
    context = {
        "form": form,
        "title": title,
        "lead": _("Tải danh mục về, sửa hoặc thêm dòng rồi gửi lại. Mọi thay đổi thành bản nháp, chưa dùng ngay."),
        "wrongs": wrongs[:SHOWN_WRONGS],
        "number_of_wrongs": len(wrongs),
        "template_url": reverse("indicators:download"),
        "submit_label": _("Nhập tệp"),
        "cancel_url": reverse("indicators:list"),
        "crumbs": [{"label": _("Chỉ số"), "url": reverse("indicators:list")}, {"label": title}],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or wrongs else HTTPStatus.OK
    return pages.render(request, "indicators/upload.html", context, status=status)


def breakdown_edit(request: UserRequest, code: str) -> HttpResponse:
    access.require_somewhere(request.user, Permission.INDICATOR_EDIT)
    row = selectors.breakdown_by_code(code)
    form = forms.BreakdownForm(sent(request), of=selectors.breakdown_meaning(row))
    if request.method == "POST" and form.is_valid():
        done = forms.attempt(
            form,
            lambda: services.edit_breakdown(
                by=request.user, breakdown=row, values=form.values(), note=form.cleaned_data["note"]
            ),
        )
        if done:
            messages.success(request, _("Đã lưu phân tổ %(name)s.") % {"name": row.name})
            return redirect(reverse("indicators:breakdown-list") + f"#{row.code}")
    context = {
        "form": form,
        "title": row.name,
        "lead": _("Giá trị đã có thì không bỏ được, vì số liệu có thể đã ghi theo giá trị đó."),
        "submit_label": _("Lưu"),
        "cancel_url": reverse("indicators:breakdown-list"),
        "crumbs": [
            {"label": _("Chỉ số"), "url": reverse("indicators:list")},
            {"label": _("Phân tổ"), "url": reverse("indicators:breakdown-list")},
            {"label": row.name},
        ],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/form.html", context, status=status)


urlpatterns = [
    path("new/", indicator_create, name="create"),
    path("upload/", indicator_upload, name="upload"),
    path("breakdowns/<str:code>/", breakdown_edit, name="breakdown-edit"),
    path("<str:code>/edit/", indicator_edit, name="edit"),
    path("<str:code>/put-in-force/", indicator_put_in_force, name="put-in-force"),
    path("<str:code>/end/", indicator_end, name="end"),
]

"""What an administrator changes about one unit: each deed a form of its own, dated, and kept in the trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.accounts import access, forms, services
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.views.request import UserRequest
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit, UnitAlias, UnitSize


def unit_create(request: UserRequest) -> HttpResponse:
    access.require_somewhere(request.user, Permission.UNIT_EDIT)
    initial = {"valid_from": clock.today(), "parent": request.GET.get("parent", "")}
    form = forms.UnitCreateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        unit = forms.attempt(form, lambda: services.create_unit(by=request.user, **form.cleaned_data))
        if unit:
            messages.success(request, _("Đã thêm đơn vị %(unit)s.") % {"unit": unit})
            return redirect("units:detail", key=unit.key)
    return _form_page(request, form, title=_("Thêm đơn vị"), back=reverse("units:list"), label=_("Thêm đơn vị"))


def unit_edit(request: UserRequest, key: str) -> HttpResponse:
    unit = _editable(request, key)
    initial = {"name": unit.name, "short_name": unit.short_name, "code": unit.code, "on": clock.today()}
    form = forms.UnitChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = forms.attempt(form, lambda: services.change_unit(by=request.user, unit=unit, **form.cleaned_data))
        if done:
            messages.success(request, _("Đã lưu thay đổi của %(unit)s.") % {"unit": done})
            return redirect("units:detail", key=unit.key)
    back = reverse("units:detail", args=[unit.key])
    return _form_page(request, form, title=_("Đổi tên, mã số"), unit=unit, back=back, label=_("Lưu"))


def unit_end(request: UserRequest, key: str) -> HttpResponse:
    unit = _editable(request, key)
    form = forms.UnitEndForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        done = forms.attempt(form, lambda: services.end_unit(by=request.user, unit=unit, **form.cleaned_data))
        if done:
            messages.success(request, _("Đã kết thúc đơn vị %(unit)s.") % {"unit": done})
            return redirect("units:detail", key=unit.key)
    title = _("Kết thúc đơn vị")
    context = {
        "form": form,
        "title": title,
        "danger": True,
        "submit_label": title,
        "crumbs": crumbs(title, unit=unit),
        "cancel_url": reverse("units:detail", args=[unit.key]),
        "question": _("Kết thúc đơn vị %(unit)s?") % {"unit": unit},
        "consequence": _("Từ ngày đã chọn không giao việc, giao vai trò ở đơn vị này được nữa. Dữ liệu cũ giữ nguyên."),
    }
    return pages.render(request, "ui/pages/confirm.html", context, status=422 if form.errors else 200)


def unit_kind(request: UserRequest, key: str) -> HttpResponse:
    unit = _editable(request, key)
    form = forms.UnitKindForm(request.POST or None, initial={"kind": unit.kind, "name": unit.name, "on": clock.today()})
    return _changing(
        request,
        form,
        unit,
        deed=lambda: services.change_kind(by=request.user, unit=unit, **form.cleaned_data),
        title=_("Đổi loại"),
        done=_("Đã đổi loại của %(unit)s."),
    )


def unit_move(request: UserRequest, key: str) -> HttpResponse:
    unit = _editable(request, key)
    form = forms.UnitMoveForm(request.POST or None, initial={"on": clock.today()})
    return _changing(
        request,
        form,
        unit,
        deed=lambda: services.move_unit(by=request.user, unit=unit, **form.cleaned_data),
        title=_("Đổi cấp trên"),
        done=_("Đã chuyển %(unit)s sang cấp trên mới."),
    )


def alias_create(request: UserRequest, key: str) -> HttpResponse:
    unit = _editable(request, key)
    form = forms.AliasForm(request.POST or None, initial={"on": clock.today()})
    return _changing(
        request,
        form,
        unit,
        deed=lambda: services.add_alias(by=request.user, unit=unit, **form.cleaned_data),
        title=_("Thêm tên khác"),
        done=_("Đã thêm tên khác của %(unit)s."),
    )


def alias_end(request: UserRequest, key: str, pk: int) -> HttpResponse:
    unit = _editable(request, key)
    alias: UnitAlias | None = unit.aliases.select_related("unit").filter(pk=pk).first()
    if alias is None:
        raise Missing(_("Không tìm thấy tên khác này."))
    form = forms.AliasEndForm(request.POST or None, initial={"on": clock.today()})
    return _changing(
        request,
        form,
        unit,
        deed=lambda: services.end_alias(by=request.user, alias=alias, on=form.cleaned_data["on"]),
        title=_("Thôi dùng tên “%(name)s”") % {"name": alias.name},
        done=_("Đã ghi ngày thôi dùng tên khác của %(unit)s."),
    )


def unit_members(request: UserRequest, key: str) -> HttpResponse:
    unit = _editable(request, key)
    if not unit.is_group:
        raise Missing(_("Chỉ nhóm đơn vị mới có thành viên."))
    today = clock.today()
    form = forms.MembersForm(request.POST or None, members=places.members(unit, on=today), initial={"on": today})
    return _changing(
        request,
        form,
        unit,
        deed=lambda: (
            services.set_members(by=request.user, group=unit, members=form.chosen(), on=form.cleaned_data["on"]),
            True,
        ),
        title=_("Thành viên của nhóm"),
        done=_("Đã lưu thành viên của %(unit)s."),
    )


def size_create(request: UserRequest, key: str) -> HttpResponse:
    unit = _editable(request, key)
    form = forms.SizeForm(request.POST or None, initial={"on": clock.today()})
    return _size_page(request, form, unit, title=_("Thêm số liệu quy mô"))


def size_edit(request: UserRequest, key: str, pk: int) -> HttpResponse:
    unit = _editable(request, key)
    size = _size(unit, pk)
    initial = {name: getattr(size, name) for name in forms.SizeForm.base_fields}
    form = forms.SizeForm(request.POST or None, initial=initial)
    form.fields["on"].disabled = True
    return _size_page(request, form, unit, title=_("Sửa số liệu quy mô"))


def size_remove(request: UserRequest, key: str, pk: int) -> HttpResponse:
    unit = _editable(request, key)
    size = _size(unit, pk)
    form = forms.WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        if forms.attempt(form, lambda: (services.remove_size(by=request.user, size=size, why=why), True)):
            messages.success(request, _("Đã bỏ số liệu quy mô của %(unit)s.") % {"unit": unit})
            return redirect("units:detail", key=unit.key)
    title = _("Bỏ số liệu quy mô")
    context = {
        "form": form,
        "title": title,
        "danger": True,
        "submit_label": title,
        "crumbs": crumbs(title, unit=unit),
        "cancel_url": reverse("units:detail", args=[unit.key]),
        "question": _("Bỏ số liệu quy mô của %(unit)s?") % {"unit": unit},
        "consequence": _("Chỉ bỏ khi đã ghi nhầm ngày hoặc nhầm đơn vị. Nhật ký vẫn giữ số liệu đã ghi."),
    }
    return pages.render(request, "ui/pages/confirm.html", context, status=422 if form.errors else 200)


def _size(unit: Unit, pk: int) -> UnitSize:
    found: UnitSize | None = unit.sizes.select_related("unit").filter(pk=pk).first()
    if found is None:
        raise Missing(_("Không tìm thấy số liệu này."))
    return found


def _size_page(request: UserRequest, form: Form, unit: Unit, *, title: str) -> HttpResponse:
    return _changing(
        request,
        form,
        unit,
        deed=lambda: services.record_size(by=request.user, unit=unit, **form.cleaned_data),
        title=title,
        done=_("Đã lưu số liệu quy mô của %(unit)s."),
    )


def _editable(request: UserRequest, key: str) -> Unit:
    unit = places.unit_by_key(key)
    access.require(request.user, Permission.UNIT_EDIT, at=unit)
    return unit


def _changing(
    request: UserRequest, form: Form, unit: Unit, *, deed: Callable[[], Any], title: str, done: str
) -> HttpResponse:
    """The one course of every form about a unit: shown, tried, and back to the unit's page with a word."""
    if request.method == "POST" and form.is_valid() and forms.attempt(form, deed):
        messages.success(request, done % {"unit": unit})
        return redirect("units:detail", key=unit.key)
    back = reverse("units:detail", args=[unit.key])
    return _form_page(request, form, title=title, unit=unit, back=back, label=_("Lưu"))


def crumbs(title: str, *, unit: Unit | None = None) -> list[dict[str, str]]:
    """The way from the register to a page, over the unit's own where it is about one."""
    of_unit = [{"label": unit.name, "url": reverse("units:detail", args=[unit.key])}] if unit else []
    return [{"label": _("Đơn vị"), "url": reverse("units:list")}, *of_unit, {"label": title}]


def _form_page(
    request: UserRequest, form: Form, *, title: str, back: str, label: str, unit: Unit | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": unit.name if unit else "",
        "crumbs": crumbs(title, unit=unit),
        "submit_label": label,
        "cancel_url": back,
    }
    return pages.render(request, "ui/pages/form.html", context, status=422 if form.errors else 200)

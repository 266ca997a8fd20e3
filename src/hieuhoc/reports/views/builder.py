"""Pages of the form builder: forms of report, their versions, and a layout that is made button by button.

Every button posts; htmx only brings the changed builder instead of the whole page. What a button did can be undone
for as long as the session lasts and nobody else has changed the layout since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import select
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.selectors import told
from hieuhoc.reports import access, selectors, services
from hieuhoc.reports.forms import blocks, editing
from hieuhoc.reports.forms.deeds import NewFormForm
from hieuhoc.reports.models import FormVersion
from hieuhoc.reports.selectors import choosing, previewing
from hieuhoc.reports.views.shown_sheet import preview_shown

MOST_UNDONE = 12
Layout = dict[str, Any]


@require_safe
def indicator_options(request: UserRequest) -> HttpResponse:
    """Suggestions for a picker of indicators: ?q=…"""
    access.require_arranging(request.user)
    found = choosing.find_definitions(request.GET.get("q", ""), on=clock.today())
    return pages.options((one.indicator.code, choosing.choice_words(one), one.meaning[:120]) for one in found)


# ---- forms and versions -----------------------------------------------------------------------------


@require_safe
def form_list(request: UserRequest) -> HttpResponse:
    """The forms that the user may see."""
    words = request.GET.get("q", "")
    page = pages.page_of(request, selectors.forms_seen(request.user, words=words), per_page=30)
    context = {
        "page": page,
        "q": words,
        "may_arrange": access.may_arrange_somewhere(request.user),
        "is_narrowed": bool(words),
    }
    return pages.render(request, "reports/form_list.html", context, fragment="reports/_form_rows.html")


@require_http_methods(["GET", "HEAD", "POST"])
def form_new(request: UserRequest) -> HttpResponse:
    """Begin a form of report."""
    access.require_arranging(request.user)
    form = NewFormForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.draft_form(by=request.user, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, _("Đã lập biểu mẫu. Hãy thêm mục và ô số liệu."))
            return redirect("reports:version-edit", key=version.pk)
    context = {
        "title": _("Lập biểu mẫu"),
        "form": form,
        "submit_label": _("Lập biểu mẫu"),
        "cancel_url": reverse("reports:form-list"),
        "crumbs": [*_crumbs(), {"label": _("Lập biểu mẫu")}],
    }
    return pages.render(request, "ui/pages/form.html", context, status=422 if form.errors else 200)


def _crumbs() -> list[dict[str, Any]]:
    return [
        {"label": _("Báo cáo"), "url": reverse("reports:desk")},
        {"label": _("Biểu mẫu"), "url": reverse("reports:form-list")},
    ]


@require_safe
def form_detail(request: UserRequest, code: str) -> HttpResponse:
    """A form: its versions, where it is used, what was done to it."""
    form = selectors.form_by_code(request.user, code)
    versions = list(form.versions.order_by("-number"))
    context = {
        "form": form,
        "title": form.name,
        "versions": versions,
        "draft": next((one for one in versions if one.state == "draft"), None),
        "in_force": next((one for one in versions if one.state == "in_force"), None),
        "kinds": form.kinds.all(),
        "may_arrange": access.may_arrange(request.user, form),
        "crumbs": [*_crumbs(), {"label": form.name}],
        "history": [asdict(line) for line in told(trail.history(form)[:20])],
    }
    return pages.render(request, "reports/form_detail.html", context)


@require_safe
def version_detail(request: UserRequest, key: int) -> HttpResponse:
    """A version as its sheet looks, empty or with the figures of the last period."""
    version = selectors.version_by_key(request.user, key)
    context = _version_context(request, version) | {"history": [asdict(x) for x in told(trail.history(version)[:20])]}
    return pages.render(request, "reports/version_detail.html", context, fragment="reports/_preview.html")


def _version_context(request: UserRequest, version: FormVersion) -> dict[str, Any]:
    form = version.form
    return {
        "version": version,
        "form": form,
        "title": form.name,
        "may_arrange": access.may_arrange(request.user, form),
        "crumbs": [
            *_crumbs(),
            {"label": form.name, "url": form.get_absolute_url()},
            {"label": _("Phiên bản %(number)s") % {"number": version.number}},
        ],
        **_preview(request, version),
    }


def _preview(request: UserRequest, version: FormVersion) -> dict[str, Any]:
    """The sheet of a layout as far as it goes, and what is wrong with it."""
    is_filled = request.GET.get("figures") == "last"
    listed = [("", _("để trống")), ("last", _("số liệu kỳ gần nhất"))]
    found = previewing.preview(request.user, version, filled=is_filled, on=clock.today())
    sections = {section["key"] for section in editing.sections_of(version.layout)}
    problems = [
        {"place": one.place, "anchor": _anchor(one.place, sections), "words": say(one.error)} for one in found.faults
    ]
    return {
        "preview": {"sheet": {"sections": preview_shown(found)}, "problems": problems},
        "selects": [select("figures", _("Xem thử"), listed, "last" if is_filled else "")],
    }


def _anchor(place: str, sections: Collection[str]) -> str:
    """Where on the page of the builder a place of the layout is."""
    if place in ("", "checks"):
        return place
    return f"section-{place}" if place in sections else f"block-{place}"


@require_POST
def version_force(request: UserRequest, key: int) -> HttpResponse:
    """Put a draft in force; the version before is retired."""
    version = selectors.version_by_key(request.user, key)
    services.put_in_force(by=request.user, version=version)
    messages.success(request, _("Đã đưa phiên bản %(number)s vào dùng.") % {"number": version.number})
    return redirect(version.form)


@require_POST
def version_follow(request: UserRequest, code: str) -> HttpResponse:
    """Begin the next version of a form."""
    form = selectors.form_by_code(request.user, code)
    version = services.new_version(by=request.user, form=form)
    messages.success(request, _("Đã lập phiên bản %(number)s từ phiên bản đang dùng.") % {"number": version.number})
    return redirect("reports:version-edit", key=version.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def version_retire(request: UserRequest, key: int) -> HttpResponse:
    """Take a version out of use, or throw a draft away; asked first."""
    version = selectors.version_by_key(request.user, key)
    access.require_arranging_of(request.user, version.form)
    if request.method == "POST":
        services.retire(by=request.user, version=version)
        messages.success(request, _("Đã ngừng dùng phiên bản %(number)s.") % {"number": version.number})
        return redirect(version.form)
    is_draft = version.state == "draft"
    context = {
        "title": _("Bỏ bản nháp") if is_draft else _("Ngừng dùng biểu mẫu"),
        "question": _("Bỏ bản nháp này?") if is_draft else _("Ngừng dùng phiên bản này?"),
        "consequence": _("Các đợt báo cáo đã mở giữ nguyên biểu mẫu của mình; đợt mới không dùng phiên bản này nữa."),
        "submit_label": _("Bỏ bản nháp") if is_draft else _("Ngừng dùng"),
        "cancel_url": version.form.get_absolute_url(),
        "danger": True,
        "crumbs": [*_crumbs(), {"label": version.form.name, "url": version.form.get_absolute_url()}],
    }
    return pages.render(request, "ui/pages/confirm.html", context)


# ---- the builder ------------------------------------------------------------------------------------


def _digest(layout: Layout) -> str:
    return hashlib.sha256(json.dumps(layout, sort_keys=True).encode()).hexdigest()[:16]


def _undo_key(version: FormVersion) -> str:
    return f"reports.layouts.{version.pk}"


def _undoable(request: HttpRequest, version: FormVersion) -> list[Any]:
    """What was before, last first; nothing where somebody else has changed the layout since."""
    steps: list[Any] = request.session.get(_undo_key(version), [])
    return steps if steps and steps[-1][1] == _digest(version.layout) else []


def _builder(
    request: UserRequest, version: FormVersion, *, opened: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    """The builder; `opened` is the key of the block that lies open, or "checks"."""
    layout = version.layout
    preview = _version_context(request, version)
    context: dict[str, Any] = {
        **preview,
        "sections": editing.sections_of(layout),
        "kinds": editing.BLOCKS,
        "kind_names": editing.BLOCK_NAMES,
        "opened": opened,
        "may_undo": bool(_undoable(request, version)),
        "section_form": blocks.SectionForm(prefix="new"),
        "checks_count": len(layout.get("checks") or ()),
    }
    if opened == "checks":
        context["check_set"] = blocks.check_set(layout.get("checks") or ())
    elif opened:
        block = next((one for one in editing.blocks_of(layout) if one["key"] == opened), None)
        if block is not None:
            context |= {
                "opened_block": block,
                "block_form": blocks.block_form(block),
                "row_sets": blocks.row_sets(block),
            }
    return pages.render(
        request, "reports/version_edit.html", context | more, fragment="reports/_builder.html", status=status
    )


@require_safe
def version_edit(request: UserRequest, key: int) -> HttpResponse:
    """Edit a draft: sections and blocks on one side, the sheet as it will look on the other."""
    version = selectors.version_by_key(request.user, key)
    access.require_arranging_of(request.user, version.form)
    if version.state != "draft":
        return redirect("reports:version-detail", key=version.pk)
    return _builder(request, version, opened=request.GET.get("open", ""))


def _kept(request: UserRequest, version: FormVersion, layout: Layout, *, opened: str = "") -> HttpResponse:
    """The changed layout, kept; and the builder again."""
    before = version.layout
    if layout != before:
        steps = _undoable(request, version)
        services.edit_layout(by=request.user, version=version, layout=layout)
        version.refresh_from_db()
        request.session[_undo_key(version)] = [*steps, [before, _digest(version.layout)]][-MOST_UNDONE:]
    return _again(request, version, opened)


def _again(request: UserRequest, version: FormVersion, opened: str) -> HttpResponse:
    if pages.wants_fragment(request):
        return _builder(request, version, opened=opened)
    anchor = f"?open={opened}#open" if opened else ""
    return redirect(f"{reverse('reports:version-edit', args=[version.pk])}{anchor}")


@require_POST
def version_change(request: UserRequest, key: int) -> HttpResponse:
    """One deed of the builder, named by the button that was pressed: "block-up:ttc", "save-block:ttc"."""
    version = selectors.version_by_key(request.user, key)
    access.require_arranging_of(request.user, version.form)
    deed, _colon, what = request.POST.get("deed", "").partition(":")
    if deed == "save-checks":
        return _save_checks(request, version)
    if deed in {"save-block", "row-up", "row-down"}:
        return _save_block(request, version, deed, what)
    if deed == "add-section":
        return _add_section(request, version)
    if deed == "add-block":
        kind = request.POST.get(f"kind-{what}", "")
        if kind not in editing.BLOCK_NAMES:
            raise Missing("Không có loại phần này.")
        layout, made = editing.add_block(version.layout, what, kind, request.POST.get(f"label-{what}", "").strip())
        return _kept(request, version, layout, opened=made)
    if deed == "rename-section":
        heading = request.POST.get(f"heading-{what}", "").strip()[:250]
        return _kept(request, version, editing.rename_section(version.layout, what, heading or "…"))
    if deed not in _SIMPLE:
        raise Missing("Không có thao tác này.")
    return _kept(request, version, _SIMPLE[deed](version.layout, what))


_SIMPLE: Mapping[str, Callable[[Layout, str], Layout]] = {
    "section-up": lambda layout, key: editing.move_section(layout, key, -1),
    "section-down": lambda layout, key: editing.move_section(layout, key, 1),
    "section-remove": editing.remove_section,
    "block-up": lambda layout, key: editing.move_block(layout, key, -1),
    "block-down": lambda layout, key: editing.move_block(layout, key, 1),
    "block-remove": editing.remove_block,
}


def _add_section(request: UserRequest, version: FormVersion) -> HttpResponse:
    form = blocks.SectionForm(request.POST, prefix="new")
    if not form.is_valid():
        return _builder(request, version, section_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    layout, _key = editing.add_section(version.layout, form.cleaned_data["heading"])
    return _kept(request, version, layout)


def _save_block(request: UserRequest, version: FormVersion, deed: str, what: str) -> HttpResponse:
    """The block that lies open, with one of its rows moved where that was asked; a wrong one comes back as typed."""
    name, _colon, row = what.partition(":")
    block = editing.block_of(version.layout, name)
    form, rows = blocks.block_form(block, request.POST), blocks.row_sets(block, request.POST)
    if not all([form.is_valid(), *(one.is_valid() for one in rows.values())]):
        context = {"opened_block": block, "block_form": form, "row_sets": rows, "has_faults": True}
        return _builder(request, version, opened=name, status=HTTPStatus.UNPROCESSABLE_ENTITY, **context)
    changed = blocks.read_block(block, form, rows)
    if deed != "save-block":
        listed, _colon, place = row.partition(":")
        if listed in rows and place.isdecimal():
            changed[listed] = blocks.moved(changed[listed], int(place), -1 if deed == "row-up" else 1)
    added = any(len(changed[one]) > len(block.get(one) or ()) for one in rows)
    closes = deed == "save-block" and request.POST.get("then") != "stay" and not added
    return _kept(request, version, editing.put_block(version.layout, changed), opened="" if closes else name)


def _save_checks(request: UserRequest, version: FormVersion) -> HttpResponse:
    rows = blocks.check_set(version.layout.get("checks") or (), request.POST)
    if not rows.is_valid():
        return _builder(request, version, opened="checks", check_set=rows, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _kept(request, version, editing.put_checks(version.layout, blocks.read_checks(rows)), opened="checks")


@require_POST
def version_undo(request: UserRequest, key: int) -> HttpResponse:
    """Take the last deed of the builder back."""
    version = selectors.version_by_key(request.user, key)
    access.require_arranging_of(request.user, version.form)
    steps = _undoable(request, version)
    if not steps:
        messages.info(request, _("Không còn bước nào để hoàn tác."))
        return _again(request, version, "")
    services.edit_layout(by=request.user, version=version, layout=steps[-1][0])
    request.session[_undo_key(version)] = steps[:-1]
    version.refresh_from_db()
    return _again(request, version, "")


urlpatterns = [
    path("reports/indicators/options/", indicator_options, name="indicator-options"),
    path("reports/forms/", form_list, name="form-list"),
    path("reports/forms/new/", form_new, name="form-new"),
    path("reports/forms/<slug:code>/", form_detail, name="form-detail"),
    path("reports/forms/<slug:code>/follow/", version_follow, name="version-follow"),
    path("reports/versions/<int:key>/", version_detail, name="version-detail"),
    path("reports/versions/<int:key>/edit/", version_edit, name="version-edit"),
    path("reports/versions/<int:key>/change/", version_change, name="version-change"),
    path("reports/versions/<int:key>/undo/", version_undo, name="version-undo"),
    path("reports/versions/<int:key>/force/", version_force, name="version-force"),
    path("reports/versions/<int:key>/retire/", version_retire, name="version-retire"),
]

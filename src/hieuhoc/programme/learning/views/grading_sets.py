"""Pages of sets of criteria: which there are, one with its criteria and limits, writing and putting in force."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.programme.learning.forms.grading import InForceForm, RetireForm, SetForm
from hieuhoc.programme.learning.models import GradingSet
from hieuhoc.programme.learning.rules import grading, kinds
from hieuhoc.programme.learning.selectors import grading as selectors
from hieuhoc.programme.learning.services import grading_sets as services
from hieuhoc.programme.learning.views.asking import ANYWHERE, form_page
from hieuhoc.programme.learning.views.grading_shown import set_badge
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.selectors import told


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("Xếp loại"), "url": reverse("learning:grading-list")},
        {"label": _("Bộ tiêu chí"), "url": reverse("learning:grading-sets")},
        *more,
    ]


def _crumb(row: GradingSet) -> dict[str, str]:
    return {"label": str(row), "url": reverse("learning:grading-set", args=[row.code, row.number])}


@require_safe
def set_list(request: UserRequest) -> HttpResponse:
    """Every set of criteria and its versions."""
    access.require_somewhere(request.user, Permission.LEARNING_READ)
    context = {
        "title": _("Bộ tiêu chí xếp loại"),
        "crumbs": [*_crumbs()[:1], {"label": _("Bộ tiêu chí")}],
        "rows": [(row, in_words(kinds.PROVIDERS[row.provider_kind]), set_badge(row)) for row in selectors.sets()],
        "may_edit": access.may_in_a_province(request.user, Permission.CATALOGUE_EDIT),
    }
    return pages.render(request, "learning/grading/sets.html", context)


@require_safe
def set_detail(request: UserRequest, code: str, number: int) -> HttpResponse:
    """One set: its groups, criteria, limits and questions."""
    access.require_somewhere(request.user, Permission.LEARNING_READ)
    row = selectors.set_by_number(code, number)
    content = grading.read(row.content)
    may_edit = access.may_in_a_province(request.user, Permission.CATALOGUE_EDIT)
    context = {
        "title": str(row),
        "crumbs": _crumbs({"label": str(row)}),
        "row": row,
        "kind": in_words(kinds.PROVIDERS[row.provider_kind]),
        "badge": set_badge(row),
        "content": content,
        "questions": [(one.name, in_words(grading.QUESTION_KINDS[one.kind])) for one in content.questions],
        "may_edit": may_edit,
        "may_change": may_edit and row.state == "draft" and not row.assessments.exists(),
        "history": [asdict(line) for line in told(trail.history(row)[:20])],
    }
    return pages.render(request, "learning/grading/set.html", context)


def _set_form(request: UserRequest, row: GradingSet | None) -> SetForm:
    content = row.content if row else {}
    initial = {
        "groups": grading.groups_text(content),
        "grades": grading.grades_text(content),
        "questions": grading.questions_text(content),
        "valid_from": row.valid_from if row else clock.today(),
    }
    if row is not None:
        initial |= {
            "code": row.code,
            "provider_kind": row.provider_kind,
            "name": row.name,
            "source": row.source,
            "edition": row.edition,
        }
    form = SetForm(request.POST or None, initial=initial)
    if row is not None:
        for name in ("code", "provider_kind"):
            form.fields[name].disabled = True
    return form


def _edit_set(request: UserRequest, row: GradingSet | None) -> HttpResponse:
    access.require_of_a_province(request.user, Permission.CATALOGUE_EDIT)
    form = _set_form(request, row)

    def save() -> object:
        asked = form.cleaned_data
        whole = grading.from_text(groups=asked["groups"], grades=asked["grades"], questions=asked["questions"])
        plain = {"name": asked["name"], "source": asked["source"], "valid_from": asked["valid_from"]}
        if row is not None:
            edition = asked["edition"] or 0
            return services.edit_set(by=request.user, row=row, edition=edition, content=whole, **plain)
        kind = asked["provider_kind"]
        return services.draft_set(by=request.user, code=asked["code"], provider_kind=kind, content=whole, **plain)

    before = [_crumb(row)] if row else []
    title = _("Sửa bộ tiêu chí") if row else _("Soạn bộ tiêu chí")
    return form_page(request, form, _crumbs(*before, {"label": title}), save)


@require_http_methods(ANYWHERE)
def set_new(request: UserRequest) -> HttpResponse:
    """Write a set of criteria."""
    return _edit_set(request, None)


@require_http_methods(ANYWHERE)
def set_edit(request: UserRequest, code: str, number: int) -> HttpResponse:
    """Change a draft."""
    return _edit_set(request, selectors.set_by_number(code, number))


@require_http_methods(["POST"])
def set_version(request: UserRequest, code: str, number: int) -> HttpResponse:
    """A new draft with the content of a set."""
    made = services.new_version(by=request.user, row=selectors.set_by_number(code, number))
    messages.success(request, _("Đã lập phiên bản %(number)s.") % {"number": made.number})
    return redirect("learning:grading-set", made.code, made.number)


@require_http_methods(ANYWHERE)
def set_in_force(request: UserRequest, code: str, number: int) -> HttpResponse:
    """Grade by this set from a day on."""
    access.require_of_a_province(request.user, Permission.CATALOGUE_EDIT)
    row = selectors.set_by_number(code, number)
    form = InForceForm(request.POST or None, initial={"valid_from": clock.today(), "source": row.source})
    return form_page(
        request,
        form,
        _crumbs(_crumb(row), {"label": _("Đưa vào dùng")}),
        lambda: services.put_in_force(by=request.user, row=row, **form.cleaned_data),
        lead=_("Từ ngày này, cơ sở cùng loại được xếp loại theo bộ này; bộ đang dùng thôi áp dụng từ cùng ngày."),
    )


@require_http_methods(ANYWHERE)
def set_retire(request: UserRequest, code: str, number: int) -> HttpResponse:
    """Grade by this set no more from a day on."""
    access.require_of_a_province(request.user, Permission.CATALOGUE_EDIT)
    row = selectors.set_by_number(code, number)
    form = RetireForm(request.POST or None, initial={"on": clock.today()})
    return form_page(
        request,
        form,
        _crumbs(_crumb(row), {"label": _("Thôi dùng")}),
        lambda: services.retire_set(by=request.user, row=row, on=form.cleaned_data["on"]),
        lead=_("Những năm đã chấm theo bộ này vẫn giữ nguyên kết quả."),
    )


_SET = "learning/grading/sets/<slug:code>/<int:number>/"
urlpatterns = [
    path("learning/grading/sets/", set_list, name="grading-sets"),
    path("learning/grading/sets/new/", set_new, name="grading-set-new"),
    path(_SET, set_detail, name="grading-set"),
    path(f"{_SET}edit/", set_edit, name="grading-set-edit"),
    path(f"{_SET}version/", set_version, name="grading-set-version"),
    path(f"{_SET}in-force/", set_in_force, name="grading-set-in-force"),
    path(f"{_SET}retire/", set_retire, name="grading-set-retire"),
]

"""Pages of grading: who has which grade, the assessment of a centre's year, and the sets of criteria."""

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
from hieuhoc.programme.learning.documents import grading as documents
from hieuhoc.programme.learning.forms.grading import InForceForm, PointsForm, RetireForm, SetForm
from hieuhoc.programme.learning.forms.year_plans import WhyForm
from hieuhoc.programme.learning.models import Assessment, GradingSet, Provider
from hieuhoc.programme.learning.rules import grading, planning
from hieuhoc.programme.learning.selectors import grading as selectors
from hieuhoc.programme.learning.selectors import year_plans
from hieuhoc.programme.learning.services import grading as services
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.selectors import told
from hieuhoc.registers.places import selectors as places

_ANYWHERE = ("GET", "HEAD", "POST")
BADGES = {"draft": "neutral", "submitted": "wait", "returned": "late", "verified": "done"}
SET_BADGES = {"draft": "wait", "in_force": "done", "retired": "neutral"}


def _badge(assessment: Assessment | None) -> dict[str, str]:
    if assessment is None:
        return {"state": "neutral", "label": _("Chưa tự chấm")}
    return {"state": BADGES[assessment.state], "label": in_words(states.ASSESSMENT.states[assessment.state])}


def _set_badge(row: GradingSet) -> dict[str, str]:
    return {"state": SET_BADGES[row.state], "label": in_words(states.GRADING.states[row.state])}


def _year_asked(request: UserRequest) -> int:
    asked, now = request.GET.get("year", ""), clock.today().year
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else now
    return year if planning.FIRST_YEAR <= year <= planning.LAST_YEAR else now


def _found(request: UserRequest, year: int) -> Any:
    asked = request.GET
    return selectors.find_centres(
        request.user,
        year=year,
        text=asked.get("q", ""),
        state=asked.get("state", ""),
        unit=places.unit_or_none(asked.get("unit", "")),
    )


@require_safe
def grading_list(request: UserRequest) -> HttpResponse:
    """Every centre in scope: how its assessment of a year stands, its grade, and that of the year before."""
    access.require_somewhere(request.user, Permission.LEARNING_READ)
    year, asked, now = _year_asked(request), request.GET, clock.today().year
    named = [
        ("", _("Mọi tình trạng")),
        (selectors.NONE_YET, _("Chưa tự chấm")),
        *capital_choices(states.ASSESSMENT.choices()),
    ]
    selects = [
        select("year", _("Năm"), [(str(one), str(one)) for one in range(now, now - 8, -1)], str(year)),
        select("state", _("Tình trạng"), named, asked.get("state", "")),
    ]
    page = pages.page_of(request, _found(request, year), per_page=50)
    rows = selectors.rows_of(list(page.object_list), year=year)
    context = {
        "title": _("Xếp loại trung tâm"),
        "crumbs": [{"label": _("Học tập"), "url": reverse("learning:desk")}, {"label": _("Xếp loại")}],
        "page": page,
        "rows": [(row, _badge(row.assessment)) for row in rows],
        "year": year,
        "q": asked.get("q", ""),
        "unit": places.unit_or_none(asked.get("unit", "")),
        "selects": selects,
        "chips": chips(request, selects[1:]),
    }
    return pages.render(request, "learning/grading/list.html", context, fragment="learning/grading/_rows.html")


@require_safe
def grading_file(request: UserRequest) -> HttpResponse:
    """The list as a workbook."""
    access.require_somewhere(request.user, Permission.LEARNING_READ)
    year = _year_asked(request)
    rows = selectors.rows_of(list(_found(request, year)), year=year)
    return pages.download(documents.grading_workbook(rows, year=year), f"Xếp loại {year}.xlsx", documents.XLSX)


# ---- one assessment ----------------------------------------------------------------------------------


def _crumbs(centre: Provider, year: int, *more: str) -> list[dict[str, str]]:
    whole = {"label": f"{centre.name}, {year}", "url": reverse("learning:assessment", args=[centre.key, year])}
    trailing = [{"label": label} for label in more]
    return [{"label": _("Xếp loại"), "url": reverse("learning:grading-list")}, whole, *trailing]


@require_safe
def assessment(request: UserRequest, key: str, year: int) -> HttpResponse:
    """A centre's year: its own points, those of the level above beside them, the grade, what may be done now."""
    centre = year_plans.centre_seen(request.user, key)
    planning.check_year(year)
    row = selectors.assessment_of(centre, year)
    may_assess = access.may(request.user, Permission.GRADE_ASSESS, at=centre.unit)
    context: dict[str, Any] = {
        "title": _("Xếp loại năm %(year)s") % {"year": year},
        "crumbs": [*_crumbs(centre, year)[:-1], {"label": f"{centre.name}, {year}"}],
        "centre": centre,
        "year": year,
        "row": row,
        "badge": _badge(row),
        "grade": selectors.grade_name(row),
        "may_begin": row is None and may_assess and year <= clock.today().year,
        "may_edit": row is not None and may_assess and row.state in services.OPEN,
        "deeds": _deeds(request, row, centre),
        "trend": selectors.trend_of(centre, year),
        "years": (year - 1, year + 1),
        "history": [asdict(line) for line in told(trail.history(row)[:20])] if row else [],
    }
    if row is not None:
        context |= _points(row)
    return pages.render(request, "learning/grading/assessment.html", context)


def _points(row: Assessment) -> dict[str, Any]:
    content = grading.read(row.grading.content)
    groups = [
        (group, [(one, row.own.get(one.key, {}), row.verified.get(one.key, {})) for one in group.criteria])
        for group in content.groups
    ]
    return {
        "groups": groups,
        "most": content.most,
        "own_total": grading.total(row.own),
        "has_verified": bool(row.verified),
        "is_draft_set": row.grading.state == "draft",
        "answers": [fact(one.name, row.answers[one.key]) for one in content.questions if one.key in row.answers],
    }


def _deeds(request: UserRequest, row: Assessment | None, centre: Provider) -> list[tuple[str, str, str]]:
    """The deeds that this user may do now: word of the address, label, variant of the button."""
    if row is None:
        return []
    own = access.may(request.user, Permission.GRADE_ASSESS, at=centre.unit)
    above = access.may(request.user, Permission.GRADE_VERIFY, at=centre.unit)
    labels = _labels()
    named = {
        "submit": ("go", own),
        "withdraw": ("quiet", own),
        "verify": ("go", above and row.submitted_by_id != request.user.pk),
        "return": ("plain", above),
        "reopen": ("quiet", above),
    }
    possible = states.ASSESSMENT.possible(row.state)
    return [(deed, labels[deed], variant) for deed, (variant, may) in named.items() if may and deed in possible]


def _labels() -> dict[str, str]:
    return {
        "submit": _("Gửi lên cấp trên"),
        "withdraw": _("Rút về"),
        "verify": _("Thẩm định, xếp loại"),
        "return": _("Trả lại"),
        "reopen": _("Mở lại thẩm định"),
    }


def _begun(request: UserRequest, key: str, year: int) -> Assessment:
    centre = year_plans.centre_seen(request.user, key)
    row = selectors.assessment_of(centre, year)
    if row is None:
        raise Missing("Trung tâm chưa tự chấm năm này.")
    return row


@require_http_methods(["POST"])
def assessment_begin(request: UserRequest, key: str, year: int) -> HttpResponse:
    """Begin the assessment of a year."""
    centre = year_plans.centre_seen(request.user, key)
    services.begin_assessment(by=request.user, provider=centre, year=year)
    return redirect("learning:assessment-edit", key, year)


@require_http_methods(_ANYWHERE)
def assessment_edit(request: UserRequest, key: str, year: int) -> HttpResponse:
    """The centre's own points and notes, and its answers to the survey."""
    row = _begun(request, key, year)
    access.require(request.user, Permission.GRADE_ASSESS, at=row.provider.unit)
    form = PointsForm(
        request.POST or None,
        content=grading.read(row.grading.content),
        told=row.own,
        answers=row.answers,
        initial={"edition": row.edition},
    )

    def save() -> object:
        edition = form.cleaned_data["edition"] or 0
        return services.assess(
            by=request.user, assessment=row, edition=edition, own=form.points(), answers=form.answers()
        )

    return _points_page(request, row, form, title=_("Tự chấm điểm"), label=_("Lưu"), save=save)


@require_http_methods(_ANYWHERE)
def assessment_verify(request: UserRequest, key: str, year: int) -> HttpResponse:
    """The points of the level above, which give the grade; they begin as the centre's own."""
    row = _begun(request, key, year)
    access.require(request.user, Permission.GRADE_VERIFY, at=row.provider.unit)
    states.ASSESSMENT.after("verify", state=row.state)
    content = grading.read(row.grading.content)
    begun = row.verified or {one: {"points": kept.get("points")} for one, kept in row.own.items()}
    form = PointsForm(request.POST or None, content=content, told=begun)

    def save() -> object:
        return services.move_assessment(by=request.user, assessment=row, deed="verify", verified=form.points())

    title = _("Thẩm định, xếp loại")
    return _points_page(request, row, form, title=title, label=_("Xếp loại"), save=save)


def _points_page(
    request: UserRequest,
    row: Assessment,
    form: PointsForm,
    *,
    title: str,
    label: str,
    save: Callable[[], object],
) -> HttpResponse:
    back = reverse("learning:assessment", args=[row.provider.key, row.year])
    if request.method == "POST" and form.is_valid() and _saved(request, form, save):
        return redirect(back)
    context = {
        "title": title,
        "form": form,
        "own": row.own,
        "verifies": not form.asks,
        "is_draft_set": row.grading.state == "draft",
        "submit_label": label,
        "cancel_url": back,
        "crumbs": _crumbs(row.provider, row.year, title),
        "centre": row.provider,
    }
    return pages.render(request, "learning/grading/points.html", context, status=_status(form))


def _saved(request: UserRequest, form: django_forms.Form, save: Callable[[], object]) -> bool:
    try:
        save()
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, say(error))
        return False
    messages.success(request, _("Đã lưu."))
    return True


def _status(form: django_forms.Form | None) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK


@require_http_methods(_ANYWHERE)
def assessment_move(request: UserRequest, key: str, year: int, deed: str) -> HttpResponse:
    """Submit, withdraw, return or reopen; asked first, with a reason where one is needed."""
    row = _begun(request, key, year)
    if deed == "verify":
        return redirect("learning:assessment-verify", key, year)
    if deed not in states.ASSESSMENT.moves:
        raise Missing("Không tìm thấy trang này.")
    needed = Permission.GRADE_ASSESS if deed in ("submit", "withdraw") else Permission.GRADE_VERIFY
    access.require(request.user, needed, at=row.provider.unit)
    states.ASSESSMENT.after(deed, state=row.state, why="?")
    form = WhyForm(request.POST or None) if states.ASSESSMENT.moves[deed].reason else None
    back = reverse("learning:assessment", args=[key, year])
    if request.method == "POST" and (form is None or form.is_valid()):
        why = form.cleaned_data["why"] if form else ""
        try:
            services.move_assessment(by=request.user, assessment=row, deed=deed, why=why)
        except Invalid as error:
            messages.error(request, say(error))
        else:
            messages.success(request, _("Đã ghi nhận."))
        return redirect(back)
    label = _labels()[deed]
    context = {
        "title": label,
        "question": _("%(deed)s: phiếu xếp loại năm %(year)s của %(centre)s?")
        % {"deed": label, "year": year, "centre": row.provider.name},
        "submit_label": label,
        "cancel_url": back,
        "form": form,
        "crumbs": _crumbs(row.provider, year, label),
    }
    return pages.render(request, "ui/pages/confirm.html", context, status=_status(form))


# ---- sets of criteria --------------------------------------------------------------------------------


def _set_crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("Xếp loại"), "url": reverse("learning:grading-list")},
        {"label": _("Bộ tiêu chí"), "url": reverse("learning:grading-sets")},
        *more,
    ]


def _set_crumb(row: GradingSet) -> dict[str, str]:
    return {"label": str(row), "url": reverse("learning:grading-set", args=[row.code, row.number])}


@require_safe
def set_list(request: UserRequest) -> HttpResponse:
    """Every set of criteria and its versions."""
    access.require_somewhere(request.user, Permission.LEARNING_READ)
    context = {
        "title": _("Bộ tiêu chí xếp loại"),
        "crumbs": [*_set_crumbs()[:1], {"label": _("Bộ tiêu chí")}],
        "rows": [(row, _set_badge(row)) for row in selectors.sets()],
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
        "crumbs": _set_crumbs({"label": str(row)}),
        "row": row,
        "badge": _set_badge(row),
        "content": content,
        "questions": [(one.name, in_words(grading.QUESTION_KINDS[one.kind])) for one in content.questions],
        "may_edit": may_edit,
        "may_change": may_edit and row.state == "draft" and not row.assessments.exists(),
        "history": [asdict(line) for line in told(trail.history(row)[:20])],
    }
    return pages.render(request, "learning/grading/set.html", context)


def _edit_set(request: UserRequest, row: GradingSet | None) -> HttpResponse:
    access.require_of_a_province(request.user, Permission.CATALOGUE_EDIT)
    content = row.content if row else {}
    initial = {
        "groups": grading.groups_text(content),
        "grades": grading.grades_text(content),
        "questions": grading.questions_text(content),
        "valid_from": row.valid_from if row else clock.today(),
    }
    if row is not None:
        initial |= {"code": row.code, "name": row.name, "source": row.source}
    form = SetForm(request.POST or None, initial=initial)
    if row is not None:
        form.fields["code"].disabled = True
        form.fields["edition"] = django_forms.IntegerField(widget=django_forms.HiddenInput, initial=row.edition)

    def save() -> object:
        asked = form.cleaned_data
        whole = grading.from_text(groups=asked["groups"], grades=asked["grades"], questions=asked["questions"])
        plain = {"name": asked["name"], "source": asked["source"], "valid_from": asked["valid_from"]}
        if row is None:
            return services.draft_set(by=request.user, code=asked["code"], content=whole, **plain)
        return services.edit_set(by=request.user, row=row, edition=asked["edition"], content=whole, **plain)

    title = _("Sửa bộ tiêu chí") if row else _("Soạn bộ tiêu chí")
    before = [_set_crumb(row)] if row else []
    return _set_form(request, form, title, _set_crumbs(*before, {"label": title}), save)


def _set_form(
    request: UserRequest,
    form: django_forms.Form,
    title: str,
    crumbs: list[dict[str, str]],
    save: Callable[[], object],
) -> HttpResponse:
    back = crumbs[-2]["url"]
    if request.method == "POST" and form.is_valid() and _saved(request, form, save):
        return redirect(back)
    context = {
        "title": title,
        "form": form,
        "submit_label": _("Lưu"),
        "cancel_url": back,
        "crumbs": crumbs,
    }
    return pages.render(request, "ui/pages/form.html", context, status=_status(form))


@require_http_methods(_ANYWHERE)
def set_new(request: UserRequest) -> HttpResponse:
    """Write a set of criteria."""
    return _edit_set(request, None)


@require_http_methods(_ANYWHERE)
def set_edit(request: UserRequest, code: str, number: int) -> HttpResponse:
    """Change a draft."""
    return _edit_set(request, selectors.set_by_number(code, number))


@require_http_methods(["POST"])
def set_version(request: UserRequest, code: str, number: int) -> HttpResponse:
    """A new draft with the content of a set."""
    made = services.new_version(by=request.user, row=selectors.set_by_number(code, number))
    messages.success(request, _("Đã lập phiên bản %(number)s.") % {"number": made.number})
    return redirect("learning:grading-set", made.code, made.number)


@require_http_methods(_ANYWHERE)
def set_in_force(request: UserRequest, code: str, number: int) -> HttpResponse:
    """Grade by this set from a day on."""
    access.require_of_a_province(request.user, Permission.CATALOGUE_EDIT)
    row = selectors.set_by_number(code, number)
    form = InForceForm(request.POST or None, initial={"valid_from": clock.today()})
    title = _("Đưa vào dùng")
    return _set_form(
        request,
        form,
        title,
        _set_crumbs(_set_crumb(row), {"label": title}),
        lambda: services.put_in_force(by=request.user, row=row, **form.cleaned_data),
    )


@require_http_methods(_ANYWHERE)
def set_retire(request: UserRequest, code: str, number: int) -> HttpResponse:
    """Grade by this set no more from a day on."""
    access.require_of_a_province(request.user, Permission.CATALOGUE_EDIT)
    row = selectors.set_by_number(code, number)
    form = RetireForm(request.POST or None, initial={"on": clock.today()})
    title = _("Thôi dùng")
    return _set_form(
        request,
        form,
        title,
        _set_crumbs(_set_crumb(row), {"label": title}),
        lambda: services.retire_set(by=request.user, row=row, on=form.cleaned_data["on"]),
    )


_ONE = "learning/grading/<slug:key>/<int:year>/"
_SET = "learning/grading/sets/<slug:code>/<int:number>/"
urlpatterns = [
    path("learning/grading/", grading_list, name="grading-list"),
    path("learning/grading/file/", grading_file, name="grading-file"),
    path("learning/grading/sets/", set_list, name="grading-sets"),
    path("learning/grading/sets/new/", set_new, name="grading-set-new"),
    path(_SET, set_detail, name="grading-set"),
    path(f"{_SET}edit/", set_edit, name="grading-set-edit"),
    path(f"{_SET}version/", set_version, name="grading-set-version"),
    path(f"{_SET}in-force/", set_in_force, name="grading-set-in-force"),
    path(f"{_SET}retire/", set_retire, name="grading-set-retire"),
    path(_ONE, assessment, name="assessment"),
    path(f"{_ONE}begin/", assessment_begin, name="assessment-begin"),
    path(f"{_ONE}edit/", assessment_edit, name="assessment-edit"),
    path(f"{_ONE}verify/", assessment_verify, name="assessment-verify"),
    path(f"{_ONE}move/<slug:deed>/", assessment_move, name="assessment-move"),
]

"""Pages of one assessment: a body's year with its points, begun, written, submitted, verified by the level above."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
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
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.programme.learning import access, states
from hieuhoc.programme.learning.forms.grading import PointsForm
from hieuhoc.programme.learning.forms.year_plans import WhyForm
from hieuhoc.programme.learning.models import Assessment, Provider
from hieuhoc.programme.learning.rules import grading, planning
from hieuhoc.programme.learning.selectors import grading as selectors
from hieuhoc.programme.learning.services import grading as services
from hieuhoc.programme.learning.views.asking import ANYWHERE, saved, status_of
from hieuhoc.programme.learning.views.grading_shown import badge, crumbs_of, deed_labels
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.selectors import told

YEARS_SHOWN = 4


@require_safe
def assessment(request: UserRequest, key: str, year: int) -> HttpResponse:
    """A body's year: its own points, those of the level above beside them, the grade, what may be done now."""
    body = selectors.body_seen(request.user, key)
    planning.check_year(year)
    row, now = selectors.assessment_of(body, year), clock.today().year
    has_set = row is not None or selectors.set_for(body.kind, year) is not None
    may_assess = access.may_assess(request.user, body)
    context: dict[str, Any] = {
        "title": _("Xếp loại năm %(year)s") % {"year": year},
        "crumbs": [*crumbs_of(body, year)[:-1], {"label": f"{body.name}, {year}"}],
        "body": body,
        "year": year,
        "row": row,
        "badge": badge(row),
        "grade": selectors.grade_name(row),
        "total": grading.plain(row.total) if row and row.total is not None else None,
        "has_set": has_set,
        "may_begin": row is None and has_set and may_assess and year <= now,
        "may_edit": row is not None and may_assess and row.state in services.OPEN,
        "deeds": _deeds(request, row, body),
        "trend": selectors.trend_of(body, year),
        "years": [one for one in range(now, now - YEARS_SHOWN, -1) if one != year],
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
        "own_total": grading.plain(grading.total(row.own)),
        "has_verified": bool(row.verified),
        "is_draft_set": row.grading.state == "draft",
        "answers": [fact(one.name, row.answers[one.key]) for one in content.questions if one.key in row.answers],
    }


def _deeds(request: UserRequest, row: Assessment | None, body: Provider) -> list[tuple[str, str, str]]:
    """The deeds that this user may do now: word of the address, label, variant of the button."""
    if row is None:
        return []
    own, above = access.may_assess(request.user, body), access.may_verify(request.user, body)
    labels = deed_labels()
    named = {
        "submit": ("go", own),
        "withdraw": ("quiet", own),
        "verify": ("go", above and row.submitted_by_id != request.user.pk),
        "return": ("plain", above),
        "reopen": ("quiet", above),
    }
    possible = states.ASSESSMENT.possible(row.state)
    return [(deed, labels[deed], variant) for deed, (variant, may) in named.items() if may and deed in possible]


def _begun(request: UserRequest, key: str, year: int) -> Assessment:
    body = selectors.body_seen(request.user, key)
    row = selectors.assessment_of(body, year)
    if row is None:
        raise Missing("Cơ sở chưa tự chấm năm này.")
    return row


@require_http_methods(["POST"])
def assessment_begin(request: UserRequest, key: str, year: int) -> HttpResponse:
    """Begin the assessment of a year."""
    body = selectors.body_seen(request.user, key)
    services.begin_assessment(by=request.user, provider=body, year=year)
    return redirect("learning:assessment-edit", key, year)


@require_http_methods(ANYWHERE)
def assessment_edit(request: UserRequest, key: str, year: int) -> HttpResponse:
    """The body's own points and notes, and its answers to the survey."""
    row = _begun(request, key, year)
    access.require_assessing(request.user, row.provider)
    states.ASSESSMENT.after("submit", state=row.state)
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


@require_http_methods(ANYWHERE)
def assessment_verify(request: UserRequest, key: str, year: int) -> HttpResponse:
    """The points of the level above, which give the grade; they begin as the body's own."""
    row = _begun(request, key, year)
    access.require_verifying(request.user, row.provider)
    states.ASSESSMENT.after("verify", state=row.state)
    content = grading.read(row.grading.content)
    begun = row.verified or {one: {"points": kept.get("points")} for one, kept in row.own.items()}
    form = PointsForm(request.POST or None, content=content, told=begun, initial={"edition": row.edition})

    def save() -> object:
        edition, points = form.cleaned_data["edition"], form.points()
        return services.move_assessment(
            by=request.user, assessment=row, deed="verify", verified=points, edition=edition
        )

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
    if request.method == "POST" and form.is_valid() and saved(request, form, save):
        return redirect(back)
    context = {
        "title": title,
        "form": form,
        "groups": [
            (group, [(*line, row.own.get(line[0].key, {})) for line in lines]) for group, lines in form.by_group()
        ],
        "verifies": not form.asks,
        "is_draft_set": row.grading.state == "draft",
        "submit_label": label,
        "cancel_url": back,
        "crumbs": crumbs_of(row.provider, row.year, title),
        "body": row.provider,
    }
    return pages.render(request, "learning/grading/points.html", context, status=status_of(form))


@require_http_methods(ANYWHERE)
def assessment_move(request: UserRequest, key: str, year: int, deed: str) -> HttpResponse:
    """Submit, withdraw, return or reopen; asked first, with a reason where one is needed."""
    row = _begun(request, key, year)
    if deed == "verify":
        return redirect("learning:assessment-verify", key, year)
    if deed not in states.ASSESSMENT.moves:
        raise Missing("Không tìm thấy trang này.")
    require = access.require_assessing if deed in services.OWN else access.require_verifying
    require(request.user, row.provider)
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
    label = deed_labels()[deed]
    context = {
        "title": label,
        "question": _("%(deed)s: phiếu xếp loại năm %(year)s của %(centre)s?")
        % {"deed": label, "year": year, "centre": row.provider.name},
        "submit_label": label,
        "cancel_url": back,
        "form": form,
        "crumbs": crumbs_of(row.provider, year, label),
    }
    return pages.render(request, "ui/pages/confirm.html", context, status=status_of(form))


_ONE = "learning/grading/<slug:key>/<int:year>/"
urlpatterns = [
    path(_ONE, assessment, name="assessment"),
    path(f"{_ONE}begin/", assessment_begin, name="assessment-begin"),
    path(f"{_ONE}edit/", assessment_edit, name="assessment-edit"),
    path(f"{_ONE}verify/", assessment_verify, name="assessment-verify"),
    path(f"{_ONE}move/<slug:deed>/", assessment_move, name="assessment-move"),
]

"""The list of who was graded how in a year, by kind of body, and the same as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import chips, select
from hieuhoc.foundation.ui.wording import capital_choices, in_words
from hieuhoc.programme.learning import states
from hieuhoc.programme.learning.documents import grading as documents
from hieuhoc.programme.learning.rules import grading, kinds
from hieuhoc.programme.learning.selectors import grading as selectors
from hieuhoc.programme.learning.views.asking import unit_asked, unit_select, year_asked, year_select
from hieuhoc.programme.learning.views.grading_shown import badge, kind_options
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hieuhoc.programme.learning.models import Provider


def _kind(request: UserRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in kinds.PROVIDERS else selectors.CENTRE


def _found(request: UserRequest) -> QuerySet[Provider]:
    asked = request.GET
    return selectors.find_bodies(
        request.user,
        year=year_asked(request),
        kind=_kind(request),
        text=asked.get("q", ""),
        state=asked.get("state", ""),
        grade=asked.get("grade", ""),
        unit=unit_asked(request),
        sort=asked.get("sort", ""),
    )


@require_safe
def grading_list(request: UserRequest) -> HttpResponse:
    """Every body of a kind in scope: how its assessment of a year stands, its grade, and that of the year before."""
    access.require_somewhere(request.user, Permission.LEARNING_READ)
    year, kind, found, selects = year_asked(request), _kind(request), _found(request), _selects(request)
    page = pages.page_of(request, found, per_page=50)
    context = {
        "title": _("Khảo sát, xếp loại"),
        "crumbs": [{"label": _("Học tập"), "url": reverse("learning:desk")}, {"label": _("Xếp loại")}],
        "page": page,
        "rows": [(row, badge(row.assessment)) for row in selectors.rows_of(list(page.object_list), year=year)],
        "standing": selectors.standing_of(found, year=year),
        "year": year,
        "kind": in_words(kinds.PROVIDERS[kind]),
        "has_set": selectors.set_for(kind, year) is not None,
        "q": request.GET.get("q", ""),
        "selects": selects,
        "chips": chips(request, selects[2:]),
        "may_edit": access.may_in_a_province(request.user, Permission.CATALOGUE_EDIT),
    }
    return pages.render(request, "learning/grading/list.html", context, fragment="learning/grading/_rows.html")


def _selects(request: UserRequest) -> list[dict[str, Any]]:
    asked = request.GET
    standings = [
        ("", _("Mọi tình trạng")),
        (selectors.NONE_YET, _("Chưa tự chấm")),
        *capital_choices(states.ASSESSMENT.choices()),
    ]
    grades = [("", _("Mọi mức")), *capital_choices(grading.GRADES.items())]
    return [
        year_select(year_asked(request), last=clock.today().year),
        select("kind", _("Loại cơ sở"), kind_options(), _kind(request)),
        *unit_select(request, Permission.LEARNING_READ),
        select("state", _("Tình trạng"), standings, asked.get("state", "")),
        select("grade", _("Xếp loại"), grades, asked.get("grade", "")),
    ]


@require_safe
def grading_file(request: UserRequest) -> HttpResponse:
    """The list as a workbook: each body, what they come to by unit, what was answered to the survey."""
    access.require_somewhere(request.user, Permission.LEARNING_READ)
    year, kind = year_asked(request), _kind(request)
    rows = selectors.rows_of(list(_found(request)), year=year)
    name = _("Xếp loại %(kind)s %(year)s.xlsx") % {"kind": in_words(kinds.PROVIDERS[kind]), "year": year}
    return pages.download(documents.grading_workbook(rows, kind=kind, year=year), name, documents.XLSX)


urlpatterns = [
    path("learning/grading/", grading_list, name="grading-list"),
    path("learning/grading/file/", grading_file, name="grading-file"),
]

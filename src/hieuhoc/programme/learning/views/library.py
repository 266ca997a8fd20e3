"""The library of learning materials for everybody, without signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import attachments
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import chips
from hieuhoc.kernel.errors import Missing
from hieuhoc.programme.learning.rules import materials as rules
from hieuhoc.programme.learning.selectors import materials as selectors
from hieuhoc.programme.learning.views import material_shown as shown

PER_PAGE = 20
SHOWN_USES = 10


@login_not_required
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """What can be learnt from, by words, field, form, language and whether it is free to use."""
    page = pages.page_of(request, selectors.find_materials(shown.wanted(request)), PER_PAGE)
    selects = shown.selects(request, full=False)
    context = {
        "title": _("Kho học liệu"),
        "page": page,
        "rows": [shown.row(one) for one in page.object_list],
        "q": request.GET.get("q", ""),
        "selects": selects,
        "chips": chips(request, selects),
    }
    return pages.render(request, "learning/library/list.html", context)


@login_not_required
@require_safe
def library_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One material for everybody: what it is, where it is, which classes used it."""
    material = selectors.public_material(pk)
    context = {
        "title": material.title,
        "material": material,
        "shown": shown.row(material),
        "facts": shown.facts(material, full=False),
        "uses": selectors.public_uses_of(material)[:SHOWN_USES],
    }
    return pages.render(request, "learning/library/detail.html", context)


@login_not_required
@require_safe
def library_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file of a material whose licence lets it be handed to anybody."""
    material = selectors.public_material(pk)
    if material.file is None or not rules.is_open(material.licence):
        raise Missing("Học liệu này không có tệp để tải.")
    return attachments.response(material.file)


urlpatterns = [
    path("materials/", library, name="library"),
    path("materials/<int:pk>/", library_detail, name="library-detail"),
    path("materials/<int:pk>/file/", library_file, name="library-file"),
]

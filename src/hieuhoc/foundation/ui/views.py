"""The gallery: every component in every variant on one page. What is not in the gallery does not exist."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hieuhoc.foundation.ui import pages, samples
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold


def _require_open() -> None:
    """The gallery is for those who build and those who are shown; a house at work does not have it.

    Raises: Missing elsewhere.
    """
    if not (settings.DEBUG or settings.DEMONSTRATION):
        raise Missing(_("Trang này chỉ có khi phát triển hoặc trình diễn."))


@login_not_required
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    _require_open()
    context = samples.gallery_values()
    context["page"] = pages.page_of(request, range(312))
    return pages.render(request, "ui/gallery.html", context)


@login_not_required
@require_GET
def gallery_options(request: HttpRequest) -> HttpResponse:
    _require_open()
    asked = fold(request.GET.get("q", ""))
    found = [(key, name, note) for key, name, note in samples.UNITS if asked in fold(name)]
    return pages.options(found)


@login_not_required
@require_GET
def gallery_public(request: HttpRequest) -> HttpResponse:
    _require_open()
    return pages.render(request, "ui/gallery/public.html", {"form": samples.SampleSignInForm()})


@login_not_required
@require_GET
def gallery_print(request: HttpRequest) -> HttpResponse:
    _require_open()
    return pages.render(request, "ui/gallery/print.html", samples.gallery_values())

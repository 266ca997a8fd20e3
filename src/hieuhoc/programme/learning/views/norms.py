"""Pages of the norms of support, and of which kind of area each commune is."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.programme.learning.forms.money import AreaForm, NormForm
from hieuhoc.programme.learning.selectors import norms as selectors
from hieuhoc.programme.learning.services import money as services
from hieuhoc.programme.learning.views.asking import ANYWHERE, form_page
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission


@require_safe
def norm_list(request: UserRequest) -> HttpResponse:
    """Norms by instrument and day, and of which kind of area each commune is."""
    access.require_somewhere(request.user, Permission.MONEY_READ)
    text, today = request.GET.get("q", ""), clock.today()
    page = pages.page_of(request, selectors.find_areas(request.user, text=text), per_page=50)
    context = {
        "title": _("Định mức hỗ trợ trung tâm"),
        "crumbs": [*_crumbs()[:1], {"label": _("Định mức")}],
        "norms": [(one, one.holds_on(today)) for one in selectors.norms()],
        "page": page,
        "areas": [(one, one.holds_on(today)) for one in page.object_list],
        "q": text,
        "may_edit": access.has(request.user, Permission.CATALOGUE_EDIT),
    }
    return pages.render(request, "learning/money/norms.html", context, fragment="learning/money/_areas.html")


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("Kinh phí"), "url": reverse("learning:money-list")},
        {"label": _("Định mức"), "url": reverse("learning:money-norms")},
    ]


@require_http_methods(ANYWHERE)
def norm_new(request: UserRequest) -> HttpResponse:
    """Set a norm."""
    access.require_somewhere(request.user, Permission.CATALOGUE_EDIT)
    form = NormForm(request.POST or None, initial={"valid_from": clock.today().replace(month=1, day=1)})

    def save() -> object:
        return services.set_norm(by=request.user, **form.cleaned_data)

    lead = _("Định mức trước đó của cùng khu vực thôi áp dụng từ ngày này.")
    return form_page(request, form, [*_crumbs(), {"label": _("Đặt định mức")}], save, lead=lead)


@require_http_methods(ANYWHERE)
def area_new(request: UserRequest) -> HttpResponse:
    """Say of which kind of area a commune is."""
    access.require_somewhere(request.user, Permission.CATALOGUE_EDIT)
    form = AreaForm(request.POST or None, initial={"valid_from": clock.today().replace(month=1, day=1)})

    def save() -> object:
        return services.set_area(by=request.user, **form.cleaned_data)

    return form_page(request, form, [*_crumbs(), {"label": _("Ghi khu vực của xã")}], save)


urlpatterns = [
    path("learning/money/norms/", norm_list, name="money-norms"),
    path("learning/money/norms/new/", norm_new, name="norm-new"),
    path("learning/money/areas/new/", area_new, name="area-new"),
]

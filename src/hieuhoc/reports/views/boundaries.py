"""The page on which an administrator imports the shapes of units."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places
from hieuhoc.reports.forms.boundaries import BoundariesForm
from hieuhoc.reports.selectors import dashboards as reading
from hieuhoc.reports.services.boundaries import import_boundaries
from hieuhoc.reports.views import dashboard_shown as shown


@require_http_methods(["GET", "HEAD", "POST"])
def boundaries(request: UserRequest, key: str) -> HttpResponse:
    """Import the shapes of a unit and of those beneath it."""
    unit = places.unit_by_key(key)
    access.require(request.user, Permission.UNIT_EDIT, at=unit)
    form = BoundariesForm(request.POST or None, request.FILES or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            done = import_boundaries(
                by=request.user,
                unit=unit,
                content=given["file"].read(),
                source=given["source"],
                on=given["valid_from"],
            )
        except Invalid as error:
            form.add_error(error.field or "file", say(error))
        else:
            messages.success(
                request,
                ngettext(
                    "Đã nhận ranh giới của %(count)s đơn vị.", "Đã nhận ranh giới của %(count)s đơn vị.", done.units
                )
                % {"count": done.units},
            )
            if done.left:
                told = ", ".join(done.left[:10])
                messages.warning(
                    request,
                    _("%(count)s đối tượng không khớp đơn vị nào: %(names)s.")
                    % {"count": len(done.left), "names": told},
                )
            return redirect(shown.page_of(unit.key))
    context = {
        "form": form,
        "unit": unit,
        "title": _("Nhập ranh giới"),
        "crumbs": shown.crumbs(request.user, unit, {"label": _("Nhập ranh giới")}),
        "submit_label": _("Nhập ranh giới"),
        "cancel_url": shown.page_of(unit.key),
        "known": reading.count_of_boundaries(unit, on=clock.today()),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "reports/dashboards/boundaries.html", context, status=status)


urlpatterns = [path("dashboard/<slug:key>/boundaries/", boundaries, name="dashboard-boundaries")]

"""What pages of money and grading ask alike: a year, a unit to narrow by, a form that leads back to the page before."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import select
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.programme.learning.rules import planning
from hieuhoc.programme.learning.selectors.beneath import units_beneath
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

ANYWHERE = ("GET", "HEAD", "POST")
YEARS_BACK = 8


def year_asked(request: UserRequest) -> int:
    """The year of `?year=`; this one where that makes no sense."""
    asked, now = request.GET.get("year", ""), clock.today().year
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else now
    return year if planning.FIRST_YEAR <= year <= planning.LAST_YEAR else now


def year_select(chosen: int, *, last: int) -> dict[str, Any]:
    """The years to choose from, the latest first; the chosen one whatever it is."""
    years = sorted({*range(last - YEARS_BACK, last + 1), chosen}, reverse=True)
    return select("year", _("Năm"), [(str(one), str(one)) for one in years], str(chosen))


def unit_asked(request: UserRequest) -> Unit | None:
    """The unit of `?unit=`."""
    return places.unit_or_none(request.GET.get("unit", ""))


def unit_select(request: UserRequest, permission: Permission) -> list[dict[str, Any]]:
    """The units to narrow by; no list for who reads at one place alone and asks for no other."""
    chosen = unit_asked(request)
    units = units_beneath(request.user, permission, on=clock.today())
    if chosen is not None and chosen.pk not in {one.pk for one in units}:
        units.append(chosen)
    options = [("", _("Tất cả")), *((one.key, one.name) for one in units)]
    return [select("unit", _("Đơn vị"), options, chosen.key if chosen else "")] if len(units) > 1 or chosen else []


def form_page(
    request: UserRequest,
    form: forms.Form,
    crumbs: list[dict[str, str]],
    save: Callable[[], object],
    *,
    lead: str = "",
) -> HttpResponse:
    """A form, named by its last crumb, that leads back to the page before it; what is invalid is said at its field."""
    back = crumbs[-2]["url"]
    if request.method == "POST" and form.is_valid() and saved(request, form, save):
        return redirect(back)
    context = {
        "title": crumbs[-1]["label"],
        "lead": lead,
        "form": form,
        "submit_label": _("Lưu"),
        "cancel_url": back,
        "crumbs": crumbs,
    }
    return pages.render(request, "ui/pages/form.html", context, status=status_of(form))


def saved(request: UserRequest, form: forms.Form, save: Callable[[], object]) -> bool:
    """Whether what was sent was kept; what is invalid is said at its field."""
    try:
        save()
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, say(error))
        return False
    messages.success(request, _("Đã lưu."))
    return True


def status_of(form: forms.Form | None) -> int:
    """The status of a page with a form."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK

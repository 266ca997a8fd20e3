"""Pages of the repositories from which materials are harvested, for whoever shares materials for the province."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Missing
from hieuhoc.programme.learning.forms.fields import attempt
from hieuhoc.programme.learning.forms.materials import RepositoryForm
from hieuhoc.programme.learning.models import Repository
from hieuhoc.programme.learning.selectors import materials as selectors
from hieuhoc.programme.learning.services import repositories as services
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission

FORM_METHODS = ["GET", "HEAD", "POST"]


def _crumbs(title: str = "") -> list[dict[str, str]]:
    home = {"label": _("Kho học liệu"), "url": reverse("learning:material-list")}
    here = {"label": _("Kho để lấy học liệu"), "url": reverse("learning:repository-list")}
    return [home, here, {"label": title}] if title else [home, {"label": here["label"]}]


@require_safe
def repository_list(request: UserRequest) -> HttpResponse:
    """The repositories: how many materials came from each, when, and what went wrong."""
    accounts.require_of_a_province(request.user, Permission.MATERIAL_SHARE)
    context = {
        "title": _("Kho để lấy học liệu"),
        "crumbs": _crumbs(),
        "repositories": selectors.repositories(),
        "own_address": request.build_absolute_uri(reverse("learning:oai")),
    }
    return pages.render(request, "learning/materials/repositories.html", context)


@require_http_methods(FORM_METHODS)
def repository_new(request: UserRequest) -> HttpResponse:
    """Add a repository."""
    return _edit(request, None)


@require_http_methods(FORM_METHODS)
def repository_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change a repository."""
    accounts.require_of_a_province(request.user, Permission.MATERIAL_SHARE)
    return _edit(request, selectors.repository_by_pk(pk))


def _edit(request: UserRequest, repository: Repository | None) -> HttpResponse:
    accounts.require_of_a_province(request.user, Permission.MATERIAL_SHARE)
    names = ("name", "address", "part")
    initial = {name: getattr(repository, name) for name in names} if repository else {}
    form = RepositoryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        saved = attempt(
            form,
            lambda: (
                services.edit_repository(by=request.user, repository=repository, **given)
                if repository
                else services.add_repository(by=request.user, **given)
            ),
        )
        if saved is not None:
            messages.success(request, _("Đã lưu kho. Học liệu được lấy mỗi ngày một lần."))
            return redirect("learning:repository-list")
    title = _("Sửa kho") if repository else _("Thêm kho")
    context = {
        "title": title,
        "form": form,
        "submit_label": _("Lưu"),
        "cancel_url": reverse("learning:repository-list"),
        "crumbs": _crumbs(title),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/form.html", context, status=status)


@require_POST
def repository_move(request: UserRequest, pk: int, deed: str) -> HttpResponse:
    """Stop harvesting, start again, or harvest now as a job."""
    accounts.require_of_a_province(request.user, Permission.MATERIAL_SHARE)
    repository = selectors.repository_by_pk(pk)
    if deed == "harvest":
        return redirect(services.ask_harvest(by=request.user, repository=repository))
    if deed not in ("stop", "start"):
        raise Missing("Không tìm thấy trang này.")
    services.set_active(by=request.user, repository=repository, is_active=deed == "start")
    messages.success(request, _("Đã ghi nhận."))
    return redirect("learning:repository-list")


urlpatterns = [
    path("learning/materials/repositories/", repository_list, name="repository-list"),
    path("learning/materials/repositories/new/", repository_new, name="repository-new"),
    path("learning/materials/repositories/<int:pk>/edit/", repository_edit, name="repository-edit"),
    path("learning/materials/repositories/<int:pk>/<slug:deed>/", repository_move, name="repository-move"),
]

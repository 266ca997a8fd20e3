"""The pages of people who learn: the list, one person (noted in the trail), mending, joining, forgetting."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hieuhoc.foundation.records import trail
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Conflict, Missing
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts import selectors as accounts
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.forms import attempt
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.people import rules, selectors, services
from hieuhoc.registers.people.forms import EditForm, ForgetForm
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.places import selectors as places

SHOWN_LINES = 15


@require_GET
def person_list(request: UserRequest) -> HttpResponse:
    """Who lives or learns at one's units, by name, place, year of birth and sex; telephones and numbers masked."""
    access.require_somewhere(request.user, Permission.PERSON_READ)
    asked = request.GET
    unit = places.unit_or_none(asked["unit"]) if asked.get("unit") else None
    born = int(asked["born"]) if asked.get("born", "").isdecimal() and len(asked["born"]) == 4 else None
    sex = asked["sex"] if asked.get("sex") in rules.SEXES else ""
    found = selectors.find_people(request.user, text=asked.get("q", ""), unit=unit, born=born, sex=sex)
    page = pages.page_of(request, found)
    looked_at = unit or access.home(request.user)
    if looked_at is not None:
        services.see_roster(by=request.user, what=looked_at, number=len(page.object_list))
    context = {
        "page": page,
        "q": asked.get("q", ""),
        "born": asked.get("born", ""),
        "units": [
            {"value": one.key, "label": one.name, "selected": unit is not None and one.pk == unit.pk}
            for one in access.scopes(request.user, Permission.PERSON_READ)
        ],
        "sexes": [{"value": key, "label": label, "selected": key == sex} for key, label in rules.SEXES.items()],
        "is_filtered": any(asked.get(name) for name in ("q", "unit", "born", "sex")),
    }
    return pages.render(request, "people/list.html", context, fragment="people/_rows.html")


def _crumbs(*rest: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": _("Người học"), "url": reverse("people:list")}, *rest]


def _crumbs_of(person: Person, label: str) -> list[dict[str, str]]:
    return _crumbs({"label": person.name, "url": person.get_absolute_url()}, {"label": label})


@never_cache
@require_GET
def person_detail(request: UserRequest, pk: int) -> HttpResponse:
    """All that is known of one person. That it was looked at is written into the trail."""
    access.require_somewhere(request.user, Permission.PERSON_READ)
    person = services.see_person(by=request.user, pk=pk)
    may_edit = selectors.people_seen(request.user, Permission.PERSON_EDIT).filter(pk=pk).exists()
    context: dict[str, Any] = {
        "person": person,
        "crumbs": _crumbs({"label": person.name}),
        "may_edit": may_edit and not person.is_forgotten,
        "joined": selectors.joined_to(person),
        "alike": selectors.alike(request.user, person) if may_edit and not person.is_forgotten else [],
        "links": [
            {"label": label, "url": reverse(name, args=[pk])}
            for app in apps.get_app_configs()
            for name, label in getattr(app, "people_pages", ())
        ],
        "lines": accounts.told(trail.history(person)[:SHOWN_LINES]),
    }
    return pages.render(request, "people/detail.html", context)


def _editable(request: UserRequest, pk: int) -> Person:
    """A person whom the user may change. Raises: Missing, Refused."""
    access.require_somewhere(request.user, Permission.PERSON_READ)
    person = selectors.person_seen(request.user, pk)
    access.require_somewhere(request.user, Permission.PERSON_EDIT)
    if person.is_forgotten:
        raise Conflict("Thông tin của người này đã được xóa theo yêu cầu.")
    return person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: UserRequest, pk: int) -> HttpResponse:
    person = _editable(request, pk)
    form = EditForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        drop = bool(form.cleaned_data.get("drop_identity"))
        done = attempt(
            form, lambda: services.edit(by=request.user, person=person, about=form.about(), drop_identity=drop)
        )
        if done:
            messages.success(request, _("Đã lưu."))
            return redirect(person)
    if request.method != "POST":
        services.see_person(by=request.user, pk=pk)
    context = {
        "form": form,
        "title": _("Sửa thông tin"),
        "crumbs": _crumbs_of(person, _("Sửa thông tin")),
        "submit_label": _("Lưu"),
        "cancel_url": person.get_absolute_url(),
    }
    return pages.render(request, "ui/pages/form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_join(request: UserRequest, pk: int, other: int) -> HttpResponse:
    """Say that another row is this person too; both are shown side by side first."""
    kept, gone = _editable(request, pk), _editable(request, other)
    if request.method == "POST":
        services.join_people(by=request.user, kept=kept, gone=gone)
        messages.success(request, _("Đã gộp. Có thể tách lại bất cứ lúc nào ở trang của người này."))
        return redirect(kept)
    for person in (kept, gone):
        services.see_person(by=request.user, pk=person.pk)
    context = {
        "kept": kept,
        "gone": gone,
        "title": _("Gộp hai dòng của một người"),
        "crumbs": _crumbs_of(kept, _("Gộp")),
        "swap_url": reverse("people:join", args=[gone.pk, kept.pk]),
    }
    return pages.render(request, "people/join.html", context)


@require_POST
def person_part(request: UserRequest, pk: int, other: int) -> HttpResponse:
    person = _editable(request, pk)
    row = selectors.joined_to(person).filter(pk=other).first()
    if row is None:
        raise Missing("Dòng này không gộp với người này.")
    services.part_people(by=request.user, person=row)
    messages.success(request, _("Đã tách lại thành hai người."))
    return redirect(person)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_forget(request: UserRequest, pk: int) -> HttpResponse:
    person = _editable(request, pk)
    form = ForgetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.forget(by=request.user, person=person, why=form.cleaned_data["why"]))
        if done:
            messages.success(request, _("Đã xóa thông tin cá nhân. Số liệu không thay đổi."))
            return redirect("people:list")
    context = {
        "form": form,
        "title": _("Xóa thông tin cá nhân"),
        "crumbs": _crumbs_of(person, _("Xóa thông tin cá nhân")),
        "question": _("Xóa họ tên, ngày sinh, số điện thoại, số định danh của %(name)s?") % {"name": person.name},
        "consequence": _(
            "Không lấy lại được. Các lớp đã học vẫn được đếm theo giới tính, nhóm tuổi và nơi ở, không còn tên."
        ),
        "danger": True,
        "submit_label": _("Xóa thông tin"),
        "cancel_url": person.get_absolute_url(),
    }
    return pages.render(request, "ui/pages/confirm.html", context, status=422 if form.errors else 200)

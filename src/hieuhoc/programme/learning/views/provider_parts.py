"""Who works at a body that offers learning, its rooms and its equipment, and rearranging the centres of a commune."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.kernel.errors import Missing
from hieuhoc.programme.learning import access
from hieuhoc.programme.learning.forms import providers as forms
from hieuhoc.programme.learning.forms.fields import attempt
from hieuhoc.programme.learning.models import Provider
from hieuhoc.programme.learning.rules import founding, kinds
from hieuhoc.programme.learning.selectors import providers as selectors
from hieuhoc.programme.learning.services import provider_parts as services
from hieuhoc.programme.learning.services import providers as bodies
from hieuhoc.programme.learning.views import provider_shown as shown
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.places import selectors as places

_ANYWHERE = ("GET", "HEAD", "POST")
Deed = Callable[[], Any]


def _is_done(form: django_forms.Form, deed: Deed) -> bool:
    def do() -> bool:
        deed()
        return True

    return bool(attempt(form, do))


def _page(
    request: UserRequest,
    provider: Provider,
    form: django_forms.Form,
    deed: Deed,
    *,
    title: str,
    done: str,
    question: str = "",
    consequence: str = "",
) -> HttpResponse:
    """A form about a body; or, with a question, the asking back before something goes."""
    if request.method == "POST" and form.is_valid() and _is_done(form, deed):
        messages.success(request, done)
        return redirect(provider)
    context = {
        "title": title,
        "form": form,
        "question": question,
        "consequence": consequence,
        "submit_label": title if question else _("Lưu"),
        "danger": bool(question),
        "cancel_url": provider.get_absolute_url(),
        "crumbs": shown.crumbs_at(provider, title),
    }
    template = "ui/pages/confirm.html" if question else "ui/pages/form.html"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, template, context, status=status)


# ---- staff -------------------------------------------------------------------------------------------


def _roles(request: UserRequest, provider: Provider) -> list[str]:
    """The posts that the user may give at a body."""
    edits = access.may_edit(request.user, provider)
    decides = access.may_decide(request.user, provider.kind, at=provider.unit)
    return [role for role in kinds.POSTS if (decides if founding.is_appointed(provider.kind, role) else edits)]


@require_http_methods(_ANYWHERE)
def post_new(request: UserRequest, key: str) -> HttpResponse:
    """Name somebody to a post."""
    provider = selectors.provider_by_key(request.user, key)
    roles = _roles(request, provider)
    if not roles:
        access.require_editing(request.user, provider)
    form = forms.PostForm(shown.sent(request), roles=roles, initial={"valid_from": clock.today()})

    def deed() -> object:
        return services.appoint(by=request.user, provider=provider, **form.cleaned_data)

    title = _("Thêm người giữ vị trí")
    return _page(request, provider, form, deed, title=title, done=_("Đã ghi người giữ vị trí."))


@require_http_methods(_ANYWHERE)
def post_end(request: UserRequest, key: str, pk: int) -> HttpResponse:
    """Say from which day on somebody no longer holds a post."""
    provider = selectors.provider_by_key(request.user, key)
    post = selectors.post_of(provider, pk)
    if founding.is_appointed(provider.kind, post.role):
        access.require_deciding(request.user, provider.kind, at=provider.unit)
    else:
        access.require_editing(request.user, provider)
    form = forms.EndPostForm(shown.sent(request), initial={"on": clock.today()})

    def deed() -> object:
        return services.end_post(by=request.user, post=post, **form.cleaned_data)

    words = {"name": post.name, "role": post.get_role_display()}
    return _page(
        request,
        provider,
        form,
        deed,
        title=_("Cho thôi giữ vị trí"),
        done=_("Đã ghi ngày thôi giữ vị trí."),
        question=_("Cho %(name)s thôi giữ vị trí %(role)s?") % words,
        consequence=_("Tên và thời gian giữ vị trí vẫn còn trong lịch sử của cơ sở."),
    )


# ---- rooms and equipment -----------------------------------------------------------------------------


@require_http_methods(_ANYWHERE)
def room_new(request: UserRequest, key: str) -> HttpResponse:
    provider = selectors.provider_by_key(request.user, key)
    access.require_editing(request.user, provider)
    form = forms.RoomForm(shown.sent(request))

    def deed() -> object:
        return services.add_room(by=request.user, provider=provider, **form.cleaned_data)

    return _page(request, provider, form, deed, title=_("Thêm phòng"), done=_("Đã thêm phòng."))


@require_http_methods(_ANYWHERE)
def room_edit(request: UserRequest, key: str, pk: int) -> HttpResponse:
    provider = selectors.provider_by_key(request.user, key)
    access.require_editing(request.user, provider)
    room = selectors.room_of(provider, pk)
    form = forms.RoomForm(shown.sent(request), initial=forms.thing_initial(room, forms.RoomForm))

    def deed() -> object:
        return services.edit_room(by=request.user, room=room, **form.cleaned_data)

    return _page(request, provider, form, deed, title=_("Sửa phòng"), done=_("Đã lưu phòng."))


@require_http_methods(_ANYWHERE)
def room_remove(request: UserRequest, key: str, pk: int) -> HttpResponse:
    provider = selectors.provider_by_key(request.user, key)
    access.require_editing(request.user, provider)
    room = selectors.room_of(provider, pk)
    return _page(
        request,
        provider,
        django_forms.Form(shown.sent(request)),
        lambda: services.remove_room(by=request.user, room=room),
        title=_("Bỏ phòng"),
        done=_("Đã bỏ phòng."),
        question=_("Bỏ phòng “%(name)s”?") % {"name": room.name},
        consequence=_("Buổi học đã xếp ở phòng này vẫn còn, nhưng không còn ghi phòng."),
    )


@require_http_methods(_ANYWHERE)
def equipment_new(request: UserRequest, key: str) -> HttpResponse:
    provider = selectors.provider_by_key(request.user, key)
    access.require_editing(request.user, provider)
    form = forms.EquipmentForm(shown.sent(request))

    def deed() -> object:
        return services.add_equipment(by=request.user, provider=provider, **form.cleaned_data)

    return _page(request, provider, form, deed, title=_("Thêm trang thiết bị"), done=_("Đã thêm trang thiết bị."))


@require_http_methods(_ANYWHERE)
def equipment_edit(request: UserRequest, key: str, pk: int) -> HttpResponse:
    provider = selectors.provider_by_key(request.user, key)
    access.require_editing(request.user, provider)
    equipment = selectors.equipment_of(provider, pk)
    form = forms.EquipmentForm(shown.sent(request), initial=forms.thing_initial(equipment, forms.EquipmentForm))

    def deed() -> object:
        return services.edit_equipment(by=request.user, equipment=equipment, **form.cleaned_data)

    return _page(request, provider, form, deed, title=_("Sửa trang thiết bị"), done=_("Đã lưu trang thiết bị."))


@require_http_methods(_ANYWHERE)
def equipment_remove(request: UserRequest, key: str, pk: int) -> HttpResponse:
    provider = selectors.provider_by_key(request.user, key)
    access.require_editing(request.user, provider)
    equipment = selectors.equipment_of(provider, pk)
    return _page(
        request,
        provider,
        django_forms.Form(shown.sent(request)),
        lambda: services.remove_equipment(by=request.user, equipment=equipment),
        title=_("Bỏ trang thiết bị"),
        done=_("Đã bỏ trang thiết bị."),
        question=_("Bỏ “%(name)s”?") % {"name": equipment.name},
    )


# ---- rearranging -------------------------------------------------------------------------------------


@require_http_methods(_ANYWHERE)
def rearrange(request: UserRequest, key: str) -> HttpResponse:
    """Rearrange the centres of a commune: which go on in which, by which paper, from which day."""
    unit = places.unit_by_key(key)
    access.require_deciding(request.user, founding.CENTRE, at=unit)
    centres = selectors.centres_at(unit)
    initial = {"before": [one.key for one in centres], "manner": "merged", "after": "new", "on": clock.today()}
    form = forms.RearrangeForm(shown.sent(request), centres=centres, initial=initial)
    if request.method == "POST" and form.is_valid():
        after = attempt(form, lambda: bodies.rearrange(by=request.user, **form.content()))
        if after:
            messages.success(request, _("Đã sắp xếp. Lịch sử của các trung tâm trước được cộng vào đây."))
            return redirect(after)
    title = _("Sắp xếp trung tâm của %(unit)s") % {"unit": unit.name}
    who = founding.competence(founding.CENTRE, on=clock.today())
    context = {
        "title": title,
        "form": form,
        "centres": centres,
        "unit": unit,
        "competence": {"body": in_words(who.body), "source": in_words(who.source)} if who else None,
        "submit_label": _("Sắp xếp"),
        "cancel_url": reverse("learning:provider-list") + f"?unit={unit.key}",
        "crumbs": shown.crumbs({"label": title}),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "learning/providers/rearrange.html", context, status=status)


@require_http_methods(_ANYWHERE)
def succession_undo(request: UserRequest, key: str, pk: int) -> HttpResponse:
    """Take back that a body went into this one."""
    provider = selectors.provider_by_key(request.user, key)
    access.require_deciding(request.user, provider.kind, at=provider.unit)
    row = next((one for one in selectors.came_from(provider) if one.pk == pk), None)
    if row is None:
        raise Missing("Không tìm thấy lần sắp xếp này.")
    form = forms.UndoForm(shown.sent(request))

    def deed() -> object:
        return bodies.undo_succession(by=request.user, succession=row, **form.cleaned_data)

    return _page(
        request,
        provider,
        form,
        deed,
        title=_("Lùi lần sắp xếp"),
        done=_("Đã lùi lần sắp xếp."),
        question=_("Lùi việc “%(name)s” nhập vào đây?") % {"name": row.before.name},
        consequence=_("Cơ sở trước hoạt động lại, nếu nó kết thúc vì lần sắp xếp này. Cơ sở kế tục vẫn còn."),
    )


_AT = "learning/providers/<slug:key>/"
urlpatterns = [
    path("learning/providers/rearrange/<slug:key>/", rearrange, name="provider-rearrange"),
    path(f"{_AT}successions/<int:pk>/undo/", succession_undo, name="succession-undo"),
    path(f"{_AT}posts/new/", post_new, name="post-new"),
    path(f"{_AT}posts/<int:pk>/end/", post_end, name="post-end"),
    path(f"{_AT}rooms/new/", room_new, name="room-new"),
    path(f"{_AT}rooms/<int:pk>/edit/", room_edit, name="room-edit"),
    path(f"{_AT}rooms/<int:pk>/remove/", room_remove, name="room-remove"),
    path(f"{_AT}equipment/new/", equipment_new, name="equipment-new"),
    path(f"{_AT}equipment/<int:pk>/edit/", equipment_edit, name="equipment-edit"),
    path(f"{_AT}equipment/<int:pk>/remove/", equipment_remove, name="equipment-remove"),
]

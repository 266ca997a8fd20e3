"""The people of one's units: their list, one person, their roles, and invitations."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.accounts import access, documents, forms, selectors, services
from hieuhoc.registers.accounts.models import Grant, Invitation, User
from hieuhoc.registers.accounts.roles import Permission, role_choices
from hieuhoc.registers.accounts.views.request import UserRequest, chosen

SHOWN_LINES = 30


def _found(request: UserRequest) -> QuerySet[User]:
    access.require_somewhere(request.user, Permission.USER_READ)
    today, asked = clock.today(), request.GET
    return selectors.people(
        access.users_seen(request.user),
        held=access.grants_seen(request.user, on=today),
        on=today,
        text=asked.get("q", ""),
        role=asked.get("role", ""),
        unit_key=asked.get("unit", ""),
        state=asked.get("state", ""),
        sort=asked.get("sort", ""),
    )


@require_safe
def user_list(request: UserRequest) -> HttpResponse:
    found, asked = _found(request), request.GET
    units = selectors.units_with_people(access.grants_seen(request.user, on=clock.today()))
    states = [("active", _("Đang dùng")), ("idle", _("Chưa có vai trò")), ("suspended", _("Đã khóa"))]
    context = {
        "page": pages.page_of(request, found),
        "q": asked.get("q", ""),
        "selects": [
            {
                "name": "role",
                "label": _("Vai trò"),
                "options": chosen(role_choices(), asked.get("role", ""), any_label=_("Mọi vai trò")),
            },
            {
                "name": "state",
                "label": _("Trạng thái"),
                "options": chosen(states, asked.get("state", ""), any_label=_("Mọi trạng thái")),
            },
        ],
        "units": chosen(units, asked.get("unit", ""), any_label=_("Mọi đơn vị")),
        "is_filtered": any(asked.get(name) for name in ("q", "role", "unit", "state")),
        "may_invite": access.has(request.user, Permission.USER_MANAGE),
        "waiting": access.invitations_seen(request.user).count(),
    }
    return pages.render(request, "accounts/user_list.html", context, fragment="accounts/_users.html")


@require_safe
def user_download(request: UserRequest) -> HttpResponse:
    """The same list, every page of it, as a workbook."""
    content = documents.people_workbook(_found(request), on=clock.today())
    return pages.download(content, _("Danh sách người dùng.xlsx"), documents.XLSX)


@require_safe
def user_detail(request: UserRequest, pk: int) -> HttpResponse:
    access.require_somewhere(request.user, Permission.USER_READ)
    person = access.user_seen(request.user, pk)
    manages = access.manages_all_of(request.user, person)
    grants = list(access.grants_seen(request.user).filter(user=person).select_related("unit").order_by("-valid_from"))
    history = trail.history(person) if manages else selectors.entries_about(access.entries_seen(request.user), person)
    context = {
        "person": person,
        "rows": [_grant_row(request.user, grant) for grant in grants],
        "elsewhere": selectors.grants_count(person) - len(grants),
        "manages": manages,
        "is_self": person.pk == request.user.pk,
        "may_give": access.has(request.user, Permission.USER_MANAGE) and person.pk != request.user.pk,
        "lines": selectors.told(history[:SHOWN_LINES]),
        "second_factor": selectors.has_second_factor(person),
        "crumbs": _crumbs(str(person)),
    }
    return pages.render(request, "accounts/user_detail.html", context)


def _grant_row(user: User, grant: Grant) -> dict[str, Any]:
    today = clock.today()
    is_over = grant.valid_to is not None and grant.valid_to <= today
    may_end = not is_over and grant.user_id != user.pk and access.may(user, Permission.USER_MANAGE, at=grant.unit)
    return {"grant": grant, "is_over": is_over, "is_to_come": grant.valid_from > today, "may_end": may_end}


def _crumbs(*rest: str) -> list[dict[str, str]]:
    return [{"label": _("Người dùng"), "url": reverse("accounts:user-list")}, *({"label": label} for label in rest)]


def _crumbs_of(person: User, label: str) -> list[dict[str, str]]:
    listed = {"label": str(person), "url": reverse("accounts:user-detail", args=[person.pk])}
    return [*_crumbs(), listed, {"label": label}]


def user_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Correct what is said of a person whose roles all lie in one's own units."""
    person = _managed(request, pk)
    values = {name: getattr(person, name) for name in forms.ProfileForm.base_fields}
    form = forms.ProfileForm(request.POST or None, initial=values)
    if request.method == "POST" and form.is_valid():
        done = forms.attempt(form, lambda: services.change_profile(by=request.user, user=person, **form.cleaned_data))
        if done:
            messages.success(request, _("Đã lưu thông tin của %(name)s.") % {"name": done})
            return redirect("accounts:user-detail", pk=person.pk)
    title = _("Sửa thông tin")
    return _form_page(request, form, title=title, lead=str(person), person=person, crumbs=_crumbs_of(person, title))


def grant_create(request: UserRequest, pk: int) -> HttpResponse:
    access.require_somewhere(request.user, Permission.USER_MANAGE)
    person = access.user_seen(request.user, pk, Permission.USER_MANAGE)
    form = forms.GrantForm(request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        grant = forms.attempt(form, lambda: services.give_grant(by=request.user, user=person, **form.cleaned_data))
        if grant:
            words = {"role": grant.role_named.name, "unit": grant.unit}
            messages.success(request, _("Đã giao vai trò %(role)s ở %(unit)s.") % words)
            return redirect("accounts:user-detail", pk=person.pk)
    title = _("Giao vai trò")
    return _form_page(
        request, form, title=title, lead=str(person), person=person, crumbs=_crumbs_of(person, title), label=title
    )


def grant_end(request: UserRequest, pk: int, grant_pk: int) -> HttpResponse:
    access.require_somewhere(request.user, Permission.USER_MANAGE)
    person = access.user_seen(request.user, pk, Permission.USER_MANAGE)
    seen = access.grants_seen(request.user, Permission.USER_MANAGE)
    grant = seen.filter(user=person, pk=grant_pk).select_related("unit", "user").first()
    if grant is None:
        raise Missing(_("Không tìm thấy vai trò này."))
    form = forms.EndGrantForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = forms.attempt(
            form,
            lambda: (services.end_grant(by=request.user, grant=grant, on=given["on"], why=given["why"]), True),
        )
        if done:
            messages.success(request, _("Đã kết thúc vai trò."))
            return redirect("accounts:user-detail", pk=person.pk)
    title = _("Kết thúc vai trò")
    context = {
        "question": _("Kết thúc vai trò %(role)s của %(name)s ở %(unit)s?")
        % {"role": grant.role_named.name, "name": person, "unit": grant.unit},
        "consequence": _("Từ ngày đã chọn, người này không còn làm được việc của vai trò. Lịch sử được giữ nguyên."),
    }
    return _confirm_page(request, form, person=person, title=title, context=context)


def user_suspend(request: UserRequest, pk: int) -> HttpResponse:
    person = _managed(request, pk)
    form = forms.WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = forms.attempt(
            form, lambda: services.suspend_user(by=request.user, user=person, why=form.cleaned_data["why"])
        )
        if done:
            messages.success(request, _("Đã khóa tài khoản của %(name)s.") % {"name": person})
            return redirect("accounts:user-detail", pk=person.pk)
    context = {
        "question": _("Khóa tài khoản của %(name)s?") % {"name": person},
        "consequence": _("Người này bị đăng xuất ngay và không đăng nhập được cho đến khi mở khóa. Vai trò được giữ."),
    }
    return _confirm_page(request, form, person=person, title=_("Khóa tài khoản"), context=context)


@require_POST
def user_restore(request: UserRequest, pk: int) -> HttpResponse:
    person = services.restore_user(by=request.user, user=_managed(request, pk))
    messages.success(request, _("Đã mở khóa tài khoản của %(name)s.") % {"name": person})
    return redirect("accounts:user-detail", pk=person.pk)


def _managed(request: UserRequest, pk: int) -> User:
    access.require_somewhere(request.user, Permission.USER_MANAGE)
    person = access.user_seen(request.user, pk, Permission.USER_MANAGE)
    access.require_all_of(request.user, person)
    return person


def _form_page(
    request: UserRequest,
    form: Form,
    *,
    title: str,
    lead: str,
    crumbs: list[dict[str, str]],
    person: User | None = None,
    label: str = "",
) -> HttpResponse:
    back = reverse("accounts:user-detail", args=[person.pk]) if person else reverse("accounts:user-list")
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "crumbs": crumbs,
        "submit_label": label or _("Lưu"),
        "cancel_url": back,
    }
    return pages.render(request, "ui/pages/form.html", context, status=422 if form.errors else 200)


def _confirm_page(
    request: UserRequest, form: Form, *, person: User, title: str, context: dict[str, str]
) -> HttpResponse:
    whole = context | {
        "form": form,
        "title": title,
        "danger": True,
        "submit_label": title,
        "crumbs": _crumbs_of(person, title),
        "cancel_url": reverse("accounts:user-detail", args=[person.pk]),
    }
    return pages.render(request, "ui/pages/confirm.html", whole, status=422 if form.errors else 200)


# ---- invitations ---------------------------------------------------------------------------------


@require_safe
def invitation_list(request: UserRequest) -> HttpResponse:
    access.require_somewhere(request.user, Permission.USER_MANAGE)
    context = {
        "page": pages.page_of(request, access.invitations_seen(request.user)),
        "now": clock.now(),
        "crumbs": _crumbs(_("Thư mời")),
    }
    return pages.render(request, "accounts/invitation_list.html", context)


def invitation_create(request: UserRequest) -> HttpResponse:
    access.require_somewhere(request.user, Permission.USER_MANAGE)
    form = forms.InvitationForm(request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        invitation = forms.attempt(form, lambda: services.invite_user(by=request.user, **form.cleaned_data))
        if invitation:
            messages.success(request, _("Đã gửi thư mời tới %(email)s.") % {"email": invitation.email})
            return redirect("accounts:invitation-list")
    title = _("Mời người dùng")
    lead = _("Người được mời tự đặt mật khẩu khi mở liên kết trong thư. Ai đã có tài khoản thì nhận thêm vai trò.")
    return _form_page(request, form, title=title, lead=lead, crumbs=_crumbs(title), label=_("Gửi thư mời"))


@require_POST
def invitation_again(request: UserRequest, pk: int) -> HttpResponse:
    invitation = services.send_invitation_again(by=request.user, invitation=_invitation(request, pk))
    messages.success(request, _("Đã gửi lại thư mời tới %(email)s.") % {"email": invitation.email})
    return redirect("accounts:invitation-list")


@require_POST
def invitation_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    invitation = services.withdraw_invitation(by=request.user, invitation=_invitation(request, pk))
    messages.success(request, _("Đã thu hồi thư mời gửi %(email)s.") % {"email": invitation.email})
    return redirect("accounts:invitation-list")


def _invitation(request: UserRequest, pk: int) -> Invitation:
    access.require_somewhere(request.user, Permission.USER_MANAGE)
    found = access.invitations_seen(request.user).filter(pk=pk).first()
    if found is None:
        raise Missing(_("Không tìm thấy thư mời này."))
    return found

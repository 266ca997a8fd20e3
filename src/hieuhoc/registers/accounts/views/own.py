"""What everybody reaches: one's own profile, the page of roles, an invitation's link, the demonstration's doors."""

from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.accounts import access, forms, selectors, services
from hieuhoc.registers.accounts.models import Invitation, User
from hieuhoc.registers.accounts.roles import ROLES, role_table
from hieuhoc.registers.accounts.views.request import UserRequest

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def profile(request: UserRequest) -> HttpResponse:
    user = request.user
    values = {name: getattr(user, name) for name in forms.ProfileForm.base_fields}
    form = forms.ProfileForm(request.POST or None, initial=values)
    if request.method == "POST" and form.is_valid():
        done = forms.attempt(form, lambda: services.change_profile(by=user, user=user, **form.cleaned_data))
        if done:
            messages.success(request, _("Đã lưu thông tin của bạn."))
            return remember_language(redirect("accounts:profile"), done.language)
    context = {
        "form": form,
        "grants": access.grants(user),
        "second_factor": selectors.has_second_factor(user),
        "has_password": user.has_usable_password(),
        "extra": _extra(),
    }
    return pages.render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


def _extra() -> Any:
    """What an app above adds to the profile, where one brings such a template."""
    try:
        return get_template("accounts/profile_extra.html").template  # type: ignore[attr-defined]  # Django's own backend
    except TemplateDoesNotExist:
        return None


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """Speak to this browser in a language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_safe
def role_list(request: UserRequest) -> HttpResponse:
    """What each role may do, in plain words, made from the page of roles itself."""
    own = {grant.role for grant in access.grants(request.user)}
    context = {"roles": [(role, role.code in own) for role in ROLES.values()], "table": role_table()}
    return pages.render(request, "accounts/role_list.html", context)


@login_not_required
def closed(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Where django-allauth would open accounts or change addresses, there is no page here."""
    raise Missing(_("Tài khoản ở đây được mở bằng thư mời. Hãy nhờ quản trị viên của đơn vị gửi thư mời."))


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def invitation_accept(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of an invitation: open an account, or take one more role with the account one has."""
    invitation = selectors.invitation_by_secret(services.digest_of(secret))
    services.check_link(invitation, clock.now())
    if isinstance(request.user, User):
        return _accept_as(request, request.user, invitation)
    if selectors.user_by_email(invitation.email):
        context = {"invitation": invitation, "sign_in_url": f"{reverse('account_login')}?next={request.path}"}
        return pages.render(request, "accounts/invitation_known.html", context)
    suggested = invitation.email.split("@")[0].lower()
    form = forms.AcceptanceForm(request.POST or None, initial={"username": suggested})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        user = forms.attempt(
            form,
            lambda: services.accept_invitation(
                invitation=invitation, username=given["username"], password=given["password"]
            ),
        )
        if user:
            auth.login(request, user, backend=_BACKEND)
            messages.success(request, _("Tài khoản của bạn đã sẵn sàng."))
            return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"invitation": invitation, "form": form}
    return pages.render(request, "accounts/invitation_accept.html", context, status=422 if form.errors else 200)


def _accept_as(request: HttpRequest, user: User, invitation: Invitation) -> HttpResponse:
    is_theirs = user.email.lower() == invitation.email.lower()
    if request.method == "POST":
        grant = services.accept_invitation_as(by=user, invitation=invitation)
        words = {"role": grant.role_named.name, "unit": grant.unit}
        messages.success(request, _("Bạn đã nhận vai trò %(role)s ở %(unit)s.") % words)
        return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"invitation": invitation, "is_theirs": is_theirs}
    return pages.render(request, "accounts/invitation_known.html", context, status=200 if is_theirs else 403)


@login_not_required
@never_cache
@require_safe
def demonstration(request: HttpRequest) -> HttpResponse:
    """The doors of the demonstration: one button for each of its accounts. Elsewhere there is no such page."""
    _require_demonstration()
    grants = selectors.demonstration_accounts(on=clock.today())
    return pages.render(request, "accounts/demonstration.html", {"grants": grants})


@login_not_required
@require_POST
def demonstration_enter(request: HttpRequest, pk: int) -> HttpResponse:
    _require_demonstration()
    grant = next((one for one in selectors.demonstration_accounts(on=clock.today()) if one.user_id == pk), None)
    if grant is None:
        raise Missing(_("Không có tài khoản trình diễn này."))
    auth.login(request, grant.user, backend=_BACKEND)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _require_demonstration() -> None:
    if not settings.DEMONSTRATION:
        raise Missing(_("Trang này chỉ có ở bản trình diễn."))

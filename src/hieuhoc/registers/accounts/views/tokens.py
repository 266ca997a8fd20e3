"""The tokens with which a person's own programs speak to the public contract: list, make, withdraw."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.registers.accounts import forms, selectors, services
from hieuhoc.registers.accounts.forms.tokens import TokenForm
from hieuhoc.registers.accounts.views.request import UserRequest


def _crumbs(*labels: str) -> list[dict[str, str]]:
    crumbs = [{"label": _("Tài khoản của tôi"), "url": reverse("accounts:profile")}]
    if labels:
        crumbs.append({"label": _("Mã truy cập"), "url": reverse("accounts:token-list")})
    return [*crumbs, *({"label": label} for label in labels or (_("Mã truy cập"),))]


@require_safe
def token_list(request: UserRequest) -> HttpResponse:
    context = {
        "page": pages.page_of(request, selectors.tokens(request.user)),
        "now": clock.now(),
        "crumbs": _crumbs(),
    }
    return pages.render(request, "accounts/tokens/token_list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
def token_create(request: UserRequest) -> HttpResponse:
    """Make a token. Its secret stands on the answer to this one request, and nowhere afterwards."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = forms.attempt(form, lambda: services.make_token(by=request.user, **form.cleaned_data))
        if made:
            token, secret = made
            context = {"token": token, "secret": secret, "crumbs": _crumbs(token.name)}
            return pages.render(request, "accounts/tokens/token_made.html", context)
    context = {
        "form": form,
        "title": _("Tạo mã truy cập"),
        "submit_label": _("Tạo mã"),
        "cancel_url": reverse("accounts:token-list"),
        "crumbs": _crumbs(_("Tạo mã truy cập")),
    }
    return pages.render(request, "accounts/tokens/token_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def token_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    token = selectors.token_by_key(request.user, pk)
    if request.method == "POST":
        services.withdraw_token(by=request.user, token=token)
        messages.success(request, _("Đã thu hồi mã “%(name)s”.") % {"name": token.name})
        return redirect("accounts:token-list")
    context = {
        "title": _("Thu hồi mã truy cập"),
        "question": _("Thu hồi mã “%(name)s”?") % {"name": token.name},
        "consequence": _("Chương trình đang dùng mã này sẽ bị từ chối ngay. Việc này không lấy lại được."),
        "submit_label": _("Thu hồi"),
        "cancel_url": reverse("accounts:token-list"),
        "danger": True,
        "crumbs": _crumbs(token.name),
    }
    return pages.render(request, "ui/pages/confirm.html", context)

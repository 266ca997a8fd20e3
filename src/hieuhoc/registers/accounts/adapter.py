"""What django-allauth may do here: sign people in and send their letters. It never opens an account."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from hieuhoc.foundation.outbox import services as outbox
from hieuhoc.registers.accounts.models import User


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts come from invitations alone; letters wait in the outbox like all others."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/accounts/profile/"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue one of allauth's letters, written from our own templates."""
        words = {"request": self.request, "email": email, "current_site": get_current_site(self.request)} | context
        subject = render_to_string(f"{template_prefix}_subject.txt", words, self.request)
        body = render_to_string(f"{template_prefix}_message.txt", words, self.request)
        outbox.post(to=email, subject=self.format_email_subject(subject), body=body.strip() + "\n")

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        """Go on where the user was going, in the user's own language."""
        response: HttpResponse = super().post_login(request, user, **options)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

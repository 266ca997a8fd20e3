"""Certificates of completion: issuing and revoking for staff, the papers, and the check for everybody."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.programme.learning.documents import certificates as documents
from hieuhoc.programme.learning.forms.enrolments import WhyForm
from hieuhoc.programme.learning.forms.fields import attempt
from hieuhoc.programme.learning.rules.certificates import shown_code
from hieuhoc.programme.learning.selectors import certificates as selectors
from hieuhoc.programme.learning.services import certificates as services
from hieuhoc.programme.learning.views.enrolments import activity_for, crumbs
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.people.services import confirming, see_roster

MOST_WRONG_CODES = 60  # from one network address in an hour


@never_cache
@require_safe
def certificate_list(request: UserRequest, code: str) -> HttpResponse:
    """Who may get a certificate, and who has one."""
    activity = activity_for(request, code, Permission.ACTIVITY_RUN)
    page = pages.page_of(request, selectors.certificates_of(activity))
    waiting = list(selectors.to_issue(activity)[:500])
    see_roster(by=request.user, what=activity, number=len(page.object_list) + len(waiting))
    context = {
        "activity": activity,
        "crumbs": crumbs(activity, _("Giấy chứng nhận")),
        "page": page,
        "waiting": waiting,
    }
    return pages.render(request, "learning/certificates/list.html", context)


@require_POST
def certificate_issue(request: UserRequest, code: str) -> HttpResponse:
    activity = activity_for(request, code, Permission.ACTIVITY_RUN)
    numbers = [int(number) for number in request.POST.getlist("who") if number.isdecimal() and len(number) < 19]
    if not numbers:
        raise Invalid("Hãy đánh dấu ít nhất một người.")
    number = len(services.issue(by=request.user, activity=activity, enrolments=numbers))
    said = ngettext("Đã cấp %(number)s giấy chứng nhận.", "Đã cấp %(number)s giấy chứng nhận.", number)
    messages.success(request, said % {"number": number})
    return redirect("learning:certificates", code=code)


@require_safe
def certificate_download(request: UserRequest, code: str, pk: int, kind: str) -> HttpResponse:
    """The paper, to be signed and sealed: as PDF or as a Word file."""
    activity = activity_for(request, code, Permission.ACTIVITY_RUN)
    certificate = selectors.certificate_of(activity, pk)
    if certificate.revoked_on is not None:
        raise Missing("Giấy chứng nhận này đã được thu hồi nên không in được nữa.")
    director = selectors.director_of(activity)
    content = documents.certificate_file(certificate, kind, hours=selectors.hours_of(activity), signer=director)
    name = _("Giấy chứng nhận %(number)s") % {"number": certificate.number.replace("/", "-")}
    return pages.download(content, f"{name}.{kind}", documents.TYPES[kind])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_revoke(request: UserRequest, code: str, pk: int) -> HttpResponse:
    activity = activity_for(request, code, Permission.ACTIVITY_RUN)
    certificate = selectors.certificate_of(activity, pk)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        if attempt(form, lambda: services.revoke(by=request.user, certificate=certificate, why=why)):
            messages.success(request, _("Đã thu hồi giấy %(number)s.") % {"number": certificate.number})
            return redirect("learning:certificates", code=code)
    title = _("Thu hồi giấy chứng nhận")
    context = {
        "form": form,
        "title": title,
        "question": _("Thu hồi giấy %(number)s?") % {"number": certificate.number},
        "consequence": _(
            "Ai tra cứu giấy này sẽ thấy là đã thu hồi, cùng ngày và lý do. Không ghi tên người trong lý do."
        ),
        "danger": True,
        "submit_label": _("Thu hồi"),
        "crumbs": crumbs(activity, title),
        "cancel_url": reverse("learning:certificates", args=[code]),
    }
    return pages.render(request, "ui/pages/confirm.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_safe
def certificate_ask(request: HttpRequest) -> HttpResponse:
    """Where a code from a paper is typed in."""
    if code := "".join(letter for letter in request.GET.get("code", "") if letter.isalnum())[:16]:
        return redirect("learning:certificate-check", code=code)
    return pages.render(request, "learning/certificates/ask.html", {})


@login_not_required
@never_cache
@require_safe
def certificate_check(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a certificate is genuine and holds. Its name is shown: only who has the paper knows the code."""
    certificate = selectors.checked(code)
    if certificate is None:
        confirming.count("certificates", _address(request), most=MOST_WRONG_CODES)
        return pages.render(request, "learning/certificates/check.html", {"code": code[:20]}, status=404)
    context = {
        "certificate": certificate,
        "code": shown_code(certificate.code),
        "activity": certificate.enrolment.activity,
        "person": certificate.enrolment.learner,
        "hours": selectors.hours_of(certificate.enrolment.activity),
    }
    return pages.render(request, "learning/certificates/check.html", context)


def _address(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


_ROOT = "learning/activities/<slug:code>/certificates/"
urlpatterns = [
    path(_ROOT, certificate_list, name="certificates"),
    path(f"{_ROOT}issue/", certificate_issue, name="certificate-issue"),
    path(f"{_ROOT}<int:pk>/revoke/", certificate_revoke, name="certificate-revoke"),
    path(f"{_ROOT}<int:pk>.pdf", certificate_download, {"kind": "pdf"}, name="certificate-pdf"),
    path(f"{_ROOT}<int:pk>.docx", certificate_download, {"kind": "docx"}, name="certificate-docx"),
    path("certificates/", certificate_ask, name="certificate-ask"),
    path("certificates/<str:code>/", certificate_check, name="certificate-check"),
]

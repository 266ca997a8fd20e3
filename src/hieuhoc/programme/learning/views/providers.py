"""The register of bodies that offer learning: the list, a body, founding, telling anew, ending, the workbook."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.programme.learning import access
from hieuhoc.programme.learning.documents import providers as documents
from hieuhoc.programme.learning.forms import providers as forms
from hieuhoc.programme.learning.forms.fields import attempt
from hieuhoc.programme.learning.intake import providers as intake
from hieuhoc.programme.learning.intake.rows import Taken
from hieuhoc.programme.learning.models import Provider
from hieuhoc.programme.learning.rules import founding
from hieuhoc.programme.learning.rules.money import Balance
from hieuhoc.programme.learning.selectors import grading, money
from hieuhoc.programme.learning.selectors import providers as selectors
from hieuhoc.programme.learning.services import providers as services
from hieuhoc.programme.learning.views import provider_shown as shown
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.selectors import told
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

SHOWN_WRONGS = 200
SHOWN_LINES = 20
_ANYWHERE = ("GET", "HEAD", "POST")


@require_safe
def provider_list(request: UserRequest) -> HttpResponse:
    """The bodies that the user may see; searched, filtered, sorted."""
    accounts.require_somewhere(request.user, Permission.LEARNING_READ)
    asked, today = request.GET, clock.today()
    page = pages.page_of(request, _found(request))
    directors = selectors.directors_on(today, [row.pk for row in page])
    standings = [("active", _("Đang hoạt động")), ("ended", _("Đã kết thúc")), ("all", _("Tất cả"))]
    context = {
        "title": _("Cơ sở học tập"),
        "crumbs": [{"label": _("Học tập"), "url": reverse("learning:desk")}, {"label": _("Cơ sở học tập")}],
        "page": page,
        "rows": [
            {"provider": row, "director": directors.get(row.pk, ""), "badge": shown.standing_badge(row, today)}
            for row in page
        ],
        "q": asked.get("q", ""),
        "unit": places.unit_or_none(asked.get("unit", "")),
        "selects": [
            shown.select("kind", _("Loại"), shown.kind_options(), asked.get("kind", "")),
            shown.select("feature", _("Điều kiện"), shown.feature_options(), asked.get("feature", "")),
            shown.select("standing", _("Trạng thái"), standings, asked.get("standing", "active")),
        ],
        "to_rearrange": selectors.to_rearrange(request.user),
        "may_found": accounts.has(request.user, Permission.PROVIDER_FOUND),
        "is_narrowed": any(asked.get(name) for name in ("q", "kind", "feature", "unit")),
    }
    template, fragment = "learning/providers/list.html", "learning/providers/_rows.html"
    return pages.render(request, template, context, fragment=fragment)


def _found(request: UserRequest) -> QuerySet[Provider]:
    asked = request.GET
    return selectors.find_providers(
        request.user,
        text=asked.get("q", ""),
        kind=asked.get("kind", ""),
        unit=places.unit_or_none(asked.get("unit", "")),
        feature=asked.get("feature", ""),
        standing=asked.get("standing", "active"),
        sort=asked.get("sort", ""),
    )


@require_safe
def provider_download(request: UserRequest) -> HttpResponse:
    """The bodies of the list as a workbook, which may be filled in and brought back."""
    accounts.require_somewhere(request.user, Permission.LEARNING_READ)
    today, rows = clock.today(), list(_found(request))
    directors = selectors.directors_on(today, [row.pk for row in rows])
    content = documents.providers_workbook(rows, directors=directors, on=today)
    return pages.download(content, _("Cơ sở học tập.xlsx"), documents.XLSX)


@require_safe
def provider_detail(request: UserRequest, key: str) -> HttpResponse:
    """A body: what it is and has, who works there, what it holds, what it came from."""
    provider = selectors.provider_by_key(request.user, key)
    user, today = request.user, clock.today()
    edits, decides = access.may_edit(user, provider), access.may_decide(user, provider.kind, at=provider.unit)
    own, inherited = selectors.works(provider)
    whole = sum((work for _row, work in inherited), own)
    context = {
        "title": provider.name,
        "provider": provider,
        "today": today,
        "badge": shown.standing_badge(provider, today),
        "about": shown.about(provider),
        "features": shown.features(provider),
        "posts": shown.post_rows(selectors.posts(provider), on=today, edits=edits, decides=decides),
        "rooms": provider.rooms.all(),
        "equipment": provider.equipment.all(),
        "latest": selectors.latest_of(provider),
        "own": own,
        "inherited": inherited,
        "whole": whole,
        "came_from": _successions(user, selectors.came_from(provider), decides, before=True),
        "went_into": _successions(user, selectors.went_into(provider), decides, before=False),
        "may_edit": edits,
        "may_decide": decides,
        "may_name": edits or decides,
        "is_standing": provider.valid_to is None,
        "is_shown": provider.is_public and provider.valid_from <= today,
        "year": today.year,
        "balance": _balance(user, provider, today.year),
        "grades": grading.trend_of(provider, today.year),
        "history": [asdict(line) for line in told(trail.history(provider)[:SHOWN_LINES])],
        "crumbs": shown.crumbs({"label": provider.name}),
    }
    return pages.render(request, "learning/providers/detail.html", context)


def _balance(user: User, provider: Provider, year: int) -> Balance | None:
    """A centre's money of a year, for who may read it."""
    if provider.kind != founding.CENTRE or not accounts.may(user, Permission.MONEY_READ, at=provider.unit):
        return None
    return money.sums_by_line([provider], year)


def _successions(user: User, rows: list[Any], decides: bool, *, before: bool) -> list[dict[str, Any]]:
    """What went into a body, or into what it went, each with whether the reader may open and take it back."""
    told_rows = []
    for row in rows:
        other = row.before if before else row.after
        seen = accounts.may(user, Permission.LEARNING_READ, at=other.unit)
        may_undo = decides and access.may_decide(user, other.kind, at=other.unit)
        told_rows.append({"row": row, "other": other, "is_seen": seen, "may_undo": may_undo})
    return told_rows


@require_http_methods(_ANYWHERE)
def provider_new(request: UserRequest) -> HttpResponse:
    """Enter a body in the register."""
    accounts.require_somewhere(request.user, Permission.PROVIDER_FOUND)
    unit = _place(request)
    initial = {"kind": founding.CENTRE, "unit": unit.key if unit else "", "is_public": True}
    form = forms.ProviderForm(shown.sent(request), initial=initial)
    if unit is not None:
        form.fields["unit"].know([unit])  # type: ignore[attr-defined]  # a UnitField
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.found_provider(by=request.user, **form.cleaned_data))
        if made:
            messages.success(request, _("Đã ghi “%(name)s” vào danh bạ.") % {"name": made.name})
            return redirect(made)
    title = _("Thêm cơ sở học tập")
    return _form_page(request, form, title=title, back=reverse("learning:provider-list"))


def _place(request: UserRequest) -> Unit | None:
    """Where a new body most likely stands: the commune asked for, or the only one at which the user founds."""
    asked = places.unit_or_none(request.GET.get("unit", ""))
    if asked is not None:
        return asked
    scopes = accounts.scopes(request.user, Permission.PROVIDER_FOUND)
    return scopes[0] if len(scopes) == 1 and scopes[0].level == "commune" else None


@require_http_methods(_ANYWHERE)
def provider_edit(request: UserRequest, key: str) -> HttpResponse:
    """Tell a body anew; what was decided about a centre is shown to whoever decides."""
    provider = selectors.provider_by_key(request.user, key)
    access.require_editing(request.user, provider)
    decides = provider.kind != founding.CENTRE or access.may_decide(request.user, provider.kind, at=provider.unit)
    initial = forms.provider_initial(provider)
    form = forms.ProviderForm(shown.sent(request), provider=provider, decides=decides, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, lambda: services.edit_provider(by=request.user, provider=provider, **form.cleaned_data))
        if saved:
            messages.success(request, _("Đã lưu thông tin của cơ sở."))
            return redirect(saved)
    title = _("Sửa thông tin")
    return _form_page(request, form, title=title, back=provider.get_absolute_url(), provider=provider)


def _form_page(
    request: UserRequest, form: forms.ProviderForm, *, title: str, back: str, provider: Provider | None = None
) -> HttpResponse:
    who = founding.competence(founding.CENTRE, on=clock.today())
    context = {
        "title": title,
        "form": form,
        "provider": provider,
        "competence": {"body": in_words(who.body), "source": in_words(who.source)} if who else None,
        "submit_label": _("Lưu"),
        "cancel_url": back,
        "crumbs": shown.crumbs_at(provider, title) if provider else shown.crumbs({"label": title}),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "learning/providers/edit.html", context, status=status)


@require_http_methods(_ANYWHERE)
def provider_end(request: UserRequest, key: str) -> HttpResponse:
    """Say from which day on a body is no more."""
    provider = selectors.provider_by_key(request.user, key)
    access.require_deciding(request.user, provider.kind, at=provider.unit)
    form = forms.EndForm(shown.sent(request), initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.end_provider(by=request.user, provider=provider, **form.cleaned_data))
        if done:
            messages.success(request, _("Đã ghi ngày kết thúc của cơ sở."))
            return redirect(done)
    title = _("Kết thúc cơ sở")
    context = {
        "title": title,
        "question": _("Kết thúc “%(name)s”?") % {"name": provider.name},
        "consequence": _("Người đang giữ vị trí thôi giữ từ ngày này. Lớp, lượt học và lịch sử được giữ nguyên."),
        "form": form,
        "submit_label": title,
        "cancel_url": provider.get_absolute_url(),
        "danger": True,
        "crumbs": shown.crumbs_at(provider, title),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/confirm.html", context, status=status)


@require_http_methods(_ANYWHERE)
def provider_upload(request: UserRequest) -> HttpResponse:
    """Bodies from a workbook: all or none, unless it is accepted that only what is right is taken."""
    accounts.require_somewhere(request.user, Permission.PROVIDER_FOUND)
    form = forms.ProvidersFileForm(shown.sent(request), request.FILES or None)
    taken: Taken | None = None
    if request.method == "POST" and form.is_valid():
        file, only_right = form.cleaned_data["file"], form.cleaned_data["only_right"]
        taken = attempt(form, lambda: _take_in(request, file, only_right=only_right))
        if taken and (taken.written or taken.same or not taken.wrongs):
            words = {"written": taken.written, "same": taken.same, "wrong": len({one.row for one in taken.wrongs})}
            said = _("Đã nhập %(written)d cơ sở; %(same)d không đổi; %(wrong)d dòng sai được bỏ qua.")
            messages.success(request, said % words)
            if not taken.wrongs:
                return redirect("learning:provider-list")
    title = _("Nhập cơ sở từ tệp")
    context = {
        "title": title,
        "lead": _("Tải danh mục về, sửa hoặc thêm dòng rồi gửi lại. Ô nào sai được nêu theo trang tính, dòng, cột."),
        "form": form,
        "wrongs": taken.wrongs[:SHOWN_WRONGS] if taken else [],
        "number_of_wrongs": len(taken.wrongs) if taken else 0,
        "is_written": bool(taken and taken.written),
        "submit_label": _("Nhập tệp"),
        "cancel_url": reverse("learning:provider-list"),
        "crumbs": shown.crumbs({"label": title}),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or (taken and taken.wrongs) else HTTPStatus.OK
    return pages.render(request, "learning/providers/upload.html", context, status=status)


def _take_in(request: UserRequest, file: Any, *, only_right: bool) -> Taken:
    return intake.take_in_providers(by=request.user, content=file.read(), name=file.name or "", only_right=only_right)


urlpatterns = [
    path("learning/providers/", provider_list, name="provider-list"),
    path("learning/providers/download/", provider_download, name="provider-download"),
    path("learning/providers/upload/", provider_upload, name="provider-upload"),
    path("learning/providers/new/", provider_new, name="provider-new"),
    path("learning/providers/<slug:key>/", provider_detail, name="provider-detail"),
    path("learning/providers/<slug:key>/edit/", provider_edit, name="provider-edit"),
    path("learning/providers/<slug:key>/end/", provider_end, name="provider-end"),
]

"""Reorganisations of units: prepared, tried, approved by a second person, carried out, taken back.

What is decided is open to everybody who reads the register; what is being prepared, and what an event touches (people
and their work), only to those who prepare or approve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold, write_date, write_number
from hieuhoc.registers.accounts import access, forms, selectors, services
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.views.request import UserRequest, chosen
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places import services as register
from hieuhoc.registers.places.selectors import rows as words

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Reorganisation

PREPARE, APPROVE = Permission.REORGANISATION_PREPARE, Permission.REORGANISATION_APPROVE
DECIDED = ("approved", "executed")
SHAPES = {"draft": "neutral", "submitted": "wait", "approved": "due", "executed": "done", "discarded": "returned"}
SHOWN_LINES = 30
_TRIAL_KEPT = 600  # seconds


@require_safe
def reorganisation_list(request: UserRequest) -> HttpResponse:
    access.require_somewhere(request.user, Permission.UNIT_READ)
    found = places.reorganisations().order_by("-effective_on", "-pk")
    seen = Q(state__in=DECIDED)
    if _takes_part(request):
        seen |= Q(prepared_by__in=access.overseen(request.user, PREPARE, APPROVE, of=PREPARE))
    found = found.filter(seen)
    context = {
        "page": pages.page_of(request, found),
        "shapes": SHAPES,
        "may_prepare": access.may_in_a_province(request.user, PREPARE),
        "crumbs": _crumbs(),
        "shipped": _shipped_form(request),
    }
    return pages.render(request, "accounts/units/reorganisation_list.html", context)


@require_safe
def reorganisation_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The event, its rows, and what may be done with it now."""
    event = _event(request, pk)
    text = request.GET.get("q", "")
    whole = places.rows_of(event)
    rows = [row for row in whole if _holds(row, text)]
    page = pages.page_of(request, rows)
    may_prepare, may_approve = (access.may_in_a_province(request.user, one) for one in (PREPARE, APPROVE))
    is_own = event.prepared_by == request.user.actor_key
    context = {
        "event": event,
        "eve": event.effective_on - timedelta(days=1),
        "shape": SHAPES[event.state],
        "q": text,
        "page": page,
        "named": {row.target: row.target_name for row in whole if row.target_name},
        "befores": _names_before(event, page),
        "afters": _names_after(event, page),
        "acts": dict(words.act_choices()),
        "kinds": dict(places.kind_choices()),
        "takes_part": may_prepare or may_approve,
        "may_prepare": may_prepare,
        "may_write": may_prepare and event.state == "draft",
        "may_approve": may_approve and event.state == "submitted" and not is_own,
        "waits_for_another": event.state == "submitted" and is_own,
        "may_return": (may_prepare or may_approve) and event.state in ("submitted", "approved"),
        "may_execute": may_prepare and event.state == "approved" and event.effective_on <= clock.today(),
        "may_take_back": may_prepare and event.state == "executed",
        "sorts": _sorts(event.account) if may_prepare or may_approve else [],
        "lines": selectors.told(trail.history(event)[:SHOWN_LINES]) if may_prepare or may_approve else [],
        "crumbs": _crumbs(event.title),
    }
    fragment = "accounts/units/_rows.html"
    return pages.render(request, "accounts/units/reorganisation_detail.html", context, fragment=fragment)


@require_safe
def reorganisation_print(request: UserRequest, pk: int) -> HttpResponse:
    event = _event(request, pk)
    rows = places.rows_of(event)
    context = {
        "event": event,
        "rows": rows,
        "befores": _names_before(event, rows),
        "afters": _names_after(event, rows),
        "acts": dict(words.act_choices()),
        "kinds": dict(places.kind_choices()),
        "title": event.title,
    }
    return pages.render(request, "accounts/units/reorganisation_print.html", context)


def reorganisation_create(request: UserRequest) -> HttpResponse:
    access.require_of_a_province(request.user, PREPARE)
    form = forms.ReorganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        event = forms.attempt(form, lambda: services.prepare_reorganisation(by=request.user, **form.cleaned_data))
        if event:
            messages.success(request, _("Đã tạo cuộc sắp xếp. Bây giờ hãy thêm các dòng, hoặc tải tệp lên."))
            return redirect("units:reorganisation-detail", pk=event.pk)
    title = _("Soạn cuộc sắp xếp")
    return _form_page(request, form, title=title, label=_("Tạo"), back=reverse("units:reorganisation-list"))


def reorganisation_edit(request: UserRequest, pk: int) -> HttpResponse:
    event = _own(request, pk, PREPARE)
    initial = {name: getattr(event, name) for name in forms.ReorganisationForm.base_fields}
    form = forms.ReorganisationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = forms.attempt(form, lambda: services.change_reorganisation(by=request.user, event=event, **given))
        if done:
            messages.success(request, _("Đã lưu."))
            return redirect("units:reorganisation-detail", pk=event.pk)
    return _form_page(request, form, title=_("Sửa thông tin"), label=_("Lưu"), back=_page_of(event), event=event)


# ---- what it would do, and what it did ---------------------------------------------------------------


@require_safe
def reorganisation_trial(request: UserRequest, pk: int) -> HttpResponse:
    """The dry run: what is wrong, or what it touches; each sort of thing opens into its lines."""
    event = _own(request, pk, PREPARE, APPROVE)
    services.require_scope(request.user, event)
    if event.state == "executed":
        return _touched_page(request, event, event.account, problems=[], title=_("Đã tác động tới"))
    trial = _trial(event)
    return _touched_page(request, event, trial.lines, problems=trial.problems, title=_("Chạy thử"))


def _trial(event: Reorganisation) -> register.Trial:
    """Tried once for as long as nobody does anything in the house: turning a page does not try it again."""
    key = f"reorganisation-trial-{event.pk}-{trail.last_digest()}-{clock.today().isoformat()}"
    trial: register.Trial | None = cache.get(key)
    if trial is None:
        trial = register.try_reorganisation(event)
        cache.set(key, trial, _TRIAL_KEPT)
    return trial


def _touched_page(
    request: UserRequest, event: Reorganisation, lines: Sequence[dict[str, Any]], *, problems: Sequence[Any], title: str
) -> HttpResponse:
    sort, text = request.GET.get("sort", ""), request.GET.get("q", "")
    asked = fold(text).split()
    shown = [line for line in lines if (not sort or line["sort"] == sort) and _mentions(line, asked)]
    sorts = _sorts(lines)
    options = [(one["name"], f"{one['label']} ({write_number(one['count'])})") for one in sorts]
    context = {
        "event": event,
        "title": title,
        "is_done": event.state == "executed",
        "problems": problems[:200],
        "number_of_problems": len(problems),
        "sorts": sorts,
        "sort": sort,
        "q": text,
        "selects": [{"name": "sort", "label": _("Loại"), "options": chosen(options, sort, any_label=_("Tất cả"))}],
        "page": pages.page_of(request, [_in_words(line) for line in shown]),
        "may_submit": event.state == "draft" and access.may_in_a_province(request.user, PREPARE),
        "crumbs": _crumbs(title, event=event),
    }
    fragment = "accounts/units/_touched.html"
    return pages.render(request, "accounts/units/reorganisation_trial.html", context, fragment=fragment)


def _in_words(line: dict[str, Any]) -> dict[str, Any]:
    fate = " ".join(filter(None, [in_words(line["fate"]), line.get("detail", "")]))
    return line | {"sort": in_words(line["sort"]), "fate": fate}


def _mentions(line: dict[str, Any], asked: Sequence[str]) -> bool:
    told = fold(" ".join((line["name"], line["unit"], line["heir"], line["fate"])))
    return all(word in told for word in asked)


def _sorts(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many things of each sort an event touches, in the order in which it did."""
    counts: dict[str, int] = {}
    for line in lines:
        counts[line["sort"]] = counts.get(line["sort"], 0) + 1
    return [{"name": sort, "label": in_words(sort), "count": count} for sort, count in counts.items()]


# ---- from state to state -----------------------------------------------------------------------------


def reorganisation_submit(request: UserRequest, pk: int) -> HttpResponse:
    event = _own(request, pk, PREPARE)
    return _deed_page(
        request,
        event,
        deed=lambda _form: services.submit_reorganisation(by=request.user, event=event),
        title=_("Trình duyệt"),
        consequence=_("Sau khi trình, các dòng không sửa được nữa; người duyệt có thể trả lại kèm lý do."),
        done=_("Đã trình duyệt. Một người thứ hai, có vai trò lãnh đạo tỉnh, sẽ duyệt."),
    )


def reorganisation_approve(request: UserRequest, pk: int) -> HttpResponse:
    event = _own(request, pk, APPROVE)
    at_once = event.effective_on <= clock.today()
    later = _("Hãy xem Chạy thử trước. Việc sắp xếp sẽ tự thực hiện vào ngày có hiệu lực %(day)s.")
    return _deed_page(
        request,
        event,
        deed=lambda _form: services.approve_reorganisation(by=request.user, event=event),
        title=_("Duyệt và thực hiện") if at_once else _("Duyệt"),
        consequence=_(
            "Ngày có hiệu lực đã đến nên việc sắp xếp được thực hiện ngay, trong một lần, có thể mất một phút."
        )
        if at_once
        else later % {"day": write_date(event.effective_on)},
        done=_("Đã duyệt."),
    )


def reorganisation_return(request: UserRequest, pk: int) -> HttpResponse:
    event = _own(request, pk, PREPARE, APPROVE)
    return _deed_page(
        request,
        event,
        form=forms.WhyForm(request.POST or None),
        deed=lambda form: services.return_reorganisation(by=request.user, event=event, why=form.cleaned_data["why"]),
        title=_("Trả lại"),
        consequence=_("Cuộc sắp xếp trở về bản soạn; người soạn thấy lý do."),
        done=_("Đã trả lại để soạn tiếp."),
    )


def reorganisation_execute(request: UserRequest, pk: int) -> HttpResponse:
    event = _own(request, pk, PREPARE)
    return _deed_page(
        request,
        event,
        deed=lambda _form: services.execute_reorganisation(by=request.user, event=event),
        title=_("Thực hiện"),
        consequence=_("Mọi thay đổi được ghi trong một lần, từ ngày có hiệu lực. Có thể mất một phút."),
        done=_("Đã thực hiện."),
    )


def reorganisation_take_back(request: UserRequest, pk: int) -> HttpResponse:
    event = _own(request, pk, PREPARE)
    return _deed_page(
        request,
        event,
        form=forms.WhyForm(request.POST or None),
        deed=lambda form: services.take_back_reorganisation(by=request.user, event=event, why=form.cleaned_data["why"]),
        title=_("Lùi lại"),
        danger=True,
        consequence=_("Đơn vị, vai trò và việc trở lại như trước ngày có hiệu lực. Chỉ được khi chưa có gì làm tiếp."),
        done=_("Đã lùi lại; cuộc sắp xếp trở về bản soạn."),
    )


def reorganisation_discard(request: UserRequest, pk: int) -> HttpResponse:
    event = _own(request, pk, PREPARE)
    return _deed_page(
        request,
        event,
        deed=lambda _form: services.discard_reorganisation(by=request.user, event=event),
        title=_("Bỏ bản soạn"),
        danger=True,
        consequence=_("Bản soạn được cất đi và có thể lấy lại."),
        done=_("Đã bỏ bản soạn."),
    )


@require_POST
def reorganisation_restore(request: UserRequest, pk: int) -> HttpResponse:
    event = services.restore_reorganisation(by=request.user, event=_own(request, pk, PREPARE))
    messages.success(request, _("Đã lấy lại bản soạn."))
    return redirect("units:reorganisation-detail", pk=event.pk)


# ---- the demonstration ---------------------------------------------------------------------------------


@require_POST
def reorganisation_shipped(request: UserRequest) -> HttpResponse:
    """Leads the demonstration through the real reorganisations; elsewhere there is no such page."""
    form = _shipped_form(request)
    if form is None or not form.is_valid():
        raise Missing(_("Không tìm thấy trang này trong phạm vi của bạn."))
    until = form.cleaned_data["until"]
    done = services.execute_shipped(by=request.user, until=until)
    words_of = {"count": len(done), "day": write_date(until)}
    messages.success(request, _("Bản trình diễn đã đi qua %(count)d cuộc sắp xếp và đang ở ngày %(day)s.") % words_of)
    url = reverse("units:reorganisation-list")
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _shipped_form(request: UserRequest) -> forms.ShippedForm | None:
    """Only in a demonstration, for whoever prepares, and while there is a real event ahead."""
    if not settings.DEMONSTRATION or not access.may_in_a_province(request.user, PREPARE):
        return None
    today = clock.today()
    ahead = [(one.effective_on, one.title) for one in register.shipped_events() if one.effective_on > today]
    return forms.ShippedForm(request.POST or None, events=ahead) if ahead else None


# ---- what several of them need -------------------------------------------------------------------------


def _takes_part(request: UserRequest) -> bool:
    return any(access.may_in_a_province(request.user, one) for one in (PREPARE, APPROVE))


def _event(request: UserRequest, pk: int) -> Reorganisation:
    """An event that the user may see: a decided one, or one of their province for those who prepare or approve."""
    access.require_somewhere(request.user, Permission.UNIT_READ)
    event = places.reorganisation(pk)
    if event.state not in DECIDED and not (
        _takes_part(request) and event.prepared_by in access.overseen(request.user, PREPARE, APPROVE, of=PREPARE)
    ):
        raise Missing(_("Không tìm thấy cuộc sắp xếp này."))
    return event


def _own(request: UserRequest, pk: int, *permissions: Permission) -> Reorganisation:
    """An event for those who may do one of these with it; who may do none is refused before it is looked for."""
    if not any(access.may_in_a_province(request.user, permission) for permission in permissions):
        access.require_of_a_province(request.user, permissions[0])
    event = places.reorganisation(pk)
    services.require_own(request.user, event, *permissions)
    return event


def _names_before(event: Reorganisation, rows: Iterable[Any]) -> dict[str, tuple[str, str]]:
    """What the codes of the left side are called on the eve of the event."""
    return words.names_of([row.source for row in rows], on=event.effective_on - timedelta(days=1))


def _names_after(event: Reorganisation, rows: Iterable[Any]) -> dict[str, tuple[str, str]]:
    """What the codes of the right side are called from the day of the event, once it is carried out."""
    return words.names_of([row.target for row in rows], on=event.effective_on) if event.state == "executed" else {}


def _holds(row: Any, text: str) -> bool:
    told = fold(" ".join((row.source, row.source_name, row.target, row.target_name, row.note)))
    return all(word in told for word in fold(text).split())


def _page_of(event: Reorganisation) -> str:
    return reverse("units:reorganisation-detail", args=[event.pk])


def _crumbs(title: str = "", *, event: Reorganisation | None = None) -> list[dict[str, str]]:
    listed = reverse("units:reorganisation-list")
    found = [{"label": _("Đơn vị"), "url": reverse("units:list")}]
    found.append({"label": _("Sắp xếp đơn vị"), "url": listed} if title else {"label": _("Sắp xếp đơn vị")})
    if event is not None:
        found.append({"label": event.title, "url": _page_of(event)})
    return [*found, {"label": title}] if title else found


def _deed_page(
    request: UserRequest,
    event: Reorganisation,
    *,
    deed: Callable[[django_forms.Form], Any],
    title: str,
    consequence: str,
    done: str,
    form: django_forms.Form | None = None,
    danger: bool = False,
) -> HttpResponse:
    """Ask before an event moves on; what stops it is said on the same page."""
    form = form or django_forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and forms.attempt(form, lambda: deed(form)):
        messages.success(request, done)
        return redirect("units:reorganisation-detail", pk=event.pk)
    context = {
        "form": form,
        "title": title,
        "danger": danger,
        "submit_label": title,
        "crumbs": _crumbs(title, event=event),
        "cancel_url": _page_of(event),
        "question": f"{title}: {event.title}?",
        "consequence": consequence,
    }
    return pages.render(request, "ui/pages/confirm.html", context, status=422 if form.errors else 200)


def _form_page(
    request: UserRequest,
    form: django_forms.Form,
    *,
    title: str,
    label: str,
    back: str,
    event: Reorganisation | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": event.title if event else "",
        "crumbs": _crumbs(title, event=event),
        "submit_label": label,
        "cancel_url": back,
    }
    return pages.render(request, "ui/pages/form.html", context, status=422 if form.errors else 200)

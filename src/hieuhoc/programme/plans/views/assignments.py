"""Pages for the desk, an assignment and its moves, evidence, comments, reminders, the calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hieuhoc.foundation.records import attachments, clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.programme.plans import access, rules, selectors, services
from hieuhoc.programme.plans.documents.calendar import calendar_text
from hieuhoc.programme.plans.forms import assignments as forms
from hieuhoc.programme.plans.models import Assignment, Evidence
from hieuhoc.programme.plans.views.shown import select
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.selectors import told
from hieuhoc.registers.places import selectors as places

PER_PAGE = 40


def _with_standing(found: Any) -> list[tuple[Assignment, rules.Standing]]:
    today = clock.today()
    return [(one, rules.standing(one.state, due_on=one.due_on, on=today)) for one in found]


@require_safe
def desk(request: UserRequest) -> HttpResponse:
    """What the user must do: late, soon due, returned, to be taken on, waiting for the user's word."""
    today = clock.today()
    pile = selectors.desk(request.user, on=today)
    work = reverse("plans:assignment-list")
    sections = [
        ("late", _("Trễ hạn"), pile.late),
        ("soon", _("Đến hạn trong 7 ngày"), pile.soon),
        ("returned", _("Bị trả lại"), pile.returned),
        ("waiting", _("Chờ tôi xác nhận"), pile.waiting),
        ("unaccepted", _("Mới giao, chưa nhận"), pile.unaccepted),
        ("underway", _("Đang thực hiện"), pile.later),
    ]
    counts = pile.counts | {"underway": pile.counts["later"]}
    context = {
        "today": today,
        "counts": counts,
        "sections": [
            {
                "name": name,
                "title": title,
                "rows": _with_standing(rows),
                "count": counts[name],
                "more": counts[name] - len(rows),
                "url": f"{work}?pile={name}",
            }
            for name, title, rows in sections
            if rows
        ],
        "obstacles": pile.obstacles,
        "drafts": selectors.drafts(request.user)[:5],
        "nearest": next((one.due_on for one in (*pile.soon, *pile.later) if one.due_on), None),
        "work_url": work,
    }
    return pages.render(request, "plans/desk.html", context)


PILES = (
    ("", "Đang mở"),
    ("late", "Trễ hạn"),
    ("soon", "Đến hạn trong 7 ngày"),
    ("returned", "Bị trả lại"),
    ("unaccepted", "Mới giao, chưa nhận"),
    ("underway", "Đang thực hiện"),
    ("sent", "Đã báo hoàn thành"),
    ("done", "Hoàn thành"),
    ("waiting", "Chờ tôi xác nhận"),
)


@require_safe
def assignment_list(request: UserRequest) -> HttpResponse:
    """All of the user's own work, narrowed."""
    pile, words, unit = (request.GET.get(name, "") for name in ("pile", "q", "unit"))
    found = selectors.find_assignments(request.user, pile=pile, words=words, unit=unit, on=clock.today())
    page = pages.page_of(request, found, per_page=PER_PAGE)
    context = {
        "page": page,
        "rows": _with_standing(page.object_list),
        "q": words,
        "selects": [select("pile", _("Việc"), [(value, _(label)) for value, label in PILES], pile)],
        "is_narrowed": bool(pile or words or unit),
        "pile": pile,
    }
    return pages.render(request, "plans/assignment_list.html", context, fragment="plans/_assignment_rows.html")


def _forms(user: Any, assignment: Assignment) -> dict[str, Form]:
    """The deeds that this user may do on this assignment now, each with its form."""
    possible = dict.fromkeys(access.possible_deeds(user, assignment), True)
    made: dict[str, Form] = {}
    if "report" in possible:
        made["report"] = forms.ProgressForm(initial={"percent": assignment.percent})
    if "evidence" in possible:
        made["evidence"] = forms.EvidenceForm()
    if "comment" in possible:
        made["comment"] = forms.CommentForm()
    if "return" in possible:
        made["return"] = forms.ReturnForm()
    if "cancel" in possible:
        made["cancel"] = forms.CancelForm()
    if "reinstate" in possible:
        made["reinstate"] = forms.CancelForm()
    if "set_due" in possible:
        made["due"] = forms.DueForm(initial={"due_on": assignment.due_on})
    if "hand_over" in possible:
        made["hand_over"] = forms.HandOverForm()
    return made


def _page(
    request: UserRequest, assignment: Assignment, *, filled: dict[str, Form] | None = None, status: int = 200
) -> HttpResponse:
    """The page of one assignment; `filled` brings back a form that was not accepted."""
    today = clock.today()
    plan = assignment.plan
    context = {
        "assignment": assignment,
        "task": assignment.task,
        "plan": plan,
        "title": assignment.task.text if len(assignment.task.text) <= 110 else f"{assignment.task.text[:108]}…",
        "crumbs": [
            {"label": _("Việc của tôi"), "url": reverse("plans:desk")},
            {"label": str(plan), "url": plan.get_absolute_url()},
            {"label": assignment.task.code, "url": assignment.task.get_absolute_url()},
        ],
        "standing": rules.standing(assignment.state, due_on=assignment.due_on, on=today),
        "deeds": access.possible_deeds(request.user, assignment),
        "forms": _forms(request.user, assignment) | (filled or {}),
        "reports": assignment.reports.select_related("by")[:20],
        "evidence": selectors.evidence_of(assignment),
        "removed": selectors.removed_evidence_of(assignment),
        "comments": assignment.comments.select_related("by"),
        "obstacles": assignment.obstacles.order_by("-raised_at"),
        "may_raise": plan.state == "issued" and access.may_raise(request.user, assignment),
        "agencies": assignment.task.agencies.select_related("unit"),
        "turns": selectors.other_turns(assignment),
        "history": [asdict(line) for line in told(trail.history(assignment)[:40])],
    }
    return pages.render(request, "plans/assignment_detail.html", context, status=status)


@require_safe
def assignment_detail(request: UserRequest, key: int) -> HttpResponse:
    """One assignment: the task, how far it is, what proves it, what blocks it, and what may be done now."""
    return _page(request, selectors.assignment_by_key(request.user, key))


def _do(
    request: UserRequest,
    key: int,
    *,
    slot: str,
    form: Form | None,
    act: Callable[[Assignment, dict[str, Any]], object],
    said: str,
) -> HttpResponse:
    """One deed on an assignment: the form is checked, the service called, the page shown again."""
    assignment = selectors.assignment_by_key(request.user, key)
    if form is not None and not form.is_valid():
        return _page(request, assignment, filled={slot: form}, status=422)
    try:
        act(assignment, form.cleaned_data if form is not None else {})
    except Invalid as error:
        if form is None:
            raise
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return _page(request, assignment, filled={slot: form}, status=422)
    messages.success(request, said)
    desk_url = reverse("plans:desk")
    return redirect(desk_url if request.POST.get("next") == desk_url else assignment)


def _seen(request: UserRequest) -> str | None:
    """The state in which the user saw the assignment: of two people who press at once, one is told."""
    return request.POST.get("seen") or None


@require_POST
def assignment_accept(request: UserRequest, key: int) -> HttpResponse:
    """Take the work on."""
    return _do(
        request,
        key,
        slot="accept",
        form=None,
        act=lambda one, _data: services.accept_assignment(by=request.user, assignment=one, seen=_seen(request)),
        said=_("Đã nhận việc."),
    )


@require_POST
def assignment_report(request: UserRequest, key: int) -> HttpResponse:
    """Report progress, or that it is finished."""
    form = forms.ProgressForm(request.POST)
    return _do(
        request,
        key,
        slot="report",
        form=form,
        act=lambda one, data: services.report_progress(by=request.user, assignment=one, seen=_seen(request), **data),
        said=_("Đã báo tiến độ."),
    )


@require_POST
def assignment_withdraw(request: UserRequest, key: int) -> HttpResponse:
    """Take back the word that it is finished."""
    return _do(
        request,
        key,
        slot="withdraw",
        form=None,
        act=lambda one, _data: services.withdraw_completion(by=request.user, assignment=one, seen=_seen(request)),
        said=_("Đã rút báo hoàn thành; việc lại đang thực hiện."),
    )


@require_POST
def assignment_confirm(request: UserRequest, key: int) -> HttpResponse:
    """Confirm that it is finished."""
    return _do(
        request,
        key,
        slot="confirm",
        form=None,
        act=lambda one, _data: services.confirm_assignment(by=request.user, assignment=one, seen=_seen(request)),
        said=_("Đã xác nhận hoàn thành."),
    )


@require_POST
def assignment_return(request: UserRequest, key: int) -> HttpResponse:
    """Send it back with what is missing."""
    return _do(
        request,
        key,
        slot="return",
        form=forms.ReturnForm(request.POST),
        act=lambda one, data: services.return_assignment(by=request.user, assignment=one, seen=_seen(request), **data),
        said=_("Đã trả lại và báo cho cơ quan thực hiện."),
    )


@require_POST
def assignment_cancel(request: UserRequest, key: int) -> HttpResponse:
    """Free the agency of the work."""
    return _do(
        request,
        key,
        slot="cancel",
        form=forms.CancelForm(request.POST),
        act=lambda one, data: services.cancel_assignment(by=request.user, assignment=one, seen=_seen(request), **data),
        said=_("Đã hủy việc."),
    )


@require_POST
def assignment_reinstate(request: UserRequest, key: int) -> HttpResponse:
    """Give cancelled work back."""
    return _do(
        request,
        key,
        slot="reinstate",
        form=forms.CancelForm(request.POST),
        act=lambda one, data: services.reinstate_assignment(
            by=request.user, assignment=one, seen=_seen(request), **data
        ),
        said=_("Đã giao lại việc."),
    )


@require_POST
def assignment_due(request: UserRequest, key: int) -> HttpResponse:
    """Set or move the due date."""
    return _do(
        request,
        key,
        slot="due",
        form=forms.DueForm(request.POST),
        act=lambda one, data: services.set_due(by=request.user, assignment=one, **data),
        said=_("Đã đặt hạn."),
    )


@require_POST
def assignment_hand_over(request: UserRequest, key: int) -> HttpResponse:
    """Pass the work on to another agency."""

    def act(one: Assignment, data: dict[str, Any]) -> object:
        try:
            unit = places.unit_by_key(data["unit"])
        except Missing as error:
            raise Invalid(_("Hãy chọn một cơ quan trong danh mục."), field="unit") from error
        return services.hand_over(by=request.user, assignment=one, to=unit, why=data["why"], seen=_seen(request))

    assignment = selectors.assignment_by_key(request.user, key)
    form = forms.HandOverForm(request.POST)
    if form.is_valid():
        try:
            act(assignment, form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field or None, error.sentence)
        else:
            messages.success(request, _("Đã chuyển việc và báo cho cơ quan nhận."))
            return redirect(assignment.task)
    return _page(request, assignment, filled={"hand_over": form}, status=422)


@require_POST
def assignment_comment(request: UserRequest, key: int) -> HttpResponse:
    """Write a word."""
    return _do(
        request,
        key,
        slot="comment",
        form=forms.CommentForm(request.POST),
        act=lambda one, data: services.add_comment(by=request.user, assignment=one, **data),
        said=_("Đã gửi ý kiến."),
    )


@require_POST
def assignment_evidence(request: UserRequest, key: int) -> HttpResponse:
    """Add a file or an address."""

    def act(one: Assignment, data: dict[str, Any]) -> object:
        file = data["file"]
        return services.add_evidence(
            by=request.user,
            assignment=one,
            title=data["title"],
            content=file.read() if file else None,
            name=file.name if file else "",
            link=data["link"],
        )

    form = forms.EvidenceForm(request.POST, request.FILES)
    return _do(request, key, slot="evidence", form=form, act=act, said=_("Đã thêm minh chứng."))


@require_safe
def evidence_file(request: UserRequest, key: int) -> FileResponse:
    """The file of a piece of evidence, as a download."""
    return attachments.response(selectors.evidence_file(request.user, key))


def _on_evidence(request: UserRequest, key: int, deed: Callable[..., Evidence], said: str) -> HttpResponse:
    evidence = selectors.evidence_by_key(request.user, key, removed_too=True)
    deed(by=request.user, evidence=evidence)
    messages.success(request, said)
    return redirect(evidence.assignment)


@require_POST
def evidence_remove(request: UserRequest, key: int) -> HttpResponse:
    """Take a piece of evidence away."""
    return _on_evidence(request, key, services.remove_evidence, _("Đã gỡ minh chứng. Có thể lấy lại ở cuối danh sách."))


@require_POST
def evidence_restore(request: UserRequest, key: int) -> HttpResponse:
    """Put a piece of evidence back."""
    return _on_evidence(request, key, services.restore_evidence, _("Đã lấy lại minh chứng."))


def reminder_list(request: UserRequest) -> HttpResponse:
    """What is late in the plans that the user follows: choose some, or all, and remind."""
    today = clock.today()
    plan = request.GET.get("plan", "")
    found = selectors.overdue(request.user, on=today)
    if plan.isdecimal():
        found = found.filter(plan=int(plan))
    if request.method == "POST":
        return _remind(request, found)
    page = pages.page_of(request, found, per_page=PER_PAGE)
    plans = selectors.plans(request.user).filter(state="issued")
    context = {
        "page": page,
        "rows": _with_standing(page.object_list),
        "form": forms.ReminderForm(),
        "total": page.paginator.count,
        "today": today,
        "selects": [
            select("plan", _("Kế hoạch"), [("", _("Tất cả")), *((str(one.pk), str(one)) for one in plans[:100])], plan)
        ],
    }
    return pages.render(request, "plans/reminder_list.html", context, fragment="plans/_reminder_rows.html")


def _remind(request: UserRequest, found: Any) -> HttpResponse:
    chosen = [int(key) for key in request.POST.getlist("assignments") if key.isdecimal()]
    rows = list(found if request.POST.get("all") else found.filter(pk__in=chosen))
    reminded = services.remind(by=request.user, assignments=rows, words=request.POST.get("words", ""))
    messages.success(request, _("Đã đôn đốc %(count)s việc.") % {"count": len(reminded)})
    return redirect("plans:reminder-list")


@login_not_required
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The due dates of a user's agencies, for a calendar program that knows the secret address."""
    user = selectors.calendar_of(token)
    if user is None:
        raise Missing(_("Địa chỉ lịch này không còn dùng."))
    open_work = selectors.find_assignments(user, on=clock.today()).exclude(due_on=None)
    text = calendar_text(list(open_work[:2000]), now=clock.now(), address=settings.PUBLIC_ADDRESS)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="hieuhoc.ics"'
    return response


def calendar_settings(request: UserRequest) -> HttpResponse:
    """The user's calendar address, and a new one when the old has been seen by others."""
    if request.method == "POST":
        services.renew_calendar(by=request.user)
        messages.success(request, _("Đã tạo địa chỉ lịch mới. Địa chỉ cũ không còn dùng."))
        return redirect("plans:calendar-settings")
    feed = selectors.calendar_feed(request.user)
    address = f"{settings.PUBLIC_ADDRESS}{reverse('plans:calendar', args=[feed.token])}" if feed else ""
    return pages.render(request, "plans/calendar_settings.html", {"address": address})


urlpatterns = [
    path("", desk, name="desk"),
    path("assignments/", assignment_list, name="assignment-list"),
    path("assignments/<int:key>/", assignment_detail, name="assignment-detail"),
    path("assignments/<int:key>/accept/", assignment_accept, name="assignment-accept"),
    path("assignments/<int:key>/report/", assignment_report, name="assignment-report"),
    path("assignments/<int:key>/withdraw/", assignment_withdraw, name="assignment-withdraw"),
    path("assignments/<int:key>/confirm/", assignment_confirm, name="assignment-confirm"),
    path("assignments/<int:key>/return/", assignment_return, name="assignment-return"),
    path("assignments/<int:key>/cancel/", assignment_cancel, name="assignment-cancel"),
    path("assignments/<int:key>/reinstate/", assignment_reinstate, name="assignment-reinstate"),
    path("assignments/<int:key>/hand-over/", assignment_hand_over, name="assignment-hand-over"),
    path("assignments/<int:key>/due/", assignment_due, name="assignment-due"),
    path("assignments/<int:key>/comment/", assignment_comment, name="assignment-comment"),
    path("assignments/<int:key>/evidence/", assignment_evidence, name="assignment-evidence"),
    path("evidence/<int:key>/file/", evidence_file, name="evidence-file"),
    path("evidence/<int:key>/remove/", evidence_remove, name="evidence-remove"),
    path("evidence/<int:key>/restore/", evidence_restore, name="evidence-restore"),
    path("reminders/", reminder_list, name="reminder-list"),
    path("calendar/", calendar_settings, name="calendar-settings"),
    path("calendar/<str:token>.ics", calendar, name="calendar"),
]

"""Pages for the desk, an assignment and its moves, evidence, comments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from hieuhoc.foundation.records import attachments, clock, trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import fact, select
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.plans import access, rules, selectors, services, states
from hieuhoc.programme.plans.forms import assignments as forms
from hieuhoc.programme.plans.models import Assignment, Evidence, TaskAgency
from hieuhoc.programme.plans.views.shown import agency_facts, shortened, time_facts
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.selectors import told
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

PER_PAGE = 40


def with_standing(found: Iterable[Assignment]) -> list[tuple[Assignment, rules.Standing]]:
    """Each assignment with how it stands today, for its badge."""
    today = clock.today()
    return [(one, rules.standing(one.state, due_on=one.due_on, on=today)) for one in found]


@require_safe
def desk(request: UserRequest) -> HttpResponse:
    """What the user must do: late, soon due, returned, waiting for the user's word, to be taken on."""
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
                "rows": with_standing(rows),
                "count": counts[name],
                "more": counts[name] - len(rows),
                "url": f"{work}?pile={name}",
                "several": SEVERAL.get(name, "") if counts[name] > 1 else "",
            }
            for name, title, rows in sections
            if rows
        ],
        "obstacles": pile.obstacles,
        "drafts": selectors.drafts(request.user)[:5],
        "nearest": next((one.due_on for one in (*pile.soon, *pile.later) if one.due_on), None),
        "work_url": work,
        "reports": access.reports_somewhere(request.user),
    }
    if not context["reports"]:
        context |= _plans_followed(request.user)
    return pages.render(request, "plans/desk.html", context)


def _plans_followed(user: User) -> dict[str, Any]:
    """For whoever reports for no agency: how the running plans stand."""
    running = list(selectors.find_plans(user, state="issued")[:5])
    tallies = selectors.tallies(running, on=clock.today())
    return {
        "plans": [(plan, tallies.get(plan.pk, selectors.Tally())) for plan in running],
        "late_count": sum(tally.late for tally in tallies.values()),
    }


PILES = (
    ("", gettext_lazy("Đang mở")),
    ("late", gettext_lazy("Trễ hạn")),
    ("soon", gettext_lazy("Đến hạn trong 7 ngày")),
    ("returned", gettext_lazy("Bị trả lại")),
    ("unaccepted", gettext_lazy("Mới giao, chưa nhận")),
    ("underway", gettext_lazy("Đang thực hiện")),
    ("sent", gettext_lazy("Đã báo hoàn thành")),
    ("done", gettext_lazy("Hoàn thành")),
    ("waiting", gettext_lazy("Chờ tôi xác nhận")),
)
# Piles in which one deed is done on several pieces of work at once.
SEVERAL = {
    "unaccepted": gettext_lazy("Chọn và nhận nhiều việc"),
    "waiting": gettext_lazy("Chọn và xác nhận nhiều việc"),
}


@require_safe
def assignment_list(request: UserRequest) -> HttpResponse:
    """All of the user's own work, narrowed."""
    pile, words, unit = (request.GET.get(name, "") for name in ("pile", "q", "unit"))
    found = selectors.find_assignments(request.user, pile=pile, words=words, unit=unit, on=clock.today())
    page = pages.page_of(request, found, per_page=PER_PAGE)
    units = selectors.own_units(request.user)
    selects = [select("pile", _("Việc"), PILES, pile)]
    if len(units) > 1:
        named = [("", _("Tất cả")), *((one.key, one.name) for one in units)]
        selects.append(select("unit", _("Cơ quan"), named, unit))
    context = {
        "page": page,
        "rows": with_standing(page.object_list),
        "q": words,
        "selects": selects,
        "crumbs": [{"label": _("Việc của tôi"), "url": reverse("plans:desk")}, {"label": _("Danh sách việc")}],
        "is_narrowed": bool(pile or words or unit),
        "pile": pile,
    }
    return pages.render(request, "plans/assignment_list.html", context, fragment="plans/_assignment_rows.html")


def _on_several(request: UserRequest, deed: Callable[..., tuple[int, int]], *, pile: str, said: str) -> HttpResponse:
    """One deed on all the pieces of work that were chosen."""
    chosen = [int(key) for key in request.POST.getlist("assignments") if key.isdecimal()]
    rows = list(selectors.assignments(request.user).filter(pk__in=chosen))
    here = f"{reverse('plans:assignment-list')}?pile={pile}"
    if not rows:
        messages.warning(request, _("Chưa chọn việc nào. Hãy đánh dấu các việc rồi nhấn nút."))
        return redirect(here)
    done, passed = deed(by=request.user, assignments=rows)
    if done:
        messages.success(request, said % {"count": done})
    if passed:
        messages.warning(request, _("Bỏ qua %(count)s việc vừa được người khác xử lý.") % {"count": passed})
    return redirect(here)


@require_POST
def assignments_accept(request: UserRequest) -> HttpResponse:
    """Take several pieces of work on."""
    return _on_several(request, services.accept_several, pile="unaccepted", said=_("Đã nhận %(count)s việc."))


@require_POST
def assignments_confirm(request: UserRequest) -> HttpResponse:
    """Confirm several pieces of finished work."""
    return _on_several(request, services.confirm_several, pile="waiting", said=_("Đã xác nhận %(count)s việc."))


def _forms(user: User, assignment: Assignment) -> dict[str, forms.DeedForm]:
    """The deeds that this user may do on this assignment now, each with its form."""
    blank: dict[str, Callable[[], forms.DeedForm]] = {
        "report": lambda: forms.ProgressForm(initial={"percent": assignment.percent}),
        "evidence": forms.EvidenceForm,
        "comment": forms.CommentForm,
        "return": forms.ReturnForm,
        "cancel": forms.CancelForm,
        "reinstate": forms.CancelForm,
        "set_due": lambda: forms.DueForm(initial={"due_on": assignment.due_on}),
        "hand_over": forms.HandOverForm,
    }
    return {deed: blank[deed]() for deed in access.possible_deeds(user, assignment) if deed in blank}


def _page(
    request: UserRequest,
    assignment: Assignment,
    *,
    filled: Mapping[str, forms.DeedForm] | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of one assignment; `filled` brings back a form that was not accepted, `trouble` says why."""
    plan, user = assignment.plan, request.user
    standing = rules.standing(assignment.state, due_on=assignment.due_on, on=clock.today())
    entries = list(trail.history(assignment)[:40])
    deeds = access.possible_deeds(user, assignment)
    possible = _forms(user, assignment)
    kept = [words for deed, form in (filled or {}).items() if deed not in possible for words in form.typed()]
    title = shortened(assignment.task.text, most=110)
    agencies = assignment.task.agencies.select_related("unit")
    joined = selectors.joined_work(assignment)
    context = {
        "assignment": assignment,
        "task": assignment.task,
        "plan": plan,
        "title": title,
        "is_cut": title.endswith("…"),
        "crumbs": [
            {"label": _("Việc của tôi"), "url": reverse("plans:desk")},
            {"label": str(plan), "url": plan.get_absolute_url()},
            {"label": assignment.task.code, "url": assignment.task.get_absolute_url()},
            {"label": assignment.unit.short_name or assignment.unit.name},
        ],
        "standing": standing,
        "deeds": deeds,
        "forms": possible | {deed: form for deed, form in (filled or {}).items() if deed in possible},
        "trouble": trouble,
        "kept": kept,
        "returned": next((one.why for one in entries if one.deed == "plans.assignment.return"), ""),
        "reports": assignment.reports.select_related("by")[:20],
        "evidence": selectors.evidence_of(assignment),
        "removed": selectors.removed_evidence_of(assignment),
        "comments": assignment.comments.select_related("by"),
        "obstacles": assignment.obstacles.order_by("-raised_at"),
        "may_raise": plan.state == "issued"
        and assignment.state not in states.ENDED
        and access.may_raise(user, assignment),
        "may_remind": standing.kind == "late" and plan.state == "issued" and access.may_remind(user, plan),
        "facts": [*_facts(assignment, agencies), *_inherited(assignment, entries, joined)],
        "joined": joined,
        "turns": [*selectors.other_turns(assignment)] if assignment.period else [],
        "history": [asdict(line) for line in told(entries)],
    }
    return pages.render(request, "plans/assignment_detail.html", context, status=status)


def _facts(assignment: Assignment, agencies: Iterable[TaskAgency]) -> list[dict[str, str]]:
    """What stands beside an assignment: who, until when, with whom."""
    unit, plan = assignment.unit, assignment.plan
    due = write_date(assignment.due_on) if assignment.due_on else _("chưa đặt hạn")
    helping = [one for one in agencies if one.role == TaskAgency.COORDINATE]
    facts = [fact(_("Cơ quan"), unit.name, url=reverse("units:detail", args=[unit.key])), fact(_("Hạn"), due)]
    if assignment.period:
        facts.append(fact(_("Kỳ"), assignment.period))
    facts += [*agency_facts(assignment.task, helping), *time_facts(assignment.task, beside=assignment.due_on)]
    if plan.lead:
        facts.append(fact(_("Đầu mối kế hoạch"), plan.lead.name, url=reverse("units:detail", args=[plan.lead.key])))
    if assignment.reminded_at:
        facts.append(fact(_("Đôn đốc gần nhất"), write_date(timezone.localdate(assignment.reminded_at))))
    return facts


def _inherited(assignment: Assignment, entries: Iterable[Entry], joined: Iterable[Assignment]) -> list[dict[str, str]]:
    """From which units the work has come through reorganisations; `entries` newest first."""
    names, taken_back = [], 0
    for one in entries:
        if one.deed == "plans.assignment.hand_over":
            break
        if one.deed == "plans.assignment.take_back":
            taken_back += 1
        elif one.deed == "plans.assignment.succeed" and taken_back:
            taken_back -= 1
        elif one.deed == "plans.assignment.succeed":
            names += one.changes.get("unit", [])[:1]
    names += [one.unit.name for one in joined]
    if not names:
        return []
    days = {row.on for row in places.inheritances_of(assignment.unit) if row.predecessor.name in names}
    note = _("(kế thừa từ %(day)s)") % {"day": write_date(max(days))} if days else ""
    return [fact(_("Nhận từ"), ", ".join(dict.fromkeys(names)), note=note)]


@require_safe
def assignment_detail(request: UserRequest, key: int) -> HttpResponse:
    """One assignment: the task, how far it is, what proves it, what blocks it, and what may be done now."""
    return _page(request, selectors.assignment_by_key(request.user, key))


def _do(
    request: UserRequest,
    key: int,
    *,
    slot: str,
    form: forms.DeedForm | None,
    act: Callable[[Assignment, dict[str, Any]], object],
    said: str,
) -> HttpResponse:
    """One deed on an assignment: the form is checked, the service called, the page shown again.

    What was typed is never lost: not to a wrong field, and not to somebody who was quicker.
    """
    assignment = selectors.assignment_by_key(request.user, key)
    access.require_deed(request.user, assignment, slot)
    filled = {slot: form} if form is not None else {}
    if form is not None and not form.is_valid():
        return _page(request, assignment, filled=filled, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        act(assignment, form.cleaned_data if form is not None else {})
    except Conflict as error:
        now = selectors.assignment_by_key(request.user, key)
        return _page(request, now, filled=filled, trouble=say(error), status=HTTPStatus.CONFLICT)
    except Invalid as error:
        if form is None:
            raise
        form.add_error(error.field if error.field in form.fields else None, say(error))
        return _page(request, assignment, filled=filled, status=HTTPStatus.UNPROCESSABLE_ENTITY)
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
        slot="set_due",
        form=forms.DueForm(request.POST),
        act=lambda one, data: services.set_due(by=request.user, assignment=one, **data),
        said=_("Đã đặt hạn."),
    )


@require_POST
def assignment_hand_over(request: UserRequest, key: int) -> HttpResponse:
    """Pass the work on to another agency."""

    return _do(
        request,
        key,
        slot="hand_over",
        form=forms.HandOverForm(request.POST),
        act=lambda one, data: services.hand_over(
            by=request.user, assignment=one, to=data["unit"], why=data["why"], seen=_seen(request)
        ),
        said=_("Đã chuyển việc và báo cho cơ quan nhận."),
    )


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


@require_POST
def assignment_remind(request: UserRequest, key: int) -> HttpResponse:
    """Remind one agency of one piece of late work, from its page."""
    assignment = selectors.assignment_by_key(request.user, key)
    services.remind(by=request.user, assignments=[assignment], words=request.POST.get("words", "")[:1000])
    messages.success(request, _("Đã đôn đốc %(name)s.") % {"name": assignment.unit.name})
    return redirect(assignment)


urlpatterns = [
    path("", desk, name="desk"),
    path("assignments/", assignment_list, name="assignment-list"),
    path("assignments/accept/", assignments_accept, name="assignments-accept"),
    path("assignments/confirm/", assignments_confirm, name="assignments-confirm"),
    path("assignments/<int:key>/", assignment_detail, name="assignment-detail"),
    path("assignments/<int:key>/accept/", assignment_accept, name="assignment-accept"),
    path("assignments/<int:key>/report/", assignment_report, name="assignment-report"),
    path("assignments/<int:key>/withdraw/", assignment_withdraw, name="assignment-withdraw"),
    path("assignments/<int:key>/confirm/", assignment_confirm, name="assignment-confirm"),
    path("assignments/<int:key>/return/", assignment_return, name="assignment-return"),
    path("assignments/<int:key>/cancel/", assignment_cancel, name="assignment-cancel"),
    path("assignments/<int:key>/reinstate/", assignment_reinstate, name="assignment-reinstate"),
    path("assignments/<int:key>/hand-over/", assignment_hand_over, name="assignment-hand-over"),
    path("assignments/<int:key>/remind/", assignment_remind, name="assignment-remind"),
    path("assignments/<int:key>/due/", assignment_due, name="assignment-due"),
    path("assignments/<int:key>/comment/", assignment_comment, name="assignment-comment"),
    path("assignments/<int:key>/evidence/", assignment_evidence, name="assignment-evidence"),
    path("evidence/<int:key>/file/", evidence_file, name="evidence-file"),
    path("evidence/<int:key>/remove/", evidence_remove, name="evidence-remove"),
    path("evidence/<int:key>/restore/", evidence_restore, name="evidence-restore"),
]

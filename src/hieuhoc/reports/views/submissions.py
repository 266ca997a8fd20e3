"""Pages of one report: its sheet, filled and sent; the word of whoever reviews it; what was done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import fact
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.selectors import Line, told
from hieuhoc.reports import access, rules, selectors, services
from hieuhoc.reports.forms.deeds import ExtendForm, WhyForm
from hieuhoc.reports.forms.sheet import Typed, merged, read_figures, remarks_in, remember, typed_in
from hieuhoc.reports.models import Submission
from hieuhoc.reports.views.papers import papers_of
from hieuhoc.reports.views.shown import badge, crumbs, hands
from hieuhoc.reports.views.shown_sheet import Brought, ShownSheet, shown_sheet


def _page(
    request: UserRequest,
    submission: Submission,
    *,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    clash: Mapping[str, Any] | None = None,
    status: int = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    """The page of a report. `typed` brings back what was not kept, `wrong` says why, `clash` who was quicker."""
    user, today = request.user, clock.today()
    deeds = access.possible_deeds(user, submission)
    may = {
        "fill": "fill" in deeds,
        "submit": "submit" in deeds,
        "withdraw": "withdraw" in deeds and "return" not in deeds,  # whoever reviews it returns it
        "review": "return" in deeds or "approve" in deeds,
        "return": "return" in deeds,
        "approve": "approve" in deeds,
    }
    sheet = shown_sheet(
        selectors.sheet(user, submission),
        user=user,
        fed=selectors.fed_by(user, submission) if may["fill"] else {},
        brought=Brought(typed or {}, wrong or {}, clash["theirs"] if clash else {}),
    )
    standing = rules.standing(submission, on=today)
    final = selectors.why_final(submission) if submission.state in ("submitted", "approved") else None
    context = {
        "submission": submission,
        "round": submission.round,
        "title": submission.round.kind.name,
        "crumbs": crumbs(
            {"label": str(submission.round), "url": submission.round.get_absolute_url()},
            {"label": submission.unit.name},
        ),
        "badge": badge(standing, submission, today),
        "may": may,
        "deeds": deeds,
        "final": final and say(final),
        "sheet": sheet,
        "contents": sheet.sections,
        "edition": submission.edition,
        "was": remember(sheet.kept),
        "filled": {"known": sheet.known, "expected": sheet.expected},
        "checked": bool(sheet.known),
        "faults": sheet.faults,
        "faults_title": _("Kiểm tra trước khi nộp") if may["submit"] else _("Kết quả kiểm tra"),
        "remarks": sheet.remarks,
        "whole_comments": sheet.whole_comments,
        "wrong": [
            {"anchor": sheet.anchor(key), "label": sheet.label(key), "words": words}
            for key, words in (wrong or {}).items()
        ],
        "clash": clash
        and {
            "rows": [
                {
                    "anchor": sheet.anchor(name[2:]),
                    "label": sheet.label(name[2:]),
                    "mine": (typed or {}).get(name, "")[:80],
                    "theirs": clash["theirs"].get(name, "")[:80],
                }
                for name in clash["names"]
            ]
        },
        "next_owed": selectors.next_owed(user, after=submission, on=today) if may["fill"] else None,
        "hands": hands(submission),
        "facts": _facts(submission),
        "extend_form": ExtendForm() if "extend" in deeds else None,
        "papers": papers_of(submission, may_note="comment" in deeds),
        "others": selectors.beside(user, submission),
        "history": [_line(line, sheet) for line in told(trail.history(submission)[:30])],
        "typed_remarks": {},
    }
    return pages.render(request, "reports/submission_detail.html", context | more, status=status)


MOST_NAMED = 4  # cells of one saving, in the history


def _line(line: Line, sheet: ShownSheet) -> dict[str, Any]:
    """One deed in the history: cells by their names, not by their keys, and only a few of many."""
    told_ = asdict(line)
    for change in told_["changes"]:
        keys = [key for key in str(change["after"]).split(", ") if key in sheet.labels]
        if keys:
            more = len(keys) - MOST_NAMED
            named = "; ".join(sheet.label(key) for key in keys[:MOST_NAMED])
            change["after"] = (
                _("%(named)s và %(count)s ô khác") % {"named": named, "count": more} if more > 0 else named
            )
    return told_


def _facts(submission: Submission) -> list[dict[str, str]]:
    one, unit = submission.round, submission.unit
    facts = [
        fact(_("Đơn vị"), unit.name, url=reverse("units:detail", args=[unit.key])),
        fact(_("Đợt"), one, url=one.get_absolute_url()),
        fact(_("Gửi"), one.kind.recipient.name),
        fact(_("Chốt số liệu"), write_date(one.closes_on)),
        fact(_("Hạn gửi"), write_date(submission.due_on)),
    ]
    if submission.extended_to:
        facts.append(fact(_("Gia hạn đến"), write_date(submission.extended_to), note=submission.extended_why))
    return facts


@require_safe
def submission_detail(request: UserRequest, key: int) -> HttpResponse:
    """One report: what it says, how it stands, and what may be done now."""
    return _page(request, selectors.submission_by_key(request.user, key))


@require_safe
def submission_print(request: UserRequest, key: int) -> HttpResponse:
    """The sheet on paper, without the layout of an official document."""
    submission = selectors.submission_by_key(request.user, key)
    sheet = shown_sheet(selectors.sheet(request.user, submission), user=request.user)
    context = {
        "submission": submission,
        "title": f"{submission.round.kind.name}, {submission.round.period}",
        "sheet": sheet,
        "hands": hands(submission),
        "may": {},
    }
    return pages.render(request, "reports/submission_print.html", context)


# ---- filling ----------------------------------------------------------------------------------------


@require_POST
def submission_fill(request: UserRequest, key: int) -> HttpResponse:
    """Keep what was typed; then stay, go on to the next report that is owed, or hand it in.

    A wrong cell holds up no other: what is right is kept, what is wrong comes back as it was typed. Whoever comes
    second to the same sheet gets both, put together.
    """
    submission = selectors.submission_by_key(request.user, key)
    access.require_deed(request.user, submission, "fill")
    typed = typed_in(request.POST)
    sheet = shown_sheet(selectors.sheet(request.user, submission))
    if typed.edition != submission.edition:
        return _clashing(request, submission, typed, sheet)
    given, wrong = read_figures(sheet.inputs, typed)
    try:
        services.fill(
            by=request.user,
            submission=submission,
            figures={cell: services.Given(value, reason) for cell, (value, reason) in given.items()},
            narratives={place: text for place, text in typed.words.items() if place in sheet.places},
            edition=typed.edition,
        )
    except Conflict:
        now = selectors.submission_by_key(request.user, key)
        return _clashing(request, now, typed, shown_sheet(selectors.sheet(request.user, now)))
    except Invalid as error:
        return _page(request, submission, typed=typed.all, wrong={**wrong, error.field: say(error)}, status=422)
    _settle(request, submission)
    if wrong:
        kept = selectors.submission_by_key(request.user, key)
        brought_back = {name: text for name, text in typed.all.items() if name[2:] in wrong}
        return _page(request, kept, typed=brought_back, wrong=wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _go_on(request, selectors.submission_by_key(request.user, key))


def _clashing(request: UserRequest, submission: Submission, typed: Typed, sheet: ShownSheet) -> HttpResponse:
    """Somebody else saved in between: both people's work on one page, nothing kept yet."""
    both = merged(typed, sheet.kept)
    theirs = {name: sheet.kept.get(name, "") for name in both.clashes}
    return _page(
        request,
        submission,
        typed=both.texts,
        clash={"names": both.clashes, "theirs": theirs},
        status=HTTPStatus.CONFLICT,
    )


def _settle(request: UserRequest, submission: Submission) -> None:
    """Comments that the clerk has marked as done."""
    done = {int(pk) for pk in request.POST.getlist("settled") if pk.isdecimal()}
    for comment in submission.comments.filter(pk__in=done, settled_at__isnull=True):
        services.settle_comment(by=request.user, comment=comment)


def _go_on(request: UserRequest, submission: Submission) -> HttpResponse:
    """After saving: where the pressed button leads."""
    then = request.POST.get("then", "stay")
    if then == "submit":
        return _hand_in(request, submission)
    messages.success(request, _("Đã lưu nháp. Chưa nộp."))
    if then == "next":
        following = selectors.next_owed(request.user, after=submission, on=clock.today())
        return redirect(following or reverse("reports:desk"))
    return redirect(submission)


def _hand_in(request: UserRequest, submission: Submission) -> HttpResponse:
    try:
        services.submit(by=request.user, submission=submission)
    except Invalid as error:
        now = selectors.submission_by_key(request.user, submission.pk)
        return _page(request, now, trouble=say(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Đã nộp báo cáo cho %(name)s.") % {"name": submission.round.kind.recipient.name})
    following = selectors.next_owed(request.user, after=submission, on=clock.today())
    if following is not None:
        messages.info(request, _("Còn báo cáo khác phải nộp: xem ở “Báo cáo của tôi”."))
    return redirect(submission)


# ---- other deeds ------------------------------------------------------------------------------------


def _do(request: UserRequest, key: int, *, act: Callable[[Submission], object], said: str) -> HttpResponse:
    """One deed on a report; who comes second is told, and sees how it stands now."""
    submission = selectors.submission_by_key(request.user, key)
    try:
        act(submission)
    except (Conflict, Invalid) as error:
        now = selectors.submission_by_key(request.user, key)
        status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, now, trouble=say(error), status=status)
    messages.success(request, said)
    return redirect(submission)


@require_POST
def submission_submit(request: UserRequest, key: int) -> HttpResponse:
    """Hand in what is kept."""
    submission = selectors.submission_by_key(request.user, key)
    access.require_deed(request.user, submission, "submit")
    return _hand_in(request, submission)


@require_POST
def submission_withdraw(request: UserRequest, key: int) -> HttpResponse:
    """Take a report back that was handed in."""
    return _do(
        request,
        key,
        act=lambda one: services.withdraw(by=request.user, submission=one),
        said=_("Đã rút báo cáo. Sửa rồi nộp lại."),
    )


@require_POST
def submission_return(request: UserRequest, key: int) -> HttpResponse:
    """Return a report with a reason, and with comments on its cells."""
    submission = selectors.submission_by_key(request.user, key)
    access.require_deed(request.user, submission, "return")
    why, remarks = request.POST.get("why", "").strip(), remarks_in(request.POST)
    try:
        services.send_back(by=request.user, submission=submission, why=why, comments=remarks)
    except (Invalid, Conflict) as error:
        now = selectors.submission_by_key(request.user, key)
        is_why = isinstance(error, Invalid) and error.field == "why"
        return _page(
            request,
            now,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(error, Invalid) else HTTPStatus.CONFLICT,
            typed_remarks=remarks,
            return_why=why,
            return_error=say(error) if is_why else "",
            trouble="" if is_why else say(error),
        )
    messages.success(request, _("Đã trả lại báo cáo cho %(name)s.") % {"name": submission.unit.name})
    return redirect(submission)


@require_POST
def submission_approve(request: UserRequest, key: int) -> HttpResponse:
    """Approve a report; comments that were written beside cells are kept with it."""
    remarks = remarks_in(request.POST)

    def act(one: Submission) -> None:
        services.approve(by=request.user, submission=one)
        for place, text in remarks.items():
            services.comment(by=request.user, submission=one, key=place, text=text)

    return _do(request, key, act=act, said=_("Đã duyệt báo cáo."))


@require_POST
def submission_lock(request: UserRequest, key: int) -> HttpResponse:
    """Lock an approved report."""
    return _do(request, key, act=lambda one: services.lock(by=request.user, submission=one), said=_("Đã khóa báo cáo."))


def _with_reason(
    request: UserRequest, key: int, *, deed: str, title: str, consequence: str, act: Callable[[Submission, str], object]
) -> HttpResponse:
    """A deed that asks for its reason on a page of its own."""
    submission = selectors.submission_by_key(request.user, key)
    access.require_deed(request.user, submission, deed)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(submission, form.cleaned_data["why"])
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, _("Đã ghi: %(title)s.") % {"title": title.lower()})
            return redirect(submission)
    context = {
        "title": title,
        "question": _("%(title)s: %(unit)s?") % {"title": title, "unit": submission.unit.name},
        "consequence": consequence,
        "submit_label": title,
        "cancel_url": submission.get_absolute_url(),
        "form": form,
        "crumbs": crumbs({"label": str(submission), "url": submission.get_absolute_url()}, {"label": title}),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/confirm.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def submission_unlock(request: UserRequest, key: int) -> HttpResponse:
    """Unlock a report, with a reason."""
    return _with_reason(
        request,
        key,
        deed="unlock",
        title=_("Mở khóa báo cáo"),
        consequence=_("Báo cáo trở về trạng thái đã duyệt, có thể bị trả lại để sửa."),
        act=lambda one, why: services.unlock(by=request.user, submission=one, why=why),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def submission_excuse(request: UserRequest, key: int) -> HttpResponse:
    """Free a unit of a report, with a reason."""
    return _with_reason(
        request,
        key,
        deed="excuse",
        title=_("Cho không phải nộp"),
        consequence=_("Đơn vị không còn nợ báo cáo này và không được tính trong số phải báo cáo."),
        act=lambda one, why: services.excuse(by=request.user, submission=one, why=why),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def submission_ask_again(request: UserRequest, key: int) -> HttpResponse:
    """Ask a unit again that was freed, with a reason."""
    return _with_reason(
        request,
        key,
        deed="ask_again",
        title=_("Yêu cầu nộp lại"),
        consequence=_("Đơn vị lại phải nộp báo cáo này."),
        act=lambda one, why: services.ask_again(by=request.user, submission=one, why=why),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def submission_extend(request: UserRequest, key: int) -> HttpResponse:
    """Give a unit a later deadline, with a reason."""
    submission = selectors.submission_by_key(request.user, key)
    access.require_deed(request.user, submission, "extend")
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.extend(by=request.user, submission=submission, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, _("Đã gia hạn đến %(day)s.") % {"day": write_date(form.cleaned_data["to"])})
            return redirect(submission)
    context = {
        "title": _("Gia hạn"),
        "form": form,
        "submit_label": _("Gia hạn"),
        "cancel_url": submission.get_absolute_url(),
        "lead": f"{submission.unit.name} · {submission.round}",
        "crumbs": crumbs({"label": str(submission), "url": submission.get_absolute_url()}, {"label": _("Gia hạn")}),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/form.html", context, status=status)


@require_POST
def submission_comment(request: UserRequest, key: int) -> HttpResponse:
    """A word on the whole report, or on one of its cells."""
    text, place = request.POST.get("text", "").strip(), request.POST.get("key", "")[:160]
    return _do(
        request,
        key,
        act=lambda one: services.comment(by=request.user, submission=one, key=place, text=text),
        said=_("Đã ghi ý kiến."),
    )


urlpatterns = [
    path("reports/submissions/<int:key>/", submission_detail, name="submission-detail"),
    path("reports/submissions/<int:key>/print/", submission_print, name="submission-print"),
    path("reports/submissions/<int:key>/fill/", submission_fill, name="submission-fill"),
    path("reports/submissions/<int:key>/submit/", submission_submit, name="submission-submit"),
    path("reports/submissions/<int:key>/withdraw/", submission_withdraw, name="submission-withdraw"),
    path("reports/submissions/<int:key>/return/", submission_return, name="submission-return"),
    path("reports/submissions/<int:key>/approve/", submission_approve, name="submission-approve"),
    path("reports/submissions/<int:key>/lock/", submission_lock, name="submission-lock"),
    path("reports/submissions/<int:key>/unlock/", submission_unlock, name="submission-unlock"),
    path("reports/submissions/<int:key>/excuse/", submission_excuse, name="submission-excuse"),
    path("reports/submissions/<int:key>/ask-again/", submission_ask_again, name="submission-ask-again"),
    path("reports/submissions/<int:key>/extend/", submission_extend, name="submission-extend"),
    path("reports/submissions/<int:key>/comment/", submission_comment, name="submission-comment"),
]

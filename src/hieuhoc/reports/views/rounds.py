"""Pages of rounds: how far each has come, who is late, what is asked of several at once, the whole in one table."""

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
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import chips, fact, select
from hieuhoc.foundation.ui.wording import choices, say
from hieuhoc.kernel.errors import Conflict, Invalid, Refused
from hieuhoc.kernel.periods import Calendar, Period, period_from
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.selectors import told
from hieuhoc.reports import access, selectors, services, states
from hieuhoc.reports.forms.deeds import ExtendForm, ReminderForm, WhyForm
from hieuhoc.reports.forms.kinds import RoundForm
from hieuhoc.reports.models import ReportKind, Round, Submission
from hieuhoc.reports.views.shown import LEVEL_NAMES, STANDINGS, badge, crumbs, desk_tabs, dues_words, hands
from hieuhoc.reports.views.shown_table import table_shown

PER_PAGE = 40


@require_safe
def round_list(request: UserRequest) -> HttpResponse:
    """The rounds that the user may see, newest first."""
    wanted = {name: request.GET.get(name, "") for name in ("q", "state", "kind")}
    found = selectors.rounds_seen(
        request.user, words=wanted["q"], state=wanted["state"], kind=wanted["kind"]
    ).select_related("kind", "period")
    page = pages.page_of(request, found, per_page=30)
    kinds = [("", _("Mọi loại")), *((kind.code, kind.name) for kind in selectors.kinds_seen(request.user))]
    selects = [
        select("kind", _("Loại báo cáo"), kinds, wanted["kind"]),
        select("state", _("Trạng thái"), [("", _("Tất cả")), *choices(states.ROUND.choices())], wanted["state"]),
    ]
    tallies = selectors.tallies(request.user, list(page.object_list), on=clock.today())
    context = {
        "page": page,
        "rows": [(one, tally_of(tallies[one.pk])) for one in page.object_list],
        "q": wanted["q"],
        "selects": selects,
        "chips": chips(request, selects),
        "tabs": desk_tabs("rounds"),
        "may_arrange": access.may_arrange_somewhere(request.user),
        "is_narrowed": any(wanted.values()),
    }
    return pages.render(request, "reports/round_list.html", context, fragment="reports/_round_rows.html")


@require_http_methods(["GET", "HEAD", "POST"])
def round_open(request: UserRequest) -> HttpResponse:
    """Open a round: of a turn of the kind's calendar, or with days of its own."""
    access.require_arranging(request.user)
    today = clock.today()
    seen = selectors.kinds_seen(request.user)
    kinds = [kind for kind in seen if kind.holds_on(today) and access.may_arrange(request.user, kind)]
    chosen = next((kind.pk for kind in kinds if kind.code == request.GET.get("kind")), None)
    form = RoundForm(request.POST or None, kinds=kinds, initial={"kind": chosen})
    if request.method == "POST" and form.is_valid():
        try:
            opened = services.open_round(
                by=request.user,
                kind=form.cleaned_data["kind"],
                period=_period_of(form),
                dues=form.dues() or None,
                closes_on=form.cleaned_data["closes_on"],
            )
        except (Invalid, Conflict) as error:
            form.add_error(
                error.field if isinstance(error, Invalid) and error.field in form.fields else None, say(error)
            )
        else:
            messages.success(request, _("Đã mở đợt báo cáo; các đơn vị đã được báo."))
            return redirect(opened)
    context = {
        "title": _("Mở đợt báo cáo"),
        "form": form,
        "submit_label": _("Mở đợt"),
        "cancel_url": reverse("reports:round-list"),
        "kinds": kinds,
        "crumbs": crumbs(
            {"label": _("Các đợt báo cáo"), "url": reverse("reports:round-list")}, {"label": _("Mở đợt báo cáo")}
        ),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "reports/round_open.html", context, status=status)


def _period_of(form: RoundForm) -> Period:
    told_ = form.cleaned_data
    if told_["kind"].calendar == Calendar.OWN:
        return period_from(f"{Calendar.OWN.prefix}{told_['first']:%Y%m%d}-{told_['last']:%Y%m%d}")
    return period_from(told_["period"])


def _round_context(request: UserRequest, one: Round, *, tab: str) -> dict[str, Any]:
    """What every page of a round shows."""
    tabs = [
        ("progress", _("Tiến độ"), reverse("reports:round-detail", args=[one.pk])),
        ("consolidated", _("Bảng tổng hợp"), reverse("reports:consolidated", args=[one.pk])),
    ]
    return {
        "round": one,
        "title": str(one),
        "tabs": [{"label": label, "url": url, "active": tab == code} for code, label, url in tabs],
        "crumbs": crumbs({"label": _("Các đợt báo cáo"), "url": reverse("reports:round-list")}, {"label": str(one)}),
        "may_arrange": access.may_arrange(request.user, one.kind),
        "may_publish": access.may_publish(request.user, one.kind),
        "today": clock.today(),
    }


@require_safe
def round_detail(request: UserRequest, key: int) -> HttpResponse:
    """How far a round has come: by level, unit by unit, who is late."""
    return _detail(request, selectors.round_by_key(request.user, key))


def _detail(request: UserRequest, one: Round, *, status: int = 200, **more: Any) -> HttpResponse:
    today = clock.today()
    wanted = {name: request.GET.get(name, "") for name in ("q", "level", "standing", "sort")}
    found = selectors.submissions_in(request.user, one, on=today, **wanted)
    page = pages.page_of(request, found, per_page=PER_PAGE)
    levels = [("", _("Mọi cấp")), *LEVEL_NAMES.items()]
    standings = [("", _("Tất cả")), *((code, name) for code, name, _shape in STANDINGS)]
    selects = [
        select("level", _("Cấp"), levels, wanted["level"]),
        select("standing", _("Tình trạng"), standings, wanted["standing"]),
    ]
    progress = selectors.progress(request.user, one, on=today)
    context = _round_context(request, one, tab="progress") | {
        "page": page,
        "rows": [_row(sub, standing, today) for sub, standing in page.object_list],
        "q": wanted["q"],
        "selects": selects,
        "chips": chips(request, selects),
        "is_narrowed": any(wanted[name] for name in ("q", "level", "standing")),
        "progress": [(LEVEL_NAMES.get(level, level), tally_of(counts)) for level, counts in progress.items()],
        "total": progress_total(progress),
        "standings": STANDINGS,
        "facts": [
            fact(_("Loại báo cáo"), one.kind.name, url=one.kind.get_absolute_url()),
            fact(_("Kỳ"), one.period),
            fact(_("Chốt số liệu"), f"{one.closes_on:%d/%m/%Y}"),
            fact(_("Biểu mẫu"), one.version, url=reverse("reports:version-detail", args=[one.version_id])),
            fact(_("Trạng thái"), one.get_state_display()),
        ],
        "dues": dues_words(one.dues),
        "extend_form": ExtendForm(),
        "reminder_form": ReminderForm(),
        "may_review": access.reviews_somewhere(request.user),
        "history": [asdict(line) for line in told(trail.history(one)[:15])],
    }
    return pages.render(
        request, "reports/round_detail.html", context | more, fragment="reports/_round_units.html", status=status
    )


def tally_of(counts: Mapping[str, int]) -> dict[str, int]:
    """Of how many reports how many are in, and how many are late."""
    expected = sum(count for standing, count in counts.items() if standing != "left_out")
    handed_in = counts.get("submitted", 0) + counts.get("approved", 0)
    return {"expected": expected, "handed_in": handed_in, "overdue": counts.get("overdue", 0)}


def progress_total(progress: dict[str, dict[str, int]]) -> dict[str, int]:
    """The counts of all levels together."""
    total: dict[str, int] = {}
    for counts in progress.values():
        for standing, count in counts.items():
            total[standing] = total.get(standing, 0) + count
    return total


def _row(submission: Submission, standing: str, today: Any) -> dict[str, Any]:
    return {
        "submission": submission,
        "badge": badge(standing, submission, today),
        "hands": hands(submission),
        "is_owed": standing in {"overdue", "returned", "due", "not_yet_due"},
    }


# ---- several at once --------------------------------------------------------------------------------


def _chosen(request: UserRequest, one: Round) -> list[Submission]:
    keys = [int(key) for key in request.POST.getlist("submissions") if key.isdecimal()]
    return list(selectors.submissions_seen(request.user).filter(round=one, pk__in=keys))


@require_POST
def round_remind(request: UserRequest, key: int) -> HttpResponse:
    """Remind those who were chosen, or everybody who is late."""
    one = selectors.round_by_key(request.user, key)
    access.require_reviewing(request.user)
    form = ReminderForm(request.POST)
    if not form.is_valid():
        return _detail(request, one, status=HTTPStatus.UNPROCESSABLE_ENTITY, reminder_form=form)
    chosen = None if request.POST.get("all") else _chosen(request, one)
    if chosen == []:
        messages.warning(request, _("Chưa chọn đơn vị nào. Hãy đánh dấu các đơn vị rồi nhấn nút."))
        return redirect(one)
    count = services.remind_late(by=request.user, round=one, submissions=chosen, words=form.cleaned_data["words"])
    if count:
        said = ngettext("Đã nhắc %(count)d đơn vị.", "Đã nhắc %(count)d đơn vị.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("Không có đơn vị nào cần nhắc, hoặc hôm nay đã nhắc rồi."))
    return redirect(one)


@require_POST
def round_extend(request: UserRequest, key: int) -> HttpResponse:
    """Give those who were chosen a later deadline."""
    one = selectors.round_by_key(request.user, key)
    access.require_reviewing(request.user)
    form, chosen = ExtendForm(request.POST), _chosen(request, one)
    if not chosen:
        messages.warning(request, _("Chưa chọn đơn vị nào. Hãy đánh dấu các đơn vị rồi nhấn nút."))
        return redirect(one)
    if not form.is_valid():
        return _detail(request, one, status=HTTPStatus.UNPROCESSABLE_ENTITY, extend_form=form, chosen=chosen)
    done, passed = 0, []
    for submission in chosen:
        try:
            services.extend(by=request.user, submission=submission, **form.cleaned_data)
            done += 1
        except (Invalid, Conflict, Refused) as error:
            passed.append(f"{submission.unit.name}: {say(error)}")
    if done:
        messages.success(request, _("Đã gia hạn cho %(count)s đơn vị.") % {"count": done})
    if passed:
        messages.warning(request, _("Bỏ qua: %(named)s") % {"named": "; ".join(passed[:5])})
    return redirect(one)


# ---- ending, publishing -----------------------------------------------------------------------------


def _asked(
    request: UserRequest,
    one: Round,
    *,
    title: str,
    question: str,
    consequence: str,
    act: Callable[[str], object],
    said: str,
    with_reason: bool = False,
    danger: bool = False,
    require: Callable[[User, ReportKind], None] = access.require_arranging_of,
) -> HttpResponse:
    """A deed on a round that is asked first, of whoever may do it."""
    require(request.user, one.kind)
    form = WhyForm(request.POST or None) if with_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        act(form.cleaned_data["why"] if form else "")
        messages.success(request, said)
        return redirect(one)
    context = {
        "title": title,
        "question": question,
        "consequence": consequence,
        "submit_label": title,
        "cancel_url": one.get_absolute_url(),
        "danger": danger,
        "form": form,
        "crumbs": crumbs({"label": str(one), "url": one.get_absolute_url()}, {"label": title}),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/confirm.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def round_close(request: UserRequest, key: int) -> HttpResponse:
    """Close a round."""
    one = selectors.round_by_key(request.user, key)
    return _asked(
        request,
        one,
        title=_("Khép đợt báo cáo"),
        question=_("Khép “%(name)s”?") % {"name": one},
        consequence=_("Báo cáo chưa nộp sẽ không nộp được nữa; có thể mở lại đợt khi cần."),
        act=lambda _why: services.close_round(by=request.user, round=one),
        said=_("Đã khép đợt báo cáo."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def round_reopen(request: UserRequest, key: int) -> HttpResponse:
    """Open a closed round again, with a reason."""
    one = selectors.round_by_key(request.user, key)
    return _asked(
        request,
        one,
        title=_("Mở lại đợt báo cáo"),
        question=_("Mở lại “%(name)s”?") % {"name": one},
        consequence=_("Các đơn vị chưa nộp lại nộp được."),
        act=lambda why: services.reopen_round(by=request.user, round=one, why=why),
        said=_("Đã mở lại đợt báo cáo."),
        with_reason=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def round_cancel(request: UserRequest, key: int) -> HttpResponse:
    """Cancel a round, with a reason."""
    one = selectors.round_by_key(request.user, key)
    return _asked(
        request,
        one,
        title=_("Hủy đợt báo cáo"),
        question=_("Hủy “%(name)s”?") % {"name": one},
        consequence=_("Không đơn vị nào phải nộp nữa. Số liệu đã nộp vẫn ở trong sổ chỉ số."),
        act=lambda why: services.cancel_round(by=request.user, round=one, why=why),
        said=_("Đã hủy đợt báo cáo."),
        with_reason=True,
        danger=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def round_publish(request: UserRequest, key: int) -> HttpResponse:
    """Publish the approved figures of a round."""
    one = selectors.round_by_key(request.user, key)
    return _asked(
        request,
        one,
        title=_("Công bố số liệu"),
        question=_("Công bố số liệu đã duyệt của “%(name)s”?") % {"name": one},
        consequence=_("Số liệu đã duyệt đủ được đánh dấu đã công bố; số nhỏ về người được che ở nơi công khai."),
        act=lambda _why: services.publish_round(by=request.user, round=one),
        said=_("Đã công bố số liệu của đợt."),
        require=access.require_publishing,
    )


# ---- the whole in one table -------------------------------------------------------------------------


@require_safe
def consolidated(request: UserRequest, key: int) -> HttpResponse:
    """A round for a unit: the units beneath are the rows, the cells the columns, with their totals."""
    one = selectors.round_by_key(request.user, key)
    context = _round_context(request, one, tab="consolidated") | _consolidated(request, one)
    return pages.render(request, "reports/consolidated.html", context, fragment="reports/_consolidated_table.html")


def _consolidated(request: UserRequest, one: Round) -> dict[str, Any]:
    wanted = {name: request.GET.get(name, "") for name in ("q", "sent", "sort")}
    unit = selectors.consolidating_unit(request.user, one, request.GET.get("unit", ""))
    found = selectors.consolidated(request.user, one, unit)
    listed = [("", _("Tất cả")), ("sent", _("Đã nộp")), ("silent", _("Chưa nộp"))]
    return {
        "table": table_shown(found, one, wanted=wanted, on=clock.today()),
        "unit": unit,
        "q": wanted["q"],
        "selects": [select("sent", _("Báo cáo"), listed, wanted["sent"])],
    }


@require_safe
def consolidated_print(request: UserRequest, key: int) -> HttpResponse:
    """The same table, to be printed."""
    one = selectors.round_by_key(request.user, key)
    context = _round_context(request, one, tab="consolidated") | _consolidated(request, one)
    return pages.render(request, "reports/consolidated_print.html", context)


urlpatterns = [
    path("reports/rounds/", round_list, name="round-list"),
    path("reports/rounds/open/", round_open, name="round-open"),
    path("reports/rounds/<int:key>/", round_detail, name="round-detail"),
    path("reports/rounds/<int:key>/remind/", round_remind, name="round-remind"),
    path("reports/rounds/<int:key>/extend/", round_extend, name="round-extend"),
    path("reports/rounds/<int:key>/close/", round_close, name="round-close"),
    path("reports/rounds/<int:key>/reopen/", round_reopen, name="round-reopen"),
    path("reports/rounds/<int:key>/cancel/", round_cancel, name="round-cancel"),
    path("reports/rounds/<int:key>/publish/", round_publish, name="round-publish"),
    path("reports/rounds/<int:key>/consolidated/", consolidated, name="consolidated"),
    path("reports/rounds/<int:key>/consolidated/print/", consolidated_print, name="consolidated-print"),
]

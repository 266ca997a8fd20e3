"""Pages of activities: the list, one of them with all that hangs on it, making and changing it, and its deeds."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hieuhoc.engines.writer import pdf
from hieuhoc.foundation.records import attachments, clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import chips, fact, select
from hieuhoc.foundation.ui.wording import capital_choices, say
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.kernel.vietnamese import write_date, write_number
from hieuhoc.programme.learning import access, states
from hieuhoc.programme.learning.documents.certificates import qr_png
from hieuhoc.programme.learning.documents.poster import poster_page
from hieuhoc.programme.learning.documents.timetable import timetable_paper
from hieuhoc.programme.learning.forms.activities import (
    ActivityForm,
    OrganiserForm,
    PhotoForm,
    ReasonForm,
    SpeakerForm,
)
from hieuhoc.programme.learning.models import Activity, Photo, PlannedClass, Topic
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.selectors import activities as selectors
from hieuhoc.programme.learning.selectors import materials, providers, topics, year_plans
from hieuhoc.programme.learning.services import activities as services
from hieuhoc.programme.learning.views.activity_shown import badge, crumbs, month_of, session_badge, when
from hieuhoc.programme.plans import selectors as plans
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.selectors import told
from hieuhoc.registers.places import selectors as places

FORM_METHODS = ["GET", "HEAD", "POST"]


# ---- the list ----------------------------------------------------------------------------------------


@require_safe
def activity_list(request: UserRequest) -> HttpResponse:
    """Activities: searched, by kind, field, state, organiser, unit, provider and month, in any order."""
    accounts.require_somewhere(request.user, Permission.LEARNING_READ)
    asked = request.GET
    selects = [
        select(
            "state",
            _("Trạng thái"),
            [("", _("Mọi trạng thái")), *capital_choices(states.ACTIVITY.choices())],
            asked.get("state", ""),
        ),
        select(
            "kind",
            _("Hình thức"),
            [("", _("Mọi hình thức")), *capital_choices(kinds.ACTIVITIES.items())],
            asked.get("kind", ""),
        ),
        select(
            "field",
            _("Lĩnh vực"),
            [("", _("Mọi lĩnh vực")), *capital_choices(kinds.FIELDS.items())],
            asked.get("field", ""),
        ),
        select(
            "organiser",
            _("Đơn vị tổ chức"),
            [("", _("Mọi đơn vị")), *capital_choices(kinds.ORGANISERS.items())],
            asked.get("organiser", ""),
        ),
        select("month", _("Tháng"), [("", _("Mọi tháng")), *_months()], asked.get("month", "")),
    ]
    provider = providers.provider_or_none(asked["provider"]) if asked.get("provider") else None
    unit = places.unit_or_none(asked["unit"]) if asked.get("unit") else None
    held = month_of(asked.get("held", ""))
    found = selectors.find_activities(
        request.user,
        text=asked.get("q", ""),
        kind=asked.get("kind", ""),
        field=asked.get("field", ""),
        state=asked.get("state", ""),
        organiser=asked.get("organiser", ""),
        unit=unit,
        provider=provider,
        month=month_of(asked.get("month", "")),
        held=held,
        sort=asked.get("sort", ""),
    )
    page = pages.page_of(request, found, per_page=50)
    context = {
        "title": _("Lớp, chuyên đề"),
        "page": page,
        "rows": [(one, badge(one)) for one in page.object_list],
        "q": asked.get("q", ""),
        "selects": selects,
        "chips": chips(request, selects),
        "provider": provider,
        "unit": unit,
        "held": held,
        "may_make": accounts.has(request.user, Permission.ACTIVITY_RUN),
    }
    template = "learning/activities/list.html"
    return pages.render(request, template, context, fragment="learning/activities/_rows.html")


def _months() -> list[tuple[str, str]]:
    """The last twenty-four months and the three to come, the latest first."""
    today = clock.today()
    numbers = range(today.year * 12 + today.month + 2, today.year * 12 + today.month - 25, -1)
    return [(f"{number // 12}-{number % 12 + 1:02}", f"{number % 12 + 1}/{number // 12}") for number in numbers]


# ---- one activity ------------------------------------------------------------------------------------


@require_safe
def activity_detail(request: UserRequest, code: str) -> HttpResponse:
    """One activity: sessions, who holds it, who learns in it, what it serves, what was kept, what may be done."""
    activity = selectors.activity_by_code(request.user, code)
    sessions = list(activity.sessions.select_related("room").order_by("starts_at", "pk"))
    crowds = selectors.crowds(sessions)
    runs = access.may_with(request.user, Permission.ACTIVITY_RUN, activity)
    takes = access.may_with(request.user, Permission.ATTENDANCE_TAKE, activity)
    context = {
        "title": activity.title,
        "activity": activity,
        "crumbs": crumbs(activity),
        "badge": badge(activity),
        "sessions": [
            {"session": one, "when": when(one), "badge": session_badge(one), "crowd": crowds[one.pk]}
            for one in sessions
        ],
        "enrolled": selectors.enrolled(activity),
        "organisers": activity.organisers.select_related("unit"),
        "speakers": activity.speakers.all(),
        "links": activity.task_links.select_related("task__plan"),
        "photos": selectors.photos(activity, withdrawn_too=takes),
        "materials": materials.materials_of(activity),
        "facts": _facts(activity),
        "deeds": _deeds(activity, runs=runs, is_ready=any(one.state != "cancelled" for one in sessions)),
        "runs": runs,
        "takes": takes,
        "sees_people": access.may_with(request.user, Permission.PERSON_READ, activity),
        "open_for_change": runs and activity.state in ("draft", "open"),
        "history": [asdict(line) for line in told(trail.history(activity).exclude(deed__endswith=".see")[:20])],
    }
    return pages.render(request, "learning/activities/detail.html", context)


def _facts(activity: Activity) -> list[dict[str, str]]:
    provider, planned = activity.provider, activity.planned
    facts = [
        fact(_("Mã"), activity.code),
        fact(_("Cơ sở"), provider.name, url=provider.get_absolute_url()),
        fact(_("Nơi tổ chức"), activity.unit.name, url=reverse("units:detail", args=[activity.unit.key])),
        fact(_("Hình thức"), activity.get_kind_display()),
        fact(_("Lĩnh vực"), activity.get_field_display(), note=activity.topic.name if activity.topic else ""),
        fact(_("Dành cho"), activity.for_whom),
        fact(_("Địa điểm"), activity.place),
        fact(_("Ghi danh"), activity.get_enrolling_display()),
        fact(_("Số chỗ"), activity.capacity or _("không giới hạn")),
        fact(_("Học phí"), _("%(fee)s đồng") % {"fee": write_number(activity.fee)} if activity.fee else _("miễn phí")),
    ]
    if activity.enrol_until is not None:
        facts.append(fact(_("Ghi danh đến hết ngày"), write_date(activity.enrol_until)))
    if planned is not None:
        facts.append(fact(_("Theo kế hoạch"), planned.title, url=planned.plan.get_absolute_url()))
    if activity.why_cancelled:
        facts.append(fact(_("Lý do hủy"), activity.why_cancelled))
    return facts


def _deeds(activity: Activity, *, runs: bool, is_ready: bool) -> list[tuple[str, str, str]]:
    """Word of the address, label and variant of each move that may be made now; opening is next when it `is_ready`."""
    if not runs:
        return []
    named = {
        "open": (_("Mở lớp"), "go" if is_ready else "quiet"),
        "end": (_("Kết thúc lớp"), "plain"),
        "reopen": (_("Mở lại"), "quiet"),
        "cancel": (_("Hủy lớp"), "quiet"),
    }
    possible = states.ACTIVITY.possible(activity.state)
    if activity.held_on:
        possible = tuple(deed for deed in possible if deed != "cancel")
    return [(deed, *named[deed]) for deed in named if deed in possible]


@require_safe
def activity_poster(request: UserRequest, code: str) -> HttpResponse:
    """A sheet to print and hang up: what, when, where, for whom, and a code that leads to the public page."""
    activity = selectors.activity_by_code(request.user, code)
    address = f"{settings.PUBLIC_ADDRESS}{reverse('learning:class', args=[activity.code])}"
    sessions = activity.sessions.exclude(state="cancelled").select_related("room").order_by("starts_at", "pk")
    context = {
        "title": activity.title,
        "activity": activity,
        "crumbs": crumbs(activity, _("Thông báo mở lớp")),
        "sessions": [(one, when(one)) for one in sessions],
        "organisers": activity.organisers.all(),
        "speakers": activity.speakers.all(),
        "address": address,
        "qr": b64encode(qr_png(address)).decode(),
    }
    return pages.render(request, "learning/activities/poster.html", context)


@require_safe
def activity_poster_pdf(request: UserRequest, code: str) -> HttpResponse:
    """The sheet to hang up, as a page of A4."""
    activity = selectors.activity_by_code(request.user, code)
    sessions = activity.sessions.exclude(state="cancelled").order_by("starts_at", "pk")
    page = poster_page(
        activity,
        sessions=list(sessions),
        day=clock.today(),
        partners=[one.name for one in activity.organisers.all() if one.name != activity.provider.name],
        speakers=[one.name for one in activity.speakers.all()],
        address=f"{settings.PUBLIC_ADDRESS}{reverse('learning:class', args=[activity.code])}",
    )
    name = _("Thông báo %(code)s.pdf") % {"code": activity.code}
    return pages.download(pdf(page, written_at=clock.now()), name, "application/pdf")


@require_safe
def activity_timetable(request: UserRequest, code: str) -> HttpResponse:
    """The days and hours of an activity, to print."""
    activity = selectors.activity_by_code(request.user, code)
    sessions = list(activity.sessions.select_related("room").order_by("starts_at", "pk"))
    for one in sessions:
        one.activity = activity
    paper = timetable_paper(sessions, issuer=activity.provider.name, unit=activity.unit, subject=activity.title)
    name = _("Lịch học %(code)s.pdf") % {"code": activity.code}
    return pages.download(pdf(paper, written_at=clock.now()), name, "application/pdf")


# ---- making and changing -----------------------------------------------------------------------------


def _form(request: UserRequest, activity: Activity | None, planned: PlannedClass | None) -> ActivityForm:
    today = clock.today()
    plans_open = PlannedClass.objects.filter(plan__state="approved", plan__year__in=[today.year, today.year + 1])
    offered = selectors.providers_to_run(request.user, on=today)
    initial: dict[str, Any] = {"edition": 1}
    if activity is not None:
        initial = {name: getattr(activity, name) for name in (*services.COLUMNS, "edition")}
        initial |= {"topic": activity.topic_id, "planned": activity.planned_id, "provider": activity.provider.key}
    elif planned is not None:
        initial |= {
            "provider": planned.plan.provider.key,
            "planned": planned.pk,
            "title": planned.title,
            "kind": planned.kind,
            "topic": planned.topic_id,
            "place": planned.place,
            "capacity": planned.learners,
        }
        plans_open |= PlannedClass.objects.filter(pk=planned.pk)
    elif request.GET.get("provider"):
        initial["provider"] = request.GET["provider"]
    rows = plans_open.filter(plan__provider__in=offered).order_by("month", "title")
    # A topic that has ended stays with whatever was made on it.
    choosable = topics.topics_on(today) | Topic.objects.filter(pk=initial.get("topic") or 0)
    if activity is not None:
        rows = PlannedClass.objects.filter(plan__provider=activity.provider_id).order_by("-plan__year", "month")
    form = ActivityForm(request.POST or None, providers=offered, planned=rows, topics=choosable, initial=initial)
    if activity is not None:
        form.fields["provider"].disabled = True
        form.fields["provider"].queryset = type(activity.provider).objects.filter(  # type: ignore[attr-defined]  # a ModelChoiceField
            pk=activity.provider_id
        )
    return form


@require_http_methods(FORM_METHODS)
def activity_new(request: UserRequest) -> HttpResponse:
    """Make an activity, perhaps from a class of a year's plan."""
    accounts.require_somewhere(request.user, Permission.ACTIVITY_RUN)
    asked = request.GET.get("planned", "")
    planned = year_plans.planned_seen(request.user, int(asked)) if asked.isdecimal() else None
    form = _form(request, None, planned)

    def save() -> Activity:
        told_ = dict(form.cleaned_data)
        told_.pop("edition")
        return services.make_activity(by=request.user, provider=told_.pop("provider"), **told_)

    return _form_page(
        request,
        form,
        title=_("Lập lớp, chuyên đề"),
        save=save,
        said=_("Đã lập. Thêm các buổi học, rồi mở lớp."),
        back=reverse("learning:activity-list"),
        trail_=[{"label": _("Lớp, chuyên đề"), "url": reverse("learning:activity-list")}, {"label": _("Lập mới")}],
    )


@require_http_methods(FORM_METHODS)
def activity_edit(request: UserRequest, code: str) -> HttpResponse:
    """Change what is told of an activity."""
    activity = selectors.activity_by_code(request.user, code)
    access.require_with(request.user, Permission.ACTIVITY_RUN, activity)
    form = _form(request, activity, None)

    def save() -> Activity:
        told_ = dict(form.cleaned_data)
        told_.pop("provider")
        edition = told_.pop("edition") or 0
        return services.edit_activity(by=request.user, activity=activity, edition=edition, **told_)

    return _form_page(request, form, title=_("Sửa lớp, chuyên đề"), save=save, activity=activity)


def _form_page(
    request: UserRequest,
    form: django_forms.Form,
    *,
    title: str,
    save: Callable[[], Any],
    said: str = "",
    activity: Activity | None = None,
    back: str = "",
    trail_: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    """A form about an activity; what is invalid is said at its field, and what was typed is kept."""
    if request.method == "POST" and form.is_valid():
        try:
            made = save()
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, said or _("Đã lưu."))
            return redirect(activity or made)
    context = {
        "title": title,
        "form": form,
        "submit_label": _("Lưu"),
        "cancel_url": activity.get_absolute_url() if activity else back,
        "crumbs": crumbs(activity, title) if activity else trail_,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/form.html", context, status=status)


@require_http_methods(FORM_METHODS)
def activity_move(request: UserRequest, code: str, deed: str) -> HttpResponse:
    """Open, end, reopen or cancel; asked first."""
    activity = selectors.activity_by_code(request.user, code)
    access.require_with(request.user, Permission.ACTIVITY_RUN, activity)
    if deed not in states.ACTIVITY.moves:
        raise Missing("Không tìm thấy trang này.")
    states.ACTIVITY.after(deed, state=activity.state, why="?")
    needs_reason = states.ACTIVITY.moves[deed].reason
    form = ReasonForm(request.POST or None) if needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            services.move_activity(
                by=request.user, activity=activity, deed=deed, why=form.cleaned_data["why"] if form else ""
            )
        except Invalid as error:
            messages.error(request, say(error))
        else:
            messages.success(request, _("Đã ghi nhận."))
        return redirect(activity)
    label, consequence = {
        "open": (_("Mở lớp"), _("Lớp hiện trên trang công khai nếu được chọn; ai đã đăng ký báo tin được nhắn.")),
        "end": (_("Kết thúc lớp"), _("Không thêm buổi, không ghi danh nữa; số liệu giữ nguyên.")),
        "reopen": (_("Mở lại"), ""),
        "cancel": (_("Hủy lớp"), _("Các buổi sắp tới bị hủy; người đã ghi danh được nhắn tin.")),
    }[deed]
    context = {
        "title": label,
        "question": _("%(deed)s “%(title)s”?") % {"deed": label, "title": activity.title},
        "consequence": consequence,
        "submit_label": label,
        "cancel_url": activity.get_absolute_url(),
        "danger": deed == "cancel",
        "form": form,
        "crumbs": crumbs(activity, label),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/confirm.html", context, status=status)


# ---- what hangs on it --------------------------------------------------------------------------------


@require_http_methods(FORM_METHODS)
def organiser_add(request: UserRequest, code: str) -> HttpResponse:
    """Add a co-organiser."""
    activity = selectors.activity_by_code(request.user, code)
    access.require_with(request.user, Permission.ACTIVITY_RUN, activity)
    form = OrganiserForm(request.POST or None)

    def save() -> object:
        told_ = form.cleaned_data
        unit = told_["unit"]
        holder = services.Holder(told_["kind"], told_["name"] or (unit.name if unit else ""), unit)
        return services.add_organiser(by=request.user, activity=activity, holder=holder)

    return _form_page(request, form, title=_("Thêm đơn vị phối hợp"), save=save, activity=activity)


@require_POST
def organiser_remove(request: UserRequest, code: str, pk: int) -> HttpResponse:
    """Let a co-organiser go."""
    activity = selectors.activity_by_code(request.user, code)
    row = activity.organisers.filter(pk=pk).first()
    if row is None:
        raise Missing("Không tìm thấy đơn vị phối hợp này.")
    services.remove_organiser(by=request.user, organiser=row)
    messages.success(request, _("Đã bỏ khỏi danh sách phối hợp."))
    return redirect(activity)


@require_POST
def organiser_pass_on(request: UserRequest, code: str, pk: int) -> HttpResponse:
    """Let a co-organiser be the owner."""
    activity = selectors.activity_by_code(request.user, code)
    row = activity.organisers.filter(pk=pk).first()
    if row is None:
        raise Missing("Không tìm thấy đơn vị phối hợp này.")
    services.pass_on(by=request.user, organiser=row)
    messages.success(request, _("Đã đổi đơn vị chủ trì."))
    return redirect(activity)


@require_http_methods(FORM_METHODS)
def speaker_add(request: UserRequest, code: str) -> HttpResponse:
    """Add a speaker."""
    activity = selectors.activity_by_code(request.user, code)
    access.require_with(request.user, Permission.ACTIVITY_RUN, activity)
    form = SpeakerForm(request.POST or None)

    def save() -> object:
        return services.add_speaker(by=request.user, activity=activity, **form.cleaned_data)

    return _form_page(request, form, title=_("Thêm báo cáo viên"), save=save, activity=activity)


@require_POST
def speaker_remove(request: UserRequest, code: str, pk: int) -> HttpResponse:
    """Take a speaker away."""
    activity = selectors.activity_by_code(request.user, code)
    row = activity.speakers.filter(pk=pk).first()
    if row is None:
        raise Missing("Không tìm thấy báo cáo viên này.")
    services.remove_speaker(by=request.user, speaker=row)
    return redirect(activity)


@require_safe
def task_choose(request: UserRequest, code: str) -> HttpResponse:
    """Find the task that an activity serves."""
    activity = selectors.activity_by_code(request.user, code)
    access.require_with(request.user, Permission.ACTIVITY_RUN, activity)
    words = request.GET.get("q", "")
    context = {
        "title": _("Gắn với nhiệm vụ"),
        "activity": activity,
        "crumbs": crumbs(activity, _("Gắn với nhiệm vụ")),
        "q": words,
        "tasks": plans.found_in(request.user, "tasks", words, on=clock.today())[:30],
    }
    return pages.render(request, "learning/activities/task_choose.html", context)


@require_POST
def task_link(request: UserRequest, code: str) -> HttpResponse:
    """Say that the activity serves a task."""
    activity = selectors.activity_by_code(request.user, code)
    asked = request.POST.get("task", "")
    task = plans.task_by_key(request.user, int(asked) if asked.isdecimal() else 0)
    services.link_task(by=request.user, activity=activity, task=task)
    messages.success(request, _("Đã gắn với nhiệm vụ."))
    return redirect(activity)


@require_POST
def task_unlink(request: UserRequest, code: str, pk: int) -> HttpResponse:
    """Take the link to a task away."""
    activity = selectors.activity_by_code(request.user, code)
    link = activity.task_links.select_related("task").filter(pk=pk).first()
    if link is None:
        raise Missing("Không tìm thấy nhiệm vụ này.")
    services.unlink_task(by=request.user, link=link)
    return redirect(activity)


@require_http_methods(FORM_METHODS)
def photo_add(request: UserRequest, code: str) -> HttpResponse:
    """Keep a picture or paper that shows that the activity took place."""
    activity = selectors.activity_by_code(request.user, code)
    access.require_with(request.user, Permission.ATTENDANCE_TAKE, activity)
    form = PhotoForm(request.POST or None, request.FILES or None)

    def save() -> object:
        file = form.cleaned_data["file"]
        return services.keep_photo(
            by=request.user,
            activity=activity,
            content=file.read(),
            name=file.name,
            caption=form.cleaned_data["caption"],
        )

    return _form_page(request, form, title=_("Gửi ảnh, minh chứng"), save=save, activity=activity)


@require_safe
def photo_file(request: UserRequest, code: str, pk: int) -> FileResponse:
    """The file that was kept; what was withdrawn, only for whoever may bring it back."""
    activity = selectors.activity_by_code(request.user, code)
    photo = _photo(activity, pk)
    if photo.is_withdrawn:
        access.require_with(request.user, Permission.ATTENDANCE_TAKE, activity)
    return attachments.response(photo.file)


@require_POST
def photo_withdraw(request: UserRequest, code: str, pk: int) -> HttpResponse:
    """Show a photo or paper to nobody any more; the activity's page offers to bring it back."""
    activity = selectors.activity_by_code(request.user, code)
    services.withdraw_photo(by=request.user, photo=_photo(activity, pk))
    messages.success(request, _("Đã rút tệp. Bấm “Đưa trở lại” nếu rút nhầm."))
    return redirect(activity)


@require_POST
def photo_restore(request: UserRequest, code: str, pk: int) -> HttpResponse:
    """Bring a withdrawn photo or paper back."""
    activity = selectors.activity_by_code(request.user, code)
    services.restore_photo(by=request.user, photo=_photo(activity, pk))
    messages.success(request, _("Đã đưa tệp trở lại."))
    return redirect(activity)


def _photo(activity: Activity, pk: int) -> Photo:
    photo = activity.photos.select_related("file").filter(pk=pk).first()
    if photo is None:
        raise Missing("Không tìm thấy tệp này.")
    return photo


_ONE = "learning/activities/<slug:code>/"
urlpatterns = [
    path("learning/activities/", activity_list, name="activity-list"),
    path("learning/activities/new/", activity_new, name="activity-new"),
    path(_ONE, activity_detail, name="activity-detail"),
    path(f"{_ONE}edit/", activity_edit, name="activity-edit"),
    path(f"{_ONE}poster/", activity_poster, name="activity-poster"),
    path(f"{_ONE}poster.pdf", activity_poster_pdf, name="activity-poster-pdf"),
    path(f"{_ONE}timetable.pdf", activity_timetable, name="activity-timetable"),
    path(f"{_ONE}move/<slug:deed>/", activity_move, name="activity-move"),
    path(f"{_ONE}organisers/new/", organiser_add, name="organiser-add"),
    path(f"{_ONE}organisers/<int:pk>/remove/", organiser_remove, name="organiser-remove"),
    path(f"{_ONE}organisers/<int:pk>/owner/", organiser_pass_on, name="organiser-pass-on"),
    path(f"{_ONE}speakers/new/", speaker_add, name="speaker-add"),
    path(f"{_ONE}speakers/<int:pk>/remove/", speaker_remove, name="speaker-remove"),
    path(f"{_ONE}tasks/", task_choose, name="task-choose"),
    path(f"{_ONE}tasks/link/", task_link, name="task-link"),
    path(f"{_ONE}tasks/<int:pk>/unlink/", task_unlink, name="task-unlink"),
    path(f"{_ONE}photos/new/", photo_add, name="photo-add"),
    path(f"{_ONE}photos/<int:pk>/", photo_file, name="photo-file"),
    path(f"{_ONE}photos/<int:pk>/withdraw/", photo_withdraw, name="photo-withdraw"),
    path(f"{_ONE}photos/<int:pk>/restore/", photo_restore, name="photo-restore"),
]

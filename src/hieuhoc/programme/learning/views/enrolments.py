"""Who is in an activity, for its staff: the roster, adding somebody, giving up, completing."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.kernel.errors import Conflict, Missing
from hieuhoc.programme.learning import access, states
from hieuhoc.programme.learning.documents import enrolments as documents
from hieuhoc.programme.learning.forms.enrolments import WhyForm
from hieuhoc.programme.learning.forms.fields import attempt
from hieuhoc.programme.learning.models import Activity, Enrolment
from hieuhoc.programme.learning.rules.certificates import is_suggested
from hieuhoc.programme.learning.selectors import enrolments as selectors
from hieuhoc.programme.learning.services import enrolments as services
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.people import selectors as people
from hieuhoc.registers.people.forms import PersonForm
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.services import About, check_about, see_person, see_roster
from hieuhoc.registers.places import selectors as places

PER_PAGE = 100
MOST_FOUND = 20
SEALED_SECONDS = 30 * 60
SHAPES = {"waiting": "due", "enrolled": "wait", "completed": "done", "cancelled": "neutral"}
_SALT = "hieuhoc.learning.learner"


def activity_for(request: UserRequest, code: str, permission: Permission) -> Activity:
    """The activity with this code, where the user may do this with it. Raises: Missing, Refused."""
    found = access.activities_seen(request.user).filter(code=code).select_related("provider__unit", "unit").first()
    if found is None:
        raise Missing("Không tìm thấy nội dung này trong phạm vi của bạn.")
    access.require_with(request.user, permission, found)
    return found


def crumbs(activity: Activity, *rest: str) -> list[dict[str, str]]:
    """The way from an activity to a page about who learns in it."""
    of_activity = {"label": activity.title, "url": activity.get_absolute_url()}
    learners = {"label": _("Người học"), "url": reverse("learning:learners", args=[activity.code])}
    return [of_activity, learners, *({"label": label} for label in rest)]


def _runs(request: UserRequest, activity: Activity) -> bool:
    return access.may_with(request.user, Permission.ACTIVITY_RUN, activity)


@never_cache
@require_safe
def learner_list(request: UserRequest, code: str) -> HttpResponse:
    """The roster by order of arrival. That its names were looked at is noted once a day."""
    activity = activity_for(request, code, Permission.PERSON_READ)
    state = request.GET["state"] if request.GET.get("state") in states.ENROLMENT.states else ""
    page = pages.page_of(request, selectors.enrolments_of(activity, state=state), PER_PAGE)
    see_roster(by=request.user, what=activity, number=len(page.object_list))
    held = activity.sessions.filter(state="held").count()
    runs = _runs(request, activity)
    twice = selectors.twice(activity)
    context = {
        "activity": activity,
        "crumbs": [*crumbs(activity)[:1], {"label": _("Người học")}],
        "page": page,
        "rows": [_row(one, held, twice.get(one.pk)) for one in page.object_list],
        "tabs": _tabs(activity, state),
        "runs": runs,
        "held": held,
        "may_complete": runs and held > 0 and any(one.state == "enrolled" for one in page.object_list),
        "own_url": reverse("learning:learners", args=[code]),
    }
    return pages.render(request, "learning/enrolments/list.html", context)


def _row(one: Any, held: int, first_place: int | None = None) -> dict[str, Any]:
    return {
        "first_place": first_place,
        "enrolment": one,
        "person": one.learner,
        "shape": SHAPES[one.state],
        "certificate": next(iter(one.valid), None),
        "is_suggested": one.state == "enrolled" and is_suggested(came=one.came, held=held),
    }


def _tabs(activity: Activity, state: str) -> list[dict[str, Any]]:
    counted, address = selectors.counts(activity), reverse("learning:learners", args=[activity.code])
    whole = {"label": _("Tất cả"), "url": address, "active": not state, "count": counted.total()}
    return [
        whole,
        *(
            {
                "label": in_words(name),
                "url": f"{address}?state={key}",
                "active": key == state,
                "count": counted[key],
            }
            for key, name in states.ENROLMENT.states.items()
            if counted[key]
        ),
    ]


@require_safe
def learner_download(request: UserRequest, code: str) -> HttpResponse:
    """The roster as a workbook, telephones whole: for whoever runs the class."""
    activity = activity_for(request, code, Permission.ACTIVITY_RUN)
    rows = list(selectors.enrolments_of(activity).exclude(state="cancelled"))
    see_roster(by=request.user, what=activity, number=len(rows))
    content = documents.roster_workbook(activity, rows, on=clock.today())
    return pages.download(content, _("Danh sách lớp %(code)s.xlsx") % {"code": activity.code}, documents.XLSX)


# ---- adding somebody ---------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def learner_create(request: UserRequest, code: str) -> HttpResponse:
    """Look whether somebody is known, else write them down; whoever may be the same is shown before."""
    activity = activity_for(request, code, Permission.ACTIVITY_RUN)
    if request.method == "POST" and "token" in request.POST:
        return _chosen(request, activity)
    if request.method == "POST" and request.POST.get("person"):
        number = request.POST["person"]
        person = people.person_seen(request.user, int(number) if number.isdecimal() else 0)
        return _done(request, activity, services.enrol(by=request.user, activity=activity, person=person))
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        about = attempt(form, lambda: check_about(form.about()))
        if about is not None:
            same = people.find_same(
                name=about.name, birth_year=about.birth_year, unit=about.unit, identity=about.identity
            )
            alike = [same.certain] if same.certain else same.perhaps
            if alike:
                see_roster(by=request.user, what=activity, number=len(alike))
                return _ask_which(request, activity, about, alike, is_certain=same.certain is not None)
            return _done(request, activity, services.enrol_new(by=request.user, activity=activity, about=about))
    text = request.GET.get("q", "").strip()
    found = list(people.find_people(request.user, text=text)[:MOST_FOUND]) if text else []
    see_roster(by=request.user, what=activity, number=len(found))
    context = {
        "activity": activity,
        "form": form,
        "q": text,
        "found": found,
        "crumbs": crumbs(activity, _("Thêm người học")),
    }
    return pages.render(request, "learning/enrolments/new.html", context, status=422 if form.errors else 200)


def _ask_which(
    request: UserRequest, activity: Activity, about: About, alike: list[Person], *, is_certain: bool
) -> HttpResponse:
    plain = asdict(replace(about, unit=None)) | {
        "unit": about.unit.key if about.unit else "",
        "birth_on": about.birth_on.isoformat() if about.birth_on else "",
    }
    token = signing.dumps(
        {"activity": activity.pk, "about": plain, "alike": [one.pk for one in alike]}, salt=_SALT, compress=True
    )
    context = {
        "activity": activity,
        "about": about,
        "alike": alike,
        "is_certain": is_certain,
        "token": token,
        "crumbs": crumbs(activity, _("Có phải người này không?")),
    }
    return pages.render(request, "learning/enrolments/which.html", context)


def _chosen(request: UserRequest, activity: Activity) -> HttpResponse:
    try:
        kept = signing.loads(request.POST["token"], salt=_SALT, max_age=SEALED_SECONDS)
    except signing.BadSignature as error:
        raise Conflict("Trang mở quá lâu. Hãy nhập lại từ đầu.") from error
    choice = request.POST.get("choice", "")
    if kept["activity"] != activity.pk or (choice != "new" and choice not in map(str, kept["alike"])):
        raise Conflict("Hãy chọn một trong những người được nêu.")
    if choice != "new":
        person = Person.objects.select_related("same_as").get(pk=int(choice))
        return _done(request, activity, services.enrol(by=request.user, activity=activity, person=person))
    told = kept["about"]
    about = About(
        **(
            told
            | {
                "unit": places.unit_or_none(told["unit"]) if told["unit"] else None,
                "birth_on": date.fromisoformat(told["birth_on"]) if told["birth_on"] else None,
            }
        )
    )
    return _done(request, activity, services.enrol_new(by=request.user, activity=activity, about=about))


def _done(request: UserRequest, activity: Activity, row: Enrolment) -> HttpResponse:
    if row.state == "waiting":
        messages.warning(request, _("Lớp đã đủ chỗ: %(name)s vào danh sách chờ.") % {"name": row.learner.name})
    else:
        messages.success(request, _("%(name)s có trong danh sách lớp.") % {"name": row.learner.name})
    return redirect("learning:learners", code=activity.code)


# ---- giving up, completing ---------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def learner_cancel(request: UserRequest, code: str, pk: int) -> HttpResponse:
    activity = activity_for(request, code, Permission.ACTIVITY_RUN)
    row = selectors.enrolment_of(activity, pk)
    if request.method == "POST":
        services.cancel_enrolment(by=request.user, enrolment=row)
        messages.success(request, _("Đã ghi là thôi. Người chờ đầu tiên, nếu có, được nhận vào lớp."))
        return redirect("learning:learners", code=code)
    title = _("Thôi học")
    context = {
        "title": title,
        "question": _("Ghi %(name)s là thôi lớp này?") % {"name": row.learner.name},
        "consequence": _("Chỗ trống dành cho người chờ đầu tiên. Muốn quay lại thì ghi danh lại, xếp sau cùng."),
        "danger": True,
        "submit_label": _("Ghi là thôi"),
        "crumbs": crumbs(activity, title),
        "cancel_url": reverse("learning:learners", args=[code]),
    }
    return pages.render(request, "ui/pages/confirm.html", context)


@require_POST
def learner_complete(request: UserRequest, code: str) -> HttpResponse:
    """Those who are ticked have completed."""
    activity = activity_for(request, code, Permission.ACTIVITY_RUN)
    numbers = [int(number) for number in request.POST.getlist("done") if number.isdecimal() and len(number) < 19]
    number = services.complete(by=request.user, activity=activity, enrolments=numbers)
    said = ngettext("Đã ghi %(number)s người hoàn thành.", "Đã ghi %(number)s người hoàn thành.", number)
    messages.success(request, said % {"number": number})
    return redirect("learning:learners", code=code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def learner_undo(request: UserRequest, code: str, pk: int) -> HttpResponse:
    activity = activity_for(request, code, Permission.ACTIVITY_RUN)
    row = selectors.enrolment_of(activity, pk)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        if attempt(form, lambda: services.undo_completion(by=request.user, enrolment=row, why=why)):
            messages.success(request, _("Đã bỏ ghi hoàn thành."))
            return redirect("learning:learners", code=code)
    title = _("Bỏ ghi hoàn thành")
    context = {
        "form": form,
        "title": title,
        "question": _("%(name)s chưa hoàn thành?") % {"name": row.learner.name},
        "submit_label": title,
        "crumbs": crumbs(activity, title),
        "cancel_url": reverse("learning:learners", args=[code]),
    }
    return pages.render(request, "ui/pages/confirm.html", context, status=422 if form.errors else 200)


# ---- what somebody has learnt ------------------------------------------------------------------------


@never_cache
@require_safe
def person_learning(request: UserRequest, pk: int) -> HttpResponse:
    """The activities of one person that the user sees; noted in the trail as a look at that person."""
    accounts.require_somewhere(request.user, Permission.PERSON_READ)
    person = see_person(by=request.user, pk=pk)
    among = access.activities_seen(request.user)
    page = pages.page_of(request, selectors.learning_of(person, among=among))
    context = {
        "person": person,
        "page": page,
        "rows": [_row(one, 0) for one in page.object_list],
        "title": _("Các lớp đã học"),
        "crumbs": [
            {"label": _("Người học"), "url": reverse("people:list")},
            {"label": person.name, "url": person.get_absolute_url()},
            {"label": _("Các lớp đã học")},
        ],
    }
    return pages.render(request, "learning/enrolments/of_person.html", context)


_ROOT = "learning/activities/<slug:code>/learners/"
urlpatterns = [
    path("people/<int:pk>/learning/", person_learning, name="person-learning"),
    path(_ROOT, learner_list, name="learners"),
    path(f"{_ROOT}new/", learner_create, name="learner-new"),
    path(f"{_ROOT}complete/", learner_complete, name="learner-complete"),
    path(f"{_ROOT}download/", learner_download, name="learner-download"),
    path(f"{_ROOT}<int:pk>/cancel/", learner_cancel, name="learner-cancel"),
    path(f"{_ROOT}<int:pk>/undo/", learner_undo, name="learner-undo"),
]

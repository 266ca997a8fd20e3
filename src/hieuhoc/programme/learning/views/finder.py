"""What everybody may see without signing in: what can be learnt nearby, one class, enrolling, being told.

Nothing of a person is on these pages but what that person has typed, or holds a secret link to.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.programme.learning.forms.fields import attempt
from hieuhoc.programme.learning.forms.finder import CitizenForm, CodeForm, ContactForm, FinderForm, TrapForm
from hieuhoc.programme.learning.models import Activity, TopicWatch
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.rules.enrolments import why_closed
from hieuhoc.programme.learning.selectors import enrolments as enrolled
from hieuhoc.programme.learning.selectors import finder, materials
from hieuhoc.programme.learning.services import enrolments
from hieuhoc.programme.learning.services import finder as services
from hieuhoc.programme.learning.views import finder_shown as shown
from hieuhoc.registers.people.services import confirming

PER_PAGE = 20
SEALED_SECONDS = 30 * 60
_SALT = "hieuhoc.learning.citizen"


@login_not_required
@require_safe
def class_list(request: HttpRequest) -> HttpResponse:
    """What is to come, by place, topic, day, price and words; near the reader where they say where they are."""
    today = clock.today()
    form = FinderForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    asked = finder.Asked(
        unit=finder.unit_asked(request.GET.get("unit", "")),
        field=request.GET["field"] if request.GET.get("field") in kinds.FIELDS else "",
        topic=finder.topic_asked(request.GET.get("topic", ""), on=today),
        since=given.get("since"),
        until=given.get("until"),
        is_free=bool(given.get("free")),
        text=given.get("q", ""),
        near=shown.place_of(request.GET.get("near", "")),
    )
    found = finder.coming(asked, on=today)
    away: dict[int, float] = {}
    if asked.near is None:
        page = pages.page_of(request, found, PER_PAGE)
        rows = list(page)
    else:
        ordered = finder.nearest(found, asked.near)
        away = dict(ordered)
        page = pages.page_of(request, [pk for pk, _away in ordered], PER_PAGE)
        rows = finder.in_order(list(page), on=today)
    left = finder.places_left(rows)
    context = {
        "page": page,
        "rows": [shown.row(one, left=left.get(one.pk), away=away.get(one.pk)) for one in rows],
        "form": form,
        "asked": asked,
        "near": request.GET.get("near", "") if asked.near else "",
        "selects": [
            shown.field_select(asked.field),
            shown.topic_select(finder.topics_coming(on=today), asked.topic),
        ],
        "where": shown.where_options(finder.places_with_providers(), asked.unit),
        "chips": shown.chips(request.GET, asked),
        "map": None if asked.near else shown.map_of(asked, request.GET, on=today),
        "watch_url": shown.watch_url(asked),
    }
    return pages.render(request, "learning/finder/list.html", context)


@login_not_required
@require_safe
def class_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One activity for everybody: what, when, where, for whom, at what price, and how to enrol."""
    activity = finder.public_activity(code)
    context = shown.detail(activity, on=clock.today()) | {
        "why_closed": _why_closed(activity),
        "materials": materials.materials_of(activity),
    }
    return pages.render(request, "learning/finder/class.html", context)


def _why_closed(activity: Activity) -> str | None:
    return why_closed(
        state=activity.state,
        enrolling=activity.enrolling,
        is_public=activity.is_public,
        until=activity.enrol_until,
        last_on=activity.last_on,
        on=clock.today(),
    )


# ---- enrolling ---------------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def class_enrol(request: HttpRequest, code: str) -> HttpResponse:
    """A name, a year, a telephone; then the code that came to it; then the page with one's own link."""
    activity = finder.public_activity(code)
    if _why_closed(activity):
        return redirect("learning:class", code=code)
    if request.method == "POST" and "token" in request.POST:
        return _confirmed(request, activity)
    form = CitizenForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not form.is_trapped:
        given = {name: form.cleaned_data[name] for name in ("name", "birth_year", "sex", "phone")}
        if not confirming.confirms():
            return _enrolled(request, activity, form, given, is_confirmed=False)
        if _asked_code(request, form, given["phone"]):
            return _code_page(request, activity, _seal(activity.code, given), given["phone"])
    return _enrol_page(request, activity, form)


def _asked_code(request: HttpRequest, form: TrapForm, phone: str) -> bool:
    return bool(attempt(form, lambda: confirming.ask_code(phone=phone, address=_address(request))))


def _address(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


def _seal(what: str, given: dict[str, Any]) -> str:
    return signing.dumps({"what": what, **given}, salt=_SALT, compress=True)


def _unsealed(what: str, token: str) -> dict[str, Any] | None:
    """What was filled in before the code; None where it is too old or was made for something else."""
    try:
        given: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=SEALED_SECONDS)
    except signing.BadSignature:
        return None
    return given if given.pop("what", "") == what else None


def _confirmed(request: HttpRequest, activity: Activity) -> HttpResponse:
    form = CodeForm(request.POST)
    given = _unsealed(activity.code, request.POST.get("token", ""))
    if given is None:
        messages.warning(request, _("Trang mở quá lâu nên cần ghi lại từ đầu."))
        return redirect("learning:class-enrol", code=activity.code)
    if form.is_valid() and attempt(form, lambda: _checked(given["phone"], form.cleaned_data["code"])):
        return _enrolled(request, activity, form, given, is_confirmed=True)
    return _code_page(request, activity, request.POST["token"], given["phone"], form)


def _checked(phone: str, code: str) -> bool:
    confirming.check_code(phone=phone, code=code)
    return True


def _enrolled(
    request: HttpRequest, activity: Activity, form: Any, given: dict[str, Any], *, is_confirmed: bool
) -> HttpResponse:
    if not is_confirmed and not attempt(form, lambda: _counted(request, given["phone"])):
        return _enrol_page(request, activity, form)
    row = attempt(form, lambda: services.enrol_citizen(activity=activity, is_confirmed=is_confirmed, **given))
    return redirect("learning:enrolment", secret=row.secret) if row else _enrol_page(request, activity, form)


def _counted(request: HttpRequest, phone: str) -> bool:
    confirming.count("codes", phone, most=confirming.MOST_CODES)
    confirming.count("address", _address(request), most=confirming.MOST_FROM_ONE_ADDRESS)
    return True


def _enrol_page(request: HttpRequest, activity: Activity, form: Any) -> HttpResponse:
    left = finder.places_left([activity]).get(activity.pk)
    context = {"activity": activity, "form": form, "left": left, "waits": left == 0}
    return pages.render(request, "learning/finder/enrol.html", context, status=422 if form.errors else 200)


def _code_page(
    request: HttpRequest, activity: Activity | None, token: str, phone: str, form: CodeForm | None = None
) -> HttpResponse:
    context = {
        "activity": activity,
        "form": form or CodeForm(initial={"token": token}),
        "phone": phone,
        "shown_code": confirming.code_shown(phone),
        "again_url": reverse("learning:class-enrol", args=[activity.code])
        if activity
        else reverse("learning:watch-new"),
    }
    status = 422 if form is not None and form.errors else 200
    return pages.render(request, "learning/finder/code.html", context, status=status)


@login_not_required
@never_cache
@require_safe
def enrolment(request: HttpRequest, secret: str) -> HttpResponse:
    """For whoever holds the link: whether there is a place or which turn they have, and how to give it up."""
    row = enrolled.enrolment_by_secret(secret)
    context = shown.detail(row.activity, on=clock.today()) | {
        "enrolment": row,
        "turn": enrolled.turn_of(row),
        "may_cancel": row.state in ("enrolled", "waiting") and row.first_on is None,
        "may_return": row.state == "cancelled" and not _why_closed(row.activity),
        "is_over": row.activity.state == "ended",
        "own_url": request.build_absolute_uri(),
    }
    return pages.render(request, "learning/finder/enrolment.html", context)


@login_not_required
@require_POST
def enrolment_cancel(request: HttpRequest, secret: str) -> HttpResponse:
    row = enrolled.enrolment_by_secret(secret)
    enrolments.cancel_enrolment(by=None, enrolment=row)
    return redirect("learning:enrolment", secret=secret)


# ---- being told --------------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def watch_create(request: HttpRequest) -> HttpResponse:
    """Ask to be told when something on a topic, in a field, at a place opens."""
    if request.method == "POST" and "token" in request.POST:
        return _watch_confirmed(request)
    today = clock.today()
    source = request.POST if request.method == "POST" else request.GET
    wish = finder.Asked(
        unit=finder.unit_asked(source.get("unit", "")),
        topic=finder.topic_asked(source.get("topic", ""), on=today),
        field=source["field"] if source.get("field") in kinds.FIELDS else "",
    )
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not form.is_trapped:
        given = {name: form.cleaned_data[name] for name in ("name", "phone")}
        keys = {"unit": source.get("unit", ""), "topic": source.get("topic", ""), "field": wish.field}
        if not confirming.confirms():
            if attempt(form, lambda: _counted(request, given["phone"])):
                return redirect("learning:watch", secret=_watched(given, wish).secret)
        elif _asked_code(request, form, given["phone"]):
            return _code_page(request, None, _seal("watch", given | keys), given["phone"])
    context = {
        "form": form,
        "where": shown.where_options(finder.places_with_providers(), wish.unit),
        "topics": shown.topic_options(finder.topics_to_choose(today), wish.topic),
        "selects": [shown.field_select(wish.field)],
    }
    return pages.render(request, "learning/finder/watch_form.html", context, status=422 if form.errors else 200)


def _watched(given: dict[str, Any], wish: finder.Asked) -> TopicWatch:
    return services.watch(is_confirmed=False, topic=wish.topic, field=wish.field, unit=wish.unit, **given)


def _watch_confirmed(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    given = _unsealed("watch", request.POST.get("token", ""))
    if given is None:
        messages.warning(request, _("Trang mở quá lâu nên cần ghi lại từ đầu."))
        return redirect("learning:watch-new")
    if form.is_valid() and attempt(form, lambda: _checked(given["phone"], form.cleaned_data["code"])):
        given["unit"] = finder.unit_asked(given["unit"])
        given["topic"] = finder.topic_asked(given["topic"], on=clock.today())
        return redirect("learning:watch", secret=services.watch(is_confirmed=True, **given).secret)
    return _code_page(request, None, request.POST["token"], given["phone"], form)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def watch(request: HttpRequest, secret: str) -> HttpResponse:
    """For whoever holds the link: what they will be told of, and how to be told no more."""
    wish = services.watch_by_secret(secret)
    if request.method == "POST":
        services.drop_watch(wish=wish)
        messages.success(request, _("Bạn sẽ không nhận tin về nội dung này nữa."))
        return redirect("learning:class-list")
    context = {"wish": wish, "field": kinds.FIELDS.get(wish.field, ""), "own_url": request.build_absolute_uri()}
    return pages.render(request, "learning/finder/watch.html", context)


urlpatterns = [
    path("classes/", class_list, name="class-list"),
    path("classes/watch/", watch_create, name="watch-new"),
    path("classes/watch/<str:secret>/", watch, name="watch"),
    path("classes/<slug:code>/", class_detail, name="class"),
    path("classes/<slug:code>/enrol/", class_enrol, name="class-enrol"),
    path("enrolments/<str:secret>/", enrolment, name="enrolment"),
    path("enrolments/<str:secret>/cancel/", enrolment_cancel, name="enrolment-cancel"),
]

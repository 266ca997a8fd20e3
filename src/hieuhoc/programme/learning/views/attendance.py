"""Taking attendance: the page that works without signal, what phones send, and what a human decides."""

from __future__ import annotations

import uuid
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Conflict, HouseError, Invalid, Missing, Refused
from hieuhoc.programme.learning.forms.attendance import (
    UnsentForm,
    WalkInForm,
    read_items,
    read_sending,
    read_unsent,
    typed_heads,
    typed_marks,
)
from hieuhoc.programme.learning.models import Session
from hieuhoc.programme.learning.rules.attendance import MOST_ITEMS
from hieuhoc.programme.learning.selectors import attendance as selectors
from hieuhoc.programme.learning.selectors.attendance import Clash, Group, Learner, Roll
from hieuhoc.programme.learning.services import attendance as services
from hieuhoc.programme.learning.services.attendance import Outcome, WalkIn
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.people.rules import SEXES
from hieuhoc.registers.people.services import see_roster

KEPT_DAYS = 7
"""So many days after it was last opened, a list of which nothing is unsent leaves the browser."""
MARKS = {
    "present": (gettext_lazy("Có mặt"), "done"),
    "late": (gettext_lazy("Đến muộn"), "due"),
    "absent": (gettext_lazy("Vắng"), "late"),
}
_WORKER = Path(__file__).resolve().parent.parent / "static" / "learning" / "attendance-worker.js"
_STATUS: dict[type[HouseError], HTTPStatus] = {
    Refused: HTTPStatus.FORBIDDEN,
    Missing: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
}


# ---- the page ----------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: UserRequest, pk: int) -> HttpResponse:
    """The roll of a session. With script each tap is kept and sent by itself; without, the form is sent as a whole."""
    session = selectors.session_to_mark(request.user, pk)
    if request.method == "POST":
        items = typed_marks(request.POST.dict())
        return _answered(request, session, services.take_marks(by=request.user, session=session, marks=items))
    return _page(request, session)


def _page(request: UserRequest, session: Session, **more: Any) -> HttpResponse:
    roll = selectors.roll(session)
    see_roster(by=request.user, what=session, number=len(roll.learners))
    activity = session.activity
    context = {
        "title": _("Điểm danh"),
        "session": session,
        "session_text": str(session.pk),
        "activity": activity,
        "place": session.place or (session.room.name if session.room else "") or activity.place,
        "roll": roll,
        "counts": _counts(roll),
        "rows": [_row(one) for one in roll.learners],
        "row_template": _row(Learner(0, 0, "", None, "enrolled")),
        "groups": [_group(one) for one in roll.groups],
        "clashes": [_clash(one) for one in roll.clashes],
        "key": uuid.uuid4(),
        "made_at": _milliseconds(),
        "kept_days": KEPT_DAYS,
        "walk_in": WalkInForm(),
        "closed": services.why_closed(session),
        "crumbs": [
            {"label": _("Buổi học"), "url": reverse("learning:sessions")},
            {"label": activity.title, "url": activity.get_absolute_url()},
            {"label": _("Điểm danh")},
        ],
    }
    status = more.pop("status", HTTPStatus.OK)
    return pages.render(request, "learning/attendance/session.html", context | more, status=status)


def _counts(roll: Roll) -> list[dict[str, Any]]:
    named = [(mark, str(label), shape) for mark, (label, shape) in MARKS.items()]
    named += [("none", _("Chưa ghi"), "neutral"), ("heads", _("Không tên"), "neutral")]
    return [{"key": key, "label": label, "state": shape, "count": roll.counts[key]} for key, label, shape in named]


def _row(one: Learner) -> dict[str, Any]:
    marks = [
        {"value": mark, "label": label, "state": shape, "on": one.mark == mark}
        for mark, (label, shape) in MARKS.items()
    ]
    return {"learner": one, "marks": marks}


def _group(one: Group) -> dict[str, Any]:
    return {"group": one, "label": _group_words(one.sex, one.age_band), "key": f"{one.sex}_{one.age_band}"}


def _group_words(sex: str, band: str) -> str:
    """What a group of heads is called: "nữ, 36–60 tuổi"."""
    if not sex and not band:
        return _("chưa phân theo giới tính, tuổi")
    first, _dash, last = band.partition("-")
    ages = ""
    if band:
        ages = _("%(ages)s tuổi") % {"ages": f"{first}–{last}"} if last else _("từ %(age)s tuổi") % {"age": first}
    return ", ".join(words for words in (str(_(SEXES[sex])) if sex else "", ages) if words)


def _clash(one: Clash) -> dict[str, Any]:
    """A conflict in words: who sent what, what stands, and what can be chosen."""
    content, kind = one.sent.content, one.sent.content["kind"]
    told: dict[str, Any] = {"key": one.sent.pk, "by": one.sent.by.full_name, "at": one.sent.received_at, "kind": kind}
    if kind == "heads" and one.group is not None:
        told |= {"name": _group_words(one.group.sex, one.group.age_band), "edition": one.group.edition}
        return told | {"sent": str(content["count"]), "stands": str(one.group.count)}
    learner = one.learner
    told |= {"name": learner.name if learner else "", "edition": learner.edition if learner else 0}
    told |= {"sent": _mark_words(content["mark"]), "stands": _mark_words(learner.mark if learner else "")}
    if kind == "walk_in":
        told |= {"name": content["name"], "year": content["birth_year"], "same": learner}
    return told | {"stood_by": learner.by if learner else ""}


def _mark_words(mark: str) -> str:
    return str(MARKS[mark][0]) if mark in MARKS else _("chưa ghi")


def _answered(request: UserRequest, session: Session, outcomes: list[Outcome]) -> HttpResponse:
    """After a form, the page again."""
    _tell(request, outcomes)
    return redirect("learning:attendance", session.pk)


def _tell(request: UserRequest, outcomes: list[Outcome]) -> None:
    """What was taken, what was not and why."""
    taken = sum(one.outcome == "taken" for one in outcomes)
    clashes = sum(one.outcome == "conflict" for one in outcomes)
    if taken:
        words = ngettext("Đã ghi %(count)s mục.", "Đã ghi %(count)s mục.", taken)
        messages.success(request, words % {"count": taken})
    if clashes:
        words = ngettext(
            "%(count)s mục khác với người khác đã ghi: hãy xem và chọn ở trang điểm danh của buổi.",
            "%(count)s mục khác với người khác đã ghi: hãy xem và chọn ở trang điểm danh của buổi.",
            clashes,
        )
        messages.warning(request, words % {"count": clashes})
    for sentence in sorted({say(one.why) for one in outcomes if one.why is not None}):
        messages.error(request, sentence)
    if not outcomes:
        messages.info(request, _("Không có gì thay đổi."))


@require_POST
def attendance_walk_in(request: UserRequest, pk: int) -> HttpResponse:
    """Note somebody who is not in the list."""
    session = selectors.session_to_mark(request.user, pk)
    form = WalkInForm(request.POST)
    if not form.is_valid():
        return _page(request, session, walk_in=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    told = form.cleaned_data
    key = _key_of(request)
    walk_in = WalkIn(key, told["name"], told["birth_year"], told["sex"])
    outcome = services.add_walk_in(by=request.user, session=session, walk_in=walk_in)
    return _answered(request, session, [outcome])


def _key_of(request: HttpRequest) -> uuid.UUID:
    """The key that the form bears, so that pressing twice notes once."""
    try:
        return uuid.uuid5(uuid.UUID(request.POST.get("key", "")), "walk-in")
    except ValueError:
        return uuid.uuid4()


@require_POST
def attendance_heads(request: UserRequest, pk: int) -> HttpResponse:
    """Count those whose names are not kept."""
    session = selectors.session_to_mark(request.user, pk)
    heads = typed_heads(request.POST.dict())
    return _answered(request, session, services.count_heads(by=request.user, session=session, heads=heads))


@require_POST
def attendance_settle(request: UserRequest, pk: int, key: uuid.UUID) -> HttpResponse:
    """Decide about one conflict."""
    session = selectors.session_to_mark(request.user, pk)
    seen = request.POST.get("edition", "")
    try:
        services.settle_conflict(
            by=request.user,
            session=session,
            key=key,
            choice=request.POST.get("choice", ""),
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
        )
    except Conflict as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("Đã ghi theo lựa chọn của bạn."))
    return redirect("learning:attendance", session.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: UserRequest) -> HttpResponse:
    """The sessions of these days, which can be carried to where there is no signal; and what waits in this browser.

    Posted to, it takes the file of what another browser had not sent.
    """
    accounts.require_somewhere(request.user, Permission.ATTENDANCE_TAKE)
    form = UnsentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            outcomes = _taken_from_file(request.user, form.cleaned_data["file"].read())
        except HouseError as error:
            form.add_error("file", say(error))
        else:
            _tell(request, outcomes)
            return redirect("learning:sessions")
    today = clock.today()
    context = {
        "title": _("Buổi học cần điểm danh"),
        "today": today,
        "page": pages.page_of(request, selectors.sessions_to_mark(request.user, on=today)),
        "made_at": _milliseconds(),
        "kept_days": KEPT_DAYS,
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "learning/attendance/sessions.html", context, status=status)


@transaction.atomic
def _taken_from_file(user: User, content: bytes) -> list[Outcome]:
    """What was not sent, taken whole or not at all. Raises: Invalid, Refused, Missing."""
    outcomes: list[Outcome] = []
    for pk, told in read_unsent(content, user=user.pk).items():
        session = selectors.session_to_mark(user, pk)
        items, wrong = read_items(told)
        for error in wrong.values():
            raise error
        for start in range(0, len(items), MOST_ITEMS):
            outcomes += services.take_marks(by=user, session=session, marks=items[start : start + MOST_ITEMS])
    return outcomes


# ---- phones --------------------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sync(request: HttpRequest) -> JsonResponse:
    """To a question: who is signed in here, and the token with which to send. To a sending: what became of each key.

    Says so in so many words when nobody is signed in any more: the phone keeps what it has.
    """
    user = request.user if isinstance(request.user, User) else None
    if request.method != "POST":
        named = {"user": user.pk, "name": user.full_name} if user else {"user": None, "name": ""}
        return JsonResponse(named | {"csrf": get_token(request), "at": _milliseconds()})
    if user is None:
        return JsonResponse({"error": "signed_out"}, status=HTTPStatus.UNAUTHORIZED)
    try:
        return JsonResponse(_taken(user, request.body))
    except HouseError as error:
        status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
        return JsonResponse({"error": type(error).__name__.lower(), "sentence": say(error)}, status=status)


def _taken(user: User, body: bytes) -> dict[str, Any]:
    told = read_sending(body)
    if told.get("user") not in (None, user.pk):
        raise Refused("Những mục này do người khác ghi. Hãy đăng nhập bằng tài khoản đó để gửi.")
    session = selectors.session_to_mark(user, told["session"])
    items, wrong = read_items(told["items"])
    outcomes = services.take_marks(by=user, session=session, marks=items) if items else []
    answers = [{"key": str(one.key), "outcome": one.outcome} | _why(one) for one in outcomes]
    answers += [{"key": key, "outcome": "refused", "why": say(error)} for key, error in wrong.items()]
    return {"outcomes": answers, "state": _state(selectors.roll(session))}


def _why(one: Outcome) -> dict[str, str]:
    return {"why": say(one.why)} if one.why is not None else {}


def _state(roll: Roll) -> dict[str, Any]:
    """A session's attendance as phones keep it."""
    return {
        "at": _milliseconds(),
        "learners": [
            {
                "id": one.enrolment,
                "name": one.name,
                "year": one.birth_year,
                "waiting": one.state == "waiting",
                "mark": one.mark,
                "edition": one.edition,
            }
            for one in roll.learners
        ],
        "heads": [
            {"key": f"{one.sex}_{one.age_band}", "count": one.count, "edition": one.edition} for one in roll.groups
        ],
        "clashes": [str(one.sent.pk) for one in roll.clashes],
    }


def _milliseconds() -> int:
    return int(clock.now().timestamp() * 1000)


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that opens carried pages without signal. It stands here, for it answers for no page above its own."""
    response = HttpResponse(_worker_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _worker_script() -> bytes:
    return _WORKER.read_bytes()


urlpatterns = [
    path("learning/attendance-worker.js", worker, name="attendance-worker"),
    path("learning/sync/", sync, name="attendance-sync"),
    path("learning/sessions/", sessions, name="sessions"),
    path("learning/sessions/<int:pk>/attendance/", attendance, name="attendance"),
    path("learning/sessions/<int:pk>/attendance/walk-in/", attendance_walk_in, name="attendance-walk-in"),
    path("learning/sessions/<int:pk>/attendance/heads/", attendance_heads, name="attendance-heads"),
    path("learning/sessions/<int:pk>/attendance/conflicts/<uuid:key>/", attendance_settle, name="attendance-settle"),
]

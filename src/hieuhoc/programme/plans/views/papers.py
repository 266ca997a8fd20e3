"""Pages for the tables that are signed: Excel, Word and print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.programme.plans import access, rules, selectors, states
from hieuhoc.programme.plans.documents import tables
from hieuhoc.programme.plans.models import Assignment, Obstacle, Plan
from hieuhoc.programme.plans.views.assignments import PILES
from hieuhoc.programme.plans.views.obstacles import asked_for, span_of
from hieuhoc.programme.plans.views.shown import lens_of, plan_title
from hieuhoc.registers.accounts.access import UserRequest, home
from hieuhoc.registers.places import selectors as places

STANDINGS = {
    "late": "trễ hạn",
    "open": "đang thực hiện",
    "waiting": "chờ xác nhận",
    "done": "hoàn thành",
    "new": "chưa nhận",
    "unassigned": "chưa giao",
}


def _wanted(request: UserRequest) -> selectors.TaskFilter:
    """What the page of the plan was narrowed to when the paper was asked for."""
    named = {name: request.GET.get(name, "") for name in ("unit", "role", "standing", "section", "recurrence")}
    return selectors.TaskFilter(words=request.GET.get("q", ""), **named)


def _narrowed(wanted: selectors.TaskFilter, *, own: bool = False) -> str:
    """What a narrowed paper says of itself: a table that is not whole must not look whole."""
    parts = []
    if wanted.unit:
        role = {"lead": "do {name} chủ trì", "coordinate": "do {name} phối hợp"}.get(wanted.role, "của {name}")
        parts.append(role.format(name=places.unit_by_key(wanted.unit).name))
    if wanted.standing in STANDINGS:
        parts.append(f"tình trạng {STANDINGS[wanted.standing]}")
    if wanted.section:
        parts.append(f"thuộc mục {wanted.section}")
    if wanted.recurrence in rules.RECURRENCES and wanted.recurrence:
        parts.append(f"lặp lại {rules.RECURRENCES[wanted.recurrence].lower()}")
    if wanted.words:
        parts.append(f"có chữ “{wanted.words}”")
    if own:
        parts.append("trong phạm vi của đơn vị lập bảng")
    return _marked(f"Chỉ gồm nhiệm vụ {', '.join(parts)}" if parts else "")


def _marked(words: str) -> str:
    """The words, with a mark that what the demonstration writes is made up."""
    mark = "Bản trình diễn: người và số liệu là giả định" if settings.DEMONSTRATION else ""
    return ". ".join(part for part in (words, mark) if part)


def _assignments(request: UserRequest, plan: Plan) -> tables.SignedTable:
    wanted = _wanted(request)
    tasks = selectors.find_tasks(plan, wanted, on=clock.today())
    return tables.assignment_paper(plan, tasks, selectors.sections(plan), narrowed=_narrowed(wanted))


def _progress(request: UserRequest, plan: Plan) -> tables.SignedTable:
    wanted, today = _wanted(request), clock.today()
    work = list(selectors.work_on_paper(request.user, plan, wanted, on=today))
    narrowed = _narrowed(wanted, own=not selectors.sees_all_work(request.user, plan))
    told = _through_lens(request, work, on=today)
    return tables.progress_paper(plan, work, selectors.sections(plan), on=today, narrowed=narrowed, **told)


def _through_lens(request: UserRequest, work: Sequence[Assignment], *, on: date) -> dict[str, Any]:
    """By the units of which time a paper tells, and who stands in for those that are no more."""
    ended = {one.unit_id for one in work if one.unit.valid_to is not None}
    if not ended:
        return {}
    lens = lens_of(request, on=on)
    return {"lens": lens.on_paper, "heirs": selectors.living_heirs(ended) if lens.is_restated else {}}


def _plan(request: UserRequest, key: int) -> Plan:
    plan = selectors.plan_by_key(request.user, key)
    access.require_exporting(request.user)
    return plan


PAPERS: dict[str, Callable[[UserRequest, Plan], tables.SignedTable]] = {
    "assignments": _assignments,
    "progress": _progress,
}


@require_safe
def paper_xlsx(request: UserRequest, key: int, paper: str) -> HttpResponse:
    """A table of the plan as an Excel form."""
    plan = _plan(request, key)
    made = PAPERS[paper](request, plan)
    content = tables.as_workbook(made, written_at=clock.now())
    return pages.download(content, f"{made.name} - {plan}.xlsx", tables.XLSX)


@require_safe
def paper_docx(request: UserRequest, key: int, paper: str) -> HttpResponse:
    """A table of the plan as a Word file to be signed."""
    plan = _plan(request, key)
    made = PAPERS[paper](request, plan)
    content = tables.as_word(made, written_at=clock.now())
    return pages.download(content, f"{made.name} - {plan}.docx", tables.DOCX)


@require_safe
def plan_print(request: UserRequest, key: int) -> HttpResponse:
    """A table of the plan as a page for the printer."""
    plan = _plan(request, key)
    chosen = request.GET.get("table", "")
    chosen = chosen if chosen in PAPERS else "assignments"
    made = PAPERS[chosen](request, plan)
    context: dict[str, Any] = {
        "plan": plan,
        "title": f"{made.title} – {plan_title(plan)}",
        "chosen": chosen,
        "paper": made,
        "issuer_lines": made.issuer.splitlines(),
        "signer_lines": made.signer.post.splitlines(),
        "rows": tables.printed_rows(made.table),
        "today": clock.today(),
    }
    return pages.render(request, "plans/plan_print.html", context)


@require_safe
def work_xlsx(request: UserRequest) -> HttpResponse:
    """The user's own work, narrowed as on the page, as an Excel sheet."""
    access.require_exporting(request.user)
    pile, words, unit = (request.GET.get(name, "") for name in ("pile", "q", "unit"))
    today = clock.today()
    found = selectors.find_assignments(request.user, pile=pile, words=words, unit=unit, on=today)
    parts = [str(label) for value, label in PILES if value == pile]
    parts += [f"có chữ “{words}”"] if words else []
    parts += [places.unit_by_key(unit).name] if unit else []
    content = tables.work_workbook(
        found,
        on=today,
        narrowed=_marked(", ".join(parts)),
        person=request.user.full_name,
        unit=str(home(request.user) or ""),
        written_at=clock.now(),
    )
    return pages.download(content, f"Danh sách việc {today:%d-%m-%Y}.xlsx", tables.XLSX)


@require_safe
def obstacles_xlsx(request: UserRequest) -> HttpResponse:
    """The obstacles that the user may see, narrowed as on the page, as an Excel sheet."""
    access.require_exporting(request.user)
    wanted = asked_for(request)
    words, state, topic, unit = (wanted[name] for name in ("words", "state", "topic", "unit"))
    found = selectors.find_obstacles(request.user, **wanted)
    shown = {"open": "Đang mở", "all": "", **dict(states.OBSTACLE.choices())}
    parts: list[str] = [str(shown.get(state, ""))]
    parts += [f"lĩnh vực {str(dict(Obstacle.TOPICS).get(topic, topic)).lower()}"] if topic else []
    parts += [places.unit_by_key(unit).name] if unit else []
    parts += [f"của {selectors.plan_by_key(request.user, wanted['plan'])}"] if wanted["plan"] else []
    parts += [f"chờ trả lời {span_of(wanted['waited'])[1]}"] if wanted["waited"] else []
    parts += [f"có chữ “{words}”"] if words else []
    content = tables.obstacles_workbook(
        found,
        now=clock.now(),
        narrowed=_marked(", ".join(part for part in parts if part)),
        unit=str(home(request.user) or ""),
        written_at=clock.now(),
    )
    return pages.download(content, f"Vướng mắc {clock.today():%d-%m-%Y}.xlsx", tables.XLSX)


urlpatterns = [
    path("plans/<int:key>/assignments.xlsx", paper_xlsx, {"paper": "assignments"}, name="assignments-xlsx"),
    path("plans/<int:key>/assignments.docx", paper_docx, {"paper": "assignments"}, name="assignments-docx"),
    path("plans/<int:key>/progress.xlsx", paper_xlsx, {"paper": "progress"}, name="progress-xlsx"),
    path("plans/<int:key>/progress.docx", paper_docx, {"paper": "progress"}, name="progress-docx"),
    path("plans/<int:key>/print/", plan_print, name="plan-print"),
    path("obstacles.xlsx", obstacles_xlsx, name="obstacles-xlsx"),
    path("work.xlsx", work_xlsx, name="work-xlsx"),
]

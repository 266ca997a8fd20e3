"""Plans, tasks, the work of agencies and what blocks it: read as the pages show it, and reported on.

A plan, a task, an assignment and an obstacle are known by the number in the address of their page: none of them is ever
deleted, so no number comes back for something else.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from hieuhoc.api import base
from hieuhoc.api.base import Number, Words
from hieuhoc.api.units import UnitName, unit_name
from hieuhoc.foundation.records import clock
from hieuhoc.programme.plans import selectors as plans
from hieuhoc.programme.plans import services as deeds
from hieuhoc.registers.accounts.access import UserRequest

if TYPE_CHECKING:
    from hieuhoc.programme.plans.models import Assignment, Obstacle, Plan, Task

_ = gettext_noop

plans_router = Router(tags=[_("Kế hoạch và nhiệm vụ")])
work_router = Router(tags=[_("Việc được giao")])
obstacles_router = Router(tags=[_("Vướng mắc")])

AssignmentState = Literal["assigned", "underway", "returned", "done", "confirmed", "cancelled", "joined"]
Topic = Literal["money", "staff", "policy", "coordination", "facilities", "information", "other"]
_STATES = _(
    "Trạng thái: assigned (mới giao), underway (đang thực hiện), returned (bị trả lại), done (chờ xác nhận), "
    "confirmed (hoàn thành), cancelled (đã hủy), joined (đã gộp vào việc khác khi đơn vị sáp nhập)."
)
_OBSTACLE_STATES = _(
    "Trạng thái: raised (chờ cơ quan đầu mối), escalated (chờ tỉnh quyết định), answered (đã trả lời), "
    "closed (đã đóng), withdrawn (đã rút)."
)
_TOPICS = _(
    "Lĩnh vực: money (kinh phí), staff (nhân lực), policy (cơ chế), coordination (phối hợp), "
    "facilities (cơ sở vật chất), information (thông tin), other (khác)."
)
_NUMBER = _("Số của dòng này, như trong địa chỉ trang; không dùng lại.")
_OF_UNIT = _("Chỉ của đơn vị có khóa này.")
_OF_PLAN = _("Chỉ của kế hoạch này.")

# ---- what is told ----------------------------------------------------------------------------------


class Tally(Schema):
    """How many assignments stand in which way on a day. Those cancelled or joined into others are left out."""

    as_of: date = Field(description=_("Ngày của số liệu."))
    unit: Literal["assignments"] = Field("assignments", description=_("Đơn vị tính: việc được giao."))
    total: int = Field(description=_("Tất cả (việc)."))
    confirmed: int = Field(description=_("Hoàn thành, đã xác nhận (việc)."))
    waiting: int = Field(description=_("Đã báo hoàn thành, chờ xác nhận (việc)."))
    underway: int = Field(description=_("Đang thực hiện hoặc bị trả lại (việc)."))
    unstarted: int = Field(description=_("Mới giao, chưa nhận (việc)."))
    late: int = Field(description=_("Còn mở và đã quá hạn vào ngày ấy (việc); nằm trong các số trên."))


class PlanLine(Schema):
    """An issued plan, and how its work stands."""

    id: int = Field(description=_NUMBER)
    number: str = Field(description=_("Số, ký hiệu văn bản."))
    kind: str = Field(description=_("Loại văn bản."))
    subject: str = Field(description=_("Trích yếu."))
    issued_on: date | None = Field(description=_("Ngày ban hành."))
    issuer: UnitName = Field(description=_("Cơ quan ban hành."))
    lead: UnitName | None = Field(description=_("Cơ quan đầu mối."))
    above: int | None = Field(description=_("Kế hoạch cấp trên mà kế hoạch này thực hiện (id)."))
    state: Literal["issued", "closed"] = Field(description=_("Đang thực hiện (issued) hoặc đã kết thúc (closed)."))
    work: Tally = Field(description=_("Các việc được giao đang ở đâu."))


class PlanPage(base.Listed):
    """Plans, the newest document first."""

    items: list[PlanLine]


class Agency(Schema):
    """An agency that a task names."""

    role: Literal["lead", "coordinate"] = Field(description=_("Chủ trì (lead) hoặc phối hợp (coordinate)."))
    name: str = Field(description=_("Tên như văn bản ghi."))
    unit: UnitName | None = Field(description=_("Đơn vị trong danh mục; rỗng nếu chưa nối."))


class TaskLine(Schema):
    """One thing that a plan orders somebody to do."""

    id: int = Field(description=_NUMBER)
    code: str = Field(description=_("Mã trong kế hoạch."))
    plan: int = Field(description=_("Kế hoạch (id)."))
    section: str = Field(description=_("Đề mục trong văn bản; rỗng nếu không nằm dưới đề mục nào."))
    text: str = Field(description=_("Nội dung, như văn bản ghi."))
    product: str = Field(description=_("Sản phẩm phải có; rỗng nếu văn bản không nêu."))
    recurrence: str = Field(
        description=_("Lặp lại: rỗng (một lần), year, half, quarter, month, continuous (thường xuyên), periodic.")
    )
    due_on: date | None = Field(description=_("Hạn hoàn thành."))
    deadline_text: str = Field(description=_("Thời hạn, như văn bản ghi."))
    agencies: list[Agency] = Field(description=_("Cơ quan chủ trì và phối hợp."))
    work: Tally = Field(description=_("Các việc được giao của nhiệm vụ đang ở đâu."))


class TaskPage(base.Listed):
    """Tasks in the order of the document."""

    items: list[TaskLine]


class AssignmentLine(Schema):
    """A task as one agency holds it, in one turn of the calendar where it recurs."""

    id: int = Field(description=_NUMBER)
    plan: int = Field(description=_("Kế hoạch (id)."))
    task: int = Field(description=_("Nhiệm vụ (id)."))
    task_code: str = Field(description=_("Mã của nhiệm vụ trong kế hoạch."))
    text: str = Field(description=_("Nội dung nhiệm vụ."))
    unit: UnitName = Field(description=_("Cơ quan giữ việc."))
    period: str = Field(description=_("Kỳ của việc lặp lại, như 2020-Q4; rỗng nếu làm một lần."))
    due_on: date | None = Field(description=_("Hạn."))
    state: AssignmentState = Field(description=_STATES)
    joined_into: int | None = Field(
        description=_("Việc (id) đi tiếp thay cho việc này sau khi các đơn vị sáp nhập; rỗng nếu không gộp.")
    )
    is_overdue: bool = Field(description=_("Còn mở và hạn đã qua vào ngày as_of."))
    percent: int = Field(description=_("Tiến độ (phần trăm, 0–100), như cơ quan báo gần nhất."))
    reported_at: datetime | None = Field(description=_("Lần báo gần nhất; rỗng nếu chưa báo."))
    note: str = Field(description=_("Kết quả, như cơ quan báo."))


class AssignmentPage(base.Listed):
    """Assignments, soonest due first."""

    items: list[AssignmentLine]


class ObstacleLine(Schema):
    """What blocks an assignment."""

    id: int = Field(description=_NUMBER)
    plan: int = Field(description=_("Kế hoạch (id)."))
    assignment: int = Field(description=_("Việc được giao (id)."))
    unit: UnitName = Field(description=_("Cơ quan nêu."))
    holder: UnitName = Field(description=_("Nơi đang giữ, phải trả lời."))
    topic: Topic = Field(description=_TOPICS)
    title: str = Field(description=_("Vướng mắc, trong một câu."))
    text: str = Field(description=_("Mô tả."))
    proposal: str = Field(description=_("Đề xuất; rỗng nếu không có."))
    state: Literal["raised", "escalated", "answered", "closed", "withdrawn"] = Field(description=_OBSTACLE_STATES)
    raised_at: datetime = Field(description=_("Nêu lúc."))
    waiting_since: datetime = Field(description=_("Ở trạng thái này từ lúc."))
    ended_at: datetime | None = Field(description=_("Kết thúc lúc."))


class ObstaclePage(base.Listed):
    """Obstacles; the open ones longest waiting first, otherwise the newest first."""

    items: list[ObstacleLine]


class Step(Schema):
    """One step on an obstacle's way. Who took it is not told to programs."""

    deed: Literal["raise", "answer", "escalate", "close", "reopen", "withdraw"] = Field(description=_("Bước."))
    words: str = Field(description=_("Lời của bước này."))
    at: datetime = Field(description=_("Lúc."))
    waited_seconds: int = Field(description=_("Đã chờ bao lâu trước bước này (giây)."))


class ObstacleWhole(ObstacleLine):
    """An obstacle with every step."""

    steps: list[Step] = Field(description=_("Các bước, từ đầu."))


# ---- what is asked ---------------------------------------------------------------------------------


class PlanFilter(base.Paging):
    """Which plans are wanted."""

    q: Words = Field("", description=_("Từ trong số hiệu, trích yếu, có dấu hoặc không."))
    state: Literal["issued", "closed"] | None = Field(None, description=_("Chỉ kế hoạch ở trạng thái này."))
    issuer: Words = Field("", description=_("Chỉ kế hoạch do đơn vị có khóa này ban hành."))


class TaskFilter(base.Paging):
    """Which tasks of a plan are wanted."""

    q: Words = Field("", description=_("Từ trong nội dung, có dấu hoặc không."))
    unit: Words = Field("", description=_OF_UNIT)
    role: Literal["lead", "coordinate"] | None = Field(None, description=_("Cùng với unit: đơn vị ấy làm vai gì."))
    standing: Literal["late", "open", "waiting", "done", "new", "unassigned"] | None = Field(
        None, description=_("Có việc trễ hạn, đang mở, chờ xác nhận, hoàn thành, mới giao; hoặc chưa giao cho ai.")
    )


class AssignmentFilter(base.Paging):
    """Which assignments are wanted."""

    plan: int | None = Field(None, ge=1, le=base.MOST, description=_OF_PLAN)
    unit: Words = Field("", description=_OF_UNIT)
    state: AssignmentState | None = Field(None, description=_STATES)
    overdue: bool | None = Field(None, description=_("true: chỉ việc trễ hạn hôm nay; false: chỉ việc không trễ."))


class ObstacleFilter(base.Paging):
    """Which obstacles are wanted."""

    plan: int | None = Field(None, ge=1, le=base.MOST, description=_OF_PLAN)
    unit: Words = Field("", description=_("Chỉ vướng mắc do đơn vị có khóa này nêu."))
    topic: Topic | None = Field(None, description=_TOPICS)
    state: Literal["open", "all", "raised", "escalated", "answered", "closed", "withdrawn"] = Field(
        "open", description=_("open: mọi vướng mắc chưa khép lại; all: tất cả; hoặc một trạng thái.")
    )


class ProgressSent(Schema):
    """How far an agency has come."""

    model_config = ConfigDict(extra="forbid")

    percent: int = Field(ge=0, le=100, description=_("Tiến độ (phần trăm, 0–100). Báo hoàn thành thì là 100."))
    note: Words = Field(
        "", max_length=10_000, description=_("Việc đã làm và số liệu chính. Cần có khi hoàn thành hoặc báo lùi.")
    )
    is_done: bool = Field(False, description=_("Đã hoàn thành, đề nghị xác nhận."))
    seen: AssignmentState | None = Field(
        None, description=_("Trạng thái mà chương trình đã thấy; nếu nay đã khác thì bị từ chối với 409.")
    )


class ObstacleSent(Schema):
    """What blocks the work, in the words of whoever meets it."""

    model_config = ConfigDict(extra="forbid")

    topic: Topic = Field(description=_TOPICS)
    title: Words = Field(min_length=1, max_length=250, description=_("Vướng mắc, trong một câu."))
    text: Words = Field(
        min_length=1, max_length=10_000, description=_("Mô tả. Không ghi thông tin riêng của người dân.")
    )
    proposal: Words = Field("", max_length=10_000, description=_("Đề xuất."))


# ---- addresses -------------------------------------------------------------------------------------


@plans_router.get("/plans", response={200: PlanPage, **base.READ_PROBLEMS}, summary=_("Các kế hoạch"))
def list_plans(request: UserRequest, asked: Query[PlanFilter]) -> object:
    found = plans.plans_issued(request.user, words=asked.q, state=asked.state or "", issuer=asked.issuer)
    rows, said = base.piece(found, asked)
    today = clock.today()
    tallies = plans.tallies(list(rows), on=today)
    return {"as_of": today, "items": [_plan(row, tallies.get(row.pk), today) for row in rows], **said}


@plans_router.get("/plans/{number}", response={200: PlanLine, **base.READ_PROBLEMS}, summary=_("Một kế hoạch"))
def read_plan(request: UserRequest, number: Number) -> object:
    plan, today = plans.plan_issued(request.user, number), clock.today()
    return _plan(plan, plans.tallies([plan], on=today).get(plan.pk), today)


@plans_router.get(
    "/plans/{number}/tasks", response={200: TaskPage, **base.READ_PROBLEMS}, summary=_("Nhiệm vụ của một kế hoạch")
)
def list_tasks(request: UserRequest, number: Number, asked: Query[TaskFilter]) -> object:
    plan, today = plans.plan_issued(request.user, number), clock.today()
    wanted = plans.TaskFilter(words=asked.q, unit=asked.unit, role=asked.role or "", standing=asked.standing or "")
    rows, said = base.piece(plans.tasks_issued(plan, wanted, on=today), asked)
    tallies = plans.tally_by_task(plan, on=today)
    return {"as_of": today, "items": [_task(row, tallies.get(row.pk), today) for row in rows], **said}


@plans_router.get("/tasks/{number}", response={200: TaskLine, **base.READ_PROBLEMS}, summary=_("Một nhiệm vụ"))
def read_task(request: UserRequest, number: Number) -> object:
    task, today = plans.task_by_key(request.user, number), clock.today()
    return _task(task, plans.tally_by_task(task.plan, on=today).get(task.pk), today)


@work_router.get("/assignments", response={200: AssignmentPage, **base.READ_PROBLEMS}, summary=_("Các việc được giao"))
def list_assignments(request: UserRequest, asked: Query[AssignmentFilter]) -> object:
    today = clock.today()
    found = plans.assignments_listed(
        request.user, plan=asked.plan, unit=asked.unit, state=asked.state or "", overdue=asked.overdue, on=today
    )
    rows, said = base.piece(found, asked)
    return {"as_of": today, "items": [_assignment(row) for row in rows], **said}


@work_router.get(
    "/assignments/{number}", response={200: AssignmentLine, **base.READ_PROBLEMS}, summary=_("Một việc được giao")
)
def read_assignment(request: UserRequest, number: Number) -> object:
    return _assignment(plans.assignment_listed(request.user, number, on=clock.today()))


@work_router.post(
    "/assignments/{number}/progress",
    response={201: AssignmentLine, **base.WRITE_PROBLEMS},
    summary=_("Báo tiến độ một việc"),
)
def report_progress(
    request: UserRequest, response: HttpResponse, number: Number, sent: ProgressSent, key: base.OnceKey = None
) -> object:
    base.may_report(request)

    def answer() -> Schema:
        assignment = plans.assignment_by_key(request.user, number)
        deeds.report_progress(by=request.user, assignment=assignment, **sent.model_dump())
        return AssignmentLine(**_assignment(plans.assignment_listed(request.user, number, on=clock.today())))

    return base.once(request, response, key, sent, answer)


@work_router.post(
    "/assignments/{number}/obstacles",
    response={201: ObstacleLine, **base.WRITE_PROBLEMS},
    summary=_("Nêu vướng mắc của một việc"),
)
def raise_obstacle(
    request: UserRequest, response: HttpResponse, number: Number, sent: ObstacleSent, key: base.OnceKey = None
) -> object:
    base.may_report(request)

    def answer() -> Schema:
        assignment = plans.assignment_by_key(request.user, number)
        return ObstacleLine(
            **_obstacle(deeds.raise_obstacle(by=request.user, assignment=assignment, **sent.model_dump()))
        )

    return base.once(request, response, key, sent, answer)


@obstacles_router.get("/obstacles", response={200: ObstaclePage, **base.READ_PROBLEMS}, summary=_("Các vướng mắc"))
def list_obstacles(request: UserRequest, asked: Query[ObstacleFilter]) -> object:
    found = plans.find_obstacles(
        request.user, state=asked.state, topic=asked.topic or "", unit=asked.unit, plan=asked.plan
    )
    rows, said = base.piece(found, asked)
    return {"as_of": clock.today(), "items": [_obstacle(row) for row in rows], **said}


@obstacles_router.get(
    "/obstacles/{number}", response={200: ObstacleWhole, **base.READ_PROBLEMS}, summary=_("Một vướng mắc")
)
def read_obstacle(request: UserRequest, number: Number) -> object:
    obstacle = plans.obstacle_by_key(request.user, number)
    return {**_obstacle(obstacle), "steps": list(plans.steps_of(obstacle))}


# ---- from row to answer ----------------------------------------------------------------------------


def _tally(found: plans.Tally | None, on: date) -> dict[str, object]:
    tally = found or plans.Tally()
    names = ("total", "confirmed", "waiting", "underway", "unstarted", "late")
    return {"as_of": on, "unit": "assignments", **{name: getattr(tally, name) for name in names}}


def _plan(plan: Plan, tally: plans.Tally | None, on: date) -> dict[str, object]:
    columns = ("number", "kind", "subject", "issued_on", "state")
    return {
        **{name: getattr(plan, name) for name in columns},
        "id": plan.pk,
        "issuer": unit_name(plan.issuer),
        "lead": unit_name(plan.lead),
        "above": plan.above_id,
        "work": _tally(tally, on),
    }


def _task(task: Task, tally: plans.Tally | None, on: date) -> dict[str, object]:
    columns = ("code", "text", "product", "recurrence", "due_on", "deadline_text")
    return {
        **{name: getattr(task, name) for name in columns},
        "id": task.pk,
        "plan": task.plan_id,
        "section": str(task.section) if task.section else "",
        "agencies": [{"role": one.role, "name": one.name, "unit": unit_name(one.unit)} for one in task.agencies.all()],
        "work": _tally(tally, on),
    }


def _assignment(row: Assignment) -> dict[str, Any]:
    columns = ("period", "due_on", "state", "percent", "reported_at", "note")
    return {
        **{name: getattr(row, name) for name in columns},
        "id": row.pk,
        "plan": row.plan_id,
        "task": row.task_id,
        "task_code": row.task.code,
        "text": row.task.text,
        "unit": unit_name(row.unit),
        "joined_into": row.joined_into_id,
        "is_overdue": row.is_late,  # type: ignore[attr-defined]  # told by the selector
    }


def _obstacle(row: Obstacle) -> dict[str, Any]:
    columns = ("topic", "title", "text", "proposal", "state", "raised_at", "waiting_since", "ended_at")
    return {
        **{name: getattr(row, name) for name in columns},
        "id": row.pk,
        "plan": row.plan_id,
        "assignment": row.assignment_id,
        "unit": unit_name(row.unit),
        "holder": unit_name(row.holder),
    }

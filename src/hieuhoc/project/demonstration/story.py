"""Tells the demonstration's story through the same services that people use, on the days on which it happened.

Plan 144 is taken in through the reader on 18/9/2020; agencies and districts then work on it until the day on
which the demonstration stands. Every result told here is invented, and says so.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from hieuhoc.foundation.records import clock, trail
from hieuhoc.programme.learning.services import topics
from hieuhoc.programme.plans import intake
from hieuhoc.programme.plans import selectors as plan_reads
from hieuhoc.programme.plans import services as plans
from hieuhoc.project.demonstration import centre_years, learning, library, reporting
from hieuhoc.project.demonstration.cast import CAST, CLERKS, LEAD, OFFICERS, PLACE, PROVINCE, Person
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts import selectors as people
from hieuhoc.registers.accounts import services as accounts
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places import services as registers

if TYPE_CHECKING:
    from hieuhoc.programme.plans.models import Assignment, Plan
    from hieuhoc.registers.accounts.models import User

Progress = Callable[[str], None]

INVENTED = "(số liệu giả định)"

# Which line of the document falls due when: the document sets no dates, these are the demonstration's.
DUE_BY_LINE = {
    39: date(2020, 12, 31), 99: date(2020, 11, 13), 103: date(2020, 11, 20), 107: date(2020, 12, 15),
    111: date(2020, 12, 20), 117: date(2020, 11, 10), 121: date(2020, 12, 10), 131: date(2020, 11, 30),
    137: date(2020, 11, 18), 145: date(2020, 12, 25), 151: date(2020, 11, 25), 155: date(2020, 11, 6),
    159: date(2020, 11, 21), 163: date(2020, 11, 30), 165: date(2020, 11, 4), 167: date(2020, 12, 31),
    171: date(2020, 11, 12), 183: date(2020, 12, 15), 193: date(2020, 12, 1), 201: date(2020, 11, 17),
    207: date(2020, 11, 22),
}  # fmt: skip

RESULTS = (
    "Đã ban hành văn bản chỉ đạo và phân công cán bộ theo dõi.",
    "Đã tổ chức hội nghị quán triệt với 86 người dự.",
    "Đã rà soát xong 9 trong 19 xã, phường, thị trấn.",
    "Đã mở 12 lớp chuyên đề tại trung tâm học tập cộng đồng, 418 lượt người học.",
    "Đã phát 6 kỳ chuyên mục trên hệ thống truyền thanh.",
    "Đang tổng hợp số liệu từ cơ sở, còn 4 đơn vị chưa gửi.",
    "Đã làm việc với các đơn vị phối hợp, thống nhất dự thảo.",
    "Đã hoàn thành và gửi báo cáo kết quả.",
)


def prepare(progress: Progress = lambda step: None) -> bool:
    """Make the demonstration's data; returns whether it had to be made (a second call keeps what is there)."""
    if people.user_by_email(_address(CAST[0].username)) is not None:
        return False
    steps: Sequence[tuple[str, Callable[[], object]]] = (
        ("Nạp danh mục đơn vị tỉnh Kiên Giang năm 2020", load_register),
        ("Mở tài khoản trình diễn", open_accounts),
        ("Đọc và giao Kế hoạch 144/KH-UBND", _take_in_plan),
        ("Các cơ quan báo cáo tiến độ", _report),
        ("Vướng mắc và trả lời", _raise_obstacles),
        ("Kế hoạch của các huyện", _take_in_local_plans),
        ("Chỉ số, biểu mẫu, chỉ tiêu", reporting.load_definitions),
        ("Số liệu giả định của năm 2018, 2019", reporting.take_in_past_years),
        ("Trung tâm, lớp học và người học giả định của ba năm", learn),
        ("Đếm lớp, lượt người, người học", reporting.count_learning),
        ("Các đợt báo cáo của năm 2020", reporting.hold_rounds),
        ("Đếm nhiệm vụ và vướng mắc", reporting.count_work),
    )
    with transaction.atomic():
        for name, tell in steps:
            progress(name)
            tell()
    return True


def learn(scale: learning.Scale = learning.USUAL) -> None:
    """Who teaches and who learns, since three years."""
    with clock.pinned(_on(date(2020, 9, 18), 9)):
        topics.load_topics()
    learning.fill(scale)
    served = plan_reads.assignments(_user("binh.sgddt")).filter(plan__number="144/KH-UBND", task__first_line=171)
    library.fill()
    centre_years.fill(list({one.task_id: one.task for one in served.select_related("task")}.values()))


def _on(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def load_register() -> None:
    with clock.pinned(_on(date(2020, 9, 17), 7)):
        registers.load_province()


def open_accounts() -> None:
    with clock.pinned(_on(date(2020, 9, 17), 8)):
        for person in (*CAST, *OFFICERS, *CLERKS):
            _open_account(person)
        # The lead department's own officer also reports for the department itself.
        binh = _user(CAST[1].username)
        accounts.give_first_grant(
            by=trail.HOUSE,
            user=binh,
            role="agency_officer",
            unit=places.unit_by_key(LEAD),
            valid_from=date(2020, 9, 1),
        )
        # The officer of finance reads what centres received and spent in the whole province.
        accounts.give_first_grant(
            by=trail.HOUSE,
            user=_user("hanh.stc"),
            role="finance_officer",
            unit=places.unit_by_key(PROVINCE),
            valid_from=date(2020, 9, 1),
        )


def _open_account(person: Person) -> None:
    user = accounts.open_demonstration_account(
        by=trail.HOUSE,
        email=_address(person.username),
        full_name=person.full_name,
        title=person.title,
        username=person.username,
    )
    accounts.give_first_grant(
        by=trail.HOUSE,
        user=user,
        role=person.role,
        unit=places.unit_by_key(person.unit),
        valid_from=date(2020, 9, 1),
    )


def _address(username: str) -> str:
    """An address to which no letter can ever go."""
    return f"{username}@demo.invalid"


def _user(username: str) -> User:
    user = people.user_by_email(_address(username))
    if user is None:
        raise LookupError(f"the demonstration has no account {username}")
    return user


def _document(name: str) -> bytes:
    return (resources.files("hieuhoc.project.demonstration") / "documents" / name).read_bytes()


def _take_in_plan() -> None:
    binh, minh = _user("binh.sgddt"), _user("minh.ubnd")
    with clock.pinned(_on(date(2020, 9, 18), 8, 30)):
        issuer = places.unit_by_key(f"ubnd-tinh-{PLACE}")
        plan = intake.take_in(by=binh, content=_document("144-KH-UBND.txt"), name="144-KH-UBND.txt", issuer=issuer)
        _set_dates(binh, plan)
        plans.check_rest(by=binh, plan=plan)
        _issue(binh, plan, lead=LEAD)
    for assignment in plan_reads.assignments(minh).filter(plan=plan, due_on=date(2020, 12, 31))[:2]:
        with clock.pinned(_on(date(2020, 10, 20), 15)):
            plans.add_comment(by=minh, assignment=assignment, text="Đề nghị báo cáo kết quả bước đầu trong tháng 11.")


def _set_dates(by: User, plan: Plan) -> None:
    """Give each task on a dated line its due date, as a person checking the draft would."""
    for task in plan_reads.draft_tasks(plan):
        due = DUE_BY_LINE.get(task.first_line)
        if due is None:
            continue
        named = {"lead": [], "coordinate": []}  # type: dict[str, list[plans.NamedAgency]]
        for one in task.agencies.all():
            named[one.role].append(plans.NamedAgency(one.name, one.unit))
        plans.edit_task(
            by=by,
            plan=plan,
            task=task.pk,
            version=task.version,
            text=task.text,
            leads=named["lead"],
            coordinators=named["coordinate"],
            due_on=due,
            recurrence=task.recurrence,
            is_requested=task.is_requested,
        )


def _issue(by: User, plan: Plan, *, lead: str) -> None:
    plan = plan_reads.plan_by_key(by, plan.pk)
    header = plans.Header(
        subject=plan.subject,
        kind=plan.kind,
        number=plan.number,
        issued_on=plan.issued_on,
        place=plan.place,
        issuer_name=plan.issuer_name,
        signer_name=plan.signer_name,
        signer_post=plan.signer_post,
    )
    plan = plans.edit_header(
        by=by, plan=plan, header=header, issuer=plan.issuer, lead=places.unit_by_key(lead), above=plan.above
    )
    plans.issue_plan(by=by, plan=plan)


def _reporters(assignments: Sequence[Assignment]) -> dict[int, list[User]]:
    units = list({one.unit_id: one.unit for one in assignments}.values())
    return access.people_near(Permission.TASK_REPORT, units=units)


def _report(*, seed: int = 144) -> None:
    """Let every agency come some way; which one how far is drawn from a fixed seed."""
    draw = random.Random(seed)  # noqa: S311 - the demonstration must be the same each time, not secret
    binh = _user("binh.sgddt")
    held = list(plan_reads.assignments(binh).filter(plan__number="144/KH-UBND").order_by("pk"))
    reporters = _reporters(held)
    for assignment in held:
        candidates = reporters[assignment.unit_id]
        if not candidates or draw.random() < 0.22:
            continue
        _tell_one(assignment, candidates[0], binh, draw)
    with clock.pinned(_on(date(2020, 11, 9), 10)):
        late = list(plan_reads.overdue(binh, on=clock.today())[:6])
        if late:
            plans.remind(by=binh, assignments=late, words="Đề nghị báo tiến độ trước ngày 16/11/2020.")


def _tell_one(assignment: Assignment, by: User, follower: User, draw: random.Random) -> None:
    day = date(2020, 9, 21) + timedelta(days=draw.randrange(12))
    say = partial(_say, assignment, by)
    with clock.pinned(_on(day, 8 + draw.randrange(8))):
        plans.accept_assignment(by=by, assignment=assignment)
    percent = 0
    for _turn in range(draw.randrange(4)):
        day += timedelta(days=5 + draw.randrange(10))
        percent = min(90, percent + 15 + draw.randrange(30))
        if day > date(2020, 11, 13):
            return
        with clock.pinned(_on(day, 8 + draw.randrange(8))):
            say(percent, draw.choice(RESULTS[:-1]))
    if draw.random() < 0.45:
        day = min(day + timedelta(days=4 + draw.randrange(12)), date(2020, 11, 13))
        with clock.pinned(_on(day, 14)):
            _prove(assignment, by, draw)
            plans.report_progress(
                by=by, assignment=assignment, percent=100, note=f"{RESULTS[-1]} {INVENTED}", is_done=True
            )
        _judge(assignment, follower, day + timedelta(days=2), draw)


def _say(assignment: Assignment, by: User, percent: int, words: str) -> None:
    plans.report_progress(by=by, assignment=assignment, percent=percent, note=f"{words} {INVENTED}")


def _prove(assignment: Assignment, by: User, draw: random.Random) -> None:
    content = f"Minh chứng giả định của bản trình diễn\n\n{assignment.task.text}\n".encode()
    plans.add_evidence(
        by=by,
        assignment=assignment,
        title=draw.choice(("Báo cáo kết quả", "Biên bản hội nghị", "Văn bản chỉ đạo", "Danh sách lớp học")),
        content=content,
        name="minh-chung-gia-dinh.txt",
    )


def _judge(assignment: Assignment, by: User, day: date, draw: random.Random) -> None:
    chance = draw.random()
    if day > date(2020, 11, 15) or chance < 0.2:
        return
    with clock.pinned(_on(day, 16)):
        if chance < 0.3:
            plans.return_assignment(by=by, assignment=assignment, why="Chưa có số liệu của từng xã, đề nghị bổ sung.")
        else:
            plans.confirm_assignment(by=by, assignment=assignment)


OBSTACLES = (
    ("dung.giongrieng", 165, "information", "Danh sách người mù chữ của ba xã chưa khớp với Hệ thống thông tin",
     "Số người mù chữ khi rà soát tại ấp lệch với số trên Hệ thống; chưa rõ lấy số nào để báo cáo.", "answer"),
    ("cv.phuquoc", 171, "staff", "Trung tâm học tập cộng đồng các xã đảo thiếu người phụ trách",
     "Giáo viên biệt phái đã về trường, xã chưa bố trí được người thay.", "escalate"),
    ("cv.kienhai", 173, "money", "Ngân sách xã đảo không cân đối được kinh phí khuyến học năm 2021",
     "Nguồn thu của xã thấp, chưa có mức hỗ trợ riêng cho xã đảo.", "close"),
    ("cv.giangthanh", 171, "facilities", "Trung tâm học tập cộng đồng dùng chung trụ sở, không có phòng học",
     "Hai xã biên giới chưa có phòng riêng để mở lớp buổi tối.", ""),
    ("hanh.stc", 125, "policy", "Chưa có định mức chi cho hoạt động của trung tâm học tập cộng đồng",
     "Cần hướng dẫn áp dụng mức hỗ trợ của Thông tư 96/2008/TT-BTC cho năm 2021.", ""),
)  # fmt: skip


def _raise_obstacles() -> None:
    binh, minh = _user("binh.sgddt"), _user("minh.ubnd")
    for place, (username, line, topic, title, text, end) in enumerate(OBSTACLES):
        raiser = _user(username)
        assignment = (
            plan_reads.own_assignments(raiser)
            .filter(task__first_line=line, plan__number="144/KH-UBND", unit__level="agency")
            .order_by("pk")
            .first()
        )
        if assignment is None:
            continue
        day = date(2020, 10, 12) + timedelta(days=5 * place)
        with clock.pinned(_on(day, 9)):
            obstacle = plans.raise_obstacle(
                by=raiser, assignment=assignment, topic=topic, title=title, text=f"{text} {INVENTED}"
            )
        if end == "escalate":
            with clock.pinned(_on(day + timedelta(days=3), 10)):
                plans.escalate_obstacle(
                    by=binh, obstacle=obstacle, words="Vượt thẩm quyền của Sở, xin ý kiến UBND tỉnh."
                )
        if end in {"answer", "close"}:
            by = binh if end == "answer" else minh
            with clock.pinned(_on(day + timedelta(days=2), 10)):
                if end == "close":
                    plans.escalate_obstacle(
                        by=binh, obstacle=obstacle, words="Liên quan ngân sách, xin ý kiến UBND tỉnh."
                    )
            with clock.pinned(_on(day + timedelta(days=4), 15)):
                plans.answer_obstacle(
                    by=by,
                    obstacle=obstacle,
                    words="Lấy số rà soát tại ấp có xác nhận của UBND xã."
                    if end == "answer"
                    else "Giao Sở Tài chính đề xuất mức hỗ trợ trong dự toán 2021.",
                )
        if end == "close":
            with clock.pinned(_on(day + timedelta(days=6), 8)):
                plans.close_obstacle(by=raiser, obstacle=obstacle, words="Đã rõ, huyện sẽ lập dự toán theo hướng dẫn.")


def _take_in_local_plans() -> None:
    """One district has issued its plan and tied it to the province's; another is still checking the reading."""
    dung, nghia = _user("dung.giongrieng"), _user("cv.anbien")
    above = plan_reads.find_plans(dung, words="144/KH-UBND").first()
    with clock.pinned(_on(date(2020, 10, 6), 9)):
        plan = intake.take_in(
            by=dung,
            content=_document("giong-rieng-128-KH-UBND.md"),
            name="128-KH-UBND.md",
            issuer=places.unit_by_key(f"ubnd-huyen-giong-rieng-{PLACE}"),
            above=above,
        )
        plans.check_rest(by=dung, plan=plan)
        _issue(dung, plan, lead=f"phong-gddt-huyen-giong-rieng-{PLACE}")
        plan = plan_reads.plan_by_key(dung, plan.pk)
        plans.propose_links(by=dung, plan=plan)
        for link in plan_reads.links_of(plan, state="proposed"):
            if link.likeness >= 75:
                plans.decide_link(by=dung, link=link, deed="confirm")
    with clock.pinned(_on(date(2020, 11, 13), 16)):
        intake.take_in(
            by=nghia,
            content=_document("an-bien-97-KH-UBND.md"),
            name="97-KH-UBND.md",
            issuer=places.unit_by_key(f"ubnd-huyen-an-bien-{PLACE}"),
            above=above,
        )

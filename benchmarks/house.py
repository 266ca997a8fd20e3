"""A house as full as a province's may become.

50 plans, 10,000 tasks, 40,000 assignments, 2,000 obstacles, 2,000 pieces of evidence, 1,000 users, and a draft of
300 tasks that waits to be checked.
"""

import hashlib
import random
from collections.abc import Callable
from datetime import date, timedelta

from hieuhoc.foundation.records import attachments, clock, trail
from hieuhoc.programme.plans import services as plans
from hieuhoc.programme.plans.models import Assignment, Evidence, Obstacle, ObstacleStep, Plan, Progress
from hieuhoc.registers.accounts import services as accounts
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places import services as registers
from hieuhoc.registers.places.models import Unit

PLANS, TASKS, LEADS, USERS = 50, 200, 4, 1000
OBSTACLES, EVIDENCE, DRAFTED = 2000, 2000, 300
# One person of each role: user name, role, key of the unit.
PEOPLE = (
    ("minh", "province_leader", "tinh-kien-giang"),
    ("binh", "lead_department", "tinh-kien-giang"),
    ("xuan", "reader", "tinh-kien-giang"),
    ("tri", "administrator", "tinh-kien-giang"),
)
SINCE = date(2020, 1, 1)
VERBS = ("Rà soát", "Tổ chức", "Tuyên truyền", "Mở lớp", "Bồi dưỡng", "Kiểm tra", "Tổng hợp", "Vận động", "Xây dựng")
OBJECTS = ("trung tâm học tập cộng đồng", "xã hội học tập", "gia đình học tập", "quỹ khuyến học", "lớp xóa mù chữ")


def build(say: Callable[[str], None]) -> User:
    """Fill the database; returns the officer of the lead department, who sees all of it."""
    draw = random.Random(144)  # noqa: S311  # always the same house, no secret
    say("units")
    registers.load_province()
    lead = places.unit_by_key("so-giao-duc-va-dao-tao-kien-giang")
    committee = places.unit_by_key("ubnd-tinh-kien-giang")
    agencies = list(Unit.objects.filter(level="agency", valid_to=None).order_by("pk"))
    say(f"{USERS} users at {len(agencies)} agencies")
    for username, role, key in PEOPLE:
        _open(username, role, places.unit_by_key(key))
    binh = User.objects.get(username="binh")
    _open("an.so", "agency_officer", agencies[0])
    _open("dung.huyen", "district_officer", Unit.objects.filter(level="district").order_by("pk")[0])
    _open("an.xa", "commune_clerk", Unit.objects.filter(level="commune").order_by("pk")[0])
    for number in range(USERS - 7):
        # Somebody reports for every agency; the others read.
        role = "agency_officer" if number < len(agencies) else "reader"
        _open(f"nguoi-{number}", role, agencies[number % len(agencies)])
    for number in range(PLANS):
        say(f"plan {number + 1} of {PLANS}")
        _issue(binh, number, committee, lead, agencies, draw)
    say("progress, evidence and obstacles")
    _work(draw)
    _evidence(binh, draw)
    _obstacles(binh, draw)
    _draft(binh, committee, agencies, draw)
    return binh


def _open(username: str, role: str, unit: Unit) -> User:
    user = accounts.open_demonstration_account(
        by=trail.HOUSE, email=f"{username}@demo.invalid", full_name=f"Người {username}", title="", username=username
    )
    accounts.give_first_grant(by=trail.HOUSE, user=user, role=role, unit=unit, valid_from=SINCE)
    return user


def _issue(by: User, number: int, issuer: Unit, lead: Unit, agencies: list[Unit], draw: random.Random) -> Plan:
    tasks = [
        plans.ProposedTask(
            section="I" if step % 2 else "II",
            text=f"{draw.choice(VERBS)} {draw.choice(OBJECTS)}, đợt {step} của kế hoạch {number}.",
            first_line=step + 3,
            last_line=step + 3,
            leads=[(unit.name, unit) for unit in draw.sample(agencies, LEADS)],
            values={"due_on": clock.today() + timedelta(days=draw.randint(-60, 200))},
        )
        for step in range(TASKS)
    ]
    lines = ["KẾ HOẠCH", f"Kế hoạch số {number}", *(task.text for task in tasks)]
    text = "\n".join(lines).encode()
    draft = plans.write_draft(
        by=by,
        issuer=issuer,
        file=attachments.keep(content=text, name="ke-hoach.txt", allowed={"txt"}),
        proposed=plans.ProposedPlan(
            header=plans.Header(
                subject=f"Xây dựng xã hội học tập, kế hoạch {number}",
                number=f"{number + 1}/KH-UBND",
                issued_on=date(2020, 9, 1),
            ),
            lines=lines,
            text_digest=hashlib.sha256(text).hexdigest(),
            sections=[
                plans.ProposedSection("I", "I", "NHIỆM VỤ CHUNG", 1, 2, 100),
                plans.ProposedSection("II", "II", "NHIỆM VỤ CỤ THỂ", 1, 101, 300),
            ],
            tasks=tasks,
        ),
    )
    header = plans.Header(subject=draft.subject, kind=draft.kind, number=draft.number, issued_on=draft.issued_on)
    draft = plans.edit_header(by=by, plan=draft, header=header, issuer=issuer, lead=lead, above=None)
    return plans.issue_plan(by=by, plan=draft)


def _work(draw: random.Random) -> None:
    """States of work written straight into the table: how it came to them is not measured here."""
    keys = list(Assignment.objects.values_list("pk", flat=True))
    draw.shuffle(keys)
    share = len(keys) // 5
    for position, (state, percent) in enumerate(
        (("underway", 30), ("underway", 70), ("done", 100), ("confirmed", 100))
    ):
        for start in range(0, share, 5000):
            part = keys[position * share + start : position * share + min(start + 5000, share)]
            Assignment.objects.filter(pk__in=part).update(state=state, percent=percent)


def _evidence(by: User, draw: random.Random) -> None:
    now = clock.now()
    reported = list(Assignment.objects.filter(state__in=["underway", "done", "confirmed"]).values_list("pk", "percent"))
    chosen = draw.sample(reported, EVIDENCE)
    Progress.objects.bulk_create(
        [Progress(assignment_id=key, percent=percent, note="Đã làm.", by=by, at=now) for key, percent in chosen],
        batch_size=500,
    )
    Evidence.objects.bulk_create(
        [
            Evidence(assignment_id=key, title=f"Biên bản {key}", link=f"https://example.vn/{key}", by=by, at=now)
            for key, _ in chosen
        ],
        batch_size=500,
    )


def _obstacles(by: User, draw: random.Random) -> None:
    """Obstacles in every state; like the work, written straight into the table."""
    now = clock.now()
    blocked = draw.sample(list(Assignment.objects.select_related("plan").order_by("pk")), OBSTACLES)
    rows = []
    for one in blocked:
        since = now - timedelta(days=draw.randint(0, 60))
        state = draw.choice(["raised", "raised", "escalated", "answered", "closed"])
        holder = one.plan.issuer_id if state == "escalated" else one.plan.lead_id
        rows.append(
            Obstacle(
                plan=one.plan,
                assignment=one,
                unit_id=one.unit_id,
                holder_id=holder or one.plan.issuer_id,
                topic=draw.choice(["money", "staff", "policy", "coordination", "other"]),
                title=f"Thiếu kinh phí cho việc {one.pk}",
                text="Chưa có dự toán.",
                folded=f"thieu kinh phi cho viec {one.pk} chua co du toan",
                state=state,
                raised_by=by,
                raised_at=since,
                waiting_since=since,
                ended_at=now if state == "closed" else None,
            )
        )
    made = Obstacle.objects.bulk_create(rows, batch_size=500)
    steps = [ObstacleStep(obstacle=one, deed="raise", words=one.text, by=by, at=one.raised_at) for one in made]
    ObstacleStep.objects.bulk_create(steps, batch_size=500)


def _draft(by: User, issuer: Unit, agencies: list[Unit], draw: random.Random) -> Plan:
    """A long document that was read and waits to be checked; every tenth agency is a name that nobody knows."""
    tasks = [
        plans.ProposedTask(
            section="I",
            text=f"{draw.choice(VERBS)} {draw.choice(OBJECTS)} ở địa bàn thứ {step}.",
            first_line=step + 3,
            last_line=step + 3,
            leads=[(unit.name, unit) for unit in draw.sample(agencies, 2)] if step % 10 else [("Ban Lạ", None)],
            values={"confidence": draw.randint(50, 100), "doubts": []},
        )
        for step in range(DRAFTED)
    ]
    lines = ["KẾ HOẠCH", "Kế hoạch đang soát", *(task.text for task in tasks)]
    text = "\n".join(lines).encode()
    return plans.write_draft(
        by=by,
        issuer=issuer,
        file=attachments.keep(content=text, name="ban-doc.txt", allowed={"txt"}),
        proposed=plans.ProposedPlan(
            header=plans.Header(subject="Kế hoạch đang soát", number="99/KH-UBND", issued_on=date(2020, 10, 1)),
            lines=lines,
            text_digest=hashlib.sha256(text).hexdigest(),
            sections=[plans.ProposedSection("I", "I", "NHIỆM VỤ", 1, 2, len(lines))],
            tasks=tasks,
        ),
    )

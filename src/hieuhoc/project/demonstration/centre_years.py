"""The years of the demonstration's centres: plans and needs, money, grades, and which tasks classes serve. Invented.

The set by which they are graded is the demonstration's own: the ministry has fixed only four groups of content.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from hieuhoc.programme.learning.models import (
    Activity,
    ActivityTask,
    Allocation,
    Assessment,
    GradingSet,
    Need,
    PlannedClass,
    Provider,
    Spending,
    Topic,
    YearPlan,
)
from hieuhoc.project.demonstration import words
from hieuhoc.project.demonstration.cast import PLACE
from hieuhoc.project.demonstration.learning import INVENTED, TODAY

if TYPE_CHECKING:
    from hieuhoc.programme.plans.models import Task

OWN_DISTRICT = f"huyen-giong-rieng-{PLACE}"
PAST_YEARS = (2018, 2019)
MILLION = 1_000_000
GRADES = (("good", "Tốt", 85), ("fair", "Khá", 70), ("average", "Trung bình", 50), ("weak", "Yếu", 0))
GROUPS = (
    ("to-chuc", "Tổ chức, quản lý", ("Ban giám đốc kiện toàn", "Quy chế hoạt động", "Kế hoạch năm được duyệt")),
    ("co-so", "Cơ sở vật chất", ("Trụ sở, phòng học", "Thiết bị, tủ sách")),
    ("hoat-dong", "Hoạt động", ("Số lớp, chuyên đề", "Số lượt người học", "Nội dung theo nhu cầu")),
    ("ket-qua", "Hiệu quả", ("Người học vận dụng được", "Phối hợp với các đoàn thể")),
)
POINTS = 10


def fill(tasks: Sequence[Task] = ()) -> None:
    """Invent the years of every community learning centre; classes of the autumn serve `tasks`."""
    centres = list(Provider.objects.filter(kind="clc").select_related("unit__parent").order_by("key"))
    topics = sorted(Topic.objects.filter(code__in=words.TITLES), key=lambda topic: topic.code)
    _plans(centres, topics)
    _money(centres)
    _grades(centres)
    _serve(tasks)


def _is_own(centre: Provider) -> bool:
    return centre.unit.parent is not None and centre.unit.parent.key == OWN_DISTRICT


# ---- plans and needs -------------------------------------------------------------------------------


def _plans(centres: Sequence[Provider], topics: Sequence[Topic]) -> None:
    """This year's plans are approved and hold most of what was held; in one district next year's are being made."""
    rows = [_plan(centre, 2020, "approved") for centre in centres]
    own = [centre for centre in centres if _is_own(centre)]
    rows += [_plan(centre, 2021, "submitted" if place % 3 else "draft") for place, centre in enumerate(own)]
    plans = YearPlan.objects.bulk_create(rows, batch_size=500)
    held: dict[int, list[Activity]] = {}
    for one in Activity.objects.filter(provider__in=centres, held_on__year=2020).order_by("first_on", "pk"):
        held.setdefault(one.provider_id, []).append(one)
    PlannedClass.objects.bulk_create((one for plan in plans for one in _planned(plan, topics)), batch_size=500)
    _keep_to_plans([plan for plan in plans if plan.year == 2020], held)
    Need.objects.bulk_create((one for centre in own for one in _needs(centre, topics)), batch_size=500)


def _plan(centre: Provider, year: int, state: str) -> YearPlan:
    made = _at(date(year - 1, 11, 10) if state == "submitted" else date(year - 1, 12, 5))
    return YearPlan(
        provider=centre,
        year=year,
        state=state,
        summary=f"Mở lớp theo nhu cầu của từng ấp; phối hợp với các đoàn thể. {INVENTED}",
        submitted_at=None if state == "draft" else made,
        approved_at=made + timedelta(days=9) if state == "approved" else None,
    )


def _keep_to_plans(plans: Sequence[YearPlan], held: Mapping[int, Sequence[Activity]]) -> None:
    """Let most of what was held stand in the plan of its year."""
    rows, activities = [], []
    for plan in plans:
        draw = _drawn("kept", plan.provider.key)
        for one in held.get(plan.provider_id, ()):
            if draw.random() < 0.8:
                activities.append(one)
                rows.append(_as_held(plan, one, draw))
    for one, row in zip(activities, PlannedClass.objects.bulk_create(rows, batch_size=500), strict=True):
        one.planned = row
    Activity.objects.bulk_update(activities, ["planned"], batch_size=500)


def _as_held(plan: YearPlan, activity: Activity, draw: random.Random) -> PlannedClass:
    return PlannedClass(
        plan=plan,
        title=activity.title,
        kind=activity.kind,
        topic_id=activity.topic_id,
        month=activity.first_on.month if activity.first_on else 1,
        place=activity.place,
        speaker=draw.choice(words.SPEAKERS),
        learners=draw.randrange(30, 90, 5),
        cost=draw.randrange(4, 25) * 100_000,
        source=draw.choice(("state", "state", "fund", "contribution")),
    )


def _planned(plan: YearPlan, topics: Sequence[Topic]) -> Iterator[PlannedClass]:
    """What a year still has before it: of this one its last weeks, of the next all of it."""
    draw = _drawn("plan", plan.provider.key, plan.year)
    months = (11, 12, 12) if plan.year == TODAY.year else draw.choices(range(1, 13), k=draw.randrange(8, 16))
    for month in sorted(months):
        topic = draw.choice(topics)
        yield PlannedClass(
            plan=plan,
            title=draw.choice(words.TITLES[topic.code]),
            kind="class" if topic.code in words.COURSES else "talk",
            topic=topic,
            month=month,
            place="Hội trường xã",
            speaker=draw.choice(words.SPEAKERS),
            organisers=draw.choice(sorted(words.COMING_FROM.values())),
            learners=draw.randrange(30, 90, 5),
            cost=draw.randrange(4, 25) * 100_000,
            source=draw.choice(("state", "state", "fund", "contribution")),
        )


def _needs(centre: Provider, topics: Sequence[Topic]) -> Iterator[Need]:
    draw = _drawn("needs", centre.key)
    told = {"provider": centre, "year": 2021, "unit": centre.unit, "noted_at": _at(TODAY - timedelta(days=12))}
    for topic in draw.sample(topics, 4):
        yield Need(topic=topic, people=draw.randrange(8, 70), **told)
    yield Need(words=f"Học nấu ăn để mở quán {INVENTED}", people=draw.randrange(3, 20), **told)


# ---- money -----------------------------------------------------------------------------------------


def _money(centres: Sequence[Provider]) -> None:
    allocations: list[Allocation] = []
    spendings: list[Spending] = []
    for centre in centres:
        for year in (*PAST_YEARS, 2020):
            draw = _drawn("money", centre.key, year)
            given = draw.choice((18, 20, 20, 25)) * MILLION if draw.random() < 0.9 else 0
            allocations += _allocations(centre, year, given, draw)
            spendings += _spendings(centre, year, given, draw)
    Allocation.objects.bulk_create(allocations, batch_size=500)
    Spending.objects.bulk_create(spendings, batch_size=500)


def _allocations(centre: Provider, year: int, given: int, draw: random.Random) -> Iterator[Allocation]:
    told: dict[str, Any] = {"provider": centre, "year": year, "noted_at": _at(date(year, 1, 15)), "note": INVENTED}
    yield Allocation(step="estimate", line="sessions", source="state", amount=25 * MILLION, **told)
    if given:
        document = f"{draw.randrange(20, 300)}/QĐ-UBND"
        yield Allocation(step="allocation", line="sessions", source="state", amount=given, document=document, **told)
    if draw.random() < 0.4:
        yield Allocation(step="allocation", line="other", source="fund", amount=3 * MILLION, **told)


def _spendings(centre: Provider, year: int, given: int, draw: random.Random) -> Iterator[Spending]:
    """Allowances by the quarter, classes, materials; what was given for a year that is not over is not yet spent."""
    shares = [("allowance", 0.1, month) for month in (2, 5, 8, 11)]
    shares += [("sessions", draw.uniform(0.08, 0.15), month) for month in (3, 6, 9, 10)]
    shares += [("materials", 0.06, 4)] + [("equipment", 0.08, 7)] * (draw.random() < 0.3)
    for place, (line, share, month) in enumerate(shares, start=1):
        day = date(year, month, draw.randrange(1, 15))
        if given and day < TODAY:
            yield Spending(
                provider=centre,
                line=line,
                source="state",
                amount=round(given * share, -4),
                note=INVENTED,
                noted_at=_at(day),
                on=day,
                voucher=f"PC{place:02d}/{year}",
            )


# ---- grades ----------------------------------------------------------------------------------------


def _grades(centres: Sequence[Provider]) -> None:
    grading = GradingSet.objects.create(
        code="trinh-dien",
        name="Bộ tiêu chí của bản trình diễn (bản nháp)",
        state="in_force",
        valid_from=date(2018, 1, 1),
        source=f"Bốn nhóm nội dung khảo sát; điểm do bản trình diễn đặt {INVENTED}",
        content={
            "groups": [
                {
                    "key": key,
                    "name": name,
                    "criteria": [
                        {"key": f"{key}-{place}", "name": one, "most": POINTS, "guidance": ""}
                        for place, one in enumerate(criteria, start=1)
                    ],
                }
                for key, name, criteria in GROUPS
            ],
            "grades": [{"key": key, "name": name, "from": least} for key, name, least in GRADES],
            "questions": [],
        },
    )
    rows = [_graded(centre, grading, year) for centre in centres for year in PAST_YEARS]
    Assessment.objects.bulk_create(rows, batch_size=500)


def _graded(centre: Provider, grading: GradingSet, year: int) -> Assessment:
    """Graded in the December of its year, in which the figures of the year close."""
    draw = _drawn("grade", centre.key)
    usual = draw.gauss(7.7, 0.9)
    draw = _drawn("grade", centre.key, year)
    points = {
        f"{key}-{place}": max(0, min(POINTS, round(draw.gauss(usual, 1))))
        for key, _name, criteria in GROUPS
        for place, _criterion in enumerate(criteria, start=1)
    }
    total = sum(points.values())
    return Assessment(
        provider=centre,
        year=year,
        grading=grading,
        state="verified",
        own={key: {"points": min(POINTS, value + draw.randrange(2)), "note": ""} for key, value in points.items()},
        verified={key: {"points": value, "note": ""} for key, value in points.items()},
        total=total,
        grade=next(key for key, _name, least in GRADES if total >= least),
        submitted_at=_at(date(year, 12, 1)),
        verified_at=_at(date(year, 12, 10)),
    )


# ---- what classes serve ----------------------------------------------------------------------------


def _serve(tasks: Sequence[Task]) -> None:
    if not tasks:
        return
    since = Activity.objects.filter(held_on__gte=date(2020, 9, 21), unit__parent__key=OWN_DISTRICT)
    rows = [
        ActivityTask(activity=one, task=tasks[place % len(tasks)]) for place, one in enumerate(since.order_by("pk"))
    ]
    ActivityTask.objects.bulk_create(rows, batch_size=500)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def _drawn(*seeds: object) -> random.Random:
    return random.Random("|".join(str(one) for one in ("years", *seeds)))  # noqa: S311 - the same each time

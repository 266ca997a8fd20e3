"""The years of the demonstration's centres: plans and needs, money, grades, and which tasks classes serve. Invented.

The sets by which bodies are graded are the demonstration's own, put in force by nobody: that of centres has the content
of the draft that ships, for the ministry has fixed only four groups of it. So are areas and the norm of the province.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from hieuhoc.foundation.records import attachments, clock
from hieuhoc.programme.learning.models import (
    Activity,
    ActivityTask,
    Allocation,
    Area,
    Assessment,
    GradingSet,
    Need,
    Norm,
    PlannedClass,
    Provider,
    Spending,
    Topic,
    YearPlan,
)
from hieuhoc.programme.learning.rules import grading
from hieuhoc.programme.learning.selectors import norms
from hieuhoc.programme.learning.services import grading_sets, money
from hieuhoc.project.demonstration import words
from hieuhoc.project.demonstration.cast import PLACE, PROVINCE
from hieuhoc.project.demonstration.learning import INVENTED, LIVE, TODAY
from hieuhoc.registers.places.models import Unit

if TYPE_CHECKING:
    from hieuhoc.programme.plans.models import Task

OWN_DISTRICT = f"huyen-giong-rieng-{PLACE}"
PAST_YEARS = (2018, 2019)
MILLION = 1_000_000
ALLOWANCES = 12 * MILLION  # of the part-time leaders of a centre in a year
HARDSHIPS = ("Thiếu phòng học riêng.", "Kinh phí về chậm.", "Khó mời báo cáo viên.", "Người dân đi làm xa.")
LIBRARY: dict[str, Any] = {
    "groups": [
        {
            "key": "g1",
            "name": "Phục vụ bạn đọc",
            "criteria": [
                {"key": "g1-1", "name": "Mở cửa đúng giờ, đủ buổi", "most": 20, "guidance": "Xem lịch mở cửa."},
                {"key": "g1-2", "name": "Số lượt bạn đọc, lượt mượn", "most": 30, "guidance": "Xem sổ mượn."},
            ],
        },
        {
            "key": "g2",
            "name": "Vốn tài liệu và phối hợp",
            "criteria": [
                {"key": "g2-1", "name": "Bổ sung sách, báo trong năm", "most": 25, "guidance": ""},
                {"key": "g2-2", "name": "Luân chuyển sách về tủ sách cộng đồng", "most": 25, "guidance": ""},
            ],
        },
    ],
    "grades": [
        {"key": "good", "name": "tốt", "from": 85},
        {"key": "fair", "name": "khá", "from": 70},
        {"key": "average", "name": "trung bình", "from": 50},
        {"key": "weak", "name": "yếu", "from": 0},
    ],
    "questions": [{"key": "q1", "name": "Số đầu sách hiện có", "kind": "number"}],
}


def fill(tasks: Sequence[Task] = ()) -> None:
    """Invent the years of every community learning centre; classes of the autumn serve `tasks`."""
    centres = list(Provider.objects.filter(kind="clc").select_related("unit__parent").order_by("key"))
    topics = sorted(Topic.objects.filter(code__in=words.TITLES), key=lambda topic: topic.code)
    _plans(centres, topics)
    _norms(centres)
    _money(centres)
    _grades(centres, _shipped("trinh-dien", "clc", _content_of_centres()))
    libraries = list(Provider.objects.filter(kind="library").select_related("unit__parent").order_by("key"))
    _grades(libraries, _shipped("trinh-dien-thu-vien", "library", LIBRARY))
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


def _norms(centres: Sequence[Provider]) -> None:
    """The norms that ship, one of the province for the other communes, and an area of almost every commune."""
    with clock.pinned(_at(date(2018, 1, 2))):
        money.load_norms()
    province = Unit.objects.get(key=PROVINCE)
    told = {"valid_from": date(2017, 1, 1), "instrument": f"Nghị quyết của tỉnh {INVENTED}"}
    Norm.objects.create(occasion="yearly", area="other", amount=18 * MILLION, unit=province, **told)
    told["instrument"] = f"Danh sách của bản trình diễn {INVENTED}"
    draws = [(centre.unit_id, _drawn("area", centre.key)) for centre in centres]
    kinds = {unit: draw.choices(("other", "I", "II", "III", ""), (66, 16, 10, 5, 3))[0] for unit, draw in draws}
    Area.objects.bulk_create(Area(unit_id=unit, area=area, **told) for unit, area in kinds.items() if area)


def _money(centres: Sequence[Provider]) -> None:
    allocations: list[Allocation] = []
    spendings: list[Spending] = []
    for year in (*PAST_YEARS, 2020):
        told = norms.norms_of(centres, year)
        for centre in centres:
            draw, norm = _drawn("money", centre.key, year), told[centre.pk][1]
            least = norm.amount if norm else 18 * MILLION
            given = _rounded(least * draw.choice((0.7, 0.9, 1, 1, 1, 1.2))) if draw.random() < 0.92 else 0
            allocations += _allocations(centre, year, least, given, draw)
            spendings += _spendings(centre, year, given, draw)
    Allocation.objects.bulk_create(allocations, batch_size=500)
    own = [one for one in spendings if one.provider.unit.key.startswith(LIVE)]
    _keep_voucher(own[-1])
    own[0].cancelled_at, own[0].why_cancelled = own[0].noted_at, f"Ghi nhầm tháng {INVENTED}"
    Spending.objects.bulk_create(spendings, batch_size=500)


def _keep_voucher(row: Spending) -> None:
    """The file of a voucher, as somebody would hand it in."""
    told = f"PHIẾU CHI {row.voucher} {INVENTED}\nSố tiền: {row.amount} đồng\n"
    row.file = attachments.keep(content=told.encode(), name=f"{row.voucher.replace('/', '-')}.txt")


def _allocations(centre: Provider, year: int, least: int, given: int, draw: random.Random) -> Iterator[Allocation]:
    """Asked for and given by the State, by halves for materials and for classes; of some centres by others too."""
    told: dict[str, Any] = {"provider": centre, "year": year, "noted_at": _at(date(year, 1, 15)), "note": INVENTED}
    asked = (("materials", least), ("sessions", 6 * MILLION), ("allowance", ALLOWANCES))
    for line, amount in asked:
        yield Allocation(step="estimate", line=line, source="state", amount=amount, **told)
    told["document"] = f"{draw.randrange(20, 300)}/QĐ-UBND"
    if given:
        for line, amount in (("materials", given // 2), ("sessions", given - given // 2), ("allowance", ALLOWANCES)):
            yield Allocation(step="allocation", line=line, source="state", amount=amount, **told)
    for line, source, amount in _others(centre, year):
        yield Allocation(step="allocation", line=line, source=source, amount=amount, **told)


def _others(centre: Provider, year: int) -> list[tuple[str, str, int]]:
    """Line, source and amount of what others than the State gave."""
    draw = _drawn("others", centre.key, year)
    given = [("sessions", "fund", 3 * MILLION)] if draw.random() < 0.4 else []
    given += [("equipment", "contribution", 5 * MILLION)] if draw.random() < 0.2 else []
    return given + ([("other", "learners", MILLION)] if draw.random() < 0.1 else [])


def _spendings(centre: Provider, year: int, given: int, draw: random.Random) -> Iterator[Spending]:
    """Allowances by the quarter, classes, materials; what was given for a year that is not over is not yet spent."""
    lines = [("allowance", "state", ALLOWANCES // 4, month) for month in (2, 5, 8, 11)]
    lines += [("sessions", "state", _rounded(given * draw.uniform(0.08, 0.12)), month) for month in (3, 6, 9, 10)]
    lines += [("materials", "state", given // 4, 4), ("materials", "state", given // 5, 9)]
    lines = lines if given else []
    lines += [(line, source, _rounded(amount * 0.6), 7) for line, source, amount in _others(centre, year)]
    for place, (line, source, amount, month) in enumerate(sorted(lines, key=lambda one: one[3]), start=1):
        day = date(year, month, draw.randrange(1, 15))
        if day < TODAY:
            yield Spending(
                provider=centre,
                line=line,
                source=source,
                amount=amount,
                note=INVENTED,
                noted_at=_at(day),
                on=day,
                voucher=f"PC{place:02d}/{year}",
            )


# ---- grades ----------------------------------------------------------------------------------------


def _content_of_centres() -> dict[str, Any]:
    """The content of the draft that ships, which stays a draft beside it."""
    with clock.pinned(_at(date(2018, 1, 2))):
        draft = grading_sets.load_grading() or GradingSet.objects.get(code="clc-du-thao", number=1)
    return dict(draft.content)


def _shipped(code: str, kind: str, content: dict[str, Any]) -> GradingSet:
    """A set in force in the demonstration alone."""
    return GradingSet.objects.create(
        code=code,
        name=f"Bộ tiêu chí của bản trình diễn {INVENTED}",
        provider_kind=kind,
        state="in_force",
        valid_from=date(2018, 1, 1),
        source=f"Không do cơ quan nào ban hành {INVENTED}",
        content=content,
    )


def _grades(bodies: Sequence[Provider], row: GradingSet) -> None:
    """Two years that are graded; of this one some bodies wait for the level above, some have only begun."""
    content = grading.read(row.content)
    rows = [_graded(body, row, content, year) for body in bodies for year in PAST_YEARS]
    for place, body in enumerate(bodies):
        state = (
            "draft"
            if body.unit.key.startswith(LIVE)
            else (*("submitted",) * 2, "draft", "returned", *("",) * 4)[place % 8]
        )
        if state:
            rows.append(_begun(body, row, content, state))
    Assessment.objects.bulk_create(rows, batch_size=500)


def _points(body: Provider, content: grading.Content, year: int) -> dict[str, int]:
    """What a body deserves: about as much every year, of every criterion a share of its most."""
    usual = _drawn("grade", body.key).gauss(0.77, 0.09)
    draw = _drawn("grade", body.key, year)
    return {one.key: round(int(one.most) * max(0.1, min(1, draw.gauss(usual, 0.1)))) for one in content.criteria}


def _own(body: Provider, content: grading.Content, points: dict[str, int], year: int) -> dict[str, dict[str, Any]]:
    """Its own points: here and there one more than the level above will give."""
    draw, most = _drawn("own", body.key, year), {one.key: int(one.most) for one in content.criteria}
    return {key: {"points": min(most[key], value + draw.randrange(2)), "note": ""} for key, value in points.items()}


def _graded(body: Provider, row: GradingSet, content: grading.Content, year: int) -> Assessment:
    """Graded in the December of its year, in which the figures of the year close."""
    points = _points(body, content, year)
    total = Decimal(sum(points.values()))
    return Assessment(
        provider=body,
        year=year,
        grading=row,
        state="verified",
        own=_own(body, content, points, year),
        verified={key: {"points": value, "note": ""} for key, value in points.items()},
        answers=_answers(body, content, year),
        total=total,
        grade=content.grade_of(total).key,
        submitted_at=_at(date(year, 12, 1)),
        verified_at=_at(date(year, 12, 10)),
    )


def _begun(body: Provider, row: GradingSet, content: grading.Content, state: str) -> Assessment:
    """This year's: whole, or the first half of it where the body has only begun."""
    own = _own(body, content, _points(body, content, 2020), 2020)
    kept = list(own)[: len(own) // 2] if state == "draft" else list(own)
    return Assessment(
        provider=body,
        year=2020,
        grading=row,
        state=state,
        own={key: own[key] for key in kept},
        answers={} if state == "draft" else _answers(body, content, 2020),
        submitted_at=None if state == "draft" else _at(date(2020, 11, 9)),
    )


def _answers(body: Provider, content: grading.Content, year: int) -> dict[str, str]:
    draw = _drawn("answers", body.key, year)
    return {
        one.key: str(draw.randrange(1, 9)) if one.kind == "number" else f"{draw.choice(HARDSHIPS)} {INVENTED}"
        for one in content.questions
    }


# ---- what classes serve ----------------------------------------------------------------------------


def _serve(tasks: Sequence[Task]) -> None:
    if not tasks:
        return
    since = Activity.objects.filter(held_on__gte=date(2020, 9, 21), unit__parent__key=OWN_DISTRICT)
    rows = [
        ActivityTask(activity=one, task=tasks[place % len(tasks)]) for place, one in enumerate(since.order_by("pk"))
    ]
    ActivityTask.objects.bulk_create(rows, batch_size=500)


def _rounded(amount: float) -> int:
    """Units: đồng, to ten thousand."""
    return round(amount / 10_000) * 10_000


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def _drawn(*seeds: object) -> random.Random:
    return random.Random("|".join(str(one) for one in ("years", *seeds)))  # noqa: S311 - the same each time

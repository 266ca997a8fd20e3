"""Two provinces with the same things in each, so that every address can be asked about one's own and another's."""

from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any
from uuid import uuid4

from hieuhoc.engines.writer import Column, Sheet, Table, workbook
from hieuhoc.foundation.jobs import services as jobs
from hieuhoc.kernel.periods import Calendar, Rhythm, period_of
from hieuhoc.programme.learning.intake import lists
from hieuhoc.programme.learning.models import Activity, ActivityTask, Session
from hieuhoc.programme.learning.rules import grading as grading_rules
from hieuhoc.programme.learning.services import (
    activities,
    attendance,
    certificates,
    enrolments,
    finder,
    grading,
    grading_sets,
    materials,
    money,
    provider_parts,
    providers,
    repositories,
    topics,
    year_plans,
)
from hieuhoc.programme.learning.services.activities import Holder
from hieuhoc.programme.plans import services as plans
from hieuhoc.registers.accounts import services as accounts
from hieuhoc.registers.accounts.models import Grant
from hieuhoc.registers.indicators import services as indicators
from hieuhoc.registers.indicators.services import Aim
from hieuhoc.registers.people import services as people
from hieuhoc.reports import services as reports
from hieuhoc.reports.models import Submission
from hieuhoc.reports.services import Given
from tests.factories import plans as factory
from tests.factories.cast import TODAY, Cast, make_cast
from tests.factories.learning import make_activity, make_provider, make_session
from tests.factories.places import make_group
from tests.factories.reorganisations import make_event
from tests.factories.reports_pages import make_reporting

Things = dict[str, int | str]


def make_stage() -> tuple[Cast, Things, Things]:
    """The cast; what lies in their province, An's where it is anybody's; and the same in another province."""
    cast = make_cast()
    other = make_cast(mark="-khac", province_name="Tỉnh Hòa Nam")
    return cast, _things(cast, "Bắc"), _things(other, "Nam")


def _things(cast: Cast, word: str) -> Things:
    """One of everything that an address can name, by the word that `access.yaml` uses for it."""
    plan = factory.make_plan(
        by=cast.binh,
        issuer=cast.committee,
        lead=cast.education,
        number=f"12/KH-UBND-{word}",
        tasks=[
            factory.make_task(f"Mở lớp học cho người lớn tuổi ở {word}.", leads=[cast.commune, cast.finance]),
            factory.make_task(f"Rà soát số liệu học tập ở {word}.", leads=[cast.district]),
        ],
    )
    task = plan.tasks.order_by("position")[0]
    assignment = task.assignments.get(unit=cast.commune)
    plans.accept_assignment(by=cast.an, assignment=assignment)
    evidence = plans.add_evidence(
        by=cast.an, assignment=assignment, content=b"Bien ban hop ngay 1/11", name="bien-ban.txt"
    )
    obstacle = plans.raise_obstacle(
        by=cast.an, assignment=assignment, topic="money", title="Thiếu kinh phí", text="Chưa có."
    )
    below = factory.make_draft(
        by=cast.dung,
        issuer=cast.district,
        number=f"7/KH-UBND-{word}",
        above=plan,
        tasks=[factory.make_task(f"Mở lớp học cho người lớn tuổi ở các xã của {word}.", leads=[cast.commune])],
    )
    link = plans.add_link(by=cast.dung, below=below.tasks.get(), above=task)
    draft = factory.make_draft(
        by=cast.binh,
        issuer=cast.committee,
        number=f"13/KH-UBND-{word}",
        tasks=[factory.make_task(f"Tổ chức ngày hội đọc sách ở {word}.", leads=[cast.finance])],
    )
    invitation = accounts.invite_user(
        by=cast.tri,
        email=f"moi-{cast.an.pk}@example.vn",
        full_name="Người Được Mời",
        title="",
        role="commune_clerk",
        unit=cast.commune,
        valid_from=TODAY,
    )
    accounts.record_size(by=cast.tri, unit=cast.commune, on=TODAY, people=1000, source="Xã báo")
    accounts.add_alias(by=cast.tri, unit=cast.commune, name=f"Xã nhà {word}", on=TODAY)
    year = _year(cast, word)
    return (
        _numbers_and_reports(cast, word)
        | _bodies(cast, word)
        | year
        | {
            **_learners(cast, word),
            **_money_and_grades(cast, word),
            **_lesson(cast, word),
            **_library(cast, word, activity=Activity.objects.get(code=year["talk"])),
            "event": make_event(cast).pk,
            "position": 1,
            "size": cast.commune.sizes.get().pk,
            "alias": cast.commune.aliases.get().pk,
            "group": make_group(cast.province, f"Các sở {word}").key,
            "plan": plan.pk,
            "plan_below": below.pk,
            "draft": draft.pk,
            "draft_task": draft.tasks.get().pk,
            "task": task.pk,
            "task_link": ActivityTask.objects.create(activity=Activity.objects.get(code=year["talk"]), task=task).pk,
            "task_second": plan.tasks.order_by("position")[1].pk,
            "task_below": below.tasks.get().pk,
            "assignment": assignment.pk,
            "evidence": evidence.pk,
            "obstacle": obstacle.pk,
            "link": link.pk,
            "calendar": plans.renew_calendar(by=cast.an).token,
            "unit": cast.commune.key,
            "unit_beside": cast.next_door.key,
            "user": cast.an.pk,
            "grant": Grant.objects.get(user=cast.an).pk,
            "invitation": invitation.pk,
            "secret": "khong-co-bi-mat-nay",
            "token": accounts.make_token(by=cast.an, name="Bảng tổng hợp")[0].pk,
            "day": date.isoformat(TODAY),
        }
    )


def _numbers_and_reports(cast: Cast, word: str) -> Things:
    """An's commune has handed one report in and owes another; the form has a draft of its next version."""
    made = make_reporting(cast, mark=f"-{'bac' if word == 'Bắc' else 'nam'}")
    figures = {"ttc.lop": Given(2), "ttc.hv": Given(40), "xmc.l1.tong": Given(12), "xmc.l1.nu": Given(7)}
    reports.fill(by=cast.an, submission=made.commune, figures=figures, edition=0)
    reports.submit(by=cast.an, submission=made.commune)
    comment = reports.comment(by=cast.dung, submission=made.commune, key="ttc.hv", text=f"Xem lại ở {word}.")
    before = period_of(Rhythm.QUARTER, date(2020, 5, 1), Calendar.CLOSING)
    owed = reports.open_round(by=cast.binh, kind=made.kind, period=before)
    target = indicators.set_target(
        by=cast.binh,
        aim=Aim(unit=cast.commune, code="CLC.LOP", year=2020, value=Fraction(9), document=f"5/QĐ-UBND-{word}"),
    )
    return {
        "round": made.round.pk,
        "submission": made.commune.pk,
        "submission_owed": Submission.objects.get(round=owed, unit=cast.commune).pk,
        "comment": comment.pk,
        "kind": made.kind.code,
        "form": made.form.code,
        "version": made.version.pk,
        "version_draft": reports.new_version(by=cast.binh, form=made.form).pk,
        "indicator": "CLC.LOP",
        "breakdown": "sex",
        "target": target.pk,
        "period": "2020-Q3",
        "drawing": "trend.svg",
        "job": jobs.queue(by=cast.an, kind="reports.workbooks", title=f"Đọc tệp của {word}", parameters={}).pk,
    }


def _learners(cast: Cast, word: str) -> Things:
    """A class at An's centre: two who learn there, one of them with a certificate; a list that waits; a wish."""
    activity = make_activity(make_provider(cast.commune, f"Trung tâm của lớp {word}"), f"Kỹ thuật trồng lúa {word}")
    make_session(activity, TODAY + timedelta(days=7))
    note = partial(people.note_person, by=cast.hue, birth_year=1980, unit=cast.commune)
    first, second = note(name=f"Trần Thị Bích {word}"), note(name=f"Lê Văn Chín {word}")
    joined = people.join_people(by=cast.hue, kept=second, gone=note(name=f"Lê Chín {word}")).joined.get()
    done, other = (enrolments.enrol(by=cast.hue, activity=activity, person=one) for one in (first, second))
    enrolments.complete(by=cast.hue, activity=activity, enrolments=[done.pk])
    (certificate,) = certificates.issue(by=cast.hue, activity=activity, enrolments=[done.pk])
    rows = Table((Column("Họ và tên", 50),), (("Danh Út",),))
    content = workbook([Sheet(name="Danh sách", title="Danh sách", table=rows)])
    return {
        "class": activity.code,
        "person": first.pk,
        "person_other": second.pk,
        "person_joined": joined.pk,
        "enrolment": other.pk,
        "enrolment_done": done.pk,
        "enrolment_secret": other.secret,
        "certificate": certificate.pk,
        "certificate_code": certificate.code,
        "list": lists.keep(by=cast.hue, activity=activity, content=content, name="list.xlsx"),
        "watch": finder.watch(name=f"Danh Út {word}", phone="0912345678", is_confirmed=False).secret,
    }


def _year(cast: Cast, word: str) -> Things:
    """The year of a centre: a topic, a need, a planned class; a draft of an activity with all that can hang on it."""
    centre = make_provider(cast.commune, f"Trung tâm có kế hoạch {word}")
    code = "trong-rau-bac" if word == "Bắc" else "trong-rau-nam"
    topic = topics.add_topic(
        by=cast.binh, code=code, name=f"Trồng rau ở {word}", field="economy", valid_from=date(2020, 1, 1)
    )
    plan = year_plans.begin_year_plan(by=cast.hue, provider=centre, year=2020)
    planned = [
        year_plans.plan_class(by=cast.hue, plan=plan, title=f"Lớp {month} của {word}", month=month) for month in (3, 4)
    ]
    (need,) = year_plans.note_needs(by=cast.hue, provider=centre, year=2020, unit=cast.commune, people={topic: 9})
    draft = activities.make_activity(by=cast.hue, provider=centre, kind="talk", title=f"Trồng rau ở {word}")
    session = make_session(draft, TODAY + timedelta(days=9))
    gone = make_session(draft, TODAY + timedelta(days=16))
    Session.objects.filter(pk=gone.pk).update(state="cancelled")
    empty = make_session(draft, TODAY - timedelta(days=2))
    Session.objects.filter(pk=empty.pk).update(state="held")
    helper = activities.add_organiser(by=cast.hue, activity=draft, holder=Holder("women", f"Hội Phụ nữ {word}"))
    speaker = activities.add_speaker(by=cast.hue, activity=draft, name=f"Kỹ sư {word}")
    picture, blurred = (
        activities.keep_photo(by=cast.hue, activity=draft, content=b"Danh sach ky nhan", name=f"{name}.txt")
        for name in ("ky-nhan", "bi-mo")
    )
    activities.withdraw_photo(by=cast.hue, photo=blurred)
    return {
        "topic": topic.code,
        "centre": centre.key,
        "year": 2020,
        "planned": planned[0].pk,
        "need": need.pk,
        "talk": draft.code,
        "session": session.pk,
        "session_gone": gone.pk,
        "session_empty": empty.pk,
        "organiser": helper.pk,
        "speaker": speaker.pk,
        "photo": picture.pk,
        "photo_gone": blurred.pk,
        "opening": "open",
        "submitting": "submit",
    }


def _money_and_grades(cast: Cast, word: str) -> Things:
    """A centre that was given money and spent some, one that has begun to assess itself, one that has submitted it."""
    mark = "bac" if word == "Bắc" else "nam"
    kept, begun, graded = (
        make_provider(cast.commune, f"Trung tâm {what} {word}")
        for what in ("có kinh phí", "đang chấm", "chờ thẩm định")
    )
    since = date(2019, 1, 1)
    norm: dict[str, Any] = {"occasion": "yearly", "area": "", "amount": 18_000_000, "instrument": f"Nghị quyết {word}"}
    money.set_norm(by=cast.binh, valid_from=since, unit=cast.province, **norm)
    money.set_area(by=cast.binh, unit=cast.commune, area="I", valid_from=since)
    note = partial(money.note_allocation, by=cast.hue, provider=kept, year=2020, line="materials", source="state")
    allocation = note(step="allocation", amount=10_000_000, document=f"Quyết định {word}")
    spend = partial(money.note_spending, by=cast.hue, provider=kept, line="materials", source="state", amount=300_000)
    spending = spend(on=date(2020, 3, 1), voucher=f"PC {word}", content=b"Phieu chi so 1", file_name="phieu-chi.txt")
    content = grading_rules.from_text(groups="# Bộ máy\nCó quyết định | 10", grades="tốt | 8\nyếu | 0")
    row = grading_sets.draft_set(by=cast.binh, code=f"bo-{mark}", name=f"Bộ {word}", content=content, valid_from=since)
    for body in (begun, graded):
        paper = grading.begin_assessment(by=cast.hue, provider=body, year=2020)
        paper = grading.assess(
            by=cast.hue, assessment=paper, edition=paper.edition, own={"g1-1": {"points": 8, "note": "Có"}}
        )
    grading.move_assessment(by=cast.hue, assessment=paper, deed="submit")
    return {
        "kept": kept.key,
        "begun": begun.key,
        "graded": graded.key,
        "allocation": allocation.pk,
        "spending": spending.pk,
        "grading_set": row.code,
        "number": row.number,
    }


def _bodies(cast: Cast, word: str) -> Things:
    """An's centre, which another one went into; its director, a room and a thing it has."""
    centre = make_provider(cast.commune, f"Trung tâm học tập cộng đồng {word}")
    before = make_provider(cast.commune, f"Trung tâm cũ {word}")
    succession = providers.succeed(
        by=cast.dung, before=[before], after=centre, manner="merged", on=TODAY, document="45/QĐ-UBND"
    )[0]
    post = provider_parts.appoint(
        by=cast.dung, provider=centre, role="director", name=f"Lê Văn {word}", valid_from=date(2020, 1, 1)
    )
    return {
        "provider": centre.key,
        "succession": succession.pk,
        "post": post.pk,
        "room": provider_parts.add_room(by=cast.hue, provider=centre, name="Hội trường").pk,
        "equipment": provider_parts.add_equipment(by=cast.hue, provider=centre, name="Máy chiếu").pk,
    }


def _lesson(cast: Cast, word: str) -> Things:
    """A session of today, in which Lan and Huệ marked one learner differently."""
    activity = make_activity(make_provider(cast.commune, f"Trung tâm điểm danh {word}"), f"Xóa mù chữ {word}")
    session = make_session(activity, TODAY)
    person = people.note_person(by=cast.hue, name=f"Thạch Thị Mười {word}", birth_year=1970)
    enrolment = enrolments.enrol(by=cast.hue, activity=activity, person=person)
    first, second = (attendance.Sent(uuid4(), enrolment.pk, mark) for mark in ("present", "absent"))
    attendance.take_marks(by=cast.lan, session=session, marks=[first])
    attendance.take_marks(by=cast.hue, session=session, marks=[second])
    return {"lesson": session.pk, "lesson_class": activity.code, "clash": str(second.key)}


def _library(cast: Cast, word: str, *, activity: Activity) -> Things:
    """A material with a file that is used in An's centre's talk, one that was withdrawn, a repository."""
    told = {"language": "vi", "form": "text", "licence": "cc-by", "content": b"Bai giang", "file_name": "bai.txt"}
    share = partial(materials.share, by=cast.hue, unit=cast.commune, **told)
    shared, free, gone = (share(title=f"{name} {word}") for name in ("Bài giảng", "Sách", "Bài cũ"))
    materials.use(by=cast.hue, activity=activity, material=shared)
    materials.withdraw(by=cast.hue, material=gone)
    row = repositories.add_repository(by=cast.binh, name=f"Kho {word}", address=f"https://example.org/{cast.binh.pk}")
    return {
        "material": shared.pk,
        "material_free": free.pk,
        "material_gone": gone.pk,
        "repository": row.pk,
        "stopping": "stop",
    }

"""From a file to a draft, and correcting it: what the services promise beneath the pages."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from tests.factories.cast import Cast, give, make_user
from tests.factories.places import load_kien_giang
from tests.factories.plans import make_draft, make_task

from hieuhoc.foundation.records import attachments, trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.programme.plans import intake, rules, selectors, services
from hieuhoc.programme.plans.models import DraftStep, Plan, Reading, Section, Task, TaskAgency
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.places.models import Unit


@pytest.fixture
def draft(cast: Cast) -> Plan:
    tasks = [
        make_task("Rà soát số liệu.", leads=[cast.education]),
        make_task("Bố trí kinh phí.", leads=[cast.finance], first_line=6, last_line=6),
        make_task("Báo cáo kết quả.", leads=[cast.finance], first_line=7, last_line=7),
    ]
    return make_draft(by=cast.binh, issuer=cast.province, tasks=tasks)


def picture(plan: Plan) -> list[tuple[object, ...]]:
    """Everything of a draft's tasks that an undo must bring back."""
    return [
        (
            task.pk, task.code, task.position, task.text, task.state, task.due_on, task.section_id, task.last_line,
            sorted(task.agencies.values_list("role", "name", "unit_id", "position")),
        )
        for task in plan.tasks.order_by("position")
    ]  # fmt: skip


# ---- the whole or nothing ---------------------------------------------------------------------------------


class PowerCut(RuntimeError):
    """The server dies here."""


def test_a_server_that_dies_while_writing_a_draft_leaves_nothing_of_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "KẾ HOẠCH".encode()
    file = attachments.keep(content=content, name="ke-hoach.txt", allowed={"txt"})
    proposed = services.ProposedPlan(
        header=services.Header(subject="Kế hoạch"),
        lines=["KẾ HOẠCH"],
        text_digest=hashlib.sha256(content).hexdigest(),
        sections=[services.ProposedSection("I", "I", "NHIỆM VỤ", 1, 1, 1)],
        tasks=[make_task(leads=[cast.finance]), make_task("Việc khác.", leads=[cast.education])],
    )
    lines_before = Entry.objects.count()

    def cut(**given: object) -> None:
        raise PowerCut

    with monkeypatch.context() as at_the_last_moment:
        at_the_last_moment.setattr(trail, "record", cut)
        with pytest.raises(PowerCut):
            services.write_draft(by=cast.binh, issuer=cast.province, file=file, proposed=proposed)
    assert [model.objects.count() for model in (Plan, Reading, Section, Task, TaskAgency)] == [0, 0, 0, 0, 0]
    assert Entry.objects.count() == lines_before
    services.write_draft(by=cast.binh, issuer=cast.province, file=file, proposed=proposed)
    assert [model.objects.count() for model in (Plan, Reading, Section, Task, TaskAgency)] == [1, 1, 1, 2, 2]


def test_a_task_that_cannot_be_written_takes_the_whole_draft_with_it(cast: Cast) -> None:
    good, broken = make_task(leads=[cast.finance]), replace(make_task("Hỏng"), values={"confidence": -1})
    with pytest.raises(IntegrityError):
        make_draft(by=cast.binh, issuer=cast.province, tasks=[good, broken])
    assert not Plan.objects.exists()
    assert not TaskAgency.objects.exists()


# ---- the real document --------------------------------------------------------------------------------------


def test_plan_144_is_taken_in_with_its_agencies_linked(db: None, repository: Path) -> None:
    binh = give(make_user("binh", "Trần Thị Bình"), "lead_department", load_kien_giang())
    content = (repository / "tests/fixtures/documents/144-KH-UBND.txt").read_bytes()
    plan = intake.take_in(by=binh, content=content, name="144-KH-UBND.txt")
    assert (plan.number, plan.issuer.key) == ("144/KH-UBND", "ubnd-tinh-kien-giang")
    assert plan.tasks.count() >= 95
    named = TaskAgency.objects.filter(task__plan=plan, role="lead")
    assert named.filter(unit__isnull=False).count() >= 0.9 * named.count()
    lines = selectors.source_lines(plan)
    lit = {key for line in lines for _words, keys in line.pieces for key in keys.split()}
    assert lit == {str(key) for key in plan.tasks.values_list("pk", flat=True)}
    assert [" ".join(line.split()) for line in plan.reading.lines if line.strip()] == [
        "".join(words for words, _keys in line.pieces) for line in lines
    ]
    with pytest.raises(services.TakenInBefore) as told:
        intake.take_in(by=binh, content=content + b"\n\n", name="lan-hai.txt")
    assert told.value.plan == plan


def test_a_document_that_was_discarded_may_be_taken_in_again(cast: Cast, draft: Plan) -> None:
    services.discard_draft(by=cast.binh, plan=draft)
    again = make_draft(
        by=cast.binh,
        issuer=cast.province,
        tasks=[make_task("Rà soát số liệu."), make_task("Bố trí kinh phí."), make_task("Báo cáo kết quả.")],
    )
    assert again.text_digest == draft.text_digest


def test_doubts_are_told_in_words_and_unknown_ones_left_out() -> None:
    assert intake.explain(["no_lead", "not-a-doubt"]) == [
        "Không thấy cơ quan chủ trì trong câu, trong đề mục hay trên dòng nhãn."
    ]


# ---- where words stand --------------------------------------------------------------------------------------


def test_words_across_two_lines_are_found_in_both() -> None:
    assert rules.stretches("ba bốn  năm", ["một hai ba", "", "bốn năm sáu"]) == [(0, 8, 10), (2, 0, 7)] or (
        rules.stretches("ba bốn  năm", ["một hai ba", "bốn năm sáu"]) == [(0, 8, 10), (1, 0, 7)]
    )


def test_words_that_were_corrected_are_found_by_their_ends() -> None:
    line = "Trước đó. Sở Giáo dục và Đào tạo chủ trì rà soát các lớp xóa mù chữ ở xã, phường, thị trấn. Sau đó."
    corrected = "Sở Giáo dục và Đào tạo chủ trì thống kê ở xã, phường, thị trấn."
    (found,) = rules.stretches(corrected, [line])
    assert line[found[1] : found[2]] == line[len("Trước đó. ") : -len(" Sau đó.")]


def test_words_that_cannot_be_found_take_the_whole_lines() -> None:
    assert rules.stretches("khác hẳn", ["một hai", "ba"]) == [(0, 0, 7), (1, 0, 2)]


# ---- undoing ------------------------------------------------------------------------------------------------


def _edit(by: User, plan: Plan, task: Task) -> None:
    services.edit_task(
        by=by,
        plan=plan,
        task=task.pk,
        version=task.version,
        text="Khác",
        leads=[],
        coordinators=[],
    )


DEEDS: dict[str, Callable[[Cast, Plan, Task], object]] = {
    "edit": lambda cast, plan, task: _edit(cast.binh, plan, task),
    "split": lambda cast, plan, task: services.split_task(by=cast.binh, plan=plan, task=task.pk, version=1, at=3),
    "merge": lambda cast, plan, task: services.merge_tasks(by=cast.binh, plan=plan, task=task.pk, version=1),
    "dismiss": lambda cast, plan, task: services.mark_task(by=cast.binh, plan=plan, task=task.pk, deed="dismiss"),
    "add": lambda cast, plan, task: services.add_task(by=cast.binh, plan=plan, section=None, text="Thêm", line=6),
    "check": lambda cast, plan, task: services.check_rest(by=cast.binh, plan=plan),
    "link": lambda cast, plan, task: services.link_agency(
        by=cast.binh, plan=plan, name="Sở Tài chính", unit=cast.education
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_undo_brings_back_what_stood_before(cast: Cast, draft: Plan, deed: str) -> None:
    before = picture(draft)
    DEEDS[deed](cast, draft, draft.tasks.get(position=1))
    assert picture(draft) != before
    services.undo_step(by=cast.binh, plan=draft)
    assert picture(draft) == before


def test_steps_are_undone_one_after_the_other_to_the_beginning(cast: Cast, draft: Plan) -> None:
    before = picture(draft)
    names = []
    for deed in ("merge", "add", "check", "link"):
        DEEDS[deed](cast, draft, draft.tasks.get(position=1))
        names.append(DraftStep.objects.latest("pk").name)
    assert [services.undo_step(by=cast.binh, plan=draft) for _name in names] == names[::-1]
    assert picture(draft) == before


def test_checking_and_undoing_hundreds_costs_no_query_for_each(cast: Cast) -> None:
    def queries(count: int) -> tuple[int, int]:
        tasks = [make_task(f"Việc {n} của {count}.", leads=[cast.finance]) for n in range(count)]
        plan = make_draft(by=cast.binh, issuer=cast.province, tasks=tasks, number=f"{count}/KH")
        with CaptureQueriesContext(connection) as checking:
            services.check_rest(by=cast.binh, plan=plan)
        with CaptureQueriesContext(connection) as undoing:
            services.undo_step(by=cast.binh, plan=plan)
        return len(checking), len(undoing)

    few, many = queries(3), queries(90)
    assert many[0] == few[0]
    assert many[1] <= few[1] + 2  # rows are written in batches


def test_a_very_long_name_can_be_linked(cast: Cast) -> None:
    name = "Ban Chỉ đạo " * 25
    draft = make_draft(by=cast.binh, issuer=cast.province, tasks=[make_task(leads=[(name, None)])])
    assert services.link_agency(by=cast.binh, plan=draft, name=name, unit=cast.finance) == 1
    assert len(DraftStep.objects.get().name) <= 120


def test_a_name_that_is_no_longer_used_cannot_be_linked(cast: Cast, draft: Plan) -> None:
    with pytest.raises(Conflict):
        services.link_agency(by=cast.binh, plan=draft, name="Không ai", unit=cast.finance)


# ---- where an added task stands ------------------------------------------------------------------------------


@pytest.mark.parametrize(("line", "place"), [(1, 0), (5, 1), (6, 2), (7, 3)])
def test_an_added_task_stands_where_its_line_stands(cast: Cast, draft: Plan, line: int, place: int) -> None:
    added = services.add_task(by=cast.binh, plan=draft, section=None, text="Còn sót", line=line)
    assert list(draft.tasks.order_by("position").values_list("pk", flat=True)).index(added.pk) == place


def test_many_tasks_fit_between_two_others(cast: Cast, draft: Plan) -> None:
    for number in range(12):
        services.add_task(by=cast.binh, plan=draft, section=None, text=f"Còn sót {number}", line=5)
    positions = list(draft.tasks.order_by("position").values_list("position", flat=True))
    assert len(set(positions)) == 15
    assert positions[-1] == Decimal(3)


def test_a_line_beyond_the_document_is_refused(cast: Cast, draft: Plan) -> None:
    with pytest.raises(Invalid) as told:
        services.add_task(by=cast.binh, plan=draft, section=None, text="Việc", line=500)
    assert told.value.field == "line"


def test_guesses_for_a_name_are_units_of_the_register(cast: Cast) -> None:
    draft = make_draft(by=cast.binh, issuer=cast.province, tasks=[make_task(leads=[("Sở Tài chánh", None)])])
    (found,) = selectors.name_guesses(draft, on=draft.taken_in_at.date())
    assert (found.name, found.uses, found.leads) == ("Sở Tài chánh", 1, 1)
    assert all(isinstance(unit, Unit) for unit in found.guesses)

"""Plans for tests: a draft with a few tasks, and the same issued."""

import hashlib
from collections.abc import Sequence
from datetime import date

from hieuhoc.foundation.records import attachments
from hieuhoc.programme.plans import services as plans
from hieuhoc.programme.plans.models import Plan
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.places.models import Unit

Lead = Unit | tuple[str, Unit | None]


def make_task(
    text: str = "Rà soát, cập nhật số liệu.", *, leads: Sequence[Lead] = (), **over: object
) -> plans.ProposedTask:
    """A proposed task in section I; a lead may be a name that the register does not know."""
    values = {
        "section": "I",
        "text": text,
        "first_line": 5,
        "last_line": 5,
        "leads": [one if isinstance(one, tuple) else (one.name, one) for one in leads],
    }
    return plans.ProposedTask(**(values | over))  # type: ignore[arg-type]  # the test's own values


def make_draft(
    *,
    by: User,
    issuer: Unit,
    tasks: Sequence[plans.ProposedTask],
    number: str = "12/KH-UBND",
    issued_on: date = date(2020, 9, 17),
    above: Plan | None = None,
    subject: str = "Xây dựng xã hội học tập",
) -> Plan:
    """A plan that was read and waits to be checked."""
    lines = ["Số: " + number, "KẾ HOẠCH", subject, "I. NHIỆM VỤ", *(task.text for task in tasks)]
    text = "\n".join(lines).encode()
    return plans.write_draft(
        by=by,
        issuer=issuer,
        file=attachments.keep(content=text, name="ke-hoach.txt", allowed={"txt"}),
        above=above,
        proposed=plans.ProposedPlan(
            header=plans.Header(subject=subject, number=number, issued_on=issued_on),
            lines=lines,
            text_digest=hashlib.sha256(text).hexdigest(),
            sections=[plans.ProposedSection("I", "I", "NHIỆM VỤ", 1, 4, len(lines))],
            tasks=tasks,
        ),
    )


def make_plan(*, by: User, issuer: Unit, lead: Unit, tasks: Sequence[plans.ProposedTask], **over: object) -> Plan:
    """A plan under way: drafted, given its lead agency, and issued."""
    draft = make_draft(by=by, issuer=issuer, tasks=tasks, **over)  # type: ignore[arg-type]  # the test's own values
    header = plans.Header(
        subject=draft.subject, kind=draft.kind, number=draft.number, issued_on=draft.issued_on, place=draft.place
    )
    draft = plans.edit_header(by=by, plan=draft, header=header, issuer=issuer, lead=lead, above=draft.above)
    return plans.issue_plan(by=by, plan=draft)

"""From an uploaded file to a draft that a person confirms: read within bounds, linked, written whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from hieuhoc.engines import reader
from hieuhoc.engines.reader.bounded import read_bounded
from hieuhoc.foundation.records import attachments, clock
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.kernel.errors import Invalid
from hieuhoc.programme.plans import access, rules, services
from hieuhoc.registers.accounts.access import home
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.programme.plans.models import Plan
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

ACCEPTED = frozenset({"docx", "pdf", "html", "txt", "doc"})  # .doc gets the reader's own sentence


def take_in(*, by: User, content: bytes, name: str, issuer: Unit | None = None, above: Plan | None = None) -> Plan:
    """Read a file and write what was read as a draft.

    `issuer` is the body in whose name the plan is taken in; without it, the one that the document names where the
    user may take plans in for it, else the user's own.
    Raises: Refused, Missing; Invalid (field `file`) for a file that cannot be read; services.TakenInBefore for a
        document that was taken in before.
    """
    source, reading = read_bounded(content, name)
    if not reading.tasks and not reading.title:
        raise Invalid(
            "Không tìm thấy nhiệm vụ hay trích yếu nào trong tệp “{name}”. Hãy kiểm tra đây có phải là một kế hoạch, "
            "chỉ thị hay quyết định không.",
            field="file",
            name=name,
        )
    index = places.NameIndex(clock.today())
    body = issuer or _issuer_of(by, reading, index)
    access.require_taking_in(by, at=body)
    proposed = propose(source, reading, index=index, within=body)
    file = attachments.keep(content=content, name=name, allowed=ACCEPTED)
    return services.write_draft(by=by, issuer=body, file=file, proposed=proposed, above=above)


def explain(doubts: Iterable[str]) -> list[str]:
    """Why the reader is not sure of a task, as sentences."""
    return [in_words(reader.DOUBTS[one]) for one in doubts if one in reader.DOUBTS]


def _issuer_of(by: User, reading: reader.Reading, index: places.NameIndex) -> Unit:
    own = home(by)
    if own is None:
        raise Invalid("Tài khoản của bạn chưa gắn với đơn vị nào nên chưa đưa kế hoạch vào được.", field="file")
    named = index.best(reading.issuer, within=own) if reading.issuer else None
    committee = places.committee_of(own, on=index.on) if own.is_administrative else own
    return next(
        (unit for unit in (named, committee) if unit is not None and access.may_take_in(by, at=unit)), committee or own
    )


def propose(
    source: reader.Source, reading: reader.Reading, *, index: places.NameIndex, within: Unit
) -> services.ProposedPlan:
    """A reading as a proposal for a draft, its agencies linked to the register where the link is sure."""
    linked: dict[str, Unit | None] = {}
    paths = {section.path for section in reading.sections}
    whole = reading.as_json()

    def link(name: str) -> tuple[str, Unit | None]:
        if name not in linked:
            linked[name] = index.best(name, within=within)
        return name, linked[name]

    return services.ProposedPlan(
        header=services.Header(
            subject=reading.title or reading.kind or "Văn bản chưa có trích yếu",
            kind=reading.kind or "Kế hoạch",
            number=reading.number or "",
            issued_on=reading.date,
            place=reading.place or "",
            issuer_name=reading.issuer or "",
            signer_name=reading.signer.name or "",
            signer_post=reading.signer.position or "",
        ),
        lines=source.lines,
        text_digest=hashlib.sha256(rules.same_document_text(source.lines).encode()).hexdigest(),
        sections=[
            services.ProposedSection(one.path, one.number, one.heading, one.level, *one.lines)
            for one in reading.sections
        ],
        tasks=[
            services.ProposedTask(
                section=_enclosing(one, paths),
                text=one.text,
                first_line=one.lines[0],
                last_line=one.lines[1],
                leads=[link(name) for name in one.lead],
                coordinators=[link(name) for name in one.coordinate],
                values=_values(one),
            )
            for one in reading.tasks
        ],
        kept={
            "bases": whole["bases"],
            "references": whole["references"],
            "recipients": list(reading.recipients),
            "targets": whole["targets"],
            "notes": [*source.notes, *reading.notes],
        },
    )


def _enclosing(task: reader.Task, paths: set[str]) -> str:
    """The nearest heading over a task whose own path is none ("III.closing" stands in III)."""
    path = task.section
    while path and path not in paths:
        path = path.rpartition(".")[0]
    return path


def _values(task: reader.Task) -> dict[str, object]:
    due: date | None = task.deadline
    return {
        "role": task.role,
        "is_requested": task.requested,
        "recurrence": rules.recurrence_code(task.recurrence),
        "recurrence_text": (task.recurrence_text or "")[:120],
        "due_on": due,
        "deadline_text": (task.deadline_text or "")[:250],
        "product": task.product or "",
        "confidence": round(task.confidence * 100),
        "doubts": list(task.doubts),
    }

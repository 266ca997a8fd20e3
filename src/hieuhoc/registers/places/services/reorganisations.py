"""Deeds on a reorganisation: prepared by one person, approved by another, carried out on its day, taken back.

Who may do this is asked by the caller (`accounts`): places lie below accounts and know no user.
"""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.kernel.vietnamese import squeeze, write_date
from hieuhoc.registers.places import rules, selectors
from hieuhoc.registers.places.models import Reorganisation, ReorganisationRow
from hieuhoc.registers.places.services import executing
from hieuhoc.registers.places.states import REORGANISATION

MOST_ROWS = 20_000
_BATCH = 500


@dataclass(frozen=True)
class Trial:
    """What an event would do: why it cannot be carried out, or else every line of what it touches."""

    problems: list[rules.Problem] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)


@transaction.atomic
def prepare_reorganisation(
    *,
    by: trail.Actor,
    title: str,
    effective_on: date,
    document_number: str = "",
    document_on: date | None = None,
    document_issuer: str = "",
    note: str = "",
    slug: str | None = None,
) -> Reorganisation:
    """Begin an event.

    Raises: Invalid (field `title`) without a title.
    """
    event = Reorganisation(slug=slug, prepared_by=by.actor_key, prepared_name=by.actor_name, prepared_at=clock.now())
    _describe(event, title, effective_on, document_number, document_on, document_issuer, note)
    event.save()
    changes = {"title": ["", event.title], "effective_on": ["", event.effective_on.isoformat()]}
    trail.record(by=by, deed="places.reorganisation.prepare", what=event, changes=changes)
    return event


@transaction.atomic
def change_reorganisation(
    *,
    by: trail.Actor,
    event: Reorganisation,
    title: str,
    effective_on: date,
    document_number: str = "",
    document_on: date | None = None,
    document_issuer: str = "",
    note: str = "",
) -> Reorganisation:
    """Say otherwise what an event is called, on what paper it stands and when it takes effect.

    Raises: Conflict once it is no draft; Invalid (field `title`) without a title.
    """
    event = _draft(event)
    fields = ("title", "effective_on", "document_number", "document_on", "document_issuer", "note")
    before = {name: str(getattr(event, name) or "") for name in fields}
    _describe(event, title, effective_on, document_number, document_on, document_issuer, note)
    event.save(update_fields=fields)
    after = {name: str(getattr(event, name) or "") for name in fields}
    changes = {name: [before[name], after[name]] for name in fields if before[name] != after[name]}
    if changes:
        trail.record(by=by, deed="places.reorganisation.change", what=event, changes=changes)
    return event


@transaction.atomic
def set_rows(*, by: trail.Actor, event: Reorganisation, rows: Sequence[rules.Row]) -> None:
    """Give an event exactly these rows, as they were typed, right or wrong; the dry run says what is wrong.

    Raises: Conflict once it is no draft; Invalid for more rows than an event may have, or a text too long to keep.
    """
    event = _draft(event)
    if len(rows) > MOST_ROWS:
        raise Invalid("Một cuộc sắp xếp có nhiều nhất {most} dòng.", most=MOST_ROWS)
    before = event.rows.count()
    event.rows.all().delete()
    made = [_stored(event, place, row) for place, row in enumerate(rows, start=1)]
    ReorganisationRow.objects.bulk_create(made, batch_size=_BATCH)
    trail.record(by=by, deed="places.reorganisation.set_rows", what=event, changes={"rows": [before, len(rows)]})


@transaction.atomic
def add_row(*, by: trail.Actor, event: Reorganisation, row: rules.Row) -> ReorganisationRow:
    """Add a row at the end of an event. Raises: as `set_rows`."""
    event = _draft(event)
    last = event.rows.order_by("-position").first()
    made = _stored(event, last.position + 1 if last else 1, row)
    if made.position > MOST_ROWS:
        raise Invalid("Một cuộc sắp xếp có nhiều nhất {most} dòng.", most=MOST_ROWS)
    made.save()
    trail.record(by=by, deed="places.reorganisation.add_row", what=event, changes={"row": ["", str(made)]})
    return made


@transaction.atomic
def change_row(*, by: trail.Actor, event: Reorganisation, position: int, row: rules.Row) -> ReorganisationRow:
    """Write a row of an event anew. Raises: as `set_rows`; Missing when there is no such row."""
    event = _draft(event)
    old = _row(event, position)
    made = _stored(event, position, row)
    made.pk = old.pk
    made.save()
    changes = {
        name: [str(getattr(old, name)), str(getattr(made, name))]
        for name, _heading in rules.COLUMNS
        if getattr(old, name) != getattr(made, name)
    }
    if changes:
        trail.record(by=by, deed="places.reorganisation.change_row", what=event, changes=changes)
    return made


@transaction.atomic
def remove_row(*, by: trail.Actor, event: Reorganisation, position: int) -> None:
    """Take a row out of an event; those after it move up. Raises: Conflict once it is no draft; Missing."""
    event = _draft(event)
    old = _row(event, position)
    told = str(old)
    old.delete()
    later = list(event.rows.filter(position__gt=position).order_by("position"))
    for row in later:
        # One by one and in order: two rows never share a place, not even between two statements.
        row.position -= 1
        row.save(update_fields=["position"])
    trail.record(by=by, deed="places.reorganisation.remove_row", what=event, changes={"row": [told, ""]})


def try_reorganisation(event: Reorganisation) -> Trial:
    """What an event would do, found out by doing it and leaving nothing of it."""
    rows = selectors.rows_of(event)
    ahead = event.effective_on > clock.today()
    with clock.pinned(noon_of(event.effective_on)) if ahead else nullcontext():
        outcome, register = _worked_out(event, rows)
        if outcome.problems:
            return Trial(problems=_at_positions(outcome.problems, rows))
        try:
            with trail.gathered() as told, transaction.atomic():
                done = executing.carry_out(by=trail.HOUSE, event=event, outcome=outcome, register=register)
                transaction.set_rollback(True)
                told.clear()
        except (Invalid, Conflict) as error:
            return Trial(problems=[rules.Problem(0, "", Invalid(error.sentence))])
    return Trial(lines=done.lines, numbers=done.numbers)


@transaction.atomic
def submit_reorganisation(*, by: trail.Actor, event: Reorganisation) -> Reorganisation:
    """Hand an event to whoever approves it.

    Raises: Invalid while its rows have a problem; Conflict once it is no draft.
    """
    event = _locked(event)
    trial = try_reorganisation(event)
    if trial.problems:
        first = trial.problems[0]
        sentence = "Còn {count} chỗ chưa đúng. Dòng {row}: {reason}"
        raise Invalid(sentence, count=len(trial.problems), row=first.row, reason=first.error)
    trail.move(by=by, row=event, machine=REORGANISATION, deed="submit")
    return event


@transaction.atomic
def return_reorganisation(*, by: trail.Actor, event: Reorganisation, why: str) -> Reorganisation:
    """Hand an event back to be written otherwise. Raises: Invalid without a reason; Conflict in another state."""
    event = _locked(event)
    event.approved_by, event.approved_name, event.approved_at = "", "", None
    event.save(update_fields=["approved_by", "approved_name", "approved_at"])
    trail.move(by=by, row=event, machine=REORGANISATION, deed="return", why=why)
    return event


@transaction.atomic
def discard_reorganisation(*, by: trail.Actor, event: Reorganisation) -> Reorganisation:
    """Put an event aside. Raises: Conflict once it is no draft."""
    event = _locked(event)
    trail.move(by=by, row=event, machine=REORGANISATION, deed="discard")
    return event


@transaction.atomic
def restore_reorganisation(*, by: trail.Actor, event: Reorganisation) -> Reorganisation:
    """Take an event up again that was put aside. Raises: Conflict in another state."""
    event = _locked(event)
    trail.move(by=by, row=event, machine=REORGANISATION, deed="restore")
    return event


@transaction.atomic
@trail.gathered()
def approve_reorganisation(*, by: trail.Actor, event: Reorganisation) -> Reorganisation:
    """Approve an event; it is carried out at once when its day has come, and otherwise on its day.

    Raises: Refused when the one who prepared it approves it; Conflict when it does not wait for approval;
        Invalid when its rows no longer fit the register.
    """
    event = _locked(event)
    if by.actor_key == event.prepared_by and by.actor_key != trail.HOUSE.actor_key:
        raise Refused(_("Người soạn không tự duyệt được; cần một người thứ hai."))
    event.approved_by, event.approved_name, event.approved_at = by.actor_key, by.actor_name[:200], clock.now()
    trail.move(by=by, row=event, machine=REORGANISATION, deed="approve")
    event.save(update_fields=["approved_by", "approved_name", "approved_at"])
    if event.effective_on <= clock.today():
        return execute_reorganisation(by=by, event=event)
    return event


@transaction.atomic
@trail.gathered()
def execute_reorganisation(*, by: trail.Actor, event: Reorganisation) -> Reorganisation:
    """Carry an approved event out: all of it, dated to its day, or nothing.

    Raises: Conflict before it is approved; Invalid before its day, or when its rows do not fit the register.
    """
    event = _locked(event)
    if event.effective_on > clock.today():
        raise Invalid("Cuộc sắp xếp có hiệu lực từ ngày {day}; chưa đến ngày.", day=write_date(event.effective_on))
    rows = selectors.rows_of(event)
    outcome, register = _worked_out(event, rows)
    if outcome.problems:
        first = _at_positions(outcome.problems, rows)[0]
        raise Invalid("Dòng {row}: {reason}", row=first.row, reason=first.error)
    # The account is kept: it speaks one language, whatever that of the page on which the deed was done.
    with translation.override(settings.LANGUAGE_CODE):
        done = executing.carry_out(by=by, event=event, outcome=outcome, register=register)
    event.executed_at, event.account, event.journal = clock.now(), done.lines, done.journal
    event.save(update_fields=["executed_at", "account", "journal"])
    trail.move(by=by, row=event, machine=REORGANISATION, deed="execute", changes={"numbers": [{}, done.numbers]})
    return event


@transaction.atomic
@trail.gathered()
def take_back_reorganisation(*, by: trail.Actor, event: Reorganisation, why: str) -> Reorganisation:
    """Undo an event while nothing has been built on it; it is a draft again.

    Raises: Conflict when something has, or when it was not carried out; Invalid without a reason.
    """
    event = _locked(event)
    REORGANISATION.after("take_back", state=event.state, why=why)
    executing.put_back(by=by, event=event)
    event.approved_by, event.approved_name, event.approved_at = "", "", None
    event.account, event.journal = [], {}
    event.save(update_fields=["approved_by", "approved_name", "approved_at", "account", "journal"])
    trail.move(by=by, row=event, machine=REORGANISATION, deed="take_back", why=why)
    return event


def execute_due(*, by: trail.Actor = trail.HOUSE) -> int:
    """Carry out the approved events whose day has come; how many. One that cannot be is left, with the reason kept."""
    done = 0
    due = Reorganisation.objects.filter(state="approved", effective_on__lte=clock.today())
    for event in due.order_by("effective_on", "pk"):
        try:
            execute_reorganisation(by=by, event=event)
            done += 1
        except (Invalid, Conflict) as error:
            return_reorganisation(by=by, event=event, why=error.sentence)
    return done


def _worked_out(event: Reorganisation, rows: Iterable[ReorganisationRow]) -> tuple[rules.Outcome, rules.Register]:
    written = [selectors.row_values(row) for row in rows]
    names = {name.strip() for row in written for name in (row.source, row.target_parent) if name.strip()}
    register = selectors.register_on(event.effective_on, written=names)
    return rules.work_out(written, register, on=event.effective_on), register


def _at_positions(problems: Sequence[rules.Problem], rows: Sequence[ReorganisationRow]) -> list[rules.Problem]:
    """Problems with the number that each row bears in its event."""
    places = {place: row.position for place, row in enumerate(rows, start=1)}
    return [rules.Problem(places.get(one.row, 0), one.column, one.error) for one in problems]


def _describe(
    event: Reorganisation,
    title: str,
    effective_on: date,
    document_number: str,
    document_on: date | None,
    document_issuer: str,
    note: str,
) -> None:
    event.title = squeeze(title)
    if not event.title:
        raise Invalid(_("Hãy đặt tên cho cuộc sắp xếp."), field="title")
    event.effective_on = effective_on
    event.document_number = squeeze(document_number)
    event.document_on = document_on
    event.document_issuer = squeeze(document_issuer)
    event.note = note.strip()


def _stored(event: Reorganisation, position: int, row: rules.Row) -> ReorganisationRow:
    stored = ReorganisationRow(reorganisation=event, position=position)
    for name, heading in rules.COLUMNS:
        value = getattr(row, name)
        most = getattr(ReorganisationRow._meta.get_field(name), "max_length", None)
        if most is not None and len(value) > most:
            sentence = "Dòng {row}, cột “{column}”: dài quá {most} ký tự."
            raise Invalid(sentence, field=name, row=position, column=heading, most=most)
        setattr(stored, name, value)
    return stored


def _locked(event: Reorganisation) -> Reorganisation:
    found = Reorganisation.objects.select_for_update().filter(pk=event.pk).first()
    if found is None:
        raise Missing(_("Không tìm thấy cuộc sắp xếp này."))
    return found


def _draft(event: Reorganisation) -> Reorganisation:
    event = _locked(event)
    if event.state != "draft":
        raise Conflict(_("Cuộc sắp xếp này không còn là bản soạn, không sửa được nữa."))
    return event


def _row(event: Reorganisation, position: int) -> ReorganisationRow:
    found = event.rows.filter(position=position).first()
    if found is None:
        raise Missing(_("Không có dòng này."))
    return found


def noon_of(day: date) -> datetime:
    """The middle of a day in Vietnam: the instant at which the house tells what happened on it."""
    return timezone.make_aware(datetime.combine(day, time(12)))

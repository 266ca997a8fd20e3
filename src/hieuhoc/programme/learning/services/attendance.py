"""Taking attendance: marks from phones, forms and sheets, exactly once; walk-ins; heads without names; conflicts.

Whatever is sent bears a key that its sender made. A key is answered once and for all: sent again, after a lost answer
or a killed server, it gets the answer that it got, and nothing is written. The row of the activity is locked first, so
that two phones at once stand in one order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, Min

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, HouseError, Invalid, Missing
from hieuhoc.kernel.vietnamese import fold, write_date
from hieuhoc.programme.learning import access
from hieuhoc.programme.learning.models import Activity, Attendance, Enrolment, HeadCount, SentMark, Session
from hieuhoc.programme.learning.rules import attendance as rules
from hieuhoc.programme.learning.services.enrolments import enrol
from hieuhoc.programme.learning.services.sessions import hold_session
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.people import rules as people
from hieuhoc.registers.people.services import note_person

Result = SentMark.Outcome


@dataclass(frozen=True)
class Sent:
    """A mark of a learner of the list; an empty `mark` takes the mark back. `of` names a walk-in by its key instead of
    the enrolment, where the phone does not know the number yet."""

    key: UUID
    enrolment: int | None
    mark: str
    seen: int = 0
    at: datetime | None = None
    of: UUID | None = None


@dataclass(frozen=True)
class WalkIn:
    """Somebody who is not in the list and sits in the room."""

    key: UUID
    name: str
    birth_year: int | None = None
    sex: str = ""
    mark: str = "present"
    at: datetime | None = None


@dataclass(frozen=True)
class Heads:
    """Heads of one group, of those whose names are not kept: how many there are, not how many more."""

    key: UUID
    count: int
    sex: str = ""
    age_band: str = ""
    seen: int = 0
    at: datetime | None = None


Item = Sent | WalkIn | Heads


@dataclass(frozen=True)
class Outcome:
    """What became of one key: taken, conflict or refused; what stands now; why it was refused."""

    key: UUID
    outcome: str
    answer: dict[str, Any]

    @property
    def why(self) -> HouseError | None:
        """The sentence of a refusal."""
        template = self.answer.get("why")
        return Invalid(template, **self.answer.get("values", {})) if template else None


def take_marks(*, by: User, session: Session, marks: Sequence[Item]) -> list[Outcome]:
    """Take what was sent, in its order; what each key came to. A known key is answered as it was, and changes nothing.

    Raises: Refused, Missing for whoever may not; Invalid when too much is sent at once; Conflict when somebody uses
        the same keys elsewhere at this moment.
    """
    if len(marks) > rules.MOST_ITEMS:
        raise Invalid("Mỗi lần gửi nhiều nhất {most} mục.", most=rules.MOST_ITEMS)
    # The head of the trail is locked last, whatever noting and enrolling write on the way.
    with transaction.atomic(), trail.gathered() as lines:
        taking = _Taking(by, _locked(session), lines)
        access.require_with(by, Permission.ATTENDANCE_TAKE, taking.session.activity)
        known = SentMark.objects.in_bulk([one.key for one in marks])
        outcomes = []
        for one in marks:
            row = known.get(one.key)
            if row is None:
                row = known[one.key] = taking.take(one)
            elif row.by_id != by.pk or row.session_id != session.pk:
                outcomes.append(_refused(one.key, Invalid("Mã gửi này đã được dùng ở nơi khác.")))
                continue
            outcomes.append(Outcome(row.key, row.outcome, row.answer))
        taking.finish()
    return outcomes


def add_walk_in(*, by: User, session: Session, walk_in: WalkIn) -> Outcome:
    """Note somebody who is not in the list; see `take_marks`."""
    return take_marks(by=by, session=session, marks=[walk_in])[0]


def count_heads(*, by: User, session: Session, heads: Sequence[Heads]) -> list[Outcome]:
    """Count those whose names are not kept; see `take_marks`."""
    return take_marks(by=by, session=session, marks=heads)


def settle_conflict(*, by: User, session: Session, key: UUID, choice: str, seen: int = 0) -> None:
    """Decide about a conflict: `kept` leaves what stands; `sent` writes what was sent; `another` says that a walk-in is
    not the one of that name in the list.

    `seen` is the edition of what stood when it was decided. Raises: Conflict when it was settled already, or what
    stands has changed; Invalid for another choice; Refused, Missing.
    """
    with transaction.atomic(), trail.gathered() as lines:
        taking = _Taking(by, _locked(session), lines)
        access.require_with(by, Permission.ATTENDANCE_TAKE, taking.session.activity)
        row = SentMark.objects.select_related("by").filter(pk=key, session=session, outcome=Result.CONFLICT).first()
        if row is None:
            raise Missing("Không có mục này trong buổi học.")
        if row.settled_at is not None:
            raise Conflict("Người khác vừa xử lý mục này.")
        if choice != "kept":
            row.answer = taking.settle(row, choice, seen)
        row.settled_at, row.content = taking.now, _without_names(row.content) | {"choice": choice}
        row.save(update_fields=["settled_at", "content", "answer"])
        trail.record(by=by, deed="learning.attendance.settle", what=session, changes={"choice": choice})
        taking.finish()


def settle_turns(enrolments: Sequence[int]) -> None:
    """Set the first and last day of attendance of these enrolments to what the marks say.

    To be called by whoever changes marks, or the day of a session that has some.
    """
    attended = Attendance.objects.filter(enrolment__in=enrolments, mark__in=rules.ATTENDED)
    days = {
        row["enrolment"]: (row["first"], row["last"])
        for row in attended.order_by().values("enrolment").annotate(first=Min("session__on"), last=Max("session__on"))
    }
    changed = []
    for one in Enrolment.objects.filter(pk__in=enrolments).only("pk", "first_on", "last_on"):
        first, last = days.get(one.pk, (None, None))
        if (one.first_on, one.last_on) != (first, last):
            one.first_on, one.last_on = first, last
            changed.append(one)
    Enrolment.objects.bulk_update(changed, ["first_on", "last_on"], batch_size=500)


def _locked(session: Session) -> Session:
    """The session as it stands, its activity's row and its own locked, in this order. Raises: Missing."""
    Activity.objects.select_for_update().filter(pk=session.activity_id).first()
    found = (
        Session.objects.select_for_update(of=("self",))
        .select_related("activity__provider__unit", "activity__unit")
        .filter(pk=session.pk)
        .first()
    )
    if found is None:
        raise Missing("Không tìm thấy buổi học này.")
    return found


def _refused(key: UUID, error: HouseError) -> Outcome:
    return Outcome(key, Result.REFUSED, {"why": error.template, "values": _plain(error.values)})


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {name: value if isinstance(value, int) else str(value) for name, value in values.items()}


@dataclass
class _Taking:
    """One sending being taken: the book of the session in memory, and what must be written of it at the end."""

    by: User
    session: Session
    lines: list[Entry]
    now: datetime = field(default_factory=clock.now)
    sent: list[SentMark] = field(default_factory=list)
    written: dict[int, Attendance | None] = field(default_factory=dict)  # None: the mark was taken back
    taken_back: dict[int, Attendance] = field(default_factory=dict)
    counted: dict[tuple[str, str], HeadCount] = field(default_factory=dict)
    spoken: dict[tuple[object, ...], UUID] = field(default_factory=dict)  # the last key about each learner and group

    def __post_init__(self) -> None:
        pk = self.session.pk
        self.closed = why_closed(self.session)
        self.enrolments = dict(Enrolment.objects.filter(activity=self.session.activity_id).values_list("pk", "state"))
        self.marks = {row.enrolment_id: row for row in Attendance.objects.filter(session=pk)}
        self.heads = {(row.sex, row.age_band): row for row in HeadCount.objects.filter(session=pk)}
        self.numbered = SentMark.objects.filter(session=pk).count()
        self.before = self._tally()

    # ---- one item -------------------------------------------------------------------------------------

    def take(self, item: Item) -> SentMark:
        """What an item comes to, kept under its key."""
        at, start = rules.time_of(item.at, now=self.now), len(self.lines)
        try:
            if self.closed is not None:
                raise self.closed
            if isinstance(item, Sent):
                outcome, answer = self._mark(item, at)
            elif isinstance(item, WalkIn):
                with transaction.atomic():  # the only one that writes at once
                    outcome, answer = self._walk_in(item, at)
            else:
                outcome, answer = self._count(item, at)
        except HouseError as error:
            del self.lines[start:]
            refused = _refused(item.key, error)
            outcome, answer = Result.REFUSED, refused.answer
        content = _content(item, at)
        row = SentMark(
            key=item.key,
            session=self.session,
            by=self.by,
            # A name is kept in the register of people and nowhere else, unless it waits for a decision.
            content=content if outcome == Result.CONFLICT else _without_names(content),
            outcome=outcome,
            answer=answer,
            received_at=self.now,
        )
        self.sent.append(row)
        return row

    def _mark(self, item: Sent, at: datetime) -> tuple[str, dict[str, Any]]:
        if item.mark and item.mark not in rules.MARKS:
            raise Invalid("Không có cách ghi “{mark}”.", mark=item.mark[:20])
        enrolment = item.enrolment if item.of is None else self._walk_in_of(item.of, item.mark)
        if enrolment is None:
            if item.of is None:
                raise Missing("Người này không có trong danh sách lớp.")
            return Result.TAKEN, {}
        self._require_learner(enrolment)
        self.spoken["mark", enrolment] = item.key
        standing = self._standing(enrolment)
        said = rules.verdict(standing, value=item.mark, seen=item.seen, by=self.by.pk, at=at)
        if said == "taken":
            self._write(enrolment, item.mark, at)
        return (Result.CONFLICT if said == "conflict" else Result.TAKEN), self._answer(enrolment)

    def _require_learner(self, enrolment: int) -> None:
        state = self.enrolments.get(enrolment)
        if state is None:
            raise Missing("Người này không có trong danh sách lớp.")
        if state == "cancelled" and enrolment not in self.marks:
            raise Conflict("Người này đã thôi học lớp này.")

    def _walk_in_of(self, key: UUID, mark: str) -> int | None:
        """The enrolment of a walk-in by its key; None when the walk-in waits for a decision, which is told instead."""
        rows = [*self.sent, *SentMark.objects.filter(pk=key, session=self.session)]
        row = next((one for one in rows if one.key == key), None)
        if row is None or row.outcome == Result.REFUSED or row.content.get("choice") == "kept":
            raise Missing("Người này không có trong danh sách lớp.")
        if row.outcome == Result.CONFLICT and row.settled_at is None:
            if mark in rules.ATTENDED:
                row.content["mark"] = mark
            else:
                row.content, row.settled_at = _without_names(row.content) | {"choice": "kept"}, self.now
            if not row._state.adding:
                row.save(update_fields=["content", "settled_at"])
            return None
        enrolment: int = row.answer["enrolment"]
        return enrolment

    def _walk_in(self, item: WalkIn, at: datetime) -> tuple[str, dict[str, Any]]:
        if item.mark not in rules.ATTENDED:
            raise Invalid("Người ghi tại buổi học là người có mặt hoặc đến muộn.")
        alike = self._alike(item)
        if alike is not None:
            return Result.CONFLICT, self._answer(alike)
        return Result.TAKEN, self._answer(self._noted(item, at))

    def _alike(self, item: WalkIn) -> int | None:
        """Who stands in the list already under this name, and may be the same."""
        rows = Enrolment.objects.filter(activity=self.session.activity_id, person__folded=fold(item.name))
        for pk, year in rows.order_by("place").values_list("pk", "person__birth_year"):
            if item.birth_year is None or year is None or year == item.birth_year:
                return pk
        return None

    def _noted(self, item: WalkIn, at: datetime) -> int:
        person = note_person(by=self.by, name=item.name, birth_year=item.birth_year, sex=item.sex)
        made = enrol(by=self.by, activity=self.session.activity, person=person, source=Enrolment.Source.SESSION)
        self.enrolments[made.pk] = made.state
        self._write(made.pk, item.mark, at)
        return made.pk

    def _count(self, item: Heads, at: datetime) -> tuple[str, dict[str, Any]]:
        if (item.sex and item.sex not in people.SEXES) or (item.age_band and item.age_band not in people.AGE_BANDS):
            raise Invalid("Không có nhóm người này.")
        if not 0 <= item.count <= rules.MOST_HEADS:
            raise Invalid("Số người phải từ 0 đến {most}.", most=rules.MOST_HEADS)
        group = (item.sex, item.age_band)
        self.spoken["heads", *group] = item.key
        standing = self._standing_heads(group)
        said = rules.verdict(standing, value=item.count, seen=item.seen, by=self.by.pk, at=at)
        if said == "taken":
            self._write_heads(group, item.count, at)
        return (Result.CONFLICT if said == "conflict" else Result.TAKEN), self._heads_answer(group)

    # ---- what stands, and what is written ----------------------------------------------------------------

    def _standing(self, enrolment: int) -> rules.Standing:
        row = self.marks.get(enrolment)
        return rules.Standing(row.mark, row.edition, row.marked_by_id, row.marked_at) if row else rules.Standing("")

    def _standing_heads(self, group: tuple[str, str]) -> rules.Standing:
        row = self.heads.get(group)
        return rules.Standing(row.count, row.edition, row.counted_by_id, row.counted_at) if row else rules.Standing(0)

    def _answer(self, enrolment: int) -> dict[str, Any]:
        standing = self._standing(enrolment)
        return {"enrolment": enrolment, "mark": standing.value, "edition": standing.edition}

    def _heads_answer(self, group: tuple[str, str]) -> dict[str, Any]:
        standing = self._standing_heads(group)
        return {"sex": group[0], "age_band": group[1], "count": standing.value, "edition": standing.edition}

    def _write(self, enrolment: int, mark: str, at: datetime) -> None:
        row = self.marks.pop(enrolment, None)
        if not mark:
            if row is not None:
                self.taken_back[enrolment] = row
            self.written[enrolment] = None
            return
        if row is None:
            # Higher than any edition that a phone may have seen of a row that was taken back since: each of them
            # came with a key of its own.
            row = self.taken_back.pop(enrolment, None) or Attendance(session=self.session, enrolment_id=enrolment)
            row.edition = self._next()
        else:
            row.edition += 1
        row.mark, row.marked_at, row.marked_by = mark, at, self.by
        self.marks[enrolment] = self.written[enrolment] = row

    def _write_heads(self, group: tuple[str, str], count: int, at: datetime) -> None:
        row = self.heads.get(group)
        if row is None:
            row = HeadCount(session=self.session, sex=group[0], age_band=group[1], edition=self._next())
        else:
            row.edition += 1
        row.count, row.counted_at, row.counted_by = count, at, self.by
        self.heads[group] = self.counted[group] = row

    def _next(self) -> int:
        return self.numbered + len(self.sent) + 1

    # ---- a decision ------------------------------------------------------------------------------------------

    def settle(self, row: SentMark, choice: str, seen: int) -> dict[str, Any]:
        """Write what was sent in a conflict; what stands then.

        Raises: Conflict when what stands has changed since it was looked at.
        """
        content, kind = row.content, row.content["kind"]
        if choice not in ("sent", "another") or (choice == "another" and kind != "walk_in"):
            raise Invalid("Không có cách xử lý này.", field="choice")
        if self.closed is not None:
            raise self.closed
        if choice == "another":
            told = WalkIn(row.key, content["name"], content["birth_year"], content["sex"], content["mark"])
            return self._answer(self._noted(told, self.now))
        group = (content.get("sex", ""), content.get("age_band", ""))
        standing = self._standing_heads(group) if kind == "heads" else self._standing(row.answer["enrolment"])
        if standing.edition != seen:
            raise Conflict("Có người vừa ghi khác đi. Hãy xem lại rồi chọn.")
        if kind == "heads":
            self._write_heads(group, content["count"], self.now)
            return self._heads_answer(group)
        self._write(row.answer["enrolment"], content["mark"], self.now)
        return self._answer(row.answer["enrolment"])

    # ---- the end ---------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Write the book, the turns, the held session, the settled conflicts and one line of history."""
        try:
            SentMark.objects.bulk_create(self.sent)
        except IntegrityError as error:
            raise Conflict("Có nơi khác đang gửi cùng mã này. Hãy gửi lại.") from error
        rows = [row for row in self.written.values() if row is not None]
        fresh, stood = [row for row in rows if row._state.adding], [row for row in rows if not row._state.adding]
        Attendance.objects.bulk_create(fresh)
        Attendance.objects.bulk_update(stood, ["mark", "marked_at", "marked_by", "edition"])
        gone = [enrolment for enrolment, row in self.written.items() if row is None]
        if gone:
            Attendance.objects.filter(session=self.session, enrolment__in=gone).delete()
        for count in self.counted.values():
            count.save()
        self._settle_overtaken()
        if not self.written and not self.counted:
            return
        settle_turns(list(self.written))
        if self.session.state == "planned" and (rows or any(count.count for count in self.counted.values())):
            hold_session(by=self.by, session=self.session)
        after = self._tally()
        changes = {name: [self.before[name], after[name]] for name in after if after[name] != self.before[name]}
        trail.record(by=self.by, deed="learning.attendance.take", what=self.session, changes=changes)

    def _settle_overtaken(self) -> None:
        """Conflicts that are none any more: what was sent stands now, or its sender has said something else since."""
        if not self.spoken and not self.written and not self.counted:
            return
        done = []
        for row in SentMark.objects.filter(session=self.session, outcome=Result.CONFLICT, settled_at=None):
            about = _about(row)
            if about is None:
                continue
            stands = self._standing_heads((str(about[1]), str(about[2]))) if about[0] == "heads" else None
            stands = stands or self._standing(row.answer["enrolment"])
            said = row.content.get("count", row.content.get("mark"))
            later = self.spoken.get(about, row.key) != row.key and row.by_id == self.by.pk
            if stands.value == said or later:
                done.append(row.pk)
        if done:
            SentMark.objects.filter(pk__in=done).update(settled_at=self.now)

    def _tally(self) -> dict[str, int]:
        marks = [row.mark for row in self.marks.values()]
        heads = sum(row.count for row in self.heads.values())
        return {mark: marks.count(mark) for mark in rules.MARKS} | {"heads": heads}


def why_closed(session: Session) -> HouseError | None:
    """Why nothing can be marked at a session now."""
    if session.state == "cancelled" or session.activity.state == "cancelled":
        return Conflict("Buổi học này đã hủy nên không điểm danh được.")
    if session.activity.state == "draft":
        return Conflict("Lớp, chuyên đề này chưa mở nên chưa điểm danh được.")
    if session.on > clock.today():
        return Conflict("Đến ngày {day} mới điểm danh được buổi học này.", day=write_date(session.on))
    return None


def _about(row: SentMark) -> tuple[object, ...] | None:
    """The learner or the group of heads that a mark is about; None for a walk-in, who is perhaps neither."""
    if row.content["kind"] == "heads":
        return "heads", row.content["sex"], row.content["age_band"]
    return ("mark", row.answer["enrolment"]) if row.content["kind"] == "mark" else None


def _without_names(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in ("name", "birth_year", "sex")} | (
        {"sex": content["sex"]} if content["kind"] == "heads" else {}
    )


def _content(item: Item, at: datetime) -> dict[str, Any]:
    """What was sent, as it is kept."""
    told: dict[str, Any] = {"at": at.isoformat()}
    if isinstance(item, Sent):
        of = str(item.of) if item.of else None
        return told | {"kind": "mark", "enrolment": item.enrolment, "of": of, "mark": item.mark, "seen": item.seen}
    if isinstance(item, WalkIn):
        about = {"name": item.name[:120], "birth_year": item.birth_year, "sex": item.sex}
        return told | {"kind": "walk_in", **about, "mark": item.mark}
    group = {"sex": item.sex, "age_band": item.age_band}
    return told | {"kind": "heads", **group, "count": item.count, "seen": item.seen}

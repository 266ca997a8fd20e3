"""How reports follow a reorganisation of units: what is owed for a period that goes on passes to the heir, as one.

What was handed in stays with the unit that handed it in, and so does a report for a period that ended before the event:
its figures are those of the old map, and the heir's people may hand it in, for they stand in the ended unit's place.
For a period that ends on the day of the event or later the ended unit has no figures any more. Its heir reports once
for all that went into it, prefilled with the sum of what each of them had stated; a level that ends leaves nobody who
reports, and its reports are asked for no longer. The regimes go on to name the heir.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.trail import Actor, Deed
from hieuhoc.kernel.errors import Conflict
from hieuhoc.kernel.vietnamese import write_date, write_number
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.services import Followed, Journal, Line, Turn
from hieuhoc.reports import selectors, states
from hieuhoc.reports.models import Comment, Figure, Narrative, ReportKind, Submission

REPORT, REGIME = gettext_noop("Báo cáo phải nộp"), gettext_noop("Loại báo cáo")
JOINED = gettext_noop("gộp vào báo cáo của đơn vị kế thừa")
OPENED = gettext_noop("đơn vị kế thừa nộp một báo cáo chung")
STAYS = gettext_noop("kỳ đã khép trên bản đồ cũ: đơn vị kế thừa nộp thay")
ENDED = gettext_noop("không phải nộp nữa")
PASSED = gettext_noop("chuyển sang đơn vị kế thừa")
_STATE = ("state", "joined_into_id", "edition")
_PART = 4000
_BATCH = 400
Kept = dict[str, Any]


@dataclass(frozen=True)
class _ReportsFollower:
    """Reports that ended units owe, and the regimes that name an ended unit."""

    name: str = "reports"

    def follow(self, *, by: Actor, turn: Turn) -> Followed:
        """Let every report that an ended unit owes for a period that goes on be owed by its heir."""
        owing = _Owing(turn)
        owing.pass_on()
        regimes, lines, deeds = _pass_regimes(turn, owing.units)
        trail.record_many(by=by, deeds=[*owing.deeds, *deeds])
        journal: Journal = {
            "submissions": owing.journal,
            "made": owing.made,
            "editions": owing.editions,
            "figures": owing.figures,
            "words": owing.words,
            "regimes": regimes,
            "last": _last_comment(),
        }
        return Followed([*owing.lines, *lines], journal)

    def take_back(self, *, by: Actor, turn: Turn, journal: Journal) -> None:
        """Put every report and regime back as it was.

        Raises: Conflict when one of them has been worked on since.
        """
        rows = _by_number([number for number, _before, _after in journal["submissions"]])
        _check_nothing_new(turn, journal, rows)
        _restore_figures(journal["figures"])
        _restore_words(journal["words"])
        why = _("Lùi cuộc sắp xếp đơn vị")
        deeds = []
        for number, before, _after in journal["submissions"]:
            for name, value in before.items():
                setattr(rows[number], name, value)
            deeds.append(Deed("reports.submission.take_back", rows[number], why))
        Submission.objects.bulk_update(rows.values(), ["state", "joined_into", "edition"], batch_size=_BATCH)
        made = Submission.objects.filter(pk__in=journal["made"]).select_related("round__kind", "round__period", "unit")
        deeds += [Deed("reports.submission.take_back", one, why) for one in made]
        trail.record_many(by=by, deeds=deeds)
        Submission.objects.filter(pk__in=journal["made"]).delete()
        _restore_regimes(journal["regimes"])


follower = _ReportsFollower()


# ---- what is owed ------------------------------------------------------------------------------------


class _Owing:
    """The reports that ended units owe, on their way to the heirs."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        heirs = {number for passing in turn.passings.values() for number in (passing.heir, *passing.heirs)}
        self.units = places.units_by_number({*turn.passings, *heirs})
        self.journal: list[list[Any]] = []
        self.made: list[int] = []
        self.editions: list[list[int]] = []
        self.figures: list[list[Any]] = []
        self.words: list[list[Any]] = []
        self.lines: list[Line] = []
        self.deeds: list[Deed] = []
        self._changed: list[Submission] = []
        self._before: dict[int, Kept] = {}

    def pass_on(self) -> None:
        """Group what meets at an heir, join it, and write everything at once."""
        leaving = [one for one in _locked(self.turn.passings) if one.state not in states.LEFT_OUT]
        goes_on = [one for one in leaving if one.round.period.period.last >= self.turn.on]
        for one in leaving:
            if one not in goes_on and one.state in states.OWED:
                self.lines.append(self._line(one, STAYS))
        meeting: dict[tuple[int, int], list[Submission]] = defaultdict(list)
        for one in goes_on:
            passing = self.turn.passings[one.unit_id]
            if passing.is_peer:
                meeting[one.round_id, passing.heir].append(one)
            elif one.state in states.OWED:
                self._end(one)
        own = self._own_of({heir for _round, heir in meeting})
        for (round_number, heir), rows in meeting.items():
            self._meet(heir, rows, own.get((round_number, heir)))
        Submission.objects.bulk_update(self._changed, ["state", "joined_into", "edition"], batch_size=_BATCH)
        self.journal = [[one.pk, self._before[one.pk], _kept(one)] for one in self._changed]
        # An heir's own report that stays as it is here may be written for all later: that cannot be taken back.
        self.editions = [[own[key].pk, own[key].edition] for key in meeting if key in own]

    def _own_of(self, heirs: Iterable[int]) -> dict[tuple[int, int], Submission]:
        return {(one.round_id, one.unit_id): one for one in _locked(heirs)}

    def _change(self, one: Submission, **values: Any) -> None:
        if one.pk not in self._before:
            self._before[one.pk] = _kept(one)
            self._changed.append(one)
        for name, value in values.items():
            setattr(one, name, value)

    def _line(self, one: Submission, fate: str, detail: str = "") -> Line:
        heir = self.turn.passings[one.unit_id].heir
        return Line(REPORT, f"{one.round.kind}, {one.round.period}", one.unit_id, heir, fate, detail=detail)

    def _end(self, one: Submission) -> None:
        """A report that nobody owes any more: its level has no heir of its own height."""
        before = one.state
        self._change(one, state="cancelled")
        self.lines.append(self._line(one, ENDED))
        self.deeds.append(Deed("reports.submission.excuse", one, self.turn.document, {"state": [before, one.state]}))

    def _meet(self, heir: int, rows: Sequence[Submission], own: Submission | None) -> None:
        """One heir's report in one round: what comes to it, and what it had itself."""
        kept = own or self._make(heir, rows)
        if kept.state in states.LEFT_OUT:
            self._change(kept, state="waiting", joined_into_id=None)
        open_rows = [one for one in rows if one.state in states.OWED]
        if kept.state in states.OWED:
            self._prefill(kept, [*([own] if own else []), *rows])
        for one in open_rows:
            before = one.state
            self._change(one, state="joined", joined_into_id=kept.pk)
            detail = "" if kept.state in states.OWED else kept.get_state_display()
            self.lines.append(self._line(one, JOINED, detail))
            changes = {"state": [before, "joined"], "unit": [one.unit.name, self.units[heir].name]}
            self.deeds.append(Deed("reports.submission.join", one, self.turn.document, changes))

    def _make(self, heir: int, rows: Sequence[Submission]) -> Submission:
        """A report for an heir that had none, due when the last of those that went into it was."""
        first = rows[0]
        unit = self.units[heir]
        due_on = max(one.deadline for one in rows)
        made = Submission.objects.create(round=first.round, unit=unit, level=first.level, due_on=due_on)
        self.made.append(made.pk)
        names = ", ".join(one.unit.name for one in rows)
        changes = {"unit": [names, unit.name]}
        self.deeds.append(Deed("reports.submission.succeed", made, self.turn.document, changes))
        self.lines.append(self._line(first, OPENED, names if len(rows) > 1 else ""))
        return made

    def _prefill(self, kept: Submission, parts: Sequence[Submission]) -> None:
        """The sum of what each had stated, and the words of each under its name.

        A cell that not all of them had filled in has the sum of those that had, and names the others.
        """
        asked = selectors.asked_in(kept.round)
        own = {cell.key: cell for cell in asked.layout.cells if selectors.is_own(asked.known[cell.indicator], kept)}
        stated: dict[str, dict[int, Figure]] = defaultdict(dict)
        for figure in Figure.objects.filter(submission__in=parts, stated__isnull=False):
            if figure.key in own:
                stated[figure.key][figure.submission_id] = figure
        is_changed = False
        for key, figures in stated.items():
            if set(figures) == {kept.pk} and len(parts) == 1:
                continue
            is_changed |= self._put_figure(kept, key, parts, figures)
        is_changed |= self._put_words(kept, parts)
        if is_changed and kept.pk not in self.made:
            self._change(kept, edition=kept.edition + 1, state="draft")
        elif is_changed:
            Submission.objects.filter(pk=kept.pk).update(edition=1, state="draft")
            kept.edition, kept.state = 1, "draft"

    def _put_figure(
        self, kept: Submission, key: str, parts: Sequence[Submission], figures: Mapping[int, Figure]
    ) -> bool:
        first = next(iter(figures.values()))
        said = [
            f"{one.unit.name} {write_number(figures[one.pk].stated or 0)}"
            if one.pk in figures
            else _("%(unit)s chưa có") % {"unit": one.unit.name}
            for one in parts
        ]
        total = sum(figure.stated or 0 for figure in figures.values())
        reason = (_("Cộng từ: %(parts)s") % {"parts": "; ".join(said)})[:500]
        present = figures.get(kept.pk)
        before = [present.stated, present.reason] if present else None
        Figure.objects.update_or_create(
            submission=kept,
            key=key,
            defaults={"indicator_id": first.indicator_id, "by": first.by, "stated": total, "reason": reason},
        )
        self.figures.append([kept.pk, key, before, [total, reason]])
        return True

    def _put_words(self, kept: Submission, parts: Sequence[Submission]) -> bool:
        told: dict[str, dict[int, str]] = defaultdict(dict)
        for one in Narrative.objects.filter(submission__in=parts).exclude(text=""):
            told[one.key][one.submission_id] = one.text
        blocks = {block.key: block for block in selectors.asked_in(kept.round).layout.blocks}
        is_changed = False
        for key, texts in told.items():
            block = blocks.get(key)
            if block is None or set(texts) == {kept.pk}:
                continue
            if block.type == "choice":
                if len(set(texts.values())) > 1:
                    continue
                text = next(iter(texts.values()))
            else:
                text = "\n\n".join(f"{one.unit.name}:\n{texts[one.pk]}" for one in parts if one.pk in texts)[
                    : block.most
                ]
            before = texts.get(kept.pk)
            Narrative.objects.update_or_create(submission=kept, key=key, defaults={"text": text})
            self.words.append([kept.pk, key, before, text])
            is_changed = True
        return is_changed


def _locked(units: Iterable[int]) -> list[Submission]:
    """The reports of some units in open rounds under a lock, in parts: a long list is more than one statement takes."""
    numbers: list[int] = []
    ordered = sorted(units)
    for start in range(0, len(ordered), _PART):
        part = ordered[start : start + _PART]
        rows = Submission.objects.select_for_update(of=("self",)).filter(unit__in=part, round__state="open")
        numbers += [one.pk for one in rows.order_by("pk")]
    found = _by_number(numbers)
    return [found[number] for number in sorted(found)]


def _by_number(numbers: Iterable[int]) -> dict[int, Submission]:
    ordered = sorted(numbers)
    found: dict[int, Submission] = {}
    for start in range(0, len(ordered), _PART):
        part = ordered[start : start + _PART]
        rows = Submission.objects.select_for_update(of=("self",)).filter(pk__in=part)
        rows = rows.select_related("unit__parent", "round__kind", "round__period", "round__version__form")
        found.update((one.pk, one) for one in rows)
    return found


def _kept(one: Submission) -> Kept:
    return {name: getattr(one, name) for name in _STATE}


# ---- taking back -------------------------------------------------------------------------------------


def _last_comment() -> int:
    last = Comment.objects.order_by("-pk").first()
    return last.pk if last else 0


def _check_nothing_new(turn: Turn, journal: Journal, rows: Mapping[int, Submission]) -> None:
    for number, _before, after in journal["submissions"]:
        if number not in rows or _kept(rows[number]) != after:
            raise _worked_on(rows.get(number), turn)
    editions = dict(journal["editions"])
    for one in _by_number(editions).values():
        if one.edition != editions[one.pk]:
            raise _worked_on(one, turn)
    made = Submission.objects.in_bulk(journal["made"])
    filled = {number for number, _key, _before, _after in [*journal["figures"], *journal["words"]]}
    for number in journal["made"]:
        fresh = made.get(number)
        expected = ("draft", 1) if number in filled else ("waiting", 0)
        if fresh is None or (fresh.state, fresh.edition) != expected or fresh.extended_to is not None or fresh.paper:
            raise _worked_on(fresh, turn)
    touched = [*rows, *journal["made"]]
    for start in range(0, len(touched), _PART):
        part = touched[start : start + _PART]
        said = Comment.objects.filter(pk__gt=journal["last"], submission__in=part).select_related("submission")
        if (one_comment := said.first()) is not None:
            raise _worked_on(one_comment.submission, turn)


def _worked_on(one: Submission | None, turn: Turn) -> Conflict:
    sentence = "Báo cáo “{report}” đã được làm tiếp sau cuộc sắp xếp ngày {day}; không thể lùi."
    return Conflict(sentence, report=str(one or ""), day=write_date(turn.on))


def _restore_figures(kept: Sequence[Sequence[Any]]) -> None:
    for number, key, before, _after in kept:
        rows = Figure.objects.filter(submission=number, key=key)
        if before is None:
            rows.delete()
        else:
            rows.update(stated=before[0], reason=before[1])


def _restore_words(kept: Sequence[Sequence[Any]]) -> None:
    for number, key, before, _after in kept:
        rows = Narrative.objects.filter(submission=number, key=key)
        if before is None:
            rows.delete()
        else:
            rows.update(text=before)


# ---- regimes -----------------------------------------------------------------------------------------


def _pass_regimes(turn: Turn, units: Mapping[int, Any]) -> tuple[list[list[Any]], list[Line], list[Deed]]:
    """The regimes that an ended unit receives, or has to report by as an agency: the heir from now on."""
    heirs = {unit: passing.heir for unit, passing in turn.passings.items() if passing.is_peer}
    journal: list[list[Any]] = []
    lines, deeds = [], []
    for kind in ReportKind.objects.select_for_update().prefetch_related("agencies").order_by("pk"):
        changes = {}
        recipient = kind.recipient_id
        agencies = {unit.pk for unit in kind.agencies.all()}
        passed = {heirs.get(number, number) for number in agencies}
        if recipient not in heirs and passed == agencies:
            continue
        kind.recipient_id = heirs.get(recipient, recipient)
        if kind.recipient_id != recipient:
            ReportKind.objects.filter(pk=kind.pk).update(recipient=kind.recipient_id)
            changes["recipient"] = [units[recipient].name, units[kind.recipient_id].name]
        if passed != agencies:
            kind.agencies.set(passed)
            gone, came = sorted(agencies - passed), sorted(passed - agencies)
            changes["agencies"] = [_names(units, gone), _names(units, came)]
        old = recipient if recipient in heirs else min(agencies - passed)
        lines.append(Line(REGIME, kind.name, old, heirs[old], PASSED))
        deeds.append(Deed("reports.reportkind.succeed", kind, turn.document, changes))
        journal.append([kind.pk, [recipient, sorted(agencies)], [kind.recipient_id, sorted(passed)]])
    return journal, lines, deeds


def _names(units: Mapping[int, Any], numbers: Sequence[int]) -> str:
    return ", ".join(units[number].name for number in numbers if number in units)


def _restore_regimes(kept: Sequence[Sequence[Any]]) -> None:
    kinds = {kind.pk: kind for kind in ReportKind.objects.filter(pk__in=[number for number, *_rest in kept])}
    for number, before, after in kept:
        kind = kinds[number]
        if [kind.recipient_id, sorted(unit.pk for unit in kind.agencies.all())] != after:
            raise Conflict("Loại báo cáo “{kind}” đã được đổi; không thể lùi.", kind=kind.name)
        ReportKind.objects.filter(pk=number).update(recipient=before[0])
        kind.agencies.set(before[1])

"""What a reorganisation makes of the register: rows and the units that stand, in; what forms, changes and ends, out.

Pure. The left side of a row speaks of the register as it stands on the event's day before the event; the right side of
the register after it. So one code may stand on both sides and mean two lives. What the rows say is worked out here;
what follows from it for units that no row names (`consequences`) is worked out after, and nothing is left without an
heir: a unit that would be is a problem, told with its row, its column and the reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from hieuhoc.kernel.errors import HouseError, Invalid
from hieuhoc.kernel.vietnamese import fold, squeeze, write_date
from hieuhoc.registers.places.rules.names import bare_name
from hieuhoc.registers.places.rules.rows import (
    ACTS,
    CHANGING,
    DIVIDE,
    ENDING,
    FORM,
    PASSING,
    TRANSFER,
    Problem,
    Row,
    read_share,
)
from hieuhoc.registers.places.rules.tree import ADMINISTRATIVE, KINDS_OF_LEVEL, LEVELS, check_place

Ref = int | str
"""A unit of an outcome: one that stands, by its row number, or one that the event forms, by its name in the event."""


COMMITTEE = "uy_ban"


@dataclass(frozen=True)
class Standing:
    """A unit as it stands on the event's day before the event. `until` is set when it changes or ends later on."""

    number: int
    key: str
    code: str
    name: str
    short_name: str
    level: str
    kind: str
    parent: int | None
    since: date
    path: str
    until: date | None = None


@dataclass(frozen=True)
class Once:
    """That a code or key not found on the day was held by a unit at another time."""

    name: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Register:
    """The register before the event: what stands, whom groups stand for, who held missing codes at another time.

    `kind_labels` are the words for kinds ("xã", "thị trấn"), by which a bare name is found.
    """

    units: Sequence[Standing]
    kind_labels: Mapping[str, str]
    members: Mapping[int, Sequence[int]] = field(default_factory=dict)
    elsewhen: Mapping[str, Sequence[Once]] = field(default_factory=dict)


@dataclass(frozen=True)
class Heir:
    """Who takes over a unit, or a share of it. `takes_duties` marks the main heir: roles and open work go there."""

    ref: Ref
    share: Fraction = Fraction(1)
    is_estimated: bool = False
    takes_duties: bool = True


@dataclass
class Formed:
    """A unit that the event forms."""

    ref: str
    code: str = ""
    name: str = ""
    short_name: str = ""
    level: str = ""
    kind: str = ""
    parent: Ref | None = None
    key: str = ""
    note: str = ""
    row: int = 0


@dataclass(frozen=True)
class Changed:
    """A life that goes on, with another state."""

    number: int
    code: str
    name: str
    short_name: str
    kind: str
    parent: Ref | None
    note: str = ""
    row: int = 0


@dataclass(frozen=True)
class Ended:
    """A life that ends, and who takes it over; exactly one of the heirs takes the duties."""

    number: int
    heirs: tuple[Heir, ...]
    note: str = ""
    row: int = 0

    @property
    def main(self) -> Heir:
        """The heir that takes roles and open work."""
        return next(heir for heir in self.heirs if heir.takes_duties)


@dataclass
class Outcome:
    """What an event makes of the register. `parted` are shares given away by lives that go on."""

    formed: dict[str, Formed] = field(default_factory=dict)
    changed: dict[int, Changed] = field(default_factory=dict)
    ended: dict[int, Ended] = field(default_factory=dict)
    parted: dict[int, tuple[Heir, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def parent_of(self, ref: Ref, register: Mapping[int, Standing]) -> Ref | None:
        """Beneath whom a unit stands after the event."""
        if isinstance(ref, str):
            return self.formed[ref].parent
        changed = self.changed.get(ref)
        return changed.parent if changed else register[ref].parent

    def level_of(self, ref: Ref, register: Mapping[int, Standing]) -> str:
        """The level of a unit of the outcome."""
        return self.formed[ref].level if isinstance(ref, str) else register[ref].level

    def name_of(self, ref: Ref, register: Mapping[int, Standing]) -> str:
        """What a unit of the outcome is called after the event."""
        if isinstance(ref, str):
            return self.formed[ref].name
        changed = self.changed.get(ref)
        return changed.name if changed else register[ref].name

    def refuse(self, row: int, column: str, template: str, /, **values: object) -> None:
        """Note a reason why the event cannot be carried out."""
        self.problems.append(Problem(row, column, Invalid(template, field=column, **values)))


class Sketch:
    """Works the rows of one event out, one question after another; `outcome` fills as it goes."""

    def __init__(self, rows: Sequence[Row], register: Register, *, on: date) -> None:
        self.rows = list(enumerate(rows, start=1))
        self.register = register
        self.on = on
        self.units = {unit.number: unit for unit in register.units}
        self.by_code = {unit.code: unit for unit in register.units if unit.code}
        self.by_key = {unit.key: unit for unit in register.units}
        self.outcome = Outcome()
        self.sources: dict[int, Standing] = {}
        self.shares: dict[int, Fraction] = {}
        self.targets: dict[int, Ref] = {}
        self.going_on: dict[str, int] = {}

    def work_out(self) -> Outcome:
        """Answer every question in turn; later ones trust what the earlier ones have settled."""
        for number, row in self.rows:
            self._read(number, row)
        self._settle_sources()
        self._name_those_going_on()
        for number, row in self.rows:
            if row.act in PASSING | {FORM} and (number in self.sources or row.act == FORM):
                self._find_target(number, row)
        self._describe_formed()
        self._settle_parents()
        self._settle_heirs()
        return self.outcome

    # ---- one row by itself -------------------------------------------------------------------------

    def _read(self, number: int, row: Row) -> None:
        if row.act not in ACTS:
            self.outcome.refuse(number, "act", "Không có cách sắp xếp “{act}”.", act=row.act)
            return
        try:
            self.shares[number] = read_share(row.share)
        except Invalid as error:
            self.outcome.problems.append(Problem(number, "share", error))
        if row.act == FORM:
            if row.source:
                self.outcome.refuse(
                    number, "source", "Đơn vị lập mới không có mã cũ; hãy để trống hoặc chọn cách khác."
                )
            return
        found = self._source(number, row)
        if found is not None:
            self.sources[number] = found

    def _source(self, number: int, row: Row) -> Standing | None:
        written = row.source.strip()
        if not written:
            self.outcome.refuse(number, "source", "Hãy ghi mã hoặc khóa của đơn vị được sắp xếp.")
            return None
        unit = self.by_code.get(written) or self.by_key.get(written)
        if unit is None:
            self._refuse_unknown(number, "source", written)
            return None
        if row.source_name and fold(squeeze(row.source_name)) not in (fold(unit.name), fold(unit.short_name)):
            self.outcome.refuse(
                number,
                "source_name",
                "Mã {code} vào ngày {day} là “{name}”, không phải “{written}”.",
                code=written,
                day=write_date(self.on),
                name=unit.name,
                written=row.source_name,
            )
            return None
        if unit.until is not None or (row.act in ENDING and unit.since >= self.on):
            self.outcome.refuse(
                number,
                "source",
                "“{name}” đã có thay đổi có hiệu lực từ ngày {day}; không thể sắp xếp trước thay đổi đó.",
                name=unit.name,
                day=write_date(unit.until or unit.since),
            )
            return None
        return unit

    def _refuse_unknown(self, number: int, column: str, written: str) -> None:
        held = sorted(self.register.elsewhen.get(written, ()), key=lambda one: one.since)
        day = write_date(self.on)
        before = [one for one in held if one.until is not None and one.until <= self.on]
        if before:
            sentence = "“{name}” mang mã {code} đã kết thúc hoặc đổi mã từ ngày {until}, trước ngày có hiệu lực {day}."
            last = before[-1]
            until = write_date(last.until or self.on)
            self.outcome.refuse(number, column, sentence, name=last.name, code=written, until=until, day=day)
        elif held:
            sentence = "“{name}” mang mã {code} chỉ bắt đầu từ ngày {since}, sau ngày có hiệu lực {day}."
            since = write_date(held[0].since)
            self.outcome.refuse(number, column, sentence, name=held[0].name, code=written, since=since, day=day)
        else:
            self.outcome.refuse(number, column, "Không có đơn vị nào mang mã hoặc khóa “{code}”.", code=written)

    # ---- all rows of one unit together ---------------------------------------------------------------

    def _settle_sources(self) -> None:
        by_unit: dict[int, list[int]] = defaultdict(list)
        for number, unit in self.sources.items():
            by_unit[unit.number].append(number)
        rows = dict(self.rows)
        for numbers in by_unit.values():
            acts = {rows[number].act for number in numbers}
            if acts == {DIVIDE}:
                self._check_division(numbers)
            elif TRANSFER in acts and acts <= CHANGING | {TRANSFER}:
                self._check_transfers(numbers)
            elif len(numbers) > 1:
                for number in numbers[1:]:
                    sentence = "“{name}” đã có ở dòng {row}; một đơn vị chỉ được sắp xếp một lần."
                    name = self.sources.pop(number).name
                    self.outcome.refuse(number, "source", sentence, name=name, row=numbers[0])
            elif acts & ENDING and self.shares.get(numbers[0], Fraction(1)) != 1:
                self.outcome.refuse(numbers[0], "share", "Cả đơn vị được nhập hoặc bỏ cấp: tỷ lệ phải bằng 1.")

    def _check_division(self, numbers: Sequence[int]) -> None:
        total = sum((self.shares.get(number, Fraction(0)) for number in numbers), Fraction(0))
        if total != 1:
            sentence = "Các phần của “{name}” cộng lại bằng {total}, phải bằng đúng 1."
            name = self.sources[numbers[0]].name
            self.outcome.refuse(numbers[-1], "share", sentence, name=name, total=str(total))

    def _check_transfers(self, numbers: Sequence[int]) -> None:
        rows = dict(self.rows)
        given = [number for number in numbers if rows[number].act == TRANSFER]
        total = sum((self.shares.get(number, Fraction(0)) for number in given), Fraction(0))
        if total >= 1:
            sentence = (
                "Các phần chuyển đi của “{name}” cộng lại bằng {total}, phải nhỏ hơn 1; nếu không, hãy chọn Chia."
            )
            name = self.sources[given[0]].name
            self.outcome.refuse(given[-1], "share", sentence, name=name, total=str(total))
        for number in [number for number in numbers if number not in given][1:]:
            name = self.sources.pop(number).name
            self.outcome.refuse(
                number, "source", "“{name}” đã có ở một dòng khác; hãy gộp các thay đổi vào một dòng.", name=name
            )

    def _name_those_going_on(self) -> None:
        """Which life holds which code and key after the event, of those that stand already."""
        rows = dict(self.rows)
        ending = {unit.number for number, unit in self.sources.items() if rows[number].act in ENDING}
        codes: dict[int, tuple[int, str]] = {}
        for number, unit in self.sources.items():
            if rows[number].act in CHANGING and rows[number].target.strip():
                codes[unit.number] = (number, rows[number].target.strip())
        for unit in self.units.values():
            if unit.number in ending:
                continue
            row, code = codes.get(unit.number, (0, unit.code))
            if code and code in self.going_on and self.going_on[code] != unit.number:
                other = self.units[self.going_on[code]].name
                row = row or codes.get(self.going_on[code], (0, ""))[0]
                sentence = "Mã {code} sau ngày sắp xếp vẫn thuộc “{name}”."
                self.outcome.refuse(row, "target", sentence, code=code, name=other)
            elif code:
                self.going_on[code] = unit.number
            self.going_on.setdefault(unit.key, unit.number)

    # ---- the right side ------------------------------------------------------------------------------

    def _find_target(self, number: int, row: Row) -> None:
        written = row.target.strip()
        standing = self.going_on.get(written) if written else None
        if standing is not None:
            unit = self.units[standing]
            changed = next((r for n, r in self.rows if r.act in CHANGING and self.sources.get(n) == unit), None)
            known = {fold(unit.name), fold(unit.short_name), fold(squeeze(changed.target_name)) if changed else ""}
            if row.target_name and fold(squeeze(row.target_name)) not in known:
                sentence = "Mã {code} vẫn thuộc “{name}”, không phải “{written}”."
                self.outcome.refuse(
                    number, "target_name", sentence, code=written, name=unit.name, written=row.target_name
                )
                return
            if row.act == FORM:
                self.outcome.refuse(number, "target", "Mã {code} vẫn thuộc “{name}”.", code=written, name=unit.name)
                return
            if number in self.sources and self.sources[number].number == standing:
                self.outcome.refuse(number, "target", "Một đơn vị không thể nhập vào chính nó.")
                return
            self.targets[number] = standing
            return
        name = squeeze(row.target_name)
        if not written and not name:
            self.outcome.refuse(number, "target", "Hãy ghi mã hoặc tên của đơn vị nhận.")
            return
        self.targets[number] = ref = f"new:{written or row.target_key.strip() or fold(name)}"
        self._describe(number, row, ref)

    def _describe(self, number: int, row: Row, ref: str) -> None:
        """Take from a row what it says of the unit that it names; two rows may not say two things."""
        formed = self.outcome.formed.setdefault(ref, Formed(ref=ref, row=number))
        written = row.target.strip()
        is_code = bool(written) and not (row.target_key.strip() == "" and "-" in written)
        said = {
            "code": ("target", written if is_code else ""),
            "key": ("target_key", row.target_key.strip() or ("" if is_code else written)),
            "name": ("target_name", squeeze(row.target_name)),
            "kind": ("target_kind", row.target_kind.strip()),
            "level": ("target_level", row.target_level.strip()),
        }
        for attribute, (column, value) in said.items():
            before = getattr(formed, attribute)
            if value and before and value != before:
                sentence = "Dòng {row} đã ghi “{before}” cho cùng đơn vị mới này."
                self.outcome.refuse(number, column, sentence, row=formed.row, before=before)
            elif value:
                setattr(formed, attribute, value)
        formed.note = formed.note or row.note

    def _describe_formed(self) -> None:
        """Complete what the rows left open of the units that form, and refuse what cannot be."""
        givers: dict[Ref, list[Standing]] = defaultdict(list)
        for number, ref in self.targets.items():
            if number in self.sources:
                givers[ref].append(self.sources[number])
        for formed in self.outcome.formed.values():
            if not formed.name:
                sentence = "Không có đơn vị mang mã “{code}” sau ngày sắp xếp; nếu là đơn vị mới, hãy ghi tên."
                self.outcome.refuse(formed.row, "target_name", sentence, code=formed.code or formed.key)
                formed.name = formed.code or formed.key
            if not formed.kind:
                formed.kind = self._kind_in(formed.name)
            levels = [level for level in LEVELS if formed.kind in KINDS_OF_LEVEL[level]]
            if not formed.level:
                from_givers = [unit.level for unit in givers[formed.ref] if unit.level in levels]
                formed.level = (from_givers or levels or [""])[0]
            if not formed.kind:
                same = [unit.kind for unit in givers[formed.ref]]
                formed.kind = same[0] if same else ""
                formed.level = formed.level or next((unit.level for unit in givers[formed.ref]), "")
            formed.short_name = self._short(formed.name, formed.kind)
            if formed.key and formed.key in self.by_key:
                self.outcome.refuse(formed.row, "target_key", "Khóa “{key}” đã có đơn vị khác dùng.", key=formed.key)

    def _short(self, name: str, kind: str) -> str:
        if kind == COMMITTEE:
            return name.replace("Ủy ban nhân dân", "UBND")
        return bare_name(name, kind_label=self.register.kind_labels.get(kind, ""))

    def _kind_in(self, name: str) -> str:
        """The kind that a name begins with ("Xã An Biên"), when it says one of an administrative unit."""
        for level in ADMINISTRATIVE:
            for kind in KINDS_OF_LEVEL[level]:
                label = self.register.kind_labels.get(kind, "")
                if label and name.lower().startswith(label + " "):
                    return kind
        return ""

    def _settle_parents(self) -> None:
        for number, row in self.rows:
            ref = self.targets.get(number)
            written = row.target_parent.strip()
            if not isinstance(ref, str) or not written:
                continue
            parent = self._ref_after(written)
            formed = self.outcome.formed[ref]
            if parent is None:
                self._refuse_parent(number, written)
            elif formed.parent is not None and formed.parent != parent:
                self.outcome.refuse(
                    number, "target_parent", "Dòng {row} đã ghi cấp trên khác cho cùng đơn vị mới này.", row=formed.row
                )
            else:
                formed.parent = parent
        for number, row in self.rows:
            if row.act in CHANGING and number in self.sources:
                self._change(number, row)

    def _ref_after(self, written: str) -> Ref | None:
        """The unit that a code or key means after the event."""
        if f"new:{written}" in self.outcome.formed:
            return f"new:{written}"
        by_key = next((one.ref for one in self.outcome.formed.values() if one.key == written), None)
        return by_key or self.going_on.get(written)

    def _refuse_parent(self, number: int, written: str) -> None:
        ended = self.by_code.get(written) or self.by_key.get(written)
        if ended is not None:
            sentence = "“{name}” kết thúc trong cuộc sắp xếp này, không thể là cấp trên."
            self.outcome.refuse(number, "target_parent", sentence, name=ended.name)
        else:
            self._refuse_unknown(number, "target_parent", written)

    def _change(self, number: int, row: Row) -> None:
        unit = self.sources[number]
        parent: Ref | None = unit.parent
        if row.target_parent.strip():
            parent = self._ref_after(row.target_parent.strip())
            if parent is None:
                self._refuse_parent(number, row.target_parent.strip())
                return
        name = squeeze(row.target_name) or unit.name
        kind = row.target_kind.strip() or unit.kind
        if row.target_name and not row.target_kind.strip():
            kind = self._kind_in(name) if unit.level in ADMINISTRATIVE and self._kind_in(name) else unit.kind
        if row.target_level.strip() not in ("", unit.level):
            self.outcome.refuse(
                number, "target_level", "Một đơn vị không đổi cấp trong cùng một đời; hãy nhập vào đơn vị mới."
            )
            return
        if kind not in KINDS_OF_LEVEL[unit.level]:
            self.outcome.refuse(number, "target_kind", "Loại đơn vị không thuộc cấp đã chọn.")
            return
        code = row.target.strip() if row.target.strip() != unit.key else ""
        changed = Changed(
            number=unit.number,
            code=code or unit.code,
            name=name,
            short_name=self._short(name, kind) if (name, kind) != (unit.name, unit.kind) else unit.short_name,
            kind=kind,
            parent=parent,
            note=row.note,
            row=number,
        )
        if (changed.code, name, kind, parent) == (unit.code, unit.name, unit.kind, unit.parent):
            self.outcome.refuse(number, "target", "Dòng này không thay đổi gì của “{name}”.", name=unit.name)
            return
        self.outcome.changed[unit.number] = changed

    # ---- who takes over ------------------------------------------------------------------------------

    def _settle_heirs(self) -> None:
        rows = dict(self.rows)
        passed: dict[int, list[int]] = defaultdict(list)
        for number in self.targets:
            if number in self.sources:
                passed[self.sources[number].number].append(number)
        for unit, numbers in passed.items():
            refs = [self.targets[number] for number in numbers]
            for place, number in enumerate(numbers):
                if refs[place] in refs[:place]:
                    self.outcome.refuse(number, "target", "Đơn vị nhận này đã có ở một dòng khác của cùng đơn vị cũ.")
            ends = rows[numbers[0]].act in ENDING
            marked = [number for number in numbers if rows[number].takes_duties]
            if ends and len(numbers) > 1 and len(marked) != 1:
                self.outcome.refuse(
                    numbers[-1],
                    "takes_duties",
                    "Hãy đánh dấu đúng một đơn vị nhận việc của “{name}” (vai trò và việc đang làm chuyển về đó).",
                    name=self.units[unit].name,
                )
                marked = numbers[:1]
            main = (marked or numbers)[0] if ends else None
            heirs = tuple(
                Heir(
                    ref=self.targets[number],
                    share=self.shares.get(number, Fraction(1)),
                    is_estimated=rows[number].is_estimated,
                    takes_duties=number == main,
                )
                for number in numbers
            )
            if ends:
                self.outcome.ended[unit] = Ended(unit, heirs, note=rows[numbers[0]].note, row=numbers[0])
            else:
                self.outcome.parted[unit] = heirs


def check_shapes(outcome: Outcome, register: Mapping[int, Standing]) -> None:
    """That every unit of the outcome may stand where it stands, and none above itself; problems are noted."""
    for formed in outcome.formed.values():
        _check_one(outcome, register, formed.ref, row=formed.row, kind=formed.kind)
    for changed in outcome.changed.values():
        _check_one(outcome, register, changed.number, row=changed.row, kind=changed.kind)


def _check_one(outcome: Outcome, register: Mapping[int, Standing], ref: Ref, *, row: int, kind: str) -> None:
    seen: set[Ref] = set()
    above: Ref | None = ref
    while above is not None and above not in seen:
        seen.add(above)
        above = outcome.parent_of(above, register)
    if above is not None:
        outcome.refuse(row, "target_parent", "“{name}” sẽ đứng dưới chính nó.", name=outcome.name_of(ref, register))
        return
    parent = outcome.parent_of(ref, register)
    if isinstance(parent, int) and parent in outcome.ended:
        sentence = "“{name}” kết thúc trong cuộc sắp xếp này, không thể là cấp trên."
        outcome.refuse(row, "target_parent", sentence, name=register[parent].name)
        return
    level = outcome.level_of(ref, register)
    try:
        check_place(level=level, kind=kind, parent_level=outcome.level_of(parent, register) if parent else None)
    except HouseError as error:
        column = {"level": "target_level", "kind": "target_kind"}.get(getattr(error, "field", ""), "target_parent")
        outcome.problems.append(Problem(row, column, Invalid(error.template, field=column, **error.values)))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems in the order of the rows, each said once; those of the event as a whole come last."""
    told: dict[tuple[int, str, str], Problem] = {}
    for problem in problems:
        told.setdefault((problem.row, problem.column, problem.error.sentence), problem)
    return sorted(told.values(), key=lambda one: (one.row == 0, one.row))

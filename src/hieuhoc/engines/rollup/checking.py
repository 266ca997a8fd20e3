"""What must hold of a tree at every moment of time. A tree of which it does not hold cannot be built."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from hieuhoc.engines.rollup.lives import WHOLE, Life, Span, Succession, UnitId, shown
from hieuhoc.kernel.errors import Conflict, Invalid

ONE_DAY = timedelta(days=1)


def check(lives: Sequence[Life], successions: Sequence[Succession]) -> None:
    """Raises:
    Invalid: a parent, predecessor or heir that is unknown or does not stand then; a circle; wrong shares.
    Conflict: two lives of one identity; two holders of a code; the same succession twice.
    """
    known = _check_identities(lives)
    for life in lives:
        for span in life.spans:
            _check_parent(known, life, span)
    _check_circles(known)
    _check_codes(lives)
    _check_successions(known, successions)


def _check_identities(lives: Iterable[Life]) -> dict[UnitId, Life]:
    known: dict[UnitId, Life] = {}
    for life in lives:
        if life.unit in known:
            raise Conflict("Có hai đơn vị cùng mang khóa “{unit}”.", unit=life.unit)
        known[life.unit] = life
    return known


def _check_parent(known: Mapping[UnitId, Life], life: Life, span: Span) -> None:
    if span.parent is None:
        return
    parent = known.get(span.parent)
    if parent is None:
        raise Invalid("Cấp trên “{parent}” của “{unit}” không có trong cây.", parent=span.parent, unit=life.title)
    if span.valid_from < parent.start or span.end > parent.end:
        out = span.valid_from if not parent.stands(span.valid_from) else parent.end
        raise Invalid(
            "“{unit}” trực thuộc “{parent}” vào ngày {day}, là ngày đơn vị ấy không tồn tại.",
            unit=life.title,
            parent=parent.title,
            day=shown(out),
        )


def _check_circles(known: Mapping[UnitId, Life]) -> None:
    """A circle closes on a day on which a span begins: to walk up from the spans of each such day is enough."""
    beginning: dict[date, list[UnitId]] = defaultdict(list)
    for life in known.values():
        for span in life.spans:
            beginning[span.valid_from].append(life.unit)
    for day, units in sorted(beginning.items()):
        sound: set[UnitId] = set()
        for unit in units:
            sound.update(_walk_up(known, unit, day, sound))


def _walk_up(known: Mapping[UnitId, Life], unit: UnitId, day: date, sound: set[UnitId]) -> dict[UnitId, None]:
    """The units from this one up to the root, or to one that is known to be sound."""
    walked: dict[UnitId, None] = {}
    here: UnitId | None = unit
    while here is not None and here not in sound:
        if here in walked:
            circle = [*walked][[*walked].index(here) :]
            names = " → ".join(f"“{known[one].title}”" for one in [*circle, here])
            raise Invalid("Vào ngày {day} có một vòng tròn cấp trên: {units}.", day=shown(day), units=names)
        walked[here] = None
        span = known[here].span(day)
        here = span.parent if span else None
    return walked


def _check_codes(lives: Iterable[Life]) -> None:
    held: dict[str, list[tuple[Span, Life]]] = defaultdict(list)
    for life in lives:
        for span in life.spans:
            if span.code:
                held[span.code].append((span, life))
    for code, holders in held.items():
        holders.sort(key=lambda holder: holder[0].valid_from)
        for (earlier, first), (later, second) in pairwise(holders):
            if later.valid_from < earlier.end:
                raise Conflict(
                    "Mã {code} có hai đơn vị cùng giữ vào ngày {day}: “{first}” và “{second}”.",
                    code=code,
                    day=shown(later.valid_from),
                    first=first.title,
                    second=second.title,
                )


def _check_successions(known: Mapping[UnitId, Life], successions: Iterable[Succession]) -> None:
    leaving: dict[tuple[UnitId, date], list[Succession]] = defaultdict(list)
    for one in successions:
        _check_ends(known, one)
        _check_share(known, one)
        leaving[one.predecessor, one.day].append(one)
    for (unit, day), those in leaving.items():
        _check_sum(known[unit], day, those)
        heirs = [one.heir for one in those]
        for heir in heirs:
            if heirs.count(heir) > 1:
                raise Conflict(
                    "“{heir}” kế thừa “{unit}” hai lần vào ngày {day}.",
                    heir=known[heir].title,
                    unit=known[unit].title,
                    day=shown(day),
                )


def _check_ends(known: Mapping[UnitId, Life], one: Succession) -> None:
    for unit in (one.predecessor, one.heir):
        if unit not in known:
            raise Invalid("Dòng kế thừa nêu “{unit}”, không có trong cây.", unit=unit)
    predecessor, heir = known[one.predecessor], known[one.heir]
    if one.predecessor == one.heir:
        raise Invalid("“{unit}” không thể kế thừa chính mình.", unit=heir.title)
    if one.day == date.min or not predecessor.stands(one.day - ONE_DAY):
        raise Invalid(
            "“{unit}” không tồn tại trước ngày {day}, nên không có gì để chuyển cho “{heir}”.",
            unit=predecessor.title,
            day=shown(one.day),
            heir=heir.title,
        )
    if not heir.stands(one.day):
        raise Invalid(
            "“{heir}” không tồn tại vào ngày {day}, nên không thể kế thừa “{unit}”.",
            heir=heir.title,
            day=shown(one.day),
            unit=predecessor.title,
        )


def _check_share(known: Mapping[UnitId, Life], one: Succession) -> None:
    title = known[one.predecessor].title
    if not isinstance(one.share, Fraction):
        raise Invalid("Tỷ lệ của “{unit}” phải là phân số: {share}.", unit=title, share=one.share)
    if not 0 < one.share <= WHOLE:
        raise Invalid("Tỷ lệ của “{unit}” phải lớn hơn 0 và không quá 1: {share}.", unit=title, share=one.share)


def _check_sum(life: Life, day: date, those: Sequence[Succession]) -> None:
    total = sum((one.share for one in those), Fraction(0))
    if life.end == day and total != WHOLE:
        raise Invalid(
            "“{unit}” kết thúc ngày {day} nhưng các tỷ lệ cộng lại là {total}, không phải 1.",
            unit=life.title,
            day=shown(day),
            total=total,
        )
    if total > WHOLE:
        raise Invalid(
            "“{unit}” chuyển đi ngày {day} nhiều hơn chính nó: {total}.",
            unit=life.title,
            day=shown(day),
            total=total,
        )

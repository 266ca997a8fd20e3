"""What learning counts for a period: classes, sessions, turns of attendance, distinct people, centres and their means.

Every figure is of community learning centres. Classes, sessions, turns, money and centres are told of communes and add
up; distinct people are counted anew at every level. An activity counts once, in the commune where it is held, in the
period of its first session held; its organisers' parts overlap and make no whole.

What nobody has recorded is left out, not zero: a commune whose centre has never held anything here, a feature of which
nobody has said yes or no. `rows_beneath` names the rows that a figure counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from hieuhoc.engines.rollup import Fact
from hieuhoc.kernel.periods import Period
from hieuhoc.kernel.vietnamese import write_number
from hieuhoc.programme.learning import access
from hieuhoc.programme.learning.models import Activity, Allocation, Post, Provider, Spending
from hieuhoc.programme.learning.rules import counting, grading, kinds
from hieuhoc.programme.learning.selectors import counts, norms
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

_FIELDS = tuple(f"field={one}" for one in kinds.FIELDS)
_ORGANISERS = tuple(f"organiser={one}" for one in kinds.ORGANISERS)
_TRAITS = (counting.SEX_PARTS, counting.AGE_PARTS, (counting.MINORITY,))
_GRADES = tuple(f"centre_grade={one}" for one in grading.GRADES)
_SOURCES = tuple(f"money_source={one}" for one in kinds.SOURCES)
_SUPPORT = tuple(f"support_kind={one}" for one in counting.SUPPORTED)

Parts = Mapping[str, int]
Told = Mapping[int, Parts]
"""By unit, the whole ("") and the parts of a figure."""


@dataclass(frozen=True)
class Row:
    """One thing that a figure counts: what it is, whose, since when, its page, and how much of the figure it is."""

    title: str
    unit: str
    on: date | None
    url: str
    count: int = 1


class _Book:
    """What is read for one period; each read is made once, when a figure first asks for it."""

    def __init__(self, period: Period) -> None:
        self.period = period
        self.day = period.last

    @cached_property
    def ground(self) -> counting.Ground:
        return counts.ground(self.day, {*self.recording_units, *self.centres, *self.clubs})

    @cached_property
    def recording_units(self) -> set[int]:
        return counts.units_recording(self.day)

    @cached_property
    def recording(self) -> set[int]:
        """The communes of which it is known what they hold."""
        found = (self.ground.commune_of(unit) for unit in self.recording_units)
        return {commune for commune in found if commune is not None}

    @cached_property
    def centres(self) -> dict[int, list[Provider]]:
        return counts.providers_by_unit("clc")

    @cached_property
    def clubs(self) -> dict[int, list[Provider]]:
        return counts.providers_by_unit("club")

    @cached_property
    def posts(self) -> dict[int, list[Post]]:
        return counts.posts_of_centres()

    @cached_property
    def named(self) -> dict[int, Counter[str]]:
        return counting.turns_by_part(counts.turns_named(self.period), self.ground)

    @cached_property
    def unnamed(self) -> dict[int, Counter[str]]:
        return counting.turns_by_part(self._turns_of_heads(), self.ground)

    def _turns_of_heads(self) -> Iterator[counting.Turns]:
        for one in counting.fullest_sessions(counts.heads(self.period)):
            if self.period.first <= one.on < self.period.end:
                yield counting.Turns(one.unit, one.field, counting.Traits(one.sex, one.band), one.number)

    def by_commune(self, rows: Iterable[tuple[int, str, int]], *, is_whole: bool = True) -> dict[int, Counter[str]]:
        """Numbers of units and parts, by the communes that stand for the units; summed where parts make the whole."""
        found: dict[int, Counter[str]] = defaultdict(Counter)
        for unit, part, number in rows:
            commune = self.ground.commune_of(unit)
            if commune is not None:
                found[commune][part] += number
                if is_whole and part:
                    found[commune][""] += number
        return found

    def bodies(self, of: Mapping[int, list[Provider]]) -> dict[int, list[Provider]]:
        """By commune the bodies that stand on the day; an empty list where there were such bodies and are none now."""
        found: dict[int, list[Provider]] = defaultdict(list)
        for unit, providers in of.items():
            commune = self.ground.commune_of(unit)
            begun = [one for one in providers if one.valid_from <= self.day]
            if commune is not None and begun:
                found[commune] += [one for one in begun if one.holds_on(self.day)]
        return found


# ---- the figures -----------------------------------------------------------------------------------


def _classes(book: _Book) -> Told:
    by_field = ((unit, f"field={field}", number) for unit, field, number in counts.activities_by_field(book.period))
    held = ((unit, f"organiser={kind}", number) for unit, kind, number in counts.activities_by_organiser(book.period))
    found, organised = book.by_commune(by_field), book.by_commune(held, is_whole=False)
    return {one: dict(counting.told(found[one] + organised[one], (_FIELDS, _ORGANISERS))) for one in book.recording}


def _sessions(book: _Book) -> Told:
    found = book.by_commune((unit, "", number) for unit, number in counts.sessions_by_unit(book.period))
    return {one: {"": found[one][""]} for one in book.recording}


def _turns(book: _Book) -> Told:
    return {
        one: dict(counting.told(_joined(book.named[one], book.unnamed[one]), (_FIELDS, *_TRAITS)))
        for one in book.recording
    }


def _joined(one: Counter[str], other: Counter[str]) -> Counter[str]:
    """The sum of both; a zero that is known stays."""
    return Counter({part: one[part] + other[part] for part in {*one, *other}})


def _turns_named(book: _Book) -> Told:
    return {one: {"": book.named[one][""]} for one in book.recording}


def _attendances(book: _Book) -> Told:
    found = book.by_commune((unit, "", number) for unit, number in counts.attendances_by(book.period).items())
    return {one: {"": found[one][""]} for one in book.recording}


def _learners(book: _Book) -> Told:
    found = counting.people_by_part(counts.learners(book.period), book.ground)
    known = {unit for commune in book.recording for unit in book.ground.above[commune]}
    return {one: dict(counting.told(found.get(one, {}), _TRAITS)) for one in known}


def _centres(book: _Book) -> Told:
    found = {}
    for commune, centres in book.bodies(book.centres).items():
        combined = counting.answers([one.with_culture_house for one in centres])
        parts = {"": len(centres)}
        if combined is not None:
            parts |= {"with_culture_house=yes": combined, "with_culture_house=no": len(centres) - combined}
        found[commune] = parts
    return found


def _covered(book: _Book) -> Told:
    return {commune: {"": int(bool(centres))} for commune, centres in book.bodies(book.centres).items()}


def _having(feature: str, book: _Book) -> Told:
    found = {
        commune: counting.answers([getattr(one, feature) for one in centres])
        for commune, centres in book.bodies(book.centres).items()
    }
    return {commune: {"": number} for commune, number in found.items() if number is not None}


def _staff(roles: Collection[str], book: _Book) -> Told:
    """Whoever holds such a post; not known of a commune with a centre none of whose posts was ever written down."""
    found = {}
    for commune, centres in book.bodies(book.centres).items():
        if all(one.pk in book.posts for one in centres):
            found[commune] = {"": sum(len(_holding(book, one, roles)) for one in centres)}
    return found


def _holding(book: _Book, centre: Provider, roles: Collection[str]) -> list[Post]:
    return [one for one in book.posts.get(centre.pk, ()) if one.role in roles and one.holds_on(book.day)]


def _clubs(book: _Book) -> Told:
    return {commune: {"": len(clubs)} for commune, clubs in book.bodies(book.clubs).items()}


def _graded(book: _Book) -> Told:
    rows = [(unit, f"centre_grade={grade}", number) for unit, grade, number in counts.grades_by_unit(book.period)]
    return {one: dict(counting.told(parts, (_GRADES,))) for one, parts in book.by_commune(rows).items()}


def _budget(book: _Book) -> Told:
    rows = [(unit, line and f"support_kind={line}", sum_) for unit, line, sum_ in counts.spending_by_unit(book.period)]
    known = dict.fromkeys(_SUPPORT, 0)
    return {one: dict(counting.told({**known, **parts}, (_SUPPORT,))) for one, parts in book.by_commune(rows).items()}


def _money(rows: Callable[[Period], QuerySet[Any]], book: _Book) -> Told:
    """What was given or spent, by source; zero where a centre keeps its money here and there was none."""
    told = ((unit, f"money_source={source}", sum_) for unit, source, sum_ in counts.by_source(rows(book.period)))
    zeros = ((unit, "", 0) for unit in counts.units_keeping_money(book.period))
    found = book.by_commune((*zeros, *told))
    return {one: dict(counting.told(parts, (_SOURCES,))) for one, parts in found.items()}


def _unsupported(book: _Book) -> Told:
    """Centres that were given nothing of the State's, where centres keep their money here."""
    keeping = {book.ground.commune_of(unit) for unit in counts.units_keeping_money(book.period)}
    given = counts.supported(book.period)
    return {
        commune: {"": sum(one.pk not in given for one in centres)}
        for commune, centres in book.bodies(book.centres).items()
        if commune in keeping
    }


def _norm(book: _Book) -> Told:
    """What centres are to receive at least; not known of a commune with a centre that no norm is known of."""
    bodies = book.bodies(book.centres)
    told = norms.norms_of([one for centres in bodies.values() for one in centres], book.day.year)
    found = {}
    for commune, centres in bodies.items():
        amounts = [norm.amount for _area, norm in (told[one.pk] for one in centres) if norm]
        if len(amounts) == len(centres):
            found[commune] = {"": sum(amounts)}
    return found


# ---- the rows beneath ------------------------------------------------------------------------------


def _activities(user: User, unit: Unit) -> QuerySet[Activity]:
    return access.activities_seen(user).filter(accounts.within([unit])).select_related("unit")


def _class_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    held = _activities(user, unit).filter(pk__in=counts.activities_held(period).order_by().values("pk"))
    return [
        Row(one.title, str(one.unit), one.held_on, one.get_absolute_url()) for one in held.order_by("held_on", "pk")
    ]


def _with_counts(user: User, unit: Unit, numbers: Mapping[int, int], words: str) -> list[Row]:
    """Activities, each with how much of the figure it is."""
    found = _activities(user, unit).filter(pk__in=[pk for pk, number in numbers.items() if number])
    return [
        Row(
            f"{one.title}: {write_number(numbers[one.pk])} {words}",
            str(one.unit),
            one.first_on,
            one.get_absolute_url(),
            numbers[one.pk],
        )
        for one in found.order_by("first_on", "pk")
    ]


def _session_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    return _with_counts(user, unit, counts.sessions_by_activity(period), _("buổi"))


def _turn_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    numbers = counts.turns_named_by_activity(period)
    for one in counting.fullest_sessions(counts.heads(period)):
        if period.first <= one.on < period.end:
            numbers[one.activity] += one.number
    return _with_counts(user, unit, numbers, _("lượt"))


def _named_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    return _with_counts(user, unit, counts.turns_named_by_activity(period), _("lượt"))


def _attendance_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    return _with_counts(user, unit, counts.attendances_by(period, "session__activity_id"), _("lần có mặt"))


def _learner_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    """The people, without their names, for those who may open their pages."""
    activities = access.activities_where(user, Permission.PERSON_READ).filter(accounts.within([unit]))
    found = counts.learners_first_seen(period, Q(session__activity__in=activities.order_by().values("pk")))
    words = _("Người học")
    return [Row(f"{words} #{person}", str(unit), on, reverse("people:detail", args=[person])) for person, on in found]


def _provider_rows(of: str, feature: str, user: User, unit: Unit, period: Period) -> list[Row]:
    seen = accounts.visible(user, Provider.objects.on(period.last), Permission.LEARNING_READ)
    rows = seen.filter(accounts.within([unit]), kind=of, **({feature: True} if feature else {})).select_related("unit")
    return [Row(one.name, str(one.unit), one.valid_from, one.get_absolute_url()) for one in rows]


def _covered_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    """One centre of each commune."""
    first: dict[str, Row] = {}
    for row in _provider_rows("clc", "", user, unit, period):
        first.setdefault(row.unit, row)
    return list(first.values())


def _staff_rows(roles: Collection[str], user: User, unit: Unit, period: Period) -> list[Row]:
    way = "provider__unit"
    posts = Post.objects.on(period.last).filter(provider__kind="clc", role__in=roles)
    posts = posts.filter(Q(provider__valid_to=None) | Q(provider__valid_to__gt=period.last))
    seen = accounts.visible(user, posts, Permission.LEARNING_READ, unit=way).filter(accounts.within([unit], unit=way))
    return [
        Row(str(one), str(one.provider.unit), one.valid_from, one.provider.get_absolute_url())
        for one in seen.select_related("provider__unit")
    ]


def _grade_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    way = "provider__unit"
    seen = accounts.visible(user, counts.graded(period), Permission.LEARNING_READ, unit=way)
    return [
        Row(str(one.provider), str(one.provider.unit), one.verified_at.date(), one.get_absolute_url())
        for one in seen.filter(accounts.within([unit], unit=way)).select_related("provider__unit")
    ]


def _money_rows(of: Callable[[Period], QuerySet[Any]], user: User, unit: Unit, period: Period) -> list[Row]:
    """Lines of money, each with its document or voucher and what it came to."""
    way = "provider__unit"
    seen = accounts.visible(user, of(period), Permission.MONEY_READ, unit=way)
    rows = seen.filter(accounts.within([unit], unit=way)).select_related("provider__unit")
    return [_money_row(one) for one in rows]


def _money_row(one: Allocation | Spending) -> Row:
    year, on = (one.on.year, one.on) if isinstance(one, Spending) else (one.year, None)
    title = one.voucher if isinstance(one, Spending) else one.document
    url = reverse("learning:money-detail", args=[one.provider.key, year])
    return Row(f"{title}: {write_number(one.amount)} {_('đồng')}", str(one.provider), on, url, one.amount)


def _centres_of_money(user: User, unit: Unit, period: Period) -> list[Provider]:
    seen = accounts.visible(user, Provider.objects.on(period.last), Permission.MONEY_READ)
    return list(seen.filter(accounts.within([unit]), kind="clc").select_related("unit"))


def _unsupported_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    given, year = counts.supported(period), period.last.year
    return [
        Row(one.name, str(one.unit), one.valid_from, reverse("learning:money-detail", args=[one.key, year]))
        for one in _centres_of_money(user, unit, period)
        if one.pk not in given
    ]


def _norm_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    centres, year = _centres_of_money(user, unit, period), period.last.year
    told = norms.norms_of(centres, year)
    return [
        Row(
            f"{one.name}: {write_number(norm.amount)} {_('đồng')} ({norm.instrument})",
            str(one.unit),
            norm.valid_from,
            reverse("learning:money-detail", args=[one.key, year]),
            norm.amount,
        )
        for one, norm in ((one, told[one.pk][1]) for one in centres)
        if norm
    ]


@dataclass(frozen=True)
class _Figure:
    """How a figure is counted, and how the rows that it counts are named."""

    count: Callable[[_Book], Told]
    rows: Callable[[User, Unit, Period], list[Row]]


def _feature(column: str) -> _Figure:
    return _Figure(partial(_having, column), partial(_provider_rows, "clc", column))


COUNTED: Mapping[str, _Figure] = {
    "learning.classes": _Figure(_classes, _class_rows),
    "learning.sessions": _Figure(_sessions, _session_rows),
    "learning.turns": _Figure(_turns, _turn_rows),
    "learning.turns_named": _Figure(_turns_named, _named_rows),
    "learning.attendances": _Figure(_attendances, _attendance_rows),
    "learning.learners": _Figure(_learners, _learner_rows),
    "learning.centres": _Figure(_centres, partial(_provider_rows, "clc", "")),
    "learning.communes_covered": _Figure(_covered, _covered_rows),
    "learning.centres_model": _feature("is_model"),
    "learning.centres_own_premises": _feature("own_premises"),
    "learning.centres_seal": _feature("has_seal"),
    "learning.centres_internet": _feature("has_internet"),
    "learning.centres_bookshelf": _feature("has_bookshelf"),
    "learning.centres_sound": _feature("has_sound"),
    "learning.centres_computing": _feature("uses_computing"),
    "learning.instructors": _Figure(partial(_staff, kinds.INSTRUCTING), partial(_staff_rows, kinds.INSTRUCTING)),
    "learning.seconded": _Figure(partial(_staff, ("seconded",)), partial(_staff_rows, ("seconded",))),
    "learning.clubs": _Figure(_clubs, partial(_provider_rows, "club", "")),
    "learning.centres_graded": _Figure(_graded, _grade_rows),
    "learning.state_support": _Figure(_budget, partial(_money_rows, counts.spent_by_state)),
    "learning.money_allocated": _Figure(partial(_money, counts.allocated), partial(_money_rows, counts.allocated)),
    "learning.money_spent": _Figure(partial(_money, counts.spent), partial(_money_rows, counts.spent)),
    "learning.centres_unsupported": _Figure(_unsupported, _unsupported_rows),
    "learning.support_norm": _Figure(_norm, _norm_rows),
}


def facts(period: Period, *, names: Collection[str] | None = None) -> Iterator[Fact]:
    """What is recorded for a period; only the figures of some `names` where they are given.

    Units: activities; sessions; turns; presences at sessions; people; centres; communes; posts; clubs; đồng.
    """
    book = _Book(period)
    for what, figure in COUNTED.items():
        if names is None or what in names:
            for unit, parts in sorted(figure.count(book).items()):
                yield from (Fact(what, unit, period, number, by) for by, number in parts.items())


def rows_beneath(user: User, what: str, *, unit: Unit, period: Period) -> list[Row]:
    """The rows that a figure of a unit counts, as far as the user may see them; their `count` adds up to the figure.

    People are known by their number alone.
    """
    return COUNTED[what].rows(user, unit, period)

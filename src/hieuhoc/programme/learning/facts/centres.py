"""Figures of centres: how many, what they have, who works there, how they were graded; and the rows beneath them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.timezone import localdate

from hieuhoc.kernel.periods import Period
from hieuhoc.programme.learning.facts.book import Book, Figure, Row, Told
from hieuhoc.programme.learning.models import Post, Provider
from hieuhoc.programme.learning.rules import counting, grading, kinds
from hieuhoc.programme.learning.selectors import counts
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

GRADED = "learning.centres_graded"
_GRADES = tuple(f"centre_grade={one}" for one in grading.GRADES)


def _centres(book: Book) -> Told:
    found = {}
    for commune, centres in book.bodies(book.centres).items():
        combined = counting.answers([one.with_culture_house for one in centres])
        parts = {"": len(centres)}
        if combined is not None:
            parts |= {"with_culture_house=yes": combined, "with_culture_house=no": len(centres) - combined}
        found[commune] = parts
    return found


def _covered(book: Book) -> Told:
    return {commune: {"": int(bool(centres))} for commune, centres in book.bodies(book.centres).items()}


def _having(feature: str, book: Book) -> Told:
    found = {
        commune: counting.answers([getattr(one, feature) for one in centres])
        for commune, centres in book.bodies(book.centres).items()
    }
    return {commune: {"": number} for commune, number in found.items() if number is not None}


def _staff(roles: Collection[str], book: Book) -> Told:
    """Whoever holds such a post; not known of a commune with a centre none of whose posts was ever written down."""
    found = {}
    for commune, centres in book.bodies(book.centres).items():
        if all(one.pk in book.posts for one in centres):
            found[commune] = {"": sum(len(_holding(book, one, roles)) for one in centres)}
    return found


def _holding(book: Book, centre: Provider, roles: Collection[str]) -> list[Post]:
    return [one for one in book.posts.get(centre.pk, ()) if one.role in roles and one.holds_on(book.day)]


def _clubs(book: Book) -> Told:
    return {commune: {"": len(clubs)} for commune, clubs in book.bodies(book.clubs).items()}


def _graded(book: Book) -> Told:
    rows = [(unit, f"centre_grade={grade}", number) for unit, grade, number in counts.grades_by_unit(book.period)]
    return {one: dict(counting.told(parts, (_GRADES,))) for one, parts in book.by_commune(rows).items()}


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
        Row(str(one.provider), str(one.provider.unit), localdate(one.verified_at), one.get_absolute_url())
        for one in seen.filter(accounts.within([unit], unit=way)).select_related("provider__unit")
    ]


def _feature(column: str) -> Figure:
    return Figure(partial(_having, column), partial(_provider_rows, "clc", column))


FIGURES: Mapping[str, Figure] = {
    "learning.centres": Figure(_centres, partial(_provider_rows, "clc", "")),
    "learning.communes_covered": Figure(_covered, _covered_rows),
    "learning.centres_model": _feature("is_model"),
    "learning.centres_own_premises": _feature("own_premises"),
    "learning.centres_seal": _feature("has_seal"),
    "learning.centres_internet": _feature("has_internet"),
    "learning.centres_bookshelf": _feature("has_bookshelf"),
    "learning.centres_sound": _feature("has_sound"),
    "learning.centres_computing": _feature("uses_computing"),
    "learning.instructors": Figure(partial(_staff, kinds.INSTRUCTING), partial(_staff_rows, kinds.INSTRUCTING)),
    "learning.seconded": Figure(partial(_staff, ("seconded",)), partial(_staff_rows, ("seconded",))),
    "learning.clubs": Figure(_clubs, partial(_provider_rows, "club", "")),
    GRADED: Figure(_graded, _grade_rows),
}

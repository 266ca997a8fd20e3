"""Figures of centres' money: given, spent, by source, who got nothing, the norm; and the rows beneath them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from hieuhoc.kernel.periods import Period
from hieuhoc.kernel.vietnamese import write_number
from hieuhoc.programme.learning.facts.book import Book, Figure, Row, Told
from hieuhoc.programme.learning.models import Allocation, Provider, Spending
from hieuhoc.programme.learning.rules import counting, kinds
from hieuhoc.programme.learning.selectors import counts, norms
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

_SOURCES = tuple(f"money_source={one}" for one in kinds.SOURCES)
_SUPPORT = tuple(f"support_kind={one}" for one in counting.SUPPORTED)


def _budget(book: Book) -> Told:
    rows = [(unit, line and f"support_kind={line}", sum_) for unit, line, sum_ in counts.spending_by_unit(book.period)]
    known = dict.fromkeys(_SUPPORT, 0)
    return {one: dict(counting.told({**known, **parts}, (_SUPPORT,))) for one, parts in book.by_commune(rows).items()}


def _money(rows: Callable[[Period], QuerySet[Any]], book: Book) -> Told:
    """What was given or spent, by source; zero where a centre keeps its money here and there was none."""
    told = ((unit, f"money_source={source}", sum_) for unit, source, sum_ in counts.by_source(rows(book.period)))
    zeros = ((unit, "", 0) for unit in counts.units_keeping_money(book.period))
    found = book.by_commune((*zeros, *told))
    return {one: dict(counting.told(parts, (_SOURCES,))) for one, parts in found.items()}


def _unsupported(book: Book) -> Told:
    """Centres that were given nothing of the State's, where centres keep their money here."""
    keeping = {book.ground.commune_of(unit) for unit in counts.units_keeping_money(book.period)}
    given = counts.supported(book.period)
    return {
        commune: {"": sum(one.pk not in given for one in centres)}
        for commune, centres in book.bodies(book.centres).items()
        if commune in keeping
    }


def _norm(book: Book) -> Told:
    """What centres are to receive at least; not known of a commune with a centre that no norm is known of."""
    bodies = book.bodies(book.centres)
    told = norms.norms_of([one for centres in bodies.values() for one in centres], book.day.year)
    found = {}
    for commune, centres in bodies.items():
        amounts = [norm.amount for _area, norm in (told[one.pk] for one in centres) if norm]
        if len(amounts) == len(centres):
            found[commune] = {"": sum(amounts)}
    return found


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


OF_LINES: Mapping[str, Figure] = {
    "learning.state_support": Figure(_budget, partial(_money_rows, counts.spent_by_state)),
    "learning.money_allocated": Figure(partial(_money, counts.allocated), partial(_money_rows, counts.allocated)),
    "learning.money_spent": Figure(partial(_money, counts.spent), partial(_money_rows, counts.spent)),
    "learning.centres_unsupported": Figure(_unsupported, _unsupported_rows),
}
"""What is counted of the lines that centres write down."""

FIGURES: Mapping[str, Figure] = {**OF_LINES, "learning.support_norm": Figure(_norm, _norm_rows)}

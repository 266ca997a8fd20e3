"""The tree of units and the telling of figures on another map, as slowly and as plainly as it can be said."""

from datetime import date, timedelta
from fractions import Fraction

from hieuhoc.engines.rollup import Tree

Answer = tuple[int | None, int, int, bool, bool]


def standing(tree: Tree, day: date) -> dict[str, tuple[str | None, str, str]]:
    """Parent, level and code of every unit on a day."""
    found = {}
    for life in tree.lives:
        for span in life.spans:
            if span.valid_from <= day and (span.valid_to is None or day < span.valid_to):
                found[str(life.unit)] = (None if span.parent is None else str(span.parent), span.level, span.code)
    return found


def ancestors(tree: Tree, unit: str, day: date) -> list[str]:
    map_ = standing(tree, day)
    parent = map_[unit][0]
    return [] if parent is None else [parent, *ancestors(tree, parent, day)]


def descendants(tree: Tree, unit: str, day: date) -> set[str]:
    return {one for one in standing(tree, day) if unit in ancestors(tree, one, day)}


def matrix(tree: Tree, since: date, until: date, figures: bool) -> dict[str, dict[str, tuple[Fraction, bool]]]:
    """For each unit on `since`: the share of it, and whether that is estimated, in each unit on `until`."""
    held = {unit: {unit: (Fraction(1), False)} for unit in standing(tree, since)}
    day = since
    while day < until:
        day += timedelta(days=1)
        if any(one.day == day for one in tree.successions) or standing(tree, day) != standing(
            tree, day - timedelta(days=1)
        ):
            step = _one_day(tree, day, figures)
            held = {unit: _through(shares, step) for unit, shares in held.items()}
    return held


def _one_day(tree: Tree, day: date, figures: bool) -> dict[str, dict[str, tuple[Fraction, bool]]]:
    eve, map_ = standing(tree, day - timedelta(days=1)), standing(tree, day)
    step: dict[str, dict[str, tuple[Fraction, bool]]] = {}
    for unit in eve:
        those = [one for one in tree.successions if one.day == day and one.predecessor == unit]
        if figures:
            within = [one for one in those if map_[str(one.heir)][1] == eve[unit][1]]
            those = within if len(within) == len(those) or unit in map_ else []
        step[unit] = {str(one.heir): (one.share, one.is_estimated) for one in those}
        rest = 1 - sum(one.share for one in those)
        if unit in map_ and rest:
            step[unit][unit] = (rest, any(one.is_estimated for one in those))
    return step


def _through(
    shares: dict[str, tuple[Fraction, bool]], step: dict[str, dict[str, tuple[Fraction, bool]]]
) -> dict[str, tuple[Fraction, bool]]:
    after: dict[str, list[tuple[Fraction, bool]]] = {}
    for unit, (share, estimated) in shares.items():
        for heir, (part, also_estimated) in step[unit].items():
            after.setdefault(heir, []).append((share * part, estimated or also_estimated))
    sums = {heir: (sum((one for one, _ in parts), Fraction(0)), parts) for heir, parts in after.items()}
    return {heir: (total, total != 1 and any(flag for _, flag in parts)) for heir, (total, parts) in sums.items()}


def share_out(total: int, shares: dict[str, Fraction], order: list[str]) -> dict[str, int]:
    """One by one: each next one of the whole goes to whom most is missing, from the whole numbers beneath upwards."""
    everyone = {**shares, "": 1 - sum(shares.values())}
    parts = {heir: (total * share).__floor__() for heir, share in everyone.items()}
    while sum(parts.values()) < total:
        missing = {heir: total * everyone[heir] - parts[heir] for heir in everyone}
        most = max(missing.values())
        parts[next(heir for heir in [*order, ""] if heir in missing and missing[heir] == most)] += 1
    return parts


def tell(tree: Tree, known: dict[str, int], day: date, on: date, target: str) -> Answer:
    """What a unit of the map of `on` has: its figure, how many of how many parts, estimated, barred."""
    order = [str(life.unit) for life in tree.lives]
    if day <= on:
        shares = matrix(tree, day, on, figures=True)
        parts = [unit for unit in shares if target in shares[unit]]
        total, estimated = 0, False
        for unit in parts:
            if unit in known:
                total += share_out(known[unit], {heir: one[0] for heir, one in shares[unit].items()}, order)[target]
                estimated = estimated or shares[unit][target][0] != 1
        reported = sum(unit in known for unit in parts)
        return (total if reported else None, reported, len(parts), estimated, False)
    shares = matrix(tree, on, day, figures=True)
    heirs = list(shares[target])
    pure = all(list(shares[other]).count(heir) == 0 for heir in heirs for other in shares if other != target)
    whole = sum(one[0] for one in shares[target].values()) == 1
    reported = sum(heir in known for heir in heirs)
    if pure and whole and reported:
        return (sum(known.get(heir, 0) for heir in heirs), reported, len(heirs), False, False)
    return (None, reported, len(heirs), False, reported > 0)

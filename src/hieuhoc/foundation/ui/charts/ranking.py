"""Units in the order of a value: who stands where, with equal places for equal values and none for unknown ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hieuhoc.foundation.ui.charts.bars import BarDrawing, Number, bar_drawing


@dataclass(frozen=True)
class Ranked:
    """A unit in its place, 0 where its value is not known. `leaves_out` units stand between it and the one above."""

    key: str
    label: str
    value: Number | None
    place: int
    is_own: bool = False
    url: str = ""
    target: Number | None = None
    note: str = ""
    leaves_out: int = 0


def ranking(rows: Iterable[Mapping[str, Any]], *, own: str = "", falling: bool = True) -> tuple[Ranked, ...]:
    """Every row (key, label, value, and if wanted url, target, note) in its place, the best first, unknown ones last.

    `falling`: the highest value is the first; where less is better give False. Equal values share a place.

    Example:
        >>> [(one.label, one.place) for one in ranking([{"key": "a", "label": "A", "value": 3},
        ...     {"key": "b", "label": "B", "value": None}, {"key": "c", "label": "C", "value": 7}])]
        [('C', 1), ('A', 2), ('B', 0)]
    """
    given = list(rows)
    known = sorted(
        (row for row in given if row["value"] is not None), key=lambda row: float(row["value"]), reverse=falling
    )
    places: dict[Number, int] = {}
    for place, row in enumerate(known, start=1):
        places.setdefault(row["value"], place)
    unknown = [row for row in given if row["value"] is None]
    return tuple(
        Ranked(
            key=str(row["key"]),
            label=str(row["label"]),
            value=row["value"],
            place=places[row["value"]] if row["value"] is not None else 0,
            is_own=bool(own) and row["key"] == own,
            url=str(row.get("url") or ""),
            target=row.get("target"),
            note=str(row.get("note") or ""),
        )
        for row in (*known, *unknown)
    )


def excerpt(ranked: Sequence[Ranked], *, most: int = 12) -> tuple[Ranked, ...]:
    """The head, the foot and what stands around one's own unit, when there are more than `most` whose value is known.

    Those whose value is not known are left out, but for one's own.

    Example:
        >>> rows = ranking([{"key": n, "label": n, "value": n} for n in range(30)])
        >>> [(one.place, one.leaves_out) for one in excerpt(rows, most=4)]
        [(1, 0), (2, 0), (29, 26), (30, 0)]
    """
    ranked = [one for one in ranked if one.place or one.is_own]
    if len(ranked) <= most:
        return tuple(ranked)
    edge = most // 2 if not any(one.is_own for one in ranked) else (most - 3) // 2
    wanted = {*range(edge), *range(len(ranked) - edge, len(ranked))}
    for at, one in enumerate(ranked):
        if one.is_own:
            wanted |= {place for place in (at - 1, at, at + 1) if 0 <= place < len(ranked)}
    found, before = [], -1
    for at in sorted(wanted):
        found.append(replace(ranked[at], leaves_out=at - before - 1))
        before = at
    return tuple(found)


def ranking_bars(shown: Sequence[Ranked]) -> BarDrawing:
    """The bars of some ranked units, each label with its place before it."""
    return bar_drawing(
        [
            {
                "label": f"{one.place}. {one.label}" if one.place else one.label,
                "value": one.value,
                "target": one.target,
                "url": one.url,
                "is_own": one.is_own,
                "leaves_out": one.leaves_out,
            }
            for one in shown
        ]
    )

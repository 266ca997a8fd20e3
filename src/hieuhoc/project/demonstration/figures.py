"""Figures that the demonstration's communes report: invented, drawn from fixed seeds, and in accord with one another.

They are made to look like a province of 1.7 million people: whoever can read at level 2 can at level 1, women are a
part of all, a stock goes on from the year before. No figure here says anything about a real place.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

Cell = tuple[str, str]  # the code of a base indicator, and the breakdown
Figures = dict[Cell, int]

ALL, WOMEN, MINORITY, MINORITY_WOMEN = "", "sex=female", "ethnic_minority=yes", "minority_women=yes"
BANDS = {"15_25": 0.22, "26_35": 0.24, "36_60": 0.54}  # shares of the people of 15 to 60
# Of 10,000 people of a band: those who cannot read at level 1, and those who can, but not at level 2.
UNREAD = {"15_25": (45, 60), "26_35": (130, 190), "36_60": (420, 610)}


@dataclass(frozen=True)
class Place:
    """A commune of the demonstration. `people` is invented; `effort` is how well it does, about 1."""

    key: str
    people: int
    effort: float


def place_of(key: str) -> Place:
    """The invented size of a commune, always the same."""
    draw = _drawn(key)
    return Place(key, draw.randrange(5_500, 18_500), draw.uniform(0.82, 1.14))


def literacy(place: Place, year: int) -> Figures:
    """What a commune's survey of literacy found in the year that ends on 30/9 of `year`."""
    draw = _drawn(place.key, "literacy", 0)
    adults = round(place.people * draw.uniform(0.6, 0.66) * (1 + 0.008 * (year - 2018)))
    women = round(adults * draw.uniform(0.49, 0.51))
    of_minority = draw.uniform(0.02, 0.34)
    found: Figures = {}
    for people, parts, burden in (
        (round(women * of_minority), (ALL, WOMEN, MINORITY, MINORITY_WOMEN), 2.1),
        (women - round(women * of_minority), (ALL, WOMEN), 1.1),
        (round((adults - women) * of_minority), (ALL, MINORITY), 1.5),
        (adults - women - round((adults - women) * of_minority), (ALL,), 0.7),
    ):
        for code, value in _literate(draw, people, place.effort, year, burden=burden):
            for part in parts:
                found[code, part] = found.get((code, part), 0) + value
    return found


def _literate(
    draw: random.Random, people: int, effort: float, year: int, *, burden: float
) -> Iterator[tuple[str, int]]:
    bands = {band: round(people * share) for band, share in BANDS.items()}
    bands["36_60"] += people - sum(bands.values())
    progress = 0.93 ** (year - 2018)
    first, second = {}, {}
    for band, (unread, half_read) in UNREAD.items():
        pressure = burden * progress / effort * draw.uniform(0.7, 1.3)
        first[band] = min(bands[band], round(bands[band] * unread * pressure / 10_000))
        second[band] = min(bands[band] - first[band], round(bands[band] * half_read * pressure / 10_000))
        yield f"LIT.MC1_{band}", first[band]
        yield f"LIT.MC2_{band}", second[band]
    for name, within in (("15_25", 1), ("15_35", 2), ("15_60", 3)):
        some = list(BANDS)[:within]
        everybody = sum(bands[band] for band in some)
        level_1 = everybody - sum(first[band] for band in some)
        yield f"LIT.POP_{name}", everybody
        yield f"LIT.L1_{name}", level_1
        yield f"LIT.L2_{name}", level_1 - sum(second[band] for band in some)
    yield "LIT.RELAPSE", round(sum(first.values()) * draw.uniform(0.02, 0.06))


def promotion(place: Place, year: int, half: int) -> Figures:
    """What a commune's Learning Promotion Association counted in a half-year. Money in đồng."""
    fixed, draw = _drawn(place.key, "promotion"), _drawn(place.key, "promotion", year * 2 + half)
    hamlets = fixed.randrange(5, 13)
    turn = (year - 2018) * 2 + half - 1
    members = round(place.people * (0.12 + 0.006 * turn) * place.effort)
    before = round(place.people * (0.12 + 0.006 * (turn - 1)) * place.effort)
    raised = round(place.people * draw.uniform(13_000, 24_000) * place.effort, -5)
    spent = round(raised * draw.uniform(0.62, 0.9), -5)
    awards = draw.randrange(40, 160)
    in_kind = round(raised * draw.uniform(0.1, 0.3), -5)
    return {
        ("GEN.POPULATION", ALL): round(place.people * (1 + 0.004 * turn)),
        ("KH.BRANCHES", ALL): hamlets + fixed.randrange(4, 9),
        ("KH.COMMITTEES", ALL): fixed.randrange(5, 14),
        ("KH.MEMBERS", ALL): members,
        ("KH.MEMBERS_NEW", ALL): members - before,
        ("FUND.RAISED", ALL): int(raised),
        ("FUND.RAISED", "fund_form=cash"): int(raised - in_kind),
        ("FUND.RAISED", "fund_form=in_kind"): int(in_kind),
        ("FUND.SPENT", ALL): int(spent),
        ("FUND.BALANCE", ALL): int(round(raised * fixed.uniform(0.5, 1.4), -5)),
        ("FUND.SCHOLARSHIPS", ALL): awards,
        ("FUND.SCHOLARSHIP_MONEY", ALL): awards * 500_000,
        ("FUND.GIFTS", ALL): draw.randrange(80, 420),
        ("FUND.REWARDED_PUPILS", ALL): draw.randrange(120, 900),
        ("FUND.REWARDED_TEACHERS", ALL): draw.randrange(4, 40),
    }


def titles(place: Place, year: int) -> Figures:
    """Learning titles of a calendar year: registered and recognised."""
    fixed, draw = _drawn(place.key, "titles"), _drawn(place.key, "titles", year)
    households = round(place.people / 3.9)
    families = round(households * (0.55 + 0.03 * (year - 2018)))
    clans, hamlets, units = fixed.randrange(1, 9), fixed.randrange(5, 13), fixed.randrange(4, 12)
    rate = min(0.97, 0.82 * place.effort * draw.uniform(0.95, 1.08))
    found: Figures = {("TITLE.HOUSEHOLDS", ALL): households, ("TITLE.UNITS", ALL): units + 2}
    for code, registered in (("FAMILY", families), ("CLAN", clans), ("HAMLET", hamlets), ("UNIT", units)):
        found[f"TITLE.{code}_REG", ALL] = registered
        found[f"TITLE.{code}", ALL] = min(registered, round(registered * rate))
    return found


def _drawn(*words: object) -> random.Random:
    return random.Random("|".join(str(word) for word in words))  # noqa: S311 - the same each time, not secret

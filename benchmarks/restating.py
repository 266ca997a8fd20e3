"""How long it takes to tell five years of a province on another map, and to build the tree of the whole country.

The province is as large as Kiên Giang became An Giang: 145 communes into 48, and 298 into 102 with three divided. The
country is as large as Vietnam in 2025, with a hundred thousand hamlets. Beside it: the same sums by a dictionary.
"""

import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction

import numpy as np

from benchmarks.record import Measure, median_ms
from hieuhoc.engines.rollup import Block, Life, Span, Succession, Tree, restate, restate_block
from hieuhoc.engines.rollup.lives import UnitId

LONG_AGO, DAY = date(2018, 1, 1), date(2025, 7, 1)
MONTHS = tuple(date(year, month, 28) for year in range(2021, 2026) for month in range(1, 13))
INDICATORS = 200


def measure() -> list[Measure]:
    found = []
    for old, new, divided in ((145, 48, 0), (298, 102, 3)):
        tree = Tree(*_province("tỉnh", old, new, divided, hamlets=0))
        block = _filled(tree, _monthly(tree))
        told = restate_block(tree, block, DAY)
        assert told.values.sum() == block.values[block.known].sum(), "a person was lost"
        name = f"{len(MONTHS)} months × {INDICATORS} indicators, {old} communes on the map of {new}"
        taken = median_ms(lambda: restate_block(tree, block, DAY), times=5)  # noqa: B023 - called at once
        found.append(Measure(name, taken, "ms", 2000, 5))
    one = {
        (unit, day): int(block.values[row, column, 0])
        for row, unit in enumerate(block.units)
        for column, day in enumerate(block.days)
        if block.known[row, column, 0]
    }
    found.append(
        Measure("one of these series, as a mapping", median_ms(lambda: restate(tree, one, DAY), times=5), "ms")
    )
    found.append(Measure("the same sums by a dictionary, nothing counted", _by_dictionary(tree, block), "ms"))
    return found + _country()


def _by_dictionary(tree: Tree, block: Block) -> float:
    """What a script does: heirs in a dictionary, a loop over the rows, the first heir takes all."""
    heir = {unit: heirs[0].unit for unit, heirs in tree.succession_matrix(MONTHS[0], DAY).items() if heirs}
    values = block.values.tolist()

    def add_up() -> None:
        totals: dict[tuple[UnitId, int, int], int] = {}
        for unit, months in zip(block.units, values, strict=True):
            for month, numbers in enumerate(months):
                for indicator, number in enumerate(numbers):
                    key = heir.get(unit, unit), month, indicator
                    totals[key] = totals.get(key, 0) + number

    return median_ms(add_up, times=1)


def _country() -> list[Measure]:
    lives: list[Life] = []
    successions: list[Succession] = []
    for number in range(34):
        province = _province(f"tỉnh {number}", 300, 98, 3, hamlets=3000)
        lives += province[0]
        successions += province[1]
    started = time.perf_counter()
    tree = Tree(lives, successions)
    built = (time.perf_counter() - started) * 1000
    whole = f"{len(lives):,} lives and {len(successions):,} successions".replace(",", " ")
    asked: dict[str, Callable[[], object]] = {
        "all beneath a province on a day": lambda: tree.descendants("tỉnh 7", DAY),
        "the predecessors of a commune": lambda: tree.predecessors("tỉnh 7 mới 5", LONG_AGO, DAY),
        "heirs of every unit of the country": lambda: tree.succession_matrix(LONG_AGO, DAY),
    }
    block = _filled(tree, _monthly(tree, "tỉnh 7"))
    asked["five years of one of its provinces"] = lambda: restate_block(tree, block, DAY)
    return [
        Measure(f"a country is built: {whole}", built, "ms", 10_000),
        *(Measure(f"in it, {what}", median_ms(ask, times=3), "ms", None, 3) for what, ask in asked.items()),
    ]


def _monthly(tree: Tree, province: str = "tỉnh") -> tuple[UnitId, ...]:
    """The communes of a province that ever stood."""
    return tuple(
        life.unit
        for life in tree.lives
        if life.spans[0].level == "commune" and str(life.unit).startswith((f"{province} cũ ", f"{province} mới "))
    )


def _filled(tree: Tree, units: tuple[UnitId, ...]) -> Block:
    """Every unit has reported nine of ten numbers for the months in which it stood."""
    chance = np.random.default_rng(2025)
    shape = (len(units), len(MONTHS), INDICATORS)
    stands = np.array([[tree.stands(unit, day) for day in MONTHS] for unit in units])
    known = (chance.random(shape) < 0.9) & stands[:, :, None]
    values = chance.integers(0, 10_000, shape)
    return Block(units, MONTHS, values, known)


def _province(province: str, old: int, new: int, divided: int, *, hamlets: int) -> tuple[list[Life], list[Succession]]:
    """Communes in districts until 2025, then fewer and larger ones; hamlets go on under the heir of their commune."""
    districts = [f"{province} huyện {number}" for number in range(15)]
    lives = [Life(province, (Span(LONG_AGO, None, None, "province"),))]
    lives += [Life(district, (Span(LONG_AGO, DAY, province, "district"),)) for district in districts]
    olds = [f"{province} cũ {number}" for number in range(old)]
    news = [f"{province} mới {number}" for number in range(new)]
    lives += [Life(unit, (Span(LONG_AGO, DAY, districts[n % 15], "commune"),)) for n, unit in enumerate(olds)]
    lives += [Life(unit, (Span(DAY, None, province, "commune"),)) for unit in news]
    successions = [Succession(district, province, DAY) for district in districts]
    for number, unit in enumerate(olds):
        parts = 3 if number < divided else 1
        shares = [Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)] if parts == 3 else [Fraction(1)]
        heirs = [news[(number + part) % new] for part in range(parts)]
        successions += [
            Succession(unit, heir, DAY, share, parts > 1) for heir, share in zip(heirs, shares, strict=True)
        ]
    for number in range(hamlets):
        under = olds[number % old], news[number % old % new]
        spans = Span(LONG_AGO, DAY, under[0], "hamlet"), Span(DAY, None, under[1], "hamlet")
        lives.append(Life(f"{province} ấp {number}", spans))
    return lives, successions

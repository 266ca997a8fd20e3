"""Random histories of a register: units are merged, divided, moved and renamed, codes change hands, a level goes."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from hieuhoc.engines.rollup import Life, Span, Succession, Tree

START = date(2018, 1, 1)


@dataclass
class World:
    """A register to which things happen; what has happened can be told as a tree."""

    chance: random.Random
    spans: dict[str, list[Span]] = field(default_factory=dict)
    passed: list[Succession] = field(default_factory=list)
    days: list[date] = field(default_factory=list)

    def settle(self, districts: int, communes: int, hamlets: int) -> None:
        self.form("tỉnh", START, None, "province", "91")
        for number in range(districts):
            self.form(f"huyện {number}", START, "tỉnh", "district", f"9{number:02d}")
        for number in range(communes):
            self.form(f"xã {number}", START, f"huyện {number % districts}", "commune", f"30{number:03d}")
        for number in range(hamlets):
            self.form(f"ấp {number}", START, f"xã {number % communes}", "hamlet", "")

    def tree(self) -> Tree:
        return Tree([Life(unit, tuple(spans)) for unit, spans in self.spans.items()], self.passed)

    # What may be done to a unit

    def form(self, unit: str, day: date, parent: str | None, level: str, code: str) -> str:
        self.spans[unit] = [Span(day, None, parent, level, code)]
        return unit

    def change(self, unit: str, day: date, **columns: str) -> None:
        last = self.spans[unit].pop()
        if last.valid_from < day:
            self.spans[unit].append(replace(last, valid_to=day))
        self.spans[unit].append(replace(last, valid_from=day, **columns))

    def end(self, unit: str, day: date, children_to: str | None) -> None:
        last = self.spans[unit].pop()
        if last.valid_from < day:
            self.spans[unit].append(replace(last, valid_to=day))
        else:
            self.spans[unit][-1] = replace(self.spans[unit][-1], valid_to=day)
        for child in self.standing():
            if self.spans[child][-1].parent == unit:
                if children_to is None:
                    self.end(child, day, None)
                else:
                    self.change(child, day, parent=children_to)

    def standing(self, level: str | None = None) -> list[str]:
        last = {unit: spans[-1] for unit, spans in self.spans.items()}
        return [u for u, span in last.items() if span.valid_to is None and level in (None, span.level)]

    def settled(self, level: str, day: date) -> list[str]:
        """Those that stood on the eve already, and from which nothing has gone on this day."""
        gone = {one.predecessor for one in self.passed if one.day == day} | {
            one.heir for one in self.passed if one.day == day
        }
        return [unit for unit in self.standing(level) if self.spans[unit][0].valid_from < day and unit not in gone]

    def free_code(self, day: date, wanted: str) -> str:
        """A code that nobody holds on the day: one that has just become free, or one that never was."""
        held = {self.spans[unit][-1].code for unit in self.standing()}
        spare = (f"{day.isoformat()}-{number}" for number in range(len(held) + 1))
        return wanted if wanted not in held else next(code for code in spare if code not in held)

    def shares(self, count: int) -> list[Fraction]:
        weights = [self.chance.randint(1, 9) for _ in range(count)]
        return [Fraction(weight, sum(weights)) for weight in weights]

    # What happens

    def merge(self, day: date) -> None:
        pool = self.settled("commune", day)
        if len(pool) < 2:
            return
        sources = self.chance.sample(pool, self.chance.randint(2, min(4, len(pool))))
        last = self.spans[sources[0]][-1]
        if self.chance.random() < 0.3:
            heir = sources.pop()
        else:
            heir = self.form(f"xã mới {len(self.spans)}", day, str(last.parent), "commune", "")
        for source in sources:
            self.end(source, day, heir)
            self.passed.append(Succession(source, heir, day))
        if self.spans[heir][-1].code == "":
            self.change(heir, day, code=self.free_code(day, last.code))

    def divide(self, day: date) -> None:
        pool = self.settled("commune", day)
        if not pool:
            return
        source = self.chance.choice(pool)
        last = self.spans[source][-1]
        others = [unit for unit in pool if unit != source]
        heirs = self.chance.sample(others, min(len(others), self.chance.randint(0, 2)))
        while len(heirs) < 2 or self.chance.random() < 0.2:
            name = f"xã mới {len(self.spans)}"
            heirs.append(self.form(name, day, str(last.parent), "commune", self.free_code(day, name)))
        self.end(source, day, heirs[0])
        estimated = self.chance.random() < 0.5
        for heir, share in zip(heirs, self.shares(len(heirs)), strict=True):
            self.passed.append(Succession(source, heir, day, share, estimated))

    def transfer(self, day: date) -> None:
        pool = self.settled("commune", day)
        if len(pool) < 2:
            return
        source, heir = self.chance.sample(pool, 2)
        share = self.shares(2)[0]
        self.passed.append(Succession(source, heir, day, share, self.chance.random() < 0.5))

    def move(self, day: date) -> None:
        level, above = self.chance.choice([("commune", "district"), ("hamlet", "commune")])
        if (movers := self.settled(level, day)) and (places := self.standing(above)):
            self.change(self.chance.choice(movers), day, parent=self.chance.choice(places))

    def recode(self, day: date) -> None:
        if movers := self.settled("commune", day):
            unit = self.chance.choice(movers)
            ended = [spans[-1].code for spans in self.spans.values() if spans[-1].valid_to]
            self.change(unit, day, code=self.free_code(day, self.chance.choice([*ended, "mới"])))

    def swap_codes(self, day: date) -> None:
        movers = self.settled("commune", day)
        if len(movers) > 1:
            one, two = self.chance.sample(movers, 2)
            codes = self.spans[one][-1].code, self.spans[two][-1].code
            self.change(one, day, code=codes[1])
            self.change(two, day, code=codes[0])

    def abolish_level(self, day: date) -> None:
        for district in self.settled("district", day):
            self.end(district, day, "tỉnh")
            self.passed.append(Succession(district, "tỉnh", day))

    def close(self, day: date) -> None:
        if pool := self.settled("hamlet", day):
            self.end(self.chance.choice(pool), day, None)

    def form_anew(self, day: date) -> None:
        if places := self.standing("district"):
            name = f"xã mới {len(self.spans)}"
            self.form(name, day, self.chance.choice(places), "commune", self.free_code(day, name))


HAPPENINGS: dict[str, Callable[[World, date], None]] = {
    "merge": World.merge,
    "divide": World.divide,
    "transfer": World.transfer,
    "move": World.move,
    "recode": World.recode,
    "swap_codes": World.swap_codes,
    "abolish_level": World.abolish_level,
    "close": World.close,
    "form_anew": World.form_anew,
}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A world after up to six days on which up to three things happened each."""
    world = World(draw(st.randoms(use_true_random=False)))
    world.settle(draw(st.integers(1, 3)), draw(st.integers(1, 7)), draw(st.integers(0, 5)))
    day = START
    for things in draw(st.lists(st.lists(st.sampled_from(sorted(HAPPENINGS)), min_size=1, max_size=3), max_size=6)):
        day += timedelta(days=draw(st.integers(1, 40)))
        world.days.append(day)
        for thing in things:
            HAPPENINGS[thing](world, day)
    return world


def telling_days(world: World) -> list[date]:
    """The days that tell the maps of a world apart: the first, and each day of an event with its eve."""
    eves = [day - timedelta(days=1) for day in world.days]
    return sorted({START, *world.days, *eves, START + timedelta(days=400)})

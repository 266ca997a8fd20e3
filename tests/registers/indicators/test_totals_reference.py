"""Computed anew, kept up step by step, or added up one by one in plain Python: the totals are the same rows."""

import random
from datetime import date
from fractions import Fraction

import pytest
from tests.factories import places
from tests.factories.indicators import assert_totals_hold, make_indicator
from tests.properties import slow_totals

from hieuhoc.engines.rollup import Fact as Counted
from hieuhoc.engines.rollup import Life, Span, Tree
from hieuhoc.foundation.records import trail
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of
from hieuhoc.registers.indicators import services
from hieuhoc.registers.indicators.models import Fact, Indicator, Total
from hieuhoc.registers.indicators.rules.reckoning import turns
from hieuhoc.registers.indicators.services import Stated
from hieuhoc.registers.places import services as registers
from hieuhoc.registers.places.models import Unit, UnitVersion

pytestmark = pytest.mark.django_db

Row = tuple[object, ...]

# Code, calendar, rhythms of facts and totals, rule over time, level that reports.
INDICATORS = (
    ("LIT.SUM", Calendar.CLOSING, ("month", "quarter", "half", "year"), "sum", "commune"),
    ("LIT.LAST", Calendar.CLOSING, ("quarter", "year"), "last", "commune"),
    ("LIT.MEAN", Calendar.CIVIL, ("half", "year"), "mean", "commune"),
    ("LIT.YEAR", Calendar.LITERACY, ("year",), "sum", "commune"),
    ("LIT.HIGH", Calendar.SCHOOL, ("half", "year"), "sum", "district"),
)
YEARS = (2019, 2020)


class World:
    """Two provinces of districts and communes to which things happen, and figures that people keep changing."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311  # no secret
        for code, calendar, rhythms, over_time, reported_at in INDICATORS:
            make_indicator(
                code,
                calendar=calendar.value,
                rhythms=rhythms,
                over_time=over_time,
                reported_at=reported_at,
                breakdowns=["sex"],
                fact="learning.attended" if code == "LIT.SUM" else "",
            )
        self.provinces = [places.make_province(f"Tỉnh {number}", code=f"9{number}") for number in range(2)]
        self.districts = [
            places.make_district(self.provinces[number % 2], f"Huyện {number}")
            for number in range(self.draw.randint(2, 5))
        ]
        for number in range(self.draw.randint(4, 12)):
            places.make_commune(self.draw.choice(self.districts), f"Xã {number}")
        for _ in range(self.draw.randint(0, 5)):
            self.move()

    def move(self) -> None:
        """A commune comes under another district, maybe of the other province, or ends, or begins."""
        day = date(self.draw.choice(YEARS), self.draw.randint(1, 12), self.draw.choice([1, 10, 14, 15, 20]))
        day = min(day, date(2020, 11, 15))
        communes = [one for one in Unit.objects.filter(level="commune", valid_to=None) if self._changed(one) < day]
        what = self.draw.choice(["move", "move", "end", "begin"])
        if what == "begin":
            places.make_commune(self.draw.choice(self.districts), f"Xã mới {Unit.objects.count()}", valid_from=day)
        elif communes and what == "move":
            unit = self.draw.choice(communes)
            others = [district for district in self.districts if district.pk != unit.parent_id]
            registers.change_unit(by=trail.HOUSE, unit=unit, on=day, parent=self.draw.choice(others))
        elif communes:
            registers.end_unit(by=trail.HOUSE, unit=self.draw.choice(communes), on=day, why="Thử")

    def _changed(self, unit: Unit) -> date:
        return max(unit.versions.values_list("valid_from", flat=True))

    def step(self) -> None:
        """Somebody states or takes back a figure, approves one, or the house counts."""
        code, calendar, rhythms, _over_time, reported_at = self.draw.choice(INDICATORS)
        year = period_of(Rhythm.YEAR, date(self.draw.choice(YEARS), 7, 1), calendar)
        period = self.draw.choice([*turns(min(map(Rhythm, rhythms), key=lambda one: one.months), year)])
        reporting = self.reporting(period, reported_at)
        if not reporting:
            return
        unit = Unit.objects.get(pk=self.draw.choice(reporting))
        what = self.draw.choice(["state", "state", "state", "withdraw", "approve", "count"])
        if what == "withdraw":
            services.withdraw_figures(by=trail.HOUSE, unit=unit, period=period, source="x:1")
        elif what == "approve":
            services.approve_figures(by=trail.HOUSE, unit=unit, period=period, codes=[code])
        elif what == "count" and code == "LIT.SUM":
            chosen = self.draw.sample(reporting, self.draw.randint(0, len(reporting)))
            facts = [Counted("learning.attended", one, period, self.draw.randint(0, 99)) for one in chosen]
            services.count_facts(
                by=trail.HOUSE, facts=facts, complete=[("learning.attended", period)] * self.draw.randint(0, 1)
            )
        else:
            figures = [
                Stated(code, self.draw.choice([None, 0, self.draw.randint(0, 10**6)]), by, "Lý do")
                for by in self.draw.choice([[""], ["", "sex=female"], ["sex=male"]])
            ]
            services.state_figures(by=trail.HOUSE, unit=unit, period=period, figures=figures, source="x:1")

    def reporting(self, period: Period, level: str) -> list[int]:
        tree = tree_of(level)
        standing = [unit for unit in tree.units(period.last) if not tree.children(unit, period.last)]
        return sorted(int(unit) for unit in standing)


def tree_of(level: str) -> Tree:
    """The register down to a level, read as plainly as it can be."""
    levels = ["province", "district", "commune"][: 2 if level == "district" else 3]
    spans: dict[int, list[Span]] = {}
    for row in UnitVersion.objects.filter(level__in=levels).order_by("valid_from"):
        spans.setdefault(row.unit_id, []).append(Span(row.valid_from, row.valid_to, row.parent_id, row.level))
    return Tree(Life(unit, tuple(told)) for unit, told in spans.items())


def stored() -> set[Row]:
    columns = ("indicator__code", "by", "unit_id", "period__key", "value", "count", "reported", "expected", "approved")
    return {
        (code, by, unit, key, Fraction(value, count), *counts)
        for code, by, unit, key, value, count, *counts in Total.objects.values_list(*columns)
    }


def added_one_by_one() -> set[Row]:
    """Every total there should be, from the facts, by the slow reference."""
    found: set[Row] = set()
    for code, calendar, rhythms, rule, level in INDICATORS:
        tree, indicator = tree_of(level), Indicator.objects.get(code=code)
        base = min(map(Rhythm, rhythms), key=lambda one: one.months)
        for by in ("", "sex=female", "sex=male"):
            rows = list(Fact.objects.filter(indicator=indicator, by=by).select_related("period"))
            facts = {(str(row.unit_id), row.period.period): row.value for row in rows}
            approved = {(str(row.unit_id), row.period.period): int(row.is_approved) for row in rows}
            for year in (period_of(Rhythm.YEAR, date(one, 7, 1), calendar) for one in YEARS):
                for period in (one for rhythm in rhythms for one in turns(Rhythm(rhythm), year)):
                    for life in tree.lives:
                        told = slow_totals.period_told(tree, facts, str(life.unit), period, rule, base)
                        if told is None or told[0] is None:
                            continue
                        sure_by = "last" if rule == "last" else "sum"
                        sure = slow_totals.period_told(tree, approved, str(life.unit), period, sure_by, base)
                        assert sure is not None
                        value, reported, expected = told
                        found.add((code, by, int(life.unit), period.key, value, reported, expected, int(sure[0] or 0)))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_kept_up_or_computed_anew_the_totals_are_those_of_adding_up_one_by_one(seed: int) -> None:
    world = World(seed)
    for _ in range(25):
        world.step()
    kept_up = stored()
    assert kept_up == added_one_by_one()
    assert_totals_hold()
    states = set(Total.objects.values_list("indicator", "by", "unit", "period", "state"))
    Total.objects.all().delete()
    services.recompute()
    assert stored() == kept_up
    assert set(Total.objects.values_list("indicator", "by", "unit", "period", "state")) == states


@pytest.mark.parametrize("seed", range(20, 24))
def test_after_the_map_has_changed_computing_anew_gives_what_adding_up_gives(seed: int) -> None:
    """A late change of the map: some facts then lie where nobody reports, and are in no total."""
    world = World(seed)
    for _ in range(25):
        world.step()
    for _ in range(3):
        world.move()
    services.follow_the_map(by=trail.HOUSE, since=date(2018, 1, 1))
    assert stored() == added_one_by_one()
    assert_totals_hold()

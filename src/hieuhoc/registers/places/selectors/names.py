"""Linking the names that documents write to the units of the register."""

from dataclasses import dataclass
from datetime import date

from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Kind, Unit, UnitAlias, UnitVersion

SURE = rules.SURE


@dataclass(frozen=True)
class Match:
    """A unit that a name may mean.

    Units: `score` from 0 to 100; from `SURE` on it may be used without asking a person.
    """

    unit: Unit
    score: float

    @property
    def is_sure(self) -> bool:
        """Whether the match may be used without asking a person."""
        return self.score >= SURE


class NameIndex:
    """All names of the register on a day, read in two queries; build one for a document and ask it for each name."""

    def __init__(self, on: date) -> None:
        self.on = on
        versions = list(UnitVersion.objects.on(on).select_related("unit", "unit__parent"))
        self._units: dict[int, Unit] = {version.unit_id: version.unit for version in versions}
        rows: list[rules.Named] = []
        for row in versions:
            rows.append(rules.Named(row.unit_id, row.name, row.level, row.path))
            if row.short_name != row.name and not row.is_administrative:
                rows.append(rules.Named(row.unit_id, row.short_name, row.level, row.path, official=False))
        states = {version.unit_id: version for version in versions}
        for unit_id, name in UnitAlias.objects.on(on).values_list("unit_id", "name"):
            if unit_id in states:
                state = states[unit_id]
                rows.append(rules.Named(unit_id, name, state.level, state.path, official=False))
        self._gazetteer = rules.Gazetteer(rows)
        self._committees: dict[int | None, Unit] = {
            row.parent_id: row.unit for row in versions if row.kind == Kind.UY_BAN
        }

    def match(self, name: str, *, within: Unit | None = None) -> list[Match]:
        """The units that a name may mean, best first; empty when there is none.

        `within` is the unit that wrote the document: a name without a place ("Phòng Giáo dục và Đào tạo") is
        looked for there, then upwards. Where a document gives a task to a place ("thành phố Rạch Giá"), its
        People's Committee is meant.
        """
        answers = self._gazetteer.match(name, within=within.path if within else "")
        return [Match(self._actor(answer.number), answer.score) for answer in answers]

    def _actor(self, number: int) -> Unit:
        return self._committees.get(number, self._units[number])

    def best(self, name: str, *, within: Unit | None = None) -> Unit | None:
        """The unit that a name means, when it is sure; better none than a wrong one."""
        found = self.match(name, within=within)
        return found[0].unit if found and found[0].is_sure else None


def match_name(name: str, *, on: date, within: Unit | None = None) -> list[Match]:
    """The units that one name may mean on a day, best first. For many names build one `NameIndex`."""
    return NameIndex(on).match(name, within=within)

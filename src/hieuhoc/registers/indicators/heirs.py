"""How figures follow a reorganisation of units: a fact stays with the unit that reported it, totals follow the map.

Periods that end before the event are not touched. Of those that end on its day or later, totals are computed anew on
the new map. A fact that an ended unit gave for such a period is in no total any more: nobody can know how much of it
an heir would have had, so it stays, is named, and the heir reports. A target that reaches beyond the event stays with
the unit to which it was given.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from hieuhoc.foundation.records.trail import Actor
from hieuhoc.foundation.ui.wording import period_words
from hieuhoc.kernel.periods import Period
from hieuhoc.registers.indicators import selectors, services
from hieuhoc.registers.places.services import Followed, Journal, Line, Turn

FACTS, TARGET = gettext_noop("Số liệu của kỳ chưa kết thúc"), gettext_noop("Chỉ tiêu")
LEFT = gettext_noop("giữ tại đơn vị cũ; đơn vị kế thừa báo cho kỳ này")
STAYS = gettext_noop("giữ tại đơn vị cũ; giao lại cho đơn vị kế thừa nếu cần")


@dataclass(frozen=True)
class _IndicatorsFollower:
    """Facts and targets of ended units, and all totals."""

    name: str = "indicators"

    def follow(self, *, by: Actor, turn: Turn) -> Followed:
        """Compute the totals on the new map, and say what of the ended units is left behind."""
        services.follow_the_map(by=by, since=turn.on)
        ended = list(turn.passings)
        facts = selectors.facts_from(turn.on, units=ended)
        targets = selectors.targets_from(turn.on, units=ended)
        return Followed([*_lines(FACTS, LEFT, turn, facts), *_lines(TARGET, STAYS, turn, targets)])

    def take_back(self, *, by: Actor, turn: Turn, journal: Journal) -> None:
        """Let go of the totals of units that the event formed; facts of theirs speak against taking it back."""
        services.drop_totals_of_units_begun(turn.on)

    def settle(self, *, by: Actor, turn: Turn) -> None:
        """Compute the totals on the map as it was before."""
        services.follow_the_map(by=by, since=turn.on)


follower = _IndicatorsFollower()


def _lines(sort: str, fate: str, turn: Turn, found: Sequence[tuple[int, Period, int]]) -> list[Line]:
    """A line for each unit and period of which something is left behind; `detail` says how many figures."""
    return [
        Line(sort, period_words(period), unit, turn.passings[unit].heir, fate, detail=str(count))
        for unit, period, count in found
    ]

"""The whole country: its units before 1/7/2025, and what became of them on that day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hieuhoc.foundation.records import clock, trail
from hieuhoc.registers.places.models import Reorganisation
from hieuhoc.registers.places.services import loading, reading, shipping

KNOWN_SINCE = date(2025, 1, 4)
MERGED_ON = date(2025, 7, 1)


@dataclass(frozen=True)
class LoadedCountry:
    """What loading the country added to the register, and the events that were carried out on it."""

    loaded: list[loading.Loaded]
    events: list[Reorganisation]


def load_country(
    *,
    by: trail.Actor = trail.HOUSE,
    hamlets: Path | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> LoadedCountry:
    """Load the units of the whole country as they were before 1/7/2025, then carry out the event of that day.

    A province that is in the register already is first brought to the day on which the country's list begins. A file
    of hamlets is loaded before the event when its hamlets begin before it, otherwise after. A demonstration's clock
    goes along, and the event waits when its day is still to come.

    Raises: Invalid for a file with a mistake, or an event that does not fit the register.
    """
    events = shipping.execute_shipped(by=by, until=KNOWN_SINCE, progress=progress)
    files: list[str | Path] = [loading.COUNTRY_2025]
    is_before = hamlets is not None and _begin_before_the_event(hamlets)
    if hamlets is not None and is_before:
        files.append(hamlets.absolute())
    progress(", ".join(Path(name).name for name in files))
    loaded = [loading.load_units(by=by, files=files)]
    if clock.may_stand_on(MERGED_ON):
        events += shipping.execute_shipped(by=by, until=MERGED_ON, progress=progress)
    if hamlets is not None and not is_before:
        loaded.append(loading.load_units(by=by, files=[hamlets.absolute()]))
    return LoadedCountry(loaded, events)


def _begin_before_the_event(hamlets: Path) -> bool:
    return any(entry.valid_from < MERGED_ON for entry in reading.read(hamlets, places=()))

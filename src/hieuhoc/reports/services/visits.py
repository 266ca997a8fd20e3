"""When somebody last looked at the page of a unit, so that the page can say what has changed since.

A visit is no deed: it changes nothing that anybody else sees, and is not written into the trail.
"""

from datetime import datetime, timedelta

from hieuhoc.foundation.records import clock
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports.models import Visit

SITTING = timedelta(hours=2)  # who comes back within this time has not been away


def note_visit(*, by: User, unit: Unit) -> datetime | None:
    """Take down that the user looks at a unit; since when to tell what has changed, None the first time."""
    now = clock.now()
    visit, is_new = Visit.objects.get_or_create(user=by, unit=unit, defaults={"at": now})
    if not is_new and now - visit.at > SITTING:
        Visit.objects.filter(pk=visit.pk).update(at=now, before=visit.at)
        return visit.at
    return visit.before

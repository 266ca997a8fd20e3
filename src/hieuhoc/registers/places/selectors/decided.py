"""Reorganisations that are decided, by the name under which the public knows them."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.places.models import Reorganisation
from hieuhoc.registers.places.selectors.successions import reorganisations

DECIDED = ("approved", "executed")
_MOST_DIGITS = 18


def decided_reorganisations() -> QuerySet[Reorganisation]:
    """The reorganisations that were approved or carried out, the latest day first, with `size`."""
    return reorganisations().filter(state__in=DECIDED)


def decided_reorganisation(name: str) -> Reorganisation:
    """One of them by its `public_name`. Raises: Missing."""
    named = Q(slug=name)
    if name.isascii() and name.isdigit() and len(name) <= _MOST_DIGITS:
        named |= Q(slug=None, pk=int(name))
    found = decided_reorganisations().filter(named).first()
    if found is None:
        raise Missing(_("Không tìm thấy cuộc sắp xếp này."))
    return found


def public_name(event: Reorganisation) -> str:
    """What an event is called outside: the short name of one that ships, the number of one that people here wrote."""
    return event.slug or str(event.pk)

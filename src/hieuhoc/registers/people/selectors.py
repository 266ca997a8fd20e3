"""Reading the register of people: who is seen by whom, and who is perhaps the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.people import rules
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.places.models import Unit

_PART = 500  # names asked for at once
MOST_ALIKE = 10


def identity_digests(number: str) -> tuple[str, ...]:
    """The digests by which an identity number may be known, that of today's key first; none for no number.

    Raises: Invalid (field `identity`).
    """
    digits = rules.identity_of(number)
    if not digits:
        return ()
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    salt = "hieuhoc.people.identity"
    return tuple(salted_hmac(salt, digits, secret=key, algorithm="sha256").hexdigest() for key in keys)


def commune_path(unit: Unit | None) -> str:
    """Where the commune of a unit stands today: its own path, or that of the commune around a hamlet."""
    if unit is None:
        return ""
    path = unit.present_path or unit.path
    return path.rstrip("/").rpartition("/")[0] + "/" if unit.level == "hamlet" else path


def said(
    *, name: str, birth_year: int | None = None, unit: Unit | None = None, identity: str = "", phone: str = ""
) -> rules.Said:
    """What is said of somebody, ready to be compared; `phone` only where they have shown that it is theirs."""
    return rules.Said(fold(name), birth_year, commune_path(unit), identity_digests(identity), phone)


@dataclass
class Same:
    """Who in the register is certainly the one of whom something is said, and who perhaps is."""

    certain: Person | None = None
    perhaps: list[Person] = field(default_factory=list)


def find_same(
    *, name: str, birth_year: int | None = None, unit: Unit | None = None, identity: str = "", phone: str = ""
) -> Same:
    """Who in the register is somebody of whom this is said: one for certain, or some perhaps. In at most two queries.

    `phone` only where they have shown that the number is theirs: with it a name and a year of birth are certain.
    """
    return find_same_many([said(name=name, birth_year=birth_year, unit=unit, identity=identity, phone=phone)])[0]


def find_same_many(sayings: Sequence[rules.Said]) -> list[Same]:
    """The same for many at once, in their order; the number of queries grows by one for each five hundred."""
    by_name: dict[str, list[Person]] = defaultdict(list)
    by_digest: dict[str, Person] = {}
    for row in _rows("folded", {one.folded for one in sayings if one.folded}):
        by_name[row.folded].append(row)
    for row in _rows("identity_digest", {digest for one in sayings for digest in one.digests}):
        by_digest[row.identity_digest] = row
    return [_same(one, by_name[one.folded], by_digest) for one in sayings]


def _rows(column: str, values: set[str]) -> Iterable[Person]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _PART):
        part = ordered[start : start + _PART]
        yield from Person.objects.filter(**{f"{column}__in": part}).select_related("unit", "same_as__unit")


def _same(one: rules.Said, alike: list[Person], by_digest: dict[str, Person]) -> Same:
    known = next((by_digest[digest] for digest in one.digests if digest in by_digest), None)
    if known is not None:
        return Same(certain=known.same_as or known)
    perhaps: dict[int, Person] = {}
    for row in sorted(alike, key=attrgetter("pk")):
        found = rules.likeness(one, _known(row))
        if found == "certain":
            return Same(certain=row.same_as or row)
        if found:
            kept = row.same_as or row
            perhaps[kept.pk] = kept
    return Same(perhaps=list(perhaps.values())[:MOST_ALIKE])


def _known(row: Person) -> rules.Said:
    digests = (row.identity_digest,) if row.identity_digest else ()
    return rules.Said(row.folded, row.birth_year, commune_path(row.unit), digests, row.phone)


# ---- who is seen by whom ---------------------------------------------------------------------------


def people_seen(user: User, permission: Permission = Permission.PERSON_READ) -> QuerySet[Person]:
    """The people who live, or learn, at the units where `user` may do this; of joined rows the one that is kept.

    An app in which people take part names the way from a person to its units in `people_at` of its AppConfig.
    """
    # The units by number: from few numbers a database finds its way; from the beginnings of paths it reads all people.
    inside = access.within(access.scopes(user, permission), unit="")
    units = list(Unit.objects.filter(inside).order_by().values_list("pk", flat=True))
    seen: list[QuerySet[Person, Any]] = [Person.objects.filter(unit__in=units, same_as=None).order_by().values("pk")]
    for way in _ways():
        taking_part = Person.objects.filter(**{f"{way}__in": units}).order_by()
        seen += [taking_part.values("pk"), taking_part.exclude(same_as=None).values("same_as")]
    return Person.objects.filter(pk__in=seen[0].union(*seen[1:]), same_as=None).select_related("unit")


def _ways() -> list[str]:
    return [way for app in apps.get_app_configs() for way in getattr(app, "people_at", ())]


def find_people(
    user: User, *, text: str = "", unit: Unit | None = None, born: int | None = None, sex: str = ""
) -> QuerySet[Person]:
    """The people whom `user` sees, by name (marks or none), place, year of birth and sex; in the order of names.

    A text of digits is taken for the end of an identity number (four), or a whole telephone number.
    """
    found = people_seen(user).exclude(folded="")
    digits = "".join(text.split())
    if digits.isdigit():
        found = found.filter(identity_end=digits) if len(digits) == 4 else found.filter(phone=digits)
    else:
        for word in fold(text).split():
            found = found.filter(folded__contains=word)
    if unit is not None:
        found = found.filter(access.within([unit]))
    if born is not None:
        found = found.filter(birth_year=born)
    return found.filter(sex=sex) if sex else found


def person_seen(user: User, pk: int, permission: Permission = Permission.PERSON_READ) -> Person:
    """One whom `user` sees. Raises: Missing when there is nobody, or not for them."""
    found = people_seen(user, permission).filter(pk=pk).first()
    if found is None:
        raise Missing("Không tìm thấy người này trong phạm vi của bạn.")
    return found


def joined_to(person: Person) -> QuerySet[Person]:
    """The rows that were found to be this person and joined to theirs."""
    return person.joined.select_related("unit").order_by("pk")


def alike(user: User, person: Person) -> list[Person]:
    """Those whom `user` sees and who are perhaps the same as this person."""
    known = _known(person)
    rows = people_seen(user).filter(folded=person.folded).exclude(pk=person.pk).exclude(folded="")
    return [row for row in rows[:100] if rules.likeness(known, _known(row))][:MOST_ALIKE]

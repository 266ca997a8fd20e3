"""Noting people down, mending what is known of them, joining rows of one person, and forgetting on request.

No name, telephone or identity number is ever written into the trail: it says who touched which row, and which of its
fields.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import models, transaction
from django.utils import timezone

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, Invalid, Refused
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.people import rules, selectors
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.places.models import Unit

CITIZEN = trail.House("citizen", "Người dân")
"""Whoever acts for themselves on a public page, without an account."""

find_same = selectors.find_same
Same = selectors.Same


@dataclass(frozen=True)
class About:
    """What somebody says of a person. Text as it was typed; `identity` is the number itself and is not kept."""

    name: str
    birth_year: int | None = None
    birth_on: date | None = None
    sex: str = ""
    ethnicity: str = ""
    phone: str = ""
    identity: str = ""
    unit: Unit | None = None


def _checked(about: About) -> About:
    """The same, as it is kept. Raises: Invalid (with its field)."""
    if about.sex and about.sex not in rules.SEXES:
        raise Invalid("Chọn giới tính là nữ hoặc nam.", field="sex")
    if about.ethnicity and about.ethnicity not in rules.ETHNICITIES:
        raise Invalid("Không có dân tộc này trong danh sách.", field="ethnicity")
    if about.unit is not None and not about.unit.is_administrative:
        raise Invalid("Nơi ở là xã, phường, thị trấn hoặc ấp, khu phố.", field="unit")
    return replace(
        about,
        name=rules.name_of(about.name),
        birth_year=rules.birth_of(about.birth_year, about.birth_on, on=clock.today()),
        phone=rules.phone_of(about.phone),
        identity=rules.identity_of(about.identity),
    )


def _row(about: About) -> Person:
    digests = selectors.identity_digests(about.identity)
    return Person(
        name=about.name,
        folded=fold(about.name),
        sort_key=rules.order_of(about.name),
        sex=about.sex,
        birth_year=about.birth_year,
        birth_on=about.birth_on,
        ethnicity=about.ethnicity,
        phone=about.phone,
        identity_digest=digests[0] if digests else "",
        identity_end=about.identity[-4:],
        unit=about.unit,
        noted_at=clock.now(),
    )


def _require_noting(by: trail.Actor) -> None:
    if isinstance(by, User):
        access.require_somewhere(by, Permission.ATTENDANCE_TAKE)


def _require_unknown(identities: Iterable[str]) -> None:
    digests = [digest for number in identities for digest in selectors.identity_digests(number)]
    if digests and Person.objects.filter(identity_digest__in=digests).exists():
        raise Conflict("Số định danh này đã có trong sổ. Hãy chọn người đã có.")


@transaction.atomic
def note_person(
    *,
    by: trail.Actor,
    name: str,
    birth_year: int | None = None,
    birth_on: date | None = None,
    sex: str = "",
    ethnicity: str = "",
    phone: str = "",
    identity: str = "",
    unit: Unit | None = None,
) -> Person:
    """Write somebody into the register; ask `find_same` first, for nobody is to stand there twice.

    Staff take attendance somewhere; a citizen is noted by `CITIZEN`.
    Raises: Invalid (with its field); Conflict when somebody has this identity number; Refused.
    """
    _require_noting(by)
    about = _checked(About(name, birth_year, birth_on, sex, ethnicity, phone, identity, unit))
    _require_unknown([about.identity])
    person = _row(about)
    person.save()
    trail.record(by=by, deed="people.person.add", what=person)
    return person


@transaction.atomic
def note_people(*, by: trail.Actor, people: Sequence[About]) -> list[Person]:
    """Write many people into the register at once, all or none, in the order given. Raises: as `note_person`."""
    _require_noting(by)
    checked = [_checked(one) for one in people]
    numbers = [one.identity for one in checked if one.identity]
    if len(set(numbers)) < len(numbers):
        raise Conflict("Một số định danh được ghi cho hai người.")
    _require_unknown(numbers)
    rows = Person.objects.bulk_create([_row(one) for one in checked], batch_size=500)
    trail.record_many(by=by, deeds=[trail.Deed("people.person.add", row) for row in rows])
    return rows


def check_about(about: About) -> About:
    """What is said of a person, as it would be kept; nothing is written. Raises: Invalid (with its field)."""
    return _checked(about)


# ---- mending, joining, forgetting --------------------------------------------------------------------


def _locked(by: User, *people: Person) -> list[Person]:
    """The rows as they stand, locked in one order. Raises: Missing, Refused when `by` may not change one of them."""
    for person in people:
        selectors.person_seen(by, person.pk)
        if not selectors.people_seen(by, Permission.PERSON_EDIT).filter(pk=person.pk).exists():
            raise Refused("Vai trò của bạn không bao gồm việc sửa thông tin của người học.")
    rows = Person.objects.select_for_update().filter(pk__in=[person.pk for person in people]).order_by("pk")
    found = {row.pk: row for row in rows}
    if any(person.pk not in found or found[person.pk].is_forgotten for person in people):
        raise Conflict("Thông tin của người này đã được xóa theo yêu cầu.")
    return [found[person.pk] for person in people]


_KEPT = ("name", "birth_year", "birth_on", "sex", "ethnicity", "phone", "unit_id", "identity_digest")


@transaction.atomic
def edit(*, by: User, person: Person, about: About, drop_identity: bool = False) -> Person:
    """Change what is known of somebody; an empty identity number keeps the one that is known, unless it is dropped.

    Raises: Invalid (with its field); Conflict when somebody else has this identity number; Missing, Refused.
    """
    (row,) = _locked(by, person)
    checked = _checked(about)
    digests = selectors.identity_digests(checked.identity)
    if digests and row.identity_digest not in digests:
        _require_unknown([checked.identity])
    fresh = _row(checked)
    if not digests and not drop_identity:
        fresh.identity_digest, fresh.identity_end = row.identity_digest, row.identity_end
    changed = [name.removesuffix("_id") for name in _KEPT if getattr(row, name) != getattr(fresh, name)]
    fresh.pk, fresh.same_as_id, fresh.noted_at = row.pk, row.same_as_id, row.noted_at
    if changed:
        fresh.save(force_update=True)
        trail.record(by=by, deed="people.person.edit", what=fresh, changes={"fields": changed})
    return fresh


@transaction.atomic
def join_people(*, by: User, kept: Person, gone: Person) -> Person:
    """Say that two rows are one person: `gone` is known as `kept` from now on, and can be parted again.

    Rows that were joined to `gone` go along. What each row learnt stays its own, so that parting undoes all of it.
    Raises: Invalid when they are the same row; Conflict when their identity numbers differ; Missing, Refused.
    """
    if kept.pk == gone.pk:
        raise Invalid("Hãy chọn hai dòng khác nhau.", field="gone")
    one, other = _locked(by, kept, gone)
    if one.same_as_id or other.same_as_id:
        raise Conflict("Một trong hai dòng đã được gộp vào người khác.")
    if one.identity_digest and other.identity_digest and one.identity_digest != other.identity_digest:
        raise Conflict("Hai người có số định danh khác nhau nên không gộp được.")
    along = list(other.joined.order_by("pk").values_list("pk", flat=True))
    Person.objects.filter(pk__in=[other.pk, *along]).update(same_as=one)
    trail.record(by=by, deed="people.person.merge", what=one, changes={"joined": [other.pk, *along]})
    return one


@transaction.atomic
def part_people(*, by: User, person: Person) -> Person:
    """Undo a joining: the row stands for somebody of its own again.

    Raises: Conflict when it is not joined, or its identity number has become another's; Missing, Refused.
    """
    row = Person.objects.select_for_update(of=("self",)).select_related("same_as").filter(pk=person.pk).first()
    if row is None or row.same_as is None:
        raise Conflict("Dòng này không gộp với dòng nào.")
    _locked(by, row.same_as)
    others = Person.objects.filter(same_as=None, identity_digest=row.identity_digest).exclude(identity_digest="")
    if others.exists():
        raise Conflict("Số định danh của dòng này đang ghi cho người kia. Hãy xóa số ấy ở một trong hai nơi trước.")
    before = row.same_as_id
    row.same_as = None
    row.save(update_fields=["same_as"])
    trail.record(by=by, deed="people.person.part", what=row, changes={"same_as": [before, None]})
    return row


@transaction.atomic
def forget(*, by: User, person: Person, why: str) -> Person:
    """Delete somebody's personal data on request, in every row that is theirs; what they learnt is still counted.

    Sex, year of birth, ethnic group and commune stay, by which learners are counted; with no name they are nobody's.
    Raises: Invalid (field `why`) without a reason; Missing, Refused.
    """
    if not why.strip():
        raise Invalid("Hãy ghi căn cứ của yêu cầu xóa.", field="why")
    (row,) = _locked(by, person)
    rows = Person.objects.filter(pk__in=[row.pk, *row.joined.values_list("pk", flat=True)])
    rows.update(
        name=rules.FORGOTTEN, folded="", sort_key="", phone="", identity_digest="", identity_end="", birth_on=None
    )
    trail.record(by=by, deed="people.person.forget", what=row, why=why)
    row.refresh_from_db()
    return row


# ---- looking -----------------------------------------------------------------------------------------


def see_person(*, by: User, pk: int) -> Person:
    """One person's data, and a line in the trail that they were looked at. Raises: Missing."""
    person = selectors.person_seen(by, pk)
    trail.record(by=by, deed="people.person.see", what=person)
    return person


def see_roster(*, by: User, what: models.Model, number: int) -> None:
    """Note that somebody looked at the names of those who learn in `what`: once a day, with no name.

    Units: `number` people were shown. May they look, is asked by whoever shows them.
    """
    if not number:
        return
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    looked = Entry.objects.filter(subject_type=what._meta.label_lower, subject_key=str(what.pk), at__gte=midnight)
    if not looked.filter(deed="people.person.see", actor=by.actor_key).exists():
        trail.record(by=by, deed="people.person.see", what=what, changes={"people": number})

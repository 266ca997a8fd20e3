"""Learning materials as they are looked for, by whoever works here, by everybody, and by other repositories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.models import Activity, Material, MaterialUse, Repository, Topic
from hieuhoc.programme.learning.rules import materials as rules
from hieuhoc.programme.learning.selectors import finder, seeing
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from hieuhoc.registers.accounts.models import User

SORTS = {
    "title": ("folded", "pk"),
    "-title": ("-folded", "-pk"),
    "uses": ("used", "folded", "pk"),
    "-uses": ("-used", "folded", "pk"),
    "day": ("changed_at", "pk"),
    "-day": ("-changed_at", "-pk"),
}


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; whatever is empty is not asked. `source` is "own" or a repository's row number."""

    text: str = ""
    field: str = ""
    topic: Topic | None = None
    language: str = ""
    licence: str = ""
    form: str = ""
    source: str = ""
    sort: str = ""


def _used() -> Coalesce:
    counted = MaterialUse.objects.filter(material=OuterRef("pk")).order_by().values("material")
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number"), output_field=IntegerField()), 0)


def public_materials() -> QuerySet[Material]:
    """The materials that everybody may see: none that was withdrawn."""
    return Material.objects.filter(is_withdrawn=False)


def find_materials(wanted: Wanted, *, rows: QuerySet[Material] | None = None) -> QuerySet[Material]:
    """Materials with the number of classes they were used in (`used`); those for everybody unless `rows` are given."""
    found = public_materials() if rows is None else rows
    exact = {"field": wanted.field, "language": wanted.language, "form": wanted.form}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.topic is not None:
        found = found.filter(topic=wanted.topic)
    if wanted.licence == "open":
        found = found.filter(licence__in=rules.OPEN)
    elif wanted.licence:
        found = found.filter(licence=wanted.licence)
    if wanted.source == "own":
        found = found.filter(repository__isnull=True)
    elif wanted.source.isdecimal() and len(wanted.source) < 18:
        found = found.filter(repository=int(wanted.source))
    for word in fold(wanted.text).split():
        found = found.filter(Q(folded__contains=word) | Q(topic__folded__contains=word))
    found = found.select_related("topic", "unit", "repository", "file").annotate(used=_used())
    return found.order_by(*SORTS.get(wanted.sort, SORTS["title"]))


def withdrawn(user: User) -> QuerySet[Material]:
    """The withdrawn materials that `user` may bring back."""
    held = access.within(access.scopes(user, Permission.MATERIAL_SHARE))
    own = Material.objects.filter(held, is_withdrawn=True)
    if access.may_in_a_province(user, Permission.MATERIAL_SHARE):
        own |= Material.objects.filter(is_withdrawn=True, repository__isnull=False)
    return own


def may_keep(user: User, material: Material) -> bool:
    """Whether `user` may withdraw a material and bring it back, and edit it where it is our own."""
    if material.unit is None:
        return access.may_in_a_province(user, Permission.MATERIAL_SHARE)
    return access.may(user, Permission.MATERIAL_SHARE, at=material.unit)


def material_by_pk(user: User, pk: int) -> Material:
    """One material; a withdrawn one only for whoever may bring it back. Raises: Missing."""
    rows = Material.objects.select_related("topic", "unit", "repository", "file").annotate(used=_used())
    found: Material | None = rows.filter(pk=pk).first()
    if found is None or (found.is_withdrawn and not may_keep(user, found)):
        raise Missing("Không có học liệu này, hoặc học liệu đã được rút.")
    return found


def public_material(pk: int) -> Material:
    """One material for everybody. Raises: Missing."""
    rows = public_materials().select_related("topic", "unit", "repository", "file").annotate(used=_used())
    found: Material | None = rows.filter(pk=pk).first()
    if found is None:
        raise Missing("Không có học liệu này, hoặc học liệu đã được rút.")
    return found


def uses_of(user: User, material: Material) -> QuerySet[Activity]:
    """The activities that used a material, of those that `user` sees, the latest first."""
    seen = seeing.activities_seen(user).filter(pk__in=material.uses.values("activity"))
    return seen.select_related("provider").order_by("-first_on", "-pk")


def public_uses_of(material: Material) -> QuerySet[Activity]:
    """The activities that used a material, of those that everybody may see, the latest first."""
    seen = finder.public_activities().filter(pk__in=material.uses.values("activity"))
    return seen.select_related("provider").order_by("-first_on", "-pk")


def materials_of(activity: Activity) -> QuerySet[Material]:
    """What is used in an activity and not withdrawn."""
    rows = public_materials().filter(uses__activity=activity)
    return rows.select_related("file", "repository").order_by("folded", "pk")


def sharing_units(user: User) -> list[Any]:
    """The units for which `user` shares materials; their own first."""
    home = access.home(user)
    units = access.scopes(user, Permission.MATERIAL_SHARE)
    return sorted(units, key=lambda one: (home is None or one.pk != home.pk, one.sort_key))


# ---- repositories ------------------------------------------------------------------------------------


def repositories() -> QuerySet[Repository]:
    """The repositories from which is harvested, with how many of their materials are here (`taken`)."""
    here = Count("materials", filter=Q(materials__is_withdrawn=False))
    return Repository.objects.annotate(taken=here).order_by("name", "pk")


def repository_by_pk(pk: int) -> Repository:
    """One repository. Raises: Missing."""
    found: Repository | None = repositories().filter(pk=pk).first()
    if found is None:
        raise Missing("Không có kho học liệu này.")
    return found


# ---- what is offered to others -----------------------------------------------------------------------


def offered() -> QuerySet[Material]:
    """What other repositories may harvest: our own, with the withdrawn ones, of which only that is told."""
    return Material.objects.filter(repository__isnull=True).select_related("topic", "unit", "file")


def offered_between(
    *, since: datetime | None, until: datetime | None, part: str, after: tuple[datetime, int] | None = None
) -> QuerySet[Material]:
    """What was changed from an instant to another, both included, of a field; behind a row where it goes on."""
    rows = offered()
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    if until is not None:
        rows = rows.filter(changed_at__lte=until)
    if part:
        rows = rows.filter(field=part)
    if after is not None:
        changed_at, pk = after
        rows = rows.filter(Q(changed_at__gt=changed_at) | Q(changed_at=changed_at, pk__gt=pk))
    return rows.order_by("changed_at", "pk")

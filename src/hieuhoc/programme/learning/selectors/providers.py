"""Bodies that offer learning: the register, one body with what it came from, what citizens are shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse

from hieuhoc.foundation.records import clock
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.models import (
    Activity,
    Enrolment,
    Equipment,
    HeadCount,
    Post,
    Provider,
    Room,
    Succession,
)
from hieuhoc.programme.learning.rules.founding import CENTRE, may_decide
from hieuhoc.programme.learning.rules.provider_columns import FEATURES
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

Row = TypeVar("Row", Post, Room, Equipment)
_ORDERS = {
    "name": ("sort_key", "pk"),
    "kind": ("kind", "sort_key", "pk"),
    "unit": ("unit__sort_key", "sort_key", "pk"),
    "founded": ("valid_from", "sort_key", "pk"),
}
_ANSWERS = {"yes": True, "no": False, "unknown": None}


def providers(user: User) -> QuerySet[Provider]:
    """The bodies that the user may see, those that have ended too."""
    return access.visible(user, Provider.objects.all(), Permission.LEARNING_READ).select_related("unit__parent")


def find_providers(
    user: User,
    *,
    text: str = "",
    kind: str = "",
    unit: Unit | None = None,
    feature: str = "",
    standing: str = "active",
    sort: str = "",
) -> QuerySet[Provider]:
    """The bodies that match. `feature` is a column and an answer ("has_internet:no"), `standing` active, ended, all."""
    found = searched(providers(user), text=text, kind=kind)
    if unit is not None:
        found = found.filter(access.within([unit]))
    name, _colon, answer = feature.partition(":")
    if name in FEATURES and answer in _ANSWERS:
        value = _ANSWERS[answer]
        found = found.filter(**({f"{name}__isnull": True} if value is None else {name: value}))
    today = clock.today()
    if standing == "active":
        found = found.exclude(valid_to__lte=today)
    elif standing == "ended":
        found = found.filter(valid_to__lte=today)
    return found.order_by(*_ordered(sort))


def searched(found: QuerySet[Provider], *, text: str = "", kind: str = "") -> QuerySet[Provider]:
    """Of some bodies those whose name, place or address has all the words, and that are of the kind."""
    for word in fold(text).split()[:8]:
        found = found.filter(Q(folded__contains=word) | Q(unit__searched__contains=word))
    return found.filter(kind=kind) if kind else found


def _ordered(sort: str) -> list[str]:
    columns = _ORDERS.get(sort.lstrip("-"), _ORDERS["name"])
    return [f"-{name}" for name in columns] if sort.startswith("-") else list(columns)


def provider_by_key(user: User, key: str) -> Provider:
    """One body. Raises: Missing when there is none, or not for `user`."""
    found = providers(user).filter(key=key).first()
    if found is None:
        raise Missing("Không tìm thấy cơ sở học tập này trong phạm vi của bạn.")
    return found


def provider_or_none(key: str) -> Provider | None:
    """The body of a key, whoever asks; none where it names none."""
    return Provider.objects.select_related("unit__parent").filter(key=key).first()


def post_of(provider: Provider, pk: int) -> Post:
    """One post at a body. Raises: Missing."""
    found: Post = _of(Post.objects.filter(provider=provider), pk)
    return found


def room_of(provider: Provider, pk: int) -> Room:
    """One room of a body. Raises: Missing."""
    return _of(Room.objects.filter(provider=provider), pk)


def equipment_of(provider: Provider, pk: int) -> Equipment:
    """One line of a body's equipment. Raises: Missing."""
    return _of(Equipment.objects.filter(provider=provider), pk)


def _of(rows: QuerySet[Row], pk: int) -> Row:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Missing("Không tìm thấy mục này ở cơ sở học tập.")
    return found


def posts(provider: Provider) -> list[Post]:
    """Everybody who holds or held a post at a body: those of today first, leaders before others."""
    today = clock.today()
    ranks = {role: rank for rank, (role, _name) in enumerate(Post._meta.get_field("role").choices or ())}
    rows = list(provider.posts.all())
    return sorted(rows, key=lambda row: (not row.holds_on(today), ranks.get(row.role, 99), row.valid_from, row.pk))


def directors_on(day: date, numbers: Iterable[int]) -> dict[int, str]:
    """The name of the director of each body (by row number) on a day; one query."""
    rows = Post.objects.on(day).filter(provider__in=list(numbers), role="director").order_by("-valid_from")
    return dict(rows.values_list("provider", "name"))


# ---- what came from what -----------------------------------------------------------------------------


def came_from(provider: Provider) -> list[Succession]:
    """What went into a body, and when; the newest first."""
    rows = Succession.objects.filter(after=provider).select_related("before__unit")
    return list(rows.order_by("-on", "before__sort_key"))


def went_into(provider: Provider) -> list[Succession]:
    """Into what a body went, and when."""
    rows = Succession.objects.filter(before=provider).select_related("after__unit")
    return list(rows.order_by("on", "after__sort_key"))


def predecessors(provider: Provider) -> set[int]:
    """The row numbers of all bodies that went wholly into this one, however long ago; itself not among them.

    What was divided is told at each of its heirs as where they come from; its past is counted at none of them, for a
    class cannot be told twice.
    """
    found: set[int] = set()
    fresh = {provider.pk}
    while fresh:
        rows = Succession.objects.filter(after__in=fresh).exclude(manner=Succession.Manner.DIVIDED)
        fresh = set(rows.values_list("before", flat=True)) - found - {provider.pk}
        found |= fresh
    return found


@dataclass(frozen=True)
class Work:
    """What a body has held: classes, and turns of attendance in them, by name and by heads."""

    classes: int = 0
    turns: int = 0

    def __add__(self, other: Work) -> Work:
        return Work(self.classes + other.classes, self.turns + other.turns)


def work_of(numbers: Collection[int]) -> dict[int, Work]:
    """What each body (by row number) has held to this day; three queries.

    A turn of attendance is one person in one activity; of those without names the most heads seen at one session.
    """
    at = list(numbers)
    held = Activity.objects.filter(provider__in=at, held_on__isnull=False)
    classes = dict(held.order_by().values_list("provider").annotate(Count("pk")))
    named = Enrolment.objects.filter(activity__provider__in=at, first_on__isnull=False)
    turns = defaultdict(int, named.order_by().values_list("activity__provider").annotate(Count("pk")))
    sums = (
        HeadCount.objects.filter(session__activity__provider__in=at)
        .order_by()
        .values_list("session", "session__activity", "session__activity__provider")
        .annotate(heads=Sum("count"))
    )
    most: dict[tuple[int, int], int] = {}
    for _session, activity, provider, heads in sums:
        most[activity, provider] = max(most.get((activity, provider), 0), heads)
    for (_activity, provider), heads in most.items():
        turns[provider] += heads
    return {number: Work(classes.get(number, 0), turns[number]) for number in at}


def works(provider: Provider) -> tuple[Work, list[tuple[Provider, Work]]]:
    """What a body has held itself, and what each of those that went into it had held."""
    before = predecessors(provider)
    found = work_of([provider.pk, *before])
    rows = Provider.objects.filter(pk__in=before).select_related("unit").order_by("sort_key", "pk")
    return found[provider.pk], [(row, found[row.pk]) for row in rows]


# ---- what waits for whoever rearranges ---------------------------------------------------------------


@dataclass(frozen=True)
class ToRearrange:
    """A commune with more than one community learning centre, which a merger left there."""

    unit: Unit
    centres: list[Provider]

    @property
    def number(self) -> int:
        return len(self.centres)

    @property
    def url(self) -> str:
        """Where they are rearranged."""
        return reverse("learning:provider-rearrange", args=[self.unit.key])


def to_rearrange(user: User) -> list[ToRearrange]:
    """The communes where the user decides on centres today and more than one stands; one query."""
    today = clock.today()
    found_at = access.scopes(user, Permission.PROVIDER_FOUND)
    units = [unit for unit in found_at if may_decide(CENTRE, levels={unit.level}, on=today)]
    here = Provider.objects.on(today).filter(access.within(units), kind=CENTRE, unit__level="commune")
    crowded = here.order_by().values("unit").annotate(number=Count("pk")).filter(number__gt=1).values("unit")
    rows = here.filter(unit__in=crowded).select_related("unit").order_by("unit__sort_key", "sort_key", "pk")
    found: dict[int, ToRearrange] = {}
    for row in rows:
        found.setdefault(row.unit_id, ToRearrange(row.unit, [])).centres.append(row)
    return list(found.values())


def centres_at(unit: Unit) -> list[Provider]:
    """The community learning centres that stand at a unit today."""
    rows = Provider.objects.on(clock.today()).filter(kind=CENTRE, unit=unit)
    return list(rows.select_related("unit").order_by("sort_key", "pk"))


# ---- for everybody -----------------------------------------------------------------------------------


def public_providers() -> QuerySet[Provider]:
    """The bodies that anybody may see: those that stand today and are shown."""
    shown = Provider.objects.on(clock.today()).filter(is_public=True)
    return shown.select_related("unit__parent").order_by("sort_key", "pk")


def public_provider(key: str) -> Provider:
    """A body as anybody sees it; one that has ended stays, so that old links lead somewhere. Raises: Missing."""
    rows = Provider.objects.select_related("unit__parent").filter(key=key, is_public=True)
    found: Provider | None = rows.first()
    if found is None or found.valid_from > clock.today():
        raise Missing("Không tìm thấy cơ sở học tập này.")
    return found


def to_come(provider: Provider, *, limit: int = 20) -> list[Activity]:
    """The activities of a body that anybody may see and that are not over; those that come first, first."""
    today = clock.today()
    rows = Activity.objects.filter(provider=provider, is_public=True, state="open")
    rows = rows.filter(Q(last_on__gte=today) | Q(last_on__isnull=True))
    return list(rows.order_by(F("first_on").asc(nulls_last=True), "pk")[:limit])


def latest_of(provider: Provider, *, limit: int = 10) -> list[Activity]:
    """The newest activities of a body, in any state."""
    return list(Activity.objects.filter(provider=provider).order_by(F("first_on").desc(nulls_last=True), "-pk")[:limit])

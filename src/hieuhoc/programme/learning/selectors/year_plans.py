"""Plans of centres' years: who has one, what stands in it, how far it has come, and the needs behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.models import Activity, Need, PlannedClass, Provider, YearPlan
from hieuhoc.programme.learning.rules import planning
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

NONE_YET = "none"


def centres_seen(user: User) -> QuerySet[Provider]:
    """The community learning centres that still stand where the user reads."""
    centres = Provider.objects.filter(kind="clc", valid_to__isnull=True).select_related("unit__parent")
    return access.visible(user, centres, Permission.LEARNING_READ)


def centre_seen(user: User, key: str) -> Provider:
    """One centre. Raises: Missing when there is none, or not for the user."""
    centres = Provider.objects.filter(kind="clc", key=key).select_related("unit__parent")
    found: Provider | None = access.visible(user, centres, Permission.LEARNING_READ).first()
    if found is None:
        raise Missing("Không tìm thấy trung tâm này trong phạm vi của bạn.")
    return found


def find_centres(user: User, *, year: int, text: str = "", state: str = "") -> QuerySet[Provider]:
    """Centres for the list of plans: by words, and by how their plan of the year stands (`none`: no plan yet)."""
    rows = centres_seen(user)
    for word in fold(text).split():
        rows = rows.filter(Q(folded__contains=word) | Q(unit__searched__contains=word))
    plans = YearPlan.objects.filter(provider=OuterRef("pk"), year=year)
    if state == NONE_YET:
        rows = rows.filter(~Exists(plans))
    elif state:
        rows = rows.filter(Exists(plans.filter(state=state)))
    return rows.order_by("unit__sort_key", "sort_key")


def plans_of(centres: list[Provider], *, year: int) -> dict[int, tuple[YearPlan, planning.Progress]]:
    """The plan of a year of each centre that has one, and how far it has come; by row key; two queries."""
    plans = {one.provider_id: one for one in YearPlan.objects.filter(provider__in=centres, year=year)}
    rows: dict[int, list[tuple[int | None, bool, bool]]] = {plan.pk: [] for plan in plans.values()}
    for plan, cost, made, held in _classes().filter(plan__in=rows).values_list("plan", "cost", "made", "held"):
        rows[plan].append((cost, bool(made), bool(held)))
    return {centre: (plan, planning.progress(rows[plan.pk])) for centre, plan in plans.items()}


def waiting_for(user: User) -> QuerySet[YearPlan]:
    """The plans that wait for the user's approval, the longest first; nobody approves their own."""
    rows = YearPlan.objects.filter(state="submitted").exclude(submitted_by=user).select_related("provider")
    seen = access.visible(user, rows, Permission.YEAR_PLAN_APPROVE, unit="provider__unit")
    return seen.order_by("submitted_at", "pk")


def returned_to(user: User) -> QuerySet[YearPlan]:
    """The plans that came back to the user, to be mended and submitted again."""
    rows = YearPlan.objects.filter(state="returned").select_related("provider")
    return access.visible(user, rows, Permission.YEAR_PLAN_MAKE, unit="provider__unit").order_by("-year", "pk")


def _classes() -> QuerySet[Any]:
    made = Activity.objects.filter(planned=OuterRef("pk")).exclude(state="cancelled")
    return PlannedClass.objects.annotate(made=Exists(made), held=Exists(made.filter(held_on__isnull=False))).order_by(
        "month", "pk"
    )


def classes_of(plan: YearPlan) -> list[Any]:
    """What stands in a plan, by month, each with whether it was `made` and `held`, and its activities."""
    return list(_classes().filter(plan=plan).select_related("topic").prefetch_related("activities"))


def plan_seen(user: User, centre: Provider, year: int) -> YearPlan | None:
    """The plan of a centre's year; whoever asks sees the centre."""
    return YearPlan.objects.filter(provider=centre, year=year).select_related("submitted_by").first()


def planned_seen(user: User, pk: int) -> PlannedClass:
    """One planned class. Raises: Missing when there is none, or not for the user."""
    rows = PlannedClass.objects.select_related("plan__provider__unit", "topic")
    seen = access.visible(user, rows, Permission.LEARNING_READ, unit="plan__provider__unit")
    found: PlannedClass | None = seen.filter(pk=pk).first()
    if found is None:
        raise Missing("Không tìm thấy lớp này trong kế hoạch của đơn vị bạn.")
    return found


def needs_of(centre: Provider, year: int) -> QuerySet[Need]:
    """What was noted of needs for a centre's year, hamlet by hamlet."""
    return (
        Need.objects.filter(provider=centre, year=year).select_related("topic", "unit").order_by("unit__sort_key", "pk")
    )


def need_seen(user: User, pk: int) -> Need:
    """One need. Raises: Missing when there is none, or not for the user."""
    rows = Need.objects.select_related("provider__unit", "topic", "unit")
    seen = access.visible(user, rows, Permission.LEARNING_READ, unit="provider__unit")
    found: Need | None = seen.filter(pk=pk).first()
    if found is None:
        raise Missing("Không tìm thấy dòng nhu cầu này trong phạm vi của bạn.")
    return found


def needs_summed(centre: Provider, year: int) -> list[tuple[str, int, int]]:
    """What is wished most: topic or words, people, hamlets that said so. Units: people; units."""
    rows = (
        Need.objects.filter(provider=centre, year=year)
        .values("topic__name", "words")
        .annotate(all=Sum("people"), places=Count("unit", distinct=True))
        .order_by("-all", "topic__name", "words")
    )
    return [(row["topic__name"] or row["words"], row["all"], row["places"]) for row in rows]

"""Who is in an activity, who waits, and how many sessions each was at."""

from collections import Counter

from django.db.models import Count, Prefetch, Q, QuerySet

from hieuhoc.kernel.errors import Missing
from hieuhoc.programme.learning.models import Activity, Attendance, Certificate, Enrolment
from hieuhoc.registers.people.models import Person

VALID = Prefetch("certificates", Certificate.objects.filter(revoked_on=None), to_attr="valid")
"""The certificate that holds, as a list of one or none: `enrolment.valid`."""
PRESENT = (Attendance.Mark.PRESENT, Attendance.Mark.LATE)


def enrolments_of(activity: Activity, *, state: str = "") -> QuerySet[Enrolment]:
    """The enrolments of an activity in order of arrival, each with `came`, the number of sessions it was at."""
    rows = activity.enrolments.select_related("person__unit", "person__same_as__unit").prefetch_related(VALID)
    rows = rows.filter(state=state) if state else rows
    return rows.annotate(came=Count("attendances", filter=Q(attendances__mark__in=PRESENT))).order_by("place")


def twice(activity: Activity) -> dict[int, int]:
    """The enrolments of people who stand in an activity twice, since two of their rows were joined: each with the place
    under which they came first.
    """
    rows = activity.enrolments.exclude(state="cancelled").order_by("place")
    first: dict[int, int] = {}
    found = {}
    for pk, place, person, same_as in rows.values_list("pk", "place", "person", "person__same_as"):
        kept = first.setdefault(same_as or person, place)
        if kept != place:
            found[pk] = kept
    return found


def counts(activity: Activity) -> Counter[str]:
    """How many enrolments of an activity stand in each state."""
    rows = activity.enrolments.order_by().values_list("state").annotate(number=Count("pk"))
    return Counter(dict(rows))


def enrolment_of(activity: Activity, pk: int) -> Enrolment:
    """One enrolment of an activity. Raises: Missing."""
    found = activity.enrolments.select_related("person__same_as", "activity").filter(pk=pk).first()
    if found is None:
        raise Missing("Không có người này trong danh sách lớp.")
    return found


def enrolment_by_secret(secret: str) -> Enrolment:
    """The enrolment of whoever holds its link. Raises: Missing."""
    rows = Enrolment.objects.select_related("activity__provider", "activity__unit", "person")
    found = rows.filter(secret=secret).first()
    if found is None:
        raise Missing("Liên kết này không còn hiệu lực.")
    return found


def turn_of(enrolment: Enrolment) -> int:
    """Which turn somebody has in the waiting list, the next to get a place being 1; 0 for whoever does not wait."""
    if enrolment.state != "waiting":
        return 0
    in_front = enrolment.activity.enrolments.filter(state="waiting", place__lt=enrolment.place)
    return in_front.count() + 1


def learning_of(person: Person, *, among: QuerySet[Activity]) -> QuerySet[Enrolment]:
    """What somebody has learnt and learns, under whichever of their rows, as far as it is among some activities."""
    rows = Enrolment.objects.filter(person__in=[person.pk, *person.joined.values_list("pk", flat=True)])
    rows = rows.filter(activity__in=among.order_by()).exclude(state="cancelled").select_related("activity__provider")
    rows = rows.prefetch_related(VALID).order_by("-activity__first_on", "-pk")
    return rows.annotate(came=Count("attendances", filter=Q(attendances__mark__in=PRESENT)))

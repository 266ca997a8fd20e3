"""Certificates of an activity, and the one that somebody checks."""

from django.db.models import QuerySet

from hieuhoc.foundation.records import clock
from hieuhoc.kernel.errors import Missing
from hieuhoc.programme.learning.models import Activity, Certificate, Enrolment, Post
from hieuhoc.programme.learning.rules.certificates import code_of


def certificates_of(activity: Activity) -> QuerySet[Certificate]:
    """The certificates issued for an activity, the last first; revoked ones too."""
    rows = Certificate.objects.filter(enrolment__activity=activity)
    return rows.select_related("enrolment__person__same_as", "enrolment__activity__provider").order_by("-pk")


def certificate_of(activity: Activity, pk: int) -> Certificate:
    """One certificate of an activity. Raises: Missing."""
    found = certificates_of(activity).filter(pk=pk).first()
    if found is None:
        raise Missing("Không có giấy chứng nhận này.")
    return found


def to_issue(activity: Activity) -> QuerySet[Enrolment]:
    """Those who have completed and hold no certificate, in order of arrival."""
    holding = Certificate.objects.filter(enrolment__activity=activity, revoked_on=None).values("enrolment")
    rows = activity.enrolments.filter(state="completed").exclude(pk__in=holding).exclude(person__folded="")
    return rows.select_related("person__same_as").order_by("place")


def checked(code: str) -> Certificate | None:
    """The certificate with exactly this code, however it is written; none where nobody issued it."""
    rows = Certificate.objects.select_related("enrolment__person__same_as", "enrolment__activity__provider__unit")
    return rows.filter(code=code_of(code)).first()


def hours_of(activity: Activity) -> int:
    """How long the sessions held were together. Units: whole hours."""
    spans = activity.sessions.filter(state="held").values_list("starts_at", "ends_at")
    return round(sum((end - start).total_seconds() for start, end in spans) / 3600)


def director_of(activity: Activity) -> str:
    """Who leads the provider on the day it is asked, to sign; empty where nobody is noted."""
    posts = Post.objects.on(clock.today()).filter(provider=activity.provider_id, role="director")
    found = posts.order_by("-valid_from").first()
    return str(found.name) if found else ""

"""Jobs as their owner sees them; nobody else does."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from hieuhoc.foundation.jobs import states
from hieuhoc.foundation.jobs.models import Job, Result
from hieuhoc.foundation.records.trail import Actor
from hieuhoc.kernel.errors import Missing


def jobs_of(user: Actor) -> QuerySet[Job]:
    """The user's own jobs, newest first."""
    return Job.objects.filter(owner_key=user.actor_key).select_related("result")


def job_of(user: Actor, pk: int) -> Job:
    """One of the user's own jobs. Raises: Missing, also for those of others."""
    found = jobs_of(user).filter(pk=pk).first()
    if found is None:
        raise Missing(_("Không có việc chạy nền này, hoặc việc này của người khác."))
    return found


def open_jobs(*, kind: str, parameters: dict[str, Any]) -> QuerySet[Job]:
    """The jobs of a kind that wait or run with these parameters, whoever asked for them, the oldest first."""
    return Job.objects.filter(kind=kind, parameters=parameters, state__in=states.OPEN).order_by("queued_at", "pk")


def outcomes(job: Job) -> dict[str, int]:
    """How many items came to which end: {"ok": 98, "refused": 2}."""
    counted = job.results.aggregate(
        ok=Count("pk", filter=Q(outcome=Result.Outcome.OK)),
        refused=Count("pk", filter=Q(outcome=Result.Outcome.REFUSED)),
    )
    return {name: int(count) for name, count in counted.items()}


def results(job: Job, *, outcome: str = "") -> QuerySet[Result]:
    """What became of the items, in the order in which they were done."""
    return job.results.filter(outcome=outcome) if outcome else job.results.all()

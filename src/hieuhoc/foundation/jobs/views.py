"""The pages of one's own jobs: the list, one job while it runs and afterwards, its file."""

from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hieuhoc.foundation.jobs import selectors, services
from hieuhoc.foundation.jobs.models import Job, Result
from hieuhoc.foundation.records import attachments
from hieuhoc.foundation.records.trail import Actor
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Missing

STOP_POLLING = 286
"""The status with which htmx stops asking."""


def _user(request: HttpRequest) -> Actor:
    return cast(Actor, request.user)


@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    page = pages.page_of(request, selectors.jobs_of(_user(request)))
    return pages.render(request, "jobs/job_list.html", {"page": page}, fragment="jobs/_jobs.html")


@never_cache
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    job = selectors.job_of(_user(request), pk)
    crumbs = [{"label": _("Việc chạy nền của tôi"), "url": reverse("jobs:list")}, {"label": job.title}]
    return pages.render(request, "jobs/job_detail.html", shown(request, job) | {"crumbs": crumbs})


@never_cache
@require_safe
def fragment(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes while the job runs. Answered so that htmx asks again until it has ended."""
    job = selectors.job_of(_user(request), pk)
    status = 200 if job.is_open else STOP_POLLING
    return pages.render(request, "jobs/_job.html", shown(request, job), status=status)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    user = _user(request)
    job = services.stop(by=user, job=selectors.job_of(user, pk))
    messages.success(request, _("Đã dừng. Những mục đã làm xong vẫn giữ nguyên."))
    return redirect(job)


@require_safe
def result(request: HttpRequest, pk: int) -> FileResponse:
    job = selectors.job_of(_user(request), pk)
    if job.result is None:
        raise Missing(_("Việc này chưa có, hoặc không có, tệp kết quả."))
    return attachments.response(job.result)


def shown(request: HttpRequest, job: Job) -> dict[str, Any]:
    """What `jobs/_live.html` needs, for the page of any app that shows a job."""
    asked = request.GET.get("show", "")
    outcome = asked if asked in Result.Outcome.values else ""
    counted = selectors.outcomes(job)
    address = reverse("jobs:detail", args=[job.pk])
    tabs = [
        ("", _("Tất cả"), counted["ok"] + counted["refused"]),
        ("ok", _("Đã nhận"), counted["ok"]),
        ("refused", _("Không nhận"), counted["refused"]),
    ]
    return {
        "job": job,
        "page": pages.page_of(request, selectors.results(job, outcome=outcome)),
        "outcome": outcome,
        "refused": counted["refused"],
        "tabs": [
            {"label": label, "url": f"{address}?show={key}" if key else address, "active": key == outcome, "count": n}
            for key, label, n in tabs
        ],
        "state": {"waiting": "neutral", "running": "wait", "done": "done", "failed": "late", "stopped": "returned"}[
            job.state
        ],
        # Said aloud in tenths only: a screen reader would not come to rest otherwise.
        "tenths": 10 * (10 * job.done // job.total) if job.total else 0,
    }

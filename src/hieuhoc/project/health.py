"""Two addresses for whoever watches over the server; they stand before host checks, sessions and sign-in."""

from collections.abc import Callable

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

LIVE = "/health/live"
READY = "/health/ready"


class HealthMiddleware:
    """Answers `/health/live` (the process runs) and `/health/ready` (database reached and up to date)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == LIVE:
            return JsonResponse({"live": True})
        if request.path == READY:
            problem = _problem()
            return JsonResponse({"ready": not problem, "problem": problem}, status=503 if problem else 200)
        return self.get_response(request)


def missing_migrations() -> list[str]:
    """The migrations that the database still lacks, in their order: "plans.0001_first"."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _problem() -> str | None:
    try:
        if missing_migrations():
            return "the database lacks migrations"
    except Error:
        return "the database does not answer"
    return None

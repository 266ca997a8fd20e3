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


def _problem() -> str | None:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "the database lacks migrations"
    except Error:
        return "the database does not answer"
    return None

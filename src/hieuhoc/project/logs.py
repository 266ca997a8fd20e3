"""One structured line for every request: what was asked, what was answered, how long it took."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("hieuhoc.requests")

SECRETS = frozenset(
    {
        "secret",
        "learning:certificate-check code",
        "account_reset_password_from_key key",
        "account_confirm_email key",
    }
)
"""Parts of addresses that open what they name: by their name, or by the name of the page and theirs."""


def configure() -> None:
    """Send what is logged through Python's own logging, in the form that the settings choose."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def shown_path(request: HttpRequest) -> str:
    """The path as it may stand in a log: words of it by which whoever knows them is let in are left out."""
    path, match = request.path, request.resolver_match
    if match is None:
        return path
    for name, value in match.kwargs.items():
        if name in SECRETS or f"{match.view_name} {name}" in SECRETS:
            path = path.replace(str(value), "…")
    return path


class RequestLogMiddleware:
    """Logs each request with an id, which is also sent back in the header `X-Request-ID`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = uuid.uuid4().hex[:12]
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            log.info(
                "request",
                method=request.method,
                path=shown_path(request),
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
        response["X-Request-ID"] = request_id
        return response

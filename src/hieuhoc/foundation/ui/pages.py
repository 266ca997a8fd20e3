"""From a view's answer to a page: whole pages and fragments, paging, downloads, and errors as pages.

The kernel's errors become pages here and nowhere else; no view catches them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render as render_template
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_htmx.middleware import HtmxDetails

from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Conflict, HouseError, Invalid, Missing, Refused
from hieuhoc.kernel.vietnamese import fold

Row = TypeVar("Row")
Text = str | Promise

PER_PAGE = 50
_UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of a page; following a link or going back wants the whole page."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Render the page, or only its `fragment` where htmx asks for it.

    The page includes the very same fragment, so there is one truth for each piece of markup.
    """
    chosen = fragment if fragment and wants_fragment(request) else template
    response = render_template(request, chosen, dict(context or {}), status=status)
    if fragment:
        patch_vary_headers(response, ["HX-Request"])
    return response


def page_of(request: HttpRequest, rows: "QuerySet[Any] | Sequence[Row]", per_page: int = PER_PAGE) -> Page[Any]:
    """The page of `rows` that `?page=` names; the first or the last one where that makes no sense.

    Units: `per_page` rows.
    """
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def options(found: Iterable[tuple[str, str, str]]) -> JsonResponse:
    """The answer to a search-select's question: (value, label, note) of each suggestion, best first."""
    return JsonResponse({"options": [{"value": value, "label": label, "note": note} for value, label, note in found]})


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to keep, under a name that may be Vietnamese (RFC 6266 and 5987), never shown in place."""
    safe = _UNSAFE_IN_NAMES.sub("-", name).strip(" .-") or "tep"
    plain = fold(safe).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9.]+", "-", plain).strip("-") or "tep"
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@dataclass(frozen=True)
class Trouble:
    """What an error page says: what happened, and what to do next."""

    status: int
    title: Text
    sentence: Text
    next_step: Text


REFUSED = Trouble(
    HTTPStatus.FORBIDDEN,
    _("Việc này không thuộc quyền của bạn"),
    _("Bạn xem được nội dung này nhưng vai trò hiện nay của bạn không cho phép làm việc vừa chọn."),
    _("Nếu bạn được giao làm việc này, hãy nhờ quản trị viên của đơn vị cấp quyền."),
)
MISSING = Trouble(
    HTTPStatus.NOT_FOUND,
    _("Không tìm thấy trang"),
    _("Trang này không có, đã được chuyển đi, hoặc không thuộc phạm vi đơn vị của bạn."),
    _("Hãy xem lại địa chỉ, tìm theo tên, hoặc quay về trang đầu."),
)
CONFLICT = Trouble(
    HTTPStatus.CONFLICT,
    _("Nội dung vừa thay đổi"),
    _("Có người vừa cập nhật nội dung này trước bạn."),
    _("Hãy mở lại trang để xem bản mới nhất, rồi làm lại nếu vẫn cần."),
)
INVALID = Trouble(
    HTTPStatus.UNPROCESSABLE_ENTITY,
    _("Chưa thể nhận nội dung này"),
    _("Nội dung vừa gửi chưa hợp lệ."),
    _("Hãy quay lại trang trước, sửa chỗ được nêu rồi gửi lại. Chưa có gì được lưu."),
)
EXPIRED = Trouble(
    HTTPStatus.FORBIDDEN,
    _("Biểu mẫu đã hết hiệu lực"),
    _("Trang được mở quá lâu, hoặc trình duyệt không cho phép lưu cookie, nên yêu cầu bị từ chối để bảo vệ bạn."),
    _("Hãy quay lại trang trước, tải lại trang rồi gửi lại. Chưa có gì được lưu."),
)
WRONG = Trouble(
    HTTPStatus.BAD_REQUEST,
    _("Yêu cầu không đúng dạng"),
    _("Trình duyệt đã gửi một yêu cầu mà hệ thống không hiểu."),
    _("Hãy quay lại trang trước và thử lại."),
)
BROKEN = Trouble(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    _("Hệ thống gặp lỗi"),
    _("Lỗi ở phía hệ thống, không phải do bạn. Sự việc đã được ghi lại."),
    _("Hãy thử lại sau ít phút. Nếu vẫn lỗi, hãy báo quản trị viên kèm thời điểm xảy ra."),
)
_BY_ERROR: tuple[tuple[type[HouseError], Trouble], ...] = (
    (Refused, REFUSED),
    (Missing, MISSING),
    (Conflict, CONFLICT),
    (Invalid, INVALID),
)


IN_TROUBLE = "hieuhoc.in_trouble"
"""Set in `request.META` while a page of trouble is written: what stands around it asks the database nothing more."""


def trouble_page(request: HttpRequest, trouble: Trouble, sentence: str = "") -> HttpResponse:
    """The page, or for htmx the notice, that says what happened and what to do next."""
    request.META[IN_TROUBLE] = True
    context = {"trouble": trouble, "sentence": sentence or trouble.sentence}
    if wants_fragment(request):
        response = render_template(request, "ui/pages/_trouble.html", context, status=trouble.status)
        response["HX-Retarget"] = "#notices"
        response["HX-Reswap"] = "innerHTML show:window:top"
        return response
    return render_template(request, "ui/pages/error.html", context, status=trouble.status)


class ErrorPagesMiddleware:
    """Turns the kernel's four errors into pages: Refused 403, Missing 404, Conflict 409, Invalid 422."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # No text of ours holds this character, and PostgreSQL accepts none that does.
        if "\0" in unquote(request.META.get("QUERY_STRING", "")) or "\0" in request.path:
            return trouble_page(request, WRONG)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        for error, trouble in _BY_ERROR:
            if isinstance(exception, error):
                return trouble_page(request, trouble, say(exception))
        return None


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return trouble_page(request, WRONG)


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return trouble_page(request, REFUSED)


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return trouble_page(request, MISSING)


def handler500(request: HttpRequest) -> HttpResponse:
    """The last page: no context processor runs, for the database itself may be what failed."""
    page = render_to_string("ui/pages/broken.html", {"trouble": BROKEN, "sentence": BROKEN.sentence})
    return HttpResponse(page, status=BROKEN.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For the setting CSRF_FAILURE_VIEW."""
    return trouble_page(request, EXPIRED)

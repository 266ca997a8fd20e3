"""What every part of the contract stands on: who asks, how often, in which language, pages of lists, and errors.

The kernel's errors, and whatever else goes wrong under `/api/`, become JSON here and nowhere else.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, gettext_noop
from ninja import Field, Header, Path, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle
from pydantic import StringConstraints

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Conflict, HouseError, Invalid, Missing, Refused
from hieuhoc.registers.accounts import selectors as accounts
from hieuhoc.registers.accounts import services as tokens
from hieuhoc.registers.accounts.access import UserRequest

_ = gettext_noop  # the description is put into the reader's language when it is shown

PREFIX = "/api/"
PER_MINUTE = 300
_MINUTE = 60
MOST = 2**63 - 1
PER_PAGE, MOST_PER_PAGE, MOST_PAGES = 50, 200, 100_000

# ---- who asks --------------------------------------------------------------------------------------


class TokenAuth(HttpBearer):
    """A person's own token in the header `Authorization: Bearer …`, and nothing else: no session, no address."""

    def __call__(self, request: HttpRequest) -> Any:
        speak(request)
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = accounts.token_by_digest(tokens.token_digest(token.strip()), now=clock.now())
        if found is None:
            return None
        tokens.note_token_use(token=found)
        # Whoever may be signed in to the pages in the same browser has no part in this.
        request.user = found.user
        speak(request, usual=found.user.language)
        return found


def speak(request: HttpRequest, *, usual: str = settings.LANGUAGE_CODE) -> None:
    """Speak as the request asks (`Accept-Language: en`), else as is usual for whoever asks."""
    asked = [part.split(";")[0].strip()[:2].lower() for part in request.headers.get("Accept-Language", "").split(",")]
    translation.activate(next((code for code in asked if code in dict(settings.LANGUAGES)), usual))


class TokenThrottle(BaseThrottle):
    """So many requests a minute for each token. It keeps nothing itself: one serves all threads."""

    def allow_request(self, request: HttpRequest) -> bool:
        key = f"api:{request.auth.pk}:{int(time.time()) // _MINUTE}"  # type: ignore[attr-defined]  # set by ninja
        cache.add(key, 0, timeout=2 * _MINUTE)
        try:
            return cache.incr(key) <= PER_MINUTE
        except ValueError:  # the cache dropped it in between
            return True

    def wait(self) -> float:
        return _MINUTE - time.time() % _MINUTE


def may_report(request: UserRequest) -> None:
    """Let a token pass that may do more than read. Raises: Refused."""
    if not request.auth.may_report:  # type: ignore[attr-defined]  # set by ninja
        raise Refused(gettext("Mã truy cập này chỉ để đọc. Hãy tạo mã được phép báo tiến độ và nêu vướng mắc."))


# ---- what is done once ----------------------------------------------------------------------------

OnceKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        pattern=r"^[!-~]+$",
        description=_(
            "Khóa do chương trình đặt, mới cho mỗi báo cáo. Gửi lại cùng khóa và cùng nội dung trong 7 ngày thì nhận "
            "lại câu trả lời đầu tiên, không ghi hai lần."
        ),
    ),
]


def once(
    request: UserRequest, response: HttpResponse, key: str | None, sent: Schema, answer: Callable[[], Schema]
) -> Status[Any]:
    """The deed is done; with a key only once, and whoever asks again is given the first answer."""
    if key is None:
        return Status(201, answer())
    body, is_repeated = tokens.answer_once(
        token=request.auth,  # type: ignore[attr-defined]  # set by ninja
        key=key,
        asked=json.dumps([request.method, request.path, sent.model_dump(mode="json")], sort_keys=True),
        answer=lambda: answer().model_dump(mode="json"),
    )
    if is_repeated:
        response["Idempotency-Replayed"] = "true"
    return Status(201, body)


# ---- pages of lists --------------------------------------------------------------------------------

_NO_NUL = r"^[^\x00]*$"  # text that every database takes
Number = Annotated[int, Path(ge=1, le=MOST, description=_("Số của dòng này, như trong địa chỉ trang; không dùng lại."))]
Words = Annotated[str, StringConstraints(pattern=_NO_NUL)]


class Paging(Schema):
    """Which piece of a list is wanted."""

    page: int = Field(1, ge=1, le=MOST_PAGES, description=_("Trang thứ mấy, từ 1. Trang sau trang cuối thì rỗng."))
    per_page: int = Field(PER_PAGE, ge=1, le=MOST_PER_PAGE, description=_("Số dòng mỗi trang, nhiều nhất 200."))


class Listed(Schema):
    """What stands around the lines of every list."""

    as_of: date = Field(description=_("Ngày mà các số liệu và trạng thái trong danh sách này nói về."))
    count: int = Field(description=_("Tổng số dòng của mọi trang (dòng)."))
    page: int = Field(description=_("Trang này."))
    per_page: int = Field(description=_("Số dòng mỗi trang."))
    pages: int = Field(description=_("Tổng số trang."))


def piece(found: QuerySet[Any], asked: Paging) -> tuple[Sequence[Any], dict[str, int]]:
    """The rows of the page that is asked for, and what the list says of itself. Two queries."""
    count, start = found.order_by().count(), (asked.page - 1) * asked.per_page
    rows = list(found[start : start + asked.per_page]) if start < count else []
    pages = max(1, math.ceil(count / asked.per_page))
    return rows, {"count": count, "page": asked.page, "per_page": asked.per_page, "pages": pages}


# ---- what goes wrong -------------------------------------------------------------------------------


class FieldProblem(Schema):
    """What is wrong with one field."""

    field: str = Field(description=_("Tên trường, như trong yêu cầu."))
    message: str = Field(description=_("Câu nói cho người đọc, theo ngôn ngữ của yêu cầu."))


class Problem(Schema):
    """Why a request was not done."""

    code: str = Field(description=_("Mã để chương trình rẽ nhánh: không đổi theo ngôn ngữ."))
    message: str = Field(description=_("Câu nói cho người đọc, theo ngôn ngữ của yêu cầu."))
    fields: list[FieldProblem] = Field(description=_("Các trường có lỗi, nếu biết."))


_KINDS: dict[int, tuple[str, str]] = {
    400: ("wrong_request", _("Yêu cầu không đúng dạng.")),
    401: ("no_token", _("Thiếu mã truy cập, hoặc mã đã hết hạn hay bị thu hồi.")),
    403: ("refused", _("Việc này không thuộc quyền của mã truy cập hoặc của chủ mã.")),
    404: ("missing", _("Không tìm thấy trong phạm vi của bạn.")),
    405: ("wrong_method", _("Địa chỉ này không nhận phương thức ấy.")),
    409: ("conflict", _("Nội dung vừa thay đổi hoặc không còn ở trạng thái cho phép.")),
    422: ("invalid", _("Có trường chưa hợp lệ.")),
    429: ("too_many", _("Quá nhiều yêu cầu. Hãy chờ rồi gửi lại.")),
    500: ("broken", _("Hệ thống gặp lỗi. Sự việc đã được ghi lại.")),
}
READ_PROBLEMS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Problem, 429: Problem}
WRITE_PROBLEMS = {**READ_PROBLEMS, 409: Problem}
_STATUS: tuple[tuple[type[HouseError], HTTPStatus], ...] = (
    (Refused, HTTPStatus.FORBIDDEN),
    (Missing, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
)


def problem_kinds() -> list[tuple[int, str, str]]:
    """Status, code and usual sentence of everything that may go wrong, in the reader's language."""
    return [(status, code, gettext(said)) for status, (code, said) in _KINDS.items()]


def usual_sentence(status: int) -> str:
    """What is said of a status where nothing nearer is known, in the language of the source."""
    return _KINDS[status][1]


def problem(status: int, message: str = "", fields: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """The answer to a request that is not done."""
    code, usual = _KINDS.get(status, _KINDS[500 if status >= 500 else 400])
    body = {
        "code": code,
        "message": message or gettext(usual),
        "fields": [{"field": name, "message": said} for name, said in fields],
    }
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def on_house_error(request: HttpRequest, error: HouseError) -> HttpResponse:
    """Refused 403, Missing 404, Conflict 409, Invalid 422 with its field."""
    status = next(number for kind, number in _STATUS if isinstance(error, kind))
    sentence = say(error)
    field = error.field if isinstance(error, Invalid) else ""
    return problem(status, sentence, [(field, sentence)] if field else ())


def on_no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """401, and by which scheme to come again."""
    answer = problem(HTTPStatus.UNAUTHORIZED)
    wrong = ', error="invalid_token"' if request.headers.get("Authorization") else ""
    answer["WWW-Authenticate"] = f'Bearer realm="hieuhoc"{wrong}'
    return answer


def on_ninja_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the library itself refuses: a body that is no JSON, too many requests."""
    return problem(error.status_code)


def on_wrong_values(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 with every field that is wrong, each with a sentence in the reader's language."""
    found = [(_field(one.get("loc", ())), _sentence(one)) for one in error.errors]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, fields=list(dict.fromkeys(found)))


def _field(place: Sequence[Any]) -> str:
    """The name of a field from its place: ("body", "sent", "percent") is `percent`."""
    names = [str(step) for step in place if isinstance(step, str)]
    return names[-1] if len(names) > 1 else ""


_SENTENCES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("missing",), _("Thiếu trường này.")),
    (("extra",), _("Không có trường này.")),
    (("int", "float"), _("Hãy ghi một số nguyên.")),
    (("date",), _("Hãy ghi ngày như 2025-07-01.")),
    (("bool",), _("Hãy ghi true hoặc false.")),
    (("literal", "enum"), _("Giá trị này không có trong danh sách cho phép.")),
    (("greater", "less"), _("Số này nằm ngoài khoảng cho phép.")),
    (("string_too", "string_pattern"), _("Độ dài hoặc ký tự không được nhận.")),
    (("string",), _("Hãy ghi một đoạn chữ.")),
)


def _sentence(one: dict[str, Any]) -> str:
    kind = str(one.get("type", ""))
    return gettext(next((said for starts, said in _SENTENCES if kind.startswith(starts)), _KINDS[422][1]))


class ApiErrorsMiddleware:
    """Whatever goes wrong under `/api/` before or beyond our own views is said in JSON too, and no answer is kept.

    An address that does not exist, a method that is not taken, a host that is not ours, a failure: Django and the
    library answer these with pages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if not request.path.startswith(PREFIX):
            return answer
        if answer.status_code >= HTTPStatus.BAD_REQUEST and "json" not in answer.get("Content-Type", ""):
            said = problem(answer.status_code)
            if answer.has_header("Allow"):
                said["Allow"] = answer["Allow"]
            answer = said
        answer.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(answer, ["Authorization", "Accept-Language"])
        return answer

"""The public contract, version 1. Its promise is `tests/api/openapi.json`: a change is a diff there."""

from functools import cache

from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from hieuhoc.api import base, figures, learning, materials, own, plans, reports, units
from hieuhoc.kernel.errors import HouseError

_ = gettext_noop


class Renderer(JSONRenderer):
    """JSON that a person can read too: Vietnamese letters as they are."""

    json_dumps_params = {"ensure_ascii": False}


class Contract(NinjaAPI):
    """One version of the contract, whose operations are called in its document as in the code."""

    def get_openapi_operation_id(self, operation: object) -> str:
        return str(operation.view_func.__name__)  # type: ignore[attr-defined]  # one of ninja's operations


api = Contract(
    title=_("Hiếu Học: giao diện lập trình"),
    version="1",
    description=_(
        "Chương trình của cơ quan đọc dữ liệu, báo tiến độ và nêu vướng mắc thay một người dùng, đúng trong phạm vi "
        "vai trò của người ấy."
    ),
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    renderer=Renderer(),
    auth=base.TokenAuth(),
    throttle=[base.TokenThrottle()],
)
api.add_router("", own.router)
api.add_router("", units.router)
api.add_router("", figures.router)
api.add_router("", reports.router)
api.add_router("", learning.router)
api.add_router("", materials.router)
api.add_router("", plans.plans_router)
api.add_router("", plans.work_router)
api.add_router("", plans.obstacles_router)

api.exception_handler(HouseError)(base.on_house_error)
api.exception_handler(AuthenticationError)(base.on_no_token)
api.exception_handler(HttpError)(base.on_ninja_error)
api.exception_handler(ValidationError)(base.on_wrong_values)


DONE = {200: _("Được."), 201: _("Đã ghi.")}


@cache
def document() -> OpenAPISchema:
    """The contract as an OpenAPI document, its descriptions in Vietnamese, the language of the source."""
    found = api.get_openapi_schema()
    for schema in found["components"]["schemas"].values():
        schema.pop("description", None)  # a class's own words are for whoever reads the code
    for methods in found["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                response["description"] = DONE.get(int(status)) or base.usual_sentence(int(status))
    return found

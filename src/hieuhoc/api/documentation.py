"""The contract's description: as an OpenAPI document for programs, and as a page of the house for people.

The page is made from the document, so the two cannot disagree. It loads nothing from outside.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.api import base, v1
from hieuhoc.foundation.ui import pages

Described = dict[str, Any]

_TOLD = {"summary", "description"}
_METHODS = ("get", "post")


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, described in the language that is asked for."""
    base.speak(request)
    return JsonResponse(_in_words(v1.document()), json_dumps_params={"ensure_ascii": False, "indent": 1})


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The contract to read: every address with what it takes and gives."""
    document = _in_words(v1.document())
    layout = "ui/base.html" if request.user.is_authenticated else "ui/public.html"
    context = {
        "layout": layout,
        "title": document["info"]["title"],
        "lead": document["info"]["description"],
        "groups": _groups(document),
        "schemas": [_schema(name, one) for name, one in sorted(document["components"]["schemas"].items())],
        "columns": [{"label": label} for label in (_("Tên"), _("Kiểu"), _("Cần có"), _("Nghĩa"))],
        "problems": [[str(status), code, said] for status, code, said in base.problem_kinds()],
        "problem_columns": [{"label": label} for label in (_("Số"), "code", _("Nghĩa"))],
        "address": request.build_absolute_uri(reverse("api:list_units")),
        "per_minute": base.PER_MINUTE,
    }
    return pages.render(request, "api/docs.html", context)


def _in_words(document: Any) -> Any:
    """The document with its descriptions in the reader's language."""
    if isinstance(document, list):
        return [_in_words(one) for one in document]
    if not isinstance(document, dict):
        return copy.copy(document)
    found = {name: _in_words(value) for name, value in document.items()}
    for name in _TOLD & found.keys():
        if isinstance(found[name], str) and found[name]:
            found[name] = _(found[name])
    if "openapi" in found:
        found["info"]["title"] = _(found["info"]["title"])
    if "operationId" in found:
        found["tags"] = [_(tag) for tag in found.get("tags", ())]
    return found


def _groups(document: Described) -> list[Described]:
    groups: dict[str, list[Described]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                operation = methods[method]
                groups.setdefault(operation["tags"][0], []).append(_operation(method, path, operation))
    return [{"title": title, "operations": found} for title, found in groups.items()]


def _operation(method: str, path: str, operation: Described) -> Described:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "takes": [
            _row(one["name"], _said_or_not(one["schema"]), one.get("required", False), one.get("description", ""))
            for one in operation.get("parameters", ())
        ],
        "body": _reference(body) if body else None,
        "gives": [
            {"status": status, "what": _reference(_content(one)), "said": one["description"]}
            for status, one in operation["responses"].items()
            if str(status).startswith("2")
        ],
        "problems": ", ".join(str(status) for status in operation["responses"] if not str(status).startswith("2")),
    }


def _said_or_not(schema: Described) -> Described:
    """The type of a parameter: one that is not sent has none, so `null` is not told."""
    return (
        schema | {"anyOf": [one for one in schema["anyOf"] if one != {"type": "null"}]} if "anyOf" in schema else schema
    )


def _content(response: Described) -> Described:
    schema: Described = response["content"]["application/json"]["schema"]
    return schema


def _schema(name: str, schema: Described) -> Described:
    needed = schema.get("required", ())
    rows = [
        _row(field, one, field in needed, one.get("description", "")) for field, one in schema["properties"].items()
    ]
    return {"name": name, "rows": rows}


def _row(name: str, schema: Described, needed: bool, said: str) -> list[Any]:
    reference = next(_references(schema), "")
    kind: Any = {"text": _kind(schema), "url": f"#{reference}"} if reference else _kind(schema)
    return [name, kind, _("có") if needed else _("không"), said or schema.get("description", "")]


def _reference(schema: Described) -> dict[str, str]:
    name = next(_references(schema), "")
    return {"name": name, "url": f"#{name}"}


def _references(schema: Any) -> Iterator[str]:
    """The names of the shapes that a type speaks of."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rsplit("/", 1)[-1]
        for one in schema.values():
            yield from _references(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from _references(one)


def _held(schema: Described) -> Described | None:
    """What a mapping holds under each of its keys, whether or not its keys are bound to a pattern."""
    among = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
    return next((one for one in among if isinstance(one, dict)), None)


def _kind(schema: Described) -> str:
    """A type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if several := schema.get("anyOf") or schema.get("allOf"):
        return " | ".join(_kind(one) for one in several)
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'])}]"
    if held := _held(schema):
        return f"{{… : {_kind(held)}}}"
    words = {
        "date": _("ngày (2025-07-01)"),
        "date-time": _("lúc (ISO 8601)"),
        "integer": _("số nguyên"),
        "number": _("số"),
        "string": _("chữ"),
        "boolean": _("true, false"),
        "null": "null",
    }
    return words.get(schema.get("format", ""), words.get(schema.get("type", ""), ""))

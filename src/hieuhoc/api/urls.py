"""Addresses of the contract: `/api/v1/…`. All but its own description ask for a token."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from hieuhoc.api import documentation, v1

_operations, _app_name, _namespace = v1.api.urls
for _operation in _operations:
    # Not the sign-in of the pages: each operation asks for a token itself.
    if isinstance(_operation, URLPattern) and callable(_operation.callback):
        login_not_required(_operation.callback)

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/openapi.json", documentation.openapi, name="api-openapi"),
    path("v1/docs", documentation.docs, name="api-docs"),
    path("v1/", (_operations, _app_name, _namespace)),
]

"""Addresses of the pages of indicators and targets; each views module lists its own."""

from hieuhoc.registers.indicators.views import changes, definitions, targets

app_name = "indicators"
urlpatterns = [
    *definitions.urlpatterns,
    *targets.urlpatterns,
    *changes.urlpatterns,
    *definitions.detail_urlpatterns,
]

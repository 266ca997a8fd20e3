"""The table of addresses. Plans stand at the root; everything else has a first word of its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from hieuhoc.foundation.ui import pages
from hieuhoc.registers.accounts import urls as accounts

# Maintenance is entered by the same door as everything else, second factor and all.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # allauth's own way

urlpatterns = [
    path("accounts/", include(accounts.accounts)),
    path("accounts/", include(accounts.sign_in_urlpatterns)),
    path("units/", include(accounts.units_register)),
    path("indicators/", include("hieuhoc.registers.indicators.urls")),
    path("", include("hieuhoc.registers.people.urls")),
    path("", include("hieuhoc.reports.urls")),
    path("", include("hieuhoc.programme.learning.urls")),
    path("api/", include("hieuhoc.api.urls")),
    path("maintenance/", admin.site.urls),
    path("language/", login_not_required(set_language), name="set_language"),
    path("", include("hieuhoc.foundation.jobs.urls")),
    path("", include("hieuhoc.foundation.ui.urls")),
    path("", include("hieuhoc.programme.plans.urls")),
]

handler400 = pages.handler400
handler403 = pages.handler403
handler404 = pages.handler404
handler500 = pages.handler500

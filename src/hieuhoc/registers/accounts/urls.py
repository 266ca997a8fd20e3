"""Addresses of accounts and of the register's pages: `/accounts/…` and `/units/…`."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from hieuhoc.registers.accounts.views import history, own, people, units

accounts_urlpatterns: list[URLPattern | URLResolver] = [
    path("people/", people.user_list, name="user-list"),
    path("people/download/", people.user_download, name="user-download"),
    path("people/invitations/", people.invitation_list, name="invitation-list"),
    path("people/invitations/new/", people.invitation_create, name="invitation-create"),
    path("people/invitations/<int:pk>/again/", people.invitation_again, name="invitation-again"),
    path("people/invitations/<int:pk>/withdraw/", people.invitation_withdraw, name="invitation-withdraw"),
    path("people/<int:pk>/", people.user_detail, name="user-detail"),
    path("people/<int:pk>/edit/", people.user_edit, name="user-edit"),
    path("people/<int:pk>/suspend/", people.user_suspend, name="user-suspend"),
    path("people/<int:pk>/restore/", people.user_restore, name="user-restore"),
    path("people/<int:pk>/grants/new/", people.grant_create, name="grant-create"),
    path("people/<int:pk>/grants/<int:grant_pk>/end/", people.grant_end, name="grant-end"),
    path("invitation/<str:secret>/", own.invitation_accept, name="invitation-accept"),
    path("roles/", own.role_list, name="role-list"),
    path("trail/", history.trail, name="trail"),
    path("profile/", own.profile, name="profile"),
    path("demonstration/", own.demonstration, name="demonstration"),
    path("demonstration/<int:pk>/", own.demonstration_enter, name="demonstration-enter"),
]

unit_urlpatterns: list[URLPattern | URLResolver] = [
    path("", units.unit_list, name="list"),
    path("download/", units.unit_download, name="download"),
    path("options/", units.unit_options, name="options"),
    path("new/", units.unit_create, name="create"),
    path("<slug:key>/", units.unit_detail, name="detail"),
    path("<slug:key>/edit/", units.unit_edit, name="edit"),
    path("<slug:key>/end/", units.unit_end, name="end"),
]

# Signing in is django-allauth's. What opens accounts or changes addresses there is closed: accounts come by invitation.
_CLOSED = "signup|email|confirm-email|password/set|login/code"
sign_in_urlpatterns: list[URLPattern | URLResolver] = [
    re_path(rf"^(?:{_CLOSED})/(?P<rest>.*)$", own.closed),
    path("", include("allauth.urls")),
]

accounts = (accounts_urlpatterns, "accounts")
units_register = (unit_urlpatterns, "units")

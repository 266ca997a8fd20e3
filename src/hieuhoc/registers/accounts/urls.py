"""Addresses of accounts and of the register's pages: `/accounts/…` and `/units/…`."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from hieuhoc.registers.accounts.views import (
    comparing,
    history,
    own,
    people,
    reorganisation_rows,
    reorganisations,
    tokens,
    unit_changes,
    unit_files,
    units,
)

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
    path("profile/tokens/", tokens.token_list, name="token-list"),
    path("profile/tokens/new/", tokens.token_create, name="token-create"),
    path("profile/tokens/<int:pk>/withdraw/", tokens.token_withdraw, name="token-withdraw"),
    path("demonstration/", own.demonstration, name="demonstration"),
    path("demonstration/<int:pk>/", own.demonstration_enter, name="demonstration-enter"),
]

event_urlpatterns: list[URLPattern | URLResolver] = [
    path("", reorganisations.reorganisation_list, name="reorganisation-list"),
    path("new/", reorganisations.reorganisation_create, name="reorganisation-create"),
    path("shipped/", reorganisations.reorganisation_shipped, name="reorganisation-shipped"),
    path("template/", reorganisation_rows.rows_template, name="rows-template"),
    path("<int:pk>/", reorganisations.reorganisation_detail, name="reorganisation-detail"),
    path("<int:pk>/edit/", reorganisations.reorganisation_edit, name="reorganisation-edit"),
    path("<int:pk>/print/", reorganisations.reorganisation_print, name="reorganisation-print"),
    path("<int:pk>/trial/", reorganisations.reorganisation_trial, name="reorganisation-trial"),
    path("<int:pk>/submit/", reorganisations.reorganisation_submit, name="reorganisation-submit"),
    path("<int:pk>/approve/", reorganisations.reorganisation_approve, name="reorganisation-approve"),
    path("<int:pk>/return/", reorganisations.reorganisation_return, name="reorganisation-return"),
    path("<int:pk>/execute/", reorganisations.reorganisation_execute, name="reorganisation-execute"),
    path("<int:pk>/take-back/", reorganisations.reorganisation_take_back, name="reorganisation-take-back"),
    path("<int:pk>/discard/", reorganisations.reorganisation_discard, name="reorganisation-discard"),
    path("<int:pk>/restore/", reorganisations.reorganisation_restore, name="reorganisation-restore"),
    path("<int:pk>/rows/new/", reorganisation_rows.row_create, name="row-create"),
    path("<int:pk>/rows/upload/", reorganisation_rows.rows_upload, name="rows-upload"),
    path("<int:pk>/rows/download/", reorganisation_rows.rows_download, name="rows-download"),
    path("<int:pk>/rows/<int:position>/", reorganisation_rows.row_edit, name="row-edit"),
    path("<int:pk>/rows/<int:position>/remove/", reorganisation_rows.row_remove, name="row-remove"),
]

unit_urlpatterns: list[URLPattern | URLResolver] = [
    path("", units.unit_list, name="list"),
    path("download/", unit_files.unit_download, name="download"),
    path("compare/", comparing.compare, name="compare"),
    path("import/", unit_files.unit_import, name="import"),
    path("import/template/", unit_files.unit_template, name="import-template"),
    path("options/", units.unit_options, name="options"),
    path("new/", unit_changes.unit_create, name="create"),
    path("reorganisations/", include(event_urlpatterns)),
    path("<slug:key>/", units.unit_detail, name="detail"),
    path("<slug:key>/edit/", unit_changes.unit_edit, name="edit"),
    path("<slug:key>/kind/", unit_changes.unit_kind, name="kind"),
    path("<slug:key>/move/", unit_changes.unit_move, name="move"),
    path("<slug:key>/end/", unit_changes.unit_end, name="end"),
    path("<slug:key>/members/", unit_changes.unit_members, name="members"),
    path("<slug:key>/aliases/new/", unit_changes.alias_create, name="alias-create"),
    path("<slug:key>/aliases/<int:pk>/end/", unit_changes.alias_end, name="alias-end"),
    path("<slug:key>/sizes/new/", unit_changes.size_create, name="size-create"),
    path("<slug:key>/sizes/<int:pk>/edit/", unit_changes.size_edit, name="size-edit"),
    path("<slug:key>/sizes/<int:pk>/remove/", unit_changes.size_remove, name="size-remove"),
]

# Signing in is django-allauth's. What opens accounts or changes addresses there is closed: accounts come by invitation.
_CLOSED = "signup|email|confirm-email|password/set|login/code"
sign_in_urlpatterns: list[URLPattern | URLResolver] = [
    re_path(rf"^(?:{_CLOSED})/(?P<rest>.*)$", own.closed),
    path("", include("allauth.urls")),
]

accounts = (accounts_urlpatterns, "accounts")
units_register = (unit_urlpatterns, "units")

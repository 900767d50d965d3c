"""Addresses of the directory."""

from __future__ import annotations

from django.urls import path

from diapason.directory.views import (
    accounts,
    contacts,
    importing,
    merging,
    organisations,
    own,
    portal,
    tokens,
)

app_name = "directory"
urlpatterns = [
    path("account/", own.account, name="account"),
    path("account/data.json", own.export, name="export"),
    path("account/erase/", own.erase, name="erase"),
    path("invitation/<str:secret>/", own.invitation, name="invitation"),
    path("workspace/accounts/", accounts.accounts, name="accounts"),
    path("workspace/accounts/invite/", accounts.invite, name="invite"),
    path("workspace/accounts/invitations/<int:pk>/withdraw/", accounts.withdraw, name="withdraw"),
    path("workspace/accounts/roles/<int:pk>/end/", accounts.end_role, name="end_role"),
    path("workspace/accounts/<int:pk>/", accounts.person, name="person"),
    path("workspace/accounts/<int:pk>/close/", accounts.close_account, name="close_account"),
    path("workspace/accounts/<int:pk>/open/", accounts.open_account, name="open_account"),
    path("organisations/", portal.listed, name="public_list"),
    path("organisations/<slug:code>/", portal.one, name="public"),
    path("workspace/organisations/", organisations.organisations, name="organisations"),
    path("workspace/organisations/new/", organisations.organisation_new, name="organisation_new"),
    path("workspace/organisations/import/", importing.importing, name="organisations_import"),
    path(
        "workspace/organisations/template.xlsx", importing.template, name="organisations_template"
    ),
    path("workspace/organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path(
        "workspace/organisations/<int:pk>/edit/",
        organisations.organisation_edit,
        name="organisation_edit",
    ),
    path(
        "workspace/organisations/<int:pk>/contacts/new/", contacts.contact_new, name="contact_new"
    ),
    path("workspace/organisations/<int:pk>/duplicates/", merging.duplicates, name="duplicates"),
    path("workspace/organisations/<int:pk>/unmerge/", merging.unmerge, name="unmerge"),
    path("workspace/contacts/<int:pk>/", contacts.contact_edit, name="contact"),
    path("workspace/contacts/<int:pk>/erase/", contacts.contact_erase, name="contact_erase"),
    path("workspace/tokens/", tokens.tokens, name="tokens"),
    path("workspace/tokens/new/", tokens.new_token, name="new_token"),
    path("workspace/tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke_token"),
]

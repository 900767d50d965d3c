"""Addresses of the front desk."""

from django.urls import path

from diapason.desk.views import (
    backlog,
    cases,
    editing,
    enterprise,
    following,
    messages,
    portal,
    sharing,
    support,
    visits,
)

app_name = "desk"
urlpatterns = [
    path("support/", portal.offered, name="support"),
    path("start/", portal.start, name="start"),
    path("start/details/", portal.details, name="details"),
    path("start/contact/", portal.contact, name="contact"),
    path("project/<str:secret>/", following.follow, name="follow"),
    path("project/<str:secret>/documents/<int:pk>/", following.document, name="follow_document"),
    path("my-projects/", following.projects, name="projects"),
    path("my-projects/<int:pk>/", following.project, name="project"),
    path("workspace/cases/", cases.listed, name="cases"),
    path("workspace/cases/backlog/", backlog.backlog, name="backlog"),
    path("workspace/cases/<int:pk>/", cases.one, name="case"),
    path("workspace/cases/<int:pk>/enterprise/", enterprise.enterprise, name="enterprise"),
    path("workspace/cases/<int:pk>/messages/", messages.case_messages, name="case_messages"),
    path("workspace/cases/<int:pk>/correct/", editing.correct, name="case_correct"),
    path("workspace/cases/<int:pk>/present/", editing.present, name="case_present"),
    path("workspace/cases/<int:pk>/lending/", sharing.lending, name="lending"),
    path("workspace/cases/of/<slug:kind>/<int:pk>/", cases.found, name="found"),
    path("workspace/letters/", messages.letters, name="letters"),
    path("workspace/contacts/", support.contacts, name="contacts"),
    path("workspace/contacts/new/", support.contact_new, name="contact_new"),
    path("workspace/visits/", visits.listed, name="visits"),
    path("workspace/visits/programme/", visits.programme, name="visit_programme"),
    path("workspace/visits/difficulties/", visits.difficulties, name="difficulties"),
    path("workspace/visits/to/<int:organisation>/", visits.add, name="visit_add"),
    path("workspace/visits/<int:pk>/", visits.one, name="visit"),
    path("workspace/visits/<int:pk>/notes/", visits.notes, name="visit_notes"),
    path("workspace/capacity/sharing/", sharing.shared, name="sharing"),
    path("workspace/capacity/", support.capacity, name="capacity"),
    path("workspace/offers/new/", support.offer_new, name="offer_new"),
    path("workspace/offers/<int:pk>/", support.offer_edit, name="offer"),
    path("workspace/front-door/", support.front_door, name="front_door"),
]

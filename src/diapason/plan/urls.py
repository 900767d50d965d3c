"""Addresses of the plan."""

from django.urls import path

from diapason.plan.views import portal

app_name = "plan"
urlpatterns = [
    path("plan/", portal.screen, name="screen"),
    path("plan/timeline/", portal.timeline, name="timeline"),
    path("plan/axes/<slug:code>/", portal.axis, name="axis"),
    path("plan/actions/<slug:code>/", portal.action, name="action"),
    path("plan/indicators/<slug:code>/", portal.indicator, name="indicator"),
    path(
        "plan/indicators/<slug:code>/evidence.<slug:file_format>",
        portal.evidence_file,
        name="evidence",
    ),
]

"""Addresses of the plan."""

from django.urls import path

from diapason.plan.views import portal
from diapason.plan.views.workspace import declaring, importing, readings

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
    path("workspace/readings/", readings.listed, name="readings"),
    path("workspace/readings/import/", importing.importing, name="readings_import"),
    path("workspace/readings/import/template.xlsx", importing.template, name="readings_template"),
    path("workspace/readings/new/", declaring.new, name="reading_new"),
    path("workspace/readings/<int:pk>/", readings.one, name="reading"),
    path("workspace/readings/<int:pk>/mend/", declaring.mend, name="reading_mend"),
]

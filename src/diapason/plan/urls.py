"""Addresses of the plan."""

from django.urls import path

from diapason.plan.views.portal import actions, indicators, overview
from diapason.plan.views.workspace import (
    budget,
    declaring,
    importing,
    readings,
    targets,
    tasks,
)

app_name = "plan"
urlpatterns = [
    path("plan/", overview.screen, name="screen"),
    path("plan/timeline/", overview.timeline, name="timeline"),
    path("plan/axes/<slug:code>/", overview.axis, name="axis"),
    path("plan/actions/<slug:code>/", actions.action, name="action"),
    path("plan/indicators/<slug:code>/", indicators.indicator, name="indicator"),
    path(
        "plan/indicators/<slug:code>/evidence.<slug:file_format>",
        indicators.evidence_file,
        name="evidence",
    ),
    path("workspace/readings/", readings.listed, name="readings"),
    path("workspace/readings/import/", importing.importing, name="readings_import"),
    path("workspace/readings/import/template.xlsx", importing.template, name="readings_template"),
    path("workspace/readings/new/", declaring.new, name="reading_new"),
    path("workspace/readings/<int:pk>/", readings.one, name="reading"),
    path("workspace/readings/<int:pk>/mend/", declaring.mend, name="reading_mend"),
    path("workspace/indicators/<slug:code>/targets/", targets.targets, name="targets"),
    path("workspace/tasks/", tasks.listed, name="tasks"),
    path("workspace/tasks/<int:pk>/", tasks.one, name="task"),
    path("workspace/budget/", budget.listed, name="budget"),
    path("workspace/budget/<int:pk>/", budget.line, name="budget_line"),
]

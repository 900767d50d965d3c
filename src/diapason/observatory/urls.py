"""Addresses of the observatory."""

from django.urls import path

from diapason.observatory.views import answers, importing, portal, respond, surveys

app_name = "observatory"
urlpatterns = [
    path("observatory/", portal.results, name="results"),
    path("observatory/results.<slug:format>", portal.export, name="export"),
    path("survey/<str:secret>/", respond.respond, name="respond"),
    path("survey/<str:secret>/draft/", respond.keep, name="keep"),
    path("workspace/surveys/", surveys.listed, name="surveys"),
    path("workspace/surveys/new/", surveys.survey_new, name="survey_new"),
    path("workspace/surveys/<int:pk>/", surveys.survey, name="survey"),
    path("workspace/surveys/<int:pk>/import/", importing.importing, name="import"),
    path("workspace/surveys/<int:pk>/import/template/", importing.template, name="template"),
    path("workspace/surveys/<int:pk>/enterprises/<int:organisation>/", answers.one, name="answer"),
    path("workspace/answers/<int:pk>/", answers.found, name="found"),
]

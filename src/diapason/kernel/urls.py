"""The ground floor's addresses."""

from django.urls import path

from diapason.kernel import views

app_name = "kernel"
urlpatterns = [
    path("files/<uuid:key>/", views.file, name="file"),
    path("drafts/<str:form>/", views.draft, name="draft"),
    path("progress/<uuid:key>/", views.progress, name="progress"),
    path("progress/<uuid:key>/cancel/", views.cancel, name="cancel"),
]

"""The ground floor's addresses."""

from django.urls import path

from diapason.kernel import views

app_name = "kernel"
urlpatterns = [
    path("files/<uuid:key>/", views.file, name="file"),
]

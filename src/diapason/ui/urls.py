from django.urls import path

from diapason.ui import views

app_name = "ui"

urlpatterns = [
    path("styleguide", views.styleguide, name="styleguide"),
    path("styleguide/workspace", views.styleguide_workspace, name="styleguide-workspace"),
    path("styleguide/error/<slug:code>", views.styleguide_error, name="styleguide-error"),
]

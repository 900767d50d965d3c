"""Every address of the product, room by room."""

from django.urls import include, path

urlpatterns: list = [
    path("", include("diapason.kernel.urls")),
]

"""Addresses of the common pages."""

from django.urls import path

from diapason.site import views

app_name = "site"
urlpatterns = [
    path("", views.home, name="home"),
    path("my-day/", views.day, name="day"),
    path("search/", views.search, name="search"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]

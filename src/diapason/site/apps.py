from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "diapason.site"
    label = "site"

    def ready(self) -> None:
        from diapason.site import offers  # noqa: F401 - offering is importing

from django.apps import AppConfig


class ObservatoryConfig(AppConfig):
    name = "diapason.observatory"
    label = "observatory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from diapason.observatory import rest  # noqa: F401 - offering is importing

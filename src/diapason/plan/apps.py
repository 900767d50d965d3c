from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "diapason.plan"
    label = "plan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from diapason.plan import measures, offers, rest  # noqa: F401 - offering is importing

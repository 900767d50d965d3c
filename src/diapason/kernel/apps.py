from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "diapason.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Rooms declare permissions, measures, subscriptions and offers in files of these names.
        autodiscover_modules("rules", "measures", "subscribers", "offers")

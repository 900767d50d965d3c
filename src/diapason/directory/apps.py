from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "diapason.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from diapason.directory import rest  # noqa: F401 - offering is importing

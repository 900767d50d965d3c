from django.apps import AppConfig


class UiConfig(AppConfig):
    """The design system: layouts, components, forms, charts and formats."""

    name = "diapason.ui"
    label = "ui"
    verbose_name = "Interface"

    def ready(self) -> None:
        from diapason.ui.forms import read_as_seen, speak_our_words

        speak_our_words()
        read_as_seen()

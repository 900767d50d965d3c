"""Small drawings of our own, inlined so that they take the colour of the text beside them."""

from functools import cache

from django.utils.safestring import SafeString, mark_safe

# Strokes on a 24 unit square; those of `SOLID` are filled.
PATHS: dict[str, str] = {
    "check": '<path d="m4 13 5 5L20 6"/>',
    "ahead": '<path d="m5 13 7-7 7 7M5 20l7-7 7 7"/>',
    "triangle": '<path d="M12 3.2 22 20.5H2z"/>',
    "cross": '<path d="M5 5l14 14M19 5 5 19"/>',
    "dashes": '<circle cx="12" cy="12" r="9" stroke-dasharray="3.6 5.82"/>',
    "dot": '<circle cx="12" cy="12" r="6"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "info": '<circle cx="12" cy="12" r="9.5"/><path d="M12 11v6M12 7v.01"/>',
    "warning": '<path d="M12 3.5 22 20.5H2zM12 10v4.5M12 17.4v.01"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "menu": '<path d="M3.5 6.5h17M3.5 12h17M3.5 17.5h17"/>',
    "down": '<path d="m6 9.5 6 6 6-6"/>',
    "up": '<path d="m6 14.5 6-6 6 6"/>',
    "updown": '<path d="m7.5 9.5 4.5-4.5 4.5 4.5M7.5 14.5l4.5 4.5 4.5-4.5"/>',
    "next": '<path d="M4 12h16M13.5 5.5 20 12l-6.5 6.5"/>',
    "previous": '<path d="M20 12H4M10.5 5.5 4 12l6.5 6.5"/>',
    "download": '<path d="M12 3.5V15M6.5 10 12 15.5 17.5 10M4 20.5h16"/>',
    "external": '<path d="M10 5H5v14h14v-5M13.5 4.5h6v6M19 5l-8.5 8.5"/>',
    "calendar": '<path d="M4 6h16v14.5H4zM4 10.5h16M8.5 3v4M15.5 3v4"/>',
    "document": '<path d="M6 2.5h8l4.5 4.5v14.5H6zM14 2.5V7h4.5M9 12h6M9 16h6"/>',
    "place": '<path d="M12 21.5s-7-6.4-7-11.7a7 7 0 0 1 14 0c0 5.3-7 11.7-7 11.7z"/>'
    '<circle cx="12" cy="9.7" r="2.4"/>',
    "person": '<circle cx="12" cy="8" r="4.2"/>'
    '<path d="M4 21c.6-4.4 3.9-6.8 8-6.8s7.4 2.4 8 6.8"/>',
    "plus": '<path d="M12 4.5v15M4.5 12h15"/>',
}
SOLID = {"dot", "triangle"}


@cache
def icon(name: str) -> SafeString:
    """The inline SVG of a drawing, hidden from screen readers: the word beside it speaks.

    Raises KeyError for an unknown name.
    """
    solid = " icon-solid" if name in SOLID else ""
    return mark_safe(  # noqa: S308 - built from the constants above
        f'<svg class="icon{solid}" viewBox="0 0 24 24" aria-hidden="true">{PATHS[name]}</svg>'
    )
